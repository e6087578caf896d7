// Erosion and dilation as the least and the greatest key under a footprint.
//
// Floats are compared as integers: their bits, read as sign and magnitude, put all of them in one
// order (-0 before +0), in which the least of three does not depend on how they are paired. NaN is
// the extreme that wins, so a NaN under the footprint gives NaN.
#pragma once

#include "../arguments.hpp"
#include "border.hpp"
#include "round.hpp"

FASTAUG_BEGIN

template <class T>
struct MorphologyKey {  // integers are their own key
  using type = T;
  static FASTAUG_FN T from(T v, bool) { return v; }
  static FASTAUG_FN T to(T k) { return k; }
};

template <class Float, class Int>
struct FloatKey {
  using type = Int;
  static constexpr Int most = static_cast<Int>(~(Int{1} << (8 * sizeof(Int) - 2) << 1));
  static FASTAUG_FN Int from(Float v, bool least_wins) {
    const Int bits = bit_cast<Int>(v);
    const Int key = bits ^ ((bits >> (8 * sizeof(Int) - 1)) & most);
    return v == v ? key : (least_wins ? ~most : most);
  }
  static FASTAUG_FN Float to(Int k) {
    return bit_cast<Float>(k ^ ((k >> (8 * sizeof(Int) - 1)) & most));
  }
};
template <>
struct MorphologyKey<float> : FloatKey<float, int32_t> {};
template <>
struct MorphologyKey<double> : FloatKey<double, int64_t> {};

template <bool Erode, class K>
FASTAUG_FN K win(K a, K b) {
  return Erode ? smaller(a, b) : larger(a, b);
}

// The difference that the gradient and the hats are made of: integers saturate at zero.
FASTAUG_FN uint8_t excess(uint8_t a, uint8_t b) { return a > b ? uint8_t(a - b) : uint8_t(0); }
FASTAUG_FN uint16_t excess(uint16_t a, uint16_t b) { return a > b ? uint16_t(a - b) : uint16_t(0); }
FASTAUG_FN float excess(float a, float b) { return a - b; }
FASTAUG_FN double excess(double a, double b) { return a - b; }

// Windows longer than this see every pixel of a side of n whatever the border.
FASTAUG_FN int64_t enough(int64_t size, int64_t n) {
  const int64_t all = 4 * n + 1;
  return size <= all + 1 ? size : all + (size + 1) % 2;
}

// Which pixels a side of a full rectangle covers: offsets from start on.
struct Window {
  int64_t start, length;
};

// Even sizes reach one further down and right, as in scikit-image; `reflected` turns that round, as
// the second half of an opening or closing wants it.
FASTAUG_FN Window window_of(int64_t size, int64_t n, bool reflected) {
  const int64_t length = enough(size, n);
  return {reflected ? -(length / 2) : -((length - 1) / 2), length};
}

FASTAUG_FN Run reflect(const Run& r) { return {-r.dy, -(r.dx + r.length - 1), r.length}; }

// What lies outside the image as a key; ignored pixels never win.
template <class T, bool Erode>
FASTAUG_FN typename MorphologyKey<T>::type outside_key(Border border, double cval) {
  const double infinite = bit_cast<double>(uint64_t{0x7ff0000000000000});
  const double never = Erode ? infinite : -infinite;
  return MorphologyKey<T>::from(constant_pixel<T>(border == Border::ignore ? never : cval), Erode);
}

FASTAUG_END
