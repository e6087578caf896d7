#include "../ops/speckle_noise.hpp"
#include "additive.hpp"
#include "normals.hpp"

FASTAUG_BEGIN

template <class T>
struct MakeSpeckle {
  using Number = Normals;
  static FASTAUG_FN T make(T pixel, float z, int64_t image, const NoiseArgs& a) {
    using Real = typename Compute<T>::type;
    return to_pixel(
        speckle_noise(static_cast<Real>(pixel), static_cast<Real>(z),
                      static_cast<Real>(a.second[image]), static_cast<Real>(a.first[image])),
        range_of<T>(a));
  }

  static FASTAUG_FN T make(T pixel, int32_t z, int64_t image, const NoiseArgs& a) {
    return make(pixel, normal_of_units<float>(z), image, a);
  }
};

template <class T>
using SpeckleNoise = AdditiveNoise<T, MakeSpeckle<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(speckle_noise_u8, SpeckleNoise<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(speckle_noise_f32, SpeckleNoise<float>)
FASTAUG_CUDA_KERNEL(speckle_noise_f64, SpeckleNoise<double>)
