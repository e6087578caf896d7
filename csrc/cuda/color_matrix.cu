#include "../ops/color_matrix.hpp"
#include "map.hpp"

FASTAUG_BEGIN

template <class T>
struct Mix {
  using Args = ColorMatrixArgs;
  using Real = typename Compute<T>::type;
  Real m[12];

  FASTAUG_FN Mix(const Args& a, int64_t image) {
    for (int i = 0; i < 12; ++i) m[i] = static_cast<Real>(a.matrices[12 * image + i]);
  }
  FASTAUG_FN Colour<Real> operator()(Colour<Real> p) const { return mix_colours(p, m); }
};

template <class T>
using ColorMatrix = MapColours<T, Mix<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(color_matrix_u8, ColorMatrix<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(color_matrix_u16, ColorMatrix<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(color_matrix_f32, ColorMatrix<float>)
FASTAUG_CUDA_KERNEL(color_matrix_f64, ColorMatrix<double>)
