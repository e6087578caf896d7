// The affine warp as scipy.ndimage.affine_transform does it, to its last bit: coordinates, weights
// and sums in double, in SciPy's order. Orders 2 to 5 read the image that spline_filter.hpp makes.
#pragma once

#include "fill_mode.hpp"
#include "round.hpp"
#include "spline_weights.hpp"

FASTAUG_BEGIN

// Row and column of the input for output (row, column); SciPy starts from the offset.
struct SplineAxis {
  double by_row, by_column, offset;
};

FASTAUG_FN double spline_coordinate(const SplineAxis& axis, int64_t row, int64_t column) {
  return (axis.offset + static_cast<double>(row) * axis.by_row) +
         static_cast<double>(column) * axis.by_column;
}

// A coordinate so far outside that its integer part would not fit is as good as this one.
FASTAUG_FN double bounded(double v) {
  const double limit = 4.0e18;
  v = v > -limit ? v : -limit;  // NaN too
  return v < limit ? v : limit;
}

FASTAUG_FN double whole(double v) { return static_cast<double>(static_cast<int64_t>(v)); }

// Maps a coordinate outside [0, n - 1] by SciPy's rules.
FASTAUG_FN double spline_confine(double v, int64_t n, FillMode mode) {
  const double last = static_cast<double>(n - 1);
  if (v >= 0.0 && v <= last) return v;
  if (mode == FillMode::constant) return -2.0;
  // These two keep the coordinate, and with it its fraction; their taps are mapped instead.
  if (mode == FillMode::grid_constant || mode == FillMode::nearest) return v;
  if (n == 1) return 0.0;
  const double length = static_cast<double>(n);
  switch (mode) {
    case FillMode::reflect: {
      const double period = 2.0 * length;
      if (v < 0.0) {
        if (v < -period) v = period * whole(-v / period) + v;
        return v < -length ? v + period : (v > -1e-15 ? 1e-15 : -v) - 1.0;
      }
      v -= period * whole(v / period);
      return v >= length ? period - v - 1.0 : v;
    }
    case FillMode::mirror: {
      const double period = 2.0 * length - 2.0;
      if (v < 0.0) {
        v = period * whole(-v / period) + v;
        return v <= 1.0 - length ? v + period : -v;
      }
      v -= period * whole(v / period);
      return v >= length ? period - v : v;
    }
    case FillMode::grid_wrap:
      return v < 0.0 ? v + length * (whole((-1.0 - v) / length) + 1.0)
                     : v - length * whole(v / length);
    default:  // wrap
      return v < 0.0 ? v + last * (whole(-v / last) + 1.0) : v - last * whole(v / last);
  }
}

// Whether a confined coordinate makes the whole output pixel fill. Beyond 2^53, where rounding may
// throw a folded coordinate outside again, to the left of the image is fill in every such mode.
FASTAUG_FN bool is_fill(double v, FillMode mode) {
  const bool keeps = mode == FillMode::nearest || mode == FillMode::grid_constant;
  return mode == FillMode::constant ? v < 0.0 : !keeps && v <= -1.0;
}

// SciPy reads taps beyond the edge of `constant` and `wrap` mirrored; up to order 1 their weight is
// zero.
FASTAUG_FN int64_t spline_tap(int64_t i, int64_t n, FillMode mode) {
  const bool confined = mode == FillMode::constant || mode == FillMode::wrap;
  return map_tap(i, n, confined ? FillMode::mirror : mode);
}

FASTAUG_FN int64_t floor_index(double v) {
  const int64_t i = static_cast<int64_t>(v);
  return static_cast<double>(i) > v ? i - 1 : i;
}

// The knot that a coordinate's weights are measured from: the pixel below it for odd orders, the
// nearest one for even orders. The first tap lies order / 2 pixels before.
FASTAUG_FN double knot_coordinate(double v, int32_t order) { return order & 1 ? v : v + 0.5; }

// The taps and weights along one axis at a coordinate that spline_confine has mapped.
template <int Order>
struct SplineTaps {
  int64_t at[Order + 1];  // -1: the fill value
  SplineWeights<Order> weight;
};

template <int Order>
FASTAUG_FN SplineTaps<Order> spline_taps(double v, int64_t n, FillMode mode) {
  const int64_t knot = floor_index(knot_coordinate(v, Order));
  SplineTaps<Order> taps;
  taps.weight = spline_weights<Order>(v - static_cast<double>(knot));
  for (int i = 0; i <= Order; ++i) taps.at[i] = spline_tap(knot - Order / 2 + i, n, mode);
  return taps;
}

// The weights of order 1 along one axis.
struct LinearWeights {
  double low, high;
};

FASTAUG_FN LinearWeights linear_weights(double v, int64_t start) {
  const double fraction = v - static_cast<double>(start);
  const double low = 1.0 - fraction;
  return {low, 1.0 - low};
}

FASTAUG_FN double spline_blend(double p00, double p01, double p10, double p11, LinearWeights rows,
                               LinearWeights columns) {
  double sum = 0.0 + p00 * rows.low * columns.low;  // SciPy's sum starts at zero: no minus zero
  sum += p01 * rows.low * columns.high;
  sum += p10 * rows.high * columns.low;
  sum += p11 * rows.high * columns.high;
  return sum + 0.0;  // SciPy's sum starts from zero and so never is minus zero
}

// SciPy's store: integers round half up, unlike the rest of this library.
template <class T>
FASTAUG_FN T spline_store(double v) {
  return static_cast<T>(v);
}
template <>
FASTAUG_FN uint8_t spline_store<uint8_t>(double v) {
  v = v > 0.0 ? v + 0.5 : 0.0;
  return static_cast<uint8_t>(v > 255.0 ? 255.0 : v);
}

// Order 0: the one tap itself, through the same sum, which starts from zero.
template <class T>
FASTAUG_FN T spline_pick(T tap) {
  return tap + T(0);
}

FASTAUG_END
