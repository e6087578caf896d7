// What stands for pixels outside the image where an op looks at neighbours.
#pragma once

#include "../arguments.hpp"
#include "fill_mode.hpp"

FASTAUG_BEGIN

// The pixel that stands for pixel `i` of a row of `n`, or -1 for the value outside.
FASTAUG_FN int64_t map_border(int64_t i, int64_t n, Border border) {
  if (i >= 0 && i < n) return i;
  switch (border) {
    case Border::nearest:
      return i < 0 ? 0 : n - 1;
    case Border::wrap:
    case Border::reflect:
    case Border::mirror:
      if (n == 1) return 0;
      return repeated(i, n, border == Border::mirror ? n - 1 : n, border != Border::wrap);
    default:
      return -1;
  }
}

FASTAUG_END
