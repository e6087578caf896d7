// Box blur, every window by itself.
#include "../ops/box_blur.hpp"
#include "separable.hpp"

FASTAUG_BEGIN

template <class T>
struct BoxBlur {
  using Pixel = T;
  using Stage = typename Box<T>::Stage;

  template <class At>
  static FASTAUG_FN Stage down(const BlurPassArgs& a, int64_t image, At at) {
    return sum<Stage>(a.reach[2 * image], at);
  }
  template <class At>
  static FASTAUG_FN T across(const BlurPassArgs& a, int64_t image, At at) {
    const int64_t height = a.reach[2 * image], width = a.reach[2 * image + 1];
    const double area = static_cast<double>(height) * static_cast<double>(width);
    return Box<T>::mean(sum<typename Box<T>::Sum>(width, at), area);
  }
  static FASTAUG_FN Stage outside(const BlurPassArgs& a, int64_t image, T pixel) {
    return box_outside(pixel, a.reach[2 * image]);
  }

 private:
  template <class S, class At>
  static FASTAUG_FN S sum(int64_t size, At at) {
    return box_sum<S>(size, [&](int64_t k) { return at(box_start(size) + k); });
  }
};

FASTAUG_END

FASTAUG_SEPARABLE(box_blur, u8, BoxBlur<fastaug::uint8_t>)
FASTAUG_SEPARABLE(box_blur, u16, BoxBlur<fastaug::uint16_t>)
FASTAUG_SEPARABLE(box_blur, f32, BoxBlur<float>)
FASTAUG_SEPARABLE(box_blur, f64, BoxBlur<double>)
