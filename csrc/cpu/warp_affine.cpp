// The affine warp: per output row a branch-free loop over the columns that read inside the image,
// and a general one, by fill mode, on either side.
#include "../ops/warp_affine.hpp"

#include "kernels.hpp"
#include "rows.hpp"
#include "span.hpp"
#include "table.hpp"
#include "vector.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
struct Source {
  Plane<T> plane;
  AffineAxis x, y;
  bool narrow;  // coordinates fit 32.32
  FillMode mode;
  const T* fill;  // one value a channel

  int64_t coordinate(const AffineAxis& axis, int64_t column, int64_t row) const {
    return narrow ? fixed_coordinate(axis, column, row) : wide_coordinate(axis, column, row);
  }
};

template <class T>
void put_fill(const Source<T>& s, T* to) {
  for (int64_t c = 0; c < s.plane.c; ++c) to[c] = s.fill[c];
}

// Any output pixel, inside or not.
template <class T>
void nearest_anywhere(const Source<T>& s, int64_t fx, int64_t fy, T* to) {
  const Plane<T>& p = s.plane;
  if (!confine(fx, p.w, s.mode) || !confine(fy, p.h, s.mode)) return put_fill(s, to);
  const int64_t x = map_tap(nearest_tap(fx), p.w, s.mode);
  const int64_t y = map_tap(nearest_tap(fy), p.h, s.mode);
  if (x < 0 || y < 0) return put_fill(s, to);
  const T* from = p.row(y) + x * p.c;
  for (int64_t c = 0; c < p.c; ++c) to[c] = from[c];
}

template <class T, int Channels>
void blend_pixel(const Bilinear<T>& weights, const T* p00, const T* p01, const T* p10, const T* p11,
                 int64_t channels, T* to) {
  for (int64_t c = 0; c < (Channels ? Channels : channels); ++c)
    to[c] = weights.blend(p00[c], p01[c], p10[c], p11[c]);
}

template <class T, int Channels>
void bilinear_anywhere(const Source<T>& s, int64_t fx, int64_t fy, T* to) {
  const Plane<T>& p = s.plane;
  const int64_t channels = Channels ? Channels : p.c;
  if (!confine(fx, p.w, s.mode) || !confine(fy, p.h, s.mode)) return put_fill(s, to);
  const Bilinear<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
  // The second tap of the last pixel has no weight where the mode confines coordinates.
  const int64_t x0 = map_tap(fx >> 32, p.w, s.mode), x1 = map_tap((fx >> 32) + 1, p.w, s.mode);
  const int64_t y0 = map_tap(fy >> 32, p.h, s.mode), y1 = map_tap((fy >> 32) + 1, p.h, s.mode);
  if ((x0 | x1 | y0 | y1) >= 0) {
    const T *top = p.row(y0), *bottom = p.row(y1);
    return blend_pixel<T, Channels>(weights, top + x0 * channels, top + x1 * channels,
                                    bottom + x0 * channels, bottom + x1 * channels, channels, to);
  }
  const auto tap = [&](int64_t y, int64_t x) {
    return x < 0 || y < 0 ? s.fill : p.row(y) + x * channels;
  };
  blend_pixel<T, Channels>(weights, tap(y0, x0), tap(y0, x1), tap(y1, x0), tap(y1, x1), channels,
                           to);
}

template <class T, int Channels>
void nearest_inside(const Source<T>& s, int64_t fx, int64_t fy, int64_t count, T* to) {
  const Plane<T> p = s.plane;  // in registers: a store of bytes could change `s`
  const int64_t step_x = s.x.step_x, step_y = s.y.step_x;
  const int64_t channels = Channels ? Channels : p.c;
  fx += fixed_half;
  fy += fixed_half;
  for (int64_t i = 0; i < count; ++i) {
    const T* from = p.row(fy >> 32) + (fx >> 32) * channels;
    for (int64_t c = 0; c < channels; ++c) to[c] = from[c];
    to += channels;
    fx += step_x;
    fy += step_y;
  }
}

template <class T, int Channels>
void bilinear_inside(const Source<T>& s, int64_t fx, int64_t fy, int64_t count, T* to) {
  const Plane<T> p = s.plane;  // in registers: a store of bytes could change `s`
  const int64_t step_x = s.x.step_x, step_y = s.y.step_x;
  const int64_t channels = Channels ? Channels : p.c;
  for (int64_t i = 0; i < count; ++i) {
    const Bilinear<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    const T* top = p.row(fy >> 32) + (fx >> 32) * channels;
    const T* bottom = reinterpret_cast<const T*>(reinterpret_cast<const char*>(top) + p.stride);
    blend_pixel<T, Channels>(weights, top, top + channels, bottom, bottom + channels, channels, to);
    to += channels;
    fx += step_x;
    fy += step_y;
  }
}

// Three or four channels in one vector: `Bilinear` in lanes. With three, a load takes an element or
// two of the next pixel along, and a store writes one over it, unless `exact` says that there is no
// next one or that it is there already.
template <int Channels>
void blend_lanes(const Bilinear<float>& weights, const float* top, const float* bottom, bool exact,
                 float* to) {
  const Float4 p00 = load4(top), p01 = load4(top + Channels);
  const Float4 p10 = load4(bottom), p11 = load4(bottom + Channels);
  const Float4 upper = p00 + weights.x * (p01 - p00);
  const Float4 lower = p10 + weights.x * (p11 - p10);
  const Float4 value = upper + weights.y * (lower - upper);
  if (exact)
    store3(to, value);
  else
    store4(to, value);
}

template <int Channels>
void blend_lanes(const Bilinear<uint8_t>& weights, const uint8_t* top, const uint8_t* bottom,
                 bool exact, uint8_t* to) {
  const auto pair = [](int32_t left, int32_t right) {
    return static_cast<uint32_t>(left) | static_cast<uint32_t>(right) << 16;
  };
  const uint32_t pixel = blend_bytes<Channels>(top, bottom, pair(weights.w00, weights.w01),
                                               pair(weights.w10, weights.w11));
  std::memcpy(to, &pixel, exact ? 3 : 4);
}

template <class T, int Channels>
void bilinear_inside_lanes(const Source<T>& s, int64_t fx, int64_t fy, int64_t count,
                           bool exact_end, T* to) {
  const Plane<T> p = s.plane;  // in registers: a store of bytes could change `s`
  const int64_t step_x = s.x.step_x, step_y = s.y.step_x;
  const auto pixel = [&](bool exact) {
    const Bilinear<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    const T* top = p.row(fy >> 32) + (fx >> 32) * Channels;
    const T* bottom = reinterpret_cast<const T*>(reinterpret_cast<const char*>(top) + p.stride);
    blend_lanes<Channels>(weights, top, bottom, exact, to);
    to += Channels;
    fx += step_x;
    fy += step_y;
  };
  const bool last_alone = Channels == 3 && exact_end && count > 0;
  for (int64_t i = last_alone ? 1 : 0; i < count; ++i) pixel(false);
  if (last_alone) pixel(true);
}

// Columns [x, end) of output row `y`, wherever they read.
template <class T>
void anywhere(const Source<T>& s, bool bilinear, int64_t y, int64_t x, int64_t end, T* row) {
  const int64_t c = s.plane.c;
  const auto each = [&](auto pixel) {
    for (; x < end; ++x) pixel(s, s.coordinate(s.x, x, y), s.coordinate(s.y, x, y), row + x * c);
  };
  if (!bilinear) return each(nearest_anywhere<T>);
  switch (c) {
    case 1:
      return each(bilinear_anywhere<T, 1>);
    case 3:
      return each(bilinear_anywhere<T, 3>);
    case 4:
      return each(bilinear_anywhere<T, 4>);
    default:
      return each(bilinear_anywhere<T, 0>);
  }
}

template <class T>
void inside(const Source<T>& s, bool bilinear, int64_t fx, int64_t fy, int64_t count,
            bool exact_end, T* to) {
  switch (s.plane.c) {
    case 1:
      return bilinear ? bilinear_inside<T, 1>(s, fx, fy, count, to)
                      : nearest_inside<T, 1>(s, fx, fy, count, to);
    case 3:
      return bilinear ? bilinear_inside_lanes<T, 3>(s, fx, fy, count, exact_end, to)
                      : nearest_inside<T, 3>(s, fx, fy, count, to);
    case 4:
      return bilinear ? bilinear_inside_lanes<T, 4>(s, fx, fy, count, exact_end, to)
                      : nearest_inside<T, 4>(s, fx, fy, count, to);
    default:
      return bilinear ? bilinear_inside<T, 0>(s, fx, fy, count, to)
                      : nearest_inside<T, 0>(s, fx, fy, count, to);
  }
}

template <class T>
void warp_rows(const WarpAffineArgs& args, Rows rows) {
  const Batch& out = args.out;
  const bool bilinear = args.interpolation == 1;
  const double* m = args.matrices + 6 * rows.image;
  T* fill = static_cast<T*>(scratch(Slot::table, static_cast<std::size_t>(out.c) * sizeof(T)));
  for (int64_t c = 0; c < out.c; ++c)
    fill[c] = constant_pixel<T>(args.fill[rows.image * out.c + c]);

  Source<T> s;
  s.plane =
      read_image<T>(args.in, source_of(args.source, rows.image), worth_fetching(m[3], out, rows));
  s.mode = static_cast<FillMode>(args.fill_mode);
  s.fill = fill;
  const bool x_fits = prepare_axis(m, out.w, out.h, s.x);
  const bool y_fits = prepare_axis(m + 3, out.w, out.h, s.y);
  s.narrow = x_fits && y_fits;
  // Bilinear's second tap, and the lane that a vector load takes along, must be inside as well.
  const int64_t margin = !bilinear ? 1 : (out.c == 3 ? 3 : 2);
  const int64_t last_x = ((s.plane.w - margin + 1) << 32) - (bilinear ? 1 : fixed_one);
  const int64_t last_y = ((s.plane.h - (bilinear ? 1 : 0)) << 32) - (bilinear ? 1 : fixed_one);

  T* buffer = row_buffer<T>(Slot::row, out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    T* to = begin_row(out, rows.image, y, buffer);
    Span span = {0, s.narrow ? out.w : 0};
    if (s.narrow) {
      narrow(span, fixed_coordinate(s.x, 0, y), s.x.step_x, last_x);
      narrow(span, fixed_coordinate(s.y, 0, y), s.y.step_x, last_y);
    }
    anywhere(s, bilinear, y, 0, span.begin, to);
    inside(s, bilinear, fixed_coordinate(s.x, span.begin, y), fixed_coordinate(s.y, span.begin, y),
           span.end - span.begin, span.end == out.w, to + span.begin * out.c);
    anywhere(s, bilinear, y, span.end, out.w, to);
    finish_row(out, rows.image, y, to);
  }
}

}  // namespace

void warp_affine(const WarpAffineArgs& args, Rows rows) {
  if (args.out.dtype == DType::u8) return warp_rows<uint8_t>(args, rows);
  warp_rows<float>(args, rows);
}

FASTAUG_END
