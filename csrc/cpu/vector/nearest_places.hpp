// The nearest pixels to coordinates in floats.
#pragma once

#include "steps.hpp"

FASTAUG_BEGIN

// An image of at least two and at most 2^20 pixels either way; its pixels and rows are so many
// bytes apart.
struct NearestPlaces {
  float last_x, last_y;
  int32_t pixel, row;

  // Sixteen pairs (x, y), by what their fixed point would give: offsets in bytes, and minus one in
  // `missing` of those outside, whose offset is that of the first pixel. Whether there are any.
  // Floats that lie between the first and the last pixel have no bits below 2^-32, but for some
  // that are nearest to zero anyway; of negative ones those above -2^-33 are rounded to zero.
  bool find(const float* pairs, int32_t* offsets, int32_t* missing) const {
    Ints any = {};
    for (int k = 0; k < Steps::count; k += Steps::in_pair) {
      const Both at = load(pairs + 2 * k);
      const Ints inside = within(at.x, last_x) & within(at.y, last_y);
      const Ints offset = nearest(at.x, inside) * pixel + nearest(at.y, inside) * row;
      const Ints none = ~inside;
      std::memcpy(offsets + k, &offset, sizeof offset);
      std::memcpy(missing + k, &none, sizeof none);
      any |= none;
    }
    return any_negative(any);
  }

 private:
  struct Both {
    Floats x, y;
  };

  static Both load(const float* p) {
#if defined(__AVX512F__)
    const __m512 a = _mm512_loadu_ps(p), b = _mm512_loadu_ps(p + 16);
    const __m512i even =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    return {_mm512_permutex2var_ps(a, even, b), _mm512_permutex2var_ps(a, odd, b)};
#elif defined(__AVX2__)
    const __m256 a = _mm256_loadu_ps(p), b = _mm256_loadu_ps(p + 8);
    const auto in_order = [](__m256 v) {
      return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(v), 0xd8));
    };
    return {in_order(_mm256_shuffle_ps(a, b, 0x88)), in_order(_mm256_shuffle_ps(a, b, 0xdd))};
#elif defined(__x86_64__)
    const __m128 a = _mm_loadu_ps(p), b = _mm_loadu_ps(p + 4);
    return {_mm_shuffle_ps(a, b, 0x88), _mm_shuffle_ps(a, b, 0xdd)};
#else
    Both v;
    for (int k = 0; k < Steps::in_pair; ++k) v.x[k] = p[2 * k], v.y[k] = p[2 * k + 1];
    return v;
#endif
  }

  static Ints within(Floats v, float last) {
    const float first = -1.0f / 8589934592.0f;  // -2^-33
    return (v >= first) & (v <= last);
  }

  // Halves up, and zero where it is not `inside`.
  static Ints nearest(Floats v, Ints inside) {
    const Floats known = (Floats)((Ints)v & inside);
    const Ints below = __builtin_convertvector(known, Ints);
    return below - (known - __builtin_convertvector(below, Floats) >= 0.5f);
  }
};

FASTAUG_END
