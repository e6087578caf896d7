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

// What a tile of the output reads of the input, asked for a few of its rows ahead.
template <class T, class From>
struct Ahead {
  static constexpr int64_t distance = 4;
  RowsAhead<From> rows;

  Ahead(const Source<T, From>& s, const Tile& tile)
      : rows(s.plane, side(s, tile, true), side(s, tile, false)) {}

  // What row `y` reads.
  void reach(const Source<T, From>& s, int64_t y, Span columns) {
    const int64_t a = fixed_coordinate(s.y, columns.begin, y) >> 32;
    const int64_t b = fixed_coordinate(s.y, columns.end - 1, y) >> 32;
    rows.reach(larger<int64_t>(smaller(a, b), 0), smaller(larger(a, b) + 2, s.plane.h));
  }

 private:
  // The first or the last byte of rows that the tile reads.
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

// Whether columns of an output row read the last row of the image, or there may be nothing between
// rows to read: then loads must not go beyond the ends of rows, where otherwise the next row
// begins.
template <class Method, class T, class From>
bool reads_last(const Source<T, From>& s, Line along_y, Span columns) {
  if (Method::copies) return false;
  const Plane<From>& p = s.plane;
  if (p.stride != p.w * p.c * static_cast<int64_t>(sizeof(From))) return true;
  const int64_t furthest =
      larger(along_y.at(columns.begin), along_y.at(columns.end - 1)) + fixed_half;
  // What lies before the first row may be moved there.
  return larger<int64_t>(furthest >> 32, 0) + Method::after >= p.h - 1;
}

// Whether all columns are from 0 to `limit`.
inline bool between(Line line, Span columns, int64_t limit) {
  const int64_t a = line.at(columns.begin), b = line.at(columns.end - 1);
  return smaller(a, b) >= 0 && larger(a, b) <= limit;
}

template <class T, class From, class Method>
void warp_tile(const WarpAffineArgs& args, const Source<T, From>& s, int64_t image,
               const Tile& tile, Method& method) {
  const Batch& out = args.out;
  const Span columns = tile.columns;
  const int64_t end_x = (s.plane.w - 1) << 32, end_y = (s.plane.h - 1) << 32;
  const bool everywhere = method.everywhere(s);
  const Line line_x = make_line(0, s.x.step_x), line_y = make_line(0, s.y.step_x);

  const RowsOut<T> made(out, image, row_buffer<T>(Slot::row, out));
  Ahead<T, From> ahead(s, tile);
  // Where the output skips rows they are better left alone.
  const bool asks = s.narrow && rows_are_plain(args.in) && args.in.dtype == dtype_of<From> &&
                    std::fabs(args.matrices[6 * image + 4]) < 2.0;
  if (asks) ahead.reach(s, tile.begin, columns);
  for (int64_t y = tile.begin; y < tile.end; ++y) {
    T* to = made.begin(y);
    if (!s.narrow) {
      anywhere<Method>(s, y, columns.begin, columns.end, to);
      made.finish(y, to);
      continue;
    }
    const Line along_x = {fixed_coordinate(s.x, 0, y), line_x.step, line_x.columns};
    const Line along_y = {fixed_coordinate(s.y, 0, y), line_y.step, line_y.columns};
    if (asks && y + ahead.distance < tile.end) ahead.reach(s, y + ahead.distance, columns);
    if constexpr (Method::copies)
      method.rows.reach(along_y.at(columns.begin) >> 32, along_y.at(columns.end - 1) >> 32);
    Span valid = columns;
    if (s.mode == FillMode::constant) {
      narrow(valid, along_x, end_x);
      narrow(valid, along_y, end_y);
    }
    const bool last = reads_last<Method>(s, along_y, columns);
    if constexpr (Method::clamps)
      if (s.mode == FillMode::nearest && !last) {
        if (between(along_x, columns, end_x) && between(along_y, columns, end_y))
          method.inside(s, last, y, columns.begin, columns.end, out.w, to);
        else
          method.clamped(s, y, columns.begin, columns.end, out.w, to);
        made.finish(y, to);
        continue;
      }
    const bool takes_valid = Method::takes_valid && s.mode == FillMode::constant && !last;
    Span within = valid;
    if (!everywhere && !takes_valid) {
      const int64_t more = last ? method.more(s) : 0;
      narrow_taps<Method>(within, along_x, s.plane.w, more);
      narrow_taps<Method>(within, along_y, s.plane.h, 0);
    }
    const auto put = [&](int64_t begin, int64_t end) {
      if (begin < end)
        std::memcpy(to + begin * out.c, s.fill,
                    static_cast<std::size_t>((end - begin) * out.c) * sizeof(T));
    };
    put(columns.begin, valid.begin);
    if (valid.begin < within.begin) method.outside(s, y, valid.begin, within.begin, out.w, to);
    method.inside(s, last, y, within.begin, within.end, out.w, to);
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
