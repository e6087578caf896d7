// The affine warp: per output row a branch-free loop over the columns that read inside the image,
// and on either side the ones that read its edge or, past it, are fill.
#include "kernels.hpp"
#include "rows_ahead.hpp"
#include "span.hpp"
#include "table.hpp"
#include "tiles.hpp"
#include "warp_affine_bicubic.hpp"
#include "warp_affine_bilinear.hpp"
#include "warp_affine_copied.hpp"
#include "warp_affine_nearest.hpp"
#include "whole_pixels.hpp"

FASTAUG_BEGIN
namespace {

using namespace affine;

// How far the coordinates of a tile's columns are from that of column 0, along one axis.
struct Reach {
  int64_t low, high;
  Reach(int64_t step, Span columns)
      : low(smaller(step * columns.begin, step * (columns.end - 1))),
        high(larger(step * columns.begin, step * (columns.end - 1))) {}

  // Whether all columns of a row are from 0 to `limit`.
  bool stays_within(int64_t start, int64_t limit) const {
    return start + low >= 0 && start + high <= limit;
  }
};

// What a tile of the output reads of the input, asked for a few of its rows ahead.
template <class From>
struct Ahead {
  static constexpr int64_t distance = 4;

  template <class T>
  Ahead(const Source<T, From>& s, const Tile& tile, const Reach& y)
      : reach_(y), height_(s.plane.h), rows_(s.plane, side(s, tile, true), side(s, tile, false)) {}

  // What the row reads whose column 0 is at `start`.
  void reach(int64_t start) {
    rows_.reach(larger<int64_t>((start + reach_.low) >> 32, 0),
                smaller(((start + reach_.high) >> 32) + 2, height_));
  }

 private:
  Reach reach_;
  int64_t height_;
  RowsAhead<From> rows_;

  // The first or the last byte of rows that the tile reads.
  template <class T>
  static int64_t side(const Source<T, From>& s, const Tile& tile, bool left) {
    const Plane<From>& p = s.plane;
    const int64_t pixel = p.c * static_cast<int64_t>(sizeof(From));
    const auto at = [&](int64_t x, int64_t y) { return fixed_coordinate(s.x, x, y) >> 32; };
    const int64_t a = at(tile.columns.begin, tile.begin), b = at(tile.columns.end, tile.begin);
    const int64_t c = at(tile.columns.begin, tile.end), d = at(tile.columns.end, tile.end);
    if (left) return larger<int64_t>(smaller(smaller(a, b), smaller(c, d)), 0) * pixel;
    return smaller(larger(larger(a, b), larger(c, d)) + 2, p.w) * pixel;
  }
};

// The highest coordinate of a row at which nothing reads the last row of the image, nor may there
// be nothing between rows to read: beyond it loads must not go beyond the ends of rows, where
// otherwise the next row begins.
template <class Method, class T, class From>
int64_t before_last(const Source<T, From>& s) {
  constexpr int64_t all = int64_t{1} << 62;
  if (Method::copies) return all;
  const Plane<From>& p = s.plane;
  const int64_t last = p.h - 1 - Method::after;
  // What lies before the first row may be moved there; of one pixel a row loads take two rows
  // along.
  if (last <= 0 || p.w == 1 || p.stride != p.w * p.c * static_cast<int64_t>(sizeof(From)))
    return -all;
  return last * fixed_one - fixed_half - 1;
}

// Rows whose coordinates do not fit 32.32, or 32 bits of bytes.
template <class Method, class T, class From>
void warp_wide(const Source<T, From>& s, const RowsOut<T>& made, const Tile& tile) {
  for (int64_t y = tile.begin; y < tile.end; ++y) {
    T* to = made.begin(y);
    anywhere<Method>(s, y, tile.columns.begin, tile.columns.end, to);
    made.finish(y, to);
  }
}

template <class T, class From, class Method>
void warp_tile(const WarpAffineArgs& args, const Source<T, From>& s, int64_t image,
               const Tile& tile, Method& method) {
  const Batch& out = args.out;
  const RowsOut<T> made(out, image, row_buffer<T>(Slot::row, out));
  if (!s.narrow) return warp_wide<Method>(s, made, tile);

  const Span columns = tile.columns;
  const int64_t end_x = (s.plane.w - 1) << 32, end_y = (s.plane.h - 1) << 32;
  const bool everywhere = method.everywhere(s), fills = s.mode == FillMode::constant;
  const auto spans = [&](Bounds x, Bounds y) {
    return Spans(s.x, s.y, x, y, columns, {tile.begin, tile.end});
  };
  const auto taps = [&](int64_t more) {
    return spans(taps_inside<Method>(s.plane.w, more), taps_inside<Method>(s.plane.h, 0));
  };
  const Spans valid_columns = spans({0, end_x}, {0, end_y}), tapped_columns = taps(0);
  // Whether taps are all inside where coordinates are, but for some within a hair.
  constexpr bool same = Method::before == 0;

  const Reach reach_x(s.x.step_x, columns), reach_y(s.y.step_x, columns);
  const int64_t highest = before_last<Method>(s);
  Ahead<From> ahead(s, tile, reach_y);
  // Where the output skips rows they are better left alone.
  const bool asks = rows_are_plain(args.in) && args.in.dtype == dtype_of<From> &&
                    std::fabs(args.matrices[6 * image + 4]) < 2.0;
  if (asks) ahead.reach(fixed_coordinate(s.y, 0, tile.begin));
  for (int64_t y = tile.begin; y < tile.end; ++y) {
    T* to = made.begin(y);
    const int64_t start_x = fixed_coordinate(s.x, 0, y), start_y = fixed_coordinate(s.y, 0, y);
    if (asks && y + ahead.distance < tile.end) ahead.reach(start_y + ahead.distance * s.y.step_y);
    if constexpr (Method::copies)
      method.rows.reach((start_y + reach_y.low) >> 32, (start_y + reach_y.high) >> 32);
    const bool last = start_y + reach_y.high > highest;
    if constexpr (Method::clamps)
      if (s.mode == FillMode::nearest && !last) {
        if (reach_x.stays_within(start_x, end_x) && reach_y.stays_within(start_y, end_y))
          method.inside(s, last, y, columns.begin, columns.end, out.w, to);
        else
          method.clamped(s, y, columns.begin, columns.end, out.w, to);
        made.finish(y, to);
        continue;
      }
    Span valid = columns;
    const bool clear = fills && valid_columns.find(y, valid) && same;
    Span within = valid;
    const int64_t more = last ? method.more(s) : 0;
    const bool takes_valid = Method::takes_valid && fills && !last;
    if (!everywhere && !takes_valid && !(clear && more == 0)) {
      if (more == 0)
        tapped_columns.find(y, within);
      else
        taps(more).find(y, within);
      // A span that is empty may lie anywhere in the row.
      within.begin = smaller(larger(within.begin, valid.begin), valid.end);
      within.end = smaller(larger(within.end, within.begin), valid.end);
    }
    const auto put = [&](int64_t begin, int64_t end) {
      if (begin < end)
        std::memcpy(to + begin * out.c, s.fill,
                    static_cast<std::size_t>((end - begin) * out.c) * sizeof(T));
    };
    put(columns.begin, valid.begin);
    if (valid.begin < within.begin) method.outside(s, y, valid.begin, within.begin, out.w, to);
    if (within.begin < within.end) method.inside(s, last, y, within.begin, within.end, out.w, to);
    if (within.end < valid.end) method.outside(s, y, within.end, valid.end, out.w, to);
    put(valid.end, columns.end);
    made.finish(y, to);
  }
}

// By itself: with what calls it in one function GCC makes small images 3 % slower.
template <class T, class From, class Method>
__attribute__((noinline)) void warp_rows(const WarpAffineArgs& args, const Source<T, From>& s,
                                         Rows rows, Method method) {
  // A copy of the image is made row by row.
  const double slant = s.narrow && !Method::copies ? args.matrices[6 * rows.image + 3] : 0.0;
  const Tiles tiles(args.out, slant * static_cast<double>(args.out.w), s.plane);
  tiles.each(rows, [&](const Tile& tile) { warp_tile(args, s, rows.image, tile, method); });
}

template <class T, class From = T>
void warp(const WarpAffineArgs& args, Rows rows, const AffineAxes& axes) {
  const Batch& out = args.out;
  const double* m = args.matrices + 6 * rows.image;
  Source<T, From> s{};
  s.mode = static_cast<FillMode>(args.fill_mode);
  s.fill = fill_row<T>(args.fill, out, rows.image, s.mode);
  s.plane = read_image<From>(args.in, source_of(args.source, rows.image), false);
  s.x = axes.x, s.y = axes.y;
  s.fixed = axes.fits;
  s.steps_x = Steps(s.x.step_x);
  s.steps_y = Steps(s.y.step_x);
  s.narrow = s.fixed && offsets_fit(s.plane);
  s.tight = std::fabs(m[0]) * static_cast<double>(chunk) < static_cast<double>(s.plane.w - 3);
  if constexpr (sizeof(T) == sizeof(From)) {
    if (args.interpolation == 0 || axes.whole) return warp_rows(args, s, rows, NearestWarp<T>{});
    if constexpr (sizeof(T) == 1)
      if (args.interpolation == 2 && CopiedBicubicWarp::serves(s, out, rows))
        return warp_rows(args, s, rows, CopiedBicubicWarp(s));
    if (args.interpolation == 2) return warp_rows(args, s, rows, BicubicWarp<T>{});
  }
  if constexpr (has_windows<T> && sizeof(T) == sizeof(From))
    if (s.narrow && s.plane.c == 1)
      s.windows = Windows<T>(
          s.x.step_x, s.y.step_x, s.plane.stride,
          (s.plane.h - 1) * s.plane.stride + s.plane.w * static_cast<int64_t>(sizeof(T)));
  if (CopiedBilinearWarp<T, From>::serves(s, out, rows))
    return warp_rows(args, s, rows, CopiedBilinearWarp<T, From>(s));
  warp_rows(args, s, rows, BilinearWarp<T, From>{});
}

}  // namespace

void warp_affine(const WarpAffineArgs& args, Rows rows) {
  const AffineAxes axes(args.matrices + 6 * rows.image, args.out.w, args.out.h);
  if (axes.whole && copy_whole_pixels(args, rows, axes)) return;
  if (args.out.dtype == DType::u8) return warp<uint8_t>(args, rows, axes);
  // Bytes are made floats where they are blended, which saves a copy of the image.
  const bool direct = args.in.dtype == DType::u8 && (args.in.c == 3 || args.in.c == 4);
  if (direct && args.interpolation == 1 && !axes.whole)
    return warp<float, uint8_t>(args, rows, axes);
  warp<float>(args, rows, axes);
}

FASTAUG_END
