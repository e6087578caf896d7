#include "../ops/gaussian_noise.hpp"
#include "additive.hpp"
#include "normals.hpp"

FASTAUG_BEGIN

template <class T>
struct MakeGaussian {
  using Number = Normals;
  static FASTAUG_FN T make(T pixel, float z, int64_t image, const NoiseArgs& a) {
    using Real = typename Compute<T>::type;
    return to_pixel(
        gaussian_noise(static_cast<Real>(pixel), static_cast<Real>(z),
                       static_cast<Real>(a.second[image]), static_cast<Real>(a.first[image])),
        range_of<T>(a));
  }

  static FASTAUG_FN uint8_t make(uint8_t pixel, int32_t z, int64_t image, const NoiseArgs& a) {
    const GreyNoise noise =
        grey_noise(static_cast<float>(a.second[image]), static_cast<float>(a.first[image]));
    return gaussian_noise(pixel, z, noise, range_of<uint8_t>(a));
  }
};

template <class T>
using GaussianNoise = AdditiveNoise<T, MakeGaussian<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(gaussian_noise_u8, GaussianNoise<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(gaussian_noise_f32, GaussianNoise<float>)
FASTAUG_CUDA_KERNEL(gaussian_noise_f64, GaussianNoise<double>)
