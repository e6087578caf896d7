// Windows along a row whose winners are found without leaving the registers: doubled step by step,
// and the last of them joined with itself some pixels on.
#pragma once

#include "morphology_keys.hpp"

FASTAUG_BEGIN

template <int Number>
struct Constant {
  static constexpr int value = Number;
};

// Windows of `base` pixels, the second of two of them `bytes` after the first, make one of `width`.
struct Along {
  int64_t base = 0, bytes = 0;  // no base: registers are too short
  int steps = 0;

  Along(int64_t width, int64_t pixel) {
    // Registers move by even numbers of bytes at once. So where pixels have an odd number, windows
    // of odd widths are made of odd ones.
    const int64_t odd = pixel % 2 != 0 ? width % 2 : 0;
    if (!has_even_shifts || width < 2) return;
    while ((int64_t{2} << steps) + odd <= width && (pixel << steps) < register_bytes) ++steps;
    base = (int64_t{1} << steps) + odd;
    bytes = (width - base) * pixel;
    if (width - base > base || bytes >= (pixel % 2 != 0 ? 1 : 2) * register_bytes) base = 0;
  }
};

// Pixels of keys, or keys.
template <class P>
struct ToElements {
  static Lanes<P> from(Lanes<typename MorphologyKey<P>::type> v) { return from_keys<P>(v); }
};
template <>
struct ToElements<int32_t> {
  static Lanes<int32_t> from(Lanes<int32_t> v) { return v; }
};

// Rows of `size` elements, each the winner of the window of `from` that starts there. Rows of
// `stride` elements, whole registers, are one for the windows: each ends with what lies right of
// it, so that none starts anew. `Bytes` a pixel; windows of 2^Steps pixels, and one if `Odd`, are
// joined with those that lie `bytes`, if `Far` more than a register, on.
template <class P, bool Erode, int Bytes, int Steps, bool Odd, bool Far, class K>
void win_along(const K* from, int64_t stride, int64_t rows, int64_t size, int64_t bytes,
               P* const* to_rows, const P* const* ahead) {
  using V = Lanes<K>;
  constexpr int64_t delay = Steps + Far, step = lanes<K>;
  constexpr int64_t pixel = Bytes / static_cast<int64_t>(sizeof(K));
  constexpr bool far = sizeof(P) == 4;  // batches of bytes stay near enough
  const EvenShift<Bytes % 4 == 0 ? 4 : 2> shift(bytes - (Far ? register_bytes : 0));
  V last[Steps] = {}, whole = {}, next_whole = {};
  // The first step is made by loads, as those are free while registers move.
  const auto push = [&](const K* p) __attribute__((always_inline)) {
    const V first = load_lanes(p);
    V next = win<Erode>(first, Bytes % 4 != 0 ? load_lanes(p + pixel)
                                              : lanes_after<Bytes>(first, load_lanes(p + step)));
    if constexpr (Odd) next = win<Erode>(next, load_lanes(p + 2 * pixel));
    const auto grow = [&](auto number) __attribute__((always_inline)) {
      constexpr int j = decltype(number)::value;
      if constexpr (j < Steps) {
        const V here = last[j];
        last[j] = next;
        next = win<Erode>(here, lanes_after<(Bytes << j)>(here, next));
      }
    };
    grow(Constant<1>{});
    grow(Constant<2>{});
    grow(Constant<3>{});
    grow(Constant<4>{});
    grow(Constant<5>{});
    const V here = whole, after = Far ? next_whole : whole;
    whole = Far ? next_whole : next;
    next_whole = next;
    return ToElements<P>::from(win<Erode>(here, shift(after, next)));
  };
#pragma GCC unroll 8
  for (int64_t i = 0; i < delay; ++i, from += step) push(from);
  for (int64_t r = 0; r < rows; ++r, from += stride) {
    P* to = to_rows[r];
    if (far && ahead[r] != nullptr)
      for (int64_t i = 0; i < size; i += step) __builtin_prefetch(ahead[r] + i);
    int64_t at = 0;
#pragma GCC unroll 2
    for (; at + step <= size; at += step) {
      const Lanes<P> made = push(from + at);
      if (far) prefetch_write(to + at);
      store_lanes(to + at, made);
    }
    if (at < size) {
      store_first(to + at, push(from + at), size - at);
      at += step;
    }
    for (; at < stride; at += step) push(from + at);
  }
}

// Which code it takes: windows of 2^steps pixels of so many bytes, and one pixel if `is_odd`,
// joined with those more than a register on if `is_far`.
template <int Bytes, int Steps, bool Odd, bool Far>
struct AlongKind {
  static constexpr int bytes = Bytes, steps = Steps;
  static constexpr bool is_odd = Odd, is_far = Far;
};

template <int Bytes, int Steps, class Do>
void with_kind(const Along& along, Do act) {
  if constexpr ((Bytes << Steps) < register_bytes)
    if (along.steps > Steps) return with_kind<Bytes, Steps + 1>(along, act);
  if constexpr (Bytes % 2 != 0) {
    if (along.base % 2 != 0) return act(AlongKind<Bytes, Steps, true, false>{});
  } else if constexpr ((Bytes << Steps) >= register_bytes) {
    if (along.bytes >= register_bytes) return act(AlongKind<Bytes, Steps, false, true>{});
  }
  act(AlongKind<Bytes, Steps, false, false>{});
}

// Calls act(kind) for pixels of `channels` elements of `Size` bytes.
template <int Size, class Do>
void with_kind(const Along& along, int64_t channels, Do act) {
  if (channels == 1)
    with_kind<Size, 1>(along, act);
  else if (channels == 3)
    with_kind<3 * Size, 1>(along, act);
  else
    with_kind<4 * Size, 1>(along, act);
}

template <class P, bool Erode, class K>
void win_along(const K* from, int64_t stride, int64_t rows, int64_t size, int64_t channels,
               const Along& along, P* const* to, const P* const* ahead) {
  if constexpr (has_even_shifts && (sizeof(K) == 1 || sizeof(K) == 4))
    with_kind<sizeof(K)>(along, channels, [&](auto kind) {
      using Kind = decltype(kind);
      win_along<P, Erode, Kind::bytes, Kind::steps, Kind::is_odd, Kind::is_far>(
          from, stride, rows, size, along.bytes, to, ahead);
    });
}

FASTAUG_END
