// Fixed point in 16 bits: an int32, or a vector of int16.
#pragma once

#include "round.hpp"

FASTAUG_BEGIN

// a * b / 2^15, the nearest, of two in the middle the upper.
template <class V>
FASTAUG_FN V rounded_product(V a, V b) {
  return (a * b + 0x4000) >> 15;
}

// The sum, or what of an int16 is nearest to it.
template <class V>
FASTAUG_FN V saturating_sum(V a, V b) {
  return smaller<V>(larger<V>(a + b, -32768), 32767);
}

// A number in [-1, 1] in 2^15ths, as an int16 has them: 1 is one of them less.
FASTAUG_FN int16_t fixed_share(double v) {
  return static_cast<int16_t>(smaller(round_half_even(v * 32768.0), 32767.0));
}

FASTAUG_END
