// Bytes times a number plus another, in words, to the bit of what a table says that it is.
#pragma once

#include "../../ops/round.hpp"
#include "byte_lanes.hpp"

FASTAUG_BEGIN

// (256 v + below) * factor / 2^16 in 2^7ths of a level, plus or less a number of them, both cut and
// saturated, and then confined to the range.
struct LinearWords {
  uint8_t below;
  bool subtracts;
  uint16_t factor, moved;
  uint8_t low, high;
};

constexpr int64_t linear_words_factor = 1 << 15;  // what stands for one

// Finds those that make of every byte what the table has, which comes of a factor of at least 0 and
// less than 2 and is confined to the range; false where there are none. A level too low or too high
// is left to the range, so that the others alone say between which numbers the sum of all that is
// the same for every byte must be.
inline bool find_linear_words(const uint8_t* table, float factor, ValueRange<uint8_t> range,
                              LinearWords& found) {
  if (!(factor >= 0.0f && factor < 2.0f)) return false;
  const int32_t nearest = static_cast<int32_t>(factor * static_cast<float>(linear_words_factor));
  for (int32_t k = 0; k < 4; ++k) {  // 0, 1, -1 and 2 more
    const int32_t by = nearest + (k % 2 != 0 ? (k + 1) / 2 : -k / 2);
    if (by < 0 || by > 65535) continue;
    int32_t least = -(1 << 30), most = 1 << 30;  // in 2^15ths of a level
    for (int32_t v = 0; v < 256; ++v) {
      const int32_t level = table[v], rest = (level << 15) - v * by;
      least = larger(least, level > range.low ? rest : -(1 << 30));
      most = smaller(most, level < range.high ? rest + (1 << 15) : 1 << 30);
    }
    // In 2^23rds from here on.
    for (int64_t below = 0; below < 256; ++below) {
      const int64_t lower = least * int64_t{256} - below * by,
                    upper = most * int64_t{256} - below * by;
      const int64_t moved = (lower + 65535) >> 16;
      if (moved * 65536 >= upper) continue;
      const int64_t size = moved < 0 ? -moved : moved;
      if (size > 65535) continue;
      found = {static_cast<uint8_t>(below), moved < 0, static_cast<uint16_t>(by),
               static_cast<uint16_t>(size), range.low, range.high};
      return true;
    }
  }
  return false;
}

inline UWordLanes high_product(UWordLanes a, UWordLanes b) {
#if defined(__AVX512BW__)
  return (UWordLanes)_mm512_mulhi_epu16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (UWordLanes)_mm256_mulhi_epu16((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (UWordLanes)_mm_mulhi_epu16((__m128i)a, (__m128i)b);
#else
  for (int i = 0; i < register_bytes / 2; ++i)
    a[i] = static_cast<uint16_t>(static_cast<uint32_t>(a[i]) * b[i] >> 16);
  return a;
#endif
}

// The sum or the difference, or what of a uint16 is nearest to it.
template <bool subtracts>
inline UWordLanes moved_by(UWordLanes a, UWordLanes b) {
#if defined(__AVX512BW__)
  const __m512i p = (__m512i)a, q = (__m512i)b;
  return (UWordLanes)(subtracts ? _mm512_subs_epu16(p, q) : _mm512_adds_epu16(p, q));
#elif defined(__AVX2__)
  const __m256i p = (__m256i)a, q = (__m256i)b;
  return (UWordLanes)(subtracts ? _mm256_subs_epu16(p, q) : _mm256_adds_epu16(p, q));
#elif defined(__x86_64__)
  const __m128i p = (__m128i)a, q = (__m128i)b;
  return (UWordLanes)(subtracts ? _mm_subs_epu16(p, q) : _mm_adds_epu16(p, q));
#else
  const UWordLanes sum = a + b, all = UWordLanes{} + uint16_t{65535};
  if (subtracts) return a < b ? UWordLanes{} : a - b;
  return sum < a ? all : sum;
#endif
}

template <bool subtracts, bool clips>
inline void map_linear_words(const LinearWords& linear, const uint8_t* from, uint8_t* to,
                             int64_t count) {
  const ByteLanes below = ByteLanes{} + linear.below;
  const ByteLanes low = ByteLanes{} + linear.low, high = ByteLanes{} + linear.high;
  const UWordLanes factor = UWordLanes{} + linear.factor, moved = UWordLanes{} + linear.moved;
  const auto made = [&](WordLanes v) {
    return (WordLanes)(moved_by<subtracts>(high_product((UWordLanes)v, factor), moved) >> 7);
  };
  const auto some = [&](const uint8_t* p, uint8_t* q) {
    ByteLanes v;
    std::memcpy(&v, p, sizeof v);
    const WideBytes wide = above(v, below);
    v = narrowed(made(wide.first), made(wide.second));
    if (clips) v = smaller(larger(v, low), high);
    std::memcpy(q, &v, sizeof v);
  };
  int64_t i = 0;
  for (; i + register_bytes <= count; i += register_bytes) some(from + i, to + i);
  if (i == count) return;
  uint8_t rest[register_bytes] = {};
  std::memcpy(rest, from + i, static_cast<std::size_t>(count - i));
  some(rest, rest);
  std::memcpy(to + i, rest, static_cast<std::size_t>(count - i));
}

// Sets `count` bytes to what comes of those of `from`, which may be the same memory.
inline void map_linear_words(const LinearWords& linear, const uint8_t* from, uint8_t* to,
                             int64_t count) {
  const bool clips = linear.low != 0 || linear.high != 255;
  if (linear.subtracts)
    return clips ? map_linear_words<true, true>(linear, from, to, count)
                 : map_linear_words<true, false>(linear, from, to, count);
  return clips ? map_linear_words<false, true>(linear, from, to, count)
               : map_linear_words<false, false>(linear, from, to, count);
}

FASTAUG_END
