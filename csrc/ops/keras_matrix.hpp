// The affine matrix of Keras' ImageDataGenerator, in closed form.
#pragma once

#include "transcendental.hpp"

FASTAUG_BEGIN

struct KerasParameters {
  double theta;         // degrees
  double tx, ty;        // pixels, along the first and second coordinate
  double shear;         // degrees
  double zx, zy;        // more than 1 shrinks
  double flip, tumble;  // not zero: mirrored left to right, upside down
};

// How Keras reads them: whether its first coordinate is the row, and what stays in place.
struct KerasFrame {
  double height, width;
  double first, second;
  bool rows_first;
};

// Rotation, shift, shear and zoom about a point, one after the other from output to input, and what
// mirrors the result before. The rows of `m` are those of `affine_matrix`.
FASTAUG_FN void keras_matrix(const KerasParameters& p, const KerasFrame& frame, double m[6]) {
  const SinCos turn = sincos_degrees(p.theta);
  // Rotation times shear is a rotation by both angles in its second column.
  const SinCos lean = sincos_degrees(p.theta + p.shear);
  double first[3] = {turn.cos * p.zx, -lean.sin * p.zy, turn.cos * p.tx - turn.sin * p.ty};
  double second[3] = {turn.sin * p.zx, lean.cos * p.zy, turn.sin * p.tx + turn.cos * p.ty};
  first[2] = first[2] - (first[0] * frame.first + first[1] * frame.second) + frame.first;
  second[2] = second[2] - (second[0] * frame.first + second[1] * frame.second) + frame.second;
  const int x = frame.rows_first ? 1 : 0, y = 1 - x;
  if (p.flip != 0.0) {
    first[2] += first[x] * (frame.width - 1.0), second[2] += second[x] * (frame.width - 1.0);
    first[x] = -first[x], second[x] = -second[x];
  }
  if (p.tumble != 0.0) {
    first[2] += first[y] * (frame.height - 1.0), second[2] += second[y] * (frame.height - 1.0);
    first[y] = -first[y], second[y] = -second[y];
  }
  const double *to_x = frame.rows_first ? second : first, *to_y = frame.rows_first ? first : second;
  m[0] = to_x[x], m[1] = to_x[y], m[2] = to_x[2];
  m[3] = to_y[x], m[4] = to_y[y], m[5] = to_y[2];
}

FASTAUG_END
