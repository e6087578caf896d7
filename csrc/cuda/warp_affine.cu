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

FASTAUG_WARPS(warp_affine, AffineMap)
