#include "../ops/speckle_noise.hpp"
#include "additive.hpp"
#include "normals.hpp"

FASTAUG_BEGIN

template <class T>
struct MakeSpeckle {
  using Number = Normals;
  using Real = typename Compute<T>::type;
  Real mean, std;
  ValueRange<T> range;

  static FASTAUG_FN MakeSpeckle of(const NoiseArgs& a, int64_t image) {
    return {static_cast<Real>(a.second[image]), static_cast<Real>(a.first[image]), range_of<T>(a)};
  }
  FASTAUG_FN T operator()(T pixel, float z) const {
    return to_pixel(speckle_noise(static_cast<Real>(pixel), static_cast<Real>(z), mean, std),
                    range);
  }
  FASTAUG_FN T operator()(T pixel, int32_t z) const {
    return (*this)(pixel, normal_of_units<float>(z));
  }
};

template <class T>
using SpeckleNoise = AdditiveNoise<T, MakeSpeckle<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(speckle_noise_u8, SpeckleNoise<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(speckle_noise_f32, SpeckleNoise<float>)
FASTAUG_CUDA_KERNEL(speckle_noise_f64, SpeckleNoise<double>)
