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

// One more vector of each sequence.
template <class T>
inline void widen_all(const T* from, int64_t count, T* low, T* high) {
#pragma GCC ivdep
  for (int64_t k = 0; k < count; ++k) {
    low[k] = smaller(low[k], from[k]);
    high[k] = larger(high[k], from[k]);
  }
}

// Those of `channels` sequences that alternate, into `least` and `greatest`; NaN is neither, and
// zero has no sign. Of no values at all, everything lies beyond them.
template <class T>
void find_extremes(const Batch& in, int64_t image, int64_t channels, T* least, T* greatest) {
  // So many of each sequence, that vectors are filled; and of a block whose length the compiler
  // knows, which it keeps in registers.
  constexpr int64_t together = 64 / sizeof(T), known = 3 * together;
  const int64_t block = channels == 1 ? known : together * channels;
  T* low = static_cast<T*>(scratch(Slot::levels, static_cast<std::size_t>(2 * block) * sizeof(T)));
  T* high = low + block;
  for (int64_t k = 0; k < block; ++k) low[k] = no_least<T>(), high[k] = no_greatest<T>();
  each_run<T>(in, image, [&](const T* row, int64_t count) {
    int64_t i = 0;
    if (block == known) {
      T first[known], last[known];
      std::memcpy(first, low, sizeof first), std::memcpy(last, high, sizeof last);
      for (; i + known <= count; i += known) widen_all(row + i, known, first, last);
      std::memcpy(low, first, sizeof first), std::memcpy(high, last, sizeof last);
    }
    for (; i < count; i += block) widen_all(row + i, smaller(count - i, block), low, high);
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
