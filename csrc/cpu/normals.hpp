// Registers of normal numbers.
#pragma once

#include "../ops/normal.hpp"
#include "noise.hpp"
#include "vector/halves.hpp"

FASTAUG_BEGIN

// The factors of one power in all pieces.
struct NormalFactors {
  int16_t of[16];

  constexpr explicit NormalFactors(int power) : of() {
    for (int piece = 0; piece < 16; ++piece) of[piece] = normal_pieces[piece].c[power];
  }
};

template <int power>
HalfTable normal_factors() {
  static constexpr NormalFactors factors(power);
  return HalfTable(factors.of);
}

// Those of bytes, in their units, with the polynomials in registers.
struct HalfNormals {
  HalfTable c[4] = {normal_factors<0>(), normal_factors<1>(), normal_factors<2>(),
                    normal_factors<3>()};

  // Of as many registers of words; each step for all of them, as the next has to wait for it.
  template <int count>
  void operator()(const uint32_t* words, Halves (&z)[count]) const {
    Halves half[count], next[count];
    HalfTable::Places places[count / 2];
    for (int k = 0; k < count; ++k) half[k] = (Halves)load_words(words + k * lanes);
    for (int k = 0; k < count; k += 2) {
      places[k / 2] = HalfTable::places(pieces_of(half[k]), pieces_of(half[k + 1]));
      c[3].find(places[k / 2], z[k], z[k + 1]);
    }
    for (int power = 2; power >= 0; --power) {
      for (int k = 0; k < count; k += 2) c[power].find(places[k / 2], next[k], next[k + 1]);
      for (int k = 0; k < count; ++k) z[k] = normal_step(z[k], half[k], next[k]);
    }
    for (int k = 0; k < count; ++k) z[k] = with_sign_of(half[k], z[k]);
  }
};

struct Normals {
  HalfNormals halves;

  // Two registers of words, each of which gives the numbers of its lower halves and of its upper.
  void bytes(const uint32_t* words, Floats (&numbers)[4]) const {
    Halves z[2];
    halves(words, z);
    for (int k = 0; k < 2; ++k) {
      numbers[2 * k] = normal_of_units<Floats>(((Ints)z[k] << 16) >> 16);
      numbers[2 * k + 1] = normal_of_units<Floats>((Ints)z[k] >> 16);
    }
  }

  template <class V>
  static NormalPair<V> pair(typename LanesOf<V>::Word first, typename LanesOf<V>::Word second) {
    return normal_pair<V>(first, second);
  }
};

FASTAUG_END
