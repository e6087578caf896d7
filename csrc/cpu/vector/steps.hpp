// Sixteen 64-bit numbers at even steps, in halves.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

struct Steps {
  static constexpr int count = 16;
#if defined(__x86_64__)
  // Of every four numbers two are in one register and two in another, so that one shuffle within
  // lanes puts four halves side by side.
  static constexpr int in_register = register_bytes / 8;
#endif
  alignas(64) uint64_t by[count];

  Steps() {}
  explicit Steps(int64_t step) {
    for (int j = 0; j < count; ++j)
      by[j] = static_cast<uint64_t>(place_of(j)) * static_cast<uint64_t>(step);
  }

  // The high and low halves of start + step * k for all k in [0, count).
  void split(int64_t start, int32_t* high, uint32_t* low) const {
    const uint64_t first = static_cast<uint64_t>(start);
#if defined(__x86_64__)
    for (int k = 0; k < count; k += 2 * in_register) {
#if defined(__AVX512BW__)
      const __m512i all = _mm512_set1_epi64(static_cast<int64_t>(first));
      const __m512 a = _mm512_castsi512_ps(_mm512_add_epi64(all, _mm512_load_si512(by + k)));
      const __m512 b =
          _mm512_castsi512_ps(_mm512_add_epi64(all, _mm512_load_si512(by + k + in_register)));
      _mm512_storeu_ps(low + k, _mm512_shuffle_ps(a, b, 0x88));
      _mm512_storeu_ps(high + k, _mm512_shuffle_ps(a, b, 0xdd));
#elif defined(__AVX2__)
      const auto at = [&](int i) {
        const __m256i all = _mm256_set1_epi64x(static_cast<int64_t>(first));
        return _mm256_castsi256_ps(
            _mm256_add_epi64(all, _mm256_load_si256(reinterpret_cast<const __m256i*>(by + i))));
      };
      const __m256 a = at(k), b = at(k + in_register);
      _mm256_storeu_ps(reinterpret_cast<float*>(low + k), _mm256_shuffle_ps(a, b, 0x88));
      _mm256_storeu_ps(reinterpret_cast<float*>(high + k), _mm256_shuffle_ps(a, b, 0xdd));
#else
      const auto at = [&](int i) {
        const __m128i all = _mm_set1_epi64x(static_cast<int64_t>(first));
        return _mm_castsi128_ps(
            _mm_add_epi64(all, _mm_load_si128(reinterpret_cast<const __m128i*>(by + i))));
      };
      const __m128 a = at(k), b = at(k + in_register);
      _mm_storeu_ps(reinterpret_cast<float*>(low + k), _mm_shuffle_ps(a, b, 0x88));
      _mm_storeu_ps(reinterpret_cast<float*>(high + k), _mm_shuffle_ps(a, b, 0xdd));
#endif
    }
#else
    for (int k = 0; k < count; ++k) {
      const uint64_t v = first + by[k];
      low[k] = static_cast<uint32_t>(v);
      high[k] = static_cast<int32_t>(static_cast<uint32_t>(v >> 32));
    }
#endif
  }

 private:
  static int place_of(int j) {
#if defined(__x86_64__)
    const int in_pair = j % (2 * in_register), i = in_pair % in_register;
    return j - in_pair + 2 * i - i % 2 + (in_pair < in_register ? 0 : 2);
#else
    return j;
#endif
  }
};

FASTAUG_END
