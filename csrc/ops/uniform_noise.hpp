// Additive uniform noise: pixel + amplitude * u, u in (-1, 1).
#pragma once

#include "round.hpp"
#include "stream.hpp"

FASTAUG_BEGIN

// Each number stands for the middle of its cell, so the mean is zero by symmetry. V is a float, or
// a vector of them.
template <class V>
FASTAUG_FN V uniform_from_word(typename LanesOf<V>::Word word) {
  using Int = typename LanesOf<V>::Int;
  return (to_float<V>(bit_cast<Int>(word >> 9)) - 4194303.5f) * 2.384185791015625e-7f;
}

template <class V>
FASTAUG_FN V uniform_from_half(typename LanesOf<V>::Int half) {
  return (to_float<V>(half) - 32767.5f) * 3.0517578125e-5f;
}

// V is a number or a vector of them; what it makes is not yet rounded to a pixel.
template <class V, class Real>
FASTAUG_FN V uniform_noise(V pixel, V u, Real amplitude) {
  return pixel + amplitude * u;
}

FASTAUG_END
