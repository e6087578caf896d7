// Winners of a few taps: rows of keys that lie at some offset from each other. Windows along a row
// are taps of the same row; a window too long for that is grown first, so that fewer taps see it.
#pragma once

#include "morphology_keys.hpp"

FASTAUG_BEGIN

constexpr int64_t most_taps = 8;  // joined at once
constexpr int64_t growth = 4;     // how many times as long a window gets in one pass
constexpr int64_t unrolled = 4;   // registers that go through the taps together

template <int Number>
struct Stage {
  static constexpr int value = Number;
};

template <class K>
struct Taps {
  const K* at[most_taps];  // for the first row
  int64_t count = 0;
};

// The winners of `Count` taps, or of as many as there are if that is 0.
template <bool Erode, int Count, class K, class Store>
void win_taps(const Taps<K>& taps, int64_t stride, int64_t rows, int64_t size, Store store) {
  constexpr int64_t step = lanes<K>, block = unrolled * step;
  const int64_t count = Count != 0 ? Count : taps.count;
  const K* p[Count != 0 ? Count : most_taps];
  for (int64_t i = 0; i < count; ++i) p[i] = taps.at[i];
  for (int64_t r = 0; r < rows; ++r) {
    const auto put = store.row(r);
    const int64_t row = r * stride;
    int64_t at = 0;
    for (; at + block <= size; at += block) {
      Lanes<K> best[unrolled];
      for (int64_t k = 0; k < unrolled; ++k) best[k] = load_lanes(p[0] + row + at + k * step);
#pragma GCC unroll 8
      for (int64_t i = 1; i < count; ++i)
        for (int64_t k = 0; k < unrolled; ++k)
          best[k] = win<Erode>(best[k], load_lanes(p[i] + row + at + k * step));
      for (int64_t k = 0; k < unrolled; ++k) put(at + k * step, best[k]);
    }
    for (; at < size; at += step) {
      if (at + step > size) at = size - step;
      auto best = load_lanes(p[0] + row + at);
#pragma GCC unroll 8
      for (int64_t i = 1; i < count; ++i) best = win<Erode>(best, load_lanes(p[i] + row + at));
      put(at, best);
    }
  }
}

// The winners of all taps in `rows` rows, which are `stride` apart for every tap.
template <bool Erode, class K, class Store>
void win_taps(const Taps<K>& taps, int64_t stride, int64_t rows, int64_t size, Store store) {
  switch (taps.count) {
    case 1:
      return win_taps<Erode, 1>(taps, stride, rows, size, store);
    case 2:
      return win_taps<Erode, 2>(taps, stride, rows, size, store);
    case 3:
      return win_taps<Erode, 3>(taps, stride, rows, size, store);
    case 4:
      return win_taps<Erode, 4>(taps, stride, rows, size, store);
    case 5:
      return win_taps<Erode, 5>(taps, stride, rows, size, store);
    case 7:
      return win_taps<Erode, 7>(taps, stride, rows, size, store);
    default:
      return win_taps<Erode, 0>(taps, stride, rows, size, store);
  }
}

// Winners of `growth` elements `ahead` apart. Writes whole blocks: what lies beyond `size` must be
// there and may become anything. In place if `to` is `from`.
template <bool Erode, class K>
void grow_windows(const K* from, K* to, int64_t ahead, int64_t size) {
  constexpr int64_t step = lanes<K>, block = unrolled * step;
  for (int64_t at = 0; at < size; at += block) {
    Lanes<K> best[unrolled];
    for (int64_t k = 0; k < unrolled; ++k) {
      const K* p = from + at + k * step;
      best[k] = load_lanes(p);
      for (int64_t i = 1; i < growth; ++i) best[k] = win<Erode>(best[k], load_lanes(p + i * ahead));
    }
    for (int64_t k = 0; k < unrolled; ++k) store_lanes(to + at + k * step, best[k]);
  }
}

// Winners of 2^Steps pixels of `Bytes` bytes, doubled step by step without leaving the registers.
template <bool Erode, int Bytes, int Steps, class K>
void double_windows(const K* from, K* to, int64_t size) {
  Lanes<K> last[Steps];
  const auto step = [&](Lanes<K> next) {
    const auto one = [&](auto stage) {
      constexpr int j = decltype(stage)::value;
      if constexpr (j < Steps) {
        const Lanes<K> here = last[j];
        last[j] = next;
        next = win<Erode>(here, lanes_after<(Bytes << j)>(here, next));
      }
    };
    one(Stage<0>{});
    one(Stage<1>{});
    one(Stage<2>{});
    one(Stage<3>{});
    one(Stage<4>{});
    one(Stage<5>{});
    return next;
  };
#pragma GCC unroll 8
  for (int i = 0; i < Steps; ++i) last[i] = Lanes<K>{};
#pragma GCC unroll 8
  for (int i = 0; i < Steps; ++i) step(load_lanes(from + i * lanes<K>));
  from += Steps * lanes<K>;
#pragma GCC unroll 2
  for (int64_t at = 0; at < size; at += lanes<K>) store_lanes(to + at, step(load_lanes(from + at)));
}

template <bool Erode, int Bytes, int Steps, class K>
int64_t double_windows(const K* from, K* to, int64_t stride, int64_t rows, int64_t size,
                       int64_t width) {
  if constexpr ((Bytes << Steps) < register_bytes)
    if (width >= int64_t{2} << Steps)
      return double_windows<Erode, Bytes, Steps + 1>(from, to, stride, rows, size, width);
  for (int64_t r = 0; r < rows; ++r)
    double_windows<Erode, Bytes, Steps>(from + r * stride, to + r * stride,
                                        size - (Bytes << Steps) / static_cast<int64_t>(sizeof(K)));
  return int64_t{1} << Steps;
}

// Windows that are as long as registers can make them in more than one step, but no longer than
// `width` pixels; or else single pixels, where they are. Returns how long. Reads up to six
// registers too many.
template <bool Erode, class K>
int64_t double_windows(const K* from, K* to, int64_t stride, int64_t rows, int64_t size,
                       int64_t width, int64_t channels) {
  constexpr int item = static_cast<int>(sizeof(K));
  if (width < (register_bytes == 16 ? 6 : 4)) return 1;
  if constexpr (has_shifts && (item == 1 || item == 4)) {
    if (channels == 1) return double_windows<Erode, item, 2>(from, to, stride, rows, size, width);
    if constexpr (6 * item < register_bytes)
      if (channels == 3)
        return double_windows<Erode, 3 * item, 2>(from, to, stride, rows, size, width);
    if constexpr (8 * item < register_bytes)
      if (channels == 4)
        return double_windows<Erode, 4 * item, 2>(from, to, stride, rows, size, width);
  }
  return 1;
}

FASTAUG_END
