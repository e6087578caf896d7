// Steps of a fused kernel that read and write images: as they lie there, or from elsewhere in them.
#pragma once

#include "elements.hpp"
#include "fused.hpp"

FASTAUG_BEGIN

struct FusedMemory {
  Batch images;  // one after the other, each where the pass says
};

FASTAUG_FN Batch at_address(const Batch& b, char* address) {
  Batch one = b;
  one.data = address;
  one.stride_n = 0;
  return one;
}

// The pixels of a block, between an image and shared memory.
template <class Tile, class T>
struct FusedRun {
  static FASTAUG_FN void load(const Batch& b, const FusedBlock& block, T* held) {
    move(
        b, block, [=](int64_t i, T* there) { held[i] = *there; },
        [=](int64_t i, Quad* there) { reinterpret_cast<Quad*>(held)[i] = *there; });
  }
  static FASTAUG_FN void store(const Batch& b, const FusedBlock& block, const T* held) {
    move(
        b, block, [=](int64_t i, T* there) { *there = held[i]; },
        [=](int64_t i, Quad* there) { *there = reinterpret_cast<const Quad*>(held)[i]; });
  }

 private:
  template <class One, class Word>
  static FASTAUG_FN void move(const Batch& b, const FusedBlock& block, One one, Word word) {
    const int32_t size = block.pixels * Tile::channels;
    const int64_t first = block.first * Tile::channels;
    T* at = reinterpret_cast<T*>(b.data) + first;
    const bool flat = is_flat(b), aligned = reinterpret_cast<uint64_t>(at) % sizeof(Quad) == 0;
    constexpr int32_t each = static_cast<int32_t>(sizeof(Quad) / sizeof(T));
    const int32_t words = flat && aligned ? size / each : 0;
    for (int32_t i = block.thread; i < words; i += Tile::threads)
      word(i, reinterpret_cast<Quad*>(at) + i);
    for (int32_t i = words * each + block.thread; i < size; i += Tile::threads) {
      if (flat) {
        one(i, at + i);
      } else {
        const auto [p, c] = piece_of(i, Tile::channels);
        const auto [y, x] = piece_of(block.first + p, b.w);
        one(i, element<T>(b, 0, y, x, c));
      }
    }
  }
};

template <class Tile, class T>
struct FusedLoad {
  using Args = FusedMemory;
  using From = T;
  using To = T;
  static constexpr int bytes = Tile::elements * static_cast<int>(sizeof(T));

  static FASTAUG_FN void prepare(const Args& a, int64_t, const FusedBlock& block, char* shared) {
    FusedRun<Tile, T>::load(at_address(a.images, block.image.in), block,
                            reinterpret_cast<T*>(shared));
  }
  FASTAUG_FN FusedLoad(const Args&, int64_t, const FusedBlock&) {}
  FASTAUG_FN void operator()(const Args&, const char* shared, const FusedPixel& at, const T*,
                             T* to) const {
    const T* held = reinterpret_cast<const T*>(shared) + at.number * Tile::channels;
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c) to[c] = held[c];
  }
};

template <class Tile, class T>
struct FusedStore {
  using Args = FusedMemory;
  using From = T;

  static FASTAUG_FN void hold(char* shared, const FusedPixel& at, const T* from) {
    T* held = reinterpret_cast<T*>(shared) + at.number * Tile::channels;
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c) held[c] = from[c];
  }
  static FASTAUG_FN void finish(const Args& a, const FusedBlock& block, const char* shared) {
    FusedRun<Tile, T>::store(at_address(a.images, block.image.out), block,
                             reinterpret_cast<const T*>(shared));
  }
};

// Whole pixels from elsewhere: Map is made from arguments and an image, and gives the pixel that
// one is; where it `fills`, perhaps one that is not there and stands for the fill value.
template <class Tile, class T, class Map>
struct FusedMove : FusedAlone<typename Map::Args, T> {
  using Args = typename Map::Args;
  char* in;
  Map map;
  const T* fill = nullptr;

  FASTAUG_FN FusedMove(const Args& a, int64_t row, const FusedBlock& block)
      : in(block.image.in), map(a, row) {
    if constexpr (Map::fills) fill = static_cast<const T*>(a.fill) + row * Tile::channels;
  }
  FASTAUG_FN void operator()(const Args& a, const char*, const FusedPixel& at, const T*,
                             T* to) const {
    const Batch image = at_address(a.in, in);
    const Whence from = map.source(at.y, at.x);
    const bool there = !Map::fills || (from.y >= 0 && from.x >= 0);
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c)
      to[c] = there ? *element<const T>(image, 0, from.y, from.x, c) : fill[c];
  }
};

FASTAUG_END
