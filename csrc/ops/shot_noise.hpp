// Shot noise: a Poisson count of the photons that a pixel's brightness stands for.
#pragma once

#include "normal.hpp"
#include "round.hpp"

FASTAUG_BEGIN

// Rates below this are exact, by inverting the distribution; above, four terms of its quantile's
// expansion (E. Cornish, R. Fisher, 1938) are within 0.05 counts up to four standard deviations.
constexpr double shot_exact_below = 16.0;
constexpr double shot_most = 96.0;  // more than rates so low ever come to

struct Exposure {
  double black, per_level, per_photon;
};

FASTAUG_FN Exposure exposure(double black, double white, double photons) {
  return {black, photons / (white - black), (white - black) / photons};
}

// The search for the least count whose distribution reaches `u` in (0, 1), for one rate or for
// those of a vector: step(1), step(2) and so on while any of them is on.
template <class V>
struct PoissonSearch {
  V rate, u, term, sum, count;

  FASTAUG_FN void begin(V r, V number) {
    rate = r;
    u = number;
    term = exp_negative(rate);
    sum = term;
    count = V{};
  }

  FASTAUG_FN auto on() const { return u > sum; }

  FASTAUG_FN void step(double k, double inverse) {
    count = u > sum ? V{} + k : count;
    term = term * (rate * inverse);
    sum = sum + term;
  }
};

template <class V>
struct Spread {
  V root, inverse;
};

// The deviation of a count and its inverse, of a rate that a float can hold, to a float's
// precision.
template <class V>
FASTAUG_FN Spread<V> spread_of(V rate) {
  const float r = sqrtf(static_cast<float>(rate));
  return {static_cast<V>(r), static_cast<V>(1.0f / r)};
}

template <class V>
FASTAUG_FN V poisson_normal(V rate, V z) {
  const Spread<V> spread = spread_of(rate);
  const V square = z * z;
  const V skew = (square - 1.0) * 0.16666666666666666667;
  const V third = z * (square + 2.0) * 0.013888888888888888889;
  const V fourth = (square * 0.0037037037037037037037 + 0.0086419753086419753086) * square -
                   0.019753086419753086420;
  const V count =
      (rate + spread.root * z) + (skew + (fourth * spread.inverse - third) * spread.inverse);
  const V whole = (count + 6755399441055744.0) - 6755399441055744.0;
  const V found = count < 2251799813685248.0 ? whole : count;  // the largest are whole already
  return found > 0.0 ? found : V{};
}

// Photons on average; 0 where none are counted and the pixel stays: black, NaN, infinity, and more
// than make a difference to a double.
template <class V>
FASTAUG_FN V photon_rate(V pixel, Exposure e) {
  const V rate = (pixel - e.black) * e.per_level;
  const V some = rate > 0.0 ? rate : V{};
  return some < 1.0e36 ? some : V{};
}

// What is seen of a count, in double: clipped to the range, and rounded to a pixel afterwards.
template <class V>
FASTAUG_FN V shot_noise(V pixel, V rate, V count, Exposure e, ValueRange<double> range) {
  V seen = count * e.per_photon + e.black;
  if (range.clip) {
    seen = larger(seen, V{} + range.low);
    seen = smaller(seen, V{} + range.high);
  }
  return rate > 0.0 ? seen : pixel;
}

template <class T>
FASTAUG_FN T shot_pixel(double value) {
  return static_cast<T>(value);
}
template <>
FASTAUG_FN uint8_t shot_pixel<uint8_t>(double value) {
  return static_cast<uint8_t>(bit_cast<uint32_t>(static_cast<float>(value) + 12582912.0f));
}

// The middle of the word's share of (0, 1).
FASTAUG_FN double shot_uniform(uint32_t word) {
  return (static_cast<double>(word) + 0.5) * 2.3283064365386962891e-10;
}

FASTAUG_END
