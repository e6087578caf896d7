// Steps of a fused kernel that change values: by themselves, or those of a pixel together.
#pragma once

#include "../ops/box.hpp"
#include "fused.hpp"
#include "map.hpp"

FASTAUG_BEGIN

// Op as of MapElements.
template <class Tile, class T, class U, class Op>
struct FusedValues : FusedAlone<typename Op::Args, T, U> {
  using Args = typename Op::Args;
  Op op;

  FASTAUG_FN FusedValues(const Args& a, int64_t row, const FusedBlock&) : op(Op::of(a, row)) {}
  FASTAUG_FN void operator()(const Args&, const char*, const FusedPixel&, const T* from,
                             U* to) const {
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c) to[c] = op(from[c], static_cast<uint32_t>(c));
  }
};

// Op as of MapColours.
template <class Tile, class T, class Op>
struct FusedColours : FusedAlone<typename Op::Args, T> {
  using Args = typename Op::Args;
  ColourOp<T, Op> op;

  FASTAUG_FN FusedColours(const Args& a, int64_t row, const FusedBlock&) : op(a, row) {}
  FASTAUG_FN void operator()(const Args&, const char*, const FusedPixel&, const T* from,
                             T* to) const {
    op(from, to);
    if (Tile::channels == 4) to[3] = from[3];
  }
};

template <class Tile, class T>
struct FusedShuffle : FusedAlone<ShuffleChannelsArgs, T> {
  using Args = ShuffleChannelsArgs;
  const int64_t* order;
  const T* fill;

  FASTAUG_FN FusedShuffle(const Args& a, int64_t row, const FusedBlock&)
      : order(a.order + row * Tile::channels),
        fill(static_cast<const T*>(a.fill) + row * Tile::channels) {}
  // By comparisons: registers have no addresses.
  FASTAUG_FN void operator()(const Args&, const char*, const FusedPixel&, const T* from,
                             T* to) const {
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c) {
      to[c] = fill[c];
      FASTAUG_UNROLL
      for (int other = 0; other < Tile::channels; ++other)
        if (order[c] == other) to[c] = from[other];
    }
  }
};

template <class Tile, class T>
struct FusedErase : FusedAlone<ErasePassArgs, T> {
  using Args = ErasePassArgs;
  const int64_t* boxes;
  const T* fill;

  FASTAUG_FN FusedErase(const Args& a, int64_t row, const FusedBlock&)
      : boxes(a.all.boxes + row * a.all.count * 4),
        fill(static_cast<const T*>(a.all.fill) + row * Tile::channels) {}
  FASTAUG_FN void operator()(const Args& a, const char*, const FusedPixel& at, const T* from,
                             T* to) const {
    bool erased = false;
    for (int64_t i = 0; i < a.all.count; ++i) {
      const Box box = clipped_box(boxes + 4 * i, a.all.out.h, a.all.out.w);
      erased = erased || (at.y >= box.rows.begin && at.y < box.rows.end &&
                          at.x >= box.columns.begin && at.x < box.columns.end);
    }
    FASTAUG_UNROLL
    for (int c = 0; c < Tile::channels; ++c) to[c] = erased ? fill[c] : from[c];
  }
};

FASTAUG_END
