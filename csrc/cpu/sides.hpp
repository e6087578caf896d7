// Which elements of a row stand for those beside it.
#pragma once

#include "../ops/border.hpp"

FASTAUG_BEGIN

// Those of pixels [first, last) of a row of `width`, channel by channel; `none` where nothing does.
// Told for whole pixels: many an image is no wider than what windows see beside it.
inline int64_t* put_sides(int64_t* to, int64_t first, int64_t last, int64_t width, int64_t channels,
                          Border border, int64_t none) {
  for (int64_t x = first; x < last; ++x) {
    const int64_t from = map_border(x, width, border);
    for (int64_t k = 0; k < channels; ++k) *to++ = from < 0 ? none : from * channels + k;
  }
  return to;
}

FASTAUG_END
