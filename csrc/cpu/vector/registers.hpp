// A register full of numbers of any kind, and rows of them.
#pragma once

#include "../vector.hpp"

FASTAUG_BEGIN

template <class K>
struct RegisterOf {
  typedef K type __attribute__((vector_size(register_bytes)));
};
template <class K>
using Lanes = typename RegisterOf<K>::type;

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

// The first `count` of them, one at least.
template <class K>
inline void store_first(K* p, Lanes<K> v, int64_t count) {
#if defined(__AVX512BW__)
  _mm512_mask_storeu_epi8(p, ~uint64_t{0} >> (64 - count * static_cast<int64_t>(sizeof(K))),
                          bit_cast<__m512i>(v));
#else
  std::memcpy(p, &v, static_cast<std::size_t>(count) * sizeof(K));
#endif
}

// Those from number `first` on, one at least.
template <class K>
inline void store_from(K* p, Lanes<K> v, int64_t first) {
#if defined(__AVX512BW__)
  _mm512_mask_storeu_epi8(p, ~uint64_t{0} << (first * static_cast<int64_t>(sizeof(K))),
                          bit_cast<__m512i>(v));
#else
  std::memcpy(p + first, reinterpret_cast<const K*>(&v) + first,
              static_cast<std::size_t>(lanes<K> - first) * sizeof(K));
#endif
}

// Calls f(at) for registers that cover `size` elements, of which there must be enough for one: the
// last overlaps the one before where they do not divide.
template <class K, class F>
inline void each_lanes(int64_t size, F f) {
  int64_t at = 0;
  for (; at + lanes<K> <= size; at += lanes<K>) f(at);
  if (at < size) f(size - lanes<K>);
}

// A whole number of so many bytes.
template <int Size>
struct SignedOf {
  using type = int16_t;
};
template <>
struct SignedOf<4> {
  using type = int32_t;
};

// Bytes moved across a register, by a number that is part of the code.
#if defined(__SSSE3__)
constexpr bool has_shifts = true;
#if defined(__AVX512BW__)
typedef __m512i AnyLanes;
#elif defined(__AVX2__)
typedef __m256i AnyLanes;
#else
typedef __m128i AnyLanes;
#endif

// In each 16 bytes: those from `Bytes` on of the lower followed by the upper.
template <int Bytes>
inline AnyLanes align_bytes(AnyLanes upper, AnyLanes lower) {
#if defined(__AVX512BW__)
  return _mm512_alignr_epi8(upper, lower, Bytes);
#elif defined(__AVX2__)
  return _mm256_alignr_epi8(upper, lower, Bytes);
#else
  return _mm_alignr_epi8(upper, lower, Bytes);
#endif
}

// Of two that follow each other: the 16 bytes before each 16 of the second, or after each of the
// first.
template <bool Before>
inline AnyLanes between_lanes(AnyLanes first, AnyLanes second) {
#if defined(__AVX512BW__)
  return _mm512_maskz_alignr_epi64(0xff, second, first, Before ? 6 : 2);
#elif defined(__AVX2__)
  return _mm256_permute2x128_si256(first, second, 0x21);
#else
  return Before ? first : second;
#endif
}

// Of two registers that follow each other in memory: what lies `Bytes` before the second.
template <int Bytes, class V>
inline V lanes_before(V first, V second) {
  const AnyLanes a = bit_cast<AnyLanes>(first), b = bit_cast<AnyLanes>(second);
  if constexpr (Bytes == 16) return bit_cast<V>(between_lanes<true>(a, b));
  return bit_cast<V>(align_bytes<16 - Bytes>(b, between_lanes<true>(a, b)));
}

// Moves by a number of bytes that is a multiple of `Unit`, 2 or 4, less than a register, and not
// part of the code. By fours is one step where by twos is three.
#if defined(__AVX512BW__)
constexpr bool has_even_shifts = true;
template <int Unit>
class EvenShift {
 public:
  explicit EvenShift(int64_t bytes) {
    for (int k = 0; k < 64 / Unit; ++k) from_[k] = static_cast<Number>(k + bytes / Unit);
  }
  // What lies so far after the first.
  template <class V>
  V operator()(V first, V second) const {
    const __m512i a = bit_cast<__m512i>(first), b = bit_cast<__m512i>(second);
    const __m512i from = bit_cast<__m512i>(from_);
    return bit_cast<V>(Unit == 4 ? _mm512_permutex2var_epi32(a, from, b)
                                 : _mm512_permutex2var_epi16(a, from, b));
  }

 private:
  using Number = typename SignedOf<Unit>::type;
  Lanes<Number> from_;
};
#else
constexpr bool has_even_shifts = false;
template <int Unit>
struct EvenShift {
  explicit EvenShift(int64_t) {}
  template <class V>
  V operator()(V first, V) const {
    return first;
  }
};
#endif

// What lies `Bytes` after the first, a register at most.
template <int Bytes, class V>
inline V lanes_after(V first, V second) {
  const AnyLanes a = bit_cast<AnyLanes>(first), b = bit_cast<AnyLanes>(second);
  if constexpr (Bytes == register_bytes) return second;
#if defined(__AVX512BW__)
  else if constexpr (Bytes % 4 == 0)
    return bit_cast<V>(_mm512_maskz_alignr_epi32(0xffff, b, a, Bytes / 4));
  else if constexpr (Bytes % 4 == 2 && Bytes > 16)
    return EvenShift<2>(Bytes)(first, second);
#elif defined(__AVX2__)
  else if constexpr (Bytes == 16)
    return bit_cast<V>(between_lanes<false>(a, b));
  else if constexpr (Bytes > 16)
    return bit_cast<V>(align_bytes<Bytes - 16>(b, between_lanes<false>(a, b)));
#endif
  else
    return bit_cast<V>(align_bytes<Bytes>(between_lanes<false>(a, b), a));
}

#else
constexpr bool has_shifts = false;
template <int Bytes, class V>
inline V lanes_before(V, V second) {
  return second;
}
template <int Bytes, class V>
inline V lanes_after(V first, V) {
  return first;
}
#endif

FASTAUG_END
