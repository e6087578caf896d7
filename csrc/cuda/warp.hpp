// Warps: a block makes a tile of the output, so that what it reads of the input is close together
// whichever way the image turns. A thread makes all channels of a few pixels in a row.
#pragma once

#include "../ops/bicubic.hpp"
#include "../ops/warp_affine.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// `Map` has Args, is made from them and an image, and says where a pixel of it comes from.
template <class Map, class T, int Channels, bool Plain>
struct Warp {
  using Args = typename Map::Args;
  static constexpr int threads = 256, phases = 1;
  static constexpr int together = sizeof(T) == 1 ? 4 : 1;  // pixels of a thread
  static constexpr int tile_w = 32 * together, tile_h = 8;

  static FASTAUG_FN int64_t channels(const Args& a) { return Channels ? Channels : a.in.c; }

  static FASTAUG_FN const T* source(const Args& a, int64_t image, int64_t y, int64_t x) {
    return pixel<const T, Channels, Plain>(a.in, image, y, x);
  }

  static FASTAUG_FN T fill(const Args& a, int64_t image, int64_t c) {
    return constant_pixel<T>(a.fill[image * a.in.c + c]);
  }

  static FASTAUG_FN void nearest(const Args& a, int64_t image, int64_t fx, int64_t fy, T* to,
                                 int64_t step) {
    const FillMode mode = static_cast<FillMode>(a.fill_mode);
    const int64_t from_step = channel_step<T, Channels, Plain>(a.in);
    int64_t x = -1, y = -1;
    if (confine(fx, a.in.w, mode) && confine(fy, a.in.h, mode)) {
      x = map_tap(nearest_tap(fx), a.in.w, mode);
      y = map_tap(nearest_tap(fy), a.in.h, mode);
    }
    const T* from = x < 0 || y < 0 ? nullptr : source(a, image, y, x);
    for (int64_t c = 0; c < channels(a); ++c)
      to[c * step] = from == nullptr ? fill(a, image, c) : from[c * from_step];
  }

  static FASTAUG_FN void bilinear(const Args& a, int64_t image, int64_t fx, int64_t fy, T* to,
                                  int64_t step) {
    const FillMode mode = static_cast<FillMode>(a.fill_mode);
    const int64_t from_step = channel_step<T, Channels, Plain>(a.in);
    int64_t x0 = fx >> 32, y0 = fy >> 32, x1 = x0 + 1, y1 = y0 + 1;
    const bool inside = x0 >= 0 && x1 < a.in.w && y0 >= 0 && y1 < a.in.h;
    if (!inside) {
      if (!confine(fx, a.in.w, mode) || !confine(fy, a.in.h, mode)) {
        for (int64_t c = 0; c < channels(a); ++c) to[c * step] = fill(a, image, c);
        return;
      }
      x0 = map_tap(fx >> 32, a.in.w, mode), x1 = map_tap((fx >> 32) + 1, a.in.w, mode);
      y0 = map_tap(fy >> 32, a.in.h, mode), y1 = map_tap((fy >> 32) + 1, a.in.h, mode);
    }
    const Bilinear<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    if ((x0 | x1 | y0 | y1) >= 0) {
      const T *p00 = source(a, image, y0, x0), *p01 = source(a, image, y0, x1);
      const T *p10 = source(a, image, y1, x0), *p11 = source(a, image, y1, x1);
      for (int64_t c = 0; c < channels(a); ++c)
        to[c * step] = weights.blend(p00[c * from_step], p01[c * from_step], p10[c * from_step],
                                     p11[c * from_step]);
      return;
    }
    for (int64_t c = 0; c < channels(a); ++c) {
      const T k = fill(a, image, c);
      const T p00 = x0 < 0 || y0 < 0 ? k : source(a, image, y0, x0)[c * from_step];
      const T p01 = x1 < 0 || y0 < 0 ? k : source(a, image, y0, x1)[c * from_step];
      const T p10 = x0 < 0 || y1 < 0 ? k : source(a, image, y1, x0)[c * from_step];
      const T p11 = x1 < 0 || y1 < 0 ? k : source(a, image, y1, x1)[c * from_step];
      to[c * step] = weights.blend(p00, p01, p10, p11);
    }
  }

  static FASTAUG_FN void bicubic(const Args& a, int64_t image, int64_t fx, int64_t fy, T* to,
                                 int64_t step) {
    const FillMode mode = static_cast<FillMode>(a.fill_mode);
    const int64_t from_step = channel_step<T, Channels, Plain>(a.in);
    if (!confine(fx, a.in.w, mode) || !confine(fy, a.in.h, mode)) {
      for (int64_t c = 0; c < channels(a); ++c) to[c * step] = fill(a, image, c);
      return;
    }
    int64_t x[4], y[4];
    for (int i = 0; i < 4; ++i) {
      x[i] = cubic_tap((fx >> 32) + i - 1, a.in.w, mode);
      y[i] = cubic_tap((fy >> 32) + i - 1, a.in.h, mode);
    }
    const Bicubic<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    for (int64_t c = 0; c < channels(a); ++c) {
      T taps[16];
      for (int i = 0; i < 16; ++i)
        taps[i] = x[i % 4] < 0 || y[i / 4] < 0
                      ? fill(a, image, c)
                      : source(a, image, y[i / 4], x[i % 4])[c * from_step];
      to[c * step] = weights.blend(taps);
    }
  }

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t across = divide_up(a.out.w, tile_w), down = divide_up(a.out.h, tile_h);
    const Piece piece = piece_of(place.block, across * down);
    const int64_t tile_y = piece.piece / across, tile_x = piece.piece - tile_y * across;
    const int64_t y = tile_y * tile_h + place.thread / 32;
    const int64_t x = tile_x * tile_w + (place.thread % 32) * together;
    if (y >= a.out.h || x >= a.out.w) return;

    const Map map(a, piece.image);
    const int64_t count = smaller<int64_t>(together, a.out.w - x);
    const bool packed = Plain && Channels > 0 && together > 1 && count == together;
    T made[together * (Channels ? Channels : 1)];
    T* out = pixel<T, Channels, Plain>(a.out, piece.image, y, x);
    const int64_t out_step = channel_step<T, Channels, Plain>(a.out);
    const int64_t out_next = Plain ? channels(a) : a.out.stride_w / static_cast<int64_t>(sizeof(T));
#ifdef __CUDACC__
#pragma unroll
#endif
    for (int i = 0; i < together; ++i) {
      if (i >= count) break;
      int64_t fx, fy;
      map.coordinates(x + i, y, fx, fy);
      T* to = packed ? made + i * (Channels ? Channels : 1) : out + i * out_next;
      const int64_t step = packed ? 1 : out_step;
      if (a.interpolation == 0)
        nearest(a, piece.image, fx, fy, to, step);
      else if (a.interpolation == 2)
        bicubic(a, piece.image, fx, fy, to, step);
      else
        bilinear(a, piece.image, fx, fy, to, step);
    }
    if (packed) store_together(made, out);
  }

  // The pixels of a thread as whole words where they are aligned to them.
  static FASTAUG_FN void store_together(const T* made, T* out) {
    constexpr int bytes = together * (Channels ? Channels : 1) * static_cast<int>(sizeof(T));
    if (bytes % 4 == 0 && reinterpret_cast<uint64_t>(out) % 4 == 0) {
      for (int w = 0; w < bytes / 4; ++w) {
        uint32_t word;
        memcpy(&word, made + 4 * w / static_cast<int>(sizeof(T)), 4);
        reinterpret_cast<uint32_t*>(out)[w] = word;
      }
    } else {
      for (int i = 0; i < bytes / static_cast<int>(sizeof(T)); ++i) out[i] = made[i];
    }
  }
};

FASTAUG_END
