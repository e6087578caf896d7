// Registers of numbers, and how they are read, written, compared and reordered.
#pragma once

#include "../../ops/portable.hpp"

#if defined(__x86_64__)
// GCC 12 takes the undefined operands inside its own intrinsics for mistakes.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

FASTAUG_BEGIN

typedef float Float4 __attribute__((vector_size(16)));
typedef uint8_t Byte16 __attribute__((vector_size(16)));

// As many numbers as a register holds; doubles come from half as many floats.
#if defined(__AVX512F__)
constexpr int register_bytes = 64;
#elif defined(__AVX__)
constexpr int register_bytes = 32;
#else
constexpr int register_bytes = 16;
#endif
typedef float Floats __attribute__((vector_size(register_bytes)));
typedef int32_t Ints __attribute__((vector_size(register_bytes)));
typedef double Doubles __attribute__((vector_size(register_bytes)));
typedef int64_t Longs __attribute__((vector_size(register_bytes)));
typedef float HalfFloats __attribute__((vector_size(register_bytes / 2)));

template <>
inline bool any_lane(Longs m) {
#if defined(__AVX512F__)
  return _mm512_test_epi64_mask((__m512i)m, (__m512i)m) != 0;
#elif defined(__AVX__)
  return _mm256_movemask_pd((__m256d)m) != 0;
#elif defined(__x86_64__)
  return _mm_movemask_pd((__m128d)m) != 0;
#else
  return (m[0] | m[1]) != 0;
#endif
}

// Whether any number is negative.
inline bool any_negative(Ints m) {
#if defined(__AVX512F__)
  return _mm512_cmplt_epi32_mask((__m512i)m, _mm512_setzero_si512()) != 0;
#elif defined(__AVX__)
  return _mm256_movemask_ps((__m256)m) != 0;
#elif defined(__x86_64__)
  return _mm_movemask_ps((__m128)m) != 0;
#else
  return ((m[0] | m[1]) | (m[2] | m[3])) < 0;
#endif
}

// A float or a vector of them.
template <class V>
inline V load(const float* p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline Doubles to_doubles(HalfFloats v) {
#if defined(__AVX512F__)
  return _mm512_maskz_cvtps_pd(0xff, v);
#else
  return __builtin_convertvector(v, Doubles);
#endif
}

// Both halves of a register of floats.
inline void to_doubles(Floats v, Doubles& first, Doubles& second) {
#if defined(__AVX512F__)
  const __m512d bits = _mm512_castps_pd(v);
  first = to_doubles(_mm512_castps512_ps256(v));
  second = to_doubles(_mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, bits, 1)));
#else
  HalfFloats halves[2];
  std::memcpy(halves, &v, sizeof v);
  first = to_doubles(halves[0]), second = to_doubles(halves[1]);
#endif
}

// Bytes as floats, and floats from 0 to 255 as bytes, without what follows the point.
inline Floats load_bytes(const uint8_t* p) {
#if defined(__AVX512BW__)
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
#elif defined(__AVX2__)
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
#else
  Floats v;
  for (int k = 0; k < static_cast<int>(sizeof v / sizeof(float)); ++k) v[k] = p[k];
  return v;
#endif
}

inline void store_bytes(uint8_t* p, Floats v) {
#if defined(__AVX512BW__)
  const __m128i bytes = _mm512_cvtepi32_epi8(_mm512_cvttps_epi32(v));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes);
#elif defined(__AVX2__)
  const __m256i all = _mm256_cvttps_epi32(v);
  const __m128i words =
      _mm_packus_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(words, words));
#elif defined(__SSE4_1__)
  const __m128i all = _mm_cvttps_epi32(v);
  const __m128i words = _mm_packus_epi32(all, all);
  const int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
  std::memcpy(p, &bytes, sizeof bytes);
#else
  for (int k = 0; k < static_cast<int>(sizeof v / sizeof(float)); ++k)
    p[k] = static_cast<uint8_t>(v[k]);
#endif
}

template <>
inline Floats magnitude(Floats v) {
  return reinterpret_cast<Floats>(reinterpret_cast<Ints>(v) & 0x7fffffff);
}

template <>
inline Floats whole_part(Floats v) {
  return __builtin_convertvector(__builtin_convertvector(v, Ints), Floats);
}

// The instructions return the second operand where neither is less, so they choose as the portable
// form does; GCC does not see that.
#if defined(__AVX512F__)
template <>
inline Floats smaller(Floats a, Floats b) {
  return _mm512_maskz_min_ps(0xffff, b, a);
}
template <>
inline Floats larger(Floats a, Floats b) {
  return _mm512_maskz_max_ps(0xffff, b, a);
}
#elif defined(__AVX__)
template <>
inline Floats smaller(Floats a, Floats b) {
  return _mm256_min_ps(b, a);
}
template <>
inline Floats larger(Floats a, Floats b) {
  return _mm256_max_ps(b, a);
}
#elif defined(__x86_64__)
template <>
inline Floats smaller(Floats a, Floats b) {
  return _mm_min_ps(b, a);
}
template <>
inline Floats larger(Floats a, Floats b) {
  return _mm_max_ps(b, a);
}
#endif

// The bytes of a vector in another order, best one that is part of the code.
inline Byte16 shuffle(Byte16 v, Byte16 order) {
#if defined(__SSSE3__)
  return reinterpret_cast<Byte16>(
      _mm_shuffle_epi8(reinterpret_cast<__m128i>(v), reinterpret_cast<__m128i>(order)));
#elif defined(__clang__)
  Byte16 r;
  for (int i = 0; i < 16; ++i) r[i] = v[order[i]];
  return r;
#else
  return __builtin_shuffle(v, order);
#endif
}

inline Byte16 load16(const char* p) {
  Byte16 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline void store16(char* p, Byte16 v) { std::memcpy(p, &v, sizeof v); }

inline Float4 load4(const float* p) {
  Float4 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// Touches nothing beyond three.
inline Float4 load3(const float* p) {
#if defined(__AVX__)
  return _mm_maskload_ps(p, _mm_setr_epi32(-1, -1, -1, 0));
#else
  return Float4{p[0], p[1], p[2], 0.0f};
#endif
}

inline void store4(float* p, Float4 v) { std::memcpy(p, &v, sizeof v); }

// Asks for the memory of an output some way ahead, of which it is not known where it ends: nobody
// foresees stores that are not a whole line each.
template <class T>
__attribute__((always_inline)) inline void prefetch_write(const T* p) {
  __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(p) + 2048), 1);
}

FASTAUG_END
