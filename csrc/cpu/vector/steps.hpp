// Sixteen 64-bit numbers, in halves, in registers of which two make a pair.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

typedef uint32_t Fractions __attribute__((vector_size(register_bytes)));

struct Steps {
  static constexpr int count = 16;
  static constexpr int in_register = register_bytes / 8, in_pair = 2 * in_register;
  alignas(64) uint64_t by[count];

  Steps() {}
  explicit Steps(int64_t step) {
    for (int j = 0; j < count; ++j)
      by[j] = static_cast<uint64_t>(place_of(j)) * static_cast<uint64_t>(step);
  }

  // The high and low halves of start + step * k for all k in [0, count), `start` in all lanes.
  void split(Longs start, int32_t* high, uint32_t* low) const {
    for (int k = 0; k < count; k += in_pair) {
      const Halves v = halves(start, k);
      std::memcpy(high + k, &v.high, sizeof v.high);
      std::memcpy(low + k, &v.low, sizeof v.low);
    }
  }

  // The halves of a pair of registers, in the order of the numbers' places.
  struct Halves {
    Ints high;
    Fractions low;
  };
  static Halves halves(Longs a, Longs b) {
#if defined(__AVX512BW__)
    const __m512 p = _mm512_castsi512_ps((__m512i)a), q = _mm512_castsi512_ps((__m512i)b);
    return {(Ints)_mm512_shuffle_ps(p, q, 0xdd), (Fractions)_mm512_shuffle_ps(p, q, 0x88)};
#elif defined(__AVX2__)
    const __m256 p = _mm256_castsi256_ps((__m256i)a), q = _mm256_castsi256_ps((__m256i)b);
    return {(Ints)_mm256_shuffle_ps(p, q, 0xdd), (Fractions)_mm256_shuffle_ps(p, q, 0x88)};
#elif defined(__x86_64__)
    const __m128 p = _mm_castsi128_ps((__m128i)a), q = _mm_castsi128_ps((__m128i)b);
    return {(Ints)_mm_shuffle_ps(p, q, 0xdd), (Fractions)_mm_shuffle_ps(p, q, 0x88)};
#else
    Halves v;
    for (int k = 0; k < in_pair; ++k) {
      const uint64_t all = static_cast<uint64_t>(k < in_register ? a[k] : b[k - in_register]);
      v.low[k] = static_cast<uint32_t>(all);
      v.high[k] = static_cast<int32_t>(static_cast<uint32_t>(all >> 32));
    }
    return v;
#endif
  }

  // The same of start + step * k for the numbers of the pair from the k-th on.
  Halves halves(Longs start, int k) const {
    Longs a, b;
    std::memcpy(&a, by + k, sizeof a);
    std::memcpy(&b, by + k + in_register, sizeof b);
    return halves(start + a, start + b);
  }

  // Stored; gives back the high ones.
  static Ints split(Longs a, Longs b, int32_t* high, uint32_t* low) {
    const Halves v = halves(a, b);
    std::memcpy(high, &v.high, sizeof v.high);
    std::memcpy(low, &v.low, sizeof v.low);
    return v.high;
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
