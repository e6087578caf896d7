// The affine warp, bilinear.
#pragma once

#include "warp_affine_source.hpp"

FASTAUG_BEGIN
namespace affine {

template <class T>
void blend_pixel(const Bilinear<T>& weights, const T* p00, const T* p01, const T* p10, const T* p11,
                 int64_t channels, T* to) {
  for (int64_t c = 0; c < channels; ++c) to[c] = weights.blend(p00[c], p01[c], p10[c], p11[c]);
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

// Eight at a time of eight or more.
template <class Where>
void blend_many(const Where& where, const Weights<uint8_t>& weights, int64_t channels,
                int64_t count, uint8_t* to) {
  if (channels < 8) return blend_each<0>(where, weights, channels, count, to);
  for (int64_t k = 0; k < count; ++k, to += channels) {
    const uint8_t *p00 = where.p00(k), *p01 = where.p01(k);
    const uint8_t *p10 = where.p10(k), *p11 = where.p11(k);
    const uint32_t upper = weights.upper[k], lower = weights.lower[k];
    for (int64_t c = 0; c < channels; c += 8) {
      c = smaller(c, channels - 8);
      blend_eight(p00 + c, p01 + c, p10 + c, p11 + c, upper, lower, to + c);
    }
  }
}

// One channel: the taps of all columns are gathered first, two of a row side by side, so that
// blending them is vector code.
template <class T>
struct Pairs {
  T top[2 * block], bottom[2 * block];

  void gather(const Inside<T>& where, int64_t count) {
    const char *upper = where.top, *lower = where.bottom;
    const int32_t* at = where.offsets.at;
#pragma GCC unroll 4
    for (int64_t k = 0; k < count; ++k) {
      std::memcpy(top + 2 * k, upper + at[k], 2 * sizeof(T));
      std::memcpy(bottom + 2 * k, lower + at[k], 2 * sizeof(T));
    }
  }
  void gather(const Outside<T>& where, int64_t count) {
    for (int64_t k = 0; k < count; ++k) {
      top[2 * k] = *where.p00(k), top[2 * k + 1] = *where.p01(k);
      bottom[2 * k] = *where.p10(k), bottom[2 * k + 1] = *where.p11(k);
    }
  }
};

inline void blend_one(const Inside<float>& where, const Weights<float>& weights, int64_t count,
                      int64_t room, float* to) {
  blend_grey(where.top, where.bottom, where.offsets.at, weights.x, weights.y, count, room, to);
}

inline void blend_one(const Outside<float>& where, const Weights<float>& weights, int64_t count,
                      int64_t, float* __restrict to) {
  Pairs<float> p;
  p.gather(where, count);
  for (int64_t k = 0; k < count; ++k)
    to[k] = Bilinear<float>(weights.x[k], weights.y[k])
                .blend(p.top[2 * k], p.top[2 * k + 1], p.bottom[2 * k], p.bottom[2 * k + 1]);
}

template <class Where>
void blend_one(const Where& where, const Weights<uint8_t>& weights, int64_t count, int64_t,
               uint8_t* to) {
  Pairs<uint8_t> p;
  p.gather(where, count);
  uint8_t made[block];
  blend_grey(p.top, p.bottom, weights.upper, weights.lower, count, made);
  std::memcpy(to, made, static_cast<std::size_t>(count));
}

// Eight bytes of the upper row, and eight of the lower one.
template <int Channels>
void copy_taps(const Outside<uint8_t>& where, int64_t k, uint8_t* to) {
  std::memcpy(to, where.p00(k), Channels);
  std::memcpy(to + Channels, where.p01(k), Channels);
  std::memcpy(to + 8, where.p10(k), Channels);
  std::memcpy(to + 8 + Channels, where.p11(k), Channels);
}

template <int Channels>
void blend_lanes(const Plane<uint8_t>& p, const Inside<uint8_t>& where,
                 const Weights<uint8_t>& weights, int64_t count, int64_t room, uint8_t* to) {
  // Only where the columns go on to the ends of the rows: it takes a little longer.
  if (where.offsets.to_the_ends)
    blend_bytes_at<Channels>(
        p.data, p.data + p.stride, where.offsets.at,
        [before = where.offsets.before](int64_t k) { return before[k / chunk]; }, weights.upper,
        weights.lower, count, room, to);
  else
    blend_bytes_at<Channels>(
        p.data, p.data + p.stride, where.offsets.at, [](int64_t) { return 0; }, weights.upper,
        weights.lower, count, room, to);
}

template <int Channels>
void blend_lanes(const Plane<uint8_t>&, const Outside<uint8_t>& where,
                 const Weights<uint8_t>& weights, int64_t count, int64_t room, uint8_t* to) {
  alignas(64) char taps[16 * block];
  int32_t offsets[block];
  for (int32_t k = 0; k < (count + chunk - 1) / chunk * chunk; ++k) offsets[k] = 16 * k;
  for (int64_t k = 0; k < count; ++k)
    copy_taps<Channels>(where, k, reinterpret_cast<uint8_t*>(taps) + 16 * k);
  blend_bytes_at<Channels>(
      taps, taps + 8, offsets, [](int64_t) { return 0; }, weights.upper, weights.lower, count, room,
      to);
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

template <int Channels>
void blend_lanes(const Plane<uint8_t>& p, const Inside<uint8_t>& where,
                 const Weights<float>& weights, int64_t count, int64_t room, float* to) {
  blend_bytes_to_floats<Channels>(p.data, p.data + p.stride, where.offsets.at, weights.x, weights.y,
                                  count, room, to);
}

template <int Channels>
void blend_lanes(const Plane<uint8_t>&, const Outside<uint8_t>& where,
                 const Weights<float>& weights, int64_t count, int64_t room, float* to) {
  alignas(64) uint8_t taps[16 * block];
  for (int64_t k = 0; k < count; ++k) copy_taps<Channels>(where, k, taps + 16 * k);
  blend_taps_to_floats<Channels>(taps, weights.x, weights.y, count, room, to);
}

// Of bytes as floats there are three or four channels.
template <class Where>
void blend(const Plane<uint8_t>& p, const Where& where, const Weights<float>& weights,
           int64_t count, int64_t room, float* to) {
  if (p.c == 3) return blend_lanes<3>(p, where, weights, count, room, to);
  blend_lanes<4>(p, where, weights, count, room, to);
}

template <class T, class Where>
void blend(const Plane<T>& p, const Where& where, const Weights<T>& weights, int64_t count,
           int64_t room, T* to) {
  switch (p.c) {
    case 1:
      return blend_one(where, weights, count, room, to);
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

template <class T, class From = T>
struct BilinearWarp {
  static constexpr int64_t before = 0, after = 1;
  // Whether taps beyond those of valid coordinates of mode constant, which have no weight, are as
  // good as any that are there.
  static constexpr bool takes_valid = sizeof(T) == 1, copies = false, clamps = false;
  // Pixels that a load takes along.
  static int64_t more(const Sampled<T, From>& s) { return s.plane.c == 3 ? 1 : 0; }
  // Whether all columns read inside once their coordinates are clamped: bytes under weights that
  // sum to one make the same of two equal taps as of one that has all the weight. Floats do not.
  static bool everywhere(const Source<T, From>& s) {
    return sizeof(T) == 1 && s.mode == FillMode::nearest && s.plane.w > 1 && s.plane.h > 1 &&
           (s.plane.c != 3 || s.tight) && !s.windows.serves();
  }

  // Any output pixel, inside or not.
  static void pixel(const Sampled<T, From>& s, int64_t fx, int64_t fy, T* to) {
    const Plane<From>& p = s.plane;
    if (!confine(fx, p.w, s.mode) || !confine(fy, p.h, s.mode)) return put_fill(s, to);
    const Bilinear<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    // The second tap of the last pixel has no weight where the mode confines coordinates.
    const int64_t x0 = map_tap(fx >> 32, p.w, s.mode), x1 = map_tap((fx >> 32) + 1, p.w, s.mode);
    const int64_t y0 = map_tap(fy >> 32, p.h, s.mode), y1 = map_tap((fy >> 32) + 1, p.h, s.mode);
    if ((x0 & x1) < 0 || (y0 & y1) < 0)
      return blend_pixel(weights, s.fill, s.fill, s.fill, s.fill, p.c, to);
    for (int64_t c = 0; c < p.c; ++c) {
      const auto tap = [&](int64_t y, int64_t x) {
        return x < 0 || y < 0 ? s.fill[c] : static_cast<T>(p.row(y)[x * p.c + c]);
      };
      to[c] = weights.blend(tap(y0, x0), tap(y0, x1), tap(y1, x0), tap(y1, x1));
    }
  }

  // Columns [x, end) of output row `y`, one at least, which read inside; `last` says whether in the
  // last row, too.
  static void inside(const Source<T, From>& s, bool last, int64_t y, int64_t x, int64_t end,
                     int64_t width, T* row) {
    if constexpr (has_windows<T> && sizeof(T) == sizeof(From)) {
      const auto by_windows = [&](int64_t from) {
        return from + s.windows.blend(s.plane.data, fixed_coordinate(s.x, from, y),
                                      fixed_coordinate(s.y, from, y), end - from, row + from);
      };
      if (s.windows.serves()) {
        while ((x = by_windows(x)) < end) {
          const int64_t next = smaller(x + Windows<T>::columns, end);
          by_offsets<false>(s, last, y, x, next, width, row);
          if ((x = next) == end) return;
        }
        return;
      }
    }
    if (everywhere(s))
      by_offsets<true>(s, last, y, x, end, width, row);
    else
      by_offsets<false>(s, last, y, x, end, width, row);
  }

  template <bool clamps>
  __attribute__((flatten)) static void by_offsets(const Source<T, From>& s, bool last, int64_t y,
                                                  int64_t x, int64_t end, int64_t width, T* row) {
    const Plane<From>& p = s.plane;
    const auto to_the_edge = [](Steps::Halves v, int64_t n) {
      return clamped(v, static_cast<int32_t>(n - 1));
    };
    Offsets offsets;
    offsets.to_the_ends = clamps && last;
    Weights<T> weights;
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      Along from = s.along(x, y, 0);
      for (int64_t k = 0; k < count; k += chunk, from.advance()) {
        if (clamps)
          prepare_inside(p, from, k, offsets, weights, to_the_edge);
        else
          prepare_inside(p, from, k, offsets, weights, Unconfined{});
        if (clamps && last) offsets.look_back(from, k, count - k);
      }
      offsets.fill_up(count);
      blend(p, Inside<From>(p, offsets), weights, count, (width - x) * p.c, row + x * p.c);
    }
  }

  // Columns [x, end) of output row `y`, which may read outside.
  static void outside(const Source<T, From>& s, int64_t y, int64_t x, int64_t end, int64_t width,
                      T* row) {
    if (s.mode == FillMode::grid_constant || end - x < few)
      return anywhere<BilinearWarp>(s, y, x, end, row);
    const Plane<From>& p = s.plane;
    Coordinates from;
    Taps taps;
    Weights<T> weights;
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      for (int64_t k = 0; k < count; k += chunk) {
        prepare_confined(s, x + k, y, 0, from);
        taps.prepare(p, from, s.mode, k);
        prepare_weights(from, k, weights);
      }
      blend(p, Outside<From>(p, taps), weights, count, (width - x) * p.c, row + x * p.c);
    }
  }
};

}  // namespace affine
FASTAUG_END
