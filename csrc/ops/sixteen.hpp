// Arithmetic of 16-bit numbers, or of vectors of them.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

template <>
struct LanesOf<int16_t> {
  using Word = uint16_t;
};

// a * b / 2^15, the nearest, of two in the middle the upper. Never asked for of -2^15 times itself.
template <class V>
FASTAUG_FN V rounded_product(V a, V b) {
  return static_cast<V>((a * b + 0x4000) >> 15);
}

// The sum, or what of an int16 is nearest to it.
template <class V>
FASTAUG_FN V saturating_sum(V a, V b) {
  const int32_t sum = a + b;
  return static_cast<V>(smaller(larger(sum, -32768), 32767));
}

FASTAUG_END
