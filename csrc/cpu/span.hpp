// Which output columns of a row read inside the image: solved once, so that the loop over them
// asks nothing.
#pragma once

#include "../ops/portable.hpp"

FASTAUG_BEGIN

struct Span {
  int64_t begin, end;  // empty when begin >= end
};

// A coordinate along a row, `start + step * x`, and how many columns one unit of it takes.
struct Line {
  int64_t start, step;
  double columns;  // 1 / step, for guesses only

  int64_t at(int64_t x) const { return start + step * x; }
};

inline Line make_line(int64_t start, int64_t step) {
  return {start, step, step == 0 ? 0.0 : 1.0 / static_cast<double>(step)};
}

// The first column of [begin, end) at which `passed` holds, which once true stays so; or `end`. A
// division in double is the guess, and exact only after these steps.
template <class Passed>
__attribute__((always_inline)) inline int64_t first_column(const Line& line, int64_t level,
                                                           Span within, Passed passed) {
  // Most rows start and end on the same side as the one before.
  if (within.begin >= within.end || passed(line.at(within.begin))) return within.begin;
  if (!passed(line.at(within.end - 1))) return within.end;
  const double guess =
      (static_cast<double>(level) - static_cast<double>(line.start)) * line.columns;
  int64_t x = within.begin;
  if (guess > static_cast<double>(within.begin))
    x = guess < static_cast<double>(within.end) ? static_cast<int64_t>(guess) : within.end;
  while (x < within.end && !passed(line.at(x))) ++x;
  while (x > within.begin && passed(line.at(x - 1))) --x;
  return x;
}

// Narrows `span` to the x for which 0 <= start + step * x <= limit. What is left lies within it
// even when empty, so that what lies on either side is the rest of the row.
__attribute__((always_inline)) inline void narrow(Span& span, const Line& line, int64_t limit) {
  const auto negative = [](int64_t v) { return v < 0; };
  const auto not_negative = [](int64_t v) { return v >= 0; };
  const auto beyond = [limit](int64_t v) { return v > limit; };
  const auto not_beyond = [limit](int64_t v) { return v <= limit; };
  if (limit < 0 || (line.step == 0 && (line.start < 0 || line.start > limit))) {
    span.end = span.begin;
  } else if (line.step > 0) {
    span.begin = first_column(line, 0, span, not_negative);
    span.end = first_column(line, limit, span, beyond);
  } else if (line.step < 0) {
    span.begin = first_column(line, limit, span, not_beyond);
    span.end = first_column(line, 0, span, negative);
  }
}

FASTAUG_END
