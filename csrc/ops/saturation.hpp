// Saturation: colours drawn away from their grey, or towards it.
#pragma once

#include "fixed.hpp"
#include "grey.hpp"

FASTAUG_BEGIN

// A number for each pixel of one or, in lanes, of several.
template <class V>
struct Colour {
  V red, green, blue;
};

// A matrix of three rows: of the grey, the shares of all channels, and of each channel its own.
template <class Real>
struct Saturation {
  Real red, green, blue;  // of grey
  Real own_red, own_green, own_blue;
};

template <class Real>
FASTAUG_FN Saturation<Real> saturation_of(double factor) {
  const double rest = 1.0 - factor;
  const double red = rest * grey_red, green = rest * grey_green, blue = rest * grey_blue;
  return {static_cast<Real>(red),
          static_cast<Real>(green),
          static_cast<Real>(blue),
          static_cast<Real>(factor + red),
          static_cast<Real>(factor + green),
          static_cast<Real>(factor + blue)};
}

// Zero is added as the last column of the matrix: of minus zero it makes zero.
template <class V, class Real>
FASTAUG_FN Colour<V> saturate(Colour<V> p, const Saturation<Real>& s) {
  const V red = s.red * p.red, green = s.green * p.green, blue = s.blue * p.blue + Real(0);
  return {(s.own_red * p.red + green) + blue, (red + s.own_green * p.green) + blue,
          (red + green) + (s.own_blue * p.blue + Real(0))};
}

// Bytes are drawn in fixed point by factors of up to 2, in 2^7ths of a level and half a level more,
// so that what follows the point is cut. The grey is off by no more than 2.5 of them.
FASTAUG_FN bool saturates_in_fixed_point(double factor) { return factor <= 2.0; }

// By which part of the way from grey a colour is moved.
FASTAUG_FN int16_t saturation_share(double factor) { return fixed_share(factor - 1.0); }

template <class V>
FASTAUG_FN V fixed_level(V byte) {
  return (byte << 7) + 64;
}

// The shares of red, green and blue in 2^15ths, which are one together.
template <class V>
FASTAUG_FN V fixed_grey(Colour<V> p) {
  return (rounded_product<V>(p.red, V{} + int16_t{9798}) +
          rounded_product<V>(p.green, V{} + int16_t{19235})) +
         rounded_product<V>(p.blue, V{} + int16_t{3735});
}

// In whole levels, some of them beyond those of a byte.
template <class V>
FASTAUG_FN V away_from_grey(V v, V grey, int16_t share) {
  return saturating_sum<V>(v, rounded_product<V>(v - grey, V{} + share)) >> 7;
}

FASTAUG_FN Colour<int32_t> saturate_byte(Colour<int32_t> p, int16_t share) {
  const Colour<int32_t> v = {fixed_level(p.red), fixed_level(p.green), fixed_level(p.blue)};
  const int32_t grey = fixed_grey(v);
  return {away_from_grey(v.red, grey, share), away_from_grey(v.green, grey, share),
          away_from_grey(v.blue, grey, share)};
}

FASTAUG_END
