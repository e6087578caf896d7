// Rectangles of pixels as users give them, anywhere, and what of them lies on an image.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

struct Extent {
  int64_t begin, end;
};

// What a piece of a line of `n` pixels has of it; no sum of these numbers overflows.
FASTAUG_FN Extent clipped_extent(int64_t begin, int64_t length, int64_t n) {
  if (length <= 0 || begin >= n) return {0, 0};
  const int64_t end = begin < 0 || length < n - begin ? begin + length : n;
  return {larger<int64_t>(begin, 0), smaller(end, n)};
}

struct Box {
  Extent rows, columns;
};

// From (top, left, height, width); empty where one of the extents is.
FASTAUG_FN Box clipped_box(const int64_t* box, int64_t height, int64_t width) {
  return {clipped_extent(box[0], box[2], height), clipped_extent(box[1], box[3], width)};
}

FASTAUG_END
