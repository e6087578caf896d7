// Ops that make a value of an image from that value alone: brightness, gamma, posterize and their
// like. What some of them take from the whole image is found first, and leaves a linear op.
#pragma once

#include "../arguments.hpp"
#include "grey.hpp"
#include "round.hpp"
#include "transcendental.hpp"

FASTAUG_BEGIN

// An op with its numbers for one image.
template <class T>
struct PointNumbers {
  using Real = typename Compute<T>::type;
  Point op;
  Real first, second;
  ValueRange<T> range;
};

template <class T>
FASTAUG_FN PointNumbers<T> point_numbers(const PointArgs& a, int64_t image) {
  using Real = typename Compute<T>::type;
  return {a.op,
          static_cast<Real>(a.first[image]),
          static_cast<Real>(a.second[image]),
          {static_cast<T>(a.low), static_cast<T>(a.high), true}};
}

// Contrast draws values away from the mean grey.
template <class T>
FASTAUG_FN void contrast_found(PointNumbers<T>& n, double factor, double mean) {
  using Real = typename Compute<T>::type;
  n.op = Point::linear;
  n.second = static_cast<Real>((1.0 - factor) * mean);
}

// A channel shift does not leave the range that the image had.
template <class T>
FASTAUG_FN void shift_found(PointNumbers<T>& n, T least, T greatest) {
  n.op = Point::linear;
  n.second = n.first, n.first = 1;
  n.range = {least, greatest, true};
}

template <class T>
FASTAUG_FN T linear(T v, const PointNumbers<T>& n) {
  using Real = typename Compute<T>::type;
  return to_pixel(static_cast<Real>(v) * n.first + n.second, n.range);
}

// A value as a share of the way from black to white, confined to that; NaN stays NaN.
template <class V, class Real>
FASTAUG_FN V share_between(V v, Real low, Real high) {
  const V x = (v - low) / (high - low);
  return smaller(larger(x, splat<V>(Real(0))), splat<V>(Real(1)));
}

template <class T>
FASTAUG_FN typename Compute<T>::type share_of(T v, ValueRange<T> range) {
  using Real = typename Compute<T>::type;
  return share_between(static_cast<Real>(v), static_cast<Real>(range.low),
                       static_cast<Real>(range.high));
}

// And back; the share may lie beyond both ends.
template <class T>
FASTAUG_FN T from_share(typename Compute<T>::type x, ValueRange<T> range) {
  using Real = typename Compute<T>::type;
  const Real low = static_cast<Real>(range.low);
  return to_pixel(x * (static_cast<Real>(range.high) - low) + low, range);
}

template <class T>
FASTAUG_FN T gamma(T v, const PointNumbers<T>& n) {
  return from_share(power(share_of(v, n.range), n.first) * n.second, n.range);
}

// The same of floats in lanes.
template <class V>
FASTAUG_FN V gamma_lanes(V v, const PointNumbers<float>& n) {
  const float low = n.range.low, high = n.range.high;
  const V x = power_single(share_between(v, low, high), n.first) * n.second;
  return smaller(larger(x * (high - low) + low, splat<V>(low)), splat<V>(high));
}

// Of integers the highest bits stay; floats are cut to as many levels.
template <class T>
FASTAUG_FN T posterize(T v, const PointNumbers<T>& n) {
  using Real = typename Compute<T>::type;
  const int32_t bits = static_cast<int32_t>(n.first);
  const Real levels = static_cast<Real>(int32_t{1} << bits);
  const Real x = share_of(v, n.range);
  const Real number = x > Real(0) ? x : Real(0);  // of NaN, nothing
  Real level = static_cast<Real>(static_cast<int32_t>(number * levels));
  level = level < levels ? level : levels - Real(1);
  const T made = from_share<T>(level / levels, n.range);
  return x == x ? made : v;
}

template <class T>
FASTAUG_FN T highest_bits(T v, const PointNumbers<T>& n) {
  const int32_t bits = static_cast<int32_t>(n.first), all = 8 * static_cast<int32_t>(sizeof(T));
  const int32_t drop = all - (bits < all ? bits : all);
  return to_pixel(static_cast<float>((v >> drop) << drop), n.range);
}
template <>
FASTAUG_FN uint8_t posterize(uint8_t v, const PointNumbers<uint8_t>& n) {
  return highest_bits(v, n);
}
template <>
FASTAUG_FN uint16_t posterize(uint16_t v, const PointNumbers<uint16_t>& n) {
  return highest_bits(v, n);
}

// Values from the threshold on are inverted.
template <class T>
FASTAUG_FN T solarize(T v, const PointNumbers<T>& n) {
  using Real = typename Compute<T>::type;
  const Real x = static_cast<Real>(v);
  const Real sum = static_cast<Real>(n.range.low) + static_cast<Real>(n.range.high);
  const Real inverted = sum - x;
  return to_pixel(x < n.first ? x : inverted, n.range);
}

template <class T>
FASTAUG_FN T point(T v, const PointNumbers<T>& n) {
  switch (n.op) {
    case Point::gamma:
      return gamma(v, n);
    case Point::posterize:
      return posterize(v, n);
    case Point::solarize:
      return solarize(v, n);
    default:
      return linear(v, n);
  }
}

FASTAUG_END
