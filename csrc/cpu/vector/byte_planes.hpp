// Pixels of three or four bytes as a register of bytes for each channel, and back.
#pragma once

#include "../../ops/hue.hpp"
#include "byte_lanes.hpp"
#include "halves.hpp"
#include "pixels.hpp"
#include "transpose.hpp"

FASTAUG_BEGIN

template <>
inline ByteLanes excess(ByteLanes a, ByteLanes b) {
#if defined(__AVX512BW__)
  return (ByteLanes)_mm512_subs_epu8((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (ByteLanes)_mm256_subs_epu8((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (ByteLanes)_mm_subs_epu8((__m128i)a, (__m128i)b);
#else
  return larger(a, b) - b;
#endif
}

template <>
inline ByteLanes share_of_bytes(ByteLanes v, int16_t share) {
  const WideBytes below = above(ByteLanes{}, v);
  const Halves by = Halves{} + share;
  return narrowed(rounded_product(below.first, by), rounded_product(below.second, by));
}

// As `fixed_level`: half a level is below each byte already.
inline WideBytes fixed_levels(ByteLanes v) {
  const WideBytes wide = above(v, ByteLanes{} + uint8_t{128});
  const auto shifted = [](Halves w) { return (Halves)((HalfWords)w >> 1); };
  return {shifted(wide.first), shifted(wide.second)};
}

// Four registers of pixels, a channel after the other in each 16 bytes, as a register for each
// channel, and back: 4 x 4 words of 32 bits are transposed.
inline void transpose_channels(Ints* v) {
  using Register = Lanes<lanes_at_once>;
  static_assert(sizeof(Register) == sizeof(Ints), "a register of lanes");
  Register a[4], b[4];
  for (int k = 0; k < 4; ++k) a[k] = bit_cast<Register>(v[k]);
  Register::template interleave<4>(a[0], a[1], b[0], b[1]);
  Register::template interleave<4>(a[2], a[3], b[2], b[3]);
  Register::template interleave<8>(b[0], b[2], a[0], a[1]);
  Register::template interleave<8>(b[1], b[3], a[2], a[3]);
  for (int k = 0; k < 4; ++k) v[k] = bit_cast<Ints>(a[k]);
}

// Pixels of four bytes, a channel after the other in each 16 bytes, and back.
inline Ints channels_apart(Ints v) {
  using Register = Lanes<lanes_at_once>;
  const Byte16 order = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
  return bit_cast<Ints>(bit_cast<Register>(v).shuffled(order));
}

// Confines colours to a value range, unless that is all there is.
template <bool clips>
struct ByteLimits {
  uint8_t low, high;

  Colour<ByteLanes> operator()(Colour<ByteLanes> p) const {
    if (!clips) return p;
    const ByteLanes least = ByteLanes{} + low, most = ByteLanes{} + high;
    const auto clip = [&](ByteLanes v) { return smaller(larger(v, least), most); };
    return {clip(p.red), clip(p.green), clip(p.blue)};
  }
};

// Sets each of `count` pixels to `op` of it; alpha stays. A register of each
// channel at a time: the last of them by way of memory that is as long, in the same code.
template <int Channels, class Op>
inline void map_planes(const uint8_t* from, uint8_t* to, int64_t count, Op op) {
  constexpr int64_t part = pixel_lanes * Channels, block = 4 * part;
  uint8_t rest[block] = {};
  for (int64_t left = count * Channels; left > 0; left -= block, from += block, to += block) {
    const bool whole = left >= block;
    if (!whole) std::memcpy(rest, from, static_cast<std::size_t>(left));
    const uint8_t* p = whole ? from : rest;
    uint8_t* q = whole ? to : rest;
    Ints v[4];
    for (int k = 0; k < 4; ++k) {
      v[k] = load_pixels<Channels, true>(p + k * part);
      if (Channels == 4) v[k] = channels_apart(v[k]);
    }
    transpose_channels(v);
    const Colour<ByteLanes> made =
        op(Colour<ByteLanes>{(ByteLanes)v[0], (ByteLanes)v[1], (ByteLanes)v[2]});
    v[0] = (Ints)made.red, v[1] = (Ints)made.green, v[2] = (Ints)made.blue;
    transpose_channels(v);
    for (int k = 0; k < 4; ++k)
      store_pixels<Channels, true>(Channels == 4 ? channels_apart(v[k]) : v[k], q + k * part);
    if (!whole) std::memcpy(to, rest, static_cast<std::size_t>(left));
  }
}

FASTAUG_END
