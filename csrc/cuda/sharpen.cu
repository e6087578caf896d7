// Sharpening, every pixel by itself.
#include "../ops/sharpen.hpp"
#include "neighbours.hpp"

FASTAUG_BEGIN

template <class T>
struct Sharpen {
  using Args = SharpenArgs;
  static constexpr int threads = 256, phases = 1;

  template <int>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    Element spot;
    if (!element_of<threads>(a.out, place, &spot)) return;
    *element<T>(a.out, spot.image, spot.y, spot.x, spot.c) = made(a, spot);
  }

 private:
  using Real = typename Compute<T>::type;

  static FASTAUG_FN T made(const Args& a, const Element& s) {
    const auto at = [&](int64_t y, int64_t x) {
      return static_cast<Real>(*element<const T>(a.in, s.image, y, x, s.c));
    };
    if (a.keeps_alpha && a.in.c == 4 && s.c == 3)
      return *element<const T>(a.in, s.image, s.y, s.x, s.c);
    const ValueRange<T> range{static_cast<T>(a.low), static_cast<T>(a.high), true};
    const Real pixel = at(s.y, s.x);
    if (s.y == 0 || s.y == a.in.h - 1 || s.x == 0 || s.x == a.in.w - 1)
      return to_pixel(pixel, range);
    const auto column = [&](int64_t x) {
      return sharpen_column(at(s.y - 1, x), at(s.y, x), at(s.y + 1, x));
    };
    return to_pixel(sharpen(pixel, column(s.x - 1), column(s.x), column(s.x + 1),
                            sharpen_shares<Real>(a.factor[s.image])),
                    range);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(sharpen_u8, Sharpen<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(sharpen_u16, Sharpen<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(sharpen_f32, Sharpen<float>)
FASTAUG_CUDA_KERNEL(sharpen_f64, Sharpen<double>)
