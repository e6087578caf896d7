// Registers of floats from memory of any type that they can hold.
#pragma once

#include "../vector.hpp"

FASTAUG_BEGIN

template <class V>
inline V load_as(const float* p) {
  return load<V>(p);
}

template <class V>
inline V load_as(const double* p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

template <class V>
inline V load_as(const uint8_t* p) {
  return load_bytes(p);
}

template <class V>
inline V load_as(const uint16_t* p) {
#if defined(__AVX512F__)
  return _mm512_maskz_cvtepi32_ps(
      0xffff, _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))));
#elif defined(__AVX2__)
  return _mm256_cvtepi32_ps(
      _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
#elif defined(__SSE4_1__)
  return _mm_cvtepi32_ps(_mm_cvtepu16_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
#else
  V v;
  for (int i = 0; i < register_bytes / 4; ++i) v[i] = static_cast<float>(p[i]);
  return v;
#endif
}

FASTAUG_END
