// The median of bytes under large windows, in a time that does not depend on their size (Perreault
// and Hebert, 2007): every column has a histogram that moves down with the rows, and that of the
// window is a sum over columns that moves along. Histograms have two levels, sixteen bins and
// sixteen more in each, and every bin counts those before it, so that a pixel is added, and a rank
// found, by one operation on all sixteen. Of the second level only those bins are kept up to date
// that medians lie in.
#pragma once

#include "../ops/median_blur.hpp"
#include "rows.hpp"
#include "vector/bins.hpp"

FASTAUG_BEGIN

class MedianHistograms {
 public:
  // Windows of `size` over rows of `width` columns.
  MedianHistograms(int64_t size, int64_t width, Border border, uint8_t beyond)
      : size_(size), radius_(size / 2), width_(width), rank_(size * size / 2) {
    column_ = memory<int32_t>(Slot::sides, width + 2 * radius_);
    for (int64_t x = -radius_; x < width + radius_; ++x) {
      const int64_t at = map_border(x, width, border);
      column_[x + radius_] = static_cast<int32_t>(at < 0 ? width : at);
    }
    for (int i = 0; i < 16; ++i)
      for (int j = 0; j < 16; ++j) step_[i][j] = j >= i;
    stride_ = 16 * (width + 1);
    bins_ = memory<uint8_t>(Slot::levels, 17 * stride_);
    std::memset(bins_, 0, static_cast<std::size_t>(17 * stride_));
    for (int64_t k = 0; k < size; ++k) add(width, beyond);
  }

  // Pixels that follow each other `apart`, or one for all: another row, and one less.
  void add_row(const uint8_t* row, int64_t apart) {
    for (int64_t x = 0; x < width_; ++x) add(x, row[x * apart]);
  }
  void take_row(const uint8_t* row, int64_t apart) {
    for (int64_t x = 0; x < width_; ++x) {
      const uint8_t v = row[x * apart];
      take_from_bins(first_level(x), step_[v >> 4]);
      take_from_bins(second_level(v >> 4, x), step_[v & 15]);
    }
  }

  void medians(uint8_t* to, int64_t apart) const {
    Bins first{}, second[16];
    int64_t next[16] = {};  // the pixel whose window's columns each is still to be given
    for (int64_t x = 0; x < size_ - 1; ++x) first += widen(load_bins(first_level(column_[x])));
    Byte16 last{};
    for (int64_t x = 0; x < width_; ++x) {
      // Column `x` of the table is the first of the window.
      first += widen(load_bins(first_level(column_[x + size_ - 1]))) - widen(last);
      last = load_bins(first_level(column_[x]));
      const int32_t bin = bins_up_to(first, static_cast<uint16_t>(rank_));
      alignas(32) uint16_t before[16];
      std::memcpy(before, &first, sizeof before);
      const int64_t rank = rank_ - (bin > 0 ? before[bin - 1] : 0);
      Bins within = second[bin];
      int64_t at = next[bin];
      if (at == 0 || x - at >= radius_) {
        within = Bins{};
        for (int64_t k = x; k < x + size_; ++k)
          within += widen(load_bins(second_level(bin, column_[k])));
      } else {
        for (; at <= x; ++at)
          within += widen(load_bins(second_level(bin, column_[at + size_ - 1]))) -
                    widen(load_bins(second_level(bin, column_[at - 1])));
      }
      second[bin] = within;
      next[bin] = x + 1;
      to[x * apart] =
          static_cast<uint8_t>(16 * bin + bins_up_to(within, static_cast<uint16_t>(rank)));
    }
  }

 private:
  uint8_t* first_level(int64_t x) const { return bins_ + 16 * x; }
  uint8_t* second_level(int64_t bin, int64_t x) const {
    return bins_ + (1 + bin) * stride_ + 16 * x;
  }
  void add(int64_t x, uint8_t v) {
    add_to_bins(first_level(x), step_[v >> 4]);
    add_to_bins(second_level(v >> 4, x), step_[v & 15]);
  }

  int64_t size_, radius_, width_, rank_, stride_;
  Byte16 step_[16];
  int32_t* column_;
  uint8_t* bins_;
};

FASTAUG_END
