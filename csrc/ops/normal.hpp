// Standard normal numbers: by G. Box and M. Muller (1958), two from two words, and by inverting the
// distribution, one from half a word.
#pragma once

#include "sixteen.hpp"
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

// A polynomial for each piece, in the order of piece_of: c[k] are the factors of the power k.
struct NormalPieces {
  alignas(64) int16_t c[4][16];
};

FASTAUG_TABLE NormalPieces normal_pieces = {{
    {32436, -2, 5057, 13969, 8626, 21641, 16153, 24728, 30571, 11505, 19949, 23228, 28754,
     18130, 27511, 26151},
    {0, 4737, 2989, 1695, 2313, 1205, 1521, 1075, 0, 1933, 1289, 1136, 1218, 1392, 981,
     1029},
    {0, -150, 221, 214, 241, 161, 196, 147, 0, 238, 170, 153, 0, 184, 138, 140},
    {0, 472, 359, 274, 324, 221, 260, 202, 0, 293, 233, 210, 0, 243, 181, 190}}};

// The piece of a half word, which is an int16 or a vector of them. The factor has every group of
// four bits once, so that what a single bit shifts to its top says which bit that was.
template <class V>
FASTAUG_FN typename LanesOf<V>::Word piece_of(V half) {
  using Word = typename LanesOf<V>::Word;
  return (Word)((Word)(half & -half) * (uint16_t)0x135E) >> 12;
}

// From one power of a polynomial to the next lower one.
template <class V>
FASTAUG_FN V normal_step(V z, V half, V next) {
  return (V)(rounded_product(z, (V)(half & 0x7fff)) + next);
}

template <class V>
FASTAUG_FN V with_sign_of(V half, V z) {
  return (V)(z ^ (half >> 15));
}

FASTAUG_FN int16_t normal_from_half(int16_t half) {
  const uint16_t piece = piece_of(half);
  int16_t z = normal_pieces.c[3][piece];
  for (int power = 2; power >= 0; --power) z = normal_step(z, half, normal_pieces.c[power][piece]);
  return with_sign_of(half, z);
}

// As a float; V is one or a vector of them.
template <class V>
FASTAUG_FN V normal_of_units(typename LanesOf<V>::Int z) {
  return (to_float<V>(z) + 0.5f) * (1.0f / normal_units);
}

FASTAUG_END
