// A pass as one kernel: a list of steps, known when it is compiled, that each pixel goes through
// between one read and one write. Every step is done to those images of the pass that take part in
// it, which a block of threads, having pixels of one image, asks once.
//
// A block makes a run of pixels. Before a barrier one thread works out what the steps need for the
// image, which then lies in shared memory and in no register, and all of them prepare what steps
// share: the run itself, read as words, and numbers drawn in the order of the stream. Then each
// thread takes pixels, all channels of one, through the steps, and after another barrier the
// results leave as words.
//
// A step has Args, the types From and To of a value before and after it, and
//   bytes                                   of shared memory that it has to itself
//   prepare(args, row, block, shared)       what is done there before the first barrier
//   Step(args, row, block)                  what an image needs, from row `row` of its parameters
//   operator()(args, shared, pixel, from, to)    all channels of a pixel
// The last step of a list is a store, and has finish(args, block, shared) for after the second one.
#pragma once

#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// Where an image lies, and where the result belongs; how they lie there is the steps' business.
struct FusedImage {
  char *in, *out;
};

// What a block makes: `Rounds` times as many pixels as it has threads.
template <int Channels, int Rounds>
struct FusedTile {
  static constexpr int threads = 256, channels = Channels;
  static constexpr int pixels = Rounds * threads, elements = pixels * Channels;
};

struct FusedBlock {
  FusedImage image;
  int64_t piece, first;  // its number in the image, and that of its first pixel
  int32_t pixels;        // how many there are
  int32_t thread;
};

struct FusedPixel {
  int32_t number;  // in the block
  int64_t y, x;
};

// A step with nothing to prepare.
template <class A, class T, class U = T>
struct FusedAlone {
  using Args = A;
  using From = T;
  using To = U;
  static constexpr int bytes = 0;
  static FASTAUG_FN void prepare(const A&, int64_t, const FusedBlock&, char*) {}
};

// Which image of a step an image of the pass is; -1 where it takes no part, as none does without
// rows.
FASTAUG_FN int64_t row_of(const int64_t* rows, int64_t image) {
  return rows == nullptr ? -1 : rows[image];
}

// The arguments of steps, each with those rows.
template <class Step, class... Rest>
struct FusedList {
  const int64_t* rows;
  typename Step::Args args;
  FusedList<Rest...> rest;

  FASTAUG_FN void prepare(int64_t image, const FusedBlock& block, char* shared) const {
    const int64_t row = row_of(rows, image);
    if (row >= 0) Step::prepare(args, row, block, shared);
    rest.prepare(image, block, shared + Step::bytes);
  }
  FASTAUG_FN void finish(int64_t image, const FusedBlock& block, const char* shared) const {
    rest.finish(image, block, shared + Step::bytes);
  }
};

template <class Store>
struct FusedList<Store> {
  const int64_t* rows;
  typename Store::Args args;

  FASTAUG_FN void prepare(int64_t, const FusedBlock&, char*) const {}
  FASTAUG_FN void finish(int64_t, const FusedBlock& block, const char* shared) const {
    Store::finish(args, block, shared);
  }
};

// The steps of one image.
template <int Channels, class Step, class... Rest>
struct FusedChain {
  using List = FusedList<Step, Rest...>;
  using From = typename Step::From;
  using To = typename Step::To;
  bool takes_part;
  Step step;
  FusedChain<Channels, Rest...> rest;

  // In memory that nothing has been in.
  FASTAUG_FN void make(const List& list, int64_t image, const FusedBlock& block) {
    const int64_t row = row_of(list.rows, image);
    takes_part = row >= 0;
    if (takes_part) step = Step(list.args, row, block);
    rest.make(list.rest, image, block);
  }

  FASTAUG_FN void operator()(const List& list, char* shared, const FusedPixel& at,
                             const From (&from)[Channels]) const {
    To to[Channels];
    if (takes_part) {
      step(list.args, shared, at, from, to);
    } else {
      FASTAUG_UNROLL
      for (int c = 0; c < Channels; ++c) to[c] = static_cast<To>(from[c]);
    }
    rest(list.rest, shared + Step::bytes, at, to);
  }
};

template <int Channels, class Store>
struct FusedChain<Channels, Store> {
  FASTAUG_FN void make(const FusedList<Store>&, int64_t, const FusedBlock&) {}
  FASTAUG_FN void operator()(const FusedList<Store>&, char* shared, const FusedPixel& at,
                             const typename Store::From (&from)[Channels]) const {
    Store::hold(shared, at, from);
  }
};

template <class Tile, class... Steps>
struct Fused {
  struct Args {
    const FusedImage* images;
    int64_t h, w;
    FusedList<Steps...> steps;
  };
  using Chain = FusedChain<Tile::channels, Steps...>;
  static constexpr int threads = Tile::threads, phases = 3;
  static constexpr int chain_bytes = 2048;  // as backends/cuda/steps.py has it
  static_assert(sizeof(Chain) <= chain_bytes, "what steps need for an image fits");

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    Chain* const chain = reinterpret_cast<Chain*>(shared);
    shared += chain_bytes;
    const int64_t size = a.h * a.w;
    const auto [image, number] = piece_of(place.block, divide_up(size, Tile::pixels));
    const int64_t first = number * Tile::pixels;
    const int32_t pixels = static_cast<int32_t>(smaller<int64_t>(Tile::pixels, size - first));
    const FusedBlock block = {a.images[image], number, first, pixels, place.thread};
    if constexpr (phase == 0) {
      if (place.thread == threads - 1) chain->make(a.steps, image, block);
      a.steps.prepare(image, block, shared);
    } else if constexpr (phase == 1) {
      const typename Chain::From nothing[Tile::channels] = {};
      FASTAUG_LOOP
      for (int32_t at = place.thread; at < pixels; at += threads) {
        const auto [y, x] = piece_of(first + at, a.w);
        (*chain)(a.steps, shared, {at, y, x}, nothing);
      }
    } else {
      a.steps.finish(image, block, shared);
    }
  }
};

FASTAUG_END
