// The mean grey of an image, summed in the order of ops/grey.hpp.
#pragma once

#include "../ops/grey.hpp"
#include "map.hpp"

FASTAUG_BEGIN

// What values of T are added up in within a row: exact for integers, so that order does not matter.
template <class T>
struct RowSum {
  using type = double;
};
template <>
struct RowSum<uint8_t> {
  using type = uint32_t;
};
template <>
struct RowSum<uint16_t> {
  using type = uint64_t;
};

// Adds the sums of the channels of a row to `sums`.
template <int Channels, class T>
void add_row(const T* row, int64_t pixels, double* sums) {
  using Sum = typename RowSum<T>::type;
  constexpr int64_t block = grey_lanes * Channels;
  // What 32 bits hold of bytes; sums of floats must not be taken apart.
  constexpr int64_t most = sizeof(T) == 1 ? int64_t{1} << 26 : int64_t{1} << 40;
  double lane[block] = {};
  for (int64_t at = 0; at < pixels; at += most) {
    const int64_t count = smaller(pixels - at, most) * Channels, whole = count / block * block;
    const T* from = row + at * Channels;
    Sum part[block] = {};
    for (int64_t i = 0; i < whole; i += block)
      for (int64_t k = 0; k < block; ++k) part[k] += static_cast<Sum>(from[i + k]);
    for (int64_t k = 0; k < count - whole; ++k) part[k] += static_cast<Sum>(from[whole + k]);
    for (int64_t k = 0; k < block; ++k) lane[k] += static_cast<double>(part[k]);
  }
  for (int c = 0; c < Channels; ++c) sums[c] += fold_grey_lanes(lane + c, Channels);
}

// The same where all channels count as one.
template <class T>
void add_row(const T* row, int64_t pixels, int64_t channels, double* sums) {
  double lane[grey_lanes] = {};
  for (int64_t x = 0; x < pixels; ++x)
    for (int64_t c = 0; c < channels; ++c)
      lane[x % grey_lanes] += static_cast<double>(row[x * channels + c]);
  sums[0] += fold_grey_lanes(lane, 1);
}

template <class T>
double mean_grey(const Batch& in, int64_t image) {
  double sums[4] = {};
  const int64_t w = in.w, channels = in.c;
  each_row<T>(in, image, [&](const T* row, int64_t) {
    if (channels == 1)
      add_row<1>(row, w, sums);
    else if (channels == 3)
      add_row<3>(row, w, sums);
    else if (channels == 4)
      add_row<4>(row, w, sums);
    else
      add_row(row, w, channels, sums);
  });
  return grey_mean(sums, channels, static_cast<double>(in.h * w));
}

FASTAUG_END
