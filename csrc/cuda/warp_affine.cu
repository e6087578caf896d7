// The affine warp.
#include "warp.hpp"

FASTAUG_BEGIN

struct AffineMap {
  using Args = WarpAffineArgs;
  AffineAxes axes;

  FASTAUG_FN AffineMap(const Args& a, int64_t image)
      : axes(a.matrices + 6 * image, a.out.w, a.out.h) {}

  FASTAUG_FN bool whole() const { return axes.whole; }
  FASTAUG_FN void coordinates(int64_t x, int64_t y, int64_t& fx, int64_t& fy) const {
    fx = axes.fits ? fixed_coordinate(axes.x, x, y) : wide_coordinate(axes.x, x, y);
    fy = axes.fits ? fixed_coordinate(axes.y, x, y) : wide_coordinate(axes.y, x, y);
  }
};

FASTAUG_END

FASTAUG_WARPS(warp_affine, AffineMap)
