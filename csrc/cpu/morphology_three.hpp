// The window that most people ask for, three by three, of bytes: along columns and then along rows,
// all in registers. Only the ends of rows, which have a border to see, go through memory.
#pragma once

#include "morphology_border.hpp"
#include "morphology_keys.hpp"

FASTAUG_BEGIN

template <bool Erode, class V>
inline V win_three(V a, V b, V c) {
  return win<Erode>(win<Erode>(a, b), c);
}

// Whether there is such code for rows of `size` elements.
template <class K>
bool fits_three(int64_t size, int64_t channels) {
  return has_shifts && sizeof(K) == 1 && size >= 3 * lanes<K> &&
         (channels == 1 || channels == 3 || channels == 4);
}

// The registers at either end of a group of rows. Of the last the first pixel is wrong.
template <bool Erode, class K, class Store>
void win_three_ends(const K* const* rows, int64_t size, int64_t channels, const Surround& surround,
                    K* columns, int64_t stride, Store store) {
  const int64_t last = size - lanes<K>;
  for (int64_t i = 0; i < group; ++i)
    for (const int64_t at : {int64_t{0}, lanes<K>, last})
      store_lanes(columns + i * stride + at,
                  win_three<Erode>(load_lanes(rows[i] + at), load_lanes(rows[i + 1] + at),
                                   load_lanes(rows[i + 2] + at)));
  surround.fill(columns, stride, group);
  for (int64_t i = 0; i < group; ++i) {
    const auto put = store.row(i);
    for (int64_t at = 0; at <= last; at += last) {
      const K* p = columns + i * stride + at;
      put(at, win_three<Erode>(load_lanes(p - channels), load_lanes(p), load_lanes(p + channels)));
    }
  }
}

// The first `Count` rows of what lies between, but for what is left over at the end; says where
// that starts.
template <bool Erode, int Channels, int Count, class K, class Store>
int64_t win_three_inside(const K* const* rows, int64_t size, Store store, int64_t first) {
  using V = Lanes<K>;
  constexpr int bytes = Channels * static_cast<int>(sizeof(K));
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
  V before[Count], here[Count], after[Count];
  columns(0, before);
  columns(lanes<K>, here);
  int64_t at = lanes<K>;
  for (; at + 2 * lanes<K> <= size; at += lanes<K>) {
    columns(at + lanes<K>, after);
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) {
      store.row(first + i)(at, win_three<Erode>(lanes_before<bytes>(before[i], here[i]), here[i],
                                                lanes_after<bytes>(here[i], after[i])));
      before[i] = here[i];
      here[i] = after[i];
    }
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) __builtin_prefetch(rows[group + 2 + i] + at);
  }
  return at;
}

// One register of what was left over.
template <bool Erode, class K, class Store>
void win_three_rest(const K* const* rows, int64_t channels, int64_t at, Store store) {
  const auto row = [&](int64_t i) {
    const K* p = rows[i] + at;
    return win_three<Erode>(load_lanes(p), load_lanes(p - channels), load_lanes(p + channels));
  };
  auto a = row(0), b = row(1);
  for (int64_t i = 0; i < group; i += 2) {
    const auto c = row(i + 2), d = row(i + 3);
    const auto both = win<Erode>(b, c);
    store.row(i)(at, win<Erode>(a, both));
    store.row(i + 1)(at, win<Erode>(both, d));
    a = c;
    b = d;
  }
}

template <bool Erode, class K, class Store>
void win_three_by_three(const K* const* rows, int64_t size, int64_t channels,
                        const Surround& surround, K* columns, int64_t stride, Store store) {
  win_three_ends<Erode>(rows, size, channels, surround, columns, stride, store);
  constexpr int count = register_bytes == 64 ? group : group / 2;  // as registers allow
  int64_t at = 0;
  for (int64_t i = 0; i < group; i += count)
    at = channels == 1   ? win_three_inside<Erode, 1, count>(rows + i, size, store, i)
         : channels == 3 ? win_three_inside<Erode, 3, count>(rows + i, size, store, i)
                         : win_three_inside<Erode, 4, count>(rows + i, size, store, i);
  const int64_t end = size - lanes<K> + channels;
  for (; at < end; at += lanes<K>) {
    at = smaller(at, end - 2 * channels);
    win_three_rest<Erode>(rows, channels, at, store);
  }
}

FASTAUG_END
