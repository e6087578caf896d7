// The nearest pixels to coordinates in floats.
#pragma once

#include "given_points.hpp"

FASTAUG_BEGIN

// An image of at least two and at most 2^20 pixels either way; its pixels and rows are so many
// bytes apart.
struct NearestPlaces : GivenPairs {
  float last_x, last_y;
  int32_t pixel, row;

  // Sixteen pairs (x, y), by what their fixed point would give: offsets in bytes, and minus one in
  // `missing` of those outside, whose offset is that of the first pixel. Whether there are any.
  // Floats that lie between the first and the last pixel have no bits below 2^-32, but for some
  // that are nearest to zero anyway; of negative ones those above -2^-33 are rounded to zero.
  bool find(const float* pairs, int32_t* offsets, int32_t* missing) const {
    Ints any = {};
    for (int k = 0; k < Steps::count; k += Steps::in_pair) {
      const Both at = load(pairs + 2 * k);
      const Ints inside = within(at.x, last_x) & within(at.y, last_y);
      const Ints offset = nearest(at.x, inside) * pixel + nearest(at.y, inside) * row;
      const Ints none = ~inside;
      std::memcpy(offsets + k, &offset, sizeof offset);
      std::memcpy(missing + k, &none, sizeof none);
      any |= none;
    }
    return any_negative(any);
  }

 private:
  // Halves up, and zero where it is not `inside`.
  static Ints nearest(Floats v, Ints inside) {
    const Floats known = (Floats)((Ints)v & inside);
    const Ints below = __builtin_convertvector(known, Ints);
    return below - (known - __builtin_convertvector(below, Floats) >= 0.5f);
  }
};

FASTAUG_END
