// Which maps from output (x, y) to input (x, y) move whole pixels within the image, and how.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

struct Copied {
  enum Kind : std::int64_t { still, flipped, turned, part, straight, bent };
  Kind kind;
  // flipped: left to right, upside down; turned: quarter turns, and whether left to right after
  // them; part: its first row and column.
  std::int64_t first, second;
};

// `m` are the nine entries of the map; heights and widths are those of the image and its result.
FASTAUG_FN Copied copied(const double* m, const std::int64_t before[2],
                         const std::int64_t after[2]) {
  if (!(m[6] == 0.0 && m[7] == 0.0 && m[8] == 1.0)) return {Copied::bent, 0, 0};
  const double height = static_cast<double>(before[0]), width = static_cast<double>(before[1]);
  const double x = m[2], y = m[5];
  if (m[1] == 0.0 && m[3] == 0.0) {
    const bool across = m[0] == -1.0, down = m[4] == -1.0;
    if (!((across || m[0] == 1.0) && (down || m[4] == 1.0))) return {Copied::straight, 0, 0};
    const bool whole = before[0] == after[0] && before[1] == after[1];
    // The first pixel is that of a corner.
    if (whole && x == (across ? width - 1.0 : 0.0) && y == (down ? height - 1.0 : 0.0))
      return {across || down ? Copied::flipped : Copied::still, across, down};
    const bool inside = !across && !down && x >= 0.0 && y >= 0.0 &&
                        x + static_cast<double>(after[1]) <= width &&
                        y + static_cast<double>(after[0]) <= height;
    if (!inside) return {Copied::straight, 0, 0};
    const std::int64_t top = static_cast<std::int64_t>(y), left = static_cast<std::int64_t>(x);
    const bool exact = static_cast<double>(top) == y && static_cast<double>(left) == x;
    if (!exact) return {Copied::straight, 0, 0};
    return {Copied::part, top, left};
  }
  const bool quarter = m[0] == 0.0 && m[4] == 0.0 && (m[1] == 1.0 || m[1] == -1.0) &&
                       (m[3] == 1.0 || m[3] == -1.0) && before[0] == after[1] &&
                       before[1] == after[0] && x == (m[1] < 0.0 ? width - 1.0 : 0.0) &&
                       y == (m[3] < 0.0 ? height - 1.0 : 0.0);
  if (!quarter) return {Copied::straight, 0, 0};
  return {Copied::turned, m[1] < 0.0 ? 1 : 3, m[1] == m[3]};
}

// The product of two maps, 3 by 3: the second one is done to the output first.
FASTAUG_FN void product(const double* first, const double* second, double* m) {
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      m[3 * i + j] = (first[3 * i] * second[j] + first[3 * i + 1] * second[3 + j]) +
                     first[3 * i + 2] * second[6 + j];
}

FASTAUG_END
