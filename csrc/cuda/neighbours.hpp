// One thread to an element of the output, which looks at elements around it.
#pragma once

#include "../ops/border.hpp"
#include "../ops/round.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// The element that a thread makes.
struct Element : Spot {
  int64_t image;
};

// False beyond the last of an image.
template <int threads>
FASTAUG_FN bool element_of(const Batch& b, Place place, Element* made) {
  const int64_t size = b.h * b.w * b.c;
  const Piece piece = piece_of(place.block, divide_up(size, threads));
  const int64_t number = piece.piece * threads + place.thread;
  if (number >= size) return false;
  *made = {spot_of(number, b), piece.image};
  return true;
}

// The pixel so far down and right of it, or what stands for that outside the image.
template <class T, class Args>
FASTAUG_FN T neighbour(const Args& a, const Element& spot, int64_t down, int64_t right) {
  const int64_t y = map_border(spot.y + down, a.in.h, a.border);
  const int64_t x = map_border(spot.x + right, a.in.w, a.border);
  if (y < 0 || x < 0) return constant_pixel<T>(a.cval);
  return *element<const T>(a.in, spot.image, y, x, spot.c);
}

FASTAUG_END
