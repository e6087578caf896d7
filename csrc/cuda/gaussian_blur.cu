// Gaussian blur. A block loads the tile that its outputs look at into shared memory, sums it up
// along columns into shared memory again, and that along rows. Windows too large for shared memory
// go through an image of sums along columns.
#include "../ops/gaussian_blur.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

template <class T>
struct GaussianBlur {
  using Args = GaussianBlurPassArgs;
  using Sum = typename Blur<T>::Sum;
  using Stage = typename Blur<T>::Stage;

  // The weights of an image in one direction.
  struct Taps {
    const Sum* weight;
    int64_t radius;
  };
  static FASTAUG_FN Taps taps_of(const Args& a, int64_t image, int axis) {
    const int64_t at = 2 * image + axis;
    return {static_cast<const Sum*>(a.weights) + at * a.taps, a.radii[at]};
  }

  template <class From>
  static FASTAUG_FN Sum sum_up(Taps taps, From from) {
    Sum sum = Blur<T>::middle(taps.weight[0], static_cast<Sum>(from(0)));
    for (int64_t k = taps.radius; k > 0; --k)
      sum += Blur<T>::pair(taps.weight[k], static_cast<Sum>(from(-k)), static_cast<Sum>(from(k)));
    return sum;
  }

  // The column of an element of a row that may lie outside, or -1 for the value there; sets its
  // channel.
  static FASTAUG_FN int64_t column_of(const Args& a, int64_t e, int64_t* channel) {
    int64_t x = e / a.in.c;
    if (x * a.in.c > e) --x;
    *channel = e - x * a.in.c;
    return map_border(x, a.in.w, a.border);
  }

  static FASTAUG_FN T pixel_at(const Args& a, int64_t image, int64_t y, int64_t x, int64_t c) {
    const int64_t from_y = map_border(y, a.in.h, a.border);
    if (from_y < 0 || x < 0) return constant_pixel<T>(a.cval);
    return *element<const T>(a.in, image, from_y, x, c);
  }
};

template <class T>
struct GaussianBlurTile : GaussianBlur<T> {
  using Args = GaussianBlurPassArgs;
  using Stage = typename Blur<T>::Stage;
  static constexpr int threads = 256, phases = 3;

  // Shared memory: `tall` rows with a halo on all sides after `wide` ones with it left and right.
  static FASTAUG_FN int32_t wide_w(const Args& a) {
    return static_cast<int32_t>(a.tile_w + 2 * a.across * a.in.c);
  }

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const int64_t columns = divide_up(a.in.w * a.in.c, a.tile_w);
    const Piece piece = piece_of(place.block, columns * divide_up(a.in.h, a.tile_h));
    const int64_t row = piece.piece / columns;
    const int64_t y = row * a.tile_h, e = (piece.piece - row * columns) * a.tile_w;
    Stage* wide = reinterpret_cast<Stage*>(shared);
    T* tall = reinterpret_cast<T*>(wide + a.tile_h * wide_w(a));
    if (phase == 0) load(a, piece.image, y, e, place.thread, tall);
    if (phase == 1) down(a, piece.image, e, place.thread, tall, wide);
    if (phase == 2) across(a, piece.image, y, e, place.thread, wide);
  }

 private:
  static FASTAUG_FN void load(const Args& a, int64_t image, int64_t y, int64_t e, int32_t thread,
                              T* tall) {
    const int32_t w = wide_w(a), all = static_cast<int32_t>(a.tile_h + 2 * a.down) * w;
    for (int32_t i = thread; i < all; i += threads) {
      const int32_t row = i / w;
      int64_t c;
      const int64_t x = GaussianBlur<T>::column_of(a, e - a.across * a.in.c + (i - row * w), &c);
      tall[i] = GaussianBlur<T>::pixel_at(a, image, y - a.down + row, x, c);
    }
  }

  static FASTAUG_FN void down(const Args& a, int64_t image, int64_t e, int32_t thread,
                              const T* tall, Stage* wide) {
    const auto taps = GaussianBlur<T>::taps_of(a, image, 0);
    const int32_t w = wide_w(a), all = static_cast<int32_t>(a.tile_h) * w;
    for (int32_t i = thread; i < all; i += threads) {
      int64_t c;
      const T* from = tall + a.down * w + i;
      wide[i] = GaussianBlur<T>::column_of(a, e - a.across * a.in.c + i % w, &c) < 0
                    ? Blur<T>::outside(*from)
                    : Blur<T>::stage(
                          GaussianBlur<T>::sum_up(taps, [&](int64_t k) { return from[k * w]; }));
    }
  }

  static FASTAUG_FN void across(const Args& a, int64_t image, int64_t y, int64_t e, int32_t thread,
                                const Stage* wide) {
    const auto taps = GaussianBlur<T>::taps_of(a, image, 1);
    const int32_t tw = static_cast<int32_t>(a.tile_w), all = static_cast<int32_t>(a.tile_h) * tw;
    for (int32_t i = thread; i < all; i += threads) {
      const int64_t row = i / tw, at = i - row * tw;
      if (y + row >= a.in.h || e + at >= a.in.w * a.in.c) continue;
      const Stage* from = wide + row * wide_w(a) + a.across * a.in.c + at;
      const int64_t x = (e + at) / a.in.c;
      *element<T>(a.out, image, y + row, x, e + at - x * a.in.c) = Blur<T>::pixel(
          GaussianBlur<T>::sum_up(taps, [&](int64_t k) { return from[k * a.in.c]; }));
    }
  }
};

// One thread to an element: from the images to rows of sums, and from those to the images.
template <class T>
struct GaussianBlurDown : GaussianBlur<T> {
  using Args = GaussianBlurPassArgs;
  using Stage = typename Blur<T>::Stage;
  static constexpr int threads = 256, phases = 1;

  template <int>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t length = a.in.w * a.in.c, at = place.block * threads + place.thread;
    if (at >= a.in.n * a.in.h * length) return;
    const int64_t row = at / length, e = at - row * length, x = e / a.in.c, c = e - x * a.in.c;
    const int64_t image = row / a.in.h, y = row - image * a.in.h;
    static_cast<Stage*>(a.stage)[at] = Blur<T>::stage(GaussianBlur<T>::sum_up(
        GaussianBlur<T>::taps_of(a, image, 0),
        [&](int64_t k) { return GaussianBlur<T>::pixel_at(a, image, y + k, x, c); }));
  }
};

template <class T>
struct GaussianBlurAcross : GaussianBlur<T> {
  using Args = GaussianBlurPassArgs;
  using Stage = typename Blur<T>::Stage;
  static constexpr int threads = 256, phases = 1;

  template <int>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t length = a.in.w * a.in.c, at = place.block * threads + place.thread;
    if (at >= a.in.n * a.in.h * length) return;
    const int64_t row = at / length, e = at - row * length, x = e / a.in.c, c = e - x * a.in.c;
    const int64_t image = row / a.in.h;
    const Stage* from = static_cast<const Stage*>(a.stage) + row * length + c;
    const Stage outside = Blur<T>::outside(constant_pixel<T>(a.cval));
    *element<T>(a.out, image, row - image * a.in.h, x, c) = Blur<T>::pixel(
        GaussianBlur<T>::sum_up(GaussianBlur<T>::taps_of(a, image, 1), [&](int64_t k) {
          const int64_t from_x = map_border(x + k, a.in.w, a.border);
          return from_x < 0 ? outside : from[from_x * a.in.c];
        }));
  }
};

FASTAUG_END

#define FASTAUG_GAUSSIAN_BLUR(suffix, T)                                \
  FASTAUG_CUDA_KERNEL(gaussian_blur_tile_##suffix, GaussianBlurTile<T>) \
  FASTAUG_CUDA_KERNEL(gaussian_blur_down_##suffix, GaussianBlurDown<T>) \
  FASTAUG_CUDA_KERNEL(gaussian_blur_across_##suffix, GaussianBlurAcross<T>)

FASTAUG_GAUSSIAN_BLUR(u8, fastaug::uint8_t)
FASTAUG_GAUSSIAN_BLUR(u16, fastaug::uint16_t)
FASTAUG_GAUSSIAN_BLUR(f32, float)
FASTAUG_GAUSSIAN_BLUR(f64, double)
