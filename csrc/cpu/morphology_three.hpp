// The window that most people ask for, three by three: along columns and then along rows, borders
// and all, without leaving the registers.
#pragma once

#include "morphology_keys.hpp"

FASTAUG_BEGIN

// Whether there is such code for rows of `size` elements: pixels must not be wider than the shifts
// within a register.
template <class T>
bool fits_three(int64_t size, int64_t channels) {
  return has_shifts && sizeof(T) % 4 < 2 && sizeof(T) <= 4 && size >= 3 * lanes<T> &&
         2 * channels <= lanes<T> && (channels == 1 || channels == 3 || channels == 4);
}

template <bool Erode, class V>
inline V win_three(V a, V b, V c) {
  return win<Erode>(win<Erode>(a, b), c);
}

// `Count` rows, the windows of the first of which start at rows[0]: pixels, whatever the type says.
// False if pixels that they see are not their own keys.
template <class T, bool Erode, int Channels, int Count, class K, class Store>
bool win_three_by_three(const K* const* rows, int64_t size, Border border, K outside, Store store,
                        int64_t first) {
  using V = Lanes<K>;
  constexpr int bytes = Channels * static_cast<int>(sizeof(K));
  constexpr int twice =
      2 * bytes <= register_bytes ? 2 * bytes : bytes;  // or there is no such code
  const int64_t last = size - lanes<K>;
  Lanes<uint32_t> most = {};
  const auto row = [&](int i, int64_t at) __attribute__((always_inline)) {
    const V v = load_lanes(rows[i] + at);
    if constexpr (is_float_bits<T>) most = larger(most, bit_cast<Lanes<uint32_t>>(v));
    return to_keys<T>(bit_cast<Lanes<T>>(v), Erode);
  };
  // Always inlined, or what it makes would be in memory.
  const auto columns = [&](int64_t at, V* made) __attribute__((always_inline)) {
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
  const auto head = [&](int i) { return store.head(first + i); };
  const auto body = [&](int i) { return store.body(first + i); };
  const auto tail = [&](int i) { return store.tail(first + i); };
  const auto finish = [&](auto to, int64_t at, const V* before, const V* here, const V* after) {
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i)
      to(i)(at, win_three<Erode>(lanes_before<bytes>(before[i], here[i]), here[i],
                                 lanes_after<bytes>(here[i], after[i])));
  };
  // Of the pixels after the first of a register: their windows start with it.
  const auto finish_row_after = [&](auto put, int64_t at, V here,
                                    V after) __attribute__((always_inline)) {
    put(at + Channels,
        win_three<Erode>(here, lanes_after<bytes>(here, after), lanes_after<twice>(here, after)));
  };
  const auto finish_after = [&](auto to, int64_t at, const V* here, const V* after) {
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) finish_row_after(to(i), at, here[i], after[i]);
  };
  V before[Count], here[Count], after[Count];
  const auto beyond = [&](int64_t at, V* made) {
    if (border == Border::wrap) return columns(at, made);
    for (int i = 0; i < Count; ++i) made[i] = outside - V{};
  };

  beyond(last, before);
  columns(0, here);
  int64_t at = 0, done = 0;
  if constexpr (register_bytes == 64) {
    // One shift less for each register, which is worth it where a shift is two instructions.
    columns(lanes<K>, after);
    finish(head, 0, before, here, after);
    at = lanes<K> - Channels;
    // Registers that overlap are as many where they are aligned, at least every other row's.
    // What is written counts more if it goes far.
    const auto beyond_line = [&](int64_t i) {
      return sizeof(T) == 1 ? misalignment(rows[i] + at) : store.misaligned(i, at + Channels);
    };
    const int64_t back = smaller(beyond_line(0), beyond_line(1));
    if (Store::streams || (size - at) / lanes<K> == (size - at + back) / lanes<K>) at -= back;
    columns(at, here);
    // Two at a time, as stores that cross lines are quicker one after the other.
    V middle[Count];
    for (; at + 3 * lanes<K> <= size; at += 2 * lanes<K>) {
      columns(at + lanes<K>, middle);
      columns(at + 2 * lanes<K>, after);
#pragma GCC unroll 8
      for (int i = 0; i < Count; ++i) {
        finish_row_after(body(i), at, here[i], middle[i]);
        finish_row_after(body(i), at + lanes<K>, middle[i], after[i]);
        here[i] = after[i];
        __builtin_prefetch(rows[group + 2 + i] + at);
        __builtin_prefetch(rows[group + 2 + i] + at + lanes<K>);
      }
    }
    for (; at + 2 * lanes<K> <= size; at += lanes<K>) {
      columns(at + lanes<K>, after);
      finish_after(body, at, here, after);
#pragma GCC unroll 8
      for (int i = 0; i < Count; ++i) {
        here[i] = after[i];
        __builtin_prefetch(rows[group + 2 + i] + at);
      }
    }
    done = at + Channels;
  } else {
    const int64_t back =
        sizeof(T) == 1 ? 0 : smaller(store.misaligned(0, 0), store.misaligned(1, 0));
    if (back > 0) {
      columns(lanes<K>, after);
      finish(head, 0, before, here, after);
      columns(2 * lanes<K>, before);
      finish(body, lanes<K>, here, after, before);
      at = 2 * lanes<K> - back;
      columns(at - lanes<K>, before);
      columns(at, here);
    }
    for (; at + 2 * lanes<K> <= size; at += lanes<K>) {
      columns(at + lanes<K>, after);
      finish(body, at, before, here, after);
#pragma GCC unroll 8
      for (int i = 0; i < Count; ++i) {
        before[i] = here[i];
        here[i] = after[i];
        __builtin_prefetch(rows[group + 2 + i] + at);
      }
    }
    // Of what is left over the last pixel comes with the last register, or by one more step.
    if (at < last) finish(body, at, before, here, here);
    done = at < last ? at + lanes<K> - Channels : last;
  }
  columns(last - lanes<K>, before);
  columns(last, here);
  if (done < last) finish_after(tail, last - lanes<K>, before, here);
  beyond(0, after);
  finish(tail, last, before, here, after);
  store.finish(done);
  return !is_float_bits<T> || are_keys(most);
}

// A group of rows.
template <class T, bool Erode, class K, class Store>
bool win_three_by_three(const K* const* rows, int64_t size, int64_t channels, Border border,
                        K outside, Store store) {
  constexpr int count = register_bytes == 64 ? group : group / 2;  // as registers allow
  bool done = true;
  for (int64_t i = 0; i < group; i += count) {
    if (channels == 1)
      done &= win_three_by_three<T, Erode, 1, count>(rows + i, size, border, outside, store, i);
    else if (channels == 3)
      done &= win_three_by_three<T, Erode, 3, count>(rows + i, size, border, outside, store, i);
    else
      done &= win_three_by_three<T, Erode, 4, count>(rows + i, size, border, outside, store, i);
  }
  return done;
}

FASTAUG_END
