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
    if (width - base > base || bytes >= (pixel % 2 + 1 == 2 ? 1 : 2) * register_bytes) base = 0;
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

// `size` elements, each the winner of the window of `row` that starts there. `Bytes` a pixel;
// windows of 2^Steps pixels, and one if `Odd`, are joined with those `bytes` and maybe a register on.
template <class P, bool Erode, int Bytes, int Steps, bool Odd, bool Far, class K>
void win_along(const K* row, int64_t size, int64_t bytes, P* to) {
  using V = Lanes<K>;
  constexpr int delay = Steps + 1 + Far;
  const EvenShift shift(bytes - (Far ? register_bytes : 0));
  V last[Steps], middle = {}, late = {};
  const auto push = [&](V next) {
    const auto step = [&](auto number) {
      constexpr int j = decltype(number)::value;
      if constexpr (j < Steps) {
        const V here = last[j];
        last[j] = next;
        V more = lanes_after<(Bytes << j)>(here, next);
        if constexpr (j == 0 && Odd) more = win<Erode>(more, lanes_after<2 * Bytes>(here, next));
        next = win<Erode>(here, more);
      }
    };
    step(Constant<0>{});
    step(Constant<1>{});
    step(Constant<2>{});
    step(Constant<3>{});
    step(Constant<4>{});
    step(Constant<5>{});
    const V here = late;
    const V from = Far ? middle : late;
    late = from;
    if (Far) {
      late = middle;
      middle = next;
      return win<Erode>(here, shift(from, next));
    }
    late = next;
    return win<Erode>(here, shift(here, next));
  };
#pragma GCC unroll 8
  for (int i = 0; i < Steps; ++i) last[i] = V{};
#pragma GCC unroll 8
  for (int i = 0; i < delay; ++i, row += lanes<K>) push(load_lanes(row));
  Lanes<P> made = {};
  int64_t at = 0;
#pragma GCC unroll 2
  for (; at + lanes<K> <= size; at += lanes<K>) {
    made = ToElements<P>::from(push(load_lanes(row + at)));
    prefetch_write(to + at);
    store_lanes(to + at, made);
  }
  if (at == size) return;
  // The rest of the row goes together with what was made before it.
  const Lanes<P> rest = ToElements<P>::from(push(load_lanes(row + at)));
  const int64_t unwanted = (size - at) * static_cast<int64_t>(sizeof(P));
  if (unwanted % 2 == 0) {
    store_lanes(to + size - lanes<K>, EvenShift(unwanted)(made, rest));
  } else {
    P both[2 * lanes<K>];
    store_lanes(both, made);
    store_lanes(both + lanes<K>, rest);
    store_lanes(to + size - lanes<K>, load_lanes(both + size - at));
  }
}

template <class P, bool Erode, int Bytes, int Steps, class K>
void win_along(const K* row, int64_t size, const Along& along, P* to) {
  if constexpr ((Bytes << Steps) < register_bytes)
    if (along.steps > Steps) return win_along<P, Erode, Bytes, Steps + 1>(row, size, along, to);
  if constexpr (Bytes % 2 != 0) {
    if (along.base % 2 != 0)
      return win_along<P, Erode, Bytes, Steps, true, false>(row, size, along.bytes, to);
  } else if constexpr ((Bytes << Steps) >= register_bytes) {
    if (along.bytes >= register_bytes)
      return win_along<P, Erode, Bytes, Steps, false, true>(row, size, along.bytes, to);
  }
  win_along<P, Erode, Bytes, Steps, false, false>(row, size, along.bytes, to);
}

// False if there is no such code.
template <class P, bool Erode, class K>
bool win_along(const K* row, int64_t size, int64_t channels, const Along& along, P* to) {
  if constexpr (has_even_shifts && (sizeof(K) == 1 || sizeof(K) == 4)) {
    constexpr int item = static_cast<int>(sizeof(K));
    switch (channels) {
      case 1:
        return win_along<P, Erode, item, 1>(row, size, along, to), true;
      case 3:
        return win_along<P, Erode, 3 * item, 1>(row, size, along, to), true;
      case 4:
        return win_along<P, Erode, 4 * item, 1>(row, size, along, to), true;
    }
  }
  return false;
}

FASTAUG_END
