// A row of pixels as a plane for each channel, in the type of the arithmetic, and back.
#pragma once

#include "../../ops/round.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// Of any type and number of channels, in vectors that the compiler finds.
template <int Channels, class T, class Real>
inline void split_channels(const T* from, Real* values, int64_t begin, int64_t width) {
#pragma GCC ivdep
  for (int64_t x = begin; x < width; ++x)
    for (int c = 0; c < Channels; ++c)
      values[c * width + x] = static_cast<Real>(from[x * Channels + c]);
}

template <int Channels, class T, class Real>
inline void join_channels(const Real* values, T* to, int64_t begin, int64_t width,
                          ValueRange<T> range) {
#pragma GCC ivdep
  for (int64_t x = begin; x < width; ++x)
    for (int c = 0; c < Channels; ++c)
      to[x * Channels + c] = to_pixel(values[c * width + x], range);
}

// Pixels of bytes, a register of them at a time; says how many it did.
template <int Channels>
inline int64_t split_bytes(const uint8_t* from, float* values, int64_t width) {
  int64_t x = 0;
  for (; x + pixel_lanes <= width; x += pixel_lanes) {
    const Ints v = load_pixels<Channels>(from + x * Channels);
    for (int c = 0; c < Channels; ++c) {
      const Floats plane = __builtin_convertvector((v >> 8 * c) & 0xff, Floats);
      std::memcpy(values + c * width + x, &plane, sizeof plane);
    }
  }
  return x;
}

template <int Channels>
inline int64_t join_bytes(const float* values, uint8_t* to, int64_t width) {
  int64_t x = 0;
  for (; x + pixel_lanes <= width; x += pixel_lanes) {
    Ints all = {};
    for (int c = 0; c < Channels; ++c) {
      const Floats v = load<Floats>(values + c * width + x);
      all |= (reinterpret_cast<Ints>(grey_level_bits(v, 0.0f, 255.0f)) & 0xff) << 8 * c;
    }
    store_pixels<Channels>(all, to + x * Channels);
  }
  return x;
}

template <int Channels, class T, class Real>
inline void split(const T* from, Real* values, int64_t width) {
  int64_t done = 0;
  if constexpr (sizeof(T) == 1) done = split_bytes<Channels>(from, values, width);
  split_channels<Channels>(from, values, done, width);
}

template <int Channels, class T, class Real>
inline void join(const Real* values, T* to, int64_t width, ValueRange<T> range) {
  int64_t done = 0;
  if constexpr (sizeof(T) == 1) done = join_bytes<Channels>(values, to, width);
  join_channels<Channels>(values, to, done, width, range);
}

// `planes` is the number of channels, or one for a row as it is.
template <class T, class Real>
inline void to_planes(const T* from, Real* values, int64_t width, int64_t planes, int64_t length) {
  if (planes == 3) return split<3>(from, values, width);
  if (planes == 4) return split<4>(from, values, width);
  if (planes == 1) return split_channels<1>(from, values, 0, length);
  for (int64_t c = 0; c < planes; ++c)
    for (int64_t x = 0; x < width; ++x)
      values[c * width + x] = static_cast<Real>(from[x * planes + c]);
}

template <class T, class Real>
inline void from_planes(const Real* values, T* to, int64_t width, int64_t planes, int64_t length) {
  constexpr bool whole = sizeof(T) < 4;
  const ValueRange<T> range = {T{}, static_cast<T>(whole ? (1 << 8 * (sizeof(T) & 3)) - 1 : 0),
                               whole};
  if (planes == 3) return join<3>(values, to, width, range);
  if (planes == 4) return join<4>(values, to, width, range);
  if (planes == 1) return join_channels<1>(values, to, 0, length, range);
  for (int64_t c = 0; c < planes; ++c)
    for (int64_t x = 0; x < width; ++x) to[x * planes + c] = to_pixel(values[c * width + x], range);
}

FASTAUG_END
