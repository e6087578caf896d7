// The least and the greatest value of an image, or of each of its channels.
#pragma once

#include "map.hpp"

FASTAUG_BEGIN

template <class T>
T no_greatest() {
  return T{};
}
template <>
inline float no_greatest() {
  return -__builtin_inff();
}
template <>
inline double no_greatest() {
  return -__builtin_inf();
}

template <class T>
T no_least() {
  return static_cast<T>(~T{});
}
template <>
inline float no_least() {
  return __builtin_inff();
}
template <>
inline double no_least() {
  return __builtin_inf();
}

// Those of `channels` sequences that alternate, into `least` and `greatest`; NaN is neither, and
// zero has no sign. Of no values at all, everything lies beyond them.
template <class T>
void find_extremes(const Batch& in, int64_t image, int64_t channels, T* least, T* greatest) {
  constexpr int64_t together = 16;  // of each sequence, so that vectors are filled
  const int64_t block = together * channels;
  T* low = static_cast<T*>(scratch(Slot::levels, static_cast<std::size_t>(2 * block) * sizeof(T)));
  T* high = low + block;
  for (int64_t k = 0; k < block; ++k) low[k] = no_least<T>(), high[k] = no_greatest<T>();
  each_row<T>(in, image, [&](const T* row, int64_t count) {
    for (int64_t i = 0; i < count; i += block) {
      const int64_t n = smaller(count - i, block);
#pragma GCC ivdep
      for (int64_t k = 0; k < n; ++k) {
        low[k] = smaller(low[k], row[i + k]);
        high[k] = larger(high[k], row[i + k]);
      }
    }
  });
  for (int64_t c = 0; c < channels; ++c) {
    least[c] = low[c], greatest[c] = high[c];
    for (int64_t k = c + channels; k < block; k += channels) {
      least[c] = smaller(least[c], low[k]);
      greatest[c] = larger(greatest[c], high[k]);
    }
    least[c] = static_cast<T>(least[c] + T{}), greatest[c] = static_cast<T>(greatest[c] + T{});
  }
}

FASTAUG_END
