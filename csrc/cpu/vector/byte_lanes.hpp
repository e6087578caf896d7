// Registers of bytes, and of words made of them.
#pragma once

#include "../vector.hpp"

FASTAUG_BEGIN

typedef uint8_t ByteLanes __attribute__((vector_size(register_bytes)));

typedef int16_t WordLanes __attribute__((vector_size(register_bytes)));
typedef uint16_t UWordLanes __attribute__((vector_size(register_bytes)));

template <>
inline ByteLanes smaller(ByteLanes a, ByteLanes b) {
#if defined(__AVX512BW__)
  return (ByteLanes)_mm512_min_epu8((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (ByteLanes)_mm256_min_epu8((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (ByteLanes)_mm_min_epu8((__m128i)a, (__m128i)b);
#else
  return b < a ? b : a;
#endif
}

template <>
inline ByteLanes larger(ByteLanes a, ByteLanes b) {
#if defined(__AVX512BW__)
  return (ByteLanes)_mm512_max_epu8((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (ByteLanes)_mm256_max_epu8((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (ByteLanes)_mm_max_epu8((__m128i)a, (__m128i)b);
#else
  return a < b ? b : a;
#endif
}

// Bytes as words with other bytes below them, in the order in which the instructions leave them,
// and back, saturated.
struct WideBytes {
  WordLanes first, second;
};

inline WideBytes above(ByteLanes v, ByteLanes below) {
#if defined(__AVX512BW__)
  const __m512i a = (__m512i)below, b = (__m512i)v;
  return {(WordLanes)_mm512_unpacklo_epi8(a, b), (WordLanes)_mm512_unpackhi_epi8(a, b)};
#elif defined(__AVX2__)
  const __m256i a = (__m256i)below, b = (__m256i)v;
  return {(WordLanes)_mm256_unpacklo_epi8(a, b), (WordLanes)_mm256_unpackhi_epi8(a, b)};
#elif defined(__x86_64__)
  const __m128i a = (__m128i)below, b = (__m128i)v;
  return {(WordLanes)_mm_unpacklo_epi8(a, b), (WordLanes)_mm_unpackhi_epi8(a, b)};
#else
  constexpr int half = register_bytes / 2;
  WideBytes wide = {};
  for (int i = 0; i < half; ++i) {
    wide.first[i] = static_cast<int16_t>(v[i] << 8 | below[i]);
    wide.second[i] = static_cast<int16_t>(v[half + i] << 8 | below[half + i]);
  }
  return wide;
#endif
}

inline ByteLanes narrowed(WordLanes first, WordLanes second) {
#if defined(__AVX512BW__)
  return (ByteLanes)_mm512_packus_epi16((__m512i)first, (__m512i)second);
#elif defined(__AVX2__)
  return (ByteLanes)_mm256_packus_epi16((__m256i)first, (__m256i)second);
#elif defined(__x86_64__)
  return (ByteLanes)_mm_packus_epi16((__m128i)first, (__m128i)second);
#else
  const auto byte = [](int16_t v) {
    return static_cast<uint8_t>(smaller<int16_t>(larger<int16_t>(v, 0), 255));
  };
  constexpr int half = register_bytes / 2;
  ByteLanes v = {};
  for (int i = 0; i < half; ++i) {
    v[i] = byte(first[i]);
    v[half + i] = byte(second[i]);
  }
  return v;
#endif
}

FASTAUG_END
