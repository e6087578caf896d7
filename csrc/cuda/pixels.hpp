// Where elements lie: a batch of any strides, or one whose rows are plain memory.
#pragma once

#include "../arguments.hpp"
#include "../ops/divide.hpp"

FASTAUG_BEGIN

template <class T>
FASTAUG_FN T* element(const Batch& b, int64_t image, int64_t y, int64_t x, int64_t c) {
  return reinterpret_cast<T*>(b.data + image * b.stride_n + y * b.stride_h + x * b.stride_w +
                              c * b.stride_c);
}

// The strides that plain rows have are known to the compiler.
template <class T, int Channels, bool Plain>
FASTAUG_FN T* pixel(const Batch& b, int64_t image, int64_t y, int64_t x) {
  char* row = b.data + image * b.stride_n + y * b.stride_h;
  if (Plain) return reinterpret_cast<T*>(row) + x * (Channels ? Channels : b.c);
  return reinterpret_cast<T*>(row + x * b.stride_w);
}

template <class T, int Channels, bool Plain>
FASTAUG_FN int64_t channel_step(const Batch& b) {
  return Plain ? 1 : b.stride_c / static_cast<int64_t>(sizeof(T));
}

// 16 bytes, moved at once where both ends are aligned to them.
struct alignas(16) Quad {
  uint32_t word[4];
};

// The pixel that another one comes from.
struct Whence {
  int64_t y, x;
};

// A block's share of an image that is cut into `per_image` pieces.
struct Piece {
  int64_t image, piece;
};

FASTAUG_FN Piece piece_of(int64_t block, int64_t per_image) {
  const uint32_t b = static_cast<uint32_t>(block), p = static_cast<uint32_t>(per_image);
  return {static_cast<int64_t>(b / p), static_cast<int64_t>(b % p)};
}

// For a `b` that the compiler knows, and for any.
FASTAUG_FN int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
FASTAUG_FN int64_t pieces(int64_t a, int64_t b) { return quotient(a + b - 1, b); }

// Where an element of an image is, by its number in rows of this length.
struct Spot {
  int64_t y, x, c;
};

FASTAUG_FN Spot spot_of(int64_t number, int64_t length, int64_t channels) {
  const auto unsign = [](int64_t v) { return static_cast<uint64_t>(v); };
  const uint64_t y = quotient(unsign(number), unsign(length)),
                 e = unsign(number) - y * unsign(length);
  const uint64_t x = quotient(e, unsign(channels));
  return {static_cast<int64_t>(y), static_cast<int64_t>(x),
          static_cast<int64_t>(e - x * unsign(channels))};
}

FASTAUG_FN Spot spot_of(int64_t number, const Batch& b) { return spot_of(number, b.w * b.c, b.c); }

FASTAUG_END
