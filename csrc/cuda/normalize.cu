#include "../ops/normalize.hpp"
#include "map.hpp"

FASTAUG_BEGIN

template <class From, class To>
struct NormalizeOp {
  using Args = NormalizeArgs;
  const double *scale, *shift;

  static FASTAUG_FN const Args& batches(const Args& a) { return a; }
  static FASTAUG_FN NormalizeOp of(const Args& a, int64_t image) {
    return {a.scale + image * a.in.c, a.shift + image * a.in.c};
  }
  FASTAUG_FN To operator()(From v, uint32_t c) const {
    return normalize<To>(v, static_cast<To>(scale[c]), static_cast<To>(shift[c]));
  }
};

// The same of so many channels, their numbers at hand.
template <class From, class To, int Channels>
struct NormalizeChannels {
  using Args = NormalizeArgs;
  To scale[Channels], shift[Channels];

  static FASTAUG_FN NormalizeChannels of(const Args& a, int64_t image) {
    NormalizeChannels made;
    for (int c = 0; c < Channels; ++c) {
      made.scale[c] = static_cast<To>(a.scale[image * Channels + c]);
      made.shift[c] = static_cast<To>(a.shift[image * Channels + c]);
    }
    return made;
  }
  FASTAUG_FN To operator()(From v, uint32_t c) const {
    return normalize<To>(v, scale[c], shift[c]);
  }
};

template <class From, class To>
using Normalize = MapElements<From, To, NormalizeOp<From, To>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(normalize_u8_f32, Normalize<fastaug::uint8_t, float>)
FASTAUG_CUDA_KERNEL(normalize_u16_f32, Normalize<fastaug::uint16_t, float>)
FASTAUG_CUDA_KERNEL(normalize_f32_f32, Normalize<float, float>)
FASTAUG_CUDA_KERNEL(normalize_f64_f32, Normalize<double, float>)
FASTAUG_CUDA_KERNEL(normalize_u8_f64, Normalize<fastaug::uint8_t, double>)
FASTAUG_CUDA_KERNEL(normalize_u16_f64, Normalize<fastaug::uint16_t, double>)
FASTAUG_CUDA_KERNEL(normalize_f32_f64, Normalize<float, double>)
FASTAUG_CUDA_KERNEL(normalize_f64_f64, Normalize<double, double>)
