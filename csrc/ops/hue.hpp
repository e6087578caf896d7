// The hue of pixels, turned as in HSV. Hue is the angle of a colour in sixths of a turn, and all
// angles are multiplied by the chroma, so that nothing is divided and grey is no special case.
#pragma once

#include "color_matrix.hpp"

FASTAUG_BEGIN

// A channel is as bright as the brightest within a sixth of a turn from its own hue, as dark as the
// darkest from two sixths on, and between them in between: `sum`, of the brightest and the chroma,
// less the angle.
template <class V>
FASTAUG_FN V within(V v, V least, V most) {
  return smaller(larger(v, least), most);
}

// `turn` is in sixths, from 0 to 6.
template <class V, class Real>
FASTAUG_FN Colour<V> turn_hue(Colour<V> p, Real turn) {
  const V most = larger(larger(p.red, p.green), p.blue);
  const V least = smaller(smaller(p.red, p.green), p.blue);
  const V chroma = most - least, two = chroma + chroma, three = two + chroma, six = three + three;
  // From the hue of the brightest channel towards that of the next one; then from that of red.
  const V after_green = (p.blue - p.red) + two, after_blue = (p.red - p.green) - two;
  const V later = p.green == most ? after_green : after_blue, after_red = p.green - p.blue;
  const V turned = (p.red == most ? after_red : later) + turn * chroma;
  const V back = turned - six;
  const V angle = turned > three ? back : turned;
  // The other way round the circle it may be nearer.
  const V sum = most + chroma, around = sum - six;
  const V from_green = magnitude(angle - two), from_blue = magnitude(angle + two);
  return {within(sum - magnitude(angle), least, most),
          within(larger(sum - from_green, around + from_green), least, most),
          within(larger(sum - from_blue, around + from_blue), least, most)};
}

FASTAUG_END
