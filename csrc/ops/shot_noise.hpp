// Shot noise: a Poisson count of the photons that a pixel's brightness stands for.
#pragma once

#include "normal.hpp"
#include "round.hpp"

FASTAUG_BEGIN

// Rates below this are exact, by inverting the distribution; above, four terms of its quantile's
// expansion (E. Cornish, R. Fisher, 1938) are within 0.05 counts up to four standard deviations.
constexpr double shot_exact_below = 16.0;
constexpr int shot_most = 96;  // more than rates so low ever come to

// The brightness of a pixel of which no photons are counted, but which stays.
constexpr double shot_none = -1.0;

struct Exposure {
  double black, per_level, per_photon;
};

FASTAUG_FN Exposure exposure(double black, double white, double photons) {
  return {black, photons / (white - black), (white - black) / photons};
}

// V is a double, or a vector of them; `u` in (0, 1).
template <class V>
FASTAUG_FN V poisson_inverse(V rate, V u) {
  V term = exp_negative(rate);
  V sum = term;
  V count = V{};
  for (double k = 1.0; k < shot_most && any_lane(u > sum); k += 1.0) {
    count = u > sum ? V{} + k : count;
    term = term * (rate * (1.0 / k));
    sum = sum + term;
  }
  return count;
}

template <class V>
FASTAUG_FN V poisson_normal(V rate, V z) {
  const V spread = root(rate);
  const V square = z * z;
  const V skew = (square - 1.0) * 0.16666666666666666667;
  const V third = z * (square + 2.0) * 0.013888888888888888889;
  const V fourth = (square * 0.0037037037037037037037 + 0.0086419753086419753086) * square -
                   0.019753086419753086420;
  const V count = (rate + spread * z) + (skew + (fourth / spread - third) / spread);
  const V whole = (count + 6755399441055744.0) - 6755399441055744.0;
  const V found = count < 2251799813685248.0 ? whole : count;  // the largest are whole already
  return found > 0.0 ? found : V{};
}

// Photons from a pixel; `u` and `z` are its draws.
template <class V>
FASTAUG_FN V photons_of(V pixel, V u, V z, Exposure e) {
  const V all = (pixel - e.black) * e.per_level;
  const V rate = all > 0.0 ? all : V{};
  V count = rate;
  if (any_lane(rate < shot_exact_below))
    count = poisson_inverse(rate < shot_exact_below ? rate : V{}, u);
  if (any_lane(rate >= shot_exact_below))
    count = rate < shot_exact_below ? count : poisson_normal(rate, z);
  count = all > 0.0 ? count : V{} + shot_none;  // black, and NaN
  return all < 1.0e300 ? count : V{} + shot_none;
}

template <class T>
FASTAUG_FN T shot_noise(T pixel, double count, Exposure e, ValueRange<T> range) {
  using Real = typename Compute<T>::type;
  const T seen = to_pixel(static_cast<Real>(e.black + count * e.per_photon), range);
  return count < 0.0 ? pixel : seen;
}

// The middle of the word's share of (0, 1).
FASTAUG_FN double shot_uniform(uint32_t word) {
  return (static_cast<double>(word) + 0.5) * 2.3283064365386962891e-10;
}

FASTAUG_END
