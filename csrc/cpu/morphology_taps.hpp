// Winners of a few taps: rows of keys that lie at some offset from each other. Windows along a row
// are taps of the same row; a window too long for that is grown first, so that fewer taps see it.
#pragma once

#include "morphology_keys.hpp"

FASTAUG_BEGIN

constexpr int64_t most_taps = 8;  // joined at once
constexpr int64_t growth = 4;     // how many times as long a window gets in one pass
constexpr int64_t unrolled = 4;   // registers that go through the taps together

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

// Winners of `growth` elements `ahead` apart. In place if `to` is `from`.
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

// Windows that are doubled `Steps` times in registers, of which one after the other is given.
template <bool Erode, int Bytes, int Steps, class K>
class Doubling {
  using V = Lanes<K>;
  // Of each step as many as it looks ahead.
  static constexpr int ahead(int step) { return (Bytes << step) / register_bytes; }

 public:
  // How many registers after one its windows are there.
  static constexpr int delay() {
    int sum = 0;
    for (int step = 1; step < Steps; ++step) sum += ahead(step) + 1;
    return sum;
  }

  inline __attribute__((always_inline)) V operator()(V next) {
    grow<1>(next);
    grow<2>(next);
    return next;
  }

 private:
  template <int Step>
  inline __attribute__((always_inline)) void grow(V& next) {
    if constexpr (Step < Steps) {
      constexpr int far = ahead(Step), rest = (Bytes << Step) % register_bytes;
      V* const before = before_[Step];
      V there = before[far];
      if constexpr (rest > 0) there = lanes_after<rest>(there, next);
      const V made = win<Erode>(before[0], there);
#pragma GCC unroll 8
      for (int i = 0; i < far; ++i) before[i] = before[i + 1];
      before[far] = next;
      next = made;
    }
  }
  V before_[Steps][ahead(Steps - 1) + 1] = {};
};

// Winners of 2^Steps windows that are `Bytes` long, for rows that lie one after the other. The
// first step is made by loads, as those are free while registers move. In place if `to` is `from`.
template <bool Erode, int Bytes, int Steps, class K>
void double_windows(const K* from, K* to, int64_t size) {
  constexpr int64_t step = lanes<K>, window = Bytes / static_cast<int64_t>(sizeof(K));
  Doubling<Erode, Bytes, Steps, K> doubled;
  const auto next = [&](int64_t at) __attribute__((always_inline)) {
    return doubled(win<Erode>(load_lanes(from + at), load_lanes(from + at + window)));
  };
  constexpr int delay = doubled.delay();
#pragma GCC unroll 16
  for (int i = 0; i < delay; ++i) next(i * step);
  from += delay * step;
#pragma GCC unroll 4
  for (int64_t at = 0; at < size; at += step) store_lanes(to + at, next(at));
}

// `steps` of them, no more than `Most`, in passes of as many as registers hold.
template <bool Erode, int Bytes, int Most, class K>
void double_windows(const K* from, K* to, int64_t size, int steps) {
  constexpr int pass = 2 * Bytes >= 3 * register_bytes ? 1 : (Most < 3 ? Most : 3);
  if (steps == 1) return double_windows<Erode, Bytes, 1>(from, to, size);
  if constexpr (pass > 1)
    if (steps == 2) return double_windows<Erode, Bytes, 2>(from, to, size);
  double_windows<Erode, Bytes, pass>(from, to, size);
  if constexpr (Most > pass)
    if (steps > pass)
      double_windows<Erode, (Bytes << pass), Most - pass>(to, to, size, steps - pass);
}

// Windows that are doubled in registers, but no longer than `width` pixels; or else single pixels,
// where they are. Returns how long.
template <bool Erode, class K>
int64_t double_windows(const K* from, K* to, int64_t size, int64_t width, int64_t channels) {
  constexpr int item = static_cast<int>(sizeof(K));
  if (width < (register_bytes == 16 ? 6 : 4)) return 1;
  if constexpr (has_shifts && (item == 1 || item == 4)) {
    constexpr int most = 5;
    int steps = 2;
    while (steps < most && (int64_t{2} << steps) <= width) ++steps;
    if (channels == 1)
      double_windows<Erode, item, most>(from, to, size, steps);
    else if (channels == 3)
      double_windows<Erode, 3 * item, most>(from, to, size, steps);
    else if (channels == 4)
      double_windows<Erode, 4 * item, most>(from, to, size, steps);
    else
      return 1;
    return int64_t{1} << steps;
  }
  return 1;
}

FASTAUG_END
