// Sums of what a table of 256 numbers of 16 bits has for bytes.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

// Whether that is quicker than to convert the bytes and do arithmetic.
constexpr bool sums_by_words =
#if defined(__AVX512BW__)
    true;
#else
    false;
#endif

#if defined(__AVX512BW__)
struct WordLookup {
  __m512i part[8];

  explicit WordLookup(const int16_t* table) {
    for (int i = 0; i < 8; ++i) part[i] = _mm512_loadu_si512(table + 32 * i);
  }

  // What the table has for the words of `v`, from 0 to 255: of every 64 entries one instruction
  // finds the right one.
  __m512i operator()(__m512i v) const {
    const __mmask32 second = _mm512_test_epi16_mask(v, _mm512_set1_epi16(0x40));
    const auto half = [&](int i) {
      return _mm512_mask_mov_epi16(_mm512_permutex2var_epi16(part[i], v, part[i + 1]), second,
                                   _mm512_permutex2var_epi16(part[i + 2], v, part[i + 3]));
    };
    return _mm512_mask_mov_epi16(half(0), _mm512_test_epi16_mask(v, _mm512_set1_epi16(0x80)),
                                 half(4));
  }
};
#endif

inline int64_t sum_words(const int16_t* table, const uint8_t* from, int64_t count) {
  int64_t sum = 0, i = 0;
#if defined(__AVX512BW__)
  constexpr int64_t most = 1 << 18;  // so that 32 bits hold each lane's part
  const WordLookup look_up(table);
  const __m512i ones = _mm512_set1_epi16(1);
  while (i + 64 <= count) {
    __m512i lanes = _mm512_setzero_si512();
    const int64_t end = smaller(i + most, count / 64 * 64);
    for (; i < end; i += 64) {
      const __m512i v = _mm512_loadu_si512(from + i);
      const __m512i even = look_up(_mm512_and_si512(v, _mm512_set1_epi16(0xff)));
      const __m512i odd = look_up(_mm512_srli_epi16(v, 8));
      lanes = _mm512_add_epi32(
          lanes, _mm512_add_epi32(_mm512_madd_epi16(even, ones), _mm512_madd_epi16(odd, ones)));
    }
    const __m512i wide =
        _mm512_add_epi64(_mm512_cvtepi32_epi64(_mm512_castsi512_si256(lanes)),
                         _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(lanes, 1)));
    sum += _mm512_reduce_add_epi64(wide);
  }
#endif
  for (; i < count; ++i) sum += table[from[i]];
  return sum;
}

FASTAUG_END
