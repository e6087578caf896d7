// The normal numbers of a block of threads, in the order of the stream.
#pragma once

#include "../ops/normal.hpp"
#include "noise.hpp"

FASTAUG_BEGIN

struct Normals {
  // In units.
  static FASTAUG_FN int32_t half(uint32_t half) {
    return normal_from_half(static_cast<int16_t>(half));
  }

  static FASTAUG_FN void share(const Counter& words, int thread, float* shared) {
    for (int p = 0; p < 4; p += 2) {
      const NormalPair<float> pair = normal_pair<float>(words.word[p], words.word[p + 1]);
      shared[word_place(thread, p)] = pair.first;
      shared[word_place(thread, p + 1)] = pair.second;
    }
  }
};

FASTAUG_END
