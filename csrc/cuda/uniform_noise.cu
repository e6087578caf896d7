#include "../ops/uniform_noise.hpp"
#include "additive.hpp"

FASTAUG_BEGIN

struct Uniforms {
  static FASTAUG_FN float half(uint32_t half) {
    return uniform_from_half<float>(static_cast<int32_t>(half));
  }

  static FASTAUG_FN void share(const Counter& words, int thread, float* shared) {
    for (int w = 0; w < 4; ++w)
      shared[word_place(thread, w)] = uniform_from_word<float>(words.word[w]);
  }
};

template <class T>
struct MakeUniform {
  using Number = Uniforms;
  using Real = typename Compute<T>::type;
  Real amplitude;
  ValueRange<T> range;

  static FASTAUG_FN MakeUniform of(const NoiseArgs& a, int64_t image) {
    return {static_cast<Real>(a.first[image]), range_of<T>(a)};
  }
  FASTAUG_FN T operator()(T pixel, float u) const {
    return to_pixel(uniform_noise(static_cast<Real>(pixel), static_cast<Real>(u), amplitude),
                    range);
  }
};

template <class T>
using UniformNoise = AdditiveNoise<T, MakeUniform<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(uniform_noise_u8, UniformNoise<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(uniform_noise_f32, UniformNoise<float>)
FASTAUG_CUDA_KERNEL(uniform_noise_f64, UniformNoise<double>)
