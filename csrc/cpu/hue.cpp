#include "../ops/hue.hpp"

#include "colours.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// Bytes: the compiler knows the way round, how channels are exchanged and how many there are.
using TurnPixels = void (*)(const uint8_t* from, uint8_t* to, int64_t count, int16_t share,
                            ValueRange<uint8_t> range);

template <bool back, int thirds, int channels>
__attribute__((flatten)) void turn_pixels(const uint8_t* from, uint8_t* to, int64_t count,
                                          int16_t share, ValueRange<uint8_t> range) {
  map_planes<channels>(from, to, count, range, [=](auto colour) {
    return turn_bytes(colour, ByteTurn{thirds, back, share});
  });
}

template <bool back, int channels>
TurnPixels turn_for(int32_t thirds) {
  if (thirds == 0) return turn_pixels<back, 0, channels>;
  return thirds == 1 ? turn_pixels<back, 1, channels> : turn_pixels<back, 2, channels>;
}

TurnPixels turn_for(ByteTurn turn, int64_t channels) {
  if (channels == 3)
    return turn.back ? turn_for<true, 3>(turn.thirds) : turn_for<false, 3>(turn.thirds);
  return turn.back ? turn_for<true, 4>(turn.thirds) : turn_for<false, 4>(turn.thirds);
}

void turn_rows(const HueArgs& args, Rows rows, ByteTurn turn) {
  const ValueRange<uint8_t> range = byte_range(args);
  const TurnPixels turns = turn_for(turn, args.in.c);
  map_rows<uint8_t, uint8_t>(args.in, args.out, rows,
                             [&](const uint8_t* from, uint8_t* to, int64_t count) {
                               turns(from, to, count / args.in.c, turn.share, range);
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
