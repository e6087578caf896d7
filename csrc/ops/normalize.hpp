// Values on another scale, as floats.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

template <class Real, class T>
FASTAUG_FN Real normalize(T v, Real scale, Real shift) {
  return static_cast<Real>(v) * scale + shift;
}

FASTAUG_END
