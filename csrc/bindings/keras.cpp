// The affine matrices of fastaug.keras, in closed form: no kernel, and of no use to anybody else.
#include "../ops/transcendental.hpp"
#include "arrays.hpp"

namespace fastaug {
namespace {

struct Draws {
  double theta;         // degrees
  double tx, ty;        // pixels, along the first and second coordinate
  double shear;         // degrees
  double zx, zy;        // more than 1 shrinks
  double flip, tumble;  // not zero: mirrored left to right, upside down
};

// How Keras reads them: whether its first coordinate is the row, and what stays in place.
struct Frame {
  double height, width;
  double first, second;
  bool rows_first;
};

// Rotation, shift, shear and zoom about a point, one after the other from output to input, and what
// mirrors the result before. The rows of `m` are those of `affine_matrix`.
void matrix_of(const Draws& p, const Frame& frame, double m[6]) {
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

// Eight numbers one after the other, each of all images.
py::array_t<double> keras_matrices(const py::array& draws, double height, double width,
                                   double first, double second, bool rows_first) {
  const std::int64_t n = draws.size() / 8;
  const double* p = parameter<double>(draws, "draws", 8 * n, 1);
  py::array_t<double> matrices({n, std::int64_t{6}});
  double* m = matrices.mutable_data();
  const Frame frame = {height, width, first, second, rows_first};
  for (std::int64_t i = 0; i < n; ++i, ++p, m += 6)
    matrix_of({p[0], p[n], p[2 * n], p[3 * n], p[4 * n], p[5 * n], p[6 * n], p[7 * n]}, frame, m);
  return matrices;
}

}  // namespace

void bind_keras(py::module_& m) { m.def("keras_matrices", &keras_matrices); }

}  // namespace fastaug
