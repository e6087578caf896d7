// The affine warp.
#include "warp.hpp"

FASTAUG_BEGIN

struct AffineMap {
  using Args = WarpAffineArgs;
  AffineAxis axis_x, axis_y;
  bool narrow;

  FASTAUG_FN AffineMap(const Args& a, int64_t image) {
    const double* m = a.matrices + 6 * image;
    const bool x_fits = prepare_axis(m, a.out.w, a.out.h, axis_x);
    const bool y_fits = prepare_axis(m + 3, a.out.w, a.out.h, axis_y);
    narrow = x_fits && y_fits;
  }

  FASTAUG_FN void coordinates(int64_t x, int64_t y, int64_t& fx, int64_t& fy) const {
    fx = narrow ? fixed_coordinate(axis_x, x, y) : wide_coordinate(axis_x, x, y);
    fy = narrow ? fixed_coordinate(axis_y, x, y) : wide_coordinate(axis_y, x, y);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(warp_affine_u8_1, Warp<fastaug::AffineMap, fastaug::uint8_t, 1, true>)
FASTAUG_CUDA_KERNEL(warp_affine_u8_3, Warp<fastaug::AffineMap, fastaug::uint8_t, 3, true>)
FASTAUG_CUDA_KERNEL(warp_affine_u8_4, Warp<fastaug::AffineMap, fastaug::uint8_t, 4, true>)
FASTAUG_CUDA_KERNEL(warp_affine_u8_any, Warp<fastaug::AffineMap, fastaug::uint8_t, 0, false>)
FASTAUG_CUDA_KERNEL(warp_affine_f32_1, Warp<fastaug::AffineMap, float, 1, true>)
FASTAUG_CUDA_KERNEL(warp_affine_f32_3, Warp<fastaug::AffineMap, float, 3, true>)
FASTAUG_CUDA_KERNEL(warp_affine_f32_4, Warp<fastaug::AffineMap, float, 4, true>)
FASTAUG_CUDA_KERNEL(warp_affine_f32_any, Warp<fastaug::AffineMap, float, 0, false>)
