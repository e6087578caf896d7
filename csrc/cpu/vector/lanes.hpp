// A register full of numbers of any kind, and rows of them.
#pragma once

#include "../vector.hpp"

FASTAUG_BEGIN

template <class K>
struct LanesOf {
  typedef K type __attribute__((vector_size(register_bytes)));
};
template <class K>
using Lanes = typename LanesOf<K>::type;

// How many there are.
template <class K>
constexpr int64_t lanes = register_bytes / static_cast<int64_t>(sizeof(K));

template <class K>
inline Lanes<K> load_lanes(const K* p) {
  Lanes<K> v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

template <class K>
inline void store_lanes(K* p, Lanes<K> v) {
  std::memcpy(p, &v, sizeof v);
}

// Calls f(at) for registers that cover `size` elements, of which there must be enough for one: the
// last overlaps the one before where they do not divide.
template <class K, class F>
inline void each_lanes(int64_t size, F f) {
  int64_t at = 0;
  for (; at + lanes<K> <= size; at += lanes<K>) f(at);
  if (at < size) f(size - lanes<K>);
}

#if defined(__SSSE3__)
constexpr bool has_shifts = true;

// Of two registers that follow each other in memory: what lies `Bytes` before the second, and
// `Bytes` after the first. At most 15.
template <int Bytes, class V>
inline V lanes_before(V first, V second) {
#if defined(__AVX512BW__)
  const __m512i between = _mm512_maskz_alignr_epi64(0xff, (__m512i)second, (__m512i)first, 6);
  return (V)_mm512_alignr_epi8((__m512i)second, between, 16 - Bytes);
#elif defined(__AVX2__)
  const __m256i between = _mm256_permute2x128_si256((__m256i)first, (__m256i)second, 0x21);
  return (V)_mm256_alignr_epi8((__m256i)second, between, 16 - Bytes);
#else
  return (V)_mm_alignr_epi8((__m128i)second, (__m128i)first, 16 - Bytes);
#endif
}

template <int Bytes, class V>
inline V lanes_after(V first, V second) {
#if defined(__AVX512BW__)
  const __m512i between = _mm512_maskz_alignr_epi64(0xff, (__m512i)second, (__m512i)first, 2);
  return (V)_mm512_alignr_epi8(between, (__m512i)first, Bytes);
#elif defined(__AVX2__)
  const __m256i between = _mm256_permute2x128_si256((__m256i)first, (__m256i)second, 0x21);
  return (V)_mm256_alignr_epi8(between, (__m256i)first, Bytes);
#else
  return (V)_mm_alignr_epi8((__m128i)second, (__m128i)first, Bytes);
#endif
}
#else
constexpr bool has_shifts = false;
template <int Bytes, class V>
inline V lanes_before(V first, V) {
  return first;
}
template <int Bytes, class V>
inline V lanes_after(V first, V) {
  return first;
}
#endif

FASTAUG_END
