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
template <class T, class Where>
void blend_each(const Where& where, const Weights<T>& weights, int64_t channels, int64_t count,
                T* to) {
  for (int64_t k = 0; k < count; ++k, to += channels)
    blend_pixel(weights.get(k), where.p00(k), where.p01(k), where.p10(k), where.p11(k), channels,
                to);
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

// Three or four bytes: eight bytes of either row hold both taps.
template <int Channels>
void gather_bytes(const Inside<uint8_t>& where, int64_t count, uint8_t* taps) {
  const auto gather = [&](int64_t k, int64_t slot) {
    std::memcpy(taps + slot, where.p00(k), 8);
    std::memcpy(taps + slot + 8, where.p10(k), 8);
  };
  int64_t k = 0;
  for (; k + byte_block <= count; k += byte_block)
    for (int i = 0; i < byte_block; ++i) gather(k + i, 16 * k + tap_slot(i));
  for (; k < count; ++k) gather(k, tap_slot(k));
}

template <int Channels>
void gather_bytes(const Outside<uint8_t>& where, int64_t count, uint8_t* taps) {
  for (int64_t k = 0; k < count; ++k) {
    uint8_t* slot = taps + tap_slot(k);
    std::memcpy(slot, where.p00(k), Channels);
    std::memcpy(slot + Channels, where.p01(k), Channels);
    std::memcpy(slot + 8, where.p10(k), Channels);
    std::memcpy(slot + 8 + Channels, where.p11(k), Channels);
  }
}

template <int Channels, class Where>
void blend_lanes(const Plane<uint8_t>&, const Where& where, const Weights<uint8_t>& weights,
                 int64_t count, int64_t room, uint8_t* to) {
  alignas(64) uint8_t taps[16 * block];
  gather_bytes<Channels>(where, count, taps);
  blend_bytes<Channels>(taps, weights.upper, weights.lower, count, room, to);
}

template <int Channels>
void blend_lanes(const Plane<float>& p, const Inside<float>& where, const Weights<float>& weights,
                 int64_t count, int64_t room, float* to) {
  blend_floats<Channels>(p.data, p.data + p.stride, where.offsets.at, weights.x, weights.y, count,
                         room, to);
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
    default:
      return blend_each(where, weights, p.c, count, to);
  }
}

template <class T, int Channels>
void copy_each(const Plane<T>& p, const Offsets& offsets, int64_t count, int64_t room, T* to) {
  const char* data = p.data;
  const int64_t channels = Channels ? Channels : p.c;
  // Four elements where there are three, but for the last pixel of a row.
  const int64_t whole = Channels == 3 && room == 3 * count ? count - 1 : count;
  int64_t k = 0;
  for (; k < whole; ++k, to += channels) {
    const T* from = reinterpret_cast<const T*>(data + offsets.at[k]);
    if (Channels > 1)
      std::memcpy(to, from, 4 * sizeof(T));
    else
      for (int64_t c = 0; c < channels; ++c) to[c] = from[c];
  }
  for (; k < count; ++k, to += channels) {
    const T* from = reinterpret_cast<const T*>(data + offsets.at[k]);
    for (int64_t c = 0; c < channels; ++c) to[c] = from[c];
  }
}

// Columns [x, end) of output row `y`, which read inside.
template <class T>
void inside(const Source<T>& s, bool bilinear, int64_t y, int64_t x, int64_t end, int64_t width,
            T* row) {
  const Plane<T>& p = s.plane;
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
    } else if (p.c == 1) {
      copy_each<T, 1>(p, offsets, count, room, to);
    } else if (p.c == 3) {
      copy_each<T, 3>(p, offsets, count, room, to);
    } else if (p.c == 4) {
      copy_each<T, 4>(p, offsets, count, room, to);
    } else {
      copy_each<T, 0>(p, offsets, count, room, to);
    }
  }
}

// Columns [x, end) of output row `y`, which may read outside.
template <class T>
void outside(const Source<T>& s, bool bilinear, int64_t y, int64_t x, int64_t end, int64_t width,
             T* row) {
  if (s.mode == FillMode::grid_constant) return anywhere(s, bilinear, y, x, end, row);
  const Plane<T>& p = s.plane;
  const bool clamps = s.mode == FillMode::nearest || s.mode == FillMode::constant;
  const int64_t shift = bilinear ? 0 : fixed_half;
  Coordinates from;
  Taps taps;
  Weights<T> weights;
  for (; x < end; x += block) {
    const int64_t count = smaller(block, end - x);
    T* to = row + x * p.c;
    if (clamps) {
      from.prepare(s.along(x, y, shift), count);
      taps.clamp(p, from, count);
      if (bilinear) prepare_weights(from, count, weights);
    } else {
      const Along along = s.along(x, y, 0);
      for (int64_t k = 0; k < count; ++k) {
        int64_t fx = along.x(k), fy = along.y(k);
        confine(fx, p.w, s.mode);
        confine(fy, p.h, s.mode);
        taps.map(p, k, (fx + shift) >> 32, (fy + shift) >> 32, s.mode);
        if (bilinear) weights.set(k, static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
      }
    }
    const Outside<T> where(p, taps);
    if (bilinear) {
      blend(p, where, weights, count, (width - x) * p.c, to);
    } else {
      for (int64_t k = 0; k < count; ++k, to += p.c)
        for (int64_t c = 0; c < p.c; ++c) to[c] = where.p00(k)[c];
    }
  }
}

template <class T>
void warp_rows(const WarpAffineArgs& args, Rows rows) {
  const Batch& out = args.out;
  const bool bilinear = args.interpolation == 1;
  const double* m = args.matrices + 6 * rows.image;

  Source<T> s{};
  s.mode = static_cast<FillMode>(args.fill_mode);
  T* fill = row_buffer<T>(Slot::table, out);
  for (int64_t c = 0; c < out.c; ++c)
    fill[c] = constant_pixel<T>(args.fill[rows.image * out.c + c]);
  if (s.mode == FillMode::constant)
    for (int64_t i = out.c; i < out.w * out.c; ++i) fill[i] = fill[i - out.c];
  s.fill = fill;
  s.plane = read_image<T>(args.in, rows.image, worth_fetching(m[3], out, rows));
  const bool x_fits = prepare_axis(m, out.w, out.h, s.x);
  const bool y_fits = prepare_axis(m + 3, out.w, out.h, s.y);
  s.fixed = x_fits && y_fits;
  s.narrow = s.fixed && offsets_fit(s.plane);

  const int64_t end_x = (s.plane.w - 1) << 32, end_y = (s.plane.h - 1) << 32;
  // Bilinear's second tap, and what a vector load takes along, must be inside as well.
  const int64_t more = out.c == 3 ? fixed_one : 0;
  const int64_t last_x = end_x - more + (bilinear ? -1 : 0), last_y = end_y - (bilinear ? 1 : 0);
  const Line line_x = make_line(0, s.x.step_x), line_y = make_line(0, s.y.step_x);

  T* buffer = row_buffer<T>(Slot::row, out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    T* to = begin_row(out, rows.image, y, buffer);
    if (!s.narrow) {
      anywhere(s, bilinear, y, 0, out.w, to);
      finish_row(out, rows.image, y, to);
      continue;
    }
    const Line along_x = {fixed_coordinate(s.x, 0, y), line_x.step, line_x.columns};
    const Line along_y = {fixed_coordinate(s.y, 0, y), line_y.step, line_y.columns};
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
  if (args.in.dtype == DType::u8) return warp_rows<uint8_t>(args, rows);
  warp_rows<float>(args, rows);
}

FASTAUG_END
