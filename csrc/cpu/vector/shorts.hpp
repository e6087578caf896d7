// Registers of 16-bit numbers, and sums of their products in 32 bits.
#pragma once

#include "../vector.hpp"

FASTAUG_BEGIN

#if defined(__AVX512BW__)
constexpr int word_bytes = 64;
#elif defined(__AVX2__)
constexpr int word_bytes = 32;
#else
constexpr int word_bytes = 16;
#endif
constexpr int word_lanes = word_bytes / 2;
typedef int16_t Words __attribute__((vector_size(word_bytes)));
typedef uint16_t UWords __attribute__((vector_size(word_bytes)));
typedef int32_t WordSum __attribute__((vector_size(word_bytes)));

// One sum for each word, in the order in which the instructions leave them.
struct WordSums {
  WordSum low, high;
};

inline Words load_words(const int16_t* p) {
  Words v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline Words load_words(const uint8_t* p) {
#if defined(__AVX512BW__)
  return reinterpret_cast<Words>(
      _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))));
#elif defined(__AVX2__)
  return reinterpret_cast<Words>(
      _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
#elif defined(__SSE4_1__)
  return reinterpret_cast<Words>(
      _mm_cvtepu8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
#else
  Words v;
  for (int i = 0; i < word_lanes; ++i) v[i] = p[i];
  return v;
#endif
}

inline void store_words(int16_t* p, Words v) { std::memcpy(p, &v, sizeof v); }

// Words from 0 to 255 as bytes.
inline void store_bytes(uint8_t* p, Words v) {
#if defined(__AVX512BW__)
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                      _mm512_cvtepi16_epi8(reinterpret_cast<__m512i>(v)));
#elif defined(__AVX2__)
  const __m256i all = reinterpret_cast<__m256i>(v);
  const __m128i high = _mm256_extracti128_si256(all, 1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                   _mm_packus_epi16(_mm256_castsi256_si128(all), high));
#elif defined(__SSE4_1__)
  const __m128i all = reinterpret_cast<__m128i>(v);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(all, all));
#else
  for (int i = 0; i < word_lanes; ++i) p[i] = static_cast<uint8_t>(v[i]);
#endif
}

inline void store_bytes(uint8_t* p, Ints v) {
#if defined(__AVX512BW__) || defined(__AVX2__) || defined(__SSE4_1__)
  Bytes{reinterpret_cast<decltype(Bytes::v)>(v)}.store_low_bytes(p);
#else
  for (int i = 0; i < register_bytes / 4; ++i) p[i] = static_cast<uint8_t>(v[i]);
#endif
}

// The upper halves of products.
inline UWords multiply_high(UWords a, uint16_t b) {
#if defined(__AVX512BW__)
  return reinterpret_cast<UWords>(
      _mm512_mulhi_epu16(reinterpret_cast<__m512i>(a), _mm512_set1_epi16(static_cast<int16_t>(b))));
#elif defined(__AVX2__)
  return reinterpret_cast<UWords>(
      _mm256_mulhi_epu16(reinterpret_cast<__m256i>(a), _mm256_set1_epi16(static_cast<int16_t>(b))));
#elif defined(__SSE4_1__)
  return reinterpret_cast<UWords>(
      _mm_mulhi_epu16(reinterpret_cast<__m128i>(a), _mm_set1_epi16(static_cast<int16_t>(b))));
#else
  UWords v;
  for (int i = 0; i < word_lanes; ++i)
    v[i] = static_cast<uint16_t>(static_cast<uint32_t>(a[i]) * b >> 16);
  return v;
#endif
}

// Adds a * (low half of `weights`) + b * (high half) to the sums.
inline void multiply_add(WordSums& sums, Words a, Words b, WordSum weights) {
#if defined(__AVX512BW__)
  const __m512i p = reinterpret_cast<__m512i>(a), q = reinterpret_cast<__m512i>(b);
  const __m512i w = reinterpret_cast<__m512i>(weights);
  sums.low += reinterpret_cast<WordSum>(_mm512_madd_epi16(_mm512_unpacklo_epi16(p, q), w));
  sums.high += reinterpret_cast<WordSum>(_mm512_madd_epi16(_mm512_unpackhi_epi16(p, q), w));
#elif defined(__AVX2__)
  const __m256i p = reinterpret_cast<__m256i>(a), q = reinterpret_cast<__m256i>(b);
  const __m256i w = reinterpret_cast<__m256i>(weights);
  sums.low += reinterpret_cast<WordSum>(_mm256_madd_epi16(_mm256_unpacklo_epi16(p, q), w));
  sums.high += reinterpret_cast<WordSum>(_mm256_madd_epi16(_mm256_unpackhi_epi16(p, q), w));
#elif defined(__SSE4_1__)
  const __m128i p = reinterpret_cast<__m128i>(a), q = reinterpret_cast<__m128i>(b);
  const __m128i w = reinterpret_cast<__m128i>(weights);
  sums.low += reinterpret_cast<WordSum>(_mm_madd_epi16(_mm_unpacklo_epi16(p, q), w));
  sums.high += reinterpret_cast<WordSum>(_mm_madd_epi16(_mm_unpackhi_epi16(p, q), w));
#else
  const WordSum first = (weights << 16) >> 16, second = weights >> 16;
  for (int i = 0; i < word_lanes / 2; ++i) {
    sums.low[i] += a[i] * first[i] + b[i] * second[i];
    const int j = word_lanes / 2 + i;
    sums.high[i] += a[j] * first[i] + b[j] * second[i];
  }
#endif
}

// Back to words, which must be able to hold the sums.
inline Words narrow(WordSums sums) {
#if defined(__AVX512BW__)
  return reinterpret_cast<Words>(_mm512_packs_epi32(reinterpret_cast<__m512i>(sums.low),
                                                    reinterpret_cast<__m512i>(sums.high)));
#elif defined(__AVX2__)
  return reinterpret_cast<Words>(_mm256_packs_epi32(reinterpret_cast<__m256i>(sums.low),
                                                    reinterpret_cast<__m256i>(sums.high)));
#elif defined(__SSE4_1__)
  return reinterpret_cast<Words>(
      _mm_packs_epi32(reinterpret_cast<__m128i>(sums.low), reinterpret_cast<__m128i>(sums.high)));
#else
  Words v;
  for (int i = 0; i < word_lanes / 2; ++i) {
    v[i] = static_cast<int16_t>(sums.low[i]);
    v[word_lanes / 2 + i] = static_cast<int16_t>(sums.high[i]);
  }
  return v;
#endif
}

FASTAUG_END
