// What the ops that only move elements share: elements of any kind, known by their size alone, in
// images of any layout.
#pragma once

#include "rows.hpp"

FASTAUG_BEGIN

// Calls `use` with a zero of the unsigned integer of so many bytes.
template <class Use>
void with_item(int64_t bytes, Use use) {
  switch (bytes) {
    case 1:
      return use(uint8_t{});
    case 2:
      return use(uint16_t{});
    case 4:
      return use(uint32_t{});
    default:
      return use(uint64_t{});
  }
}

// Whether an image is to be changed where it lies.
inline bool is_in_place(const Batch& in, const Batch& out, int64_t image) {
  return row_address(in, image, 0) == row_address(out, image, 0);
}

// Whether the rows of each channel are plain by themselves, as those of channels first.
inline bool channels_are_plain(const Batch& b) { return b.w == 1 || b.stride_w == b.item; }

inline Batch channel_of(const Batch& b, int64_t c) {
  Batch one = b;
  one.data += c * b.stride_c;
  one.c = 1;
  return one;
}

inline Batch image_of(const Batch& b, int64_t image) {
  Batch one = b;
  one.data += image * b.stride_n;
  one.n = 1;
  return one;
}

// So many pixels of `size` bytes, all the same; the first one may be there already.
inline void repeat_pixel(char* to, const char* pixel, int64_t size, int64_t count) {
  if (count == 0) return;
  if (size == 1) {
    std::memset(to, *pixel, static_cast<std::size_t>(count));
    return;
  }
  std::memmove(to, pixel, static_cast<std::size_t>(size));
  for (int64_t done = size; done < count * size;) {
    const int64_t more = smaller(done, count * size - done);
    std::memcpy(to + done, to, static_cast<std::size_t>(more));
    done += more;
  }
}

// The same in memory of this thread, to be copied from.
inline const char* repeated_pixel(Slot slot, const char* pixel, int64_t size, int64_t count) {
  char* row = static_cast<char*>(scratch(slot, static_cast<std::size_t>(count * size)));
  repeat_pixel(row, pixel, size, count);
  return row;
}

FASTAUG_END
