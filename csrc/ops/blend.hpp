// Two images as one, each with a share of its own.
#pragma once

#include "round.hpp"

FASTAUG_BEGIN

// The shares of an image and of the other, which add up to one.
template <class Real>
struct Shares {
  Real first, second;
};

template <class Real>
FASTAUG_FN Shares<Real> shares_of(double weight) {
  return {static_cast<Real>(weight), static_cast<Real>(1.0 - weight)};
}

// Of pixels, or of registers of them.
template <class V, class Real>
FASTAUG_FN V blend(V a, V b, Shares<Real> shares) {
  return a * shares.first + b * shares.second;
}

// Integers are rounded half to even; being between two pixels, none has to be confined.
template <class T>
FASTAUG_FN T blend_pixel(T a, T b, Shares<typename Compute<T>::type> shares) {
  return blend(a, b, shares);
}
template <>
FASTAUG_FN uint8_t blend_pixel(uint8_t a, uint8_t b, Shares<float> shares) {
  return static_cast<uint8_t>(static_cast<int32_t>(
      round_small(blend(static_cast<float>(a), static_cast<float>(b), shares))));
}
template <>
FASTAUG_FN uint16_t blend_pixel(uint16_t a, uint16_t b, Shares<float> shares) {
  return static_cast<uint16_t>(static_cast<int32_t>(
      round_small(blend(static_cast<float>(a), static_cast<float>(b), shares))));
}

FASTAUG_END
