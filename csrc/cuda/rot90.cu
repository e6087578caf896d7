// Quarter turns. A block turns a tile: its reads of columns stay within the cache lines that its
// neighbours in the block use.
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

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
    int64_t from_y = y, from_x = x;
    switch (a.k[piece.image]) {
      case 0:
        break;
      case 1:
        from_y = x, from_x = a.in.w - 1 - y;
        break;
      case 2:
        from_y = a.in.h - 1 - y, from_x = a.in.w - 1 - x;
        break;
      default:
        from_y = a.in.h - 1 - x, from_x = y;
        break;
    }
    for (int64_t c = 0; c < a.in.c; ++c)
      *element<T>(a.out, piece.image, y, x, c) =
          *element<const T>(a.in, piece.image, from_y, from_x, c);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(rot90_item_1, Rot90<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(rot90_item_2, Rot90<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(rot90_item_4, Rot90<fastaug::uint32_t>)
FASTAUG_CUDA_KERNEL(rot90_item_8, Rot90<fastaug::uint64_t>)
