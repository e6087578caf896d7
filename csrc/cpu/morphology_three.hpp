// The window that most people ask for, three by three: along columns and then along rows, borders
// and all, without leaving the registers.
#pragma once

#include "morphology_keys.hpp"

FASTAUG_BEGIN

// Whether there is such code for rows of `size` elements: pixels must not be wider than the shifts
// within a register, of which a border that mirrors wants two.
template <class T>
bool fits_three(int64_t size, int64_t channels, Border border) {
  return has_shifts && sizeof(T) % 4 < 2 && sizeof(T) <= 4 && size >= 3 * lanes<T> &&
         2 * channels <= lanes<T> &&
         (channels == 1 || channels == 3 || (channels == 4 && sizeof(T) == 1)) &&
         (border != Border::mirror || sizeof(T) * static_cast<std::size_t>(channels) <= 8);
}

template <bool Erode, class V>
inline V win_three(V a, V b, V c) {
  return win<Erode>(win<Erode>(a, b), c);
}

// `Count` rows, the windows of the first of which start at rows[0]: pixels, whatever the type says.
template <class T, bool Erode, int Channels, int Count, class K, class Store>
void win_three_by_three(const K* const* rows, int64_t size, Border border, K outside, Store store,
                        int64_t first) {
  using V = Lanes<K>;
  constexpr int bytes = Channels * static_cast<int>(sizeof(K));
  constexpr int twice = 2 * bytes <= 16 ? 2 * bytes : bytes;  // nobody mirrors wider pixels
  const int64_t last = size - lanes<K>;
  const auto row = [&](int i, int64_t at) {
    return to_keys<T>(bit_cast<Lanes<T>>(load_lanes(rows[i] + at)), Erode);
  };
  const auto columns = [&](int64_t at, V* made) {
    V a = row(0, at), b = row(1, at);
#pragma GCC unroll 8
    for (int i = 0; i < Count; i += 2) {
      const V c = row(i + 2, at), d = row(i + 3, at);
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
                : border == Border::mirror ? ending_with_start<twice>(here[i])
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
  // Of what is left over the last pixel comes with the last register, or by one more step.
  if (at < last) finish(at, before, here, here);
  if (const int64_t again = last - Channels; at < last && at + lanes<K> - Channels < last) {
    columns(again - lanes<K>, before);
    columns(again, here);
    finish(again, before, here, here);
  }

  columns(last - lanes<K>, before);
  columns(last, here);
  if (border == Border::wrap) columns(0, after);
  for (int i = 0; i < Count && border != Border::wrap; ++i)
    after[i] = border == Border::constant || border == Border::ignore ? outside - V{}
               : border == Border::mirror ? starting_with_end<twice>(here[i])
                                          : starting_with_end<bytes>(here[i]);
  finish(last, before, here, after);
}

// A group of rows.
template <class T, bool Erode, class K, class Store>
void win_three_by_three(const K* const* rows, int64_t size, int64_t channels, Border border,
                        K outside, Store store) {
  constexpr int count = register_bytes == 64 ? group : group / 2;  // as registers allow
  for (int64_t i = 0; i < group; i += count) {
    if (channels == 1)
      win_three_by_three<T, Erode, 1, count>(rows + i, size, border, outside, store, i);
    else if (channels == 3)
      win_three_by_three<T, Erode, 3, count>(rows + i, size, border, outside, store, i);
    else if constexpr (sizeof(T) == 1)
      win_three_by_three<T, Erode, 4, count>(rows + i, size, border, outside, store, i);
  }
}

FASTAUG_END
