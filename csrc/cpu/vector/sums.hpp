// Sums of bytes, each channel by itself.
#pragma once

#include "channels.hpp"

FASTAUG_BEGIN

#if defined(__x86_64__)

#if defined(__AVX512BW__)
struct ByteSum {
  __m512i lanes = _mm512_setzero_si512();

  // Bytes that are under no mask do not count.
  void add(const uint8_t* p, const uint8_t* mask) {
    const __m512i v = _mm512_and_si512(_mm512_loadu_si512(p), _mm512_loadu_si512(mask));
    lanes = _mm512_add_epi64(lanes, _mm512_sad_epu8(v, _mm512_setzero_si512()));
  }
};
#elif defined(__AVX2__)
struct ByteSum {
  __m256i lanes = _mm256_setzero_si256();

  void add(const uint8_t* p, const uint8_t* mask) {
    const auto load = [](const uint8_t* at) {
      return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    };
    const __m256i v = _mm256_and_si256(load(p), load(mask));
    lanes = _mm256_add_epi64(lanes, _mm256_sad_epu8(v, _mm256_setzero_si256()));
  }
};
#else
struct ByteSum {
  __m128i lanes = _mm_setzero_si128();

  void add(const uint8_t* p, const uint8_t* mask) {
    const auto load = [](const uint8_t* at) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    };
    lanes =
        _mm_add_epi64(lanes, _mm_sad_epu8(_mm_and_si128(load(p), load(mask)), _mm_setzero_si128()));
  }
};
#endif

#endif

// Adds the bytes of each channel to its sum.
template <int Channels>
inline void sum_channels(const uint8_t* p, int64_t count, uint64_t* sums) {
  int64_t i = 0;
#if defined(__x86_64__)
  constexpr int64_t width = register_bytes, block = Channels * width;
  ByteSum sum[Channels];
  for (; i + block <= count; i += block)
    for (int64_t k = 0; k < block; k += width)
      for (int c = 0; c < Channels; ++c) sum[c].add(p + i + k, channel_masks<Channels>.of[c] + k);
  for (int c = 0; c < Channels; ++c) {
    uint64_t lane[width / 8];
    std::memcpy(lane, &sum[c].lanes, sizeof lane);
    for (const uint64_t part : lane) sums[c] += part;
  }
#endif
  for (; i < count; ++i) sums[i % Channels] += p[i];
}

// Of the squares of no more than 4096 bytes.
inline int64_t sum_squares(const uint8_t* p, int64_t count) {
  int64_t sum = 0, i = 0;
#if defined(__AVX512BW__)
  const __m512i zero = _mm512_setzero_si512();
  __m512i lanes = zero;
  for (; i + 64 <= count; i += 64) {
    const __m512i v = _mm512_loadu_si512(p + i);
    const __m512i low = _mm512_unpacklo_epi8(v, zero), high = _mm512_unpackhi_epi8(v, zero);
    lanes = _mm512_add_epi32(lanes, _mm512_madd_epi16(low, low));
    lanes = _mm512_add_epi32(lanes, _mm512_madd_epi16(high, high));
  }
  sum = _mm512_reduce_add_epi32(lanes);
#endif
  for (; i < count; ++i) sum += p[i] * p[i];
  return sum;
}

FASTAUG_END
