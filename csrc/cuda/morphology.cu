// Erosion and dilation. A block loads the tile that its outputs look at into shared memory; a full
// rectangle is then taken along rows and after that along columns, any other footprint cell by
// cell. Footprints too large for shared memory are read from the image itself.
#include "../ops/morphology.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// Where the tile of a block lies: rows, and elements (channels within pixels) along them.
struct Tile {
  int64_t image, y, e;
};

FASTAUG_FN Tile tile_of(const MorphologyPassArgs& a, int64_t block) {
  const int64_t across = pieces(a.in.w * a.in.c, a.tile_w), down = pieces(a.in.h, a.tile_h);
  const Piece piece = piece_of(block, across * down), tile = piece_of(piece.piece, across);
  return {piece.image, tile.image * a.tile_h, tile.piece * a.tile_w};
}

template <class T>
FASTAUG_FN void put(const MorphologyPassArgs& a, int64_t image, int64_t y, int64_t e, T value) {
  const int64_t x = quotient(e, a.in.c), c = e - x * a.in.c;
  if (a.difference != 0) {
    const T other = *element<const T>(a.other, image, y, x, c);
    value = a.difference == 1 ? excess(value, other) : excess(other, value);
  }
  *element<T>(a.out, image, y, x, c) = value;
}

// The key of an element of a row, which may lie outside the image.
template <class T, bool Erode>
FASTAUG_FN typename MorphologyKey<T>::type key_at(const MorphologyPassArgs& a, int64_t image,
                                                  int64_t y, int64_t e) {
  const int64_t from_y = map_border(y, a.in.h, a.border);
  int64_t x = quotient(e, a.in.c);
  if (x * a.in.c > e) --x;
  const int64_t from_x = map_border(x, a.in.w, a.border);
  if (from_y < 0 || from_x < 0) return outside_key<T, Erode>(a.border, a.cval);
  return MorphologyKey<T>::from(*element<const T>(a.in, image, from_y, from_x, e - x * a.in.c),
                                Erode);
}

template <class T, bool Erode>
struct MorphologyTile {
  using Args = MorphologyPassArgs;
  using K = typename MorphologyKey<T>::type;
  static constexpr int threads = 256, phases = 3;

  // Shared memory: `wide` rows with their halo on all sides, then `tall` ones with it above and
  // below.
  static FASTAUG_FN int64_t wide_w(const Args& a) { return a.tile_w + (a.width - 1) * a.in.c; }
  static FASTAUG_FN int64_t rows(const Args& a) { return a.tile_h + a.height - 1; }

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const Tile tile = tile_of(a, place.block);
    K* wide = reinterpret_cast<K*>(shared);
    K* tall = wide + rows(a) * wide_w(a);
    if (phase == 0) load(a, tile, place.thread, wide);
    if (phase == 1 && a.runs == nullptr) along_rows(a, tile, place.thread, wide, tall);
    if (phase == 2) finish(a, tile, place.thread, wide, tall);
  }

 private:
  static FASTAUG_FN void load(const Args& a, const Tile& tile, int32_t thread, K* wide) {
    const int32_t w = static_cast<int32_t>(wide_w(a)), all = static_cast<int32_t>(rows(a)) * w;
    for (int32_t i = thread; i < all; i += threads) {
      const int32_t y = i / w;
      wide[i] = key_at<T, Erode>(a, tile.image, tile.y + a.top + y,
                                 tile.e + a.left * a.in.c + (i - y * w));
    }
  }

  static FASTAUG_FN void along_rows(const Args& a, const Tile& tile, int32_t thread, const K* wide,
                                    K* tall) {
    const Window x = window_of(a.sizes[2 * tile.image + 1], a.in.w, a.reflected != 0);
    const int32_t tw = static_cast<int32_t>(a.tile_w), all = static_cast<int32_t>(rows(a)) * tw;
    const int32_t c = static_cast<int32_t>(a.in.c), w = static_cast<int32_t>(wide_w(a));
    for (int32_t i = thread; i < all; i += threads) {
      const int32_t y = i / tw;
      const K* from = wide + y * w + (i - y * tw) + (x.start - a.left) * c;
      K best = from[0];
      for (int32_t k = 1; k < x.length; ++k) best = win<Erode>(best, from[k * c]);
      tall[i] = best;
    }
  }

  static FASTAUG_FN void finish(const Args& a, const Tile& tile, int32_t thread, const K* wide,
                                const K* tall) {
    const int32_t tw = static_cast<int32_t>(a.tile_w), all = static_cast<int32_t>(a.tile_h) * tw;
    for (int32_t i = thread; i < all; i += threads) {
      const int32_t y = i / tw, e = i - y * tw;
      if (tile.y + y >= a.in.h || tile.e + e >= a.in.w * a.in.c) continue;
      const K best =
          a.runs == nullptr ? along_columns(a, tile, y, e, tall) : under_runs(a, y, e, wide);
      put(a, tile.image, tile.y + y, tile.e + e, MorphologyKey<T>::to(best));
    }
  }

  static FASTAUG_FN K along_columns(const Args& a, const Tile& tile, int32_t y, int32_t e,
                                    const K* tall) {
    const Window window = window_of(a.sizes[2 * tile.image], a.in.h, a.reflected != 0);
    const K* from = tall + (y + window.start - a.top) * a.tile_w + e;
    K best = from[0];
    for (int32_t k = 1; k < window.length; ++k) best = win<Erode>(best, from[k * a.tile_w]);
    return best;
  }

  static FASTAUG_FN K under_runs(const Args& a, int32_t y, int32_t e, const K* wide) {
    K best = 0;
    for (int64_t i = 0; i < a.run_count; ++i) {
      const Run r = a.reflected ? reflect(a.runs[i]) : a.runs[i];
      const K* from = wide + (y + r.dy - a.top) * wide_w(a) + e + (r.dx - a.left) * a.in.c;
      if (i == 0) best = from[0];
      for (int64_t k = 0; k < r.length; ++k) best = win<Erode>(best, from[k * a.in.c]);
    }
    return best;
  }
};

template <class T, bool Erode>
struct MorphologyDirect {
  using Args = MorphologyPassArgs;
  using K = typename MorphologyKey<T>::type;
  static constexpr int threads = 256, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const Tile tile = tile_of(a, place.block);
    const int32_t tw = static_cast<int32_t>(a.tile_w), all = static_cast<int32_t>(a.tile_h) * tw;
    for (int32_t i = place.thread; i < all; i += threads) {
      const int64_t y = tile.y + i / tw, e = tile.e + i % tw;
      if (y >= a.in.h || e >= a.in.w * a.in.c) continue;
      put(a, tile.image, y, e, MorphologyKey<T>::to(best(a, tile.image, y, e)));
    }
  }

 private:
  static FASTAUG_FN K best(const Args& a, int64_t image, int64_t y, int64_t e) {
    bool first = true;
    K best = 0;
    const auto take = [&](int64_t dy, int64_t dx) {
      const K key = key_at<T, Erode>(a, image, y + dy, e + dx * a.in.c);
      best = first ? key : win<Erode>(best, key);
      first = false;
    };
    if (a.runs == nullptr) {
      const Window rows = window_of(a.sizes[2 * image], a.in.h, a.reflected != 0);
      const Window columns = window_of(a.sizes[2 * image + 1], a.in.w, a.reflected != 0);
      for (int64_t dy = rows.start; dy < rows.start + rows.length; ++dy)
        for (int64_t dx = columns.start; dx < columns.start + columns.length; ++dx) take(dy, dx);
    } else {
      for (int64_t i = 0; i < a.run_count; ++i) {
        const Run r = a.reflected ? reflect(a.runs[i]) : a.runs[i];
        for (int64_t k = 0; k < r.length; ++k) take(r.dy, r.dx + k);
      }
    }
    return best;
  }
};

FASTAUG_END

#define FASTAUG_MORPHOLOGY(suffix, T)                                   \
  FASTAUG_CUDA_KERNEL(erode_tile_##suffix, MorphologyTile<T, true>)     \
  FASTAUG_CUDA_KERNEL(dilate_tile_##suffix, MorphologyTile<T, false>)   \
  FASTAUG_CUDA_KERNEL(erode_direct_##suffix, MorphologyDirect<T, true>) \
  FASTAUG_CUDA_KERNEL(dilate_direct_##suffix, MorphologyDirect<T, false>)

FASTAUG_MORPHOLOGY(u8, fastaug::uint8_t)
FASTAUG_MORPHOLOGY(u16, fastaug::uint16_t)
FASTAUG_MORPHOLOGY(f32, float)
FASTAUG_MORPHOLOGY(f64, double)
