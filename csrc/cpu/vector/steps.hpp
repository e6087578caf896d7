// Sixteen 64-bit numbers, in halves, in registers of which two make a pair.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

struct Steps {
  static constexpr int count = 16;
  static constexpr int in_register = register_bytes / 8;
  alignas(64) uint64_t by[count];

  Steps() {}
  explicit Steps(int64_t step) {
    for (int j = 0; j < count; ++j)
      by[j] = static_cast<uint64_t>(place_of(j)) * static_cast<uint64_t>(step);
  }

  // The high and low halves of start + step * k for all k in [0, count).
  void split(int64_t start, int32_t* high, uint32_t* low) const {
    const Longs all = start - Longs{};
    const auto at = [&](int k) {
      Longs v;
      std::memcpy(&v, by + k, sizeof v);
      return all + v;
    };
    for (int k = 0; k < count; k += 2 * in_register)
      split(at(k), at(k + in_register), high + k, low + k);
  }

  // The same of a pair of registers, in the order of the numbers' places; gives back the high ones.
  static Ints split(Longs a, Longs b, int32_t* high, uint32_t* low) {
#if defined(__AVX512BW__)
    const __m512 p = _mm512_castsi512_ps((__m512i)a), q = _mm512_castsi512_ps((__m512i)b);
    _mm512_storeu_ps(low, _mm512_shuffle_ps(p, q, 0x88));
    const __m512 upper = _mm512_shuffle_ps(p, q, 0xdd);
    _mm512_storeu_ps(high, upper);
    return (Ints)upper;
#elif defined(__AVX2__)
    const __m256 p = _mm256_castsi256_ps((__m256i)a), q = _mm256_castsi256_ps((__m256i)b);
    _mm256_storeu_ps(reinterpret_cast<float*>(low), _mm256_shuffle_ps(p, q, 0x88));
    const __m256 upper = _mm256_shuffle_ps(p, q, 0xdd);
    _mm256_storeu_ps(reinterpret_cast<float*>(high), upper);
    return (Ints)upper;
#elif defined(__x86_64__)
    const __m128 p = _mm_castsi128_ps((__m128i)a), q = _mm_castsi128_ps((__m128i)b);
    _mm_storeu_ps(reinterpret_cast<float*>(low), _mm_shuffle_ps(p, q, 0x88));
    const __m128 upper = _mm_shuffle_ps(p, q, 0xdd);
    _mm_storeu_ps(reinterpret_cast<float*>(high), upper);
    return (Ints)upper;
#else
    for (int k = 0; k < 2 * in_register; ++k) {
      const uint64_t v = static_cast<uint64_t>(k < in_register ? a[k] : b[k - in_register]);
      low[k] = static_cast<uint32_t>(v);
      high[k] = static_cast<int32_t>(static_cast<uint32_t>(v >> 32));
    }
    Ints upper;
    std::memcpy(&upper, high, sizeof upper);
    return upper;
#endif
  }

  // Which of the numbers is in lane j of all registers: of every four two are in either of a pair,
  // so that one shuffle within lanes puts four halves side by side.
  static constexpr int place_of(int j) {
#if defined(__x86_64__)
    const int in_pair = j % (2 * in_register), i = in_pair % in_register;
    return j - in_pair + 2 * i - i % 2 + (in_pair < in_register ? 0 : 2);
#else
    return j;
#endif
  }
};

FASTAUG_END
