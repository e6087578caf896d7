// Two rows of floats made one of half their width.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

// Of two registers that follow each other the even pixels or, with `odd`, the others, of 1, 2 or 4
// channels.
template <int Channels, bool odd>
inline Floats every_other(Floats a, Floats b) {
#if defined(__AVX512F__)
  constexpr int o = odd ? Channels : 0;
  const auto at = [](int i) { return i / Channels * 2 * Channels + i % Channels + o; };
  const __m512i order =
      _mm512_setr_epi32(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9),
                        at(10), at(11), at(12), at(13), at(14), at(15));
  return _mm512_permutex2var_ps(a, order, b);
#elif defined(__AVX2__)
  if (Channels == 4) return _mm256_permute2f128_ps(a, b, odd ? 0x31 : 0x20);
  // Within halves first; then of these the middle ones change places.
  const __m256d pairs =
      Channels == 1 ? _mm256_castps_pd(_mm256_shuffle_ps(a, b, odd ? 0xdd : 0x88))
                    : _mm256_shuffle_pd(_mm256_castps_pd(a), _mm256_castps_pd(b), odd ? 15 : 0);
  return _mm256_castpd_ps(_mm256_permute4x64_pd(pairs, 0xd8));
#elif defined(__x86_64__)
  if (Channels == 4) return odd ? b : a;
  if (Channels == 1) return _mm_shuffle_ps(a, b, odd ? 0xdd : 0x88);
  return _mm_castpd_ps(_mm_shuffle_pd(_mm_castps_pd(a), _mm_castps_pd(b), odd ? 3 : 0));
#else
  Floats made;
  for (int i = 0; i < 4; ++i) {
    const int at = i / Channels * 2 * Channels + i % Channels + (odd ? Channels : 0);
    made[i] = at < 4 ? a[at] : b[at - 4];
  }
  return made;
#endif
}

// `count` elements of pixels of so many channels: halves of neighbours added up, then halves of
// what both rows have of these.
template <int Channels>
inline void halve_rows(const float* above, const float* below, int64_t count, float* to) {
  constexpr int64_t lanes = sizeof(Floats) / sizeof(float);
  const auto across = [](const float* p) {
    const Floats a = load<Floats>(p) * 0.5f, b = load<Floats>(p + lanes) * 0.5f;
    return every_other<Channels, false>(a, b) + every_other<Channels, true>(a, b);
  };
  const auto make = [=](int64_t i) {
    const Floats made = across(above + 2 * i) * 0.5f + across(below + 2 * i) * 0.5f;
    std::memcpy(to + i, &made, sizeof made);
  };
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) make(i);
  if (i == count) return;
  if (count >= lanes) return make(count - lanes);
  for (; i < count; ++i) {
    const int64_t at = 2 * (i - i % Channels) + i % Channels;
    const float top = above[at] * 0.5f + above[at + Channels] * 0.5f;
    const float bottom = below[at] * 0.5f + below[at + Channels] * 0.5f;
    to[i] = top * 0.5f + bottom * 0.5f;
  }
}

// Pixels of three floats by those of four: the end of one is what the next begins with, read and
// written too much, but not at the end of a row.
template <>
inline void halve_rows<3>(const float* above, const float* below, int64_t count, float* to) {
  const auto across = [](const float* p) { return load4(p) * 0.5f + load4(p + 3) * 0.5f; };
  int64_t i = 0;
  for (; i + 3 < count; i += 3)
    store4(to + i, across(above + 2 * i) * 0.5f + across(below + 2 * i) * 0.5f);
  for (; i < count; ++i) {
    const int64_t at = count - 3 + i;
    const float top = above[at] * 0.5f + above[at + 3] * 0.5f;
    const float bottom = below[at] * 0.5f + below[at + 3] * 0.5f;
    to[i] = top * 0.5f + bottom * 0.5f;
  }
}

FASTAUG_END
