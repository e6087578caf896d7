// The source coordinates of some columns of an output row, mapped by fill mode: a loop for each
// axis and mode, so that nothing is asked at every pixel.
#pragma once

#include "../ops/warp_spline.hpp"

FASTAUG_BEGIN

struct ConfinedColumns {
  static constexpr int64_t most = 64;
  double v[most], u[most];

  void prepare(const SplineAxis& rows, const SplineAxis& columns, int64_t row, int64_t column,
               int64_t count, double padding, int64_t h, int64_t w, FillMode mode) {
    confine(rows, row, column, count, padding, h, mode, v);
    confine(columns, row, column, count, padding, w, mode, u);
  }

  bool filled(int64_t k, FillMode mode) const { return is_fill(v[k], mode) || is_fill(u[k], mode); }

 private:
  static void confine(const SplineAxis& axis, int64_t row, int64_t column, int64_t count,
                      double padding, int64_t n, FillMode mode, double* to) {
    const double start = axis.offset + static_cast<double>(row) * axis.by_row;
    for (int64_t k = 0; k < count; ++k) {
      const double x = static_cast<double>(static_cast<int32_t>(column + k));
      to[k] = bounded((start + x * axis.by_column) + padding);
    }
    switch (mode) {
      case FillMode::reflect:
        return each<FillMode::reflect>(to, count, n);
      case FillMode::mirror:
        return each<FillMode::mirror>(to, count, n);
      case FillMode::wrap:
        return each<FillMode::wrap>(to, count, n);
      case FillMode::grid_wrap:
        return each<FillMode::grid_wrap>(to, count, n);
      case FillMode::constant:
        return each<FillMode::constant>(to, count, n);
      default:  // nearest and grid_constant keep the coordinate
        return;
    }
  }

  template <FillMode mode>
  static void each(double* to, int64_t count, int64_t n) {
    const int64_t period = mode == FillMode::reflect     ? 2 * n
                           : mode == FillMode::grid_wrap ? n
                                                         : 2 * n - 2;
    for (int64_t k = 0; k < count; ++k) {
      double v = spline_confine(to[k], n, mode);
      // A whole number, left by the rounding of one beyond 2^53: any that stands for the same taps
      // will do, and a small one fits 32 bits.
      if (v >= static_cast<double>(n))
        v = static_cast<double>(modulo(static_cast<int64_t>(v), period));
      to[k] = v;
    }
  }
};

template <class T>
void store_pixels(const double* __restrict from, int64_t count, T* __restrict to) {
  for (int64_t i = 0; i < count; ++i) to[i] = spline_store<T>(from[i]);
}

FASTAUG_END
