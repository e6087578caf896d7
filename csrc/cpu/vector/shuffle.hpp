// The bytes of pixels in another order, or replaced: as many whole pixels as 16 bytes hold at once.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

struct PixelShuffle {
  int64_t used;  // bytes that are whole pixels; the others stay as they are
  Byte16 order, keep, fill;

  // For pixels of `size` bytes, of which byte k is to be byte from[k], or made[k] where that is
  // negative.
  PixelShuffle(int64_t size, const int64_t* from, const uint8_t* made) : used(16 / size * size) {
    for (int i = 0; i < 16; ++i) {
      const int64_t k = i % size;
      const bool stays = i >= used, filled = !stays && from[k] < 0;
      order[i] = static_cast<uint8_t>(stays ? i : (filled ? i : i - k + from[k]));
      keep[i] = filled ? 0 : 255;
      fill[i] = filled ? made[k] : 0;
    }
  }

  Byte16 operator()(Byte16 v) const { return (shuffle(v, order) & keep) | fill; }
};

// `from` and `to` may be the same.
inline void shuffle_pixels(const PixelShuffle& pixels, const char* from, char* to, int64_t bytes) {
  const PixelShuffle p = pixels;  // a store of bytes could change what is referred to
  int64_t at = 0;
  if (bytes >= 16) {
    // A store writes into the bytes after its pixels, so the next ones are read before it.
    Byte16 next = load16(from);
#pragma GCC unroll 4
    for (; at + p.used + 16 <= bytes; at += p.used) {
      const Byte16 v = next;
      next = load16(from + at + p.used);
      store16(to + at, p(v));
    }
    store16(to + at, p(next));
    at += p.used;
  }
  for (; at < bytes; at += p.used) {
    const std::size_t rest = static_cast<std::size_t>(smaller(p.used, bytes - at));
    char aside[16] = {};
    std::memcpy(aside, from + at, rest);
    store16(aside, p(load16(aside)));
    std::memcpy(to + at, aside, rest);
  }
}

FASTAUG_END
