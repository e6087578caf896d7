// The step of a fused kernel that looks between pixels, and beyond the edge.
#pragma once

#include "fused_moves.hpp"
#include "warp.hpp"

FASTAUG_BEGIN

template <class Tile, class T, class Map, bool Plain, int Interpolation>
struct FusedWarp : FusedAlone<typename Map::Args, T> {
  using Args = typename Map::Args;
  using Taps = Warp<Map, T, Tile::channels, Plain>;
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
    if (Interpolation == 0)
      Taps::nearest(here, row, fx, fy, to, 1);
    else if (Interpolation == 2)
      Taps::bicubic(here, row, fx, fy, to, 1);
    else
      Taps::bilinear(here, row, fx, fy, to, 1);
  }
};

FASTAUG_END
