// What Keras' ImageDataGenerator does to the values of an image after it has moved its pixels:
// shift of the channels, brightness, and standardisation, each step rounded to float32 as NumPy
// and Pillow round theirs. V is a float, or a vector of them.
#pragma once

#include "../arguments.hpp"
#include "portable.hpp"

FASTAUG_BEGIN

struct Extremes {
  float low, high;
};

// Of no values at all: everything lies beyond them.
FASTAUG_FN Extremes no_extremes() {
  return {bit_cast<float>(uint32_t{0x7f800000}), bit_cast<float>(uint32_t{0xff800000})};
}

// With one more value; NaN is neither the least nor the greatest.
template <class V>
FASTAUG_FN void widen(V& low, V& high, V v) {
  low = smaller(low, v);
  high = larger(high, v);
}

// Zero has no sign here: which of the two is found first depends on the order of the search.
FASTAUG_FN Extremes without_signs_of_zero(Extremes e) { return {e.low + 0.0f, e.high + 0.0f}; }

// Keras' channel shift: clipped to the extremes that the image had before.
template <class V>
FASTAUG_FN V shift_channel(V v, float shift, Extremes limits) {
  v = larger(v + shift, splat<V>(limits.low));
  return smaller(v, splat<V>(limits.high));
}

// What a shift does to the extremes: it keeps the order of values, so the same as to any other.
FASTAUG_FN Extremes shifted(Extremes image, float shift) {
  return {shift_channel(image.low, shift, image), shift_channel(image.high, shift, image)};
}

// The nearest number from 0 to 255.
template <class V>
FASTAUG_FN V within_levels(V v) {
  v = larger(splat<V>(0.0f), v);
  return smaller(splat<V>(255.0f), v);
}

// A value from 0 to 255 cut to a whole grey level; NaN becomes 0.
template <class V>
FASTAUG_FN V grey_level(V v) {
  return whole_part(within_levels(v));
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
template <class V>
FASTAUG_FN V brighten(V v, V factor, const Brightening& b) {
  if (b.kind == Brightness::multiplied) {
    v = larger(v * factor, splat<V>(0.0f));
    return smaller(v, splat<V>(b.white));
  }
  if (b.stretches) {
    v = v - b.low;
    if (b.span != 0.0f) v = v / b.span;
    v = v * 255.0f;
  }
  v = grey_level(factor * grey_level(v));
  if (b.restores) v = (v / 255.0f) * b.span + b.low;
  return v;
}

// Sums have one order on every backend: within a row `sum_lanes` partial sums, element i to number
// i modulo `sum_lanes`, folded in halves; then row after row.
constexpr int64_t sum_lanes = 16;

template <int64_t half = sum_lanes / 2>
FASTAUG_FN double fold_lanes(double* lane) {
  for (int64_t k = 0; k < half; ++k) lane[k] += lane[k + half];
  if constexpr (half > 1) fold_lanes<half / 2>(lane);
  return lane[0];
}

// The mean that is subtracted, and the deviation that is divided by, of the samplewise steps.
FASTAUG_FN float mean_of(double sum, double count) { return static_cast<float>(sum / count); }

// From the sums of the centred values and of their squares.
FASTAUG_FN float deviation_of(double sum, double squares, double count) {
  const double mean = sum / count;
  double variance = squares / count - mean * mean;
  variance = variance < 0.0 ? 0.0 : variance;  // a NaN stays one
  return static_cast<float>(sqrt(variance)) + 1e-6f;
}

FASTAUG_END
