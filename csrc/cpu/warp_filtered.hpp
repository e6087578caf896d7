// Rows of the warp by spline orders 2 to 5: the taps of a filtered image under weights that are
// prepared for many columns at a time.
#pragma once

#include "spline_image.hpp"
#include "spline_span.hpp"
#include "vector.hpp"

FASTAUG_BEGIN

struct FilteredSpline {
  Plane<double> plane;
  SplineAxis row, column;
  FillMode mode;
  double padding;
  const double* fill;  // one a channel, and room for a vector load
};

// As many columns of a row as are made at a time, and their pixels before they are rounded.
constexpr int64_t filtered_columns = 64;

// Columns whose taps all lie inside. Preparing them is a loop of its own so that it becomes vector
// code.
template <int Order>
struct Knots {
  int32_t i[filtered_columns], j[filtered_columns];  // the first taps
  double rows[Order + 1][filtered_columns], columns[Order + 1][filtered_columns];

  void prepare(const FilteredSpline& s, int64_t row, int64_t column, int64_t count) {
    const double v0 = s.row.offset + static_cast<double>(row) * s.row.by_row;
    const double u0 = s.column.offset + static_cast<double>(row) * s.column.by_row;
    for (int64_t k = 0; k < count; ++k) {
      const double x = static_cast<double>(static_cast<int32_t>(column + k));
      const double v = (v0 + x * s.row.by_column) + s.padding;
      const double u = (u0 + x * s.column.by_column) + s.padding;
      const int32_t y_knot = static_cast<int32_t>(knot_coordinate(v, Order));
      const int32_t x_knot = static_cast<int32_t>(knot_coordinate(u, Order));
      const auto down = spline_weights<Order>(v - static_cast<double>(y_knot));
      const auto across = spline_weights<Order>(u - static_cast<double>(x_knot));
      i[k] = y_knot - Order / 2;
      j[k] = x_knot - Order / 2;
      for (int t = 0; t <= Order; ++t) rows[t][k] = down.at[t], columns[t][k] = across.at[t];
    }
  }
};

template <int Order, int Channels>
void blend_inside(const FilteredSpline& s, const Knots<Order>& at, int64_t count, double* to) {
  const Plane<double>& p = s.plane;
  const int64_t channels = Channels ? Channels : p.c;
  for (int64_t k = 0; k < count; ++k, to += channels) {
    const double* from = p.row(at.i[k]) + at.j[k] * channels;
    const int64_t stride = p.stride / static_cast<int64_t>(sizeof(double));
    if constexpr (Channels == 3 || Channels == 4) {
      Double4 sum = zero4();
      for (int y = 0; y <= Order; ++y)
        for (int x = 0; x <= Order; ++x)
          sum = sum +
                load4_double(from + y * stride + x * Channels) * at.rows[y][k] * at.columns[x][k];
      store4(to, sum);
    } else {
      for (int64_t c = 0; c < channels; ++c) {
        double sum = 0.0;
        for (int y = 0; y <= Order; ++y)
          for (int x = 0; x <= Order; ++x)
            sum += from[y * stride + x * channels + c] * at.rows[y][k] * at.columns[x][k];
        to[c] = sum;
      }
    }
  }
}

// A pixel whose taps may lie outside.
template <int Order, int Channels>
void blend_anywhere(const FilteredSpline& s, double v, double u, double* to) {
  const Plane<double>& p = s.plane;
  const int64_t channels = Channels ? Channels : p.c;
  v = spline_confine(bounded(v + s.padding), p.h, s.mode);
  u = spline_confine(bounded(u + s.padding), p.w, s.mode);
  if (is_fill(v, s.mode) || is_fill(u, s.mode)) {
    for (int64_t c = 0; c < channels; ++c) to[c] = s.fill[c];
    return;
  }
  const SplineTaps<Order> rows = spline_taps<Order>(v, p.h, s.mode);
  const SplineTaps<Order> columns = spline_taps<Order>(u, p.w, s.mode);
  const auto tap = [&](int y, int x) {
    // The fill value goes in as it is, unfiltered, as it does in SciPy.
    return rows.at[y] < 0 || columns.at[x] < 0 ? s.fill
                                               : p.row(rows.at[y]) + columns.at[x] * channels;
  };
  if constexpr (Channels == 3 || Channels == 4) {
    Double4 sum = zero4();
    for (int y = 0; y <= Order; ++y)
      for (int x = 0; x <= Order; ++x)
        sum = sum + load4_double(tap(y, x)) * rows.weight.at[y] * columns.weight.at[x];
    store4(to, sum);
  } else {
    for (int64_t c = 0; c < channels; ++c) to[c] = 0.0;
    for (int y = 0; y <= Order; ++y)
      for (int x = 0; x <= Order; ++x) {
        const double* from = tap(y, x);
        for (int64_t c = 0; c < channels; ++c)
          to[c] += from[c] * rows.weight.at[y] * columns.weight.at[x];
      }
  }
}

template <class T>
void store_pixels(const double* __restrict from, int64_t count, T* __restrict to) {
  for (int64_t i = 0; i < count; ++i) to[i] = spline_store<T>(from[i]);
}

// One output row. `made` has room for filtered_columns pixels and a vector store beyond.
template <class T, int Order, int Channels>
void filtered_row(const FilteredSpline& s, int64_t row, int64_t width, double* made, T* to) {
  const int64_t channels = s.plane.c;
  Span inside = {0, width};
  narrow_to_taps(inside, s.row, row, Order, s.padding, s.plane.h);
  narrow_to_taps(inside, s.column, row, Order, s.padding, s.plane.w);
  Knots<Order> knots;
  for (int64_t x = 0, end; x < width; x = end) {
    const bool known = x >= inside.begin && x < inside.end;
    end = smaller(x + filtered_columns, known              ? inside.end
                                        : x < inside.begin ? inside.begin
                                                           : width);
    if (known) {
      knots.prepare(s, row, x, end - x);
      blend_inside<Order, Channels>(s, knots, end - x, made);
    } else {
      for (int64_t k = x; k < end; ++k)
        blend_anywhere<Order, Channels>(s, spline_coordinate(s.row, row, k),
                                        spline_coordinate(s.column, row, k),
                                        made + (k - x) * channels);
    }
    store_pixels(made, (end - x) * channels, to + x * channels);
  }
}

template <class T>
using FilteredRow = void (*)(const FilteredSpline&, int64_t, int64_t, double*, T*);

template <class T, int Order>
FilteredRow<T> filtered_row_of(int64_t channels) {
  return channels == 1   ? filtered_row<T, Order, 1>
         : channels == 3 ? filtered_row<T, Order, 3>
         : channels == 4 ? filtered_row<T, Order, 4>
                         : filtered_row<T, Order, 0>;
}

template <class T>
FilteredRow<T> filtered_row_of(int32_t order, int64_t channels) {
  return order == 2   ? filtered_row_of<T, 2>(channels)
         : order == 3 ? filtered_row_of<T, 3>(channels)
         : order == 4 ? filtered_row_of<T, 4>(channels)
                      : filtered_row_of<T, 5>(channels);
}

FASTAUG_END
