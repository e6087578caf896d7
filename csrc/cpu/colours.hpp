// What the ops on colours share: every pixel of rows [begin, end) through `op`.
#pragma once

#include "../ops/round.hpp"
#include "map.hpp"
#include "vector/pixels.hpp"

FASTAUG_BEGIN

// `op_for(zero)` makes the op in the type of that zero, in which pixels are computed. One that
// `clips` may go beyond the values that a pixel has.
template <class T, bool clips, class Args, class OpFor>
void map_colours_of(const Args& args, Rows rows, OpFor op_for) {
  const auto op = op_for(typename Compute<T>::type{});
  const ValueRange<T> range = {static_cast<T>(args.low), static_cast<T>(args.high), true};
  map_rows<T, T>(args.in, args.out, rows, [&](const T* from, T* to, int64_t count) {
    if (args.in.c == 3)
      map_pixels<3, clips>(from, to, count / 3, range, op);
    else
      map_pixels<4, clips>(from, to, count / 4, range, op);
  });
}

template <bool clips, class Args, class OpFor>
void map_colours(const Args& args, Rows rows, OpFor op_for) {
  switch (args.in.dtype) {
    case DType::u8:
      if (!clips && args.low == 0.0 && args.high == 255.0)
        return map_colours_of<uint8_t, false>(args, rows, op_for);
      return map_colours_of<uint8_t, true>(args, rows, op_for);
    case DType::u16:
      return map_colours_of<uint16_t, true>(args, rows, op_for);
    case DType::f32:
      return map_colours_of<float, true>(args, rows, op_for);
    default:
      return map_colours_of<double, true>(args, rows, op_for);
  }
}

FASTAUG_END
