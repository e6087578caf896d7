// Rows of an image as numbers of another kind, with what lies beside them, made once each and kept
// for as long as windows that move down look at them.
#pragma once

#include "../ops/border.hpp"
#include "cover.hpp"
#include "rows.hpp"
#include "sides.hpp"

FASTAUG_BEGIN

// The neighbours that windows look at, in pixels from the middle: first and last.
struct Around {
  int64_t top, bottom, left, right;
};

// A row of them. A `make` that does more than that overloads it.
template <class T, class K, class Make>
void make_numbers(const T* from, K* to, int64_t count, Make make) {
  for (int64_t i = 0; i < count; ++i) to[i] = make(from[i]);
}

// `make(pixel)` is the number of type K that stands for a pixel of type T. Of rows that go
// `together` each follows the one before with nothing between them but what lies beside them, and
// behind the last one lies memory for as much as a register may read beyond it.
template <class T, class K, class Make>
class PaddedRows {
 public:
  template <class Args>
  PaddedRows(const Args& args, int64_t image, Around around, Make make, int64_t together = 1)
      : from_(read_image<T>(args.in, image, false)),
        around_(around),
        border_(args.border),
        beyond_(make(constant_pixel<T>(args.cval))),
        make_(make),
        together_(together > 1) {
    const int64_t channels = from_.c;
    left_ = larger(-around.left, int64_t{0}) * channels;
    const int64_t right = larger(around.right, int64_t{0}) * channels;
    constexpr int64_t line = 64 / static_cast<int64_t>(sizeof(K));
    left_space_ = (left_ + line - 1) / line * line;
    stride_ = (left_space_ + from_.w * channels + right + line - 1) / line * line;
    if (together_) {
      left_space_ = left_;
      stride_ = left_ + from_.w * channels + right;
    }
    height_ = around.bottom - around.top + together;
    ring_ = memory<K>(Slot::padded, height_ * stride_ + line);
    beside_ = left_ + right;
    side_ = memory<int64_t>(Slot::sides, beside_);
    const int64_t before = left_ / channels, behind = right / channels;
    put_sides(put_sides(side_, -before, 0, from_.w, channels, border_, -1), from_.w,
              from_.w + behind, from_.w, channels, border_, -1);
  }

  // Makes what the windows around row y look at, and the `count` rows from there on where they go
  // together; rows must be asked for from the top down.
  void reach(int64_t y, int64_t count = 1) {
    if (!started_ || together_) next_ = y + around_.top, started_ = true;
    if (together_) top_ = next_;
    for (; next_ < y + count + around_.bottom; ++next_) fill(map_border(next_, from_.h, border_));
  }

  // The first pixel of a row, which may lie outside the image.
  const K* row(int64_t y) const {
    const int64_t at = (y - top_) % height_;
    return ring_ + (at < 0 ? at + height_ : at) * stride_ + left_space_;
  }

 private:
  void fill(int64_t y) {
    K* to = const_cast<K*>(row(next_));
    const int64_t count = from_.w * from_.c;
    if (y < 0) {
      for (int64_t i = -left_; i < count + beside_ - left_; ++i) to[i] = beyond_;
      return;
    }
    const T* from = from_.row(y);
    make_numbers(from, to, count, make_);
    for (int64_t i = 0; i < beside_; ++i)
      to[i < left_ ? i - left_ : count + i - left_] = side_[i] < 0 ? beyond_ : to[side_[i]];
  }

  Plane<T> from_;
  Around around_;
  Border border_;
  K beyond_;
  Make make_;
  bool together_;
  int64_t left_, left_space_, stride_, height_, beside_, next_ = 0, top_ = 0;
  int64_t* side_;
  K* ring_;
  bool started_ = false;
};

FASTAUG_END
