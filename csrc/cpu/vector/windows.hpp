// One channel, warped bilinearly by maps under which neighbouring columns read neighbouring pixels:
// the taps of sixteen columns are looked up in registers that hold a window of a few rows, which is
// faster than to load them one by one.
#pragma once

#include "window_lanes.hpp"

FASTAUG_BEGIN

template <class T>
constexpr bool has_windows = WindowLanes<T>::across > 0;

template <class T>
class Windows {
  using Lanes = WindowLanes<T>;
  static constexpr int across = Lanes::across;

 public:
  static constexpr int columns = 16;

  Windows() {}
  // For maps that move by `step_x` and `step_y`, 32.32, from one column to the next, over an image
  // of so many bytes. Serves if they move little enough, the rest if not.
  Windows(int64_t step_x, int64_t step_y, int64_t stride, int64_t bytes)
      : step_x_(step_x), step_y_(step_y), stride_(stride) {
    if (magnitude_of(step_x) > most || magnitude_of(step_y) > most || stride < 0) return;
    const WindowReach x(step_x, across), y(step_y, across);
    first_ = y.before * stride + x.before * pixel;
    last_ = bytes - y.count * stride - Lanes::width * pixel;
    rows_ = y.count;
    serves_ = x.count < Lanes::width && y.count <= Lanes::most_rows && last_ >= 0;
    for (int k = 0; k < columns; ++k)
      lanes_.put(k, step_x * (k % across), step_y * (k % across), x.before, y.before);
  }

  bool serves() const { return serves_; }

  // Makes `count` columns, of which the first is at these coordinates, or stops where a window
  // would go beyond the image, and says how many it made.
  int64_t blend(const char* image, int64_t fx, int64_t fy, int64_t count, T* to) const {
    if (count >= columns) return blend_many(image, fx, fy, count, to);
    T made[columns];
    if (blend_many(image, fx, fy, columns, made) == 0) return 0;
    std::memcpy(to, made, static_cast<std::size_t>(count) * sizeof(T));
    return count;
  }

 private:
  static constexpr int64_t pixel = sizeof(T), most = int64_t{1} << 34;

  Lanes lanes_;
  int64_t step_x_, step_y_, stride_, first_, last_, rows_;
  bool serves_ = false;

  static int64_t magnitude_of(int64_t step) { return step < 0 ? -step : step; }

  // Of the usual numbers of rows each by itself: nothing counts them, then.
  int64_t blend_many(const char* image, int64_t fx, int64_t fy, int64_t count, T* to) const {
    if (!are_there(fx, fy, count)) return run<true, 0>(image, fx, fy, count, to);
    switch (rows_) {
      case 2:
        return run<false, 2>(image, fx, fy, count, to);
      case 3:
        return run<false, 3>(image, fx, fy, count, to);
      case 4:
        return run<false, 4>(image, fx, fy, count, to);
      case 5:
        return run<false, 5>(image, fx, fy, count, to);
      default:
        return run<false, 0>(image, fx, fy, count, to);
    }
  }

  int64_t corner(int64_t fx, int64_t fy) const {
    return (fy >> 32) * stride_ + (fx >> 32) * pixel + first_;
  }
  bool is_there(int64_t corner) const {
    return static_cast<uint64_t>(corner) <= static_cast<uint64_t>(last_);
  }

  // Whether all windows are within the image; that some are not may be said of such, too.
  bool are_there(int64_t fx, int64_t fy, int64_t count) const {
    const int64_t end_x = fx + (count - across) * step_x_, end_y = fy + (count - across) * step_y_;
    return corner(smaller(fx, end_x), smaller(fy, end_y)) >= 0 &&
           corner(larger(fx, end_x), larger(fy, end_y)) <= last_;
  }

  template <bool checks, int rows>
  __attribute__((noinline)) int64_t run(const char* image, int64_t fx, int64_t fy, int64_t count,
                                        T* to) const {
    const int64_t step_x = step_x_, step_y = step_y_;  // a store could change what is referred to
    // The second window is the first where that is for all columns.
    const int64_t second_x = (columns - across) * step_x, second_y = (columns - across) * step_y;
    const auto on_x = Lanes::all(columns * step_x), on_y = Lanes::all(columns * step_y);
    auto x = Lanes::both(fx, fx + second_x), y = Lanes::both(fy, fy + second_y);
    const int64_t last = count - columns;
    for (int64_t k = 0;;) {
      const int64_t a = corner(fx, fy), b = corner(fx + second_x, fy + second_y);
      if (checks && !(is_there(a) && is_there(b))) return k;
      lanes_.template blend<rows>(image + a, b - a, stride_, rows_, x, y, to + k);
      if (k == last) return count;
      k += columns;
      if (k <= last) {
        fx += columns * step_x, fy += columns * step_y;
        x = Lanes::sum(x, on_x), y = Lanes::sum(y, on_y);
      } else {
        // The last sixteen overlap those before.
        const int64_t on = columns - (k - last);
        k = last;
        fx += on * step_x, fy += on * step_y;
        x = Lanes::both(fx, fx + second_x), y = Lanes::both(fy, fy + second_y);
      }
    }
  }
};

FASTAUG_END
