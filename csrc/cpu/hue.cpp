#include "../ops/hue.hpp"

#include "colours.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

__attribute__((flatten)) void turn_rows(const HueArgs& args, Rows rows, ByteTurn turn) {
  map_byte_planes(args, rows, [turn](auto limits) {
    return [=](auto colour) { return limits(turn_bytes(colour, turn)); };
  });
}

}  // namespace

void hue(const HueArgs& args, Rows rows) {
  const double given = args.turn[rows.image];
  if (args.in.dtype == DType::u8) return turn_rows(args, rows, byte_turn(given));
  map_colours(args, rows, [&](auto zero) {
    const auto turn = static_cast<decltype(zero)>(given);
    return [turn](auto colour) { return turn_hue(colour, turn); };
  });
}

FASTAUG_END
