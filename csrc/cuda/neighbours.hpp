// One thread to an element of the output, which looks at elements around it.
#pragma once

#include "../ops/border.hpp"
#include "../ops/round.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// An element of an image.
struct Spot {
  int64_t image, y, x, c;
};

// The one that a thread makes; false beyond the last.
FASTAUG_FN bool spot_of(const Batch& b, int64_t number, Spot* spot) {
  const int64_t row = b.w * b.c;
  if (number >= b.n * b.h * row) return false;
  const int64_t y = number / row, e = number - y * row;
  spot->image = y / b.h;
  spot->y = y - spot->image * b.h;
  spot->x = e / b.c;
  spot->c = e - spot->x * b.c;
  return true;
}

// The pixel so far down and right of it, or what stands for that outside the image.
template <class T, class Args>
FASTAUG_FN T neighbour(const Args& a, const Spot& spot, int64_t down, int64_t right) {
  const int64_t y = map_border(spot.y + down, a.in.h, a.border);
  const int64_t x = map_border(spot.x + right, a.in.w, a.border);
  if (y < 0 || x < 0) return constant_pixel<T>(a.cval);
  return *element<const T>(a.in, spot.image, y, x, spot.c);
}

FASTAUG_END
