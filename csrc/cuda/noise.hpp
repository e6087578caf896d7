// What the noise kernels share: a thread makes the elements of one block of draws, which lie side
// by side where rows follow each other in memory.
#pragma once

#include "../ops/round.hpp"
#include "../ops/stream.hpp"
#include "elements.hpp"
#include "launch.hpp"

FASTAUG_BEGIN

FASTAUG_FN Stream stream_of(const NoiseArgs& a, int64_t image, Purpose purpose) {
  return make_stream(a.seed[image], a.place, purpose, a.index[image], a.epoch[image]);
}

template <class T>
FASTAUG_FN ValueRange<T> range_of(const NoiseArgs& a) {
  return {static_cast<T>(a.low), static_cast<T>(a.high), a.clip};
}

FASTAUG_END
