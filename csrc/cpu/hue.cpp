#include "../ops/hue.hpp"

#include "colours.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN

void hue(const HueArgs& args, Rows rows) {
  map_colours<false>(args, rows, [&](auto zero) {
    const auto turn = static_cast<decltype(zero)>(args.turn[rows.image]);
    return [turn](auto colour) { return turn_hue(colour, turn); };
  });
}

FASTAUG_END
