// Registers of normal numbers.
#pragma once

#include "../ops/normal.hpp"
#include "noise.hpp"

FASTAUG_BEGIN

struct Normals {
  static Floats half(Ints half) { return normal_from_half<Floats>(half); }

  static void pair(Words first, Words second, Floats (&numbers)[2]) {
    const NormalPair<Floats> pair = normal_pair<Floats>(first, second);
    numbers[0] = pair.first;
    numbers[1] = pair.second;
  }
};

FASTAUG_END
