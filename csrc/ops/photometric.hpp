// What Keras' ImageDataGenerator does to the values of an image after it has moved its pixels:
// shift of the channels, brightness, and standardisation, each step rounded to float32 as NumPy
// and Pillow round theirs.
#pragma once

#include "../arguments.hpp"
#include "portable.hpp"

FASTAUG_BEGIN

struct Extremes {
  float low, high;
};

// Keras' channel shift: clipped to the extremes that the image had before.
FASTAUG_FN float shift_channel(float v, float shift, Extremes limits) {
  v = v + shift;
  v = v < limits.low ? limits.low : v;
  return v > limits.high ? limits.high : v;
}

// A value from 0 to 255 cut to a whole grey level; NaN becomes 0.
FASTAUG_FN float grey_level(float v) {
  v = v > 0.0f ? v : 0.0f;
  v = v < 255.0f ? v : 255.0f;
  return static_cast<float>(static_cast<int32_t>(v));
}

// The brightness of one image: what its extremes decide once.
struct Brightening {
  Brightness kind;
  bool stretches, restores;
  float factor, low, span, white;
};

FASTAUG_FN Brightening brightening(Brightness kind, double factor, double white, Extremes image) {
  Brightening b = {kind, false, false, static_cast<float>(factor), image.low, 0.0f, 0.0f};
  const bool outside = image.low < 0.0f || image.high > 255.0f;
  b.stretches = kind == Brightness::stretched || (kind == Brightness::grey_levels && outside);
  b.restores = kind == Brightness::grey_levels && outside;
  b.span = image.high - image.low;
  b.white = white > 0.0 ? static_cast<float>(white) : image.high <= 1.0f ? 1.0f : 255.0f;
  return b;
}

// Pillow's ImageEnhance.Brightness on the grey levels that Keras hands it. `factor` is that of the
// element: 1 for an alpha channel, which keeps its level.
FASTAUG_FN float brighten(float v, float factor, const Brightening& b) {
  if (b.kind == Brightness::factor) {
    v = v * factor;
    v = v < 0.0f ? 0.0f : v;
    return v > b.white ? b.white : v;
  }
  if (b.stretches) {
    v = v - b.low;
    if (b.span != 0.0f) v = v / b.span;
    v = v * 255.0f;
  }
  v = grey_level(factor * grey_level(v));
  return b.restores ? (v / 255.0f) * b.span + b.low : v;
}

// Sums have one order on every backend: within a row `sum_lanes` partial sums, element i to number
// i modulo `sum_lanes`, folded in halves; then row after row.
constexpr int64_t sum_lanes = 16;

FASTAUG_FN double fold_lanes(double* lane) {
  for (int64_t half = sum_lanes / 2; half > 0; half /= 2)
    for (int64_t k = 0; k < half; ++k) lane[k] += lane[k + half];
  return lane[0];
}

// The mean that is subtracted, and the deviation that is divided by, of the samplewise steps.
FASTAUG_FN float mean_of(double sum, double count) { return static_cast<float>(sum / count); }

// From the sums of the centred values and of their squares.
FASTAUG_FN float deviation_of(double sum, double squares, double count) {
  const double mean = sum / count;
  double variance = squares / count - mean * mean;
  variance = variance > 0.0 ? variance : 0.0;
  return static_cast<float>(sqrt(variance)) + 1e-6f;
}

FASTAUG_END
