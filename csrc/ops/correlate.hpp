// Correlation: each pixel becomes a sum of its neighbours, of which each has a weight. The products
// are added in the order of the kernel's rows, each rounded by itself; in float, or in double where
// the pixels are. Neighbours of no weight are not looked at.
#pragma once

#include "../arguments.hpp"
#include "border.hpp"
#include "round.hpp"

FASTAUG_BEGIN

// The taps of one image.
template <class Real>
struct CorrelateTaps {
  const int64_t* offset;  // down and right, of each
  const Real* weight;
  int64_t count;
};

template <class Real>
FASTAUG_FN CorrelateTaps<Real> taps_of(const CorrelateArgs& args, int64_t image) {
  const int64_t first = args.spans[2 * image], count = args.spans[2 * image + 1];
  return {args.offsets + 2 * first, static_cast<const Real*>(args.weights) + first, count};
}

// The sum, of numbers or vectors: at(t) is the neighbour of tap t.
template <class V, class Real, class At>
FASTAUG_FN V correlate_sum(const Real* weight, int64_t count, At at) {
  V sum = count > 0 ? weight[0] * at(0) : V{};
  for (int64_t t = 1; t < count; ++t) sum = sum + weight[t] * at(t);
  return sum;
}

// What a sum is stored as: integers saturate, floats are as they are.
template <class T>
FASTAUG_FN ValueRange<T> whole_range() {
  return {T(0), static_cast<T>(~T(0)), true};
}
template <>
FASTAUG_FN ValueRange<float> whole_range() {
  return {0.0f, 0.0f, false};
}
template <>
FASTAUG_FN ValueRange<double> whole_range() {
  return {0.0, 0.0, false};
}

FASTAUG_END
