// Pixels of three or four bytes as a register of bytes for each channel, and back.
#pragma once

#include "../../ops/hue.hpp"
#include "halves.hpp"
#include "pixels.hpp"
#include "transpose.hpp"

FASTAUG_BEGIN

typedef uint8_t ByteLanes __attribute__((vector_size(register_bytes)));

template <>
inline ByteLanes smaller(ByteLanes a, ByteLanes b) {
#if defined(__AVX512BW__)
  return (ByteLanes)_mm512_min_epu8((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (ByteLanes)_mm256_min_epu8((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (ByteLanes)_mm_min_epu8((__m128i)a, (__m128i)b);
#else
  return b < a ? b : a;
#endif
}

template <>
inline ByteLanes larger(ByteLanes a, ByteLanes b) {
#if defined(__AVX512BW__)
  return (ByteLanes)_mm512_max_epu8((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (ByteLanes)_mm256_max_epu8((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (ByteLanes)_mm_max_epu8((__m128i)a, (__m128i)b);
#else
  return a < b ? b : a;
#endif
}

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

// Bytes as words with other bytes below them, in the order in which the instructions leave them,
// and back, saturated.
struct WideBytes {
  Halves first, second;
};

inline WideBytes above(ByteLanes v, ByteLanes below) {
#if defined(__AVX512BW__)
  const __m512i a = (__m512i)below, b = (__m512i)v;
  return {(Halves)_mm512_unpacklo_epi8(a, b), (Halves)_mm512_unpackhi_epi8(a, b)};
#elif defined(__AVX2__)
  const __m256i a = (__m256i)below, b = (__m256i)v;
  return {(Halves)_mm256_unpacklo_epi8(a, b), (Halves)_mm256_unpackhi_epi8(a, b)};
#elif defined(__x86_64__)
  const __m128i a = (__m128i)below, b = (__m128i)v;
  return {(Halves)_mm_unpacklo_epi8(a, b), (Halves)_mm_unpackhi_epi8(a, b)};
#else
  constexpr int half = register_bytes / 2;
  WideBytes wide;
  for (int i = 0; i < half; ++i) {
    wide.first[i] = static_cast<int16_t>(v[i] << 8 | below[i]);
    wide.second[i] = static_cast<int16_t>(v[half + i] << 8 | below[half + i]);
  }
  return wide;
#endif
}

inline ByteLanes narrowed(Halves first, Halves second) {
#if defined(__AVX512BW__)
  return (ByteLanes)_mm512_packus_epi16((__m512i)first, (__m512i)second);
#elif defined(__AVX2__)
  return (ByteLanes)_mm256_packus_epi16((__m256i)first, (__m256i)second);
#elif defined(__x86_64__)
  return (ByteLanes)_mm_packus_epi16((__m128i)first, (__m128i)second);
#else
  const auto byte = [](int16_t v) {
    return static_cast<uint8_t>(smaller<int16_t>(larger<int16_t>(v, 0), 255));
  };
  constexpr int half = register_bytes / 2;
  ByteLanes v;
  for (int i = 0; i < half; ++i) {
    v[i] = byte(first[i]);
    v[half + i] = byte(second[i]);
  }
  return v;
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

// Sets each of `count` pixels to `op` of it; alpha stays. A register of each channel at a time.
template <int Channels, class Op>
inline void map_planes(const uint8_t* from, uint8_t* to, int64_t count, Op op) {
  constexpr int64_t part = pixel_lanes * Channels, block = 4 * part;
  const auto lanes_of = [&](const uint8_t* p, uint8_t* q) {
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
  };
  int64_t i = 0;
  for (; i + block <= count * Channels; i += block) lanes_of(from + i, to + i);
  if (i == count * Channels) return;
  uint8_t rest[block] = {};
  std::memcpy(rest, from + i, static_cast<std::size_t>(count * Channels - i));
  lanes_of(rest, rest);
  std::memcpy(to + i, rest, static_cast<std::size_t>(count * Channels - i));
}

FASTAUG_END
