// Registers of bytes as wide as they come: lanes of 16 bytes in which the same is done.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

#if defined(__AVX512BW__)
// Eight bytes each from four places. Each is loaded to all four and keeps its own: to merge them
// takes any vector port of an Intel core, to insert them the one for shuffles.
inline __m256i eights(const uint8_t* a, const uint8_t* b, const uint8_t* c, const uint8_t* d) {
  const auto load = [](const uint8_t* p) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  };
  __m256i all = _mm256_castsi128_si256(load(a));
  all = _mm256_mask_broadcastq_epi64(all, 2, load(b));
  all = _mm256_mask_broadcastq_epi64(all, 4, load(c));
  return _mm256_mask_broadcastq_epi64(all, 8, load(d));
}

struct Bytes {
  static constexpr int lanes = 4;
  __m512i v;
  // Pixels `apart` from each other in the lanes: eight bytes of either row.
  template <int apart = 4>
  static Bytes gather(const uint8_t* top, const uint8_t* bottom, const int32_t* at) {
    const auto two = [&](int32_t a, int32_t b) {
      return eights(top + a, bottom + a, top + b, bottom + b);
    };
    return together(two(at[0], at[apart]), two(at[2 * apart], at[3 * apart]));
  }
  // Eight bytes of two pixels in each lane: the first two of every four. One load for the offsets
  // of both: loads are what a gather waits for.
  static Bytes gather8(const uint8_t* row, const int32_t* at) {
    const auto four = [&](int k) {
      int64_t a, b;
      std::memcpy(&a, at + k, sizeof a);
      std::memcpy(&b, at + k + 4, sizeof b);
      return eights(row + static_cast<int32_t>(a), row + (a >> 32), row + static_cast<int32_t>(b),
                    row + (b >> 32));
    };
    return together(four(0), four(8));
  }
  static Bytes together(__m256i low, __m256i high) {
    return {_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1)};
  }
  static Bytes gather16(const uint8_t* row, const int32_t* at) {
    const auto load = [&](int32_t o) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + o));
    };
    const __m256i low =
        _mm256_inserti128_si256(_mm256_castsi128_si256(load(at[0])), load(at[4]), 1);
    const __m256i high =
        _mm256_inserti128_si256(_mm256_castsi128_si256(load(at[8])), load(at[12]), 1);
    return {_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1)};
  }
  static Bytes load(const void* p) { return {_mm512_loadu_si512(p)}; }
  static Bytes set(int32_t a) { return {_mm512_set1_epi32(a)}; }
  static Bytes repeat(__m128i a) { return {_mm512_broadcast_i32x4(a)}; }
  Bytes shuffle(Bytes order) const { return {_mm512_shuffle_epi8(v, order.v)}; }
  // In the upper halves of lanes bytes of another.
  Bytes shuffle_with(Bytes order, Bytes other, Bytes other_order) const {
    const __m512i low = _mm512_shuffle_epi8(v, order.v);
    return {_mm512_mask_shuffle_epi8(low, 0xff00ff00ff00ff00u, other.v, other_order.v)};
  }
  Bytes multiply_pairs(Bytes b) const { return {_mm512_madd_epi16(v, b.v)}; }
  Bytes plus(Bytes b) const { return {_mm512_add_epi32(v, b.v)}; }
  Bytes both(Bytes b) const { return {_mm512_and_si512(v, b.v)}; }
  Bytes either(Bytes b) const { return {_mm512_or_si512(v, b.v)}; }
  // Words of 32 bits as floats.
  Bytes plus_floats(Bytes b) const {
    return {_mm512_castps_si512(_mm512_add_ps(_mm512_castsi512_ps(v), _mm512_castsi512_ps(b.v)))};
  }
  Bytes shift_right_words8() const { return {_mm512_srli_epi16(v, 8)}; }
  template <int n>
  Bytes shift_right() const {
    return {_mm512_srli_epi32(v, n)};
  }
  template <int n>
  Bytes shift_right_signed() const {
    return {_mm512_srai_epi32(v, n)};
  }
  template <int n>
  Bytes shift_left() const {
    return {_mm512_slli_epi32(v, n)};
  }
  Bytes with_odd_words(Bytes b) const {
    return {_mm512_ternarylogic_epi32(_mm512_set1_epi32(0xffff), v, b.v, 0xca)};
  }
  Bytes clamped() const {
    return {_mm512_max_epi32(_mm512_min_epi32(v, _mm512_set1_epi32(255)), _mm512_setzero_si512())};
  }
  // The first or the last two words of 32 bits, each twice.
  template <int i>
  Bytes words_twice() const {
    return {_mm512_shuffle_epi32(v, static_cast<_MM_PERM_ENUM>(i ? 0xfa : 0x50))};
  }
  template <int i>
  Bytes word() const {
    return {_mm512_shuffle_epi32(v, static_cast<_MM_PERM_ENUM>(i * 0x55))};
  }
  static Bytes pack(Bytes a, Bytes b, Bytes c, Bytes d) {
    return {_mm512_packus_epi16(_mm512_packus_epi32(a.v, b.v), _mm512_packus_epi32(c.v, d.v))};
  }
  // Words of 16 bits, saturated.
  static Bytes pack_words(Bytes a, Bytes b) { return {_mm512_packus_epi16(a.v, b.v)}; }
  static Bytes pairs(const uint8_t* p) {
    return {_mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
  }
  void store_low_bytes(uint8_t* p) const {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(v));
  }
};
#elif defined(__AVX2__)
struct Bytes {
  static constexpr int lanes = 2;
  __m256i v;
  // Pixels `apart` from each other in the lanes: eight bytes of either row.
  template <int apart = 4>
  static Bytes gather(const uint8_t* top, const uint8_t* bottom, const int32_t* at) {
    const auto both = [&](int32_t o) {
      const __m128i upper = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(top + o));
      return _mm_castpd_si128(
          _mm_loadh_pd(_mm_castsi128_pd(upper), reinterpret_cast<const double*>(bottom + o)));
    };
    return {_mm256_inserti128_si256(_mm256_castsi128_si256(both(at[0])), both(at[apart]), 1)};
  }
  // Eight bytes of two pixels in each lane: the first two of every four.
  static Bytes gather8(const uint8_t* row, const int32_t* at) {
    const auto both = [&](int k) {
      const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + at[k]));
      return _mm_castpd_si128(
          _mm_loadh_pd(_mm_castsi128_pd(first), reinterpret_cast<const double*>(row + at[k + 1])));
    };
    return {_mm256_inserti128_si256(_mm256_castsi128_si256(both(0)), both(4), 1)};
  }
  static Bytes gather16(const uint8_t* row, const int32_t* at) {
    const auto load = [&](int32_t o) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + o));
    };
    return {_mm256_inserti128_si256(_mm256_castsi128_si256(load(at[0])), load(at[4]), 1)};
  }
  static Bytes load(const void* p) { return {_mm256_loadu_si256(static_cast<const __m256i*>(p))}; }
  static Bytes set(int32_t a) { return {_mm256_set1_epi32(a)}; }
  static Bytes repeat(__m128i a) { return {_mm256_broadcastsi128_si256(a)}; }
  Bytes shuffle(Bytes order) const { return {_mm256_shuffle_epi8(v, order.v)}; }
  // In the upper halves of lanes bytes of another; neither order has any where the other's are.
  Bytes shuffle_with(Bytes order, Bytes other, Bytes other_order) const {
    return {_mm256_or_si256(_mm256_shuffle_epi8(v, order.v),
                            _mm256_shuffle_epi8(other.v, other_order.v))};
  }
  Bytes multiply_pairs(Bytes b) const { return {_mm256_madd_epi16(v, b.v)}; }
  Bytes plus(Bytes b) const { return {_mm256_add_epi32(v, b.v)}; }
  Bytes both(Bytes b) const { return {_mm256_and_si256(v, b.v)}; }
  Bytes either(Bytes b) const { return {_mm256_or_si256(v, b.v)}; }
  // Words of 32 bits as floats.
  Bytes plus_floats(Bytes b) const {
    return {_mm256_castps_si256(_mm256_add_ps(_mm256_castsi256_ps(v), _mm256_castsi256_ps(b.v)))};
  }
  Bytes shift_right_words8() const { return {_mm256_srli_epi16(v, 8)}; }
  template <int n>
  Bytes shift_right() const {
    return {_mm256_srli_epi32(v, n)};
  }
  template <int n>
  Bytes shift_right_signed() const {
    return {_mm256_srai_epi32(v, n)};
  }
  template <int n>
  Bytes shift_left() const {
    return {_mm256_slli_epi32(v, n)};
  }
  Bytes with_odd_words(Bytes b) const { return {_mm256_blend_epi16(v, b.v, 0xaa)}; }
  Bytes clamped() const {
    return {_mm256_max_epi32(_mm256_min_epi32(v, _mm256_set1_epi32(255)), _mm256_setzero_si256())};
  }
  // The first or the last two words of 32 bits, each twice.
  template <int i>
  Bytes words_twice() const {
    return {_mm256_shuffle_epi32(v, i ? 0xfa : 0x50)};
  }
  template <int i>
  Bytes word() const {
    return {_mm256_shuffle_epi32(v, i * 0x55)};
  }
  static Bytes pack(Bytes a, Bytes b, Bytes c, Bytes d) {
    return {_mm256_packus_epi16(_mm256_packus_epi32(a.v, b.v), _mm256_packus_epi32(c.v, d.v))};
  }
  // Words of 16 bits, saturated.
  static Bytes pack_words(Bytes a, Bytes b) { return {_mm256_packus_epi16(a.v, b.v)}; }
  static Bytes pairs(const uint8_t* p) {
    return {_mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))};
  }
  void store_low_bytes(uint8_t* p) const {
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(v, v), 8);
    const __m128i low = _mm256_castsi256_si128(words);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(low, low));
  }
};
#elif defined(__SSE4_1__)
struct Bytes {
  static constexpr int lanes = 1;
  __m128i v;
  // Pixels `apart` from each other in the lanes: eight bytes of either row.
  template <int apart = 4>
  static Bytes gather(const uint8_t* top, const uint8_t* bottom, const int32_t* at) {
    const auto both = [&](int32_t o) {
      const __m128i upper = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(top + o));
      return _mm_castpd_si128(
          _mm_loadh_pd(_mm_castsi128_pd(upper), reinterpret_cast<const double*>(bottom + o)));
    };
    return {both(at[0])};
  }
  // Eight bytes of two pixels in each lane: the first two of every four. One load for the offsets
  // of both: loads are what a gather waits for.
  static Bytes gather8(const uint8_t* row, const int32_t* at) {
    const auto both = [&](int k) {
      int64_t offsets;
      std::memcpy(&offsets, at + k, sizeof offsets);
      const uint8_t *a = row + static_cast<int32_t>(offsets), *b = row + (offsets >> 32);
      const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(a));
      return _mm_castpd_si128(
          _mm_loadh_pd(_mm_castsi128_pd(first), reinterpret_cast<const double*>(b)));
    };
    return {both(0)};
  }
  static Bytes gather16(const uint8_t* row, const int32_t* at) { return load(row + at[0]); }
  static Bytes load(const void* p) { return {_mm_loadu_si128(static_cast<const __m128i*>(p))}; }
  static Bytes set(int32_t a) { return {_mm_set1_epi32(a)}; }
  static Bytes repeat(__m128i a) { return {a}; }
  Bytes shuffle(Bytes order) const { return {_mm_shuffle_epi8(v, order.v)}; }
  // In the upper halves of lanes bytes of another; neither order has any where the other's are.
  Bytes shuffle_with(Bytes order, Bytes other, Bytes other_order) const {
    return {_mm_or_si128(_mm_shuffle_epi8(v, order.v), _mm_shuffle_epi8(other.v, other_order.v))};
  }
  Bytes multiply_pairs(Bytes b) const { return {_mm_madd_epi16(v, b.v)}; }
  Bytes plus(Bytes b) const { return {_mm_add_epi32(v, b.v)}; }
  Bytes both(Bytes b) const { return {_mm_and_si128(v, b.v)}; }
  Bytes either(Bytes b) const { return {_mm_or_si128(v, b.v)}; }
  // Words of 32 bits as floats.
  Bytes plus_floats(Bytes b) const {
    return {_mm_castps_si128(_mm_add_ps(_mm_castsi128_ps(v), _mm_castsi128_ps(b.v)))};
  }
  Bytes shift_right_words8() const { return {_mm_srli_epi16(v, 8)}; }
  template <int n>
  Bytes shift_right() const {
    return {_mm_srli_epi32(v, n)};
  }
  template <int n>
  Bytes shift_right_signed() const {
    return {_mm_srai_epi32(v, n)};
  }
  template <int n>
  Bytes shift_left() const {
    return {_mm_slli_epi32(v, n)};
  }
  Bytes with_odd_words(Bytes b) const { return {_mm_blend_epi16(v, b.v, 0xaa)}; }
  Bytes clamped() const {
    return {_mm_max_epi32(_mm_min_epi32(v, _mm_set1_epi32(255)), _mm_setzero_si128())};
  }
  // The first or the last two words of 32 bits, each twice.
  template <int i>
  Bytes words_twice() const {
    return {_mm_shuffle_epi32(v, i ? 0xfa : 0x50)};
  }
  template <int i>
  Bytes word() const {
    return {_mm_shuffle_epi32(v, i * 0x55)};
  }
  static Bytes pack(Bytes a, Bytes b, Bytes c, Bytes d) {
    return {_mm_packus_epi16(_mm_packus_epi32(a.v, b.v), _mm_packus_epi32(c.v, d.v))};
  }
  // Words of 16 bits, saturated.
  static Bytes pack_words(Bytes a, Bytes b) { return {_mm_packus_epi16(a.v, b.v)}; }
  static Bytes pairs(const uint8_t* p) {
    return {_mm_cvtepu8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)))};
  }
  void store_low_bytes(uint8_t* p) const {
    const __m128i words = _mm_packus_epi32(v, v);
    const int32_t low = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    std::memcpy(p, &low, sizeof low);
  }
};
#else
#define FASTAUG_NO_BYTES
struct Bytes {
  static constexpr int lanes = 1;
};
#endif

FASTAUG_END
