// What lies outside an image, under SciPy's names. Integer taps only; the ops map coordinates.
#pragma once

#include "divide.hpp"

FASTAUG_BEGIN

enum class FillMode : int32_t {
  constant,       // k k k | a b c d | k k k, and no blending with k beyond the edge pixels' centres
  nearest,        // a a a | a b c d | d d d
  reflect,        // c b a | a b c d | d c b
  mirror,         // d c b | a b c d | c b a
  wrap,           // SciPy's old one: period n - 1, first and last pixel coincide
  grid_wrap,      // b c d | a b c d | a b c
  grid_constant,  // k k k | a b c d | k k k, blending with k
};

template <class Int>
FASTAUG_FN Int modulo(Int value, Int period) {
  const Int rest = value - quotient(value, period) * period;
  return rest < 0 ? rest + period : rest;
}

// Pixel `i` of a row of `n` that goes on without end: again every `period` pixels, and where it
// turns, every other time backwards.
template <class Int>
FASTAUG_FN Int repeated(Int i, Int n, Int period, bool turns) {
  Int times = quotient(i, period), at = i - times * period;
  if (at < 0) at += period, --times;
  return turns && (times & 1) != 0 ? n - 1 - at : at;
}

// The pixel that stands for tap `i` of a row of `n` > 0, or -1 for the fill value. Modes that
// confine the coordinate itself (constant, wrap) leave no tap but one of weight zero outside.
template <class Int>
FASTAUG_FN Int map_tap(Int i, Int n, FillMode mode) {
  if (i >= 0 && i < n) return i;
  switch (mode) {
    case FillMode::grid_constant:
      return -1;
    case FillMode::reflect:
    case FillMode::mirror:
    case FillMode::grid_wrap:
      if (n == 1) return 0;
      return repeated(i, n, mode == FillMode::mirror ? n - 1 : n, mode != FillMode::grid_wrap);
    default:
      return i < 0 ? 0 : n - 1;
  }
}

FASTAUG_END
