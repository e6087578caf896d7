// Which columns of each row read inside the image. From one row to the next where they begin and
// end moves by the same share of a column: doubles tell the column but where that is within a hair
// of the next one.
#pragma once

#include "../ops/warp_affine.hpp"
#include "span.hpp"

FASTAUG_BEGIN

struct Bounds {
  int64_t low, high;  // both are in it
};

class Spans {
 public:
  // Of columns whose coordinates are in these ranges.
  Spans(const AffineAxis& x, const AffineAxis& y, Bounds in_x, Bounds in_y, Span columns, Span rows)
      : x_(x), y_(y), in_x_(in_x), in_y_(in_y), columns_(columns), rows_(rows) {
    line_x_ = make_line(0, x.step_x), line_y_ = make_line(0, y.step_x);
    first_least_ = static_cast<double>(columns.begin) + 0.5;
    first_most_ = static_cast<double>(columns.end) + 0.5;
    edges_x_ = edges(x, line_x_, in_x), edges_y_ = edges(y, line_y_, in_y);
  }

  // Those of a row; true if no column next to them, either side of an edge, is at the very edge: so
  // they would be the same without it.
  bool find(int64_t row, Span& span) const {
    const double y = static_cast<double>(row);
    const double first =
        larger(edges_x_.first + edges_x_.move * y, edges_y_.first + edges_y_.move * y);
    const double end = smaller(edges_x_.end + edges_x_.move * y, edges_y_.end + edges_y_.move * y);
    const double a = confined(first), b = confined(end);
    span.begin = static_cast<int64_t>(a), span.end = static_cast<int64_t>(b);
    const double off = larger(std::fabs(a - static_cast<double>(span.begin) - 0.5),
                              std::fabs(b - static_cast<double>(span.end) - 0.5));
    span.end = larger(span.begin, span.end);
    if (off < 0.5 - hair && rows_.begin <= row && row < rows_.end) return true;
    span = exactly(row);
    return false;
  }

 private:
  // Doubles are right to 2^-20 of a column up to `far`.
  static constexpr double hair = 0x1p-14, far = 0x1p30;

  // Along one axis, the first column in row 0 and the one after the last, both before they are
  // rounded down, and how far they are from those of the next row.
  struct Edges {
    double first, end, move;
  };

  const AffineAxis &x_, &y_;
  Bounds in_x_, in_y_;
  Span columns_, rows_;  // the rows that doubles serve
  Line line_x_, line_y_;
  double first_least_, first_most_;
  Edges edges_x_, edges_y_;

  double confined(double column) const {
    return smaller(larger(column, first_least_), first_most_);
  }

  Edges edges(const AffineAxis& axis, const Line& line, Bounds in) {
    if (axis.step_x == 0) {
      // All columns of a row or none: where they are, and not at the end of the range.
      Line down = make_line(axis.start_fixed - in.low, axis.step_y);
      narrow(rows_, down, in.high - in.low - 1);
      return {-far, far, 0.0};
    }
    const double a = static_cast<double>(in.low - axis.start_fixed) * line.columns + 1.0;
    const double b = static_cast<double>(in.high - axis.start_fixed) * line.columns + 1.0;
    const double move = -static_cast<double>(axis.step_y) * line.columns;
    const double furthest = larger(larger(std::fabs(a), std::fabs(b)),
                                   std::fabs(move) * static_cast<double>(rows_.end));
    if (!(furthest < far && in.low <= in.high)) rows_.end = rows_.begin;
    return {smaller(a, b), larger(a, b), move};
  }

  __attribute__((noinline)) Span exactly(int64_t row) const {
    Span span = columns_;
    const auto along = [&](const AffineAxis& axis, Line line, Bounds in) {
      line.start = fixed_coordinate(axis, 0, row) - in.low;
      narrow(span, line, in.high - in.low);
    };
    along(x_, line_x_, in_x_);
    along(y_, line_y_, in_y_);
    return span;
  }
};

FASTAUG_END
