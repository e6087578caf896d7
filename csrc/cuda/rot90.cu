// Quarter turns. A block turns a tile: its reads of columns stay within the cache lines that its
// neighbours in the block use.
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// Where the pixels of an image come from.
struct Rot90Map {
  using Args = Rot90Args;
  static constexpr bool fills = false;
  int64_t k, h, w;

  FASTAUG_FN Rot90Map(const Args& a, int64_t image) : k(a.k[image]), h(a.in.h), w(a.in.w) {}
  FASTAUG_FN Whence source(int64_t y, int64_t x) const {
    if (k == 0) return {y, x};
    if (k == 1) return {x, w - 1 - y};
    if (k == 2) return {h - 1 - y, w - 1 - x};
    return {h - 1 - x, y};
  }
};

template <class T>
struct Rot90 {
  using Args = Rot90Args;
  static constexpr int threads = 256, phases = 1;
  static constexpr int tile = 16;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t across = divide_up(a.out.w, tile), down = divide_up(a.out.h, tile);
    const Piece piece = piece_of(place.block, across * down);
    const auto [tile_y, tile_x] = piece_of(piece.piece, across);
    const int64_t y = tile_y * tile + place.thread / tile, x = tile_x * tile + place.thread % tile;
    if (y >= a.out.h || x >= a.out.w) return;
    const Whence from = Rot90Map(a, piece.image).source(y, x);
    for (int64_t c = 0; c < a.in.c; ++c)
      *element<T>(a.out, piece.image, y, x, c) =
          *element<const T>(a.in, piece.image, from.y, from.x, c);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(rot90_item_1, Rot90<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(rot90_item_2, Rot90<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(rot90_item_4, Rot90<fastaug::uint32_t>)
FASTAUG_CUDA_KERNEL(rot90_item_8, Rot90<fastaug::uint64_t>)
