// What the ops on colours share: every pixel of rows [begin, end) through `op`.
#pragma once

#include "../ops/round.hpp"
#include "map.hpp"
#include "vector/byte_planes.hpp"

FASTAUG_BEGIN

// `op_for(zero)` makes the op in the type of that zero, in which pixels are computed.
template <class T, class Args, class OpFor>
void map_colours_of(const Args& args, Rows rows, OpFor op_for) {
  const auto op = op_for(typename Compute<T>::type{});
  const ValueRange<T> range = {static_cast<T>(args.low), static_cast<T>(args.high), true};
  map_rows<T, T>(args.in, args.out, rows, [&](const T* from, T* to, int64_t count) {
    if (args.in.c == 3)
      map_pixels<3>(from, to, count / 3, range, op);
    else
      map_pixels<4>(from, to, count / 4, range, op);
  });
}

template <class Args, class OpFor>
void map_colours(const Args& args, Rows rows, OpFor op_for) {
  switch (args.in.dtype) {
    case DType::u8:
      return map_colours_of<uint8_t>(args, rows, op_for);
    case DType::u16:
      return map_colours_of<uint16_t>(args, rows, op_for);
    case DType::f32:
      return map_colours_of<float>(args, rows, op_for);
    default:
      return map_colours_of<double>(args, rows, op_for);
  }
}

// Bytes: `op_for(limits)` makes an op on registers of each channel, which has to keep within
// limits.
template <class Args, class OpFor>
void map_byte_planes(const Args& args, Rows rows, OpFor op_for) {
  const auto map = [&](auto op) {
    map_rows<uint8_t, uint8_t>(args.in, args.out, rows,
                               [&](const uint8_t* from, uint8_t* to, int64_t count) {
                                 if (args.in.c == 3)
                                   map_planes<3>(from, to, count / 3, op);
                                 else
                                   map_planes<4>(from, to, count / 4, op);
                               });
  };
  const uint8_t low = static_cast<uint8_t>(args.low), high = static_cast<uint8_t>(args.high);
  if (low == 0 && high == 255) return map(op_for(ByteLimits<false>{low, high}));
  map(op_for(ByteLimits<true>{low, high}));
}

// Bytes, half of a register at a time.
struct SaturateBytes {
  int16_t share;

  Colour<ByteLanes> operator()(Colour<ByteLanes> p) const {
    const WideBytes red = fixed_levels(p.red), green = fixed_levels(p.green);
    const WideBytes blue = fixed_levels(p.blue);
    const Halves first = fixed_grey(Colour<Halves>{red.first, green.first, blue.first});
    const Halves second = fixed_grey(Colour<Halves>{red.second, green.second, blue.second});
    const auto away = [&](WideBytes v) {
      return narrowed(away_from_grey(v.first, first, share),
                      away_from_grey(v.second, second, share));
    };
    return {away(red), away(green), away(blue)};
  }
};

FASTAUG_END
