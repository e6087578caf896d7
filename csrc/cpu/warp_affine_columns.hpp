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

  // For the mode that wraps coordinates before they are used, and `shift` added then.
  template <class T>
  void prepare_wrapped(const Plane<T>& p, Along from, int64_t shift, int64_t count) {
    for (int64_t k = 0; k < count; ++k) {
      int64_t fx = from.x(k), fy = from.y(k);
      confine(fx, p.w, FillMode::wrap);
      confine(fy, p.h, FillMode::wrap);
      fx += shift, fy += shift;
      x[k] = static_cast<int32_t>(fx >> 32), fraction_x[k] = static_cast<uint32_t>(fx);
      y[k] = static_cast<int32_t>(fy >> 32), fraction_y[k] = static_cast<uint32_t>(fy);
    }
  }
};

// How far a pixel and a row of the input are from the next, in bytes.
template <class T>
struct Strides {
  int32_t pixel, row;
  explicit Strides(const Plane<T>& p)
      : pixel(static_cast<int32_t>(p.c * static_cast<int64_t>(sizeof(T)))),
        row(static_cast<int32_t>(p.stride)) {}
};

// `map_tap` for taps that are at most one image away; others come out outside of [0, n).
template <FillMode mode>
int32_t folded(int32_t i, int32_t n) {
  if constexpr (mode == FillMode::reflect) {
    i = i < 0 ? -1 - i : i;
    return i < n ? i : 2 * n - 1 - i;
  } else if constexpr (mode == FillMode::mirror) {
    i = i < 0 ? -i : i;
    return i < n ? i : 2 * n - 2 - i;
  } else if constexpr (mode == FillMode::grid_wrap) {
    i = i < 0 ? i + n : i;
    return i < n ? i : i - n;
  } else {
    i = i < 0 ? 0 : i;
    return i < n ? i : n - 1;
  }
}

// The pixels that stand for taps `i + next`, times `by`.
template <FillMode mode>
void place_as(const int32_t* i, int32_t next, int64_t n, int32_t by, int64_t count,
              int32_t* __restrict to) {
  const int32_t size = static_cast<int32_t>(n);
  uint32_t furthest = 0;
  for (int64_t k = 0; k < count; ++k) {
    const uint32_t pixel = static_cast<uint32_t>(folded<mode>(i[k] + next, size));
    furthest = larger(furthest, pixel);
    to[k] = static_cast<int32_t>(pixel * static_cast<uint32_t>(by));
  }
  if (furthest < static_cast<uint32_t>(n)) return;
  for (int64_t k = 0; k < count; ++k)
    to[k] = static_cast<int32_t>(map_tap(i[k] + next, n, mode)) * by;
}

// By any mode that does not fill; coordinates are confined already by those that do that.
inline void place(FillMode mode, const int32_t* i, int32_t next, int64_t n, int32_t by,
                  int64_t count, int32_t* to) {
  switch (mode) {
    case FillMode::reflect:
      return place_as<FillMode::reflect>(i, next, n, by, count, to);
    case FillMode::mirror:
      return place_as<FillMode::mirror>(i, next, n, by, count, to);
    case FillMode::grid_wrap:
      return place_as<FillMode::grid_wrap>(i, next, n, by, count, to);
    default:
      return place_as<FillMode::nearest>(i, next, n, by, count, to);
  }
}

// Where all taps can be told by 32 bits of bytes from the first pixel.
template <class T>
bool offsets_fit(const Plane<T>& p) {
  const int64_t most = int64_t{1} << 30, stride = p.stride < 0 ? -p.stride : p.stride;
  const int64_t pixel = static_cast<int64_t>(sizeof(T));
  return stride < most && p.h < most && p.w < most && p.c < most && p.w * p.c < most / pixel &&
         stride * p.h < most;
}

// One tap of each column, in bytes from the first pixel.
struct Offsets {
  alignas(64) int32_t at[block];

  template <class T>
  void prepare(const Plane<T>& p, const Coordinates& from, int64_t count) {
    const Strides<T> by(p);
    for (int64_t k = 0; k < count; ++k) at[k] = from.y[k] * by.row + from.x[k] * by.pixel;
    // Vector code goes on to a whole number of vectors.
    for (int64_t k = count; k % 16 != 0; ++k) at[k] = at[0];
  }

  // For columns that may read outside.
  template <class T>
  void prepare(const Plane<T>& p, const Coordinates& from, FillMode mode, int64_t count) {
    const Strides<T> by(p);
    int32_t row[block];
    place(mode, from.x, 0, p.w, by.pixel, count, at);
    place(mode, from.y, 0, p.h, by.row, count, row);
    for (int64_t k = 0; k < count; ++k) at[k] += row[k];
  }
};

// All four taps of columns that may read outside: rows and columns of the input, in bytes.
struct Taps {
  int32_t x0[block], x1[block], y0[block], y1[block];

  template <class T>
  void prepare(const Plane<T>& p, const Coordinates& from, FillMode mode, int64_t count) {
    const Strides<T> by(p);
    place(mode, from.x, 0, p.w, by.pixel, count, x0);
    place(mode, from.x, 1, p.w, by.pixel, count, x1);
    place(mode, from.y, 0, p.h, by.row, count, y0);
    place(mode, from.y, 1, p.h, by.row, count, y1);
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
