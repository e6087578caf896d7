// Sharpening, as Pillow and torchvision have it: a pixel is moved away from, or towards, the mean
// of the 3x3 pixels around it of which it is itself five. Pixels at the edges stay.
#pragma once

#include "../arguments.hpp"
#include "round.hpp"

FASTAUG_BEGIN

// The share of the pixel, and that of the sum of its neighbours and five times itself.
template <class Real>
struct SharpenShares {
  Real pixel, sum;
};

template <class Real>
FASTAUG_FN SharpenShares<Real> sharpen_shares(double factor) {
  return {static_cast<Real>(factor), static_cast<Real>((1.0 - factor) / 13.0)};
}

// The sum of three that stand above each other, and of three such sums and four times the middle;
// of integers exact in every type used. Of numbers or vectors.
template <class V>
FASTAUG_FN V sharpen_column(V above, V here, V below) {
  return (above + here) + below;
}

template <class V, class Real>
FASTAUG_FN V sharpen(V pixel, V left, V middle, V right, SharpenShares<Real> shares) {
  const V sum = ((left + middle) + right) + Real(4) * pixel;
  return shares.pixel * pixel + shares.sum * sum;
}

FASTAUG_END
