// One channel, warped bilinearly by maps under which neighbouring columns read neighbouring pixels:
// the taps of sixteen columns are looked up in registers that hold a window of a few rows, which is
// faster than to load them one by one. At v3 that holds for bytes only: looking up floats takes
// more instructions than loading both taps of a row at once.
#pragma once

#include "blend_bytes.hpp"

FASTAUG_BEGIN

// How many pixels before that of the first column so many may read, and of how many.
struct WindowReach {
  int64_t before, count;
  WindowReach(int64_t step, int64_t columns)
      : before(smaller<int64_t>((columns - 1) * step >> 32, 0)),
        count(larger<int64_t>(((columns - 1) * step + 0xffffffff) >> 32, 0) - before + 1) {}
};

#if defined(__AVX512BW__)
template <class T>
constexpr bool has_windows = true;

// Rows of a window, and where in them the taps are: one after the other, all columns look up what
// they have there. Bytes have one window of 32 pixels a row. Floats have two of 16, side by side in
// two registers, each for eight columns, which reach half as many rows as sixteen.
template <class T>
class Windows {
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
    last_ = bytes - y.count * stride - width * pixel;
    rows_ = y.count;
    serves_ = x.count < width && y.count <= most_rows && last_ >= 0;
    for (int k = 0; k < columns; ++k) {
      const int64_t along_x = step_x * (k % across), along_y = step_y * (k % across);
      low_x_[k] = static_cast<uint32_t>(along_x);
      low_y_[k] = static_cast<uint32_t>(along_y);
      at_[k] = static_cast<uint32_t>((along_x >> 32) - x.before + k / across * width) * one + next;
      row_[k] = static_cast<uint32_t>((along_y >> 32) - y.before) * one;
    }
  }

  bool serves() const { return serves_; }

  // Makes `count` columns, sixteen or more, of which the first is at these coordinates, or stops
  // where a window would go beyond the image, and says how many it made.
  int64_t blend(const char* image, int64_t fx, int64_t fy, int64_t count, T* to) const {
    const Windows w = *this;  // a store could change what is referred to
    const auto all = [](int64_t v) { return _mm512_set1_epi32(static_cast<int32_t>(v)); };
    // The second window is the first where that is for all columns.
    const int64_t second_x = columns - across ? across * w.step_x_ : 0;
    const int64_t second_y = columns - across ? across * w.step_y_ : 0;
    const __m512i on_x = all(columns * w.step_x_), on_y = all(columns * w.step_y_);
    __m512i x = both(fx, fx + second_x), y = both(fy, fy + second_y);
    for (int64_t k = 0;;) {
      const int64_t a = w.corner(fx, fy), b = w.corner(fx + second_x, fy + second_y);
      if (static_cast<uint64_t>(a) > static_cast<uint64_t>(w.last_) ||
          static_cast<uint64_t>(b) > static_cast<uint64_t>(w.last_))
        return k;
      w.blend_sixteen(image + a, image + b, x, y, to + k);
      const int64_t left = count - columns - k;
      if (left == 0) return count;
      // The last sixteen overlap those before.
      const int64_t by = smaller<int64_t>(left, columns);
      k += by;
      fx += by * w.step_x_;
      fy += by * w.step_y_;
      if (by == columns) {
        x = _mm512_add_epi32(x, on_x), y = _mm512_add_epi32(y, on_y);
      } else {
        x = both(fx, fx + second_x), y = both(fy, fy + second_y);
      }
    }
  }

 private:
  static constexpr int64_t pixel = sizeof(T), most = int64_t{1} << 34;
  // Columns of a window, and its pixels.
  static constexpr int across = pixel == 1 ? columns : columns / 2;
  static constexpr int64_t width = 2 * across, most_rows = pixel == 1 ? 12 : 8;
  // Of bytes both taps of a row are in the halves of a number, and both halves say which row.
  static constexpr uint32_t one = sizeof(T) == 1 ? 0x10001 : 1, next = one & 0x10000;

  // The numbers of rows, from memory: loads are free beside all that goes to the vector units.
  static __m512i row_number(int64_t i) {
    static constexpr uint32_t numbers[] = {0,       one,     one * 2, one * 3, one * 4,  one * 5,
                                           one * 6, one * 7, one * 8, one * 9, one * 10, one * 11};
    static_assert(most_rows <= 12);
    return _mm512_set1_epi32(static_cast<int32_t>(numbers[i]));
  }

  alignas(64) uint32_t low_x_[columns], low_y_[columns], at_[columns], row_[columns];
  int64_t step_x_, step_y_, stride_, first_, last_, rows_;
  bool serves_ = false;

  static int64_t magnitude_of(int64_t step) { return step < 0 ? -step : step; }

  int64_t corner(int64_t fx, int64_t fy) const {
    return (fy >> 32) * stride_ + (fx >> 32) * pixel + first_;
  }

  // The fractions of two coordinates, one in each half.
  static __m512i both(int64_t a, int64_t b) {
    const auto fraction = [](int64_t v) { return _mm256_set1_epi32(static_cast<int32_t>(v)); };
    return _mm512_inserti64x4(_mm512_castsi256_si512(fraction(a)), fraction(b), 1);
  }

  // Fractions of the coordinates along one axis, and where in the window they are.
  struct Axis {
    __m512i fraction, place;
    Axis(const uint32_t* low, const uint32_t* places, __m512i start) {
      const __m512i all_places = _mm512_load_si512(places);
      fraction = _mm512_add_epi32(start, _mm512_load_si512(low));
      place = _mm512_mask_add_epi32(all_places, _mm512_cmplt_epu32_mask(fraction, start),
                                    all_places, _mm512_set1_epi32(one));
    }
  };

  void blend_sixteen(const char* corner, const char*, __m512i start_x, __m512i start_y,
                     uint8_t* to) const {
    const auto load = [](const char* p) {
      return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    };
    const Axis x(low_x_, at_, start_x), y(low_y_, row_, start_y);
    __m512i row = load(corner + stride_);
    __m512i top = _mm512_permutexvar_epi16(x.place, load(corner));
    __m512i bottom = _mm512_permutexvar_epi16(x.place, row);
    corner += stride_;
    for (int64_t i = 1; i < rows_; ++i) {
      const __mmask32 here = _mm512_cmpge_epi16_mask(y.place, row_number(i));
      corner += stride_;
      top = _mm512_mask_permutexvar_epi16(top, here, x.place, row);
      row = load(corner);
      bottom = _mm512_mask_permutexvar_epi16(bottom, here, x.place, row);
    }
    // The sum of `Bilinear<uint8_t>` in another order: the taps of the upper row under 1 - x and x,
    // and what the lower ones are more under w10 and w11.
    const auto weight = [](__m512i fraction) {
      return _mm512_avg_epu16(_mm512_srli_epi32(fraction, 17), _mm512_setzero_si512());
    };
    const auto less_below = [](__m512i a, __m512i w) {  // a - w in the low half, w in the high one
      return _mm512_sub_epi32(_mm512_add_epi32(a, _mm512_slli_epi32(w, 16)), w);
    };
    const __m512i wx = weight(x.fraction), wy = weight(y.fraction);
    const __m512i product = _mm512_madd_epi16(wx, wy);
    const __m512i w11 = _mm512_srli_epi32(_mm512_add_epi32(product, _mm512_set1_epi32(8192)), 14);
    const Bytes along{_mm512_madd_epi16(top, less_below(_mm512_set1_epi32(16384), wx))};
    const Bytes down{_mm512_madd_epi16(_mm512_sub_epi16(bottom, top), less_below(wy, w11))};
    round_weighted(along.plus(down)).store_low_bytes(to);
  }

  void blend_sixteen(const char* low, const char* high, __m512i start_x, __m512i start_y,
                     float* to) const {
    const auto load = [](const char* p) {
      return _mm512_loadu_ps(reinterpret_cast<const float*>(p));
    };
    const Axis x(low_x_, at_, start_x), y(low_y_, row_, start_y);
    // Places, until it is their row's turn.
    __m512 p00 = _mm512_castsi512_ps(x.place), p10 = p00;
    __m512 p01 = _mm512_castsi512_ps(_mm512_add_epi32(x.place, _mm512_set1_epi32(1))), p11 = p01;
    __m512 first = load(low), second = load(high);
    __m512i number = _mm512_setzero_si512();
    for (int64_t i = rows_; i > 0; --i) {
      const __mmask16 here = _mm512_cmpeq_epi32_mask(y.place, number);
      const auto look_up = [&](__m512 p) {
        return _mm512_mask2_permutex2var_ps(first, _mm512_castps_si512(p), here, second);
      };
      number = _mm512_add_epi32(number, _mm512_set1_epi32(1));
      low += stride_, high += stride_;
      p00 = look_up(p00), p01 = look_up(p01);
      first = load(low), second = load(high);
      p10 = look_up(p10), p11 = look_up(p11);
    }
    const auto weight = [](__m512i fraction) {
      return _mm512_cvtepi32_ps(_mm512_srli_epi32(fraction, 8)) *
             _mm512_set1_ps(5.9604644775390625e-8f);
    };
    const __m512 wx = weight(x.fraction), wy = weight(y.fraction);
    const __m512 upper = p00 + wx * (p01 - p00), lower = p10 + wx * (p11 - p10);
    _mm512_storeu_ps(to, upper + wy * (lower - upper));
  }
};
#elif defined(__AVX2__)
template <class T>
constexpr bool has_windows = sizeof(T) == 1;

template <class T>
class Windows {
 public:
  bool serves() const { return false; }
};

// The same from rows of 16 pixels, two windows at a time, each for eight columns: in each half of a
// register both taps of a row are side by side. Columns are in the order that packing puts right.
template <>
class Windows<uint8_t> {
 public:
  static constexpr int columns = 16;

  Windows() {}
  Windows(int64_t step_x, int64_t step_y, int64_t stride, int64_t bytes)
      : step_x_(step_x), step_y_(step_y), stride_(stride) {
    const int64_t most = int64_t{1} << 34;
    if (step_x > most || step_x < -most || step_y > most || step_y < -most || stride < 0) return;
    const WindowReach x(step_x, half), y(step_y, half);
    first_ = y.before * stride + x.before;
    last_ = bytes - y.count * stride - width;
    rows_ = y.count;
    serves_ = x.count < width && y.count <= most_rows && last_ >= 0;
    for (int k = 0; k < columns; ++k) {
      const int64_t along_x = step_x * (k % half), along_y = step_y * (k % half);
      const int packed = k % half / 4 * half + k / half * 4 + k % 4;
      low_x_[packed] = static_cast<uint32_t>(along_x);
      low_y_[packed] = static_cast<uint32_t>(along_y);
      at_[k] = static_cast<uint16_t>(((along_x >> 32) - x.before) * 0x101 + 0x100);
      const int64_t row = (along_y >> 32) - y.before;
      above_[2 * k] = above_[2 * k + 1] = static_cast<int8_t>(-row);
    }
  }

  bool serves() const { return serves_; }

  int64_t blend(const char* image, int64_t fx, int64_t fy, int64_t count, uint8_t* to) const {
    const Windows w = *this;  // a store could change what is referred to
    const auto all = [](int64_t v) { return _mm256_set1_epi32(static_cast<int32_t>(v)); };
    const __m256i on_x = all(columns * w.step_x_), on_y = all(columns * w.step_y_);
    __m256i x = both(fx, fx + half * w.step_x_), y = both(fy, fy + half * w.step_y_);
    for (int64_t k = 0;;) {
      const int64_t a = w.corner(fx, fy);
      const int64_t b = w.corner(fx + half * w.step_x_, fy + half * w.step_y_);
      if (static_cast<uint64_t>(a) > static_cast<uint64_t>(w.last_) ||
          static_cast<uint64_t>(b) > static_cast<uint64_t>(w.last_))
        return k;
      w.blend_sixteen(image + a, image + b, x, y, to + k);
      const int64_t left = count - columns - k;
      if (left == 0) return count;
      // The last sixteen overlap those before.
      const int64_t by = smaller<int64_t>(left, columns);
      k += by;
      fx += by * w.step_x_;
      fy += by * w.step_y_;
      if (by == columns) {
        x = _mm256_add_epi32(x, on_x), y = _mm256_add_epi32(y, on_y);
      } else {
        x = both(fx, fx + half * w.step_x_), y = both(fy, fy + half * w.step_y_);
      }
    }
  }

 private:
  static constexpr int half = 8;
  static constexpr int64_t width = 16, most_rows = 9;

  alignas(32) uint32_t low_x_[columns], low_y_[columns];
  alignas(32) uint16_t at_[columns];
  alignas(32) int8_t above_[2 * columns];
  int64_t step_x_, step_y_, stride_, first_, last_, rows_;
  bool serves_ = false;

  int64_t corner(int64_t fx, int64_t fy) const {
    return (fy >> 32) * stride_ + (fx >> 32) + first_;
  }

  // The fractions of two coordinates, one in each half, less 2^31: comparisons have signs.
  static __m256i both(int64_t a, int64_t b) {
    const auto fraction = [](int64_t v) {
      return _mm_set1_epi32(static_cast<int32_t>(static_cast<uint32_t>(v) ^ 0x80000000u));
    };
    return _mm256_inserti128_si256(_mm256_castsi128_si256(fraction(a)), fraction(b), 1);
  }

  // Of sixteen columns: weights of 14 bits, and minus one where the fraction has passed one.
  struct Axis {
    __m256i weight, passed;
    Axis(const uint32_t* low, __m256i start) {
      const auto load = [](const uint32_t* p) {
        return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
      };
      const __m256i first = _mm256_add_epi32(start, load(low));
      const __m256i second = _mm256_add_epi32(start, load(low + half));
      passed =
          _mm256_packs_epi32(_mm256_cmpgt_epi32(start, first), _mm256_cmpgt_epi32(start, second));
      const __m256i fractions = _mm256_xor_si256(
          _mm256_packus_epi32(_mm256_srli_epi32(first, 17), _mm256_srli_epi32(second, 17)),
          _mm256_set1_epi16(0x4000));
      weight = _mm256_avg_epu16(fractions, _mm256_setzero_si256());
    }
  };

  void blend_sixteen(const char* low, const char* high, __m256i start_x, __m256i start_y,
                     uint8_t* to) const {
    const Axis x(low_x_, start_x), y(low_y_, start_y);
    const __m256i place =
        _mm256_sub_epi8(_mm256_load_si256(reinterpret_cast<const __m256i*>(at_)), x.passed);
    const auto row = [&] {
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(low));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(high));
      low += stride_, high += stride_;
      return _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1), place);
    };
    // Negative for columns of rows further down.
    __m256i above =
        _mm256_add_epi8(_mm256_load_si256(reinterpret_cast<const __m256i*>(above_)), y.passed);
    __m256i top = row(), next = row(), bottom = next;
    for (int64_t i = rows_; i > 1; --i) {
      top = _mm256_blendv_epi8(top, next, above);
      next = row();
      bottom = _mm256_blendv_epi8(bottom, next, above);
      above = _mm256_add_epi8(above, _mm256_set1_epi8(1));
    }
    const __m256i w11 = _mm256_mulhrs_epi16(x.weight, _mm256_adds_epi16(y.weight, y.weight));
    const __m256i w01 = _mm256_sub_epi16(x.weight, w11), w10 = _mm256_sub_epi16(y.weight, w11);
    const __m256i w00 = _mm256_sub_epi16(_mm256_sub_epi16(_mm256_set1_epi16(16384), x.weight), w10);
    const __m256i zero = _mm256_setzero_si256();
    const Bytes first = round_weighted({_mm256_add_epi32(
        _mm256_madd_epi16(_mm256_unpacklo_epi8(top, zero), _mm256_unpacklo_epi16(w00, w01)),
        _mm256_madd_epi16(_mm256_unpacklo_epi8(bottom, zero), _mm256_unpacklo_epi16(w10, w11)))});
    const Bytes second = round_weighted({_mm256_add_epi32(
        _mm256_madd_epi16(_mm256_unpackhi_epi8(top, zero), _mm256_unpackhi_epi16(w00, w01)),
        _mm256_madd_epi16(_mm256_unpackhi_epi8(bottom, zero), _mm256_unpackhi_epi16(w10, w11)))});
    const __m256i bytes =
        _mm256_shuffle_epi8(Bytes::pack_words(first, second).v,
                            _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, -1,
                                                                      -1, -1, -1, -1, -1, -1, -1)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm256_castsi256_si128(_mm256_permute4x64_epi64(bytes, 8)));
  }
};

#else
template <class T>
constexpr bool has_windows = false;

template <class T>
class Windows {
 public:
  bool serves() const { return false; }
};
#endif

FASTAUG_END
