// Additive normal noise: pixel + (mean + std * z).
#pragma once

#include "normal.hpp"
#include "round.hpp"

FASTAUG_BEGIN

// Of floats. V is a number or a vector of them; what it makes is not yet rounded to a pixel.
template <class V, class Real>
FASTAUG_FN V gaussian_noise(V pixel, V z, Real mean, Real std) {
  return pixel + (mean + std * z);
}

// Of bytes: noise in whole grey levels, made in 16 bits.
struct GreyNoise {
  int16_t scale;    // from units of `z` to the finest parts of a level that there is room for
  int16_t rest;     // of the mean, in such parts
  int16_t step;     // from parts to levels
  int doublings;    // where a part is more than a level
  int16_t whole;    // levels of the mean
};

// A constant is rounded half to even; of what varies nothing lies in the middle of two levels.
FASTAUG_FN GreyNoise grey_noise(double mean, double std) {
  constexpr double most = 512.0;  // levels, enough to leave any range
  const double near = smaller(larger(mean, -most), most), whole = round_small(near);
  const double rest = std > 0.0 ? mean - whole : 0.0;
  // `z` reaches 32,437 units: 4.37 would be 32,768. The sum of it and the rest has to fit, too.
  const double reach = 4.37 * std + 1.01 * magnitude(rest);
  const int exponent = static_cast<int>(bit_cast<uint64_t>(reach) >> 52) - 1023;
  const int fine = exponent > 0 ? 14 - exponent : 14;  // binary places of a part
  const double parts = bit_cast<double>(static_cast<uint64_t>(1023 + fine) << 52);
  const int places = fine > 1 ? fine : 1;
  const int doublings = smaller(places - fine, 16);
  return {static_cast<int16_t>(smaller(std * parts * (32768.0 / normal_units) + 0.5, 32767.0)),
          static_cast<int16_t>(smaller(larger(round_small(rest * parts), -32767.0), 32767.0)),
          static_cast<int16_t>(1 << (15 - places)), doublings, static_cast<int16_t>(whole)};
}

// V is an int16 or a vector of them. Without the doublings and the whole levels of the mean.
template <class V>
FASTAUG_FN V grey_parts(V z, const GreyNoise& noise) {
  const V parts = saturating_sum(rounded_product(z, (V)(V{} + noise.scale)), (V)(V{} + noise.rest));
  return rounded_product(parts, (V)(V{} + noise.step));
}

template <class V>
FASTAUG_FN V doubled(V levels, int times) {
  for (int i = 0; i < times; ++i) levels = saturating_sum(levels, levels);
  return levels;
}

FASTAUG_FN uint8_t gaussian_noise(uint8_t pixel, int16_t z, const GreyNoise& noise,
                                  ValueRange<uint8_t> range) {
  const int16_t levels = doubled(grey_parts(z, noise), noise.doublings);
  const int32_t v = levels + noise.whole + pixel;
  return static_cast<uint8_t>(smaller(larger<int32_t>(v, range.low), static_cast<int32_t>(range.high)));
}

FASTAUG_END
