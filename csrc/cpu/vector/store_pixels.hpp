// Registers of computed values as pixels: `to_pixel` of csrc/ops/round.hpp, lane by lane.
#pragma once

#include "../../ops/round.hpp"
#include "load_as.hpp"

FASTAUG_BEGIN

inline void store_pixels(Floats v, ValueRange<uint8_t> range, uint8_t* to) {
  v = smaller(splat<Floats>(static_cast<float>(range.high)),
              larger(splat<Floats>(static_cast<float>(range.low)), v));
  store_bytes(to, (v + 12582912.0f) - 12582912.0f);
}

inline void store_pixels(Floats v, ValueRange<uint16_t> range, uint16_t* to) {
  typedef uint16_t Halves __attribute__((vector_size(register_bytes / 2)));
  v = smaller(splat<Floats>(static_cast<float>(range.high)),
              larger(splat<Floats>(static_cast<float>(range.low)), v));
  v = (v + 12582912.0f) - 12582912.0f;
  const Halves pixels = __builtin_convertvector(__builtin_convertvector(v, Ints), Halves);
  std::memcpy(to, &pixels, sizeof pixels);
}

template <class V, class T>
inline void store_pixels(V v, ValueRange<T> range, T* to) {
  if (range.clip) {
    v = v < range.low ? range.low - V{} : v;
    v = v > range.high ? range.high - V{} : v;
  }
  std::memcpy(to, &v, sizeof v);
}

// The registers in which pixels of a type are computed.
template <class T>
struct ComputeLanes {
  typedef Floats type;
  static constexpr int count = register_bytes / 4;
};
template <>
struct ComputeLanes<double> {
  typedef Doubles type;
  static constexpr int count = register_bytes / 8;
};

FASTAUG_END
