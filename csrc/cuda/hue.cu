#include "../ops/hue.hpp"
#include "map.hpp"

FASTAUG_BEGIN

struct Turn {
  using Args = HueArgs;
  template <class Real>
  static FASTAUG_FN Colour<Real> make(const Args& a, int64_t image, Colour<Real> p) {
    return turn_hue(p, static_cast<Real>(a.turn[image]));
  }
};

template <class T>
using Hue = MapColours<T, Turn>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(hue_u8, Hue<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(hue_u16, Hue<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(hue_f32, Hue<float>)
FASTAUG_CUDA_KERNEL(hue_f64, Hue<double>)
