// From a computed value to a pixel: round half to even, saturate, and clip to a value range.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

// Adding and taking away 1.5 * 2^23 (2^52) rounds to an integer, half to even, in two IEEE
// operations that every backend has; larger values are integers already.
FASTAUG_FN float round_half_even(float v) {
  const float magic = 12582912.0f;
  return (v < 4194304.0f && v > -4194304.0f) ? (v + magic) - magic : v;
}

FASTAUG_FN double round_half_even(double v) {
  const double magic = 6755399441055744.0;
  return (v < 2251799813685248.0 && v > -2251799813685248.0) ? (v + magic) - magic : v;
}

// The same of a number that is surely not that large, without asking.
FASTAUG_FN float round_small(float v) {
  const float magic = 12582912.0f;
  return (v + magic) - magic;
}

FASTAUG_FN double round_small(double v) {
  const double magic = 6755399441055744.0;
  return (v + magic) - magic;
}

// The limits of a pixel; NaN in a computed value becomes `low` for integers and stays NaN for
// floats.
template <class T>
struct ValueRange {
  T low, high;
  bool clip;  // floats are clipped only on request
};

template <class Real>
FASTAUG_FN uint8_t to_pixel(Real v, ValueRange<uint8_t> range) {
  Real r = v > Real(range.low) ? v : Real(range.low);
  r = r < Real(range.high) ? r : Real(range.high);
  return static_cast<uint8_t>(static_cast<int32_t>(round_small(r)));
}

template <class Real>
FASTAUG_FN uint16_t to_pixel(Real v, ValueRange<uint16_t> range) {
  Real r = v > Real(range.low) ? v : Real(range.low);
  r = r < Real(range.high) ? r : Real(range.high);
  return static_cast<uint16_t>(static_cast<int32_t>(round_small(r)));
}

// The same of a float, or a vector of them: the pixel is in the lowest byte of the bits.
template <class V>
FASTAUG_FN V grey_level_bits(V v, float low, float high) {
  v = larger(splat<V>(low), v);
  v = smaller(splat<V>(high), v);
  return v + 12582912.0f;
}

template <class T>
FASTAUG_FN T to_pixel(T v, ValueRange<T> range) {
  if (range.clip) {
    v = v < range.low ? range.low : v;
    v = v > range.high ? range.high : v;
  }
  return v;
}

// A constant given by the user, as a pixel: rounded and saturated where the pixel is an integer.
template <class T>
FASTAUG_FN T constant_pixel(double v) {
  return static_cast<T>(v);
}
template <>
FASTAUG_FN uint8_t constant_pixel<uint8_t>(double v) {
  return to_pixel(v, ValueRange<uint8_t>{0, 255, true});
}
template <>
FASTAUG_FN uint16_t constant_pixel<uint16_t>(double v) {
  v = v > 0.0 ? v : 0.0;
  return static_cast<uint16_t>(round_half_even(v < 65535.0 ? v : 65535.0));
}

// The type in which a pixel of type T is computed.
template <class T>
struct Compute {
  using type = float;
};
template <>
struct Compute<double> {
  using type = double;
};

FASTAUG_END
