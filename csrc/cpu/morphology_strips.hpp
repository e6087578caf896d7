// Windows of a full rectangle a strip of columns at a time: where rows are so long that winners
// along columns of a whole group of them would not stay in the nearest cache until they are joined
// along rows. What a row's windows have come to at the end of a strip waits for the next one.
#pragma once

#include "morphology_along.hpp"
#include "morphology_columns.hpp"

FASTAUG_BEGIN

constexpr int64_t strip_registers = 8;  // of columns, that all rows of a group make in turn

// Windows along a row that is read a register at a time.
template <bool Erode, class Kind, class K>
struct WindowsAlong {
  using V = Lanes<K>;
  V last[Kind::steps], whole, next_whole;

  // How many registers after one its windows are there, and how many elements are read beyond one:
  // the first step is made by two loads, as ports for loads are free while others shuffle.
  static constexpr int64_t delay = Kind::steps + Kind::is_far;
  static constexpr int64_t beyond = Kind::bytes / static_cast<int64_t>(sizeof(K));

  template <class Shift>
  inline __attribute__((always_inline)) V push(const K* p, const Shift& shift) {
    V next = win<Erode>(load_lanes(p), load_lanes(p + beyond));
    grow<1>(next);
    grow<2>(next);
    grow<3>(next);
    grow<4>(next);
    grow<5>(next);
    const V here = whole, after = Kind::is_far ? next_whole : whole;
    whole = Kind::is_far ? next_whole : next;
    next_whole = next;
    return win<Erode>(here, shift(after, next));
  }

 private:
  template <int Step>
  inline __attribute__((always_inline)) void grow(V& next) {
    if constexpr (Step < Kind::steps) {
      const V here = last[Step];
      last[Step] = next;
      next = win<Erode>(here, lanes_after<(Kind::bytes << Step)>(here, next));
    }
  }
};

// The memory it takes: rows of a strip, and what waits for the next one.
template <class K>
struct StripRoom {
  static constexpr int64_t beyond = 10 * lanes<K>;  // registers that the last windows see
  static constexpr int64_t waiting = 8 * lanes<K>;  // of a row
  static int64_t lead(int64_t pad) { return (pad / lanes<K> + 3) * lanes<K>; }
  static int64_t stride(int64_t pad) { return lead(pad) + 2 * strip_registers * lanes<K> + beyond; }
  static int64_t elements(int64_t pad) { return large_group * (stride(pad) + waiting); }
};

// Rows that are seen for the first time, of those that a group sees.
template <class K>
struct Fresh {
  const K* rows[large_group];
  int64_t count = 0;
};

// A large group of rows of `size` elements, of which `count` are wanted: windows of `height` rows,
// and along rows those of `along`, which start `pad` elements before. Outside lies `outside`. False
// if fresh rows have pixels that are not their own keys.
template <bool Erode, class Kind, class K, class Store>
bool win_strips(const K* const* rows, const Fresh<K>& fresh, int64_t height, int64_t size,
                int64_t pad, K outside, int64_t count, const Along& along, Store store, K* memory) {
  using Windows = WindowsAlong<Erode, Kind, K>;
  constexpr int64_t step = lanes<K>, delay = Windows::delay;
  static_assert(sizeof(Windows) <= StripRoom<K>::waiting * sizeof(K), "more room is needed");
  const int64_t lead = StripRoom<K>::lead(pad), stride = StripRoom<K>::stride(pad);
  const EvenShift<4> shift(along.bytes - (Kind::is_far ? register_bytes : 0));
  Windows* const waiting = reinterpret_cast<Windows*>(memory + large_group * stride);
  const Lanes<K> all_outside = outside - Lanes<K>{};
  // What is written is in line, and so is what is read.
  const int64_t start = -misalignment(store.to[0]);
  const int64_t registers = (size - start + step - 1) / step + delay;
  Lanes<uint32_t> most = {};
  // What the next group sees first is asked for while this one is made, a little at a time, to be
  // in the second cache by then.
  const auto ask = [&](const K* row, int64_t at, int64_t end) __attribute__((always_inline)) {
#pragma GCC unroll 1
    for (; at < end; at += step) __builtin_prefetch(row + at, 0, 2);
  };
  const auto see = [&](const K* row, int64_t at, int64_t end) {
    for (; at + step <= end; at += step)
      most = larger(most, bit_cast<Lanes<uint32_t>>(load_lanes(row + at)));
    if (at < end) most = larger(most, bit_cast<Lanes<uint32_t>>(load_lanes(row + end - step)));
  };
  int64_t begin = -misalignment(rows[0]), made = 0;
  for (int64_t end; begin < size; begin = end) {
    end = begin + strip_registers * step;
    if (end + strip_registers / 2 * step >= size) end = size;
    for (int64_t i = 0; i < fresh.count; ++i) see(fresh.rows[i], larger<int64_t>(begin, 0), end);
    K* const columns = memory + lead - begin;
    win_shared_rows<Erode, large_group>(rows, height, columns, stride, larger<int64_t>(begin, 0),
                                        end, Blocks<K>{nullptr, 0, nullptr});
    const int64_t from = start - pad + made * step;
    const int64_t pushed = end < size ? (end - from - Windows::beyond) / step : registers - made;
    for (int64_t r = 0; r < count; ++r) {
      K* const row = columns + r * stride;
      ask(rows[height - 1 + large_group + r], larger<int64_t>(begin, 0), end);
      if (begin <= 0)
        for (int64_t at = -step; at + step > from; at -= step) store_lanes(row + at, all_outside);
      if (end == size)
        for (int64_t at = size; at < from + pushed * step + Windows::beyond; at += step)
          store_lanes(row + at, all_outside);
      if (begin <= 0) waiting[r] = Windows{};
      Windows windows = waiting[r];
      int64_t i = 0, at = start + (made - delay) * step;
      const auto next = [&]() __attribute__((always_inline)) {
        return windows.push(row + from + i++ * step, shift);
      };
      const auto put = store.body(r);
      if (pushed == strip_registers && at >= 0 && at + pushed * step <= size) {
#pragma GCC unroll 8
        for (int64_t k = 0; k < strip_registers; ++k) put(at + k * step, next());
      } else {
        for (; at <= -step && i < pushed; at += step) next();
        if (at < 0 && i < pushed) {
          store_from(store.head_of(r) + at, from_keys<typename Store::Element>(next()), -at);
          at += step;
        }
        const int64_t whole = smaller(pushed, i + (size - at) / step);
        for (; i < whole; at += step) put(at, next());
        if (i < pushed)
          store_first(store.tail_of(r) + at, from_keys<typename Store::Element>(next()), size - at);
      }
      waiting[r] = windows;
      if (end < size)
        for (int64_t at = end - 2 * step; at < end; at += step)
          store_lanes(row + at - strip_registers * step, load_lanes(row + at));
    }
    made += pushed;
  }
  if (start < 0) store.finish(start + (size - start) / step * step);
  return are_keys(most);
}

FASTAUG_END
