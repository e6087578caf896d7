// Grey levels spread over the whole range, channel by channel: by their extremes, or by how many
// pixels there are of each. For bytes to the bit what Pillow's ImageOps does.
#pragma once

#include "point.hpp"

FASTAUG_BEGIN

// Autocontrast of a channel from its extremes. Integers are cut as Pillow cuts them, in double.
template <class T>
struct Stretch {
  using Real = typename Compute<T>::type;
  T least;
  double scale, offset;
  ValueRange<T> range;
  bool flat;
};

template <class T>
FASTAUG_FN Stretch<T> stretch_of(T least, T greatest, ValueRange<T> range) {
  const double low = static_cast<double>(range.low);
  Stretch<T> s = {least, 1.0, 0.0, range, !(least < greatest)};
  if (s.flat) return s;
  s.scale = (static_cast<double>(range.high) - low) /
            (static_cast<double>(greatest) - static_cast<double>(least));
  s.offset = low - static_cast<double>(least) * s.scale;
  return s;
}

template <class T>
FASTAUG_FN T stretched_integer(T v, const Stretch<T>& s) {
  const double x = s.flat ? static_cast<double>(v) : static_cast<double>(v) * s.scale + s.offset;
  const double low = static_cast<double>(s.range.low), high = static_cast<double>(s.range.high);
  const double r = x > low ? x : low;
  return static_cast<T>(static_cast<int32_t>(r < high ? r : high));
}

template <class T>
FASTAUG_FN T stretched(T v, const Stretch<T>& s) {
  const T low = s.range.low;
  return to_pixel(s.flat ? v : (v - s.least) * static_cast<T>(s.scale) + low, s.range);
}
template <>
FASTAUG_FN uint8_t stretched(uint8_t v, const Stretch<uint8_t>& s) {
  return stretched_integer(v, s);
}
template <>
FASTAUG_FN uint16_t stretched(uint16_t v, const Stretch<uint16_t>& s) {
  return stretched_integer(v, s);
}

// Which of 256 levels a value is nearest to; NaN the lowest.
template <class T>
FASTAUG_FN uint8_t level_of(T v, ValueRange<T> range) {
  using Real = typename Compute<T>::type;
  return to_pixel(share_of(v, range) * Real(255), ValueRange<uint8_t>{0, 255, true});
}

// The value of a level; NaN stays NaN.
template <class T>
FASTAUG_FN T equalized(T v, uint8_t level, ValueRange<T> range) {
  using Real = typename Compute<T>::type;
  const T made = from_share<T>(static_cast<Real>(level) / Real(255), range);
  return v == v ? made : v;
}

// What becomes of each level of a channel, from how many pixels have one that is less, how many
// there are, and how many have the greatest that there is.
template <class N>
FASTAUG_FN void equalize_levels(const N* less, N total, N last, uint8_t* level) {
  const N step = (total - last) / 255;
  // Half a pixel more is never near a whole number of steps, so the quotient is cut right.
  const double first = static_cast<double>(step / 2) + 0.5, share = 1.0 / static_cast<double>(step);
  for (int i = 0; i < 256; ++i) {
    const double to = (static_cast<double>(less[i]) + first) * share;
    level[i] = static_cast<uint8_t>(static_cast<int32_t>(to < 255.0 ? to : 255.0));
  }
  if (step == 0)
    for (int i = 0; i < 256; ++i) level[i] = static_cast<uint8_t>(i);
}

// How many pixels have the greatest level that there is.
template <class N>
FASTAUG_FN N count_of_greatest(const N* count) {
  int greatest = 255;
  while (greatest > 0 && count[greatest] == 0) --greatest;
  return count[greatest];
}

// The same from how many pixels have each level; counts are used up.
template <class N>
FASTAUG_FN void equalize_levels(N* count, uint8_t* level) {
  const N last = count_of_greatest(count);
  N total = 0;
  for (int i = 0; i < 256; ++i) {
    const N here = count[i];
    count[i] = total;
    total += here;
  }
  equalize_levels(count, total, last, level);
}

FASTAUG_END
