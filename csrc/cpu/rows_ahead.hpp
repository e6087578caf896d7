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
      : data_(plane.data), stride_(plane.stride), left_(left), right_(right) {}

  // Rows [low, high), and those between them and what was asked for before.
  void reach(int64_t low, int64_t high) {
    if (low >= high) return;
    if (begin_ == end_) return start(low, high);
    while (end_ < high) ask(end_++);
    while (begin_ > low) ask(--begin_);
  }

 private:
  const char* data_;
  int64_t stride_, left_, right_;
  int64_t begin_ = 0, end_ = 0;  // rows asked for

  // So much at once that prefetches would be dropped: these rows are read.
  __attribute__((noinline)) void start(int64_t low, int64_t high) {
    begin_ = low, end_ = high;
    for (int64_t y = low; y < high; ++y)
      for (int64_t at = left_; at < right_; at += 64)
        (void)*static_cast<const volatile char*>(data_ + y * stride_ + at);
  }

  // Two lines at a time: half as much besides, and the line after the last does no harm.
  __attribute__((always_inline)) void ask(int64_t y) const {
    const char* const end = data_ + y * stride_ + right_;
    for (const char* at = data_ + y * stride_ + left_; at < end; at += 128) {
      __builtin_prefetch(at);
      __builtin_prefetch(at + 64);
    }
  }
};

FASTAUG_END
