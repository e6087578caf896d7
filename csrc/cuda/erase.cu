// Rectangles filled with a constant, each by some blocks of threads that share its elements out.
#include "../ops/box.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

template <class T>
struct EraseBoxes {
  using Args = ErasePassArgs;
  static constexpr int threads = 256, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char*, Place place) {
    const EraseArgs& a = args.all;
    const Piece piece = piece_of(place.block, a.count * args.parts);
    const Piece part = piece_of(piece.piece, args.parts);
    const Box box =
        clipped_box(a.boxes + (piece.image * a.count + part.image) * 4, a.out.h, a.out.w);
    const int64_t length = (box.columns.end - box.columns.begin) * a.out.c;
    const int64_t size = (box.rows.end - box.rows.begin) * length;
    const T* fill = static_cast<const T*>(a.fill) + piece.image * a.out.c;
    for (int64_t at = part.piece * threads + place.thread; at < size; at += args.parts * threads) {
      const Spot spot = spot_of(at, length, a.out.c);
      *element<T>(a.out, piece.image, box.rows.begin + spot.y, box.columns.begin + spot.x, spot.c) =
          fill[spot.c];
    }
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(erase_item_1, EraseBoxes<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(erase_item_2, EraseBoxes<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(erase_item_4, EraseBoxes<fastaug::uint32_t>)
FASTAUG_CUDA_KERNEL(erase_item_8, EraseBoxes<fastaug::uint64_t>)
