// Rows of the warp by spline orders 2 to 5: the taps of a filtered image under weights that are
// prepared for many columns at a time.
#pragma once

#include "spline_columns.hpp"
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
constexpr int64_t filtered_columns = ConfinedColumns::most;

// The first taps of columns and their weights. Preparing them is a loop of its own so that it
// becomes vector code.
template <int Order>
struct Knots {
  int32_t i[filtered_columns], j[filtered_columns];
  double rows[Order + 1][filtered_columns], columns[Order + 1][filtered_columns];

  // Columns whose taps all lie inside.
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

  // Columns that may read outside.
  void prepare(const FilteredSpline& s, const ConfinedColumns& at, int64_t count) {
    weigh(at.v, count, s.plane.h, i, rows);
    weigh(at.u, count, s.plane.w, j, columns);
  }

 private:
  // This far outside, taps of the modes that keep the coordinate are all the same edge pixel or
  // fill.
  static void weigh(const double* v, int64_t count, int64_t n, int32_t* first,
                    double (&weights)[Order + 1][filtered_columns]) {
    const double least = -8.0, most = static_cast<double>(2 * n + 8);
    for (int64_t k = 0; k < count; ++k) {
      const double knot = __builtin_floor(knot_coordinate(v[k], Order));
      const auto made = spline_weights<Order>(v[k] - knot);
      const double near = knot > least ? knot : least;
      first[k] = static_cast<int32_t>(near < most ? near : most) - Order / 2;
      for (int t = 0; t <= Order; ++t) weights[t][k] = made.at[t];
    }
  }
};

// Column `k`, where tap(y, x) is where its tap in row y and column x lies.
template <int Order, int Channels, class Tap>
void blend(const Knots<Order>& at, int64_t k, int64_t channels, const Tap& tap, double* to) {
  if constexpr (Channels == 3 || Channels == 4) {
    Double4 sum = zero4();
    for (int y = 0; y <= Order; ++y)
      for (int x = 0; x <= Order; ++x)
        sum = sum + load4_double(tap(y, x)) * at.rows[y][k] * at.columns[x][k];
    store4(to, sum);
  } else {
    for (int64_t c = 0; c < (Channels ? Channels : channels); ++c) {
      double sum = 0.0;
      for (int y = 0; y <= Order; ++y)
        for (int x = 0; x <= Order; ++x) sum += tap(y, x)[c] * at.rows[y][k] * at.columns[x][k];
      to[c] = sum;
    }
  }
}

template <int Order, int Channels>
void blend_inside(const FilteredSpline& s, const Knots<Order>& at, int64_t k, double* to) {
  const int64_t channels = Channels ? Channels : s.plane.c;
  const int64_t stride = s.plane.stride / static_cast<int64_t>(sizeof(double));
  const double* from = s.plane.row(at.i[k]) + at.j[k] * channels;
  blend<Order, Channels>(
      at, k, channels, [&](int y, int x) { return from + y * stride + x * channels; }, to);
}

// A pixel whose taps may lie outside.
template <int Order, int Channels>
void blend_edge(const FilteredSpline& s, const Knots<Order>& at, int64_t k, double* to) {
  const Plane<double>& p = s.plane;
  const int64_t channels = Channels ? Channels : p.c;
  const int64_t i = at.i[k], j = at.j[k];
  if (i >= 0 && i + Order < p.h && j >= 0 && j + Order < p.w)
    return blend_inside<Order, Channels>(s, at, k, to);
  int64_t rows[Order + 1], columns[Order + 1];
  for (int t = 0; t <= Order; ++t) {
    rows[t] = spline_tap(i + t, p.h, s.mode);
    columns[t] = spline_tap(j + t, p.w, s.mode);
  }
  const auto tap = [&](int y, int x) {
    // The fill value goes in as it is, unfiltered, as it does in SciPy.
    return rows[y] < 0 || columns[x] < 0 ? s.fill : p.row(rows[y]) + columns[x] * channels;
  };
  blend<Order, Channels>(at, k, channels, tap, to);
}

// One output row. `made` has room for filtered_columns pixels and a vector store beyond.
template <class T, int Order, int Channels>
void filtered_row(const FilteredSpline& s, int64_t row, int64_t width, double* made, T* to) {
  const int64_t channels = s.plane.c;
  Span inside = {0, width};
  narrow_to_taps(inside, s.row, row, Order, s.padding, s.plane.h);
  narrow_to_taps(inside, s.column, row, Order, s.padding, s.plane.w);
  Span seen = {0, width};
  if (s.mode == FillMode::constant) {
    narrow_to_image(seen, s.row, row, s.plane.h);
    narrow_to_image(seen, s.column, row, s.plane.w);
  }
  ConfinedColumns confined;
  Knots<Order> knots;
  for (int64_t x = 0, end; x < width; x = end) {
    const bool known = x >= inside.begin && x < inside.end;
    const int64_t until = known ? inside.end : x < inside.begin ? inside.begin : width;
    end = smaller(x + filtered_columns, until);
    if (known) {
      knots.prepare(s, row, x, end - x);
      for (int64_t k = 0; k < end - x; ++k)
        blend_inside<Order, Channels>(s, knots, k, made + k * channels);
    } else {
      const bool any = x < seen.end && end > seen.begin;
      if (any) {
        confined.prepare(s.row, s.column, row, x, end - x, s.padding, s.plane.h, s.plane.w, s.mode);
        knots.prepare(s, confined, end - x);
      }
      for (int64_t k = 0; k < end - x; ++k) {
        double* to_k = made + k * channels;
        if (any && !confined.filled(k, s.mode))
          blend_edge<Order, Channels>(s, knots, k, to_k);
        else
          for (int64_t c = 0; c < channels; ++c) to_k[c] = s.fill[c];
      }
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
