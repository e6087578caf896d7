// The warp by a homography and a field.
#include "../ops/warp_field.hpp"
#include "warp.hpp"

FASTAUG_BEGIN

struct FieldMap {
  using Args = WarpFieldArgs;
  const double* matrix;
  const float* field;
  int64_t width;
  bool is_affine;  // and moves whole pixels
  AffineAxes axes;

  FASTAUG_FN FieldMap(const Args& a, int64_t image)
      : matrix(a.matrices + 9 * image),
        field(a.field == nullptr ? nullptr : a.field + image * a.field_stride),
        width(a.out.w),
        is_affine(is_whole(matrix, field, a.out.w, a.out.h)),
        axes(matrix, a.out.w, a.out.h) {}

  FASTAUG_FN bool whole() const { return is_affine; }
  FASTAUG_FN void coordinates(int64_t x, int64_t y, int64_t& fx, int64_t& fy) const {
    if (is_affine) {
      fx = fixed_coordinate(axes.x, x, y), fy = fixed_coordinate(axes.y, x, y);
      return;
    }
    const float* shift = field == nullptr ? nullptr : field + 2 * (y * width + x);
    field_coordinates(HomographyRow(matrix, y), x, shift, fx, fy);
  }
};

FASTAUG_END

FASTAUG_WARPS(warp_field, FieldMap)
