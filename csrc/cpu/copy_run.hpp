// Copies of what a row has: some hundred bytes, for which a call of memcpy, which first finds out
// how many they are, takes longer than to move them.
#pragma once

#include "../ops/portable.hpp"

FASTAUG_BEGIN

template <int Size>
void copy_part(char* to, const char* from) {
  typedef char Part __attribute__((vector_size(Size)));
  Part part;
  std::memcpy(&part, from, Size);
  std::memcpy(to, &part, Size);
}

// Of at least one part; the last may overlap the one before.
template <int Size>
void copy_parts(char* to, const char* from, int64_t bytes) {
  for (int64_t at = 0; at + Size < bytes; at += Size) copy_part<Size>(to + at, from + at);
  copy_part<Size>(to + bytes - Size, from + bytes - Size);
}

// To memory that does not overlap. Parts of 32 bytes: of larger ones each would cross a line of the
// cache.
inline void copy_run(char* to, const char* from, int64_t bytes) {
  constexpr int64_t many = 4096;  // from here on the processor's own copy is faster
  if (bytes >= many) {
    std::memcpy(to, from, static_cast<std::size_t>(bytes));
  } else if (bytes >= 32) {
    copy_parts<32>(to, from, bytes);
  } else if (bytes >= 16) {
    copy_parts<16>(to, from, bytes);
  } else if (bytes >= 4) {
    copy_parts<4>(to, from, bytes);
  } else {
    for (int64_t at = 0; at < bytes; ++at) to[at] = from[at];
  }
}

FASTAUG_END
