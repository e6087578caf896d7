// What stands for pixels outside the image where an op looks at neighbours.
#pragma once

#include "../arguments.hpp"
#include "portable.hpp"

FASTAUG_BEGIN

// The pixel that stands for pixel `i` of a row of `n`, or -1 for the value outside.
FASTAUG_FN int64_t map_border(int64_t i, int64_t n, Border border) {
  if (i >= 0 && i < n) return i;
  int64_t j;
  switch (border) {
    case Border::nearest:
      return i < 0 ? 0 : n - 1;
    case Border::wrap:
      j = i % n;
      return j < 0 ? j + n : j;
    case Border::reflect:
      j = i % (2 * n);
      j = j < 0 ? j + 2 * n : j;
      return j < n ? j : 2 * n - 1 - j;
    case Border::mirror:
      if (n == 1) return 0;
      j = i % (2 * n - 2);
      j = j < 0 ? j + 2 * n - 2 : j;
      return j < n ? j : 2 * n - 2 - j;
    default:
      return -1;
  }
}

FASTAUG_END
