// Grey: its weights, and its mean over an image in an order that is the same everywhere.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

// Of red, green and blue: ITU-R BT.601, as Pillow and torchvision have them.
constexpr double grey_red = 0.299, grey_green = 0.587, grey_blue = 0.114;

// Within a row every channel has so many partial sums, pixel x to number x modulo `grey_lanes`,
// folded in halves; then row after row. Images of other than three or four channels have no
// colours: all their values count alike, in the sums of one channel.
constexpr int64_t grey_lanes = 16;

FASTAUG_FN bool has_colour(int64_t channels) { return channels == 3 || channels == 4; }

template <int64_t half = grey_lanes / 2>
FASTAUG_FN double fold_grey_lanes(double* lane, int64_t step) {
  for (int64_t k = 0; k < half; ++k) lane[k * step] += lane[(k + half) * step];
  if constexpr (half > 1) fold_grey_lanes<half / 2>(lane, step);
  return lane[0];
}

FASTAUG_FN double grey_mean(const double* sums, int64_t channels, double pixels) {
  if (!has_colour(channels)) return sums[0] / (pixels * static_cast<double>(channels));
  return ((grey_red * sums[0] + grey_green * sums[1]) + grey_blue * sums[2]) / pixels;
}

FASTAUG_END
