// Saturation and hue of bytes, one after the other while a pixel is in registers.
#include "../ops/hue.hpp"
#include "colours.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// To the bit what they do by themselves, limits between them included.
__attribute__((flatten)) void both_rows(const SaturationHueArgs& args, Rows rows, int16_t share,
                                        ByteTurn turn) {
  const SaturateBytes saturate{share};
  if (args.hue_first)
    map_byte_planes(args, rows, [=](auto limits) {
      return [=](auto colour) { return limits(saturate(limits(turn_bytes(colour, turn)))); };
    });
  else
    map_byte_planes(args, rows, [=](auto limits) {
      return [=](auto colour) { return limits(turn_bytes(limits(saturate(colour)), turn)); };
    });
}

}  // namespace

void saturation_hue(const SaturationHueArgs& args, Rows rows) {
  const double factor = args.factor[rows.image], turn = args.turn[rows.image];
  if (saturates_in_fixed_point(factor))
    return both_rows(args, rows, saturation_share(factor), byte_turn(turn));
  SaturationArgs first = {args.in, args.out, args.factor, args.low, args.high};
  HueArgs second = {args.in, args.out, args.turn, args.low, args.high};
  if (args.hue_first) {
    first.in = args.out;
    hue(second, rows);
    return saturation(first, rows);
  }
  second.in = args.out;
  saturation(first, rows);
  hue(second, rows);
}

FASTAUG_END
