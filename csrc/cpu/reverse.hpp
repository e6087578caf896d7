// A row of pixels written backwards, the bytes of each in their order. Sizes that images come in go
// a register at a time: a load, a shuffle, a store that overlaps the next.
#pragma once

#include "vector/reverse.hpp"

FASTAUG_BEGIN

// Asks for memory that is read next.
__attribute__((always_inline)) inline void prefetch(const char* p, int64_t bytes) {
  for (int64_t at = 0; at < bytes; at += 64) __builtin_prefetch(p + at);
}

// Asks for `ahead` meanwhile, as all that follows: the hardware fetches ahead upwards; of rows read
// backwards it learns too late.
template <int Size>
void reverse_in_registers(const char* __restrict from, char* __restrict to, int64_t bytes,
                          const char* ahead) {
  using Block = Reversal<Size>;
  const int64_t blocks = (bytes - Block::bytes + Block::used) / Block::used;
  const char* last = from + bytes - Block::bytes;
  constexpr bool by_lines = Block::used > 32;
  if (!by_lines) prefetch(ahead, bytes);
#pragma GCC unroll 4
  for (int64_t i = 0; i < blocks; ++i) {
    if (by_lines) __builtin_prefetch(ahead + i * Block::used);
    Block::move(last - i * Block::used, to + i * Block::used);
  }
  const int64_t done = blocks > 0 ? blocks * Block::used : 0;
  if (by_lines) prefetch(ahead + done, bytes - done);
  Block::move_rest(from, to + done, bytes - done);
}

// Pixels of fewer than 16 bytes as 16 each, of which the store of the next pixel overwrites what
// was too much; larger ones in pieces that overlap.
inline void reverse_any(const char* __restrict from, char* __restrict to, int64_t width,
                        int64_t size, const char* ahead) {
  prefetch(ahead, width * size);
  const char* p = from + (width - 1) * size;
  const int64_t near_edge = size < 16 ? 15 / size : 0;
  for (int64_t x = 0; x < width; ++x, p -= size, to += size) {
    if (x < near_edge || x >= width - near_edge) {
      for (int64_t k = 0; k < size; ++k) to[k] = p[k];
      continue;
    }
    for (int64_t k = 0; k + 16 < size; k += 16) store16(to + k, load16(p + k));
    const int64_t k = larger<int64_t>(size - 16, 0);
    store16(to + k, load16(p + k));
  }
}

inline void reverse_pixels(const char* from, char* to, int64_t width, int64_t size,
                           const char* ahead) {
  switch (size) {
    case 1:
      return reverse_in_registers<1>(from, to, width, ahead);
    case 2:
      return reverse_in_registers<2>(from, to, width * 2, ahead);
    case 3:
      return reverse_in_registers<3>(from, to, width * 3, ahead);
    case 4:
      return reverse_in_registers<4>(from, to, width * 4, ahead);
    case 6:
      return reverse_in_registers<6>(from, to, width * 6, ahead);
    case 8:
      return reverse_in_registers<8>(from, to, width * 8, ahead);
    case 12:
      return reverse_in_registers<12>(from, to, width * 12, ahead);
    case 16:
      return reverse_in_registers<16>(from, to, width * 16, ahead);
    default:
      return reverse_any(from, to, width, size, ahead);
  }
}

template <class T>
void reverse_pixels(const T* from, T* to, int64_t width, int64_t channels) {
  reverse_pixels(reinterpret_cast<const char*>(from), reinterpret_cast<char*>(to), width,
                 channels * static_cast<int64_t>(sizeof(T)), reinterpret_cast<const char*>(from));
}

FASTAUG_END
