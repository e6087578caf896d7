// The affine warp: per output row a branch-free loop over the columns that read inside the image,
// and on either side the ones that read its edge or, past it, are fill.
#include "kernels.hpp"
#include "rows.hpp"
#include "span.hpp"
#include "table.hpp"
#include "vector.hpp"
#include "warp_affine_columns.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
struct Source {
  Plane<T> plane;
  AffineAxis x, y;
  bool narrow;  // coordinates fit 32.32, and offsets into the plane 32 bits
  bool fixed;   // coordinates fit 32.32
  FillMode mode;
  const T* fill;  // as many pixels as a row has

  int64_t coordinate(const AffineAxis& axis, int64_t column, int64_t row) const {
    return fixed ? fixed_coordinate(axis, column, row) : wide_coordinate(axis, column, row);
  }
  Along along(int64_t column, int64_t row, int64_t shift) const {
    return {fixed_coordinate(x, column, row) + shift, fixed_coordinate(y, column, row) + shift,
            x.step_x, y.step_x};
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

template <class T>
void blend_pixel(const Bilinear<T>& weights, const T* p00, const T* p01, const T* p10, const T* p11,
                 int64_t channels, T* to) {
  for (int64_t c = 0; c < channels; ++c) to[c] = weights.blend(p00[c], p01[c], p10[c], p11[c]);
}

template <class T>
void bilinear_anywhere(const Source<T>& s, int64_t fx, int64_t fy, T* to) {
  const Plane<T>& p = s.plane;
  if (!confine(fx, p.w, s.mode) || !confine(fy, p.h, s.mode)) return put_fill(s, to);
  const Bilinear<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
  // The second tap of the last pixel has no weight where the mode confines coordinates.
  const int64_t x0 = map_tap(fx >> 32, p.w, s.mode), x1 = map_tap((fx >> 32) + 1, p.w, s.mode);
  const int64_t y0 = map_tap(fy >> 32, p.h, s.mode), y1 = map_tap((fy >> 32) + 1, p.h, s.mode);
  if ((x0 & x1) < 0 || (y0 & y1) < 0)
    return blend_pixel(weights, s.fill, s.fill, s.fill, s.fill, p.c, to);
  const auto tap = [&](int64_t y, int64_t x) {
    return x < 0 || y < 0 ? s.fill : p.row(y) + x * p.c;
  };
  blend_pixel(weights, tap(y0, x0), tap(y0, x1), tap(y1, x0), tap(y1, x1), p.c, to);
}

// Columns [x, end) of output row `y`, wherever they read.
template <class T>
void anywhere(const Source<T>& s, bool bilinear, int64_t y, int64_t x, int64_t end, T* row) {
  const auto each = [&](auto pixel) {
    for (; x < end; ++x)
      pixel(s, s.coordinate(s.x, x, y), s.coordinate(s.y, x, y), row + x * s.plane.c);
  };
  if (bilinear)
    each(bilinear_anywhere<T>);
  else
    each(nearest_anywhere<T>);
}

// The four taps of prepared columns.
template <class T>
struct Inside {
  const char *top, *bottom;
  int64_t pixel;
  const Offsets& offsets;
  Inside(const Plane<T>& p, const Offsets& o)
      : top(p.data),
        bottom(p.data + p.stride),
        pixel(p.c * static_cast<int64_t>(sizeof(T))),
        offsets(o) {}
  const T* p00(int64_t k) const { return reinterpret_cast<const T*>(top + offsets.at[k]); }
  const T* p01(int64_t k) const { return reinterpret_cast<const T*>(top + offsets.at[k] + pixel); }
  const T* p10(int64_t k) const { return reinterpret_cast<const T*>(bottom + offsets.at[k]); }
  const T* p11(int64_t k) const {
    return reinterpret_cast<const T*>(bottom + offsets.at[k] + pixel);
  }
};

template <class T>
struct Outside {
  const char* data;
  const Taps& taps;
  Outside(const Plane<T>& p, const Taps& t) : data(p.data), taps(t) {}
  const T* at(int32_t y, int32_t x) const { return reinterpret_cast<const T*>(data + y + x); }
  const T* p00(int64_t k) const { return at(taps.y0[k], taps.x0[k]); }
  const T* p01(int64_t k) const { return at(taps.y0[k], taps.x1[k]); }
  const T* p10(int64_t k) const { return at(taps.y1[k], taps.x0[k]); }
  const T* p11(int64_t k) const { return at(taps.y1[k], taps.x1[k]); }
};

// Pixel by pixel, with any number of channels.
template <int Channels, class T, class Where>
void blend_each(const Where& where, const Weights<T>& weights, int64_t channels, int64_t count,
                T* to) {
  if (Channels) channels = Channels;
  for (int64_t k = 0; k < count; ++k, to += channels)
    blend_pixel(weights.get(k), where.p00(k), where.p01(k), where.p10(k), where.p11(k), channels,
                to);
}

// Four channels at a time of four or more; the last four may be made twice in part.
template <class Where>
void blend_many(const Where& where, const Weights<float>& weights, int64_t channels, int64_t count,
                float* to) {
  for (int64_t k = 0; k < count; ++k, to += channels) {
    const float *p00 = where.p00(k), *p01 = where.p01(k);
    const float *p10 = where.p10(k), *p11 = where.p11(k);
    const float x = weights.x[k], y = weights.y[k];
    for (int64_t c = 0; c < channels; c += 4) {
      c = smaller(c, channels - 4);
      const Float4 upper = load4(p00 + c) + x * (load4(p01 + c) - load4(p00 + c));
      const Float4 lower = load4(p10 + c) + x * (load4(p11 + c) - load4(p10 + c));
      store4(to + c, upper + y * (lower - upper));
    }
  }
}

template <class Where>
void blend_many(const Where& where, const Weights<uint8_t>& weights, int64_t channels,
                int64_t count, uint8_t* to) {
  blend_each<0>(where, weights, channels, count, to);
}

// One channel: the taps of all columns are gathered first, so that blending them is vector code.
template <class Where>
void blend_one(const Where& where, const Weights<float>& weights, int64_t count,
               float* __restrict to) {
  float p00[block], p01[block], p10[block], p11[block];
  for (int64_t k = 0; k < count; ++k) {
    p00[k] = *where.p00(k), p01[k] = *where.p01(k);
    p10[k] = *where.p10(k), p11[k] = *where.p11(k);
  }
  for (int64_t k = 0; k < count; ++k)
    to[k] = Bilinear<float>(weights.x[k], weights.y[k]).blend(p00[k], p01[k], p10[k], p11[k]);
}

template <class Where>
void blend_one(const Where& where, const Weights<uint8_t>& weights, int64_t count, uint8_t* to) {
  uint8_t top[2 * block], bottom[2 * block], made[block];
  for (int64_t k = 0; k < count; ++k) {
    top[2 * k] = *where.p00(k), top[2 * k + 1] = *where.p01(k);
    bottom[2 * k] = *where.p10(k), bottom[2 * k + 1] = *where.p11(k);
  }
  blend_grey(top, bottom, weights.upper, weights.lower, count, made);
  std::memcpy(to, made, static_cast<std::size_t>(count));
}

template <int Channels>
void blend_lanes(const Plane<uint8_t>& p, const Inside<uint8_t>& where,
                 const Weights<uint8_t>& weights, int64_t count, int64_t room, uint8_t* to) {
  blend_bytes_at<Channels>(p.data, p.data + p.stride, where.offsets.at, weights.upper,
                           weights.lower, count, room, to);
}

template <int Channels>
void blend_lanes(const Plane<uint8_t>&, const Outside<uint8_t>& where,
                 const Weights<uint8_t>& weights, int64_t count, int64_t room, uint8_t* to) {
  alignas(64) uint8_t taps[16 * block];
  for (int64_t k = 0; k < count; ++k) {
    uint8_t* slot = taps + tap_slot(k);
    std::memcpy(slot, where.p00(k), Channels);
    std::memcpy(slot + Channels, where.p01(k), Channels);
    std::memcpy(slot + 8, where.p10(k), Channels);
    std::memcpy(slot + 8 + Channels, where.p11(k), Channels);
  }
  blend_bytes<Channels>(taps, weights.upper, weights.lower, count, room, to);
}

template <int Channels>
void blend_lanes(const Plane<float>& p, const Inside<float>& where, const Weights<float>& weights,
                 int64_t count, int64_t room, float* to) {
  blend_floats<Channels>(p.data, p.data + p.stride, where.offsets.at, weights.x, weights.y, count,
                         room, to, Unseen{});
}

template <int Channels>
void blend_lanes(const Plane<float>&, const Outside<float>& where, const Weights<float>& weights,
                 int64_t count, int64_t, float* to) {
  const auto load = [](const float* p) { return Channels == 3 ? load3(p) : load4(p); };
  for (int64_t k = 0; k < count; ++k, to += Channels) {
    const Float4 p00 = load(where.p00(k)), p01 = load(where.p01(k));
    const Float4 p10 = load(where.p10(k)), p11 = load(where.p11(k));
    const Float4 upper = p00 + weights.x[k] * (p01 - p00);
    const Float4 lower = p10 + weights.x[k] * (p11 - p10);
    const Float4 made = upper + weights.y[k] * (lower - upper);
    if (Channels == 3)
      store3(to, made);
    else
      store4(to, made);
  }
}

template <class T, class Where>
void blend(const Plane<T>& p, const Where& where, const Weights<T>& weights, int64_t count,
           int64_t room, T* to) {
  switch (p.c) {
    case 1:
      return blend_one(where, weights, count, to);
    case 3:
      return blend_lanes<3>(p, where, weights, count, room, to);
    case 4:
      return blend_lanes<4>(p, where, weights, count, room, to);
    case 2:
      return blend_each<2>(where, weights, p.c, count, to);
    default:
      return blend_many(where, weights, p.c, count, to);
  }
}

// Four elements at a time where there are more than two: with three the one after them goes along,
// but for the last `exact` pixels, with more the last four are copied twice in part.
template <int Channels, class T>
void copy_pixels(const Plane<T>& p, const Offsets& offsets, int64_t count, int64_t exact, T* to) {
  const char* data = p.data;
  const int64_t channels = Channels ? Channels : p.c;
  const int64_t whole = Channels == 3 ? count - exact : count;
  for (int64_t k = 0; k < whole; ++k, to += channels) {
    const T* from = reinterpret_cast<const T*>(data + offsets.at[k]);
    if constexpr (Channels == 1 || Channels == 2)
      std::memcpy(to, from, Channels * sizeof(T));
    else
      for (int64_t c = 0; c < channels; c += 4) {
        if (Channels == 0) c = smaller(c, channels - 4);
        std::memcpy(to + c, from + c, 4 * sizeof(T));
      }
  }
  for (int64_t k = whole; k < count; ++k, to += 3)
    std::memcpy(to, data + offsets.at[k], 3 * sizeof(T));
}

template <class T>
void copy(const Plane<T>& p, const Offsets& offsets, int64_t count, int64_t exact, T* to) {
  switch (p.c) {
    case 1:
      return copy_pixels<1>(p, offsets, count, exact, to);
    case 2:
      return copy_pixels<2>(p, offsets, count, exact, to);
    case 3:
      return copy_pixels<3>(p, offsets, count, exact, to);
    case 4:
      return copy_pixels<4>(p, offsets, count, exact, to);
    default:
      return copy_pixels<0>(p, offsets, count, exact, to);
  }
}

// Columns [x, end) of output row `y`, which read inside.
template <class T>
void inside(const Source<T>& s, bool bilinear, int64_t y, int64_t x, int64_t end, int64_t width,
            T* row) {
  const Plane<T>& p = s.plane;
  if (x >= end) return;
  if (!bilinear && s.x.step_x == fixed_one && s.y.step_x == 0) {  // as it is
    const int64_t pixel = p.c * static_cast<int64_t>(sizeof(T));
    const Along from = s.along(x, y, fixed_half);
    std::memcpy(row + x * p.c, p.data + (from.fy >> 32) * p.stride + (from.fx >> 32) * pixel,
                static_cast<std::size_t>((end - x) * pixel));
    return;
  }
  Coordinates from;
  Offsets offsets;
  Weights<T> weights;
  for (; x < end; x += block) {
    const int64_t count = smaller(block, end - x), room = (width - x) * p.c;
    T* to = row + x * p.c;
    from.prepare(s.along(x, y, bilinear ? 0 : fixed_half), count);
    offsets.prepare(p, from, count);
    if (bilinear) {
      prepare_weights(from, count, weights);
      blend(p, Inside<T>(p, offsets), weights, count, room, to);
    } else {
      copy(p, offsets, count, room == p.c * count ? 1 : 0, to);
    }
  }
}

// Columns [x, end) of output row `y`, which may read outside.
template <class T>
void outside(const Source<T>& s, bool bilinear, int64_t y, int64_t x, int64_t end, int64_t width,
             T* row) {
  constexpr int64_t few = 5;  // columns that are not worth a block
  if (s.mode == FillMode::grid_constant || end - x < few)
    return anywhere(s, bilinear, y, x, end, row);
  const Plane<T>& p = s.plane;
  const int64_t shift = bilinear ? 0 : fixed_half;
  Coordinates from;
  for (; x < end; x += block) {
    const int64_t count = smaller(block, end - x);
    T* to = row + x * p.c;
    if (s.mode == FillMode::wrap)
      from.prepare_wrapped(p, s.along(x, y, 0), shift, count);
    else
      from.prepare(s.along(x, y, shift), count);
    if (bilinear) {
      Taps taps;
      Weights<T> weights;
      taps.prepare(p, from, s.mode, count);
      prepare_weights(from, count, weights);
      blend(p, Outside<T>(p, taps), weights, count, (width - x) * p.c, to);
    } else {
      Offsets offsets;
      offsets.prepare(p, from, s.mode, count);
      copy(p, offsets, count, count, to);
    }
  }
}

// Asks for what the output reads of the input, a few of its rows ahead: a warp reads along slanted
// lines, which no hardware foresees.
template <class T>
struct Ahead {
  static constexpr int64_t distance = 4;
  const Plane<T>& p;
  int64_t begin, end;   // rows asked for
  int64_t left, right;  // bytes of them that the output reads

  Ahead(const Source<T>& s, int64_t width, int64_t height) : p(s.plane), begin(0), end(0) {
    const int64_t pixel = p.c * static_cast<int64_t>(sizeof(T));
    const auto at = [&](int64_t x, int64_t y) { return fixed_coordinate(s.x, x, y) >> 32; };
    const int64_t a = at(0, 0), b = at(width, 0), c = at(0, height), d = at(width, height);
    left = larger<int64_t>(smaller(smaller(a, b), smaller(c, d)), 0) * pixel;
    right = smaller(larger(larger(a, b), larger(c, d)) + 2, p.w) * pixel;
  }

  // What output row `y` reads.
  void reach(const Source<T>& s, int64_t y, int64_t width) {
    const int64_t a = fixed_coordinate(s.y, 0, y) >> 32;
    const int64_t b = fixed_coordinate(s.y, width - 1, y) >> 32;
    const int64_t low = larger<int64_t>(smaller(a, b), 0), high = smaller(larger(a, b) + 2, p.h);
    if (low >= high) return;
    // So much at once that prefetches would be dropped: these rows are read.
    const bool first = begin == end;
    if (first) begin = end = low;
    for (; end < high; ++end) ask(end, first);
    for (; begin > low; --begin) ask(begin - 1, first);
  }

 private:
  __attribute__((always_inline)) void ask(int64_t y, bool now) const {
    const char* row = reinterpret_cast<const char*>(p.row(y));
    for (int64_t at = left; at < right; at += 64)
      if (now)
        (void)*static_cast<const volatile char*>(row + at);
      else
        __builtin_prefetch(row + at);
  }
};

// Whether all coordinates are those of pixels.
bool whole(const AffineAxis& axis) {
  return static_cast<uint32_t>(axis.step_x | axis.step_y | axis.start_fixed) == 0;
}

template <class T>
void warp_rows(const WarpAffineArgs& args, Rows rows) {
  const Batch& out = args.out;
  bool bilinear = args.interpolation == 1;
  const double* m = args.matrices + 6 * rows.image;

  Source<T> s{};
  s.mode = static_cast<FillMode>(args.fill_mode);
  T* fill = row_buffer<T>(Slot::table, out);
  for (int64_t c = 0; c < out.c; ++c)
    fill[c] = constant_pixel<T>(args.fill[rows.image * out.c + c]);
  if (s.mode == FillMode::constant)
    for (int64_t i = out.c; i < out.w * out.c; ++i) fill[i] = fill[i - out.c];
  s.fill = fill;
  s.plane = read_image<T>(args.in, source_of(args.source, rows.image), false);
  const bool x_fits = prepare_axis(m, out.w, out.h, s.x);
  const bool y_fits = prepare_axis(m + 3, out.w, out.h, s.y);
  s.fixed = x_fits && y_fits;
  s.narrow = s.fixed && offsets_fit(s.plane);
  // Bytes at whole pixels are one tap of weight one. Floats are not: nothing times infinity is NaN.
  if (sizeof(T) == 1 && s.fixed && whole(s.x) && whole(s.y)) bilinear = false;

  const int64_t end_x = (s.plane.w - 1) << 32, end_y = (s.plane.h - 1) << 32;
  // Bilinear's second tap, and what a vector load takes along, must be inside as well.
  const int64_t more = out.c == 3 ? fixed_one : 0;
  const int64_t last_x = end_x - more + (bilinear ? -1 : 0), last_y = end_y - (bilinear ? 1 : 0);
  const Line line_x = make_line(0, s.x.step_x), line_y = make_line(0, s.y.step_x);

  T* buffer = row_buffer<T>(Slot::row, out);
  Ahead<T> ahead(s, out.w, out.h);
  // Where the output skips rows they are better left alone.
  const bool asks = s.narrow && rows_are_plain(args.in) && args.in.dtype == args.out.dtype &&
                    std::fabs(m[4]) < 2.0;
  if (asks) ahead.reach(s, rows.begin, out.w);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    T* to = begin_row(out, rows.image, y, buffer);
    if (!s.narrow) {
      anywhere(s, bilinear, y, 0, out.w, to);
      finish_row(out, rows.image, y, to);
      continue;
    }
    const Line along_x = {fixed_coordinate(s.x, 0, y), line_x.step, line_x.columns};
    const Line along_y = {fixed_coordinate(s.y, 0, y), line_y.step, line_y.columns};
    if (asks && y + ahead.distance < rows.end) ahead.reach(s, y + ahead.distance, out.w);
    Span valid = {0, out.w};
    if (s.mode == FillMode::constant) {
      narrow(valid, along_x, end_x);
      narrow(valid, along_y, end_y);
    }
    Span within = valid;
    narrow(within, along_x, last_x);
    narrow(within, along_y, last_y);
    const auto put = [&](int64_t begin, int64_t end) {
      if (begin < end)
        std::memcpy(to + begin * out.c, fill,
                    static_cast<std::size_t>((end - begin) * out.c) * sizeof(T));
    };
    put(0, valid.begin);
    outside(s, bilinear, y, valid.begin, within.begin, out.w, to);
    inside(s, bilinear, y, within.begin, within.end, out.w, to);
    outside(s, bilinear, y, within.end, valid.end, out.w, to);
    put(valid.end, out.w);
    finish_row(out, rows.image, y, to);
  }
}

}  // namespace

void warp_affine(const WarpAffineArgs& args, Rows rows) {
  if (args.out.dtype == DType::u8) return warp_rows<uint8_t>(args, rows);
  warp_rows<float>(args, rows);
}

FASTAUG_END
