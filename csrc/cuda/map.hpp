// Kernels that make elements, or pixels, of one image from those in the same place of another.
#pragma once

#include "../ops/color_matrix.hpp"
#include "../ops/round.hpp"
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

// The same of colours: Op has Args and make(args, image, colour). A fourth channel stays.
template <class T, class Op>
struct MapColours {
  using Args = typename Op::Args;
  using Real = typename Compute<T>::type;
  static constexpr int threads = 256, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char*, Place place) {
    const int64_t size = args.in.h * args.in.w;
    const Piece piece = piece_of(place.block, divide_up(size, threads));
    const int64_t at = piece.piece * threads + place.thread;
    if (at >= size) return;
    const int64_t y = quotient(at, args.in.w), x = at - y * args.in.w;
    const auto from = [&](int c) { return *element<const T>(args.in, piece.image, y, x, c); };
    const auto real = [&](int c) { return static_cast<Real>(from(c)); };
    const ValueRange<T> range = {static_cast<T>(args.low), static_cast<T>(args.high), true};
    const T alpha = args.in.c == 4 ? from(3) : T(0);
    const Colour<Real> made =
        Op::template make<Real>(args, piece.image, {real(0), real(1), real(2)});
    const auto to = [&](int c) { return element<T>(args.out, piece.image, y, x, c); };
    *to(0) = to_pixel(made.red, range);
    *to(1) = to_pixel(made.green, range);
    *to(2) = to_pixel(made.blue, range);
    if (args.in.c == 4) *to(3) = alpha;
  }
};

FASTAUG_END
