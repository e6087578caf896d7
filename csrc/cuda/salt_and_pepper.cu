#include "../ops/salt_and_pepper.hpp"
#include "decisions.hpp"

FASTAUG_BEGIN

template <class T>
struct Salt {
  SaltThresholds last;
  T black, white;

  static FASTAUG_FN Salt of(const NoiseArgs& a, int64_t image) {
    return {salt_thresholds(a.first[image], a.second[image]), static_cast<T>(a.low),
            static_cast<T>(a.high)};
  }
  FASTAUG_FN T operator()(T pixel, uint32_t word) const {
    return salt_and_pepper<T>(pixel, word, last, black, white);
  }
};

template <class T, int Channels>
using SaltAndPepper = Decisions<T, Channels, Salt<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_1, SaltAndPepper<fastaug::uint8_t, 1>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_3, SaltAndPepper<fastaug::uint8_t, 3>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_4, SaltAndPepper<fastaug::uint8_t, 4>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_any, SaltAndPepper<fastaug::uint8_t, 0>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_1, SaltAndPepper<float, 1>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_3, SaltAndPepper<float, 3>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_4, SaltAndPepper<float, 4>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_any, SaltAndPepper<float, 0>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_1, SaltAndPepper<double, 1>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_3, SaltAndPepper<double, 3>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_4, SaltAndPepper<double, 4>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_any, SaltAndPepper<double, 0>)
