// Pixel dropout: one word decides whether a pixel (or an element) is replaced or stays.
#pragma once

#include "round.hpp"
#include "stream.hpp"

FASTAUG_BEGIN

// The greatest decision that replaces; -1 is below them all.
FASTAUG_FN int32_t dropout_threshold(double amount) {
  return static_cast<int32_t>(round_half_even(amount * 2147483648.0) - 1.0);
}

// The upper 31 bits of a word, so that all of them and none of them are thresholds like any other.
template <class T>
FASTAUG_FN T pixel_dropout(T pixel, uint32_t word, int32_t last, T value) {
  return static_cast<int32_t>(word >> 1) <= last ? value : pixel;
}

FASTAUG_END
