// Coordinates that are given as pairs of floats.
#pragma once

#include "field_points.hpp"

FASTAUG_BEGIN

// (x, y) of as many columns as two registers of doubles have lanes.
struct GivenPairs {
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
};

// Whether the following takes fewer instructions than doubles do, where a fraction of 32 bits
// without a sign is made of a float by one.
#if defined(__AVX512F__)
constexpr bool has_given_points = true;
#else
constexpr bool has_given_points = false;
#endif

// In an image of at least two and at most 2^20 pixels either way, in mode constant: what
// `FieldPoints` makes of coordinates that are the field itself, without doubles. Floats from the
// first to the last pixel are whole multiples of 2^-32, but for small ones, which are rounded; of
// negative ones those above -2^-33 are rounded to zero. Those outside are all one column and one
// row before the image.
struct GivenPoints : GivenPairs {
  float last_x, last_y;

  template <class Coordinates>
  void split(const float* pairs, int64_t chunks, Reach reach, Coordinates* to, Found* found) const {
    const GivenPoints here = *this;  // a store could change what is referred to
    for (int64_t i = 0; i < chunks; ++i, pairs += 2 * Steps::count) {
      Ints outside = {};
      for (int k = 0; k < Steps::count; k += Steps::in_pair) {
        const Both at = load(pairs + 2 * k);
        const Ints inside = within(at.x, here.last_x) & within(at.y, here.last_y);
        const Ints x = put(at.x, inside, to[i].x + k, to[i].fraction_x + k);
        const Ints y = put(at.y, inside, to[i].y + k, to[i].fraction_y + k);
        outside |= FieldPoints::beyond(x, reach.left, reach.across) |
                   FieldPoints::beyond(y, reach.top, reach.down);
      }
      found[i] = {reach.any && !any_negative(outside), false};
    }
  }

 private:
  static Ints put(Floats v, Ints inside, int32_t* pixel, uint32_t* fraction) {
    const Floats zero = {}, known = larger((Floats)((Ints)v & inside), zero);
    const Ints below = __builtin_convertvector(known, Ints), whole = below - (inside + 1);
    const Fractions part = fraction_bits(known - __builtin_convertvector(below, Floats));
    std::memcpy(pixel, &whole, sizeof whole);
    std::memcpy(fraction, &part, sizeof part);
    return whole;
  }

  // 2^32 times a number from zero to less than one, rounded half to even.
  static Fractions fraction_bits(Floats v) {
#if defined(__AVX512F__)
    return (Fractions)_mm512_cvtps_epu32(v * 4294967296.0f);
#else
    Fractions made;
    for (int k = 0; k < Steps::in_pair; ++k) {
      const double all = static_cast<double>(v[k]) * 4294967296.0;
      const double magic = 6755399441055744.0;
      made[k] = static_cast<uint32_t>((all + magic) - magic);
    }
    return made;
#endif
  }
};

FASTAUG_END
