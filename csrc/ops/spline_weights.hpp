// The weights of a B-spline's taps as scipy.ndimage computes them: every weight by its own
// polynomial, in SciPy's order of operations, and the last one as what the others leave of 1.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

template <int Order>
struct SplineWeights {
  double at[Order + 1];
};

namespace spline {

FASTAUG_FN double cubic_inner(double d) { return (d * d * (d - 2.0) * 3.0 + 4.0) / 6.0; }

FASTAUG_FN double quartic_middle(double d) {
  return d * (d * (d * (5.0 - d) / 6.0 - 1.25) + 5.0 / 24.0) + 55.0 / 96.0;
}

FASTAUG_FN double quintic_inner(double d) {
  const double s = d * d;
  return s * (s * (0.25 - d / 12.0) - 0.5) + 0.55;
}

FASTAUG_FN double quintic_middle(double d) {
  return d * (d * (d * (d * (d / 24.0 - 0.375) + 1.25) - 1.75) + 0.625) + 0.425;
}

}  // namespace spline

// `x` is the distance to the knot: in [0, 1) of the one below for odd orders, in [-0.5, 0.5) of the
// nearest one for even orders.
template <int Order>
FASTAUG_FN SplineWeights<Order> spline_weights(double x) {
  SplineWeights<Order> w;
  if constexpr (Order == 1) {
    w.at[0] = 1.0 - x;
  } else if constexpr (Order == 2) {
    const double y = 0.5 - x;
    w.at[0] = 0.5 * y * y;
    w.at[1] = 0.75 - x * x;
  } else if constexpr (Order == 3) {
    const double y = 1.0 - x;
    w.at[0] = y * y * y / 6.0;
    w.at[1] = spline::cubic_inner(x);
    w.at[2] = spline::cubic_inner(y);
  } else if constexpr (Order == 4) {
    const double y = 0.5 - x, s = x * x, t = y * y;
    w.at[0] = t * t / 24.0;
    w.at[1] = spline::quartic_middle(1.0 + x);
    w.at[2] = s * (s * 0.25 - 0.625) + 115.0 / 192.0;
    w.at[3] = spline::quartic_middle(1.0 - x);
  } else {
    static_assert(Order == 5, "SciPy has orders 0 to 5");
    const double y = 1.0 - x, t = y * y;
    w.at[0] = y * t * t / 120.0;
    w.at[1] = spline::quintic_middle(x + 1.0);
    w.at[2] = spline::quintic_inner(x);
    w.at[3] = spline::quintic_inner(y);
    w.at[4] = spline::quintic_middle(y + 1.0);
  }
  w.at[Order] = 1.0;
  for (int i = 0; i < Order; ++i) w.at[Order] -= w.at[i];
  return w;
}

FASTAUG_END
