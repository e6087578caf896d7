// The mean grey of an image, summed in the order of ops/grey.hpp.
#pragma once

#include "../ops/grey.hpp"
#include "map.hpp"
#include "vector/sums.hpp"

FASTAUG_BEGIN

// Adds the sums of the channels of a row to `sums`.
template <int Channels, class T>
void add_row(const T* row, int64_t pixels, double* sums) {
  constexpr int64_t block = grey_lanes * Channels;
  const int64_t count = pixels * Channels, whole = count / block * block;
  double lane[block] = {};
  for (int64_t i = 0; i < whole; i += block)
    for (int64_t k = 0; k < block; ++k) lane[k] += static_cast<double>(row[i + k]);
  for (int64_t k = 0; k < count - whole; ++k) lane[k] += static_cast<double>(row[whole + k]);
  for (int c = 0; c < Channels; ++c) sums[c] += fold_grey_lanes(lane + c, Channels);
}

// Sums of integers are exact, so that they may be made in any order.
template <class T>
constexpr bool is_exact = T(0.5) == T(0);

template <int Channels>
void add_row(const uint8_t* row, int64_t pixels, double* sums) {
  uint64_t exact[Channels] = {};
  sum_channels<Channels>(row, pixels * Channels, exact);
  for (int c = 0; c < Channels; ++c) sums[c] += static_cast<double>(exact[c]);
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
  const int64_t channels = in.c;
  const auto add = [&](const T* row, int64_t count) {
    if (channels == 1)
      add_row<1>(row, count, sums);
    else if (channels == 3)
      add_row<3>(row, count / 3, sums);
    else if (channels == 4)
      add_row<4>(row, count / 4, sums);
    else
      add_row(row, count / channels, channels, sums);
  };
  if constexpr (is_exact<T>)
    each_run<T>(in, image, add);
  else
    each_row<T>(in, image, add);
  return grey_mean(sums, channels, static_cast<double>(in.h * in.w));
}

FASTAUG_END
