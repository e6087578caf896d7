// Correlation, every sum by itself.
#include "../ops/correlate.hpp"
#include "neighbours.hpp"

FASTAUG_BEGIN

template <class T>
struct Correlate {
  using Args = CorrelateArgs;
  static constexpr int threads = 256, phases = 1;

  template <int>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    using Real = typename Compute<T>::type;
    Element spot;
    if (!element_of<threads>(a.out, place, &spot)) return;
    const CorrelateTaps<Real> taps = taps_of<Real>(a, spot.image);
    const Real sum = correlate_sum<Real>(taps.weight, taps.count, [&](int64_t t) {
      return static_cast<Real>(neighbour<T>(a, spot, taps.offset[2 * t], taps.offset[2 * t + 1]));
    });
    *element<T>(a.out, spot.image, spot.y, spot.x, spot.c) = to_pixel(sum, whole_range<T>());
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(correlate_u8, Correlate<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(correlate_u16, Correlate<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(correlate_f32, Correlate<float>)
FASTAUG_CUDA_KERNEL(correlate_f64, Correlate<double>)
