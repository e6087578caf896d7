// Nearest interpolation of rows: pixels that are left out or repeated, moved 16 bytes at a time.
#pragma once

#include "resize_table.hpp"

FASTAUG_BEGIN

// Blocks of 16 bytes of a row, put in order, are the next few bytes of the result and something
// after them. Of the first `whole` that is something of the row still.
struct PickBlocks {
  int64_t count, whole;
  int64_t *from, *to;  // one place more: where the row ends
  uint8_t* order;

  void move(const char* row, char* made) const {
    for (int64_t b = 0; b < whole; ++b) store16(made + to[b], block(row, b));
    for (int64_t b = whole; b < count; ++b) {
      char rest[16];
      store16(rest, block(row, b));
      std::memcpy(made + to[b], rest, static_cast<std::size_t>(to[b + 1] - to[b]));
    }
  }

 private:
  Byte16 block(const char* row, int64_t b) const {
    Byte16 bytes;
    std::memcpy(&bytes, order + 16 * b, sizeof bytes);
    return shuffle(load16(row + from[b]), bytes);
  }
};

// Of rows of pixels of `size` bytes, of which `pixel` says where each comes from; none where single
// pixels are as fast.
inline PickBlocks pick_blocks(const ResizeAxis& axis, const int64_t* pixel, int64_t size) {
  const ResizeKey key = key_of(axis, size, 7);
  const int64_t bytes = axis.out * size, row = axis.in * size;
  if (size > 8 || row < 16) return {};
  const Kept kept = kept_scratch(
      Slot::blocks,
      static_cast<std::size_t>(Carver::bytes<PickBlocks>(1) + Carver::bytes<char>(16 * bytes) +
                               2 * Carver::bytes<int64_t>(bytes + 1)),
      &key, sizeof key);
  Carver carver(kept.memory);
  auto& made = *carver.take<PickBlocks>(1);
  if (kept.made) return made;
  made.from = carver.take<int64_t>(bytes + 1);
  made.to = carver.take<int64_t>(bytes + 1);
  made.order = carver.take<uint8_t>(16 * bytes);
  const auto reach = [&](int64_t e) { return pixel[e / size] * size + e % size; };
  made.whole = 0;
  made.count =
      cut_blocks(bytes, 16, 16, 1, reach, [&](int64_t b, int64_t e, int64_t number, int64_t low) {
        made.from[b] = smaller(low, row - 16);
        made.to[b] = e;
        if (e + 16 <= bytes) made.whole = b + 1;
        for (int64_t i = 0; i < 16; ++i)
          made.order[16 * b + i] =
              static_cast<uint8_t>(i < number ? reach(e + i) - made.from[b] : 0);
      });
  made.to[made.count] = bytes;
  if (2 * made.count > axis.out) made.count = made.whole = 0;
  return made;
}

FASTAUG_END
