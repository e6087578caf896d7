#include "../ops/gaussian_noise.hpp"
#include "additive.hpp"
#include "normals.hpp"

FASTAUG_BEGIN

template <class T>
struct MakeGaussian {
  using Number = Normals;
  using Real = typename Compute<T>::type;
  Real mean, std;
  ValueRange<T> range;

  static FASTAUG_FN MakeGaussian of(const NoiseArgs& a, int64_t image) {
    return {static_cast<Real>(a.second[image]), static_cast<Real>(a.first[image]), range_of<T>(a)};
  }
  FASTAUG_FN T operator()(T pixel, float z) const {
    return to_pixel(gaussian_noise(static_cast<Real>(pixel), static_cast<Real>(z), mean, std),
                    range);
  }
};

template <>
struct MakeGaussian<uint8_t> {
  using Number = Normals;
  GreyNoise noise;
  ValueRange<uint8_t> range;

  static FASTAUG_FN MakeGaussian of(const NoiseArgs& a, int64_t image) {
    return {grey_noise(static_cast<float>(a.second[image]), static_cast<float>(a.first[image])),
            range_of<uint8_t>(a)};
  }
  FASTAUG_FN uint8_t operator()(uint8_t pixel, int32_t z) const {
    return gaussian_noise(pixel, z, noise, range);
  }
};

template <class T>
using GaussianNoise = AdditiveNoise<T, MakeGaussian<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(gaussian_noise_u8, GaussianNoise<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(gaussian_noise_f32, GaussianNoise<float>)
FASTAUG_CUDA_KERNEL(gaussian_noise_f64, GaussianNoise<double>)
