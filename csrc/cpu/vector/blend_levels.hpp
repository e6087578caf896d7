// Bilinear blends of bytes in fixed point, fine enough to tell the grey level that a number between
// two of them is cut to, or to know that it cannot be told.
#pragma once

#include "blend_bytes.hpp"
#include "steps.hpp"
#include "weigh.hpp"

FASTAUG_BEGIN

// After the point, of weights and of what they blend.
constexpr int fine_bits = 22;

// Weights of columns in pairs, the left tap's in the low half: their upper 14 bits, and the 8 that
// are left, each for the upper row and for the lower one.
template <int64_t Columns>
struct FinePairs {
  static constexpr int64_t columns = Columns;
  alignas(64) uint32_t upper[Columns], lower[Columns], upper_rest[Columns], lower_rest[Columns];

  // From the fractions of a register of columns, which are rounded by half a unit; the product of
  // both is off by three quarters of one. All four sum to one.
  void put(int64_t k, const weigh::Group& of) {
    for (int i = 0; i < weigh::Group::registers; ++i, k += Steps::in_pair)
      put_register(k, of.x[i], of.y[i]);
  }

 private:
  void put_register(int64_t k, Fractions x, Fractions y) {
    const auto rounded = [](Fractions v) { return ((v >> (31 - fine_bits)) + 1) >> 1; };
    const auto floats = [](Fractions v) { return __builtin_convertvector((Ints)v, Floats); };
    const Fractions right = rounded(x), low = rounded(y);
    // Nothing is left after the point of a number that is added to one so large.
    const Floats product = floats(right) * (floats(low) * 0x1p-22f) + 12582912.0f;
    const Fractions w11 = (Fractions)product - 0x4b400000u, w01 = right - w11, w10 = low - w11;
    const Fractions w00 = (1u << fine_bits) - low - w01;
    const auto store = [](uint32_t* at, uint32_t* rest, Fractions a, Fractions b) {
      const Fractions pairs = a >> 8 | (b << 8 & 0xffff0000u),
                      rests = (a & 255) | (b << 16 & 0xff0000u);
      std::memcpy(at, &pairs, sizeof pairs);
      std::memcpy(rest, &rests, sizeof rests);
    };
    store(upper + k, upper_rest + k, w00, w01);
    store(lower + k, lower_rest + k, w10, w11);
  }
};

// How blended numbers become grey levels, and which of these there are before the shift. In units
// of the last of `fine_bits`.
struct LevelCut {
  int32_t shift = 0;   // added before they are cut
  int32_t margin = 1;  // how far they are off at most: a power of two
  int32_t lowest = 255, highest = 0;
#if !defined(FASTAUG_NO_BYTES)
  Bytes least = Bytes::set(255 << fine_bits), greatest = Bytes::set(0);  // not yet among these
#endif

  // The bits of a number with the margin added that are all zero if it may be a whole one.
  int32_t far_bits() const { return (1 << fine_bits) - 2 * margin; }

  void widen(int32_t level) {
    lowest = smaller(lowest, level);
    highest = larger(highest, level);
  }

  void widen_by_lanes() {
#if !defined(FASTAUG_NO_BYTES)
    int32_t lows[4 * Bytes::lanes], highs[4 * Bytes::lanes];
    std::memcpy(lows, &least, sizeof lows);
    std::memcpy(highs, &greatest, sizeof highs);
    for (const int32_t low : lows) lowest = smaller(lowest, low >> fine_bits);
    for (const int32_t high : highs) highest = larger(highest, high >> fine_bits);
#endif
  }
};

template <int i>
struct Number {
  static constexpr int value = i;
};

#if !defined(FASTAUG_NO_BYTES)

#if defined(__AVX512BW__)
#define FASTAUG_BYTES(name) _mm512_##name
#elif defined(__AVX2__)
#define FASTAUG_BYTES(name) _mm256_##name
#else
#define FASTAUG_BYTES(name) _mm_##name
#endif

// Which words of 32 bits.
struct WordSet {
#if defined(__AVX512BW__)
  __mmask16 m;
  static WordSet without(Bytes v, Bytes bits) { return {_mm512_testn_epi32_mask(v.v, bits.v)}; }
  WordSet with(WordSet b) const { return {static_cast<__mmask16>(m | b.m)}; }
  WordSet if_any(Bytes bits) const { return {_mm512_mask_test_epi32_mask(m, bits.v, bits.v)}; }
  // The lesser and the greater, as numbers without a sign, but of these words the first.
  Bytes smaller(Bytes a, Bytes b) const {
    return {_mm512_mask_min_epu32(a.v, static_cast<__mmask16>(~m), a.v, b.v)};
  }
  Bytes larger(Bytes a, Bytes b) const {
    return {_mm512_mask_max_epu32(a.v, static_cast<__mmask16>(~m), a.v, b.v)};
  }
  uint32_t all() const { return m; }
#else
  decltype(Bytes::v) m;
  static WordSet without(Bytes v, Bytes bits) {
    return {FASTAUG_BYTES(cmpeq_epi32)(v.v & bits.v, Bytes::set(0).v)};
  }
  WordSet with(WordSet b) const { return {m | b.m}; }
  WordSet if_any(Bytes bits) const { return {m & ~without(bits, bits).m}; }
  Bytes smaller(Bytes a, Bytes b) const { return {FASTAUG_BYTES(min_epu32)(a.v, b.v | m)}; }
  Bytes larger(Bytes a, Bytes b) const { return {FASTAUG_BYTES(max_epu32)(a.v, b.v & ~m)}; }
  uint32_t all() const {
#if defined(__AVX2__)
    return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(m)));
#else
    return static_cast<uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(m)));
#endif
  }
#endif
};
#undef FASTAUG_BYTES

// A block of pixels, whose channels are spread over registers, before the shift.
template <int Channels>
struct LevelBlock {
  static constexpr int registers = Channels == 1 ? 1 : Channels == 3 ? 3 : 4;
  static constexpr int words = 4 * Bytes::lanes;
  Bytes made[registers];
  WordSet doubt[registers];

  // The pixel that has a word of a register; see `blend_threes` and `blend_fours`.
  static int pixel(int i, int word) {
    if (Channels == 1 || (Channels == 3 && i == 2)) return word;
    return word / 4 * 4 + (Channels == 3 ? 2 * i + word % 4 / 2 : i);
  }

  // Shifted and cut, from two taps of either row in each word.
  Bytes blend(int i, const LevelCut& cut, Bytes top, Bytes bottom, Bytes upper, Bytes lower,
              Bytes upper_rest, Bytes lower_rest) {
    const Bytes swapped =
        Bytes::repeat(_mm_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    const Bytes far = Bytes::set(cut.far_bits());
    const Bytes rest = top.multiply_pairs(upper_rest).plus(bottom.multiply_pairs(lower_rest));
    made[i] = top.multiply_pairs(upper)
                  .plus(bottom.multiply_pairs(lower))
                  .shift_left<fine_bits - 14>()
                  .plus(rest)
                  .plus(Bytes::set(cut.margin));
    const Bytes shifted = made[i].plus(Bytes::set(cut.shift));
    // Where all taps are equal, so is the number, and there is no doubt.
    const Bytes steps = {(top.v ^ bottom.v) | (top.v ^ top.shuffle(swapped).v)};
    doubt[i] = WordSet::without(made[i], far).with(WordSet::without(shifted, far)).if_any(steps);
    return shifted.template shift_right_signed<fine_bits>();
  }

  // Adds those of the first `count` pixels that are not in doubt to what `cut` knows.
  void widen(LevelCut& cut, int64_t count) const {
    if (count >= words) {
      for (int i = 0; i < registers; ++i) {
        cut.least = doubt[i].smaller(cut.least, made[i]);
        cut.greatest = doubt[i].larger(cut.greatest, made[i]);
      }
      return;
    }
    for (int i = 0; i < registers; ++i) {
      int32_t numbers[words];
      std::memcpy(numbers, &made[i], sizeof numbers);
      for (int word = 0; word < words; ++word)
        if (!(doubt[i].all() >> word & 1) && pixel(i, word) < count)
          cut.widen(numbers[word] >> fine_bits);
    }
  }

  // The words in doubt, of each register in 16 bits.
  uint64_t doubts() const {
    uint16_t each[4] = {};
    for (int i = 0; i < registers; ++i) each[i] = static_cast<uint16_t>(doubt[i].all());
    uint64_t all;
    std::memcpy(&all, each, sizeof all);
    return all;
  }

  // The pixels that have these.
  static uint32_t pixels(uint64_t doubts) {
    uint32_t found = 0;
    for (; doubts; doubts &= doubts - 1) {
      const int bit = __builtin_ctzll(doubts);
      found |= 1u << pixel(bit / 16, bit % 16);
    }
    return found;
  }
};

#endif

// `count` pixels from taps `offset` bytes into two rows, eight bytes of either of which can be
// read; shifted and cut. Lists those in doubt, which are to be made again, and returns how many.
// Weights and offsets must be there up to a multiple of 16 pixels, and 16 bytes more than that is
// written.
template <int Channels, class Weights>
__attribute__((flatten)) inline int64_t cut_levels(const char* top, const char* bottom,
                                                   const int32_t* offset, const Weights& w,
                                                   int64_t count, LevelCut& found, uint8_t* to,
                                                   int32_t* doubts) {
  const uint8_t* upper = reinterpret_cast<const uint8_t*>(top);
  const uint8_t* lower = reinterpret_cast<const uint8_t*>(bottom);
  int64_t listed = 0;
  LevelCut cut = found;  // a copy: a store of bytes could change what is referred to
#if !defined(FASTAUG_NO_BYTES)
  constexpr char no = -1;
  uint64_t some[Weights::columns / byte_block];
  for (int64_t k = 0; k < count; k += byte_block) {
    const Bytes up = Bytes::load(w.upper + k), low = Bytes::load(w.lower + k);
    const Bytes up_rest = Bytes::load(w.upper_rest + k), low_rest = Bytes::load(w.lower_rest + k);
    LevelBlock<Channels> block;
    if constexpr (Channels == 1) {
      uint8_t taps[2][2 * byte_block];
      for (int i = 0; i < byte_block; ++i) {
        std::memcpy(taps[0] + 2 * i, upper + offset[k + i], 2);
        std::memcpy(taps[1] + 2 * i, lower + offset[k + i], 2);
      }
      block.blend(0, cut, Bytes::pairs(taps[0]), Bytes::pairs(taps[1]), up, low, up_rest, low_rest)
          .clamped()
          .store_low_bytes(to + k);
    } else if constexpr (Channels == 3) {
      const Bytes colours =
          Bytes::repeat(_mm_setr_epi8(0, no, 3, no, 1, no, 4, no, 8, no, 11, no, 9, no, 12, no));
      const Bytes blue = Bytes::repeat(
          _mm_setr_epi8(2, no, 5, no, 10, no, 13, no, no, no, no, no, no, no, no, no));
      const Bytes next_blue = Bytes::repeat(
          _mm_setr_epi8(no, no, no, no, no, no, no, no, 2, no, 5, no, 10, no, 13, no));
      const Bytes pixels =
          Bytes::repeat(_mm_setr_epi8(0, 1, 8, 2, 3, 9, 4, 5, 10, 6, 7, 11, no, no, no, no));
      const Bytes a = Bytes::gather8(upper, offset + k), b = Bytes::gather8(lower, offset + k);
      const Bytes c = Bytes::gather8(upper, offset + k + 2);
      const Bytes d = Bytes::gather8(lower, offset + k + 2);
      const Bytes first =
          block.blend(0, cut, a.shuffle(colours), b.shuffle(colours), up.words_twice<0>(),
                      low.words_twice<0>(), up_rest.words_twice<0>(), low_rest.words_twice<0>());
      const Bytes second =
          block.blend(1, cut, c.shuffle(colours), d.shuffle(colours), up.words_twice<1>(),
                      low.words_twice<1>(), up_rest.words_twice<1>(), low_rest.words_twice<1>());
      const Bytes third =
          block.blend(2, cut, a.shuffle_with(blue, c, next_blue),
                      b.shuffle_with(blue, d, next_blue), up, low, up_rest, low_rest);
      store_lanes<3>(Bytes::pack(first, second, third, third).shuffle(pixels), 64, to + 3 * k);
    } else {
      const Bytes top_pairs =
          Bytes::repeat(_mm_setr_epi8(0, no, 4, no, 1, no, 5, no, 2, no, 6, no, 3, no, 7, no));
      const Bytes bottom_pairs = Bytes::repeat(
          _mm_setr_epi8(8, no, 12, no, 9, no, 13, no, 10, no, 14, no, 11, no, 15, no));
      const auto quarter = [&](auto number) {
        constexpr int i = decltype(number)::value;
        const Bytes all = Bytes::gather(upper, lower, offset + k + i);
        return block.blend(i, cut, all.shuffle(top_pairs), all.shuffle(bottom_pairs), up.word<i>(),
                           low.word<i>(), up_rest.word<i>(), low_rest.word<i>());
      };
      store_lanes<4>(Bytes::pack(quarter(Number<0>{}), quarter(Number<1>{}), quarter(Number<2>{}),
                                 quarter(Number<3>{})),
                     64, to + 4 * k);
    }
    block.widen(cut, count - k);
    some[k / byte_block] = block.doubts();
  }
  // Asked afterwards: a wrong guess costs less where its answer is there already.
  for (int64_t k = 0; k < count; k += byte_block)
    if (some[k / byte_block])
      for (uint32_t left = LevelBlock<Channels>::pixels(some[k / byte_block]); left;
           left &= left - 1)
        if (k + __builtin_ctz(left) < count)
          doubts[listed++] = static_cast<int32_t>(k + __builtin_ctz(left));
#else
  for (int64_t k = 0; k < count; ++k) {
    const uint8_t *a = upper + offset[k], *b = lower + offset[k];
    bool doubt = false;
    for (int c = 0; c < Channels; ++c) {
      const auto sum = [&](const uint8_t* taps, uint32_t pair) {
        return static_cast<int32_t>(taps[c] * (pair & 0xffffu) + taps[c + Channels] * (pair >> 16));
      };
      const int32_t fine = sum(a, w.upper[k]) + sum(b, w.lower[k]);
      const int32_t rest = sum(a, w.upper_rest[k]) + sum(b, w.lower_rest[k]);
      const int32_t made = (fine << (fine_bits - 14)) + rest + cut.margin;
      const int32_t shifted = made + cut.shift;
      const bool flat = a[c] == a[c + Channels] && a[c] == b[c] && a[c] == b[c + Channels];
      const bool close = !(made & cut.far_bits()) || !(shifted & cut.far_bits());
      if (close && !flat)
        doubt = true;
      else
        cut.widen(made >> fine_bits);
      to[Channels * k + c] = static_cast<uint8_t>(smaller(larger(shifted >> fine_bits, 0), 255));
    }
    if (doubt) doubts[listed++] = static_cast<int32_t>(k);
  }
#endif
  found = cut;
  return listed;
}

FASTAUG_END
