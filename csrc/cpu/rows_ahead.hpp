// Asks for rows of an image some time before they are read: a warp reads along lines which no
// hardware foresees.
#pragma once

#include "rows.hpp"

FASTAUG_BEGIN

template <class T>
class RowsAhead {
 public:
  // Of the rows of `plane` bytes [left, right).
  RowsAhead(const Plane<T>& plane, int64_t left, int64_t right)
      : p(plane), begin(0), end(0), first_byte(left), last_byte(right) {}

  // Rows [low, high), and those between them and what was asked for before.
  void reach(int64_t low, int64_t high) {
    if (low >= high) return;
    // So much at once that prefetches would be dropped: these rows are read.
    const bool first = begin == end;
    if (first) begin = end = low;
    for (; end < high; ++end) ask(end, first);
    for (; begin > low; --begin) ask(begin - 1, first);
  }

 private:
  const Plane<T>& p;
  int64_t begin, end;  // rows asked for
  int64_t first_byte, last_byte;

  __attribute__((always_inline)) void ask(int64_t y, bool now) const {
    const char* row = reinterpret_cast<const char*>(p.row(y));
    for (int64_t at = first_byte; at < last_byte; at += 64)
      if (now)
        (void)*static_cast<const volatile char*>(row + at);
      else
        __builtin_prefetch(row + at);
  }
};

FASTAUG_END
