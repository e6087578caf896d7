// One channel, warped bilinearly by maps under which neighbouring columns read neighbouring pixels:
// the taps of sixteen columns are looked up in registers that hold a window of a few rows, which is
// faster than to load them one by one.
#pragma once

#include "blend_bytes.hpp"

FASTAUG_BEGIN

#if defined(__AVX512BW__)
constexpr bool has_windows = true;

// Rows of 32 pixels, and where in them the taps are: one after the other, all columns look up what
// they have there.
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
    const Reach x(step_x), y(step_y);
    first_ = y.before * stride + x.before * pixel;
    last_ = bytes - y.count * stride - width * pixel;
    rows_ = y.count;
    serves_ = x.count < width && y.count <= most_rows && last_ >= 0;
    for (int k = 0; k < columns; ++k) {
      const int64_t along_x = step_x * k, along_y = step_y * k;
      low_x_[k] = static_cast<uint32_t>(along_x);
      low_y_[k] = static_cast<uint32_t>(along_y);
      at_[k] = static_cast<uint32_t>((along_x >> 32) - x.before) * one + next;
      row_[k] = static_cast<uint32_t>((along_y >> 32) - y.before) * one;
    }
  }

  bool serves() const { return serves_; }

  // Makes `count` columns, sixteen or more, of which the first is at these coordinates, or stops
  // where a window would go beyond the image, and says how many it made.
  int64_t blend(const char* image, int64_t fx, int64_t fy, int64_t count, T* to) const {
    const Windows w = *this;  // a store could change what is referred to
    for (int64_t k = 0;;) {
      const int64_t corner = (fy >> 32) * w.stride_ + (fx >> 32) * pixel + w.first_;
      if (static_cast<uint64_t>(corner) > static_cast<uint64_t>(w.last_)) return k;
      w.blend_sixteen(image + corner, static_cast<uint32_t>(fx), static_cast<uint32_t>(fy), to + k);
      const int64_t left = count - columns - k;
      if (left == 0) return count;
      // The last sixteen overlap those before.
      const int64_t by = smaller<int64_t>(left, columns);
      k += by;
      fx += by * w.step_x_;
      fy += by * w.step_y_;
    }
  }

 private:
  static constexpr int64_t width = 32, most_rows = 12, most = int64_t{1} << 34;
  static constexpr int64_t pixel = sizeof(T);
  // Of bytes both taps of a row are in the halves of a number, and both halves say which row.
  static constexpr uint32_t one = sizeof(T) == 1 ? 0x10001 : 1, next = one & 0x10000;

  // How many pixels before that of the first column sixteen may read, and of how many.
  struct Reach {
    int64_t before, count;
    explicit Reach(int64_t step)
        : before(smaller<int64_t>((columns - 1) * step >> 32, 0)),
          count(larger<int64_t>(((columns - 1) * step + 0xffffffff) >> 32, 0) - before + 1) {}
  };

  alignas(64) uint32_t low_x_[columns], low_y_[columns], at_[columns], row_[columns];
  int64_t step_x_, step_y_, stride_, first_, last_, rows_;
  bool serves_ = false;

  static int64_t magnitude_of(int64_t step) { return step < 0 ? -step : step; }

  // Fractions of the coordinates along one axis, and where in the window they are.
  struct Axis {
    __m512i fraction, place;
    Axis(const uint32_t* low, const uint32_t* places, uint32_t start) {
      const __m512i from = _mm512_set1_epi32(static_cast<int32_t>(start));
      const __m512i all_places = _mm512_load_si512(places);
      fraction = _mm512_add_epi32(from, _mm512_load_si512(low));
      place = _mm512_mask_add_epi32(all_places, _mm512_cmplt_epu32_mask(fraction, from), all_places,
                                    _mm512_set1_epi32(one));
    }
  };

  void blend_sixteen(const char* corner, uint32_t fx, uint32_t fy, uint8_t* to) const {
    const auto load = [](const char* p) {
      return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    };
    const Axis x(low_x_, at_, fx), y(low_y_, row_, fy);
    __m512i row = load(corner + stride_), number = _mm512_set1_epi16(1);
    __m512i top = _mm512_permutexvar_epi16(x.place, load(corner));
    __m512i bottom = _mm512_permutexvar_epi16(x.place, row);
    corner += stride_;
    for (int64_t i = rows_; i > 1; --i) {
      const __mmask32 here = _mm512_cmpge_epi16_mask(y.place, number);
      number = _mm512_add_epi16(number, _mm512_set1_epi16(1));
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

  void blend_sixteen(const char* corner, uint32_t fx, uint32_t fy, float* to) const {
    const auto load = [](const char* p) {
      return _mm512_loadu_ps(reinterpret_cast<const float*>(p));
    };
    const Axis x(low_x_, at_, fx), y(low_y_, row_, fy);
    // Places, until it is their row's turn.
    __m512 p00 = _mm512_castsi512_ps(x.place), p10 = p00;
    __m512 p01 = _mm512_castsi512_ps(_mm512_add_epi32(x.place, _mm512_set1_epi32(1))), p11 = p01;
    __m512 left = load(corner), right = load(corner + 64);
    __m512i number = _mm512_setzero_si512();
    for (int64_t i = rows_; i > 0; --i) {
      const __mmask16 here = _mm512_cmpeq_epi32_mask(y.place, number);
      const auto look_up = [&](__m512 p) {
        return _mm512_mask2_permutex2var_ps(left, _mm512_castps_si512(p), here, right);
      };
      number = _mm512_add_epi32(number, _mm512_set1_epi32(1));
      corner += stride_;
      p00 = look_up(p00), p01 = look_up(p01);
      left = load(corner), right = load(corner + 64);
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
#else
constexpr bool has_windows = false;

template <class T>
class Windows {
 public:
  bool serves() const { return false; }
};
#endif

FASTAUG_END
