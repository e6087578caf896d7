// Gaussian blur: first along columns, then along rows, each a sum over pairs of neighbours that are
// as far on one side as on the other.
//
// Bytes are blurred in whole numbers: weights of 15 bits, exact sums, and six bits after the point
// between the two directions, so that the only roundings are those of the weights, that one and the
// last. Everything else is blurred in its own floating type (16 bits in float), in the order of
// SciPy: the pixel itself, then the pairs from the farthest in.
#pragma once

#include "../arguments.hpp"
#include "border.hpp"
#include "round.hpp"
#include "transcendental.hpp"

FASTAUG_BEGIN

// How pixels of type T are blurred: the type of the weights and of sums, the type between the two
// directions, and the steps from one to the next.
template <class T>
struct Blur {
  using Sum = typename Compute<T>::type;
  using Stage = Sum;
  // Of numbers of type Sum, or of each lane of vectors of them.
  template <class S>
  static FASTAUG_FN S middle(Sum weight, S v) {
    return weight * v;
  }
  template <class S>
  static FASTAUG_FN S pair(Sum weight, S a, S b) {
    return weight * (a + b);
  }
  static FASTAUG_FN Stage stage(Sum sum) { return sum; }
  static FASTAUG_FN Stage outside(T v) { return static_cast<Stage>(v); }
  static FASTAUG_FN T pixel(Sum sum) { return constant_pixel<T>(static_cast<double>(sum)); }
};

// The pixel itself counts as a pair of two, so all weights together are 2^14.
template <>
struct Blur<uint8_t> {
  using Sum = int32_t;
  using Stage = int16_t;
  static FASTAUG_FN Sum middle(Sum weight, Sum v) { return weight * (v + v); }
  static FASTAUG_FN Sum pair(Sum weight, Sum a, Sum b) { return weight * (a + b); }
  static FASTAUG_FN Stage stage(Sum sum) { return static_cast<Stage>(half_way(sum)); }
  static FASTAUG_FN Stage outside(uint8_t v) { return static_cast<Stage>(v << 6); }
  static FASTAUG_FN uint8_t pixel(Sum sum) { return static_cast<uint8_t>(rounded(sum)); }
  // Of a number, or of each lane of a vector.
  template <class S>
  static FASTAUG_FN S half_way(S sum) {
    return (sum + 256) >> 9;
  }
  template <class S>
  static FASTAUG_FN S rounded(S sum) {  // half to even
    return (sum + 0xfffff + ((sum >> 21) & 1)) >> 21;
  }
};

// The weights of a pixel and of those 1, 2, ... `radius` away from it, as `Blur` takes them; gives
// back how far away the last one is that is not zero.
template <class T>
FASTAUG_FN int64_t gaussian_weights(double sigma, int64_t radius, double* weight) {
  using Sum = typename Blur<T>::Sum;
  const double scale = 1.0 / (2.0 * sigma * sigma);
  double all = 0.0;
  for (int64_t k = radius; k > 0; --k) {
    const double x = static_cast<double>(k * k) * scale;
    weight[k] = x < 700.0 ? exp_negative(x) : 0.0;  // too small to count; also NaN, of sigma 0
    all += weight[k];
  }
  all = 1.0 / (1.0 + 2.0 * all);
  weight[0] = all;
  int64_t last = 0;
  double tail = 0.0, rounded = 0.0;
  for (int64_t k = radius; k > 0; --k) {
    if (sizeof(T) == 1) {
      // What lies beyond is rounded, not each weight, so that errors do not add up.
      tail += weight[k] * all;
      const double next = round_half_even(tail * 32768.0);
      weight[k] = next - rounded;
      rounded = next;
    } else {
      weight[k] = static_cast<double>(static_cast<Sum>(weight[k] * all));
    }
    if (weight[k] != 0.0 && last == 0) last = k;
  }
  weight[0] = sizeof(T) == 1 ? 16384.0 - rounded : static_cast<double>(static_cast<Sum>(all));
  return last;
}

FASTAUG_END
