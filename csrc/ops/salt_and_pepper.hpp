// Salt and pepper: one word decides whether a pixel (or an element) turns white, black or stays.
#pragma once

#include "round.hpp"
#include "stream.hpp"

FASTAUG_BEGIN

// A decision up to `salt` turns white, one above that up to `either` black; -1 is below them all.
struct SaltThresholds {
  int32_t salt, either;
};

FASTAUG_FN SaltThresholds salt_thresholds(double amount, double salt_ratio) {
  const double scale = 2147483648.0;
  return {static_cast<int32_t>(round_half_even(amount * salt_ratio * scale) - 1.0),
          static_cast<int32_t>(round_half_even(amount * scale) - 1.0)};
}

// The upper 31 bits of a word, so that all of them and none of them are thresholds like any other.
template <class T>
FASTAUG_FN T salt_and_pepper(T pixel, uint32_t word, SaltThresholds last, T black, T white) {
  const int32_t decision = static_cast<int32_t>(word >> 1);
  return decision <= last.salt ? white : (decision <= last.either ? black : pixel);
}

FASTAUG_END
