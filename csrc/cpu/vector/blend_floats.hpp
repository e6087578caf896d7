// Bilinear blends of floats.
#pragma once

#include "../../ops/warp_affine.hpp"
#include "doubles.hpp"

FASTAUG_BEGIN

// What `blend_floats` shows the pixels from k on and the three differences that they are made with,
// along either row and between them: nobody.
struct Unseen {
  template <class V>
  void operator()(int64_t, V, V, V, V) const {}
};

// Bilinear pixels of three or four floats from taps `offset` bytes into two rows, `x` and `y` of
// the way between them: `Bilinear<float>` in lanes. Reads a third pixel where there are three
// channels. Offsets are there up to a multiple of four. Writes no more than `room` elements, but
// may write beyond `count` pixels.
template <int Channels, class Seen>
inline void blend_floats(const char* top, const char* bottom, const int32_t* offset, const float* x,
                         const float* y, int64_t count, int64_t room, float* to, Seen seen) {
  int64_t k = 0;
#if defined(__AVX512BW__)
  // Both taps of a pixel are in 32 bytes: four pixels are two registers, and one shuffle of the two
  // packs their left taps, another the right ones.
  const __m512i left =
      Channels == 3 ? _mm512_setr_epi32(0, 1, 2, 8, 9, 10, 16, 17, 18, 24, 25, 26, 0, 0, 0, 0)
                    : _mm512_setr_epi32(0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  const __m512i right = _mm512_add_epi32(left, _mm512_set1_epi32(Channels));
  const __m512i spread = Channels == 3
                             ? _mm512_setr_epi32(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3)
                             : _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  const auto two = [](const char* row, int32_t a, int32_t b) {
    const __m256 first = _mm256_loadu_ps(reinterpret_cast<const float*>(row + a));
    const __m256 second = _mm256_loadu_ps(reinterpret_cast<const float*>(row + b));
    return _mm512_insertf32x8(_mm512_castps256_ps512(first), second, 1);
  };
  const auto weight = [&](const float* t) {
    return _mm512_permutevar_ps(_mm512_broadcast_f32x4(_mm_loadu_ps(t)), spread);
  };
  for (; k < count; k += 4, to += 4 * Channels) {
    const int32_t* o = offset + k;
    const __m512 wx = weight(x + k);
    const __m512 t0 = two(top, o[0], o[1]), t1 = two(top, o[2], o[3]);
    const __m512 b0 = two(bottom, o[0], o[1]), b1 = two(bottom, o[2], o[3]);
    const __m512 p00 = _mm512_permutex2var_ps(t0, left, t1);
    const __m512 p10 = _mm512_permutex2var_ps(b0, left, b1);
    const __m512 along_top = _mm512_permutex2var_ps(t0, right, t1) - p00;
    const __m512 along_bottom = _mm512_permutex2var_ps(b0, right, b1) - p10;
    const __m512 upper = p00 + wx * along_top;
    const __m512 down = (p10 + wx * along_bottom) - upper;
    const __m512 made = upper + weight(y + k) * down;
    seen(k, along_top, along_bottom, down, made);
    // A whole register where there is room: stores under a mask that cross cache lines are slow.
    const int64_t left = room - Channels * k;
    prefetch_write(to);
    if (left >= 16)
      _mm512_storeu_ps(to, made);
    else
      _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << left) - 1), made);
  }
#else
  // The last pixel of a row of three channels is written by its own.
  const int64_t whole = Channels == 3 && room == 3 * count ? count - 1 : count;
#if defined(__AVX2__)
  const __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  const auto two = [](const char* row, int32_t a, int32_t b) {
    const __m128 first = _mm_loadu_ps(reinterpret_cast<const float*>(row + a));
    const __m128 second = _mm_loadu_ps(reinterpret_cast<const float*>(row + b));
    return _mm256_insertf128_ps(_mm256_castps128_ps256(first), second, 1);
  };
  const auto weight = [&](const float* t) {
    const __m128 both = _mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(t)));
    return _mm256_permutevar_ps(_mm256_insertf128_ps(_mm256_castps128_ps256(both), both, 1),
                                spread);
  };
  constexpr int next = Channels * static_cast<int>(sizeof(float));
  for (; k + 2 <= whole; k += 2, to += 2 * Channels) {
    const int32_t a = offset[k], b = offset[k + 1];
    const __m256 wx = weight(x + k);
    const __m256 p00 = two(top, a, b), p10 = two(bottom, a, b);
    const __m256 along_top = two(top + next, a, b) - p00;
    const __m256 along_bottom = two(bottom + next, a, b) - p10;
    const __m256 upper = p00 + wx * along_top;
    const __m256 down = (p10 + wx * along_bottom) - upper;
    const __m256 made = upper + weight(y + k) * down;
    seen(k, along_top, along_bottom, down, made);
    prefetch_write(to);
    _mm_storeu_ps(to, _mm256_castps256_ps128(made));
    _mm_storeu_ps(to + Channels, _mm256_extractf128_ps(made, 1));
  }
#endif
  for (; k < count; ++k, to += Channels) {
    const float* upper_taps = reinterpret_cast<const float*>(top + offset[k]);
    const float* lower_taps = reinterpret_cast<const float*>(bottom + offset[k]);
    const Float4 p00 = load4(upper_taps), p10 = load4(lower_taps);
    const Float4 along_top = load4(upper_taps + Channels) - p00;
    const Float4 along_bottom = load4(lower_taps + Channels) - p10;
    const Float4 upper = p00 + x[k] * along_top;
    const Float4 down = (p10 + x[k] * along_bottom) - upper;
    const Float4 made = upper + y[k] * down;
    seen(k, along_top, along_bottom, down, made);
    if (k < whole)
      store4(to, made);
    else
      store3(to, made);
  }
#endif
}

// The same of one channel. Offsets and weights are there up to a multiple of eight.
inline void blend_grey(const char* top, const char* bottom, const int32_t* offset, const float* x,
                       const float* y, int64_t count, int64_t room, float* to) {
#if defined(__x86_64__)
  // Both taps of two columns: one load for both of their offsets.
  const auto two = [](const char* row, const int32_t* at) {
    int64_t offsets;
    std::memcpy(&offsets, at, sizeof offsets);
    const char *a = row + static_cast<int32_t>(offsets), *b = row + (offsets >> 32);
    const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(a));
    return _mm_castpd_ps(_mm_loadh_pd(_mm_castsi128_pd(first), reinterpret_cast<const double*>(b)));
  };
#if defined(__AVX__)
  typedef __m256 Greys;
  const auto pairs = [&](const char* row, const int32_t* at) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(two(row, at)), two(row, at + 4), 1);
  };
  const auto left = [](Greys a, Greys b) { return _mm256_shuffle_ps(a, b, 0x88); };
  const auto right = [](Greys a, Greys b) { return _mm256_shuffle_ps(a, b, 0xdd); };
#else
  typedef __m128 Greys;
  const auto& pairs = two;
  const auto left = [](Greys a, Greys b) { return _mm_shuffle_ps(a, b, 0x88); };
  const auto right = [](Greys a, Greys b) { return _mm_shuffle_ps(a, b, 0xdd); };
#endif
  constexpr int64_t columns = sizeof(Greys) / sizeof(float);
  for (int64_t k = 0; k < count; k += columns) {
    const Greys t0 = pairs(top, offset + k), t1 = pairs(top, offset + k + 2);
    const Greys b0 = pairs(bottom, offset + k), b1 = pairs(bottom, offset + k + 2);
    const Greys wx = load<Greys>(x + k), wy = load<Greys>(y + k);
    const Greys p00 = left(t0, t1), p10 = left(b0, b1);
    const Greys upper = p00 + wx * (right(t0, t1) - p00);
    const Greys lower = p10 + wx * (right(b0, b1) - p10);
    const Greys made = upper + wy * (lower - upper);
    if (room - k >= columns)
      std::memcpy(to + k, &made, sizeof made);
    else
      std::memcpy(to + k, &made, static_cast<std::size_t>(room - k) * sizeof(float));
  }
#else
  (void)room;
  for (int64_t k = 0; k < count; ++k) {
    const float* upper_taps = reinterpret_cast<const float*>(top + offset[k]);
    const float* lower_taps = reinterpret_cast<const float*>(bottom + offset[k]);
    to[k] = Bilinear<float>(x[k], y[k])
                .blend(upper_taps[0], upper_taps[1], lower_taps[0], lower_taps[1]);
  }
#endif
}

FASTAUG_END
