// What lies left and right of rows, copied from within them.
#pragma once

#include "../ops/morphology.hpp"
#include "vector.hpp"

FASTAUG_BEGIN

// Pixels [to, to + count) of a row are those from `from` on, or back from there, or all that one.
struct Stretch {
  int64_t to, from, count, step;
};

// Pixels backwards, a register at a time: up to 15 bytes beyond the last are written over.
template <int Size, int Pixels, class Shuffle>
inline void reverse_loosely(const char* from, char* to, int64_t width, Shuffle shuffle) {
  constexpr int64_t spare = 16 - Size * Pixels;
  for (from += (width - Pixels) * Size - spare; width > 0; width -= Pixels) {
    store16(to, shuffle(load16(from)));
    from -= Size * Pixels;
    to += Size * Pixels;
  }
}

inline void reverse_loosely(const char* from, char* to, int64_t width, int64_t size) {
  switch (size) {
    case 1:
      return reverse_loosely<1, 16>(from, to, width, [](Byte16 v) {
        return shuffle(v, Byte16{15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
      });
    case 3:
      return reverse_loosely<3, 5>(from, to, width, [](Byte16 v) {
        return shuffle(v, Byte16{13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0});
      });
    case 4:
      return reverse_loosely<4, 4>(from, to, width, [](Byte16 v) {
        return shuffle(v, Byte16{12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3});
      });
    case 8:
      return reverse_loosely<8, 2>(from, to, width, [](Byte16 v) {
        return shuffle(v, Byte16{8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7});
      });
    case 16:
      return reverse_loosely<16, 1>(from, to, width, [](Byte16 v) { return v; });
    case 12:
      return reverse_loosely<12, 1>(from, to, width, [](Byte16 v) {
        return shuffle(v, Byte16{4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3});
      });
    default:
      for (int64_t x = width - 1; x >= 0; --x, to += size)
        for (int64_t k = 0; k < size; ++k) to[k] = from[x * size + k];
  }
}

// The border of rows of one image. An element outside it is kept in each row, at `outside`, and
// copied like the others.
class Surround {
 public:
  static constexpr int64_t few = 16;  // elements that are best copied one by one

  // `stretches` has room for as many as there are pixels on both sides.
  void find(int64_t left, int64_t right, int64_t width, int64_t channels, int64_t outside,
            Border border, Stretch* stretches) {
    stretches_ = stretches;
    channels_ = channels;
    outside_ = outside;
    const auto side = [&](int64_t begin, int64_t end) {
      for (int64_t x = begin; x < end; ++x) {
        const int64_t from = map_border(x, width, border);
        for (int64_t c = 0; c < channels && elements_ < few; ++c, ++elements_) {
          to_[elements_] = static_cast<int32_t>(x * channels + c);
          from_[elements_] = static_cast<int32_t>(from < 0 ? outside : from * channels + c);
        }
        add(x, from, x > begin);
      }
    };
    side(-left, 0);
    side(width, width + right);
    if ((left + right) * channels > few) elements_ = 0;
  }

  template <class K>
  void fill(K* rows, int64_t stride, int64_t row_count) const {
    for (int64_t r = 0; r < row_count; ++r) {
      K* row = rows + r * stride;
      for (int64_t i = 0; i < elements_; ++i) row[to_[i]] = row[from_[i]];
    }
    if (elements_ != 0) return;
    for (const Stretch* s = stretches_; s < stretches_ + count_; ++s)
      for (int64_t r = 0; r < row_count; ++r) fill(*s, rows + r * stride);
  }

 private:
  // One more pixel, which may belong to the last stretch.
  void add(int64_t x, int64_t from, bool next) {
    if (next) {
      Stretch& last = stretches_[count_ - 1];
      const int64_t step = from - (last.from + last.step * (last.count - 1));
      const bool goes_on = last.count == 1 ? step >= -1 && step <= 1 : step == last.step;
      if ((from < 0) == (last.from < 0) && goes_on) {
        last.step = step;
        ++last.count;
        return;
      }
    }
    stretches_[count_++] = {x, from, 1, 0};
  }

  template <class K>
  void fill(const Stretch& s, K* row) const {
    K* to = row + s.to * channels_;
    const K* from = row + s.from * channels_;
    const int64_t length = s.count * channels_;
    if (s.from < 0) {
      const K v = row[outside_];
      for (int64_t i = 0; i < length; ++i) to[i] = v;
    } else if (s.step < 0) {
      // What follows is made later, or of no interest, or the row itself.
      char *bytes = reinterpret_cast<char*>(to), *row_bytes = reinterpret_cast<char*>(row);
      const Byte16 start = load16(row_bytes);
      reverse_loosely(reinterpret_cast<const char*>(from - (s.count - 1) * channels_), bytes,
                      s.count, channels_ * static_cast<int64_t>(sizeof(K)));
      if (s.to < 0) store16(row_bytes, start);
    } else if (s.step > 0) {
      std::memcpy(to, from, static_cast<std::size_t>(length) * sizeof(K));
    } else {
      for (int64_t i = 0; i < length; i += channels_)
        for (int64_t c = 0; c < channels_; ++c) to[i + c] = from[c];
    }
  }

  Stretch* stretches_ = nullptr;
  int64_t count_ = 0, channels_ = 0, outside_ = 0;
  int64_t elements_ = 0;
  int32_t to_[few], from_[few];
};

FASTAUG_END
