// Kernels that make elements, or pixels, of one image from those in the same place of another.
#pragma once

#include "../ops/round.hpp"
#include "../ops/saturation.hpp"
#include "elements.hpp"
#include "launch.hpp"

FASTAUG_BEGIN

// Op has Args, `batches(args)`, and `of(args, image)`, which makes the op of an image: a function
// of a value and its channel.
template <class From, class To, class Op>
struct MapElements {
  using Args = typename Op::Args;
  static constexpr int threads = 256, phases = 1, count = 4;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char*, Place place) {
    const Batch &in = Op::batches(args).in, &out = Op::batches(args).out;
    const int64_t size = in.h * in.w * in.c;
    const auto [image, first] = elements_of<threads, count>(place, size);
    if (first >= size) return;
    const Op op = Op::of(args, image);
    Elements<From, count> given;
    Elements<To, count> made;
    given.load(in, image, first, size);
    const uint32_t channels = static_cast<uint32_t>(in.c);
    uint32_t c = static_cast<uint32_t>(first - quotient(first, in.c) * in.c);
    for (int i = 0; i < count; ++i) {
      made.value[i] = op(given.value[i], c);
      c = c + 1 == channels ? 0 : c + 1;
    }
    made.store(out, image, first, size);
  }
};

// Whole levels, as another type.
template <class To, class V>
FASTAUG_FN Colour<To> as_colour(Colour<V> p) {
  return {static_cast<To>(p.red), static_cast<To>(p.green), static_cast<To>(p.blue)};
}

// The same of colours: Op has Args, is made from them and an image, and is a function of a colour.
template <class T, class Op>
struct ColourOp {
  using Real = typename Compute<T>::type;
  Op op;
  ValueRange<T> range;

  FASTAUG_FN ColourOp(const typename Op::Args& a, int64_t image)
      : op(a, image), range{static_cast<T>(a.low), static_cast<T>(a.high), true} {}
  FASTAUG_FN void operator()(const T* from, T* to) const {
    const auto real = [&](int c) { return static_cast<Real>(from[c]); };
    const Colour<Real> made = op(Colour<Real>{real(0), real(1), real(2)});
    to[0] = to_pixel(made.red, range);
    to[1] = to_pixel(made.green, range);
    to[2] = to_pixel(made.blue, range);
  }
};

// A fourth channel stays.
template <class T, class Op>
struct MapColours {
  using Args = typename Op::Args;
  static constexpr int threads = 256, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char*, Place place) {
    const int64_t size = args.in.h * args.in.w;
    const Piece piece = piece_of(place.block, divide_up(size, threads));
    const int64_t at = piece.piece * threads + place.thread;
    if (at >= size) return;
    const int64_t y = quotient(at, args.in.w), x = at - y * args.in.w;
    const int32_t channels = args.in.c == 4 ? 4 : 3;
    const auto place_in = [&](const Batch& b, int c) {
      return element<T>(b, piece.image, y, x, c);
    };
    T from[4], to[4];
    for (int c = 0; c < 4; ++c) from[c] = c < channels ? *place_in(args.in, c) : T(0);
    ColourOp<T, Op>(args, piece.image)(from, to);
    to[3] = from[3];
    for (int c = 0; c < 4; ++c)
      if (c < channels) *place_in(args.out, c) = to[c];
  }
};

FASTAUG_END
