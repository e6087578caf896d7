// The affine warp, nearest pixel.
#pragma once

#include "warp_affine_source.hpp"

FASTAUG_BEGIN
namespace affine {

// Four elements at a time where there are more than two: with three the one after them goes along,
// but for the last `exact` pixels, with more the last four are copied twice in part.
template <int Channels, class T>
void copy_pixels(const Plane<T>& p, const Offsets& offsets, int64_t count, int64_t exact, T* to) {
  const char* data = p.data;
  const int64_t channels = Channels ? Channels : p.c;
  const int64_t whole = Channels == 3 ? count - exact : count;
#pragma GCC unroll 4
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

template <class T>
struct NearestWarp {
  // How many pixels before and after that of a coordinate are taps, too, and taken along by a load.
  static constexpr int64_t before = 0, after = 0;
  static constexpr bool takes_valid = true, copies = false, clamps = true;
  static int64_t more(const Sampled<T>& s) { return s.plane.c == 3 ? 1 : 0; }
  static bool everywhere(const Source<T>&) { return false; }

  // Any output pixel, inside or not.
  static void pixel(const Sampled<T>& s, int64_t fx, int64_t fy, T* to) {
    const Plane<T>& p = s.plane;
    if (!confine(fx, p.w, s.mode) || !confine(fy, p.h, s.mode)) return put_fill(s, to);
    const int64_t x = map_tap(nearest_tap(fx), p.w, s.mode);
    const int64_t y = map_tap(nearest_tap(fy), p.h, s.mode);
    if (x < 0 || y < 0) return put_fill(s, to);
    const T* from = p.row(y) + x * p.c;
    for (int64_t c = 0; c < p.c; ++c) to[c] = from[c];
  }

  // Columns [x, end) of output row `y`, which read inside.
  static void inside(const Source<T>& s, bool, int64_t y, int64_t x, int64_t end, int64_t width,
                     T* row) {
    const Plane<T>& p = s.plane;
    if (x >= end) return;
    if (s.x.step_x == fixed_one && s.y.step_x == 0) {  // as it is
      const int64_t pixel = p.c * static_cast<int64_t>(sizeof(T));
      const Along from = s.along(x, y, fixed_half);
      std::memcpy(row + x * p.c, p.data + (from.fy >> 32) * p.stride + (from.fx >> 32) * pixel,
                  static_cast<std::size_t>((end - x) * pixel));
      return;
    }
    by_offsets(s, Unconfined{}, y, x, end, width, row);
  }

  // The same in mode nearest: coordinates beyond the edge pixels are moved there.
  static void clamped(const Source<T>& s, int64_t y, int64_t x, int64_t end, int64_t width,
                      T* row) {
    const auto to_the_edge = [](Steps::Halves v, int64_t n) {
      const Ints zero = {};
      v.high = smaller(larger(v.high, zero), zero + static_cast<int32_t>(n - 1));
      return v;
    };
    by_offsets(s, to_the_edge, y, x, end, width, row);
  }

  template <class Confined>
  static void by_offsets(const Source<T>& s, Confined confined, int64_t y, int64_t x, int64_t end,
                         int64_t width, T* row) {
    const Plane<T>& p = s.plane;
    Offsets offsets;
    NoWeights weights;
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      Along from = s.along(x, y, fixed_half);
      for (int64_t k = 0; k < count; k += chunk, from.advance())
        prepare_inside(p, from, k, offsets, weights, confined);
      copy(p, offsets, count, x + count == width ? 1 : 0, row + x * p.c);
    }
  }

  // Columns [x, end) of output row `y`, which may read outside.
  static void outside(const Source<T>& s, int64_t y, int64_t x, int64_t end, int64_t, T* row) {
    if (s.mode == FillMode::grid_constant || end - x < few)
      return anywhere<NearestWarp>(s, y, x, end, row);
    Coordinates from;
    Offsets offsets;
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      for (int64_t k = 0; k < count; k += chunk) {
        prepare_confined(s, x + k, y, fixed_half, from);
        offsets.prepare(s.plane, from, s.mode, k);
      }
      copy(s.plane, offsets, count, count, row + x * s.plane.c);
    }
  }
};

}  // namespace affine
FASTAUG_END
