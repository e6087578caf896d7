// The affine warp in SciPy's arithmetic, row by row: order 0 here, the others in headers of their
// own.
#include "kernels.hpp"
#include "spline_linear.hpp"
#include "table.hpp"
#include "warp_filtered.hpp"

FASTAUG_BEGIN
namespace {

// Order 0 of columns that may read outside.
template <class T>
void order0_outside(const Spline<T>& s, int64_t row, int64_t begin, int64_t end, T* to) {
  const Plane<T> p = s.plane;
  ConfinedColumns at;
  for (int64_t x = begin; x < end; x += ConfinedColumns::most) {
    const int64_t count = smaller(ConfinedColumns::most, end - x);
    at.prepare(s.row, s.column, row, x, count, 0.0, p.h, p.w, s.mode);
    T* pixel = to + x * p.c;
    for (int64_t k = 0; k < count; ++k, pixel += p.c) {
      if (at.filled(k, s.mode)) {
        put_fill(s, pixel);
        continue;
      }
      const int64_t i = spline_tap(floor_index(at.v[k] + 0.5), p.h, s.mode);
      const int64_t j = spline_tap(floor_index(at.u[k] + 0.5), p.w, s.mode);
      for (int64_t c = 0; c < p.c; ++c)
        pixel[c] =
            i < 0 || j < 0 ? spline_store<T>(0.0 + s.fill[c]) : spline_pick(p.row(i)[j * p.c + c]);
    }
  }
}

// Columns of one row whose tap of order 0 is known: those that read inside, and all of them where
// the mode repeats the edge pixels.
struct Picks {
  static constexpr int64_t most = 128;
  int32_t y[most], x[most];

  template <class T>
  void prepare(const Spline<T>& s, int64_t row, int64_t column, int64_t count) {
    const double v0 = s.row.offset + static_cast<double>(row) * s.row.by_row;
    const double u0 = s.column.offset + static_cast<double>(row) * s.column.by_row;
    const double last_y = static_cast<double>(s.plane.h - 1);
    const double last_x = static_cast<double>(s.plane.w - 1);
    for (int64_t k = 0; k < count; ++k) {
      const double at = static_cast<double>(static_cast<int32_t>(column + k));
      y[k] = clamped(v0 + at * s.row.by_column + 0.5, last_y);
      x[k] = clamped(u0 + at * s.column.by_column + 0.5, last_x);
    }
  }

  // NaN, which `bounded` takes for far left, is the first pixel here, too.
  static int32_t clamped(double i, double last) {
    i = i > 0.0 ? i : 0.0;
    return static_cast<int32_t>(i < last ? i : last);
  }
};

template <class T, int Channels>
void order0_picks(const Spline<T>& s, const Picks& at, int64_t count, T* to) {
  const Plane<T> p = s.plane;  // in registers: a store of bytes could change `s`
  const int64_t channels = Channels ? Channels : p.c;
  for (int64_t k = 0; k < count; ++k, to += channels) {
    const T* from = p.row(at.y[k]) + at.x[k] * channels;
    for (int64_t c = 0; c < channels; ++c) to[c] = spline_pick(from[c]);
  }
}

template <class T>
void order0_row(const Spline<T>& s, int64_t row, int64_t width, T* to) {
  Span span = {0, width};
  if (s.mode != FillMode::nearest) {
    narrow_to_image(span, s.row, row, s.plane.h);
    narrow_to_image(span, s.column, row, s.plane.w);
  }
  const int64_t c = s.plane.c;
  const auto outside = [&](int64_t begin, int64_t end) {
    if (s.mode == FillMode::constant)
      put_fills(s, begin, end, to);
    else
      order0_outside(s, row, begin, end, to);
  };
  outside(0, span.begin);
  Picks picks;
  for (int64_t x = span.begin; x < span.end; x += Picks::most) {
    const int64_t count = smaller(Picks::most, span.end - x);
    picks.prepare(s, row, x, count);
    const auto pick = c == 1   ? order0_picks<T, 1>
                      : c == 3 ? order0_picks<T, 3>
                      : c == 4 ? order0_picks<T, 4>
                               : order0_picks<T, 0>;
    pick(s, picks, count, to + x * c);
  }
  outside(span.end, width);
}

// Fill values that a vector load may read beyond.
inline const double* wide_fill(const double* fill, int64_t channels) {
  const std::size_t bytes = static_cast<std::size_t>(channels) * sizeof(double);
  double* wide = static_cast<double*>(scratch(Slot::table, bytes + 3 * sizeof(double)));
  std::memcpy(wide, fill, bytes);
  for (int64_t c = channels; c < channels + 3; ++c) wide[c] = 0.0;
  return wide;
}

// Calls make(row, aside, to) for every row of the output: `row` is the one that it has before it is
// mirrored, and `aside` is memory for another row.
template <class T, class Make>
void each_row(const WarpSplineArgs& args, Rows rows, const Make& make) {
  const Batch& out = args.out;
  const bool mirror_rows = args.mirror[2 * rows.image];
  T* buffer = row_buffer<T>(Slot::row, out);
  T* aside = row_buffer<T>(Slot::stage, out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    T* row = begin_row(out, rows.image, y, buffer);
    make(mirror_rows ? out.h - 1 - y : y, aside, row);
    finish_row(out, rows.image, y, row);
  }
}

template <class T>
void warp_rows(const WarpSplineArgs& args, Rows rows) {
  const Batch& out = args.out;
  const FillMode mode = static_cast<FillMode>(args.fill_mode);
  const bool mirrored = args.mirror[2 * rows.image + 1];
  const bool filters = args.order > 1;
  const bool near = !filters && worth_fetching(args.matrices[6 * rows.image + 1], out, rows);
  const Plane<T> plane = read_image<T>(args.in, source_of(args.source, rows.image), near);
  const Spline<T> s = spline_of(args, rows.image, plane);
  if (filters) {
    const FilteredSpline filtered = {filtered_image(plane, args.order, mode, s.fill),
                                     s.row,
                                     s.column,
                                     mode,
                                     static_cast<double>(spline_padding(args.order, mode)),
                                     wide_fill(s.fill, out.c)};
    const FilteredRow<T> make = filtered_row_of<T>(args.order, out.c);
    double* made = static_cast<double*>(scratch(
        Slot::levels, static_cast<std::size_t>(filtered_columns * out.c + 4) * sizeof(double)));
    return each_row<T>(args, rows, [&](int64_t y, T* aside, T* to) {
      make(filtered, y, out.w, made, mirrored ? aside : to);
      if (mirrored) reverse_pixels(aside, to, out.w, out.c);
    });
  }
  each_row<T>(args, rows, [&](int64_t y, T* aside, T* to) {
    if (args.order == 1) return order1_row(s, y, out.w, mirrored, aside, to);
    order0_row(s, y, out.w, mirrored ? aside : to);
    if (mirrored) reverse_pixels(aside, to, out.w, out.c);
  });
}

}  // namespace

void warp_spline(const WarpSplineArgs& args, Rows rows) {
  switch (args.out.dtype) {
    case DType::u8:
      return warp_rows<uint8_t>(args, rows);
    case DType::f32:
      return warp_rows<float>(args, rows);
    default:
      return warp_rows<double>(args, rows);
  }
}

FASTAUG_END
