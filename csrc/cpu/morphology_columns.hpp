// Winners of windows along columns, for a group of rows at a time.
//
// Windows of neighbouring rows share most of their inputs. Of `Shared` such windows, no longer than
// their length plus one, row i wants what is above the last shared row from i on (running winners
// upwards), what all share, and what is below it up to i (running winners downwards): about three
// comparisons for each, however long the window (van Herk; Gil and Werman). All of it stays in
// registers, and each column is done from top to bottom before the next.
#pragma once

#include "morphology_keys.hpp"

FASTAUG_BEGIN

constexpr int64_t group = 8;  // output rows made together,
// or so many where windows and registers allow: fewer rows are read again.
constexpr int64_t large_group = register_bytes == 64 ? 16 : group;

// Keys of floats are too many for that.
template <class T>
int64_t group_for(int64_t height) {
  return own_key<T> && height >= large_group - 1 ? large_group : group;
}

// Winners of whole groups of rows further up, which long windows have in common.
template <class K>
struct Blocks {
  const K* const* shared;
  int64_t count;
  K* made;  // of the last group of rows that these windows see; null if nobody wants it
};

// The columns of `Count` registers from `at` on, of windows of `length` >= `Shared` rows, or one
// less if `Short`.
template <bool Erode, int Shared, bool Short, int Count, class K>
inline __attribute__((always_inline)) void win_shared(const K* const* rows, int64_t length,
                                                      int64_t rest, K* to, int64_t stride,
                                                      int64_t at, const Blocks<K>& blocks) {
  using V = Lanes<K>;
  constexpr int last = Shared - 1 - Short;  // row of those above
  V above[last + 1][Count], best[Count];
  const auto join = [&](const K* row) {
#pragma GCC unroll 4
    for (int k = 0; k < Count; ++k)
      best[k] = win<Erode>(best[k], load_lanes(row + at + k * lanes<K>));
  };
  const auto start = [&](const K* row) {
#pragma GCC unroll 4
    for (int k = 0; k < Count; ++k) best[k] = load_lanes(row + at + k * lanes<K>);
  };
  const auto finish = [&](int i) {
#pragma GCC unroll 4
    for (int k = 0; k < Count; ++k)
      store_lanes(to + i * stride + at + k * lanes<K>,
                  i > last ? best[k] : win<Erode>(above[i][k], best[k]));
  };
  start(rows[last]);
  for (int64_t i = 0; i < rest; ++i) join(rows[Shared + i]);
  for (int64_t i = 0; i < blocks.count; ++i) join(blocks.shared[i]);
#pragma GCC unroll 16
  for (int i = last; i >= 0; --i) {
    if (i < last) join(rows[i]);
#pragma GCC unroll 4
    for (int k = 0; k < Count; ++k) above[i][k] = best[k];
  }
  if (Short) finish(0);
  start(rows[length - 1 + Short]);
  finish(Short);
#pragma GCC unroll 16
  for (int i = 1 + Short; i < Shared; ++i) {
    join(rows[length - 1 + i]);
    finish(i);
  }
  if (Shared >= group && blocks.made != nullptr)
#pragma GCC unroll 4
    for (int k = 0; k < Count; ++k) store_lanes(blocks.made + at + k * lanes<K>, best[k]);
}

// Windows of `length` rows; the first of row i starts at rows[i]. Makes elements [begin, end) of
// `Shared` rows, and of one register before.
template <bool Erode, int Shared, bool Short, class K>
void win_shared_rows(const K* const* rows, int64_t length, K* to, int64_t stride, int64_t begin,
                     int64_t end, const Blocks<K>& blocks) {
  // As registers allow.
  constexpr int count = register_bytes == 64 ? (Shared < group    ? 4
                                                : Shared == group ? 3
                                                                  : 2)
                        : Shared <= group    ? 2
                                             : 1;
  constexpr int64_t step = count * lanes<K>;
  const int64_t rest = length - 1 - Shared - blocks.count * Shared;
  const int64_t size = end - begin;
  int64_t at = begin;
  if (step <= size) {
    win_shared<Erode, Shared, Short, count>(rows, length, rest, to, stride, at, blocks);
    at += step;
    // Registers that overlap are as many where they are aligned, at least every other row's.
    const int64_t back = smaller(misalignment(rows[0] + at), misalignment(rows[1] + at));
    if (back <= (step - size % step) % lanes<K> || size >= 12 * step) at -= back;
  }
  for (; at + step <= end; at += step)
    win_shared<Erode, Shared, Short, count>(rows, length, rest, to, stride, at, blocks);
  const int64_t left = (end - at + lanes<K> - 1) / lanes<K>, last = end - left * lanes<K>;
  if (left <= 0) return;
  if (left == 2 && count > 1 && last >= 0)
    win_shared<Erode, Shared, Short, 2>(rows, length, rest, to, stride, last, blocks);
  else if (left == 3 && count > 2 && last >= 0)
    win_shared<Erode, Shared, Short, 3>(rows, length, rest, to, stride, last, blocks);
  else if (left == 4 && count > 3 && last >= 0)
    win_shared<Erode, Shared, Short, 4>(rows, length, rest, to, stride, last, blocks);
  else
    for (; at < end; at += lanes<K>)
      win_shared<Erode, Shared, Short, 1>(rows, length, rest, to, stride,
                                          smaller(at, end - lanes<K>), blocks);
}

template <bool Erode, int Shared, class K>
void win_shared_rows(const K* const* rows, int64_t length, K* to, int64_t stride, int64_t begin,
                     int64_t end, const Blocks<K>& blocks) {
  if (length < Shared)
    win_shared_rows<Erode, Shared, true>(rows, length, to, stride, begin, end, blocks);
  else
    win_shared_rows<Erode, Shared, false>(rows, length, to, stride, begin, end, blocks);
}

// Windows of one to four rows, of which neighbours share pairs. Makes four rows.
template <bool Erode, int Length, class K>
void win_few_rows(const K* const* rows, K* __restrict to, int64_t stride, int64_t size) {
  constexpr int count = 4;
  const K* from[count + Length - 1];
  for (int i = 0; i < count + Length - 1; ++i) from[i] = rows[i];
  each_lanes<K>(size, [&](int64_t at) {
    Lanes<K> row[count + Length - 1], made[count];
#pragma GCC unroll 8
    for (int i = 0; i < count + Length - 1; ++i) row[i] = load_lanes(from[i] + at);
    const auto pair = [&](int i) { return win<Erode>(row[i], row[i + 1]); };
#pragma GCC unroll 4
    for (int i = 0; i < count; ++i)
      made[i] = Length == 1   ? row[i]
                : Length == 2 ? pair(i)
                : Length == 4 ? win<Erode>(pair(i), pair(i + 2))
                : i % 2 == 0  ? win<Erode>(row[i], pair(i + 1))
                              : win<Erode>(pair(i), row[i + 2]);
#pragma GCC unroll 4
    for (int i = 0; i < count; ++i) store_lanes(to + i * stride + at, made[i]);
  });
}

// Makes `count` rows, a group or a large one; of a large one if windows are one less or longer.
template <bool Erode, class K>
void win_columns(const K* const* rows, int64_t length, int64_t count, K* to, int64_t stride,
                 int64_t size, Blocks<K> blocks) {
  if (count > group)
    return win_shared_rows<Erode, large_group>(rows, length, to, stride, 0, size, blocks);
  if (length >= group - 1)
    return win_shared_rows<Erode, group>(rows, length, to, stride, 0, size, blocks);
  for (int64_t i = 0; i < group; i += 4, rows += 4, to += 4 * stride) {
    if (length == 1)
      win_few_rows<Erode, 1>(rows, to, stride, size);
    else if (length == 2)
      win_few_rows<Erode, 2>(rows, to, stride, size);
    else if (length == 3)
      win_few_rows<Erode, 3>(rows, to, stride, size);
    else if (length == 4)
      win_few_rows<Erode, 4>(rows, to, stride, size);
    else
      win_shared_rows<Erode, 4>(rows, length, to, stride, 0, size, blocks);
  }
}

constexpr int most_nested = 2;

// Windows of three rows, and around them, `Steps` times, those of two rows more: each of two of the
// former, one row up and one down. Of step k a group of rows goes to to[k], of which the first is
// in the middle of rows[Steps + 1].
template <bool Erode, int Steps, class K>
void win_nested_rows(const K* const* rows, K* const* to, int64_t stride, int64_t size) {
  using V = Lanes<K>;
  constexpr int made = group + 2 * Steps;
  const K* from[made + 2];
  for (int i = 0; i < made + 2; ++i) from[i] = rows[i];
  K* store[Steps + 1];
  for (int step = 0; step <= Steps; ++step) store[step] = to[step];
  each_lanes<K>(size, [&](int64_t at) {
    V before[Steps + 1] = {}, last[Steps + 1] = {};
    const auto finish = [&](int i, V v) __attribute__((always_inline)) {
#pragma GCC unroll 4
      for (int step = 0; step <= Steps; ++step) {
        const int row = i - step - Steps;  // or not yet one, or one too many
        if (row >= 0 && row < group) store_lanes(store[step] + row * stride + at, v);
        const V wider = win<Erode>(before[step], v);
        before[step] = last[step];
        last[step] = v;
        v = wider;
      }
    };
    V a = load_lanes(from[0] + at), b = load_lanes(from[1] + at);
#pragma GCC unroll 8
    for (int i = 0; i < made; i += 2) {
      const V c = load_lanes(from[i + 2] + at), d = load_lanes(from[i + 3] + at);
      const V both = win<Erode>(b, c);
      finish(i, win<Erode>(a, both));
      finish(i + 1, win<Erode>(both, d));
      a = c;
      b = d;
    }
  });
}

// The winner of `count` rows.
template <bool Erode, class K>
void win_block(const K* const* rows, int64_t count, K* to, int64_t size) {
  each_lanes<K>(size, [&](int64_t at) {
    auto best = load_lanes(rows[0] + at);
    for (int64_t i = 1; i < count; ++i) best = win<Erode>(best, load_lanes(rows[i] + at));
    store_lanes(to + at, best);
  });
}

FASTAUG_END
