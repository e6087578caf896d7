// Blocks of columns of one output row of the affine warp: where their taps are and with which
// weights, in arrays, so that preparing them is vector code and using them is not held up by it.
#pragma once

#include "../ops/warp_affine.hpp"
#include "rows.hpp"
#include "vector.hpp"

FASTAUG_BEGIN

constexpr int64_t block = 128;  // columns prepared at a time

// The coordinates of the first column of a block, and how they go on.
struct Along {
  int64_t fx, fy, step_x, step_y;

  int64_t x(int64_t k) const { return fx + k * step_x; }
  int64_t y(int64_t k) const { return fy + k * step_y; }
};

// The coordinates of a block in two halves: pixels, and fractions of 32 bits.
struct Coordinates {
  alignas(64) int32_t x[block], y[block];
  alignas(64) uint32_t fraction_x[block], fraction_y[block];

  void prepare(Along from, int64_t count) {
    split_steps(from.fx, from.step_x, count, x, fraction_x);
    split_steps(from.fy, from.step_y, count, y, fraction_y);
  }
};

// Where all taps can be told by 32 bits of bytes from the first pixel.
template <class T>
bool offsets_fit(const Plane<T>& p) {
  const int64_t most = int64_t{1} << 31, stride = p.stride < 0 ? -p.stride : p.stride;
  const int64_t pixel = static_cast<int64_t>(sizeof(T));
  return stride < most && p.h < most && p.w < most && p.c < most && p.w * p.c < most / pixel &&
         stride * p.h + p.w * p.c * pixel < most;
}

// The upper left taps of columns that read inside, in bytes from the first pixel.
struct Offsets {
  alignas(64) int32_t at[block];

  template <class T>
  void prepare(const Plane<T>& p, const Coordinates& from, int64_t count) {
    const int32_t pixel = static_cast<int32_t>(p.c * static_cast<int64_t>(sizeof(T)));
    const int32_t row = static_cast<int32_t>(p.stride);
    for (int64_t k = 0; k < count; ++k) at[k] = from.y[k] * row + from.x[k] * pixel;
    // Vector code goes on to a whole number of vectors.
    for (int64_t k = count; k % 4 != 0; ++k) at[k] = at[0];
  }
};

// All four taps of columns that may read outside: rows and columns of the input, in bytes.
struct Taps {
  int32_t x0[block], x1[block], y0[block], y1[block];

  // Coordinates beyond the image read its edge.
  template <class T>
  void clamp(const Plane<T>& p, const Coordinates& from, int64_t count) {
    const int32_t pixel = static_cast<int32_t>(p.c * static_cast<int64_t>(sizeof(T)));
    const int32_t row = static_cast<int32_t>(p.stride);
    const int32_t last_x = static_cast<int32_t>(p.w - 1), last_y = static_cast<int32_t>(p.h - 1);
    const auto confined = [](int32_t i, int32_t last) {
      i = i < 0 ? 0 : i;
      return i < last ? i : last;
    };
    for (int64_t k = 0; k < count; ++k) {
      x0[k] = confined(from.x[k], last_x) * pixel;
      x1[k] = confined(from.x[k] + 1, last_x) * pixel;
      y0[k] = confined(from.y[k], last_y) * row;
      y1[k] = confined(from.y[k] + 1, last_y) * row;
    }
  }

  // By a mode that never fills; coordinates are confined already.
  template <class T>
  void map(const Plane<T>& p, int64_t k, int64_t x, int64_t y, FillMode mode) {
    const int64_t pixel = p.c * static_cast<int64_t>(sizeof(T));
    x0[k] = static_cast<int32_t>(map_tap(x, p.w, mode) * pixel);
    x1[k] = static_cast<int32_t>(map_tap(x + 1, p.w, mode) * pixel);
    y0[k] = static_cast<int32_t>(map_tap(y, p.h, mode) * p.stride);
    y1[k] = static_cast<int32_t>(map_tap(y + 1, p.h, mode) * p.stride);
  }
};

// `Bilinear` of a block of columns.
template <class T>
struct Weights;

template <>
struct Weights<float> {
  alignas(64) float x[block], y[block];

  void set(int64_t k, uint32_t fraction_x, uint32_t fraction_y) {
    const Bilinear<float> weights(fraction_x, fraction_y);
    x[k] = weights.x;
    y[k] = weights.y;
  }
  Bilinear<float> get(int64_t k) const { return Bilinear<float>(x[k], y[k]); }
};

// Those of the left taps in the low halves, of the right taps in the high ones.
template <>
struct Weights<uint8_t> {
  alignas(64) uint32_t upper[block], lower[block];

  void set(int64_t k, uint32_t fraction_x, uint32_t fraction_y) {
    const Bilinear<uint8_t> weights(fraction_x, fraction_y);
    upper[k] = static_cast<uint32_t>(weights.w00) | static_cast<uint32_t>(weights.w01) << 16;
    lower[k] = static_cast<uint32_t>(weights.w10) | static_cast<uint32_t>(weights.w11) << 16;
  }
  Bilinear<uint8_t> get(int64_t k) const {
    const auto low = [](uint32_t v) { return static_cast<int32_t>(v & 0xffffu); };
    const auto high = [](uint32_t v) { return static_cast<int32_t>(v >> 16); };
    return Bilinear<uint8_t>(low(upper[k]), high(upper[k]), low(lower[k]), high(lower[k]));
  }
};

template <class T>
void prepare_weights(const Coordinates& from, int64_t count, Weights<T>& weights) {
  for (int64_t k = 0; k < count; ++k) weights.set(k, from.fraction_x[k], from.fraction_y[k]);
}

FASTAUG_END
