#include "../ops/hue.hpp"

#include "colours.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// The compiler knows the way round and how channels are exchanged.
template <bool back, int thirds>
__attribute__((flatten)) void turn_rows(const HueArgs& args, Rows rows, int16_t share) {
  map_byte_planes(args, rows,
                  [=](auto colour) { return turn_bytes(colour, ByteTurn{thirds, back, share}); });
}

template <bool back>
void turn_rows(const HueArgs& args, Rows rows, ByteTurn turn) {
  if (turn.thirds == 0) return turn_rows<back, 0>(args, rows, turn.share);
  if (turn.thirds == 1) return turn_rows<back, 1>(args, rows, turn.share);
  turn_rows<back, 2>(args, rows, turn.share);
}

}  // namespace

void hue(const HueArgs& args, Rows rows) {
  const double given = args.turn[rows.image];
  if (args.in.dtype == DType::u8) {
    const ByteTurn turn = byte_turn(given);
    return turn.back ? turn_rows<true>(args, rows, turn) : turn_rows<false>(args, rows, turn);
  }
  map_colours(args, rows, [&](auto zero) {
    const auto turn = static_cast<decltype(zero)>(given);
    return [turn](auto colour) { return turn_hue(colour, turn); };
  });
}

FASTAUG_END
