// What the noise kernels share: a thread draws one block, and makes elements that lie side by side
// where rows follow each other in memory; in between the words are put in order in shared memory.
#pragma once

#include "../ops/round.hpp"
#include "../ops/stream.hpp"
#include "elements.hpp"
#include "launch.hpp"

FASTAUG_BEGIN

FASTAUG_FN Stream stream_of(const NoiseArgs& a, int64_t image, Purpose purpose) {
  return make_stream(a.seed[image], a.place, purpose, a.index[image], a.epoch[image]);
}

constexpr int noise_threads = 256;
static_assert(noise_threads % stream_blocks == 0, "threads draw whole groups");

// Where word w of a thread's block belongs among those of its block of threads.
FASTAUG_FN int word_place(int thread, int w) {
  const int blocks = static_cast<int>(stream_blocks);
  return thread / blocks * 4 * blocks + w * blocks + thread % blocks;
}

// The words of a block of threads, in the order of the stream.
FASTAUG_FN void share_words(const Counter& words, int thread, uint32_t* shared) {
  for (int w = 0; w < 4; ++w) shared[word_place(thread, w)] = words.word[w];
}

template <class T>
FASTAUG_FN ValueRange<T> range_of(const NoiseArgs& a) {
  return {static_cast<T>(a.low), static_cast<T>(a.high), a.clip};
}

FASTAUG_END
