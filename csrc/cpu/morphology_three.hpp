// The window that most people ask for, three by three, of bytes: along columns and then along rows,
// borders and all, without leaving the registers.
#pragma once

#include "morphology_keys.hpp"

FASTAUG_BEGIN

// Whether there is such code for rows of `size` elements.
template <class K>
bool fits_three(int64_t size, int64_t channels) {
  return has_shifts && sizeof(K) == 1 && size >= 2 * lanes<K> &&
         (channels == 1 || channels == 3 || channels == 4);
}

template <bool Erode, class V>
inline V win_three(V a, V b, V c) {
  return win<Erode>(win<Erode>(a, b), c);
}

// `Count` rows, the windows of the first of which start at rows[0].
template <bool Erode, int Channels, int Count, class K, class Store>
void win_three_by_three(const K* const* rows, int64_t size, Border border, K outside, Store store,
                        int64_t first) {
  using V = Lanes<K>;
  constexpr int bytes = Channels * static_cast<int>(sizeof(K));
  const int64_t last = size - lanes<K>;
  const auto columns = [&](int64_t at, V* made) {
    V a = load_lanes(rows[0] + at), b = load_lanes(rows[1] + at);
#pragma GCC unroll 8
    for (int i = 0; i < Count; i += 2) {
      const V c = load_lanes(rows[i + 2] + at), d = load_lanes(rows[i + 3] + at);
      const V both = win<Erode>(b, c);
      made[i] = win<Erode>(a, both);
      made[i + 1] = win<Erode>(both, d);
      a = c;
      b = d;
    }
  };
  const auto finish = [&](int64_t at, const V* before, const V* here, const V* after) {
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i)
      store.row(first + i)(at, win_three<Erode>(lanes_before<bytes>(before[i], here[i]), here[i],
                                                lanes_after<bytes>(here[i], after[i])));
  };
  V before[Count], here[Count], after[Count];

  // In the register before the row only the last pixel matters.
  columns(0, here);
  if (border == Border::wrap) columns(last, before);
  for (int i = 0; i < Count && border != Border::wrap; ++i)
    before[i] = border == Border::constant || border == Border::ignore ? outside - V{}
                : border == Border::mirror ? ending_with_start<2 * bytes>(here[i])
                                           : ending_with_start<bytes>(here[i]);
  int64_t at = 0;
  for (; at + 2 * lanes<K> <= size; at += lanes<K>) {
    columns(at + lanes<K>, after);
    finish(at, before, here, after);
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) {
      before[i] = here[i];
      here[i] = after[i];
      __builtin_prefetch(rows[group + 2 + i] + at);
    }
  }
  // Of what is left over the last pixel comes with the last register.
  if (at < last) finish(at, before, here, here);

  columns(last - lanes<K>, before);
  columns(last, here);
  if (border == Border::wrap) columns(0, after);
  for (int i = 0; i < Count && border != Border::wrap; ++i)
    after[i] = border == Border::constant || border == Border::ignore ? outside - V{}
               : border == Border::mirror ? starting_with_end<2 * bytes>(here[i])
                                          : starting_with_end<bytes>(here[i]);
  finish(last, before, here, after);
}

// A group of rows.
template <bool Erode, class K, class Store>
void win_three_by_three(const K* const* rows, int64_t size, int64_t channels, Border border,
                        K outside, Store store) {
  constexpr int count = register_bytes == 64 ? group : group / 2;  // as registers allow
  for (int64_t i = 0; i < group; i += count) {
    if (channels == 1)
      win_three_by_three<Erode, 1, count>(rows + i, size, border, outside, store, i);
    else if (channels == 3)
      win_three_by_three<Erode, 3, count>(rows + i, size, border, outside, store, i);
    else
      win_three_by_three<Erode, 4, count>(rows + i, size, border, outside, store, i);
  }
}

FASTAUG_END
