#include "../ops/pixel_dropout.hpp"
#include "decisions.hpp"

FASTAUG_BEGIN

template <class T>
struct Dropout {
  int32_t last;
  T value;

  static FASTAUG_FN Dropout of(const NoiseArgs& a, int64_t image) {
    return {dropout_threshold(a.first[image]), constant_pixel<T>(a.second[image])};
  }
  FASTAUG_FN T operator()(T pixel, uint32_t word) const {
    return pixel_dropout<T>(pixel, word, last, value);
  }
};

template <class T, int Channels>
using PixelDropout = Decisions<T, Channels, Dropout<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(pixel_dropout_u8_1, PixelDropout<fastaug::uint8_t, 1>)
FASTAUG_CUDA_KERNEL(pixel_dropout_u8_3, PixelDropout<fastaug::uint8_t, 3>)
FASTAUG_CUDA_KERNEL(pixel_dropout_u8_4, PixelDropout<fastaug::uint8_t, 4>)
FASTAUG_CUDA_KERNEL(pixel_dropout_u8_any, PixelDropout<fastaug::uint8_t, 0>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f32_1, PixelDropout<float, 1>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f32_3, PixelDropout<float, 3>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f32_4, PixelDropout<float, 4>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f32_any, PixelDropout<float, 0>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f64_1, PixelDropout<double, 1>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f64_3, PixelDropout<double, 3>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f64_4, PixelDropout<double, 4>)
FASTAUG_CUDA_KERNEL(pixel_dropout_f64_any, PixelDropout<double, 0>)
