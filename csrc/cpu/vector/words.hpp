// Registers of 32-bit words: what random numbers are made of, and how they become floats and bytes.
#pragma once

#include "../../ops/normal.hpp"
#include "../../ops/philox.hpp"
#include "../../ops/shot_noise.hpp"
#include "../../ops/transcendental.hpp"
#include "../vector.hpp"

FASTAUG_BEGIN

typedef uint32_t Words __attribute__((vector_size(register_bytes)));
typedef uint64_t Wides __attribute__((vector_size(register_bytes)));
typedef uint16_t Shorts __attribute__((vector_size(register_bytes / 2)));
typedef uint8_t Quarters __attribute__((vector_size(register_bytes / 4)));
constexpr int lanes = register_bytes / 4;

template <int... i>
struct LaneNumbers {};
#if defined(__AVX512F__)
using AllLanes = LaneNumbers<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15>;
#elif defined(__AVX__)
using AllLanes = LaneNumbers<0, 1, 2, 3, 4, 5, 6, 7>;
#else
using AllLanes = LaneNumbers<0, 1, 2, 3>;
#endif

template <>
struct LanesOf<Floats> {
  using Int = Ints;
  using Word = Words;
};

template <>
inline Floats to_float<Floats, Ints>(Ints v) {
  return __builtin_convertvector(v, Floats);
}

template <>
struct LanesOf<Doubles> {
  using Int = Longs;
  using Word = Wides;
};

template <>
inline Floats root(Floats v) {
#if defined(__AVX512F__)
  return _mm512_maskz_sqrt_ps(0xffff, v);
#elif defined(__AVX__)
  return _mm256_sqrt_ps(v);
#elif defined(__x86_64__)
  return _mm_sqrt_ps(v);
#else
  for (int i = 0; i < lanes; ++i) v[i] = sqrtf(v[i]);
  return v;
#endif
}

template <>
inline Spread<Doubles> spread_of(Doubles rate) {
  HalfFloats r, inverse;
#if defined(__AVX512F__)
  r = _mm256_sqrt_ps(_mm512_maskz_cvtpd_ps(0xff, rate));
#elif defined(__AVX__)
  r = _mm_sqrt_ps(_mm256_cvtpd_ps(rate));
#else
  r = __builtin_convertvector(rate, HalfFloats);
  for (int i = 0; i < lanes / 2; ++i) r[i] = sqrtf(r[i]);
#endif
  inverse = 1.0f / r;
  return {to_doubles(r), to_doubles(inverse)};
}

// GCC has multiplications of 64 bits by 64, or none, where one of 32 by 32 will do.
template <>
inline Wides times_low(Wides a, uint32_t b) {
#if defined(__AVX512F__)
  return (Wides)_mm512_maskz_mul_epu32(0xff, (__m512i)a, _mm512_set1_epi64(b));
#elif defined(__AVX2__)
  return (Wides)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(b));
#elif defined(__x86_64__)
  return (Wides)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(b));
#else
  return (a & 0xffffffffu) * b;
#endif
}

// The lower halves of `even` and of `odd` by turns.
inline Words low_halves(Wides even, Wides odd) {
#if defined(__AVX512F__)
  return (Words)_mm512_mask_moveldup_ps((__m512)even, 0xaaaa, (__m512)odd);
#elif defined(__AVX2__)
  return (Words)_mm256_blend_epi32((__m256i)even, _mm256_slli_epi64((__m256i)odd, 32), 0xaa);
#elif defined(__SSE4_1__)
  return (Words)_mm_blend_epi16((__m128i)even, _mm_slli_epi64((__m128i)odd, 32), 0xcc);
#else
  return (Words)((even & 0xffffffffu) | (odd << 32));
#endif
}

inline Words load_words(const uint32_t* p) {
  Words v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// Lane (part * lanes + i) / times of a register, in every lane i: each of its lanes so many times
// in a row, as `times` registers.
template <int times, int... i>
inline Ints repeated_lanes(Ints v, int part, LaneNumbers<i...>) {
#if defined(__clang__)
  switch (part) {
    case 0:
      return __builtin_shufflevector(v, v, (i / times)...);
    case 1:
      return __builtin_shufflevector(v, v, ((lanes + i) / times % lanes)...);
    case 2:
      return __builtin_shufflevector(v, v, ((2 * lanes + i) / times % lanes)...);
    default:
      return __builtin_shufflevector(v, v, ((3 * lanes + i) / times % lanes)...);
  }
#else
  return __builtin_shuffle(v, Ints{((part * lanes + i) / times)...});
#endif
}

template <int times>
inline Ints repeated(Ints v, int part) {
  return repeated_lanes<times>(v, part, AllLanes{});
}

// Elements of an image, one in a lane: bytes as numbers, floats as their bits.
inline Ints load_lanes(const uint8_t* p) {
  Quarters v;
  std::memcpy(&v, p, sizeof v);
#if defined(__AVX512F__)
  return (Ints)_mm512_maskz_cvtepu8_epi32(0xffff, (__m128i)v);
#elif defined(__AVX2__)
  return (Ints)_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(bit_cast<int64_t>(v)));
#elif defined(__SSE4_1__)
  return (Ints)_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bit_cast<int32_t>(v)));
#else
  return __builtin_convertvector(v, Ints);
#endif
}

inline Ints load_lanes(const float* p) { return bit_cast<Ints>(load<Floats>(p)); }

inline void store_lanes(uint8_t* p, Ints v) {
#if defined(__AVX512F__)
  const Quarters low = (Quarters)_mm512_maskz_cvtepi32_epi8(0xffff, (__m512i)v);
#elif defined(__AVX2__)
  const __m256i order = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  const __m256i low_bytes = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8((__m256i)v, order),
                                                        _mm256_setr_epi32(0, 4, 0, 0, 0, 0, 0, 0));
  const Quarters low = bit_cast<Quarters>(_mm_cvtsi128_si64(_mm256_castsi256_si128(low_bytes)));
#elif defined(__SSE4_1__)
  const __m128i order = _mm_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  const Quarters low = bit_cast<Quarters>(_mm_cvtsi128_si32(_mm_shuffle_epi8((__m128i)v, order)));
#else
  const Quarters low = __builtin_convertvector(v, Quarters);
#endif
  std::memcpy(p, &low, sizeof low);
}

inline void store_lanes(float* p, Ints v) { std::memcpy(p, &v, sizeof v); }

// One element in all lanes.
inline Ints lanes_of(uint8_t v) { return Ints{} + static_cast<int32_t>(v); }
inline Ints lanes_of(float v) { return Ints{} + bit_cast<int32_t>(v); }

// Pairs of bytes, each pair in a lane.
inline Words load_pairs(const uint8_t* p) {
  Shorts v;
  std::memcpy(&v, p, sizeof v);
#if defined(__AVX512F__)
  return (Words)_mm512_maskz_cvtepu16_epi32(0xffff, (__m256i)v);
#elif defined(__AVX2__)
  return (Words)_mm256_cvtepu16_epi32((__m128i)v);
#elif defined(__SSE4_1__)
  return (Words)_mm_cvtepu16_epi32(_mm_cvtsi64_si128(bit_cast<int64_t>(v)));
#else
  return __builtin_convertvector(v, Words);
#endif
}

inline void store_pairs(uint8_t* p, Words v) {
#if defined(__AVX512F__)
  const Shorts low = (Shorts)_mm512_maskz_cvtepi32_epi16(0xffff, (__m512i)v);
#elif defined(__AVX2__)
  const __m256i order = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1));
  const Shorts low = (Shorts)_mm256_castsi256_si128(
      _mm256_permute4x64_epi64(_mm256_shuffle_epi8((__m256i)v, order), 8));
#elif defined(__SSE4_1__)
  const __m128i order = _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1);
  const Shorts low = bit_cast<Shorts>(_mm_cvtsi128_si64(_mm_shuffle_epi8((__m128i)v, order)));
#else
  const Shorts low = __builtin_convertvector(v, Shorts);
#endif
  std::memcpy(p, &low, sizeof low);
}

FASTAUG_END
