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
  int16_t scale;  // from units of `z` to parts of a level, as fine as there is room for
  int16_t rest;   // of the mean, in such parts
  int16_t step;   // from parts to levels
  int16_t whole;  // levels of the mean
  int doublings;  // of the levels, where parts would have to be more than one
};

// A constant is rounded half to even; of what varies nothing lies in the middle of two levels.
FASTAUG_FN GreyNoise grey_noise(float mean, float std) {
  const float most = 512.0f, huge = 1e30f;  // levels, enough to leave any range
  mean = smaller(larger(mean, -huge), huge);
  std = smaller(std, huge);
  const float whole = round_small(smaller(larger(mean, -most), most));
  const float rest = std > 0.0f ? mean - whole : 0.0f;
  // `z` reaches 32,437 units: 4.37 would be 32,768. The sum of it and the rest has to fit, too.
  const float reach = 4.37f * std + 1.01f * magnitude(rest);
  const int exponent = static_cast<int>(bit_cast<uint32_t>(reach) >> 23) - 127;
  const int fine = exponent > 0 ? 14 - exponent : 14;  // binary places of a part
  const float parts = bit_cast<float>(static_cast<uint32_t>(127 + fine) << 23);
  const int places = fine > 1 ? fine : 1;
  const float scale = std * parts * (32768.0f / normal_units);
  return {static_cast<int16_t>(round_small(scale)), static_cast<int16_t>(round_small(rest * parts)),
          static_cast<int16_t>(1 << (15 - places)), static_cast<int16_t>(whole),
          smaller(places - fine, 16)};
}

// Before the doublings and without the whole levels of the mean. V is an int32, or a vector of
// int16.
template <class V>
FASTAUG_FN V grey_levels(V z, const GreyNoise& noise) {
  const V parts = rounded_product<V>(z, V{} + noise.scale) + noise.rest;
  return rounded_product<V>(parts, V{} + noise.step);
}

FASTAUG_FN uint8_t gaussian_noise(uint8_t pixel, int32_t z, const GreyNoise& noise,
                                  ValueRange<uint8_t> range) {
  int32_t v = grey_levels(z, noise) * (1 << noise.doublings) + noise.whole + pixel;
  v = larger<int32_t>(v, range.low);
  return static_cast<uint8_t>(smaller<int32_t>(v, range.high));
}

FASTAUG_END
