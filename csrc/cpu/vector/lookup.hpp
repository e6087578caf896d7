// Bytes by a table of 256.
#pragma once

#include "channels.hpp"

FASTAUG_BEGIN

#if defined(__AVX512BW__)

// The table as 128 words in four registers, two of which one instruction looks up.
struct Lookup {
  __m512i part[4];

  explicit Lookup(const uint8_t* table) {
    for (int i = 0; i < 4; ++i) part[i] = _mm512_loadu_si512(table + 64 * i);
  }

  // The words that hold what stands for the values of 0 to 255 in the words of `v`.
  __m512i words(__m512i v) const {
    const __m512i at = _mm512_srli_epi16(v, 1);
    const __m512i low = _mm512_permutex2var_epi16(part[0], at, part[1]);
    const __m512i high = _mm512_permutex2var_epi16(part[2], at, part[3]);
    return _mm512_mask_mov_epi16(low, _mm512_test_epi16_mask(v, _mm512_set1_epi16(0x80)), high);
  }

  __m512i operator()(__m512i v) const {
    const __mmask64 upper = 0xaaaaaaaaaaaaaaaa;  // of every word
    const __m512i even = words(_mm512_and_si512(v, _mm512_set1_epi16(0xff)));
    const __m512i odd = words(_mm512_srli_epi16(v, 8));
    const __m512i first = _mm512_mask_blend_epi8(upper, even, _mm512_slli_epi16(odd, 8));
    const __m512i second = _mm512_mask_blend_epi8(upper, _mm512_srli_epi16(even, 8), odd);
    return _mm512_mask_mov_epi8(first, _mm512_test_epi8_mask(v, _mm512_set1_epi8(1)), second);
  }
};

constexpr int64_t lookup_bytes = 64;
template <bool keeps_alpha>
inline void look_up(const Lookup& table, const uint8_t* from, uint8_t* to) {
  const __m512i v = _mm512_loadu_si512(from), found = table(v);
  const __mmask64 alpha = keeps_alpha ? 0x8888888888888888 : 0;
  _mm512_storeu_si512(to, _mm512_mask_mov_epi8(found, alpha, v));
}

#elif defined(__AVX2__)

// Sixteen tables of 16 bytes, chosen among by the four upper bits, one after the other.
struct Lookup {
  __m256i part[16];

  explicit Lookup(const uint8_t* table) {
    for (int i = 0; i < 16; ++i)
      part[i] = _mm256_broadcastsi128_si256(
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(table + 16 * i)));
  }

  template <int first, int count>
  __m256i among(__m256i at, const __m256i* bit) const {
    if constexpr (count == 1) {
      return _mm256_shuffle_epi8(part[first], at);
    } else {
      constexpr int half = count / 2;
      return _mm256_blendv_epi8(among<first, half>(at, bit + 1),
                                among<first + half, half>(at, bit + 1), *bit);
    }
  }

  __m256i operator()(__m256i v) const {
    // The highest bit of every byte decides, so that bits may come in from the byte below.
    const __m256i bit[4] = {v, _mm256_slli_epi16(v, 1), _mm256_slli_epi16(v, 2),
                            _mm256_slli_epi16(v, 3)};
    return among<0, 16>(_mm256_and_si256(v, _mm256_set1_epi8(15)), bit);
  }
};

constexpr int64_t lookup_bytes = 32;
template <bool keeps_alpha>
inline void look_up(const Lookup& table, const uint8_t* from, uint8_t* to) {
  const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), found = table(v);
  const __m256i alpha = _mm256_set1_epi32(keeps_alpha ? -0x01000000 : 0);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_blendv_epi8(found, v, alpha));
}

#else

struct Lookup {
  const uint8_t* all;
  explicit Lookup(const uint8_t* table) : all(table) {}
};

constexpr int64_t lookup_bytes = 4;
template <bool keeps_alpha>
inline void look_up(const Lookup& table, const uint8_t* from, uint8_t* to) {
  for (int i = 0; i < 3; ++i) to[i] = table.all[from[i]];
  to[3] = keeps_alpha ? from[3] : table.all[from[3]];
}

#endif

// Sets `count` bytes to what the table has for those of `from`, which may be the same memory; but
// for every fourth, if that is alpha.
template <bool keeps_alpha>
inline void look_up(const uint8_t* table, const uint8_t* from, uint8_t* to, int64_t count) {
  const Lookup lookup(table);
  int64_t i = 0;
  for (; i + lookup_bytes <= count; i += lookup_bytes)
    look_up<keeps_alpha>(lookup, from + i, to + i);
  for (; i < count; ++i) to[i] = keeps_alpha && i % 4 == 3 ? from[i] : table[from[i]];
}

// The same of pixels of three bytes, each channel by a table of its own.
inline void look_up_channels(const uint8_t* tables, const uint8_t* from, uint8_t* to,
                             int64_t count) {
  int64_t i = 0;
#if defined(__AVX512BW__)
  const Lookup red(tables), green(tables + 256), blue(tables + 512);
  __mmask64 greens[3], blues[3];
  for (int k = 0; k < 3; ++k) {
    greens[k] = _mm512_movepi8_mask(_mm512_loadu_si512(channel_masks<3>.of[1] + 64 * k));
    blues[k] = _mm512_movepi8_mask(_mm512_loadu_si512(channel_masks<3>.of[2] + 64 * k));
  }
  for (; i + 192 <= count; i += 192)
    for (int k = 0; k < 3; ++k) {
      const __m512i v = _mm512_loadu_si512(from + i + 64 * k);
      const __m512i two = _mm512_mask_mov_epi8(red(v), greens[k], green(v));
      _mm512_storeu_si512(to + i + 64 * k, _mm512_mask_mov_epi8(two, blues[k], blue(v)));
    }
#endif
  for (; i < count; i += 3)
    for (int c = 0; c < 3; ++c) to[i + c] = tables[256 * c + from[i + c]];
}

FASTAUG_END
