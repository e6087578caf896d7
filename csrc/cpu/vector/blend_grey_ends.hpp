// Bilinear blends of one channel of floats where columns may end a row.
#pragma once

#include "../../ops/warp_affine.hpp"
#include "lanes.hpp"

FASTAUG_BEGIN

// As `blend_grey`, the taps of the two rows at offsets of their own. Two pixels side by side are
// read of either: both taps are the right one where `right` is not zero, the left where `left`
// is not. All are there up to a multiple of sixteen.
inline void blend_grey_ends(const char* data, const int32_t* top, const int32_t* bottom,
                            const int32_t* right, const int32_t* left, const float* x,
                            const float* y, int64_t count, int64_t room, float* to) {
#if defined(__AVX__)
  typedef __m256 Greys;
  constexpr int64_t columns = 8;
#else
  typedef Float4 Greys;
  constexpr int64_t columns = 4;
#endif
  typedef int32_t Mask __attribute__((vector_size(sizeof(Greys))));
  const auto lanes = [](const float* from) {
    Greys v;
    std::memcpy(&v, from, sizeof v);
    return v;
  };
  const auto mask = [](const int32_t* from) {
    Mask v;
    std::memcpy(&v, from, sizeof v);
    return v != 0;
  };
  struct Two {
    Greys first, second;
  };
  // The left and the right taps of columns.
  const auto taps = [&](const int32_t* at, Mask to_right, Mask to_left) {
#if defined(__x86_64__)
    const auto two = [&](const int32_t* of) {
      const __m128i a = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(data + of[0]));
      return _mm_castpd_ps(
          _mm_loadh_pd(_mm_castsi128_pd(a), reinterpret_cast<const double*>(data + of[1])));
    };
#if defined(__AVX__)
    const auto pairs = [&](const int32_t* of) {
      return _mm256_insertf128_ps(_mm256_castps128_ps256(two(of)), two(of + 4), 1);
    };
    const __m256 p = pairs(at), q = pairs(at + 2);
    const Greys a = _mm256_shuffle_ps(p, q, 0x88), b = _mm256_shuffle_ps(p, q, 0xdd);
#else
    const __m128 p = two(at), q = two(at + 2);
    const Greys a = _mm_shuffle_ps(p, q, 0x88), b = _mm_shuffle_ps(p, q, 0xdd);
#endif
#else
    Greys a, b;
    for (int64_t k = 0; k < columns; ++k) {
      std::memcpy(&a[k], data + at[k], sizeof(float));
      std::memcpy(&b[k], data + at[k] + sizeof(float), sizeof(float));
    }
#endif
    return Two{to_right ? b : a, to_left ? a : b};
  };
  for (int64_t k = 0; k < count; k += columns) {
    const Mask to_right = mask(right + k), to_left = mask(left + k);
    const Two t = taps(top + k, to_right, to_left), b = taps(bottom + k, to_right, to_left);
    const Greys wx = lanes(x + k), wy = lanes(y + k);
    const Greys upper = t.first + wx * (t.second - t.first);
    const Greys lower = b.first + wx * (b.second - b.first);
    const Greys made = upper + wy * (lower - upper);
    if (room - k >= columns)
      std::memcpy(to + k, &made, sizeof made);
    else
      std::memcpy(to + k, &made, static_cast<std::size_t>(room - k) * sizeof(float));
  }
}

FASTAUG_END
