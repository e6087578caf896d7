// Pixels of three bytes in a form that makes little work of a bicubic blend.
#pragma once

#include "blend_cubic.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// Four bytes a pixel: colours less 128, and a number that goes with each of them in its 16 bits,
// the colour in the upper half. The sixteen weights of a blend sum to one whatever it is made of,
// so this one, 130, adds what rounds the sums: 2 that of a row, 128 the whole one.
constexpr bool copies_for_cubic =
#if defined(FASTAUG_NO_BYTES)
    false;
#else
    true;
#endif

inline void spread_for_cubic(const uint8_t* from, int64_t count, uint32_t* to) {
  constexpr int32_t form = -0x7d7f7f80;  // 0x82808080
  int64_t k = 0;
  const auto lanes = [&](int64_t at) {
    const Ints v = load_pixels<3>(from + 3 * at) ^ form;
    std::memcpy(to + at, &v, sizeof v);
  };
  if (count >= pixel_lanes) {
    for (; k + pixel_lanes <= count; k += pixel_lanes) lanes(k);
    if (k < count) lanes(count - pixel_lanes);
    return;
  }
  for (; k < count; ++k)
    to[k] = (from[3 * k] | static_cast<uint32_t>(from[3 * k + 1]) << 8 |
             static_cast<uint32_t>(from[3 * k + 2]) << 16) ^
            static_cast<uint32_t>(form);
}

#if !defined(FASTAUG_NO_BYTES)
#if defined(__AVX512BW__)
#define FASTAUG_BYTES(name) _mm512_##name
#elif defined(__AVX2__)
#define FASTAUG_BYTES(name) _mm256_##name
#else
#define FASTAUG_BYTES(name) _mm_##name
#endif

// The upper halves of words of 32 bits: those of `a` in the lower halves, of `b` where they are.
inline Bytes upper_halves(Bytes a, Bytes b) { return a.shift_right<16>().with_odd_words(b); }

// Over 2^20, rounded half to even, of what half of that was added to already.
inline Bytes rounded_greys(Bytes sum) {
#if defined(__AVX512BW__)
  const __mmask16 odd = _mm512_test_epi32_mask(sum.v, _mm512_set1_epi32(1 << 20));
  return Bytes{_mm512_mask_sub_epi32(sum.v, odd, sum.v, _mm512_set1_epi32(1))}
      .shift_right_signed<20>();
#else
  return sum.plus(sum.shift_left<11>().shift_right_signed<31>()).shift_right_signed<20>();
#endif
}

// Numbers in words of 32 bits, confined to -128 to 127, as bytes with 128 added.
inline Bytes pack_greys(Bytes a, Bytes b, Bytes c, Bytes d) {
  const auto packed = FASTAUG_BYTES(packs_epi16)(FASTAUG_BYTES(packs_epi32)(a.v, b.v),
                                                 FASTAUG_BYTES(packs_epi32)(c.v, d.v));
  return {FASTAUG_BYTES(add_epi8)(packed, FASTAUG_BYTES(set1_epi8)(-128))};
}
#undef FASTAUG_BYTES
#endif

// `count` pixels from taps `offset` bytes into four rows of that form; see `blend_cubic_bytes_at`.
__attribute__((flatten)) inline void blend_cubic_copied(const char* const rows[4],
                                                        const int32_t* offset, const CubicPairs& w,
                                                        int64_t count, int64_t room, uint8_t* to) {
#if !defined(FASTAUG_NO_BYTES)
  const uint8_t* from[4];
  for (int i = 0; i < 4; ++i) from[i] = reinterpret_cast<const uint8_t*>(rows[i]);
  const Bytes order02 =
      Bytes::repeat(_mm_setr_epi8(3, 0, 3, 8, 3, 1, 3, 9, 3, 2, 3, 10, 3, 3, 3, 3));
  const Bytes order13 =
      Bytes::repeat(_mm_setr_epi8(3, 4, 3, 12, 3, 5, 3, 13, 3, 6, 3, 14, 3, 3, 3, 3));
  for (int64_t k = 0; k < count; k += byte_block) {
    const Bytes x02 = Bytes::load(w.x02 + k), x13 = Bytes::load(w.x13 + k);
    const Bytes y01 = Bytes::load(w.y01 + k), y23 = Bytes::load(w.y23 + k);
    const auto quarter = [&](int i, Bytes a, Bytes b, Bytes c, Bytes d) {
      // Of a row, in the upper halves: 64ths of a grey level less 128 levels, and half a level.
      const auto along = [&](int row) {
        const Bytes taps = Bytes::gather16(from[row], offset + k + i);
        return sum_pairs(taps.shuffle(order02), a, taps.shuffle(order13), b);
      };
      const auto two = [&](int row) { return upper_halves(along(row), along(row + 1)); };
      return rounded_greys(sum_pairs(two(0), c, two(2), d));
    };
    const Bytes made =
        pack_greys(quarter(0, x02.word<0>(), x13.word<0>(), y01.word<0>(), y23.word<0>()),
                   quarter(1, x02.word<1>(), x13.word<1>(), y01.word<1>(), y23.word<1>()),
                   quarter(2, x02.word<2>(), x13.word<2>(), y01.word<2>(), y23.word<2>()),
                   quarter(3, x02.word<3>(), x13.word<3>(), y01.word<3>(), y23.word<3>()));
    store_block<3>(made, room - 3 * k, to + 3 * k);
  }
#else
  (void)rows, (void)offset, (void)w, (void)count, (void)room, (void)to;
#endif
}

FASTAUG_END
