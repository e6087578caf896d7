// Registers of 16-bit numbers, two to a word: noise of bytes.
#pragma once

#include "words.hpp"

FASTAUG_BEGIN

typedef int16_t Halves __attribute__((vector_size(register_bytes)));
typedef uint16_t HalfWords __attribute__((vector_size(register_bytes)));

template <>
inline Halves rounded_product(Halves a, Halves b) {
#if defined(__AVX512BW__)
  return (Halves)_mm512_mulhrs_epi16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (Halves)_mm256_mulhrs_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSSE3__)
  return (Halves)_mm_mulhrs_epi16((__m128i)a, (__m128i)b);
#else
  for (int i = 0; i < 2 * lanes; ++i)
    a[i] = static_cast<int16_t>(rounded_product<int32_t>(a[i], b[i]));
  return a;
#endif
}

template <>
inline Halves saturating_sum(Halves a, Halves b) {
#if defined(__AVX512BW__)
  return (Halves)_mm512_adds_epi16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (Halves)_mm256_adds_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSSE3__)
  return (Halves)_mm_adds_epi16((__m128i)a, (__m128i)b);
#else
  for (int i = 0; i < 2 * lanes; ++i)
    a[i] = static_cast<int16_t>(smaller(larger(a[i] + b[i], -32768), 32767));
  return a;
#endif
}

// The pieces of half words.
inline HalfWords pieces_of(Halves half) {
  const HalfWords bits = (HalfWords)half;  // -32768 has no negative
  return ((bits & (HalfWords{} - bits)) * piece_factor) >> 12;
}

// A table of 16 numbers, and where two registers look something up in it, or in several.
#if defined(__AVX512BW__)
struct HalfTable {
  __m512i entries;

  explicit HalfTable(const int16_t* table)
      : entries(
            _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(table)))) {}

  struct Places {
    HalfWords first, second;
  };
  static Places places(HalfWords first, HalfWords second) { return {first, second}; }

  void find(Places at, Halves& first, Halves& second) const {
    first = (Halves)_mm512_permutexvar_epi16((__m512i)at.first, entries);
    second = (Halves)_mm512_permutexvar_epi16((__m512i)at.second, entries);
  }
};
#elif defined(__SSSE3__)
// The bytes of both registers go side by side, so that one shuffle finds half of both.
struct HalfTable {
#if defined(__AVX2__)
  __m256i low, high;
#else
  __m128i low, high;
#endif

  explicit HalfTable(const int16_t* table) {
    const __m128i bytes = _mm_set1_epi16(0xff);
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table + 8));
    low = everywhere(_mm_packus_epi16(_mm_and_si128(a, bytes), _mm_and_si128(b, bytes)));
    high = everywhere(_mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8)));
  }
#if defined(__AVX2__)
  using Places = __m256i;
  static __m256i everywhere(__m128i v) { return _mm256_broadcastsi128_si256(v); }

  static Places places(HalfWords first, HalfWords second) {
    return _mm256_packus_epi16((__m256i)first, (__m256i)second);
  }

  void find(Places at, Halves& first, Halves& second) const {
    const __m256i l = _mm256_shuffle_epi8(low, at), h = _mm256_shuffle_epi8(high, at);
    first = (Halves)_mm256_unpacklo_epi8(l, h);
    second = (Halves)_mm256_unpackhi_epi8(l, h);
  }
#else
  using Places = __m128i;
  static __m128i everywhere(__m128i v) { return v; }

  static Places places(HalfWords first, HalfWords second) {
    return _mm_packus_epi16((__m128i)first, (__m128i)second);
  }

  void find(Places at, Halves& first, Halves& second) const {
    const __m128i l = _mm_shuffle_epi8(low, at), h = _mm_shuffle_epi8(high, at);
    first = (Halves)_mm_unpacklo_epi8(l, h);
    second = (Halves)_mm_unpackhi_epi8(l, h);
  }
#endif
};
#else
struct HalfTable {
  const int16_t* entries;

  explicit HalfTable(const int16_t* table) : entries(table) {}

  struct Places {
    HalfWords first, second;
  };
  static Places places(HalfWords first, HalfWords second) { return {first, second}; }

  void find(const Places& at, Halves& first, Halves& second) const {
    for (int i = 0; i < 2 * lanes; ++i) {
      first[i] = entries[at.first[i]];
      second[i] = entries[at.second[i]];
    }
  }
};
#endif

// As many bytes as two registers have halves, and back, saturated and clipped.
inline void load_halves(const uint8_t* p, Halves& first, Halves& second) {
#if defined(__AVX512BW__)
  const __m256i* at = reinterpret_cast<const __m256i*>(p);
  first = (Halves)_mm512_cvtepu8_epi16(_mm256_loadu_si256(at));
  second = (Halves)_mm512_cvtepu8_epi16(_mm256_loadu_si256(at + 1));
#elif defined(__AVX2__)
  const __m128i* at = reinterpret_cast<const __m128i*>(p);
  first = (Halves)_mm256_cvtepu8_epi16(_mm_loadu_si128(at));
  second = (Halves)_mm256_cvtepu8_epi16(_mm_loadu_si128(at + 1));
#elif defined(__SSSE3__)
  const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  first = (Halves)_mm_unpacklo_epi8(v, _mm_setzero_si128());
  second = (Halves)_mm_unpackhi_epi8(v, _mm_setzero_si128());
#else
  for (int i = 0; i < 2 * lanes; ++i) {
    first[i] = p[i];
    second[i] = p[2 * lanes + i];
  }
#endif
}

inline void store_halves(uint8_t* p, Halves first, Halves second, uint8_t low, uint8_t high) {
  [[maybe_unused]] const char least = static_cast<char>(low), most = static_cast<char>(high);
#if defined(__AVX512BW__)
  __m512i v = _mm512_packus_epi16((__m512i)first, (__m512i)second);
  v = _mm512_min_epu8(_mm512_max_epu8(v, _mm512_set1_epi8(least)), _mm512_set1_epi8(most));
  const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
  _mm512_storeu_si512(p, _mm512_permutexvar_epi64(order, v));
#elif defined(__AVX2__)
  __m256i v = _mm256_packus_epi16((__m256i)first, (__m256i)second);
  v = _mm256_min_epu8(_mm256_max_epu8(v, _mm256_set1_epi8(least)), _mm256_set1_epi8(most));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm256_permute4x64_epi64(v, 0xd8));
#elif defined(__SSSE3__)
  __m128i v = _mm_packus_epi16((__m128i)first, (__m128i)second);
  v = _mm_min_epu8(_mm_max_epu8(v, _mm_set1_epi8(least)), _mm_set1_epi8(most));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
#else
  const auto pixel = [=](int16_t v) {
    return static_cast<uint8_t>(smaller<int16_t>(larger<int16_t>(v, low), high));
  };
  for (int i = 0; i < 2 * lanes; ++i) {
    p[i] = pixel(first[i]);
    p[2 * lanes + i] = pixel(second[i]);
  }
#endif
}

FASTAUG_END
