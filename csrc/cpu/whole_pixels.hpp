// Affine maps that move whole pixels: flips, quarter turns, shifts and what they make together,
// copied as the ops of these names copy.
#pragma once

#include "../ops/warp_affine.hpp"
#include "mirror.hpp"
#include "pieces.hpp"
#include "turn.hpp"

FASTAUG_BEGIN
namespace whole {

// The pixels along one axis of the input that follow each other in the output.
struct Order {
  int64_t first, step;  // 1 or -1

  int64_t at(int64_t i) const { return first + step * i; }
  // The least of so many.
  int64_t least(int64_t count) const { return smaller(first, at(count - 1)); }
  bool inside(int64_t count, int64_t n) const {
    return least(count) >= 0 && larger(first, at(count - 1)) < n;
  }
};

// Of an output row, and of an output column. They go along rows and columns of the input, or where
// it is `turned` along columns and rows.
struct Move {
  Order across, down;
  bool turned;
};

// Whether it is a move at all, no pixel of the input taken twice.
inline bool find_move(const AffineAxes& axes, Move& move) {
  const AffineAxis &x = axes.x, &y = axes.y;
  const auto is_one = [](int64_t step) { return step == fixed_one || step == -fixed_one; };
  const auto order = [](int64_t first, int64_t step) { return Order{first >> 32, step >> 32}; };
  const bool straight = is_one(x.step_x) && is_one(y.step_y) && (x.step_y | y.step_x) == 0;
  const bool turned = is_one(x.step_y) && is_one(y.step_x) && (x.step_x | y.step_y) == 0;
  if (turned)
    move = {order(y.start_fixed, y.step_x), order(x.start_fixed, x.step_y), true};
  else
    move = {order(x.start_fixed, x.step_x), order(y.start_fixed, y.step_y), false};
  return straight || turned;
}

inline Batch part_of(const Batch& b, int64_t top, int64_t height, int64_t left, int64_t width) {
  Batch part = b;
  part.data += top * b.stride_h + left * b.stride_w;
  part.h = height, part.w = width;
  return part;
}

// What of an axis is read.
struct Range {
  int64_t begin, end;

  int64_t count() const { return end - begin; }
};

inline Range taps_of(const Order& order, int64_t begin, int64_t end, int64_t n, FillMode mode) {
  Range all = {n, 0};
  for (int64_t i = begin; i < end; ++i) {
    const int64_t tap = whole_tap(order.at(i), n, mode);
    if (tap >= 0) all = {smaller(all.begin, tap), larger(all.end, tap + 1)};
  }
  return all.begin < all.end ? all : Range{0, 0};
}

// The pixel outside, in memory of this thread; null where the mode needs none.
template <class T>
const char* fill_pixel(const double* values, int64_t channels, FillMode mode) {
  if (mode != FillMode::constant && mode != FillMode::grid_constant) return nullptr;
  T* const pixel = memory<T>(Slot::sides, channels);
  for (int64_t c = 0; c < channels; ++c) pixel[c] = constant_pixel<T>(values[c]);
  return reinterpret_cast<const char*>(pixel);
}

// A part of the image, turned in memory of this thread.
inline Batch turned_part(const Batch& in, Range rows, Range columns) {
  Batch to = in;
  to.h = columns.count(), to.w = rows.count();
  to.stride_c = in.item, to.stride_w = in.c * in.item, to.stride_h = to.w * to.stride_w;
  to.data = memory<char>(Slot::source, to.h * to.stride_h);
  if (to.h * to.w > 0)
    turn::turn_image(part_of(in, rows.begin, to.w, columns.begin, to.h), 0, to, {0, 0, to.h}, {});
  return to;
}

// Where all of the output is inside the image.
inline void copy_inside(const Batch& in, const Batch& out, Rows rows, const Move& move) {
  const int64_t across = move.across.least(out.w), down = move.down.least(out.h);
  const bool across_back = move.across.step < 0, down_back = move.down.step < 0;
  if (move.turned)
    turn::turn_image(part_of(in, across, out.w, down, out.h), 0, out, rows,
                     {across_back, down_back});
  else
    mirror_items(part_of(in, down, out.h, across, out.w), 0, out, rows, {across_back, down_back});
}

}  // namespace whole

// False where that would take more than it saves, or the map is of another kind: it skips pixels,
// or takes one more than once.
inline bool copy_whole_pixels(const WarpAffineArgs& args, Rows rows, const AffineAxes& axes) {
  using namespace whole;
  Move move;
  if (args.in.dtype != args.out.dtype || !find_move(axes, move)) return false;
  Batch in = image_of(args.in, source_of(args.source, rows.image));
  const Batch out = image_of(args.out, rows.image);
  const double* const fill = args.fill + rows.image * out.c;
  const FillMode mode = static_cast<FillMode>(args.fill_mode);
  rows.image = 0;
  const int64_t n_across = move.turned ? in.h : in.w, n_down = move.turned ? in.w : in.h;
  if (move.across.inside(out.w, n_across) && move.down.inside(out.h, n_down)) {
    copy_inside(in, out, rows, move);
    return true;
  }
  int64_t left = 0, top = 0;  // of what is read
  if (move.turned) {
    const Range across = taps_of(move.across, 0, out.w, n_across, mode);
    const Range down = taps_of(move.down, rows.begin, rows.end, n_down, mode);
    if (across.count() * down.count() > 2 * out.w * (rows.end - rows.begin)) return false;
    in = turned_part(in, across, down);
    left = across.begin, top = down.begin;
  }
  const auto tap = [mode](int64_t pixel, int64_t n, int64_t begin) {
    const int64_t at = whole_tap(pixel, n, mode);
    return at < 0 ? at : at - begin;
  };
  const pieces::Pieces of_a_row =
      pieces::find_pieces(move.across.first - left, move.across.step, out.w, in.w,
                          [&](int64_t i) { return tap(i + left, n_across, left); });
  const pieces::Maker maker(rows, of_a_row,
                            [&](int64_t y) { return tap(move.down.at(y), n_down, top); });
  maker.make(in, out,
             out.dtype == DType::u8 ? fill_pixel<uint8_t>(fill, out.c, mode)
                                    : fill_pixel<float>(fill, out.c, mode));
  return true;
}

FASTAUG_END
