// The warp by a homography and a field.
#include "../ops/warp_field.hpp"
#include "warp.hpp"

FASTAUG_BEGIN

struct FieldMap {
  using Args = WarpFieldArgs;
  const double* matrix;
  const float* field;
  int64_t width;
  bool moves;  // whole pixels

  FASTAUG_FN FieldMap(const Args& a, int64_t image)
      : matrix(a.matrices + 9 * image),
        field(a.field == nullptr ? nullptr : a.field + image * a.field_stride),
        width(a.out.w),
        moves(is_whole(matrix, field, a.out.w, a.out.h)) {}

  FASTAUG_FN bool whole() const { return moves; }
  FASTAUG_FN void coordinates(int64_t x, int64_t y, int64_t& fx, int64_t& fy) const {
    const float* shift = field == nullptr ? nullptr : field + 2 * (y * width + x);
    field_coordinates(HomographyRow(matrix, y), x, shift, fx, fy);
  }
};

FASTAUG_END

FASTAUG_WARPS(warp_field, FieldMap)
