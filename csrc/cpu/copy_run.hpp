// Copies of what a row has: some hundred bytes, for which a call of memcpy, which first finds out
// how many they are, takes longer than to move them.
#pragma once

#include <cstring>

#include "../ops/portable.hpp"

FASTAUG_BEGIN

template <int Size>
void copy_exactly(char* to, const char* from) {
  char held[Size];
  std::memcpy(held, from, Size);
  std::memcpy(to, held, Size);
}

// From one half of a register to a whole one: its first and its last bytes, which may overlap.
template <int Size>
void copy_ends(char* to, const char* from, int64_t bytes) {
  char first[Size], last[Size];
  std::memcpy(first, from, Size), std::memcpy(last, from + bytes - Size, Size);
  std::memcpy(to, first, Size), std::memcpy(to + bytes - Size, last, Size);
}

// To memory that does not overlap. Registers of 32 bytes: wider ones cross every line of the cache.
inline void copy_run(char* to, const char* from, int64_t bytes) {
  constexpr int64_t many = 4096;  // from here on the processor's own copy is faster
  if (bytes >= many) {
    std::memcpy(to, from, static_cast<std::size_t>(bytes));
  } else if (bytes >= 32) {
    for (int64_t at = 0; at + 32 <= bytes; at += 32) copy_exactly<32>(to + at, from + at);
    copy_exactly<32>(to + bytes - 32, from + bytes - 32);
  } else if (bytes >= 16) {
    copy_ends<16>(to, from, bytes);
  } else if (bytes >= 8) {
    copy_ends<8>(to, from, bytes);
  } else if (bytes >= 4) {
    copy_ends<4>(to, from, bytes);
  } else {
    for (int64_t at = 0; at < bytes; ++at) to[at] = from[at];
  }
}

FASTAUG_END
