// Colours as sums of the colours there were: saturation, and grey itself.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

// A number for each pixel of one or, in lanes, of several.
template <class V>
struct Colour {
  V red, green, blue;
};

// `m` is a matrix of three rows and four columns, the last of them added as it is.
template <class V, class Real>
FASTAUG_FN V mix_row(Colour<V> p, const Real* m) {
  return (m[0] * p.red + m[1] * p.green) + (m[2] * p.blue + m[3]);
}

template <class V, class Real>
FASTAUG_FN Colour<V> mix_colours(Colour<V> p, const Real* m) {
  return {mix_row(p, m), mix_row(p, m + 4), mix_row(p, m + 8)};
}

FASTAUG_END
