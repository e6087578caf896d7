// Which columns of an output row have a source coordinate within limits, in double.
#pragma once

#include "../ops/warp_spline.hpp"
#include "span.hpp"

FASTAUG_BEGIN

// Narrows `span` to the columns for which low <= at(column) < high. `at` is as monotonic as the
// exact coordinate, rising where `step` is not negative, so a guess by division needs only to be
// moved to the true edge.
template <class At>
void narrow(Span& span, const At& at, double step, double low, double high) {
  const bool rising = step >= 0.0;
  // The first column at or past `level` on the way the coordinate goes.
  const auto edge = [&](double level) {
    const double guess = (level - at(0)) / step;
    int64_t x = span.begin;
    if (guess > static_cast<double>(span.begin))
      x = guess < static_cast<double>(span.end) ? static_cast<int64_t>(guess) : span.end;
    const auto past = [&](int64_t k) { return rising ? at(k) >= level : at(k) < level; };
    while (x < span.end && !past(x)) ++x;
    while (x > span.begin && past(x - 1)) --x;
    return x;
  };
  const int64_t begin = edge(rising ? low : high);
  const int64_t end = edge(rising ? high : low);
  span.begin = begin;
  span.end = larger(begin, end);
}

// To the columns whose coordinate is in [0, limit).
inline void narrow(Span& span, const SplineAxis& axis, int64_t row, double limit) {
  narrow(
      span, [&](int64_t x) { return spline_coordinate(axis, row, x); }, axis.by_column, 0.0, limit);
}

// To the columns whose taps of `order` lie in an image of n pixels along this axis, `padding` of
// which were added before the first.
inline void narrow_to_taps(Span& span, const SplineAxis& axis, int64_t row, int32_t order,
                           double padding, int64_t n) {
  const auto knot = [&](int64_t x) {
    return knot_coordinate(spline_coordinate(axis, row, x) + padding, order);
  };
  const int64_t before = order / 2;
  narrow(span, knot, axis.by_column, static_cast<double>(before),
         static_cast<double>(n - order + before));
}

// To the columns that are not all fill where the mode is `constant`: coordinates in [0, n - 1].
inline void narrow_to_image(Span& span, const SplineAxis& axis, int64_t row, int64_t n) {
  const double last = static_cast<double>(n - 1);
  const double beyond = bit_cast<double>(bit_cast<uint64_t>(last) + 1);  // the next number
  narrow(span, axis, row, beyond);
}

FASTAUG_END
