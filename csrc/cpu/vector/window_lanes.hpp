// How the taps of sixteen columns are looked up in windows of a few rows. At v3 that is for bytes
// only: looking up floats takes more instructions than loading both taps of a row at once.
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

// Has
//   across: how many columns share a window, or 0 if there are no windows at this level,
//   width: the pixels of a row of it,
//   most_rows: more than these are not worth it,
//   all(step), both(a, b), sum(a, b): fractions of coordinates, of sixteen columns,
//   put(k, along_x, along_y, before_x, before_y): how far column k is from the first of its window,
//     and what lies before that,
//   blend<rows>(corner, apart, stride, count, x, y, to): makes sixteen columns from windows of so
//     many rows, or of `count` where `rows` is 0, the second so many bytes after the first.
template <class T>
struct WindowLanes;

#if defined(__AVX512BW__)
// Rows of a window, and where in them the taps are: one after the other, all columns look up what
// they have there. Bytes have one window of 32 pixels a row. Floats have two of 16, side by side in
// two registers, each for eight columns, which reach half as many rows as sixteen.
template <class T>
struct WindowLanes {
  static constexpr int across = sizeof(T) == 1 ? 16 : 8, width = 2 * across;
  static constexpr int64_t most_rows = sizeof(T) == 1 ? 12 : 8;

  static __m512i all(int64_t v) { return _mm512_set1_epi32(static_cast<int32_t>(v)); }
  // One in each half.
  static __m512i both(int64_t a, int64_t b) {
    const auto fraction = [](int64_t v) { return _mm256_set1_epi32(static_cast<int32_t>(v)); };
    return _mm512_inserti64x4(_mm512_castsi256_si512(fraction(a)), fraction(b), 1);
  }
  static __m512i sum(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }

  void put(int k, int64_t along_x, int64_t along_y, int64_t before_x, int64_t before_y) {
    low_x[k] = static_cast<uint32_t>(along_x);
    low_y[k] = static_cast<uint32_t>(along_y);
    const int64_t at = (along_x >> 32) - before_x + k / across * width;
    place[k] = static_cast<uint32_t>(at) * one + next;
    row[k] = static_cast<uint32_t>((along_y >> 32) - before_y) * one;
  }

  template <int rows>
  void blend(const char* corner, int64_t, int64_t stride, int64_t count, __m512i start_x,
             __m512i start_y, uint8_t* to) const {
    const auto load = [](const char* p) {
      return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    };
    const Axis x(low_x, place, start_x), y(low_y, row, start_y);
    __m512i below = load(corner + stride);
    __m512i top = _mm512_permutexvar_epi16(x.place, load(corner));
    __m512i bottom = _mm512_permutexvar_epi16(x.place, below);
    corner += stride;
#pragma GCC unroll 8
    for (int64_t i = 1; i < (rows ? rows : count); ++i) {
      const __mmask32 here = _mm512_cmpge_epi16_mask(y.place, row_number(i));
      corner += stride;
      top = _mm512_mask_permutexvar_epi16(top, here, x.place, below);
      below = load(corner);
      bottom = _mm512_mask_permutexvar_epi16(bottom, here, x.place, below);
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

  template <int rows>
  void blend(const char* corner, int64_t apart, int64_t stride, int64_t count, __m512i start_x,
             __m512i start_y, float* to) const {
    const auto load = [](const char* p) {
      return _mm512_loadu_ps(reinterpret_cast<const float*>(p));
    };
    const Axis x(low_x, place, start_x), y(low_y, row, start_y);
    // Places, until it is their row's turn.
    __m512 p00 = _mm512_castsi512_ps(x.place), p10 = p00;
    __m512 p01 = _mm512_castsi512_ps(_mm512_add_epi32(x.place, _mm512_set1_epi32(1))), p11 = p01;
    __m512 first = load(corner), second = load(corner + apart);
#pragma GCC unroll 8
    for (int64_t i = 0; i < (rows ? rows : count); ++i) {
      const __mmask16 here = _mm512_cmpeq_epi32_mask(y.place, row_number(i));
      const auto look_up = [&](__m512 p) {
        return _mm512_mask2_permutex2var_ps(first, _mm512_castps_si512(p), here, second);
      };
      corner += stride;
      p00 = look_up(p00), p01 = look_up(p01);
      first = load(corner), second = load(corner + apart);
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

 private:
  alignas(64) uint32_t low_x[16], low_y[16], place[16], row[16];

  // Of bytes both taps of a row are in the halves of a number, and both halves say which row.
  static constexpr uint32_t one = sizeof(T) == 1 ? 0x10001 : 1, next = one & 0x10000;

  // From memory: loads are free beside all that goes to the vector units.
  static __m512i row_number(int64_t i) {
    static constexpr uint32_t numbers[] = {0,       one,     one * 2, one * 3, one * 4,  one * 5,
                                           one * 6, one * 7, one * 8, one * 9, one * 10, one * 11};
    static_assert(most_rows <= 12);
    return _mm512_set1_epi32(static_cast<int32_t>(numbers[i]));
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
};
#else
template <class T>
struct WindowLanes {
  static constexpr int across = 0;
};
#endif

#if defined(__AVX2__) && !defined(__AVX512BW__)
// From rows of 16 pixels, two windows at a time, each for eight columns: in each half of a register
// both taps of a row are side by side. Columns are in the order that packing puts right.
template <>
struct WindowLanes<uint8_t> {
  static constexpr int across = 8, width = 16;
  static constexpr int64_t most_rows = 9;

  static __m256i all(int64_t v) { return _mm256_set1_epi32(static_cast<int32_t>(v)); }
  // One in each half, less 2^31: comparisons have signs.
  static __m256i both(int64_t a, int64_t b) {
    const auto fraction = [](int64_t v) {
      return _mm_set1_epi32(static_cast<int32_t>(static_cast<uint32_t>(v) ^ 0x80000000u));
    };
    return _mm256_inserti128_si256(_mm256_castsi128_si256(fraction(a)), fraction(b), 1);
  }
  static __m256i sum(__m256i a, __m256i b) { return _mm256_add_epi32(a, b); }

  void put(int k, int64_t along_x, int64_t along_y, int64_t before_x, int64_t before_y) {
    const int packed = k % across / 4 * across + k / across * 4 + k % 4;
    low_x[packed] = static_cast<uint32_t>(along_x);
    low_y[packed] = static_cast<uint32_t>(along_y);
    place[k] = static_cast<uint16_t>(((along_x >> 32) - before_x) * 0x101 + 0x100);
    above[2 * k] = above[2 * k + 1] = static_cast<int8_t>(before_y - (along_y >> 32));
  }

  template <int rows>
  void blend(const char* corner, int64_t apart, int64_t stride, int64_t count, __m256i start_x,
             __m256i start_y, uint8_t* to) const {
    const Axis x(low_x, start_x), y(low_y, start_y);
    const auto load = [](const auto* p) {
      return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
    };
    const __m256i places = _mm256_sub_epi8(load(place), x.passed);
    const auto row = [&] {
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(corner));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(corner + apart));
      corner += stride;
      return _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1), places);
    };
    // Negative for columns of rows further down.
    __m256i further = _mm256_add_epi8(load(above), y.passed);
    __m256i top = row(), next = row(), bottom = next;
#pragma GCC unroll 8
    for (int64_t i = 1; i < (rows ? rows : count); ++i) {
      top = _mm256_blendv_epi8(top, next, further);
      next = row();
      bottom = _mm256_blendv_epi8(bottom, next, further);
      further = _mm256_add_epi8(further, _mm256_set1_epi8(1));
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

 private:
  alignas(32) uint32_t low_x[16], low_y[16];
  alignas(32) uint16_t place[16];
  alignas(32) int8_t above[32];

  // Of sixteen columns: weights of 14 bits, and minus one where the fraction has passed one.
  struct Axis {
    __m256i weight, passed;
    Axis(const uint32_t* low, __m256i start) {
      const auto load = [](const uint32_t* p) {
        return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
      };
      const __m256i first = _mm256_add_epi32(start, load(low));
      const __m256i second = _mm256_add_epi32(start, load(low + across));
      passed =
          _mm256_packs_epi32(_mm256_cmpgt_epi32(start, first), _mm256_cmpgt_epi32(start, second));
      const __m256i fractions = _mm256_xor_si256(
          _mm256_packus_epi32(_mm256_srli_epi32(first, 17), _mm256_srli_epi32(second, 17)),
          _mm256_set1_epi16(0x4000));
      weight = _mm256_avg_epu16(fractions, _mm256_setzero_si256());
    }
  };
};
#endif

FASTAUG_END
