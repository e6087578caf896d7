// What resizing works out for an axis before it touches a pixel, and keeps while it stays the same.
#pragma once

#include "scratch.hpp"
#include "vector/resize.hpp"

FASTAUG_BEGIN

// Cuts memory into arrays, each on a cache line of its own.
class Carver {
 public:
  explicit Carver(void* memory) : at_(static_cast<char*>(memory)) {}
  template <class T>
  T* take(int64_t count) {
    char* taken = at_;
    at_ += bytes<T>(count);
    return reinterpret_cast<T*>(taken);
  }
  template <class T>
  static int64_t bytes(int64_t count) {
    return (count * static_cast<int64_t>(sizeof(T)) + 63) / 64 * 64;
  }

 private:
  char* at_;
};

// The taps of every output pixel of an axis; weights as they come, `most` to a pixel.
struct Taps {
  int64_t *first, *count;
  double* weight;
  int64_t most, longest;  // room for weights; the most taps that any pixel has
};

inline Taps make_taps(const ResizeAxis& axis) {
  Taps taps{};
  taps.most = resize_most(axis);
  Carver carver(
      scratch(Slot::taps, static_cast<std::size_t>(2 * Carver::bytes<int64_t>(axis.out) +
                                                   Carver::bytes<double>(axis.out * taps.most))));
  taps.first = carver.take<int64_t>(axis.out);
  taps.count = carver.take<int64_t>(axis.out);
  taps.weight = carver.take<double>(axis.out * taps.most);
  for (int64_t i = 0; i < axis.out; ++i) {
    const ResizeTaps made = resize_taps(axis, i, taps.weight + i * taps.most);
    taps.first[i] = made.first;
    taps.count[i] = made.count;
    taps.longest = larger(taps.longest, made.count);
  }
  return taps;
}

// What decides a table, without padding between its members.
struct ResizeKey {
  int64_t in, out, channels, kernel, antialias, format;
  double start, scale;
};

inline ResizeKey key_of(const ResizeAxis& axis, int64_t channels, int64_t format) {
  return {axis.in,           axis.out,
          channels,          static_cast<int64_t>(axis.kernel),
          axis.widen != 1.0, format * 16 + resize_lanes,
          axis.start,        axis.scale};
}

// Calls `make` with a block of elements at a time, [element, element + number) of a row of `count`,
// and where it begins to read: as many as `most` and what `window` holds. `reach(e)` is where
// element e begins to read, and `span` how much from there on it reads. Gives back the number of
// blocks, or -1 if one element alone takes more.
template <class Reach, class Make>
int64_t cut_blocks(int64_t count, int64_t most, int64_t window, int64_t span, Reach reach,
                   Make make) {
  int64_t blocks = 0;
  for (int64_t e = 0; e < count; ++blocks) {
    int64_t low = reach(e), high = low + span, number = 0;
    while (number < most && e + number < count) {
      const int64_t at = reach(e + number);
      low = smaller(low, at), high = larger(high, at + span);
      if (high - low > window) break;
      ++number;
    }
    if (number == 0) return -1;
    low = reach(e);
    for (int64_t i = 1; i < number; ++i) low = smaller(low, reach(e + i));
    make(blocks, e, number, low);
    e += number;
  }
  return blocks;
}

// The columns of a row of `in` pixels: for lanes where blocks hold them, for loops where not.
template <class Blocks>
struct Columns {
  Blocks blocks;  // `count` 0 for none
  int64_t *first, *taps;
  int32_t* weight;      // for loops, `most` to a pixel
  int64_t most, reads;  // the elements of a row that may be read, beyond its end as well
};

inline int64_t round_up(int64_t a, int64_t multiple) {
  return (a + multiple - 1) / multiple * multiple;
}

// Bilinear bytes: a left and a right tap for each element.
inline Columns<LerpBlocks> lerp_table(const ResizeAxis& axis, int64_t c) {
  const ResizeKey key = key_of(axis, c, 1);
  const int64_t count = axis.out * c, room = round_up(count, resize_lanes);
  const int64_t size = sizeof(Columns<LerpBlocks>);
  const Kept kept = kept_scratch(
      Slot::across,
      static_cast<std::size_t>(Carver::bytes<char>(size) + 2 * Carver::bytes<int64_t>(room) +
                               2 * Carver::bytes<char>(16 * room) +
                               Carver::bytes<int64_t>(axis.out) * 2 +
                               Carver::bytes<int32_t>(axis.out)),
      &key, sizeof key);
  Carver carver(kept.memory);
  auto& made = *carver.take<Columns<LerpBlocks>>(1);
  if (kept.made) return made;
  LerpBlocks& blocks = made.blocks;
  blocks.from = carver.take<int64_t>(room);
  blocks.to = carver.take<int64_t>(room);
  blocks.order = carver.take<uint8_t>(16 * room);
  blocks.weight = carver.take<int16_t>(8 * room);
  made.first = carver.take<int64_t>(axis.out);
  made.taps = carver.take<int64_t>(axis.out);
  made.weight = carver.take<int32_t>(axis.out);
  made.most = 1;

  const Taps taps = make_taps(axis);
  for (int64_t i = 0; i < axis.out; ++i) {
    made.first[i] = taps.first[i];
    made.taps[i] = taps.count[i];
    made.weight[i] = taps.count[i] > 1 ? lerp_weight(taps.weight[i * taps.most + 1]) : 0;
  }
  const auto reach = [&](int64_t e) { return made.first[e / c] * c + e % c; };
  blocks.full = true;
  blocks.count = cut_blocks(count, LerpBlocks::elements, 16, c + 1, reach,
                            [&](int64_t b, int64_t e, int64_t number, int64_t low) {
                              blocks.from[b] = low;
                              blocks.to[b] = e;
                              if (number < LerpBlocks::elements && e + number < count)
                                blocks.full = false;
                              for (int64_t i = 0; i < LerpBlocks::elements; ++i) {
                                const int64_t at = i < number ? reach(e + i) - low : 0;
                                blocks.order[16 * b + 2 * i] = static_cast<uint8_t>(at);
                                blocks.order[16 * b + 2 * i + 1] =
                                    static_cast<uint8_t>(i < number ? at + c : 0);
                                blocks.weight[8 * b + i] =
                                    static_cast<int16_t>(i < number ? made.weight[(e + i) / c] : 0);
                              }
                            });
  if (blocks.count < 0) blocks.count = 0;
  made.reads = axis.in * c;
  const int64_t whole = round_up(blocks.count, resize_lanes);
  for (int64_t b = 0; b < whole; ++b) {
    const int64_t last = blocks.count - 1;
    if (b > last) {
      blocks.from[b] = blocks.from[last], blocks.to[b] = blocks.to[last];
      std::memcpy(blocks.order + 16 * b, blocks.order + 16 * last, 16);
      std::memcpy(blocks.weight + 8 * b, blocks.weight + 8 * last, 16);
    }
    made.reads = larger(made.reads, blocks.from[b] + 16);
  }
  blocks.count = whole;
  return made;
}

// Bytes under weights of 22 bits.
inline Columns<FixedBlocks> fixed_table(const ResizeAxis& axis, int64_t c) {
  const ResizeKey key = key_of(axis, c, 2);
  constexpr int64_t together = 4 * resize_lanes;
  const int64_t count = axis.out * c, room = round_up(count, together);
  const int64_t most = round_up(resize_most(axis), 2);
  const int64_t size = sizeof(Columns<FixedBlocks>);
  const Kept kept = kept_scratch(
      Slot::across,
      static_cast<std::size_t>(
          Carver::bytes<char>(size) + 2 * Carver::bytes<int64_t>(room) +
          Carver::bytes<char>(16 * room) + Carver::bytes<char>(16 * most * room) +
          2 * Carver::bytes<int64_t>(axis.out) + Carver::bytes<int32_t>(axis.out * most)),
      &key, sizeof key);
  Carver carver(kept.memory);
  auto& made = *carver.take<Columns<FixedBlocks>>(1);
  if (kept.made) return made;
  FixedBlocks& blocks = made.blocks;
  blocks.from = carver.take<int64_t>(room);
  blocks.to = carver.take<int64_t>(room);
  blocks.order = carver.take<uint8_t>(16 * room);
  blocks.weight = carver.take<int16_t>(8 * most * room);
  made.first = carver.take<int64_t>(axis.out);
  made.taps = carver.take<int64_t>(axis.out);
  made.weight = carver.take<int32_t>(axis.out * most);
  made.most = most;

  const Taps taps = make_taps(axis);
  for (int64_t i = 0; i < axis.out; ++i) {
    made.first[i] = taps.first[i];
    made.taps[i] = taps.count[i];
    for (int64_t k = 0; k < most; ++k)
      made.weight[i * most + k] =
          k < taps.count[i] ? fixed_weight(taps.weight[i * taps.most + k]) : 0;
  }
  blocks.pairs = (taps.longest + 1) / 2;
  blocks.step = 2 * c;
  const auto reach = [&](int64_t e) { return made.first[e / c] * c + e % c; };
  // Where a block's order lies: packing puts every fourth of a register's blocks side by side.
  const auto place = [&](int64_t b) {
    const int64_t in = b % together;
    return b - in + in % 4 * resize_lanes + in / 4;
  };
  const auto write = [&](int64_t b, int64_t e, int64_t number, int64_t low) {
    const int64_t at = place(b), lane = at % resize_lanes;
    int16_t* weight = blocks.weight + 16 * blocks.pairs * (at - lane) + 8 * lane;
    blocks.from[b] = low;
    blocks.to[b] = e;
    for (int64_t i = 0; i < FixedBlocks::elements; ++i) {
      const bool used = i < number;
      const int64_t from = used ? reach(e + i) - low : 0;
      uint8_t* order = blocks.order + 16 * at + 4 * i;
      order[0] = static_cast<uint8_t>(from), order[2] = static_cast<uint8_t>(used ? from + c : 0);
      order[1] = order[3] = 0x80;
      for (int64_t p = 0; p < blocks.pairs; ++p)
        for (int64_t t = 0; t < 2; ++t) {
          const int32_t w = used ? made.weight[(e + i) / c * most + 2 * p + t] : 0;
          int16_t* to = weight + 16 * resize_lanes * p + 2 * i + t;
          split_weight(w, to[0], to[8 * resize_lanes]);
        }
    }
  };
  blocks.full = true;
  int64_t last_element = 0, last_number = 0, last_low = 0;
  blocks.count = cut_blocks(count, FixedBlocks::elements, 16, c + 1, reach,
                            [&](int64_t b, int64_t e, int64_t number, int64_t low) {
                              if (number < FixedBlocks::elements && e + number < count)
                                blocks.full = false;
                              write(b, e, number, low);
                              last_element = e, last_number = number, last_low = low;
                            });
  if (blocks.count < 0 || blocks.pairs == 0) blocks.count = 0;
  const int64_t whole = round_up(blocks.count, together);
  for (int64_t b = blocks.count; b < whole; ++b) write(b, last_element, last_number, last_low);
  made.reads = axis.in * c;
  for (int64_t b = 0; b < whole; ++b)
    made.reads = larger(made.reads, blocks.from[b] + (blocks.pairs - 1) * blocks.step + 16);
  blocks.count = whole;
  return made;
}

// The rows that make up each row of the output, under weights of type W; `wide` of them to a row.
template <class W>
struct RowTaps {
  int64_t *first, *count;
  int64_t* low;  // no row of the output from here on needs one before it
  W* weight;
  int64_t wide, held;  // how many rows must be at hand at a time
};

// `convert(taps, i, weight)` puts the weights of row i in place.
template <class W, class Convert>
RowTaps<W> row_table(const ResizeAxis& axis, Slot slot, int64_t format, int64_t per_tap,
                     Convert convert) {
  const ResizeKey key = key_of(axis, 0, format);
  const int64_t wide = larger<int64_t>(resize_most(axis) / per_tap + 1, 1);
  const Kept kept = kept_scratch(
      slot,
      static_cast<std::size_t>(Carver::bytes<RowTaps<W>>(1) + 3 * Carver::bytes<int64_t>(axis.out) +
                               Carver::bytes<W>(axis.out * wide)),
      &key, sizeof key);
  Carver carver(kept.memory);
  auto& made = *carver.take<RowTaps<W>>(1);
  if (kept.made) return made;
  made.first = carver.take<int64_t>(axis.out);
  made.count = carver.take<int64_t>(axis.out);
  made.low = carver.take<int64_t>(axis.out);
  made.weight = carver.take<W>(axis.out * wide);
  made.wide = wide;
  const Taps taps = make_taps(axis);
  int64_t low = axis.in;
  for (int64_t i = axis.out - 1; i >= 0; --i) {
    made.first[i] = taps.first[i];
    made.count[i] = taps.count[i];
    // Taps of no weight are left out, so that a row may need one that the row above did not.
    if (taps.count[i] > 0) low = smaller(low, taps.first[i]);
    made.low[i] = low;
    convert(taps, i, made.weight + i * wide);
  }
  int64_t end = 0;
  made.held = 1;
  for (int64_t i = 0; i < axis.out; ++i) {
    end = larger(end, made.first[i] + made.count[i]);
    made.held = larger(made.held, end - made.low[i]);
  }
  return made;
}

// Floats, by what `table` says of them.
inline FloatBlocks float_table(const ResizeAxis& axis, const RowTaps<float>& table, int64_t c) {
  const ResizeKey key = key_of(axis, c, 6);
  constexpr int64_t block = FloatBlocks::elements;
  const int64_t count = axis.out * c, most = table.wide;
  const Kept kept = kept_scratch(
      Slot::blocks,
      static_cast<std::size_t>(Carver::bytes<FloatBlocks>(1) + 2 * Carver::bytes<int64_t>(count) +
                               Carver::bytes<int32_t>(block * count) +
                               Carver::bytes<float>(block * most * count)),
      &key, sizeof key);
  Carver carver(kept.memory);
  auto& blocks = *carver.take<FloatBlocks>(1);
  if (kept.made) return blocks;
  blocks.from = carver.take<int64_t>(count);
  blocks.to = carver.take<int64_t>(count);
  blocks.order = carver.take<int32_t>(block * count);
  blocks.weight = carver.take<float>(block * most * count);
  blocks.step = c;
  blocks.full = true;
  blocks.taps = 1;
  for (int64_t x = 0; x < axis.out; ++x) blocks.taps = larger(blocks.taps, table.count[x]);
  const auto reach = [&](int64_t e) { return table.first[e / c] * c + e % c; };
  blocks.count = cut_blocks(
      count, block, FloatBlocks::window, 1, reach,
      [&](int64_t b, int64_t e, int64_t number, int64_t low) {
        blocks.from[b] = low;
        blocks.to[b] = e;
        if (number < block && e + number < count) blocks.full = false;
        for (int64_t i = 0; i < block; ++i)
          blocks.order[block * b + i] = static_cast<int32_t>(i < number ? reach(e + i) - low : 0);
        for (int64_t t = 0; t < blocks.taps; ++t) {
          float* weight = blocks.weight + block * (b * blocks.taps + t);
          for (int64_t i = 0; i < block; ++i) {
            const int64_t x = (e + i) / c;
            const bool used = i < number && t < table.count[x];
            weight[i] = used ? table.weight[x * table.wide + t] : __builtin_nanf("");
          }
        }
      });
  return blocks;
}

// The elements of a row that blocks of floats read.
inline int64_t float_reads(const FloatBlocks& blocks, int64_t length) {
  int64_t reads = length;
  for (int64_t b = 0; b < blocks.count; ++b)
    reads = larger(reads, blocks.from[b] + (blocks.taps - 1) * blocks.step + FloatBlocks::window);
  return reads;
}

FASTAUG_END
