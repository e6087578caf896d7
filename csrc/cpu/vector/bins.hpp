// Histograms of sixteen bins, each of which counts those before it as well.
#pragma once

#include "../vector.hpp"

FASTAUG_BEGIN

typedef uint16_t Bins __attribute__((vector_size(32)));

inline Byte16 load_bins(const uint8_t* p) { return load16(reinterpret_cast<const char*>(p)); }

inline void add_to_bins(uint8_t* p, Byte16 v) {
  store16(reinterpret_cast<char*>(p), load_bins(p) + v);
}

inline void take_from_bins(uint8_t* p, Byte16 v) {
  store16(reinterpret_cast<char*>(p), load_bins(p) - v);
}

inline Bins widen(Byte16 v) {
#if defined(__AVX2__)
  return bit_cast<Bins>(_mm256_cvtepu8_epi16(bit_cast<__m128i>(v)));
#else
  return __builtin_convertvector(v, Bins);
#endif
}

// How many of them are no more than `most`: where they rise, the first bin that is more.
inline int32_t bins_up_to(Bins bins, uint16_t most) {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
  const __m256i limit = _mm256_set1_epi16(static_cast<int16_t>(most));
  return __builtin_popcount(_mm256_cmple_epu16_mask(bit_cast<__m256i>(bins), limit));
#elif defined(__AVX2__)
  const __m256i over =
      _mm256_subs_epu16(bit_cast<__m256i>(bins), _mm256_set1_epi16(static_cast<int16_t>(most)));
  const __m256i within = _mm256_cmpeq_epi16(over, _mm256_setzero_si256());
  return __builtin_popcount(static_cast<uint32_t>(_mm256_movemask_epi8(within))) / 2;
#else
  int32_t count = 0;
  for (int i = 0; i < 16; ++i) count += bins[i] <= most;
  return count;
#endif
}

FASTAUG_END
