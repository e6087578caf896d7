// Source coordinates of a warp by a homography and a field of shifts. From there on a pixel is made
// as by the affine warp.
#pragma once

#include "warp_affine.hpp"

FASTAUG_BEGIN

// A homography along one row of the output: each of the two numerators and the denominator starts
// somewhere and grows by so much a column. `Start` may be a vector, of a row a lane.
template <class Start>
struct HomographyRows {
  double step_x, step_y, step_w;
  Start start_x, start_y, start_w;

  // `m` holds three rows: output (x, y, 1) to input (x w, y w, w).
  FASTAUG_FN HomographyRows(const double m[9], Start y) : step_x(m[0]), step_y(m[3]), step_w(m[6]) {
    start_x = m[1] * y + m[2];
    start_y = m[4] * y + m[5];
    start_w = m[7] * y + m[8];
  }

  // One over the denominator of a column, or of each in a vector. One of zero leads far outside.
  template <class V>
  FASTAUG_FN V inverse(V column) const {
    return 1.0 / (step_w * column + start_w);
  }
  template <class V>
  FASTAUG_FN V x(V column, V inverse) const {
    return (step_x * column + start_x) * inverse;
  }
  template <class V>
  FASTAUG_FN V y(V column, V inverse) const {
    return (step_y * column + start_y) * inverse;
  }
};

struct HomographyRow : HomographyRows<double> {
  FASTAUG_FN HomographyRow(const double m[9], int64_t row)
      : HomographyRows(m, static_cast<double>(row)) {}
};

// Whether a homography, by itself, moves whole pixels: its coordinates are then those of the affine
// warp, to the bit, and so is all that follows.
FASTAUG_FN bool is_whole(const double m[9], const float* field, int64_t width, int64_t height) {
  if (field != nullptr || m[6] != 0.0 || m[7] != 0.0 || m[8] != 1.0) return false;
  for (int i = 0; i < 6; ++i)
    if (round_half_even(m[i]) != m[i]) return false;
  return AffineAxes(m, width, height).fits;
}

// The fixed-point coordinates of one pixel, whose shift is `shift[0]` to the right and `shift[1]`
// down; null is none.
FASTAUG_FN void field_coordinates(const HomographyRow& row, int64_t column, const float* shift,
                                  int64_t& fx, int64_t& fy) {
  const double at = static_cast<double>(column), inverse = row.inverse(at);
  double x = row.x(at, inverse), y = row.y(at, inverse);
  if (shift != nullptr) {
    x = x + static_cast<double>(shift[0]);
    y = y + static_cast<double>(shift[1]);
  }
  fx = confined_fixed(x);
  fy = confined_fixed(y);
}

FASTAUG_END
