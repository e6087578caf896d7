// The affine warp in SciPy's arithmetic: one thread a pixel, doubles throughout.
#include "../ops/warp_spline.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

template <class T>
struct WarpSpline {
  using Args = WarpSplineArgs;
  static constexpr int threads = 256, phases = 1;
  static constexpr int tile_w = 32, tile_h = 8;

  static FASTAUG_FN double tap(const Args& a, int64_t image, int64_t y, int64_t x, int64_t c) {
    if (y < 0 || x < 0) return a.fill[image * a.in.c + c];
    return static_cast<double>(*element<const T>(a.in, image, y, x, c));
  }

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t across = divide_up(a.out.w, tile_w), down = divide_up(a.out.h, tile_h);
    const Piece piece = piece_of(place.block, across * down);
    const int64_t image = piece.image;
    const auto [tile_y, tile_x] = piece_of(piece.piece, across);
    const int64_t y = tile_y * tile_h + place.thread / 32, x = tile_x * tile_w + place.thread % 32;
    if (y >= a.out.h || x >= a.out.w) return;

    const double* m = a.matrices + 6 * image;
    const FillMode mode = static_cast<FillMode>(a.fill_mode);
    const SplineAxis row = {m[0], m[1], m[2]}, column = {m[3], m[4], m[5]};
    const double v = spline_confine(bounded(spline_coordinate(row, y, x)), a.in.h, mode);
    const double u = spline_confine(bounded(spline_coordinate(column, y, x)), a.in.w, mode);
    const int64_t to_y = a.mirror[2 * image] ? a.out.h - 1 - y : y;
    const int64_t to_x = a.mirror[2 * image + 1] ? a.out.w - 1 - x : x;

    if (is_fill(v, mode) || is_fill(u, mode)) {
      for (int64_t c = 0; c < a.in.c; ++c)
        *element<T>(a.out, image, to_y, to_x, c) = spline_store<T>(a.fill[image * a.in.c + c]);
    } else if (a.order == 0) {
      const int64_t from_y = spline_tap(floor_index(v + 0.5), a.in.h, mode);
      const int64_t from_x = spline_tap(floor_index(u + 0.5), a.in.w, mode);
      for (int64_t c = 0; c < a.in.c; ++c)
        *element<T>(a.out, image, to_y, to_x, c) =
            spline_store<T>(0.0 + tap(a, image, from_y, from_x, c));
    } else {
      const int64_t i = floor_index(v), j = floor_index(u);
      const LinearWeights rows = linear_weights(v, i), columns = linear_weights(u, j);
      const int64_t y0 = spline_tap(i, a.in.h, mode), y1 = spline_tap(i + 1, a.in.h, mode);
      const int64_t x0 = spline_tap(j, a.in.w, mode), x1 = spline_tap(j + 1, a.in.w, mode);
      for (int64_t c = 0; c < a.in.c; ++c)
        *element<T>(a.out, image, to_y, to_x, c) = spline_store<T>(
            spline_blend(tap(a, image, y0, x0, c), tap(a, image, y0, x1, c),
                         tap(a, image, y1, x0, c), tap(a, image, y1, x1, c), rows, columns));
    }
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(warp_spline_u8, WarpSpline<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(warp_spline_f32, WarpSpline<float>)
FASTAUG_CUDA_KERNEL(warp_spline_f64, WarpSpline<double>)
