// Philox4x32-10: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", SC'11. A keyed bijection of a 128-bit counter; held to Random123's known answers.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

struct Counter {
  uint32_t word[4];
};

struct Key {
  uint32_t word[2];
};

// The lower 32 bits of a number, or of each lane of a vector, times another one: 64 bits.
template <class W>
FASTAUG_FN W times_low(W a, uint32_t b) {
  return static_cast<uint64_t>(static_cast<uint32_t>(a)) * b;
}

constexpr uint32_t philox_first = 0xD2511F53u, philox_second = 0xCD9E8D57u;

// One round on words of 32 bits, each the lower half of 64: what is in the upper half does not
// matter, so that nothing need be done to keep it empty.
template <class W, class Pair>
FASTAUG_FN void philox_round(W& c0, W& c1, W& c2, W& c3, const Pair& key) {
  const W p0 = times_low(c0, philox_first);
  const W p1 = times_low(c2, philox_second);
  c0 = (p1 >> 32) ^ c1 ^ key[0];
  c2 = (p0 >> 32) ^ c3 ^ key[1];
  c1 = p1;
  c3 = p0;
}

FASTAUG_FN Key next_key(Key key) {
  return {{key.word[0] + 0x9E3779B9u, key.word[1] + 0xBB67AE85u}};
}

FASTAUG_FN Counter philox4x32(Counter counter, Key key, int rounds = 10) {
  uint64_t c0 = counter.word[0], c1 = counter.word[1], c2 = counter.word[2], c3 = counter.word[3];
  for (int round = 0; round < rounds; ++round) {
    philox_round(c0, c1, c2, c3, key.word);
    key = next_key(key);
  }
  return {{static_cast<uint32_t>(c0), static_cast<uint32_t>(c1), static_cast<uint32_t>(c2),
           static_cast<uint32_t>(c3)}};
}

FASTAUG_END
