// Bicubic interpolation: Keys' kernel with a = -1/2 (Catmull-Rom), over the 4 by 4 pixels around a
// source coordinate. R. G. Keys, "Cubic convolution interpolation for digital image processing",
// 1981.
#pragma once

#include "fill_mode.hpp"

FASTAUG_BEGIN

// The pixel that stands for tap `i`, as `map_tap`, but taps beyond the edge have weight here: the
// mode that wraps with a period of n - 1 goes on with that period.
template <class Int>
FASTAUG_FN Int cubic_tap(Int i, Int n, FillMode mode) {
  if (mode == FillMode::wrap && n > 1 && (i < 0 || i >= n)) return modulo(i, n - 1);
  return map_tap(i, n, mode);
}

template <class T>
struct Bicubic;

// Float: first down the columns, then along the row that they make; two products and their sum,
// twice, and the sum of both.
template <>
struct Bicubic<float> {
  float x[4], y[4];

  static FASTAUG_FN void weigh(uint32_t fraction, float w[4]) {
    const float t =
        static_cast<float>(static_cast<int32_t>(fraction >> 8)) * 5.9604644775390625e-8f;
    w[0] = ((1.0f - 0.5f * t) * t - 0.5f) * t;
    w[1] = ((1.5f * t - 2.5f) * t) * t + 1.0f;
    w[2] = ((2.0f - 1.5f * t) * t + 0.5f) * t;
    w[3] = ((0.5f * t - 0.5f) * t) * t;
  }

  FASTAUG_FN Bicubic() {}
  FASTAUG_FN Bicubic(uint32_t fraction_x, uint32_t fraction_y) {
    weigh(fraction_x, x);
    weigh(fraction_y, y);
  }

  template <class V>
  static FASTAUG_FN V sum(const float w[4], V a, V b, V c, V d) {
    return (w[0] * a + w[1] * b) + (w[2] * c + w[3] * d);
  }

  // `p` holds the pixels row by row.
  template <class V>
  FASTAUG_FN V blend(const V p[16]) const {
    V v[4];
    for (int i = 0; i < 4; ++i) v[i] = sum(y, p[i], p[4 + i], p[8 + i], p[12 + i]);
    return sum(x, v[0], v[1], v[2], v[3]);
  }
};

// 8 bits: weights of 14 bits, four of which sum to 2^14 exactly. First along the rows, rounded to
// 64ths of a grey level; then down the column that they make, rounded half to even and saturated.
// Off by less than 0.2 grey levels before that.
template <>
struct Bicubic<uint8_t> {
  int32_t x[4], y[4];

  static FASTAUG_FN void weigh(uint32_t fraction, int32_t w[4]) {
    const int32_t t = static_cast<int32_t>(((fraction >> 17) + 1) >> 1);
    const int32_t square = (t * t + 8192) >> 14, cube = (square * t + 8192) >> 14;
    w[0] = (2 * square - cube - t) >> 1;
    w[2] = (4 * square - 3 * cube + t) >> 1;
    w[3] = (cube - square) >> 1;
    w[1] = 16384 - w[0] - w[2] - w[3];
  }

  FASTAUG_FN Bicubic() {}
  FASTAUG_FN Bicubic(uint32_t fraction_x, uint32_t fraction_y) {
    weigh(fraction_x, x);
    weigh(fraction_y, y);
  }

  static FASTAUG_FN int32_t sum(const int32_t w[4], int32_t a, int32_t b, int32_t c, int32_t d) {
    return (w[0] * a + w[1] * b) + (w[2] * c + w[3] * d);
  }

  FASTAUG_FN uint8_t blend(const uint8_t p[16]) const {
    int32_t h[4];
    for (int i = 0; i < 4; ++i)
      h[i] = (sum(x, p[4 * i], p[4 * i + 1], p[4 * i + 2], p[4 * i + 3]) + 128) >> 8;
    const int32_t all = sum(y, h[0], h[1], h[2], h[3]);
    const int32_t grey = (all + 524287 + ((all >> 20) & 1)) >> 20;
    return static_cast<uint8_t>(grey < 0 ? 0 : grey > 255 ? 255 : grey);
  }
};

FASTAUG_END
