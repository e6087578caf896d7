// Gaussian blur, from weights that were made before.
#include "../ops/gaussian_blur.hpp"
#include "separable.hpp"

FASTAUG_BEGIN

template <class T>
struct GaussianBlur {
  using Pixel = T;
  using Stage = typename Blur<T>::Stage;

  template <class At>
  static FASTAUG_FN Stage down(const BlurPassArgs& a, int64_t image, At at) {
    return Blur<T>::stage(sum(a, 2 * image, at));
  }
  template <class At>
  static FASTAUG_FN T across(const BlurPassArgs& a, int64_t image, At at) {
    return Blur<T>::pixel(sum(a, 2 * image + 1, at));
  }
  static FASTAUG_FN Stage outside(const BlurPassArgs&, int64_t, T pixel) {
    return Blur<T>::outside(pixel);
  }

 private:
  using Sum = typename Blur<T>::Sum;

  template <class At>
  static FASTAUG_FN Sum sum(const BlurPassArgs& a, int64_t which, At at) {
    const Sum* weight = static_cast<const Sum*>(a.weights) + which * a.taps;
    Sum sum = Blur<T>::middle(weight[0], static_cast<Sum>(at(0)));
    for (int64_t k = a.reach[which]; k > 0; --k)
      sum += Blur<T>::pair(weight[k], static_cast<Sum>(at(-k)), static_cast<Sum>(at(k)));
    return sum;
  }
};

FASTAUG_END

FASTAUG_SEPARABLE(gaussian_blur, u8, GaussianBlur<fastaug::uint8_t>)
FASTAUG_SEPARABLE(gaussian_blur, u16, GaussianBlur<fastaug::uint16_t>)
FASTAUG_SEPARABLE(gaussian_blur, f32, GaussianBlur<float>)
FASTAUG_SEPARABLE(gaussian_blur, f64, GaussianBlur<double>)
