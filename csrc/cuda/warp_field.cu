// The warp by a homography and a field.
#include "../ops/warp_field.hpp"
#include "warp.hpp"

FASTAUG_BEGIN

struct FieldMap {
  using Args = WarpFieldArgs;
  const double* matrix;
  const float* field;
  int64_t width;

  FASTAUG_FN FieldMap(const Args& a, int64_t image)
      : matrix(a.matrices + 9 * image),
        field(a.field == nullptr ? nullptr : a.field + image * a.field_stride),
        width(a.out.w) {}

  FASTAUG_FN void coordinates(int64_t x, int64_t y, int64_t& fx, int64_t& fy) const {
    const float* shift = field == nullptr ? nullptr : field + 2 * (y * width + x);
    field_coordinates(HomographyRow(matrix, y), x, shift, fx, fy);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(warp_field_u8_1, Warp<fastaug::FieldMap, fastaug::uint8_t, 1, true>)
FASTAUG_CUDA_KERNEL(warp_field_u8_3, Warp<fastaug::FieldMap, fastaug::uint8_t, 3, true>)
FASTAUG_CUDA_KERNEL(warp_field_u8_4, Warp<fastaug::FieldMap, fastaug::uint8_t, 4, true>)
FASTAUG_CUDA_KERNEL(warp_field_u8_any, Warp<fastaug::FieldMap, fastaug::uint8_t, 0, false>)
FASTAUG_CUDA_KERNEL(warp_field_f32_1, Warp<fastaug::FieldMap, float, 1, true>)
FASTAUG_CUDA_KERNEL(warp_field_f32_3, Warp<fastaug::FieldMap, float, 3, true>)
FASTAUG_CUDA_KERNEL(warp_field_f32_4, Warp<fastaug::FieldMap, float, 4, true>)
FASTAUG_CUDA_KERNEL(warp_field_f32_any, Warp<fastaug::FieldMap, float, 0, false>)
