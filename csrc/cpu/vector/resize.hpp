// Lanes for resizing bytes. Along a row everything goes by blocks: up to 16 neighbouring bytes of
// the input, put in order by one shuffle, that make a few neighbouring elements of the output.
// Which and how many they are is worked out once for all rows, so channels, scale and direction
// make no difference here.
#pragma once

#include "../../ops/resize.hpp"
#include "../vector.hpp"

FASTAUG_BEGIN

// What lanes write may lie this much beyond what they are asked for.
constexpr int64_t resize_slack = 64;

// Two taps an element, eight elements a block.
struct LerpBlocks {
  static constexpr int64_t elements = 8;
  int64_t count;
  int64_t *from, *to;  // where the bytes begin, and the elements
  uint8_t* order;      // 16 a block: left and right tap of each element in turn
  int16_t* weight;     // 8 a block
  bool full;           // all blocks but the last make eight
};

// Any even number of taps, four elements a block.
struct FixedBlocks {
  static constexpr int64_t elements = 4;
  int64_t count;
  int64_t *from, *to;
  uint8_t* order;   // 16 a block: two taps of each element, each as a word; 0x80 makes zero
  int16_t* weight;  // by pairs of taps: the high halves of blocks side by side, then the low ones
  bool full;
  int64_t pairs;
  int64_t step;  // bytes from one pair to the next
};

// Floats: any number of taps, as many elements a block as a register holds, picked from two of
// them. A tap that an element does not have weighs NaN, and is left out: times no weight it might
// be NaN itself.
struct FloatBlocks {
  static constexpr int64_t elements = register_bytes / sizeof(float), window = 2 * elements;
  int64_t count, taps, step;
  int64_t *from, *to;
  int32_t* order;  // a register a block
  float* weight;   // a register a tap
  bool full;
};

#if defined(__AVX2__)
constexpr bool floats_go_by_blocks = true;

#if defined(__AVX512F__)
struct TapOrder {
  __m512i order;
  explicit TapOrder(const int32_t* p) : order(_mm512_loadu_si512(p)) {}
  Floats pick(const float* p) const {
    return _mm512_permutex2var_ps(_mm512_loadu_ps(p), order, _mm512_loadu_ps(p + 16));
  }
};

inline Floats first_tap(Floats pixels, Floats weight) {
  const __mmask16 there = _mm512_cmp_ps_mask(weight, weight, _CMP_ORD_Q);
  return _mm512_maskz_mul_ps(there, pixels, weight);
}

inline Floats with_tap(Floats sum, Floats pixels, Floats weight) {
  const __mmask16 there = _mm512_cmp_ps_mask(weight, weight, _CMP_ORD_Q);
  return _mm512_mask_add_ps(sum, there, sum, pixels * weight);
}
#else
struct TapOrder {
  __m256i order;
  __m256 second;  // the sign: whether it lies in the second register
  explicit TapOrder(const int32_t* p)
      : order(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))),
        second(_mm256_castsi256_ps(_mm256_slli_epi32(order, 28))) {}
  Floats pick(const float* p) const {
    return _mm256_blendv_ps(_mm256_permutevar8x32_ps(_mm256_loadu_ps(p), order),
                            _mm256_permutevar8x32_ps(_mm256_loadu_ps(p + 8), order), second);
  }
};

inline Floats first_tap(Floats pixels, Floats weight) {
  return _mm256_and_ps(pixels * weight, _mm256_cmp_ps(weight, weight, _CMP_ORD_Q));
}

inline Floats with_tap(Floats sum, Floats pixels, Floats weight) {
  const __m256 missing = _mm256_cmp_ps(weight, weight, _CMP_UNORD_Q);
  return _mm256_blendv_ps(sum + pixels * weight, sum, missing);
}
#endif

// `Taps`, or any number for 0.
template <int Taps>
inline void sum_columns_by(const float* row, const FloatBlocks& blocks, float* to) {
  constexpr int64_t elements = FloatBlocks::elements;
  const int64_t taps = Taps ? Taps : blocks.taps;
  const float* weight = blocks.weight;
  for (int64_t b = 0; b < blocks.count; ++b, weight += elements * taps) {
    const float* from = row + blocks.from[b];
    const TapOrder order(blocks.order + elements * b);
    Floats sum = first_tap(order.pick(from), load<Floats>(weight));
    for (int64_t t = 1; t < taps; ++t)
      sum = with_tap(sum, order.pick(from + t * blocks.step), load<Floats>(weight + elements * t));
    std::memcpy(to + (blocks.full ? elements * b : blocks.to[b]), &sum, sizeof sum);
  }
}

inline void sum_columns(const float* row, const FloatBlocks& blocks, float* to) {
  switch (blocks.taps) {
    case 1:
      return sum_columns_by<1>(row, blocks, to);
    case 2:
      return sum_columns_by<2>(row, blocks, to);
    case 3:
      return sum_columns_by<3>(row, blocks, to);
    case 4:
      return sum_columns_by<4>(row, blocks, to);
    default:
      return sum_columns_by<0>(row, blocks, to);
  }
}
#else
constexpr bool floats_go_by_blocks = false;

inline void sum_columns(const float*, const FloatBlocks&, float*) {}
#endif

// A weight as two of 11 bits, the lower one not negative, for two taps side by side.
struct FixedPair {
  int16_t high[2], low[2];
};

inline void split_weight(int32_t weight, int16_t& high, int16_t& low) {
  high = static_cast<int16_t>(weight >> 11);
  low = static_cast<int16_t>(weight & 0x7ff);
}

#if !defined(FASTAUG_NO_BYTES)

constexpr int resize_lanes = Bytes::lanes;

// Places that 16 bytes each are read from, one for each lane.
struct Sources {
  const uint8_t* at[resize_lanes];
  Sources(const uint8_t* row, const int64_t* from, int apart) {
    for (int lane = 0; lane < resize_lanes; ++lane) at[lane] = row + from[lane * apart];
  }
  Bytes gather(int64_t ahead) const {
    const auto load = [&](int lane) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at[lane] + ahead));
    };
#if defined(__AVX512BW__)
    const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(load(0)), load(1), 1);
    const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(load(2)), load(3), 1);
    return {_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1)};
#elif defined(__AVX2__)
    return {_mm256_inserti128_si256(_mm256_castsi128_si256(load(0)), load(1), 1)};
#else
    return {load(0)};
#endif
  }
};

#if defined(__AVX512BW__)
#define FASTAUG_WIDE(name) _mm512_##name
#define FASTAUG_STORE(p, v) _mm512_storeu_si512(p, v)
#define FASTAUG_ZERO _mm512_setzero_si512()
#elif defined(__AVX2__)
#define FASTAUG_WIDE(name) _mm256_##name
#define FASTAUG_STORE(p, v) _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v)
#define FASTAUG_ZERO _mm256_setzero_si256()
#else
#define FASTAUG_WIDE(name) _mm_##name
#define FASTAUG_STORE(p, v) _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v)
#define FASTAUG_ZERO _mm_setzero_si128()
#endif

inline void lerp_columns(const uint8_t* row, const LerpBlocks& blocks, int16_t* to) {
  const Bytes difference = Bytes::set(0x40c040c0), left = Bytes::set(0x00400040);
  for (int64_t b = 0; b < blocks.count; b += resize_lanes) {
    const Bytes taps =
        Sources(row, blocks.from + b, 1).gather(0).shuffle(Bytes::load(blocks.order + 16 * b));
    const Bytes weight = Bytes::load(blocks.weight + 8 * b);
    const auto part =
        FASTAUG_WIDE(mulhrs_epi16)(FASTAUG_WIDE(maddubs_epi16)(taps.v, difference.v), weight.v);
    const auto made = FASTAUG_WIDE(add_epi16)(FASTAUG_WIDE(maddubs_epi16)(taps.v, left.v), part);
    if (blocks.full) {
      FASTAUG_STORE(to + 8 * b, made);
      continue;
    }
    alignas(64) int16_t all[8 * resize_lanes];
    FASTAUG_STORE(all, made);
    for (int lane = 0; lane < resize_lanes; ++lane)
      std::memcpy(to + blocks.to[b + lane], all + 8 * lane, 16);
  }
}

inline Bytes fixed_sum(Bytes high, Bytes low) {
  return {FASTAUG_WIDE(srai_epi32)(
      FASTAUG_WIDE(add_epi32)(FASTAUG_WIDE(slli_epi32)(high.v, 11), low.v), 22)};
}

// `Pairs` of taps, or any number for 0.
template <int Pairs>
inline void weigh_columns_by(const uint8_t* row, const FixedBlocks& blocks, uint8_t* to) {
  constexpr int together = 4 * resize_lanes;
  const int64_t pairs = Pairs ? Pairs : blocks.pairs, step = blocks.step;
  for (int64_t b = 0; b < blocks.count; b += together) {
    const auto quarter = [&](int i) {
      const int64_t at = b + i * resize_lanes;
      const Bytes order = Bytes::load(blocks.order + 16 * at);
      const int16_t* weight = blocks.weight + 16 * pairs * at;
      const Sources sources(row, blocks.from + b + i, 4);
      Bytes high = Bytes::set(0), low = Bytes::set(resize_half);
      for (int64_t p = 0; p < pairs; ++p, weight += 16 * resize_lanes) {
        const Bytes taps = sources.gather(p * step).shuffle(order);
        high = high.plus(taps.multiply_pairs(Bytes::load(weight)));
        low = low.plus(taps.multiply_pairs(Bytes::load(weight + 8 * resize_lanes)));
      }
      return fixed_sum(high, low);
    };
    const Bytes made = Bytes::pack(quarter(0), quarter(1), quarter(2), quarter(3));
    if (blocks.full) {
      FASTAUG_STORE(to + 4 * b, made.v);
      continue;
    }
    alignas(64) uint8_t all[4 * together];
    FASTAUG_STORE(all, made.v);
    for (int i = 0; i < together; ++i) std::memcpy(to + blocks.to[b + i], all + 4 * i, 4);
  }
}

inline void weigh_columns(const uint8_t* row, const FixedBlocks& blocks, uint8_t* to) {
  switch (blocks.pairs) {
    case 1:
      return weigh_columns_by<1>(row, blocks, to);
    case 2:
      return weigh_columns_by<2>(row, blocks, to);
    case 3:
      return weigh_columns_by<3>(row, blocks, to);
    case 4:
      return weigh_columns_by<4>(row, blocks, to);
    default:
      return weigh_columns_by<0>(row, blocks, to);
  }
}

// Sums of pairs of rows under pairs of weights; reads and makes whole registers.
inline void weigh_rows(const uint8_t* const* rows, const FixedPair* weight, int64_t pairs,
                       int64_t count, uint8_t* to) {
  constexpr int together = 16 * resize_lanes;
  const auto zero = FASTAUG_ZERO;
  for (int64_t x = 0; x < count; x += together) {
    Bytes high[4], low[4];
    for (int i = 0; i < 4; ++i) high[i] = Bytes::set(0), low[i] = Bytes::set(resize_half);
    for (int64_t p = 0; p < pairs; ++p) {
      int32_t high_pair, low_pair;
      std::memcpy(&high_pair, weight[p].high, 4);
      std::memcpy(&low_pair, weight[p].low, 4);
      const Bytes above = Bytes::load(rows[2 * p] + x), below = Bytes::load(rows[2 * p + 1] + x);
      const auto left = FASTAUG_WIDE(unpacklo_epi8)(above.v, below.v);
      const auto right = FASTAUG_WIDE(unpackhi_epi8)(above.v, below.v);
      const Bytes taps[4] = {{FASTAUG_WIDE(unpacklo_epi8)(left, zero)},
                             {FASTAUG_WIDE(unpackhi_epi8)(left, zero)},
                             {FASTAUG_WIDE(unpacklo_epi8)(right, zero)},
                             {FASTAUG_WIDE(unpackhi_epi8)(right, zero)}};
      for (int i = 0; i < 4; ++i) {
        high[i] = high[i].plus(taps[i].multiply_pairs(Bytes::set(high_pair)));
        low[i] = low[i].plus(taps[i].multiply_pairs(Bytes::set(low_pair)));
      }
    }
    const Bytes made = Bytes::pack(fixed_sum(high[0], low[0]), fixed_sum(high[1], low[1]),
                                   fixed_sum(high[2], low[2]), fixed_sum(high[3], low[3]));
    if (count - x >= together) {
      FASTAUG_STORE(to + x, made.v);
      continue;
    }
    alignas(64) uint8_t all[together];
    FASTAUG_STORE(all, made.v);
    std::memcpy(to + x, all, static_cast<std::size_t>(count - x));
  }
}

#undef FASTAUG_WIDE
#undef FASTAUG_STORE
#undef FASTAUG_ZERO

#else

constexpr int resize_lanes = 1;

inline void lerp_columns(const uint8_t* row, const LerpBlocks& blocks, int16_t* to) {
  for (int64_t b = 0; b < blocks.count; ++b)
    for (int i = 0; i < 8; ++i) {
      const uint8_t* taps = row + blocks.from[b];
      const uint8_t* order = blocks.order + 16 * b + 2 * i;
      to[blocks.to[b] + i] = lerp_bytes(taps[order[0]], taps[order[1]], blocks.weight[8 * b + i]);
    }
}

inline void weigh_columns(const uint8_t* row, const FixedBlocks& blocks, uint8_t* to) {
  for (int64_t b = 0; b < blocks.count; ++b)
    for (int i = 0; i < 4; ++i) {
      int32_t sum = resize_half;
      const int16_t* weight = blocks.weight + 16 * blocks.pairs * b + 2 * i;
      const uint8_t* taps = row + blocks.from[b];
      for (int64_t p = 0; p < blocks.pairs; ++p, weight += 16, taps += blocks.step)
        for (int t = 0; t < 2; ++t)
          sum += taps[blocks.order[16 * b + 4 * i + 2 * t]] * (weight[t] * 2048 + weight[t + 8]);
      to[blocks.to[b] + i] = fixed_pixel(sum);
    }
}

inline void weigh_rows(const uint8_t* const* rows, const FixedPair* weight, int64_t pairs,
                       int64_t count, uint8_t* to) {
  for (int64_t x = 0; x < count; ++x) {
    int32_t sum = resize_half;
    for (int64_t p = 0; p < pairs; ++p)
      for (int t = 0; t < 2; ++t)
        sum += rows[2 * p + t][x] * (weight[p].high[t] * 2048 + weight[p].low[t]);
    to[x] = fixed_pixel(sum);
  }
}

#endif

FASTAUG_END
