// Warps: a block makes a tile of the output, so that what it reads of the input is close together
// whichever way the image turns. A thread makes all channels of a pixel, or of a few bytes' worth
// of them. Every interpolation is a kernel of its own, with no more registers than it needs.
#pragma once

#include "../ops/bicubic.hpp"
#include "../ops/warp_affine.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// An image that pixels are taken from. No side is longer than 2^30, so 32 bits hold any tap.
template <class T, int Channels, bool Plain>
struct Source {
  const Batch& in;
  int64_t image;
  const double* fill;
  FillMode mode;
  int32_t w, h;

  template <class Args>
  FASTAUG_FN Source(const Args& a, int64_t number)
      : in(a.in),
        image(number),
        fill(a.fill + number * a.in.c),
        mode(static_cast<FillMode>(a.fill_mode)),
        w(static_cast<int32_t>(a.in.w)),
        h(static_cast<int32_t>(a.in.h)) {}

  FASTAUG_FN int64_t channels() const { return Channels ? Channels : in.c; }
  FASTAUG_FN T filled(int64_t c) const { return constant_pixel<T>(fill[c]); }
  FASTAUG_FN bool confined(int64_t& fx, int64_t& fy) const {
    return confine(fx, w, mode) && confine(fy, h, mode);
  }

  // Channel c of a pixel at `from`, and the pixel itself.
  FASTAUG_FN T channel(const T* from, int64_t c) const {
    return from[c * channel_step<T, Channels, Plain>(in)];
  }
  FASTAUG_FN const T* at(int32_t y, int32_t x) const {
    return pixel<const T, Channels, Plain>(in, image, y, x);
  }
  // The same where -1 stands for the fill value.
  FASTAUG_FN T tap(int32_t y, int32_t x, int64_t c) const {
    return y < 0 || x < 0 ? filled(c) : channel(at(y, x), c);
  }
};

// An interpolation gives put(c, value) every channel of the pixel at a coordinate.
template <class T>
struct NearestWarp {
  static constexpr bool few_taps = true, takes_whole = true;

  template <class From, class Put>
  static FASTAUG_FN void make(const From& s, int64_t fx, int64_t fy, Put put) {
    int32_t x = -1, y = -1;
    if (s.confined(fx, fy)) {
      x = map_tap(static_cast<int32_t>(nearest_tap(fx)), s.w, s.mode);
      y = map_tap(static_cast<int32_t>(nearest_tap(fy)), s.h, s.mode);
    }
    for (int64_t c = 0; c < s.channels(); ++c) put(c, s.tap(y, x, c));
  }
};

template <class T>
struct BilinearWarp {
  static constexpr bool few_taps = true, takes_whole = false;

  template <class From, class Put>
  static FASTAUG_FN void make(const From& s, int64_t fx, int64_t fy, Put put) {
    int32_t x0 = static_cast<int32_t>(fx >> 32), y0 = static_cast<int32_t>(fy >> 32);
    int32_t x1 = x0 + 1, y1 = y0 + 1;
    const bool inside = x0 >= 0 && x1 < s.w && y0 >= 0 && y1 < s.h;
    if (!inside) {
      if (!s.confined(fx, fy)) {
        for (int64_t c = 0; c < s.channels(); ++c) put(c, s.filled(c));
        return;
      }
      x0 = static_cast<int32_t>(fx >> 32), y0 = static_cast<int32_t>(fy >> 32);
      x1 = map_tap(x0 + 1, s.w, s.mode), x0 = map_tap(x0, s.w, s.mode);
      y1 = map_tap(y0 + 1, s.h, s.mode), y0 = map_tap(y0, s.h, s.mode);
    }
    const Bilinear<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    if ((x0 | x1 | y0 | y1) >= 0) {
      const T *p00 = s.at(y0, x0), *p01 = s.at(y0, x1), *p10 = s.at(y1, x0), *p11 = s.at(y1, x1);
      for (int64_t c = 0; c < s.channels(); ++c)
        put(c, weights.blend(s.channel(p00, c), s.channel(p01, c), s.channel(p10, c),
                             s.channel(p11, c)));
      return;
    }
    for (int64_t c = 0; c < s.channels(); ++c)
      put(c, weights.blend(s.tap(y0, x0, c), s.tap(y0, x1, c), s.tap(y1, x0, c), s.tap(y1, x1, c)));
  }
};

template <class T>
struct BicubicWarp {
  static constexpr bool few_taps = false, takes_whole = false;

  template <class From, class Put>
  static FASTAUG_FN void make(const From& s, int64_t fx, int64_t fy, Put put) {
    if (!s.confined(fx, fy)) {
      for (int64_t c = 0; c < s.channels(); ++c) put(c, s.filled(c));
      return;
    }
    int32_t x[4], y[4];
    for (int i = 0; i < 4; ++i) {
      x[i] = cubic_tap(static_cast<int32_t>(fx >> 32) + i - 1, s.w, s.mode);
      y[i] = cubic_tap(static_cast<int32_t>(fy >> 32) + i - 1, s.h, s.mode);
    }
    const Bicubic<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    for (int64_t c = 0; c < s.channels(); ++c) {
      T taps[16];
      for (int i = 0; i < 16; ++i) taps[i] = s.tap(y[i / 4], x[i % 4], c);
      put(c, weights.blend(taps));
    }
  }
};

// Calls `make` with the interpolation, or where the map moves whole pixels with that which takes
// them as they are; bytes are blended to themselves there.
template <class How, class T, class Map, class Make>
FASTAUG_FN void by_interpolation(const Map& map, Make make) {
  if (sizeof(T) > 1 && !How::takes_whole && map.whole())
    make(NearestWarp<T>{});
  else
    make(How{});
}

// `Map` has Args, is made from them and an image, and says where a pixel of it comes from, and
// whether that is a whole pixel everywhere.
template <class Map, class How, class T, int Channels, bool Plain>
struct Warp {
  using Args = typename Map::Args;
  static constexpr int threads = 256, phases = 1,
                       blocks = !How::few_taps   ? 0
                                : Channels == 0  ? 4
                                : sizeof(T) == 4 ? 3
                                                 : 0;
  // Pixels of a thread: as many as fill whole words, but where sixteen taps make a pixel, words
  // cost more registers than they are worth.
  static constexpr int together = sizeof(T) == 1 && Channels > 0 && How::few_taps ? 4 : 1;
  static constexpr int tile_w = 32 * together, tile_h = 8;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t across = divide_up(a.out.w, tile_w), down = divide_up(a.out.h, tile_h);
    const Piece piece = piece_of(place.block, across * down);
    const auto [tile_y, tile_x] = piece_of(piece.piece, across);
    const int64_t y = tile_y * tile_h + place.thread / 32;
    const int64_t x = tile_x * tile_w + (place.thread % 32) * together;
    if (y >= a.out.h || x >= a.out.w) return;

    const Map map(a, piece.image);
    const Source<T, Channels, Plain> source(a, piece.image);
    T* out = pixel<T, Channels, Plain>(a.out, piece.image, y, x);
    const int64_t step = channel_step<T, Channels, Plain>(a.out);
    const int64_t next =
        Plain ? source.channels() : a.out.stride_w / static_cast<int64_t>(sizeof(T));
    const int count = static_cast<int>(smaller<int64_t>(together, a.out.w - x));
    T made[together * (Channels ? Channels : 1)];
    by_interpolation<How, T>(map, [&](auto how) {
#ifdef __CUDACC__
#pragma unroll
#endif
      for (int i = 0; i < together; ++i) {
        if (i >= count) break;
        int64_t fx, fy;
        map.coordinates(x + i, y, fx, fy);
        decltype(how)::make(source, fx, fy, [&](int64_t c, T value) {
          if (Channels > 0)
            made[i * Channels + c] = value;
          else
            out[i * next + c * step] = value;
        });
      }
    });
    if (Channels > 0) store(made, count * Channels, out);
  }

  // The pixels of a thread, which follow each other: as words where they fill them.
  static FASTAUG_FN void store(const T* made, int count, T* out) {
    constexpr int all = together * Channels, bytes = all * static_cast<int>(sizeof(T));
    if (count == all && bytes % 4 == 0 && reinterpret_cast<uint64_t>(out) % 4 == 0) {
      for (int w = 0; w < bytes / 4; ++w) {
        uint32_t word;
        memcpy(&word, made + 4 * w / static_cast<int>(sizeof(T)), 4);
        reinterpret_cast<uint32_t*>(out)[w] = word;
      }
    } else {
#ifdef __CUDACC__
#pragma unroll
#endif
      for (int i = 0; i < all; ++i)
        if (i < count) out[i] = made[i];
    }
  }
};

FASTAUG_END

#define FASTAUG_WARP_OF(name, Map, how, How, suffix, T)                \
  FASTAUG_CUDA_KERNEL(name##_##how##_##suffix##_1,                     \
                      Warp<fastaug::Map, fastaug::How<T>, T, 1, true>) \
  FASTAUG_CUDA_KERNEL(name##_##how##_##suffix##_3,                     \
                      Warp<fastaug::Map, fastaug::How<T>, T, 3, true>) \
  FASTAUG_CUDA_KERNEL(name##_##how##_##suffix##_4,                     \
                      Warp<fastaug::Map, fastaug::How<T>, T, 4, true>) \
  FASTAUG_CUDA_KERNEL(name##_##how##_##suffix##_any,                   \
                      Warp<fastaug::Map, fastaug::How<T>, T, 0, false>)

#define FASTAUG_WARP(name, Map, how, How)                    \
  FASTAUG_WARP_OF(name, Map, how, How, u8, fastaug::uint8_t) \
  FASTAUG_WARP_OF(name, Map, how, How, f32, float)

#define FASTAUG_WARPS(name, Map)                  \
  FASTAUG_WARP(name, Map, nearest, NearestWarp)   \
  FASTAUG_WARP(name, Map, bilinear, BilinearWarp) \
  FASTAUG_WARP(name, Map, bicubic, BicubicWarp)
