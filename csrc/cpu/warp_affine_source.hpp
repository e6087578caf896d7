// What an affine warp of one image reads: its pixels, the map, and what lies outside.
#pragma once

#include "rows.hpp"
#include "spans.hpp"
#include "vector/windows.hpp"
#include "warp_affine_columns.hpp"

FASTAUG_BEGIN
namespace affine {

// Pixels of type From, as those of type T: the same, or bytes as floats.
template <class T, class From = T>
struct Sampled {
  Plane<From> plane;
  FillMode mode;
  const T* fill;  // as `fill_row` makes it
};

template <class T, class From = T>
struct Source : Sampled<T, From> {
  AffineAxis x, y;
  Steps steps_x, steps_y;  // of a chunk of columns
  bool narrow;             // coordinates fit 32.32, and offsets into the plane 32 bits
  bool fixed;              // coordinates fit 32.32
  bool tight;              // no chunk of columns reads both ends of a row
  Windows<T> windows;      // of one channel, bilinear

  int64_t coordinate(const AffineAxis& axis, int64_t column, int64_t row) const {
    return fixed ? fixed_coordinate(axis, column, row) : wide_coordinate(axis, column, row);
  }
  Along along(int64_t column, int64_t row, int64_t shift) const {
    return {fixed_coordinate(x, column, row) + shift,
            fixed_coordinate(y, column, row) + shift,
            x.step_x,
            y.step_x,
            steps_x,
            steps_y};
  }
};

// What lies outside an image: a pixel, and in mode constant as many of it as a row has.
template <class T>
const T* fill_row(const double* values, const Batch& out, int64_t image, FillMode mode) {
  T* fill = row_buffer<T>(Slot::table, out);
  for (int64_t c = 0; c < out.c; ++c) fill[c] = constant_pixel<T>(values[image * out.c + c]);
  if (mode == FillMode::constant)
    for (int64_t there = out.c, more; there < out.w * out.c; there += more) {
      more = smaller(there, out.w * out.c - there);
      std::memcpy(fill + there, fill, static_cast<std::size_t>(more) * sizeof(T));
    }
  return fill;
}

template <class T, class From>
void put_fill(const Sampled<T, From>& s, T* to) {
  for (int64_t c = 0; c < s.plane.c; ++c) to[c] = s.fill[c];
}

// Columns [x, end) of output row `y`, wherever they read, one by one.
template <class Method, class T, class From>
void anywhere(const Source<T, From>& s, int64_t y, int64_t x, int64_t end, T* row) {
  for (; x < end; ++x)
    Method::pixel(s, s.coordinate(s.x, x, y), s.coordinate(s.y, x, y), row + x * s.plane.c);
}

// The coordinates along one axis whose taps are all inside, `more` pixels aside that a load takes
// along. Between the last of these and the next pixel, too, where that is a tap itself.
template <class Method>
Bounds taps_inside(int64_t n, int64_t more) {
  const int64_t after = Method::after ? fixed_one - 1 : 0;
  return {Method::before * fixed_one, (n - 1 - Method::after - more) * fixed_one + after};
}

constexpr int64_t few = 5;  // columns at the edge that are not worth a block

// The coordinates of columns that may read outside, each with `shift` added.
template <class T, class From>
void prepare_confined(const Source<T, From>& s, int64_t x, int64_t y, int64_t shift,
                      Coordinates& from) {
  if (s.mode == FillMode::wrap)
    from.prepare_wrapped(s.plane, s.along(x, y, 0), shift);
  else
    from.prepare(s.along(x, y, shift));
}

}  // namespace affine
FASTAUG_END
