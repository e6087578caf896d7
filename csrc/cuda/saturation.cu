#include "../ops/saturation.hpp"
#include "map.hpp"

FASTAUG_BEGIN

template <class T>
struct Saturate {
  using Args = SaturationArgs;
  using Real = typename Compute<T>::type;
  Saturation<Real> shares;

  FASTAUG_FN Saturate(const Args& a, int64_t image)
      : shares(saturation_of<Real>(a.factor[image])) {}
  FASTAUG_FN Colour<Real> operator()(Colour<Real> p) const { return saturate(p, shares); }
};

template <>
struct Saturate<uint8_t> {
  using Args = SaturationArgs;
  Saturation<float> shares;
  int16_t share;
  bool fixed;

  FASTAUG_FN Saturate(const Args& a, int64_t image)
      : shares(saturation_of<float>(a.factor[image])),
        share(saturation_share(a.factor[image])),
        fixed(saturates_in_fixed_point(a.factor[image])) {}
  FASTAUG_FN Colour<float> operator()(Colour<float> p) const {
    if (!fixed) return saturate(p, shares);
    return as_colour<float>(saturate_byte(as_colour<int32_t>(p), share));
  }
};

template <class T>
using SaturatePixels = MapColours<T, Saturate<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(saturation_u8, SaturatePixels<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(saturation_u16, SaturatePixels<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(saturation_f32, SaturatePixels<float>)
FASTAUG_CUDA_KERNEL(saturation_f64, SaturatePixels<double>)
