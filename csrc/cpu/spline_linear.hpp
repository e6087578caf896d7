// Rows of the affine warp in SciPy's arithmetic and order 1: the columns that read well inside in a
// branch-free loop, those that may not with taps of their own.
#pragma once

#include "../ops/warp_spline.hpp"
#include "reverse.hpp"
#include "rows.hpp"
#include "spline_columns.hpp"
#include "spline_span.hpp"
#include "vector.hpp"

FASTAUG_BEGIN

template <class T>
struct Spline {
  Plane<T> plane;
  SplineAxis row, column;
  FillMode mode;
  const double* fill;
};

template <class T>
void put_fill(const Spline<T>& s, T* to) {
  for (int64_t c = 0; c < s.plane.c; ++c) to[c] = spline_store<T>(s.fill[c]);
}

// Columns [begin, end) of a row.
template <class T>
void put_fills(const Spline<T>& s, int64_t begin, int64_t end, T* to) {
  for (int64_t x = begin; x < end; ++x) put_fill(s, to + x * s.plane.c);
}

template <class T>
Spline<T> spline_of(const WarpSplineArgs& args, int64_t image, const Plane<T>& plane) {
  const double* m = args.matrices + 6 * image;
  return {plane,
          {m[0], m[1], m[2]},
          {m[3], m[4], m[5]},
          static_cast<FillMode>(args.fill_mode),
          args.fill + image * args.out.c};
}

// Columns of one row that read well inside, as many as are prepared at a time: where, and with
// which weights. Preparing them is a loop of its own so that it becomes vector code.
struct Columns {
  static constexpr int64_t most = 128;
  int32_t i[most], j[most];
  double row_low[most], row_high[most], column_low[most], column_high[most];

  // Column `column` and the next ones, or with a `step` of -1 those before it.
  template <class T>
  void prepare(const Spline<T>& s, int64_t row, int64_t column, int64_t step, int64_t count) {
    const double v0 = s.row.offset + static_cast<double>(row) * s.row.by_row;
    const double u0 = s.column.offset + static_cast<double>(row) * s.column.by_row;
    for (int64_t k = 0; k < count; ++k) {
      const double x = static_cast<double>(static_cast<int32_t>(column + step * k));
      const double v = v0 + x * s.row.by_column, u = u0 + x * s.column.by_column;
      i[k] = static_cast<int32_t>(v);
      j[k] = static_cast<int32_t>(u);
      row_low[k] = 1.0 - (v - static_cast<double>(i[k]));
      column_low[k] = 1.0 - (u - static_cast<double>(j[k]));
      row_high[k] = 1.0 - row_low[k];
      column_high[k] = 1.0 - column_low[k];
    }
  }
};

template <class T, int Channels>
void order1_inside(const Spline<T>& s, const Columns& at, int64_t count, T* to) {
  const Plane<T>& p = s.plane;
  const int64_t channels = Channels ? Channels : p.c;
  for (int64_t k = 0; k < count; ++k, to += channels) {
    const T* top = p.row(at.i[k]) + at.j[k] * channels;
    const T* bottom = reinterpret_cast<const T*>(reinterpret_cast<const char*>(top) + p.stride);
    const LinearWeights rows = {at.row_low[k], at.row_high[k]};
    const LinearWeights columns = {at.column_low[k], at.column_high[k]};
    for (int64_t c = 0; c < channels; ++c)
      to[c] = spline_store<T>(
          spline_blend(top[c], top[c + channels], bottom[c], bottom[c + channels], rows, columns));
  }
}

// Column `k` of prepared ones. A vector load of three channels takes the element after the pixel
// along, and the store of one overwrites the first element of the next unless `exact`.
template <class T, int Channels>
Double4 order1_sum(const Plane<T>& p, const Columns& at, int64_t k) {
  const T* top = p.row(at.i[k]) + at.j[k] * Channels;
  const T* bottom = reinterpret_cast<const T*>(reinterpret_cast<const char*>(top) + p.stride);
  Double4 sum = plus_zero(load4_double(top) * at.row_low[k] * at.column_low[k]);
  sum = sum + load4_double(top + Channels) * at.row_low[k] * at.column_high[k];
  sum = sum + load4_double(bottom) * at.row_high[k] * at.column_low[k];
  return sum + load4_double(bottom + Channels) * at.row_high[k] * at.column_high[k];
}

template <class T, int Channels>
void order1_lanes(const Spline<T>& s, const Columns& at, int64_t count, bool exact, T* to) {
  const Plane<T>& p = s.plane;
  for (int64_t k = 0; k < count; ++k, to += Channels) {
    const Double4 sum = order1_sum<T, Channels>(p, at, k);
    if (Channels == 3 && exact && k == count - 1)
      store3(to, sum);
    else
      store4(to, sum);
  }
}

// The same for pixels that are rounded, which becomes vector code in a loop of its own.
template <int Channels>
void order1_rounded(const Spline<uint8_t>& s, const Columns& at, int64_t count, uint8_t* to) {
  const Plane<uint8_t> p = s.plane;
  double made[Columns::most * Channels + 1];
  for (int64_t k = 0; k < count; ++k)
    store4(made + k * Channels, order1_sum<uint8_t, Channels>(p, at, k));
  store_pixels(made, count * Channels, to);
}

// One channel: the taps of all columns are gathered first, so that blending them is vector code.
template <class T>
void order1_grey(const Spline<T>& s, const Columns& at, int64_t count, T* __restrict to) {
  const Plane<T> p = s.plane;
  T p00[Columns::most], p01[Columns::most], p10[Columns::most], p11[Columns::most];
  for (int64_t k = 0; k < count; ++k) {
    const T* top = p.row(at.i[k]) + at.j[k];
    const T* bottom = reinterpret_cast<const T*>(reinterpret_cast<const char*>(top) + p.stride);
    p00[k] = top[0], p01[k] = top[1], p10[k] = bottom[0], p11[k] = bottom[1];
  }
  for (int64_t k = 0; k < count; ++k)
    to[k] = spline_store<T>(spline_blend(p00[k], p01[k], p10[k], p11[k],
                                         {at.row_low[k], at.row_high[k]},
                                         {at.column_low[k], at.column_high[k]}));
}

template <class T, int Channels>
void order1_pixels(const Spline<T>& s, const Columns& at, int64_t count, bool exact, T* to) {
  if constexpr (sizeof(T) == 1)
    order1_rounded<Channels>(s, at, count, to);
  else
    order1_lanes<T, Channels>(s, at, count, exact, to);
}

template <class T>
void order1_prepared(const Spline<T>& s, const Columns& at, int64_t count, bool exact, T* to) {
  switch (s.plane.c) {
    case 1:
      return order1_grey(s, at, count, to);
    case 3:
      return order1_pixels<T, 3>(s, at, count, exact, to);
    case 4:
      return order1_pixels<T, 4>(s, at, count, exact, to);
    default:
      return order1_inside<T, 0>(s, at, count, to);
  }
}

// Columns of one row that may read outside: taps of their own for each, -1 for the fill value, and
// SciPy's weights, which where the edge pixels are repeated come from the coordinate as it is.
struct EdgeColumns {
  static constexpr int64_t most = ConfinedColumns::most;
  int32_t y0[most], y1[most], x0[most], x1[most];
  double row_low[most], row_high[most], column_low[most], column_high[most];
  bool filled[most];  // all of the pixel

  template <class T>
  void prepare(const Spline<T>& s, int64_t row, int64_t column, int64_t count) {
    ConfinedColumns at;
    at.prepare(s.row, s.column, row, column, count, 0.0, s.plane.h, s.plane.w, s.mode);
    for (int64_t k = 0; k < count; ++k) filled[k] = at.filled(k, s.mode);
    weigh(at.v, count, s.plane.h, s.mode, y0, y1, row_low, row_high);
    weigh(at.u, count, s.plane.w, s.mode, x0, x1, column_low, column_high);
  }

 private:
  static void weigh(const double* v, int64_t count, int64_t n, FillMode mode, int32_t* tap0,
                    int32_t* tap1, double* low, double* high) {
    // Beyond these, taps of the modes that keep the coordinate are all the same edge pixel or fill.
    const double last = static_cast<double>(n - 1);
    const double least = mode == FillMode::nearest ? 0.0 : -2.0;
    const double farthest = mode == FillMode::nearest ? last : 2.0 * last + 4.0;
    for (int64_t k = 0; k < count; ++k) {
      const double knot = __builtin_floor(v[k]);
      low[k] = 1.0 - (v[k] - knot);
      high[k] = 1.0 - low[k];
      tap0[k] = clamped(knot, least, farthest);
      tap1[k] = clamped(knot + 1.0, least, farthest);
    }
    if (mode == FillMode::nearest) return;
    for (int64_t k = 0; k < count; ++k) {
      tap0[k] = static_cast<int32_t>(spline_tap(tap0[k], n, mode));
      tap1[k] = static_cast<int32_t>(spline_tap(tap1[k], n, mode));
    }
  }

  static int32_t clamped(double i, double least, double greatest) {
    i = i > least ? i : least;
    return static_cast<int32_t>(i < greatest ? i : greatest);
  }
};

// Column `k` of those, in double.
template <class T, int Channels>
void order1_edge(const Spline<T>& s, const EdgeColumns& at, int64_t k, double* to) {
  const Plane<T>& p = s.plane;
  const int64_t channels = Channels ? Channels : p.c;
  const int64_t y0 = at.y0[k], y1 = at.y1[k], x0 = at.x0[k], x1 = at.x1[k];
  const LinearWeights rows = {at.row_low[k], at.row_high[k]};
  const LinearWeights columns = {at.column_low[k], at.column_high[k]};
  if (at.filled[k]) {
    for (int64_t c = 0; c < channels; ++c) to[c] = s.fill[c];
  } else if ((y0 | y1 | x0 | x1) < 0) {
    // The fill value stays a double here, as it does in SciPy.
    const auto tap = [&](int64_t y, int64_t x) -> const T* {
      return y < 0 || x < 0 ? nullptr : p.row(y) + x * channels;
    };
    const auto value = [&](const T* from, int64_t c) {
      return from ? static_cast<double>(from[c]) : s.fill[c];
    };
    const T *p00 = tap(y0, x0), *p01 = tap(y0, x1), *p10 = tap(y1, x0), *p11 = tap(y1, x1);
    for (int64_t c = 0; c < channels; ++c)
      to[c] =
          spline_blend(value(p00, c), value(p01, c), value(p10, c), value(p11, c), rows, columns);
  } else {
    const T *top = p.row(y0), *bottom = p.row(y1);
    const int64_t left = x0 * channels, right = x1 * channels;
    if constexpr (Channels == 3) {
      Double4 sum = plus_zero(load3_double(top + left) * rows.low * columns.low);
      sum = sum + load3_double(top + right) * rows.low * columns.high;
      sum = sum + load3_double(bottom + left) * rows.high * columns.low;
      store4(to, sum + load3_double(bottom + right) * rows.high * columns.high);
    } else {
      for (int64_t c = 0; c < channels; ++c)
        to[c] = spline_blend(top[left + c], top[right + c], bottom[left + c], bottom[right + c],
                             rows, columns);
    }
  }
}

template <class T, int Channels>
void order1_edges(const Spline<T>& s, int64_t row, int64_t begin, int64_t end, T* to) {
  EdgeColumns columns;
  const int64_t channels = Channels ? Channels : s.plane.c;
  double few[EdgeColumns::most * (Channels ? Channels : 1) + 1];
  double* const made =
      Channels ? few
               : static_cast<double*>(scratch(
                     Slot::levels,
                     static_cast<std::size_t>(EdgeColumns::most * channels) * sizeof(double)));
  for (int64_t x = begin; x < end; x += EdgeColumns::most) {
    const int64_t count = smaller(EdgeColumns::most, end - x);
    columns.prepare(s, row, x, count);
    for (int64_t k = 0; k < count; ++k)
      order1_edge<T, Channels>(s, columns, k, made + k * channels);
    store_pixels(made, count * channels, to + x * channels);
  }
}

// Columns [begin, end) of which only those of `seen` are not all fill.
template <class T>
void order1_outside(const Spline<T>& s, int64_t row, Span seen, int64_t begin, int64_t end, T* to) {
  const int64_t first = smaller(larger(begin, seen.begin), end);
  const int64_t last = larger(smaller(end, seen.end), first);
  put_fills(s, begin, first, to);
  switch (s.plane.c) {
    case 1:
      order1_edges<T, 1>(s, row, first, last, to);
      break;
    case 3:
      order1_edges<T, 3>(s, row, first, last, to);
      break;
    default:
      order1_edges<T, 0>(s, row, first, last, to);
  }
  put_fills(s, last, end, to);
}

// All columns but where the mode is `constant`: there, those that read inside.
template <class T>
Span seen_columns(const Spline<T>& s, int64_t row, int64_t width) {
  Span span = {0, width};
  if (s.mode == FillMode::constant) {
    narrow_to_image(span, s.row, row, s.plane.h);
    narrow_to_image(span, s.column, row, s.plane.w);
  }
  return span;
}

// Straight into place, mirrored or not; only what is not in `span` goes by way of `aside`, which is
// as wide as the row. Calls inside(x, count, last) for blocks of the rest: columns as they are put,
// of which `last` is the end.
template <class T, class Inside>
void order1_parts(const Spline<T>& s, int64_t row, Span span, int64_t width, bool mirrored,
                  T* aside, T* to, const Inside& inside) {
  const int64_t c = s.plane.c;
  const Span seen = seen_columns(s, row, width);
  const auto outside = [&](int64_t begin, int64_t end) {
    order1_outside(s, row, seen, begin, end, mirrored ? aside : to);
    if (mirrored) reverse_pixels(aside + begin * c, to + (width - end) * c, end - begin, c);
  };
  const int64_t first = mirrored ? width - span.end : span.begin;
  const int64_t last = mirrored ? width - span.begin : span.end;
  outside(0, span.begin);
  if (mirrored) outside(span.end, width);
  for (int64_t x = first; x < last; x += Columns::most)
    inside(x, smaller(Columns::most, last - x), last);
  if (!mirrored) outside(span.end, width);
}

template <class T>
void order1_row(const Spline<T>& s, int64_t row, int64_t width, bool mirrored, T* aside, T* to) {
  Span span = {0, width};
  narrow(span, s.row, row, static_cast<double>(s.plane.h - 1));
  // One less than bilinear needs: a vector load reads on.
  narrow(span, s.column, row, static_cast<double>(s.plane.w - 2));
  Columns columns;
  const auto inside = [&](int64_t x, int64_t count, int64_t last) {
    columns.prepare(s, row, mirrored ? width - 1 - x : x, mirrored ? -1 : 1, count);
    // A store that runs over must not meet what is there already.
    const bool exact = x + count == width || (mirrored && x + count == last);
    order1_prepared(s, columns, count, exact, to + x * s.plane.c);
  };
  order1_parts(s, row, span, width, mirrored, aside, to, inside);
}

FASTAUG_END
