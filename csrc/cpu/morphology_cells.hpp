// Winners of a footprint's cells, one by one: for those that have little in common, such as a
// diagonal. Each costs one load and one comparison; where many have a neighbour, so do two.
#pragma once

#include "morphology_columns.hpp"

FASTAUG_BEGIN

// Winners of two pixels next to each other, of whole registers.
template <bool Erode, class K>
void win_pairs(const K* from, K* to, int64_t channels, int64_t size) {
  for (int64_t at = 0; at < size; at += lanes<K>)
    store_lanes(to + at, win<Erode>(load_lanes(from + at), load_lanes(from + at + channels)));
}

constexpr int cell_rows = 4;  // that go through the cells together

// Of rows that start at from[r], `Count` registers from `at` on.
template <bool Erode, int Count, class K, class Put>
inline __attribute__((always_inline)) void win_cells(const K* const* from, const int64_t* offsets,
                                                     int64_t cells, int64_t at, const Put* put) {
  Lanes<K> best[cell_rows][Count];
  const K* p[cell_rows];
#pragma GCC unroll 4
  for (int r = 0; r < cell_rows; ++r) {
    p[r] = from[r] + at;
#pragma GCC unroll 2
    for (int k = 0; k < Count; ++k) best[r][k] = load_lanes(p[r] + offsets[0] + k * lanes<K>);
  }
  for (int64_t i = 1; i < cells; ++i) {
    const int64_t offset = offsets[i];
#pragma GCC unroll 4
    for (int r = 0; r < cell_rows; ++r)
#pragma GCC unroll 2
      for (int k = 0; k < Count; ++k)
        best[r][k] = win<Erode>(best[r][k], load_lanes(p[r] + offset + k * lanes<K>));
  }
#pragma GCC unroll 4
  for (int r = 0; r < cell_rows; ++r)
#pragma GCC unroll 2
    for (int k = 0; k < Count; ++k) put[r](at + k * lanes<K>, best[r][k]);
}

// A group of rows of `size` elements, `stride` apart: the winners of the keys that lie `offsets`
// from each.
template <bool Erode, class K, class Store>
void win_cells(const K* from, int64_t stride, const int64_t* offsets, int64_t cells, int64_t size,
               Store store) {
  constexpr int64_t step = lanes<K>;
  static_assert(cell_rows == 4, "as many are named below");
  for (int64_t r = 0; r < group; r += cell_rows, from += cell_rows * stride) {
    const K* rows[cell_rows] = {from, from + stride, from + 2 * stride, from + 3 * stride};
    const decltype(store.row(0)) put[cell_rows] = {store.row(r), store.row(r + 1), store.row(r + 2),
                                                   store.row(r + 3)};
    int64_t at = 0;
    for (; at + 2 * step <= size; at += 2 * step)
      win_cells<Erode, 2>(rows, offsets, cells, at, put);
    for (; at < size; at += step)
      win_cells<Erode, 1>(rows, offsets, cells, smaller(at, size - step), put);
  }
}

FASTAUG_END
