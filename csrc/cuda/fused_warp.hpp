// The step of a fused kernel that looks between pixels, and beyond the edge.
#pragma once

#include "fused_moves.hpp"
#include "warp.hpp"

FASTAUG_BEGIN

// How as of Warp.
template <class Tile, class T, class Map, class How, bool Plain>
struct FusedWarp : FusedAlone<typename Map::Args, T> {
  using Args = typename Map::Args;
  char* in;
  int64_t row;
  Map map;

  FASTAUG_FN FusedWarp(const Args& a, int64_t number, const FusedBlock& block)
      : in(block.image.in), row(number), map(a, number) {}
  FASTAUG_FN void operator()(const Args& a, const char*, const FusedPixel& at, const T*,
                             T* to) const {
    int64_t fx, fy;
    map.coordinates(at.x, at.y, fx, fy);
    Args here = a;
    here.in = at_address(a.in, in);
    const Source<T, Tile::channels, Plain> source(here, row);
    by_interpolation<How, T>(map, [&](auto how) {
      decltype(how)::make(source, fx, fy, [&](int64_t c, T value) { to[c] = value; });
    });
  }
};

FASTAUG_END
