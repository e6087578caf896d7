// Standard normal numbers: by G. Box and M. Muller (1958), two from two words, and by inverting the
// distribution, one from half a word.
#pragma once

#include "fixed.hpp"
#include "stream.hpp"
#include "transcendental.hpp"

FASTAUG_BEGIN

template <class V>
struct NormalPair {
  V first, second;
};

// The lower 23 bits of the first word make the radius, which reaches 5.8 standard deviations, those
// of the second an angle in a quarter turn; the highest bits are the signs.
template <class V>
FASTAUG_FN NormalPair<V> normal_pair(typename LanesOf<V>::Word radius_word,
                                     typename LanesOf<V>::Word angle_word) {
  using Word = typename LanesOf<V>::Word;
  // Both begin as a float in [1, 2) or [2, 4); what is taken away leaves an exact one.
  const V u = bit_cast<V>((radius_word & 0x007fffffu) | 0x3f800000u) - 0.999999940395355225f;
  const V t = bit_cast<V>((angle_word & 0x007fffffu) | 0x40000000u) - 3.0f;
  const V r = root(minus_two_log(u));
  const Direction<V> d = first_quarter(t);
  const Word x = bit_cast<Word>(r * d.cos) ^ (radius_word & 0x80000000u);
  const Word y = bit_cast<Word>(r * d.sin) ^ (angle_word & 0x80000000u);
  return {bit_cast<V>(x), bit_cast<V>(y)};
}

// Bytes: 16 bits, in whole 7500ths of a deviation and a half. The highest bit of a half word is the
// sign. Where its lowest set bit is says which piece of the distribution is meant, as the chance of
// bit k is 2^-(k + 1): from the size that a share of 2^-k exceeds on to that of half as many. What
// stands above the bit is where in the piece, without that anything be shifted. So the 2^16 numbers
// are quantiles, those of (i + 1/2) / 2^16, right to 3.2e-4; the two halves without a set bit, but
// for the sign, are the ends.
constexpr float normal_units = 7500.0f;

// A polynomial for each piece: the factors of its powers, the lowest first.
struct NormalPiece {
  alignas(8) int16_t c[4];
};

FASTAUG_TABLE NormalPiece normal_pieces[16] = {
    {{32436, 0, 0, 0}},        {{-2, 4737, -150, 472}},   {{5057, 2989, 221, 359}},
    {{13969, 1695, 214, 274}}, {{8626, 2313, 241, 324}},  {{21641, 1205, 161, 221}},
    {{16153, 1521, 196, 260}}, {{24728, 1075, 147, 202}}, {{30571, 0, 0, 0}},
    {{11505, 1933, 238, 293}}, {{19949, 1289, 170, 233}}, {{23228, 1136, 153, 210}},
    {{28754, 1218, 0, 0}},     {{18130, 1392, 184, 243}}, {{27511, 981, 138, 181}},
    {{26151, 1029, 140, 190}}};

// The piece of a half word. The factor has every group of four bits once, so that what a single bit
// shifts to the top of 16 says which bit that was.
constexpr uint16_t piece_factor = 0x135E;

FASTAUG_FN uint32_t piece_of(int32_t half) {
  return static_cast<uint32_t>((half & -half) * piece_factor) >> 12 & 15;
}

// From one power of a polynomial to the next lower one.
template <class V>
FASTAUG_FN V normal_step(V z, V half, V next) {
  return rounded_product<V>(z, half & 0x7fff) + next;
}

template <class V>
FASTAUG_FN V with_sign_of(V half, V z) {
  return z ^ (half >> 15);
}

// In units, of half a word with a sign.
FASTAUG_FN int32_t normal_from_half(int32_t half) {
  const NormalPiece piece = normal_pieces[piece_of(half)];
  int32_t z = piece.c[3];
  for (int power = 2; power >= 0; --power) z = normal_step<int32_t>(z, half, piece.c[power]);
  return with_sign_of(half, z);
}

// As a float; V is one or a vector of them.
template <class V>
FASTAUG_FN V normal_of_units(typename LanesOf<V>::Int z) {
  return (to_float<V>(z) + 0.5f) * (1.0f / normal_units);
}

FASTAUG_END
