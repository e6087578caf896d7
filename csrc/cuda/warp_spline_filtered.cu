// Spline orders 2 to 5: the prefilter, one thread a line, into an image of doubles (down the
// columns, then along the rows), and the warp that reads it, one thread a pixel.
#include "../ops/spline_filter.hpp"
#include "../ops/warp_spline.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// `out` is the filtered batch: contiguous doubles, with room for the padding.
template <class T>
struct FilterColumns {
  using Args = WarpSplineArgs;
  static constexpr int threads = 128, phases = 1, blocks = 8;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t columns = a.out.w * a.out.c;
    const Piece piece = piece_of(place.block, divide_up(columns, threads));
    const int64_t column = piece.piece * threads + place.thread;
    if (column >= columns) return;
    const FillMode mode = static_cast<FillMode>(a.fill_mode);
    const int64_t padding = spline_padding(a.order, mode);
    const int64_t to_x = quotient(column, a.out.c), c = column - to_x * a.out.c;
    const int64_t x = to_x - padding, inside_x = clamped(x, a.in.w);
    const double fill = spline_padded<T>(a.fill[piece.image * a.in.c + c]);
    // A line of one number stays as it is.
    const SplineFilter filter = prepare_filter(a.order, mode, a.out.h);
    const double gain = a.out.h > 1 ? filter.gain : 1.0;
    const SplineLines<double, 1> line = {element<double>(a.out, piece.image, 0, to_x, c), a.out.h,
                                         columns};
    for (int64_t to_y = 0; to_y < a.out.h; ++to_y) {
      const int64_t y = to_y - padding, inside_y = clamped(y, a.in.h);
      const bool filled = mode == FillMode::grid_constant && (x != inside_x || y != inside_y);
      const T* from = element<const T>(a.in, piece.image, inside_y, inside_x, c);
      *line.row(to_y) = (filled ? fill : static_cast<double>(*from)) * gain;
    }
    if (a.out.h > 1) spline_filter(filter, line);
  }

 private:
  static FASTAUG_FN int64_t clamped(int64_t i, int64_t n) { return i < 0 ? 0 : smaller(i, n - 1); }
};

// In place.
struct FilterRows {
  using Args = WarpSplineArgs;
  static constexpr int threads = 128, phases = 1, blocks = 8;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t lines = a.out.h * a.out.c;
    const Piece piece = piece_of(place.block, divide_up(lines, threads));
    const int64_t line = piece.piece * threads + place.thread;
    if (line >= lines) return;
    const int64_t y = quotient(line, a.out.c), c = line - y * a.out.c;
    const SplineFilter filter =
        prepare_filter(a.order, static_cast<FillMode>(a.fill_mode), a.out.w);
    const SplineLines<double, 1> numbers = {element<double>(a.out, piece.image, y, 0, c), a.out.w,
                                            a.out.c};
    for (int64_t x = 0; x < a.out.w; ++x) *numbers.row(x) *= filter.gain;
    spline_filter(filter, numbers);
  }
};

// `in` is the filtered batch.
template <class T, int Order>
struct WarpFiltered {
  using Args = WarpSplineArgs;
  static constexpr int threads = 256, phases = 1, blocks = Order < 4 ? 2 : Order == 4;
  static constexpr int tile_w = 32, tile_h = 8;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t across = divide_up(a.out.w, tile_w), down = divide_up(a.out.h, tile_h);
    const Piece piece = piece_of(place.block, across * down);
    const int64_t image = piece.image;
    const auto [tile_y, tile_x] = piece_of(piece.piece, across);
    const int64_t y = tile_y * tile_h + place.thread / 32, x = tile_x * tile_w + place.thread % 32;
    if (y >= a.out.h || x >= a.out.w) return;

    const double* m = a.matrices + 6 * image;
    const double* fill = a.fill + image * a.in.c;
    const FillMode mode = static_cast<FillMode>(a.fill_mode);
    const double padding = static_cast<double>(spline_padding(Order, mode));
    const SplineAxis row = {m[0], m[1], m[2]}, column = {m[3], m[4], m[5]};
    const double v = spline_coordinate(row, y, x) + padding;
    const double u = spline_coordinate(column, y, x) + padding;
    const double in_v = spline_confine(bounded(v), a.in.h, mode);
    const double in_u = spline_confine(bounded(u), a.in.w, mode);
    const int64_t to_y = a.mirror[2 * image] ? a.out.h - 1 - y : y;
    const int64_t to_x = a.mirror[2 * image + 1] ? a.out.w - 1 - x : x;

    const bool filled = is_fill(in_v, mode) || is_fill(in_u, mode);
    const SplineTaps<Order> rows = spline_taps<Order>(filled ? 0.0 : in_v, a.in.h, mode);
    const SplineTaps<Order> columns = spline_taps<Order>(filled ? 0.0 : in_u, a.in.w, mode);
    for (int64_t c = 0; c < a.in.c; ++c) {
      double sum = 0.0;
      for (int i = 0; i <= Order; ++i)
        for (int j = 0; j <= Order; ++j) {
          const bool inside = rows.at[i] >= 0 && columns.at[j] >= 0;
          const double tap =
              inside ? *element<const double>(a.in, image, rows.at[i], columns.at[j], c) : fill[c];
          sum += tap * rows.weight.at[i] * columns.weight.at[j];
        }
      *element<T>(a.out, image, to_y, to_x, c) = spline_store<T>(filled ? fill[c] : sum);
    }
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(filter_columns_u8, FilterColumns<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(filter_columns_f32, FilterColumns<float>)
FASTAUG_CUDA_KERNEL(filter_columns_f64, FilterColumns<double>)
FASTAUG_CUDA_KERNEL(filter_rows, FilterRows)
FASTAUG_CUDA_KERNEL(warp_filtered_u8_2, WarpFiltered<fastaug::uint8_t, 2>)
FASTAUG_CUDA_KERNEL(warp_filtered_u8_3, WarpFiltered<fastaug::uint8_t, 3>)
FASTAUG_CUDA_KERNEL(warp_filtered_u8_4, WarpFiltered<fastaug::uint8_t, 4>)
FASTAUG_CUDA_KERNEL(warp_filtered_u8_5, WarpFiltered<fastaug::uint8_t, 5>)
FASTAUG_CUDA_KERNEL(warp_filtered_f32_2, WarpFiltered<float, 2>)
FASTAUG_CUDA_KERNEL(warp_filtered_f32_3, WarpFiltered<float, 3>)
FASTAUG_CUDA_KERNEL(warp_filtered_f32_4, WarpFiltered<float, 4>)
FASTAUG_CUDA_KERNEL(warp_filtered_f32_5, WarpFiltered<float, 5>)
FASTAUG_CUDA_KERNEL(warp_filtered_f64_2, WarpFiltered<double, 2>)
FASTAUG_CUDA_KERNEL(warp_filtered_f64_3, WarpFiltered<double, 3>)
FASTAUG_CUDA_KERNEL(warp_filtered_f64_4, WarpFiltered<double, 4>)
FASTAUG_CUDA_KERNEL(warp_filtered_f64_5, WarpFiltered<double, 5>)
