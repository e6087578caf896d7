#include "../ops/hue.hpp"
#include "map.hpp"

FASTAUG_BEGIN

template <class T>
struct Turn {
  using Args = HueArgs;
  using Real = typename Compute<T>::type;
  Real turn;

  FASTAUG_FN Turn(const Args& a, int64_t image) : turn(static_cast<Real>(a.turn[image])) {}
  FASTAUG_FN Colour<Real> operator()(Colour<Real> p) const { return turn_hue(p, turn); }
};

template <>
struct Turn<uint8_t> {
  using Args = HueArgs;
  ByteTurn turn;

  FASTAUG_FN Turn(const Args& a, int64_t image) : turn(byte_turn(a.turn[image])) {}
  FASTAUG_FN Colour<float> operator()(Colour<float> p) const {
    return as_colour<float>(turn_bytes(as_colour<int32_t>(p), turn));
  }
};

template <class T>
using Hue = MapColours<T, Turn<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(hue_u8, Hue<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(hue_u16, Hue<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(hue_f32, Hue<float>)
FASTAUG_CUDA_KERNEL(hue_f64, Hue<double>)
