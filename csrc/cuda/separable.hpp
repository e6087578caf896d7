// Filters that go down and then across. A block loads the tile that its outputs look at into shared
// memory, sums it up along columns into shared memory again, and that along rows. Windows too large
// for shared memory go through an image of sums along columns.
//
// A filter has the types Pixel and Stage, which is what comes between the two directions, and
// `down(args, image, at)` and `across(args, image, at)`, which make one from what at(k) says lies
// k away, and the other; `outside(args, image, pixel)` is the former of nothing but that pixel.
#pragma once

#include "../ops/border.hpp"
#include "../ops/round.hpp"
#include "launch.hpp"
#include "neighbours.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// The column of an element of a row that may lie outside, or -1 for the value there; sets its
// channel.
FASTAUG_FN int64_t column_of(const BlurPassArgs& a, int64_t e, int64_t* channel) {
  int64_t x = quotient(e, a.in.c);
  if (x * a.in.c > e) --x;
  *channel = e - x * a.in.c;
  return map_border(x, a.in.w, a.border);
}

template <class T>
FASTAUG_FN T pixel_at(const BlurPassArgs& a, int64_t image, int64_t y, int64_t x, int64_t c) {
  const int64_t from_y = map_border(y, a.in.h, a.border);
  if (from_y < 0 || x < 0) return constant_pixel<T>(a.cval);
  return *element<const T>(a.in, image, from_y, x, c);
}

template <class Filter>
struct SeparableTile {
  using Args = BlurPassArgs;
  using T = typename Filter::Pixel;
  using Stage = typename Filter::Stage;
  static constexpr int threads = 256, phases = 3, blocks = 4;

  // Shared memory: `wide` rows with a halo left and right, then `tall` ones with one on all sides.
  static FASTAUG_FN int32_t wide_w(const Args& a) {
    return static_cast<int32_t>(a.tile_w + (a.width - 1) * a.in.c);
  }

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const int64_t columns = pieces(a.in.w * a.in.c, a.tile_w);
    const Piece piece = piece_of(place.block, columns * pieces(a.in.h, a.tile_h));
    const Piece tile = piece_of(piece.piece, columns);
    const int64_t y = tile.image * a.tile_h, e = tile.piece * a.tile_w;
    Stage* wide = reinterpret_cast<Stage*>(shared);
    T* tall = reinterpret_cast<T*>(wide + a.tile_h * wide_w(a));
    if (phase == 0) load(a, piece.image, y, e, place.thread, tall);
    if (phase == 1) down(a, piece.image, e, place.thread, tall, wide);
    if (phase == 2) across(a, piece.image, y, e, place.thread, wide);
  }

 private:
  static FASTAUG_FN void load(const Args& a, int64_t image, int64_t y, int64_t e, int32_t thread,
                              T* tall) {
    const int32_t w = wide_w(a), all = static_cast<int32_t>(a.tile_h + a.height - 1) * w;
    for (int32_t i = thread; i < all; i += threads) {
      const int32_t row = i / w;
      int64_t c;
      const int64_t x = column_of(a, e + a.left * a.in.c + (i - row * w), &c);
      tall[i] = pixel_at<T>(a, image, y + a.top + row, x, c);
    }
  }

  static FASTAUG_FN void down(const Args& a, int64_t image, int64_t e, int32_t thread,
                              const T* tall, Stage* wide) {
    const int32_t w = wide_w(a), all = static_cast<int32_t>(a.tile_h) * w;
    for (int32_t i = thread; i < all; i += threads) {
      int64_t c;
      const T* from = tall - a.top * w + i;
      wide[i] = column_of(a, e + a.left * a.in.c + i % w, &c) < 0
                    ? Filter::outside(a, image, *from)
                    : Filter::down(a, image, [&](int64_t k) { return from[k * w]; });
    }
  }

  static FASTAUG_FN void across(const Args& a, int64_t image, int64_t y, int64_t e, int32_t thread,
                                const Stage* wide) {
    const int32_t tw = static_cast<int32_t>(a.tile_w), all = static_cast<int32_t>(a.tile_h) * tw;
    for (int32_t i = thread; i < all; i += threads) {
      const int64_t row = i / tw, at = i - row * tw;
      if (y + row >= a.in.h || e + at >= a.in.w * a.in.c) continue;
      const Stage* from = wide + row * wide_w(a) - a.left * a.in.c + at;
      const int64_t x = quotient(e + at, a.in.c);
      *element<T>(a.out, image, y + row, x, e + at - x * a.in.c) =
          Filter::across(a, image, [&](int64_t k) { return from[k * a.in.c]; });
    }
  }
};

// The row of sums along columns that an element is made of.
template <class Stage>
FASTAUG_FN Stage* stage_row(const BlurPassArgs& a, const Element& e) {
  return static_cast<Stage*>(a.stage) + (e.image * a.in.h + e.y) * a.in.w * a.in.c;
}

// One thread to an element: from the images to rows of sums, and from those to the images.
template <class Filter>
struct SeparableDown {
  using Args = BlurPassArgs;
  static constexpr int threads = 256, phases = 1;

  template <int>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    Element e;
    if (!element_of<threads>(a.in, place, &e)) return;
    stage_row<typename Filter::Stage>(a, e)[e.x * a.in.c + e.c] = Filter::down(
        a, e.image,
        [&](int64_t k) { return pixel_at<typename Filter::Pixel>(a, e.image, e.y + k, e.x, e.c); });
  }
};

template <class Filter>
struct SeparableAcross {
  using Args = BlurPassArgs;
  using T = typename Filter::Pixel;
  using Stage = typename Filter::Stage;
  static constexpr int threads = 256, phases = 1;

  template <int>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    Element e;
    if (!element_of<threads>(a.in, place, &e)) return;
    const Stage* from = stage_row<Stage>(a, e) + e.c;
    const Stage outside = Filter::outside(a, e.image, constant_pixel<T>(a.cval));
    *element<T>(a.out, e.image, e.y, e.x, e.c) = Filter::across(a, e.image, [&](int64_t k) {
      const int64_t from_x = map_border(e.x + k, a.in.w, a.border);
      return from_x < 0 ? outside : from[from_x * a.in.c];
    });
  }
};

FASTAUG_END

#define FASTAUG_SEPARABLE(name, suffix, ...)                                     \
  FASTAUG_CUDA_KERNEL(name##_tile_##suffix, SeparableTile<fastaug::__VA_ARGS__>) \
  FASTAUG_CUDA_KERNEL(name##_down_##suffix, SeparableDown<fastaug::__VA_ARGS__>) \
  FASTAUG_CUDA_KERNEL(name##_across_##suffix, SeparableAcross<fastaug::__VA_ARGS__>)
