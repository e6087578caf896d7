// Multiplicative normal noise: pixel + pixel * (mean + std * z).
#pragma once

#include "normal.hpp"
#include "round.hpp"

FASTAUG_BEGIN

// V is a number or a vector of them; what it makes is not yet rounded to a pixel.
template <class V, class Real>
FASTAUG_FN V speckle_noise(V pixel, V z, Real mean, Real std) {
  return pixel + pixel * (mean + std * z);
}

FASTAUG_END
