// Steps of a fused kernel that draw numbers: a block of threads makes whole groups of the stream.
#pragma once

#include "additive.hpp"
#include "fused.hpp"

FASTAUG_BEGIN

// Calls use(block of the stream, its number among them) for those that hold the `words` of a block
// of threads, which has as many in every piece of an image.
template <class Tile, int words, class Use>
FASTAUG_FN void each_drawn(const NoiseArgs& a, int64_t row, Purpose purpose,
                           const FusedBlock& block, Use use) {
  static_assert(words % stream_group == 0, "blocks of threads make whole groups");
  const Stream stream = stream_of(a, row, purpose);
  const uint32_t first = static_cast<uint32_t>(block.piece * (words / 4));
  FASTAUG_LOOP
  for (int i = block.thread; i < words / 4; i += Tile::threads)
    use(draw_block(stream, first + static_cast<uint32_t>(i)), i);
}

// Op as of AdditiveNoise.
template <class Tile, class T, class Op>
struct FusedNoise {
  using Args = NoiseArgs;
  using From = T;
  using To = T;
  using Numbers = DrawnNumbers<T, typename Op::Number>;
  static constexpr int words = Tile::elements / Numbers::of_word, bytes = 4 * words;
  Op op;

  static FASTAUG_FN void prepare(const Args& a, int64_t row, const FusedBlock& block,
                                 char* shared) {
    each_drawn<Tile, words>(a, row, Purpose::pixels, block,
                            [=](const Counter& c, int i) { Numbers::share(c, i, shared); });
  }
  FASTAUG_FN FusedNoise(const Args& a, int64_t row, const FusedBlock&) : op(Op::of(a, row)) {}
  FASTAUG_FN void operator()(const Args&, const char* shared, const FusedPixel& at, const T* from,
                             T* to) const {
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c)
      to[c] = op(from[c], Numbers::number(shared, at.number * Tile::channels + c));
  }
};

// Op as of Decisions, about pixels or about each of their elements.
template <class Tile, class T, class Op, bool per_channel>
struct FusedDecision {
  using Args = NoiseArgs;
  using From = T;
  using To = T;
  static constexpr int words = per_channel ? Tile::elements : Tile::pixels, bytes = 4 * words;
  Op op;

  static FASTAUG_FN void prepare(const Args& a, int64_t row, const FusedBlock& block,
                                 char* shared) {
    uint32_t* to = reinterpret_cast<uint32_t*>(shared);
    each_drawn<Tile, words>(a, row, Purpose::pixels, block,
                            [=](const Counter& c, int i) { share_words(c, i, to); });
  }
  FASTAUG_FN FusedDecision(const Args& a, int64_t row, const FusedBlock&) : op(Op::of(a, row)) {}
  FASTAUG_FN void operator()(const Args&, const char* shared, const FusedPixel& at, const T* from,
                             T* to) const {
    const uint32_t* word =
        reinterpret_cast<const uint32_t*>(shared) + (per_channel ? Tile::channels : 1) * at.number;
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c) to[c] = op(from[c], word[per_channel ? c : 0]);
  }
};

// Op as of ShotNoise.
template <class Tile, class T, class Op>
struct FusedShots {
  using Args = NoiseArgs;
  using From = T;
  using To = T;
  static constexpr int words = Tile::elements, bytes = 8 * words;
  Op op;

  static FASTAUG_FN void prepare(const Args& a, int64_t row, const FusedBlock& block,
                                 char* shared) {
    uint32_t* to = reinterpret_cast<uint32_t*>(shared);
    float* z = reinterpret_cast<float*>(to + words);
    each_drawn<Tile, words>(a, row, Purpose::pixels, block,
                            [=](const Counter& c, int i) { share_words(c, i, to); });
    each_drawn<Tile, words>(a, row, Purpose::pixels_more, block,
                            [=](const Counter& c, int i) { Op::Number::share(c, i, z); });
  }
  FASTAUG_FN FusedShots(const Args& a, int64_t row, const FusedBlock&) : op(Op::of(a, row)) {}
  FASTAUG_FN void operator()(const Args&, const char* shared, const FusedPixel& at, const T* from,
                             T* to) const {
    const uint32_t* drawn = reinterpret_cast<const uint32_t*>(shared);
    const float* z = reinterpret_cast<const float*>(drawn + words);
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c) {
      const int32_t e = at.number * Tile::channels + c;
      to[c] = op(from[c], drawn[e], z[e]);
    }
  }
};

FASTAUG_END
