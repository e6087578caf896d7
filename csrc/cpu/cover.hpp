// Registers side by side over a row of elements.
#pragma once

#include "../ops/portable.hpp"

FASTAUG_BEGIN

// A number known to the compiler, as an argument.
template <int n>
struct Count {
  static constexpr int value = n;
};

// Elements from `p` to the next address that a register of so many starts at, where there is one.
template <int lanes, class T>
int64_t to_alignment(const T* p) {
  constexpr std::uintptr_t size = lanes * sizeof(T);
  const std::uintptr_t beyond = reinterpret_cast<std::uintptr_t>(p) % size;
  return static_cast<int64_t>((size - beyond) % size / sizeof(T));
}

// Calls body(registers, i) so that they cover [0, count), four of them at a time where so many are
// left, one from `first` on; the first and the last may overlap others. Calls single(i) where there
// is not even one.
template <int lanes, class Body, class Single>
void cover(int64_t first, int64_t count, Body body, Single single) {
  if (count < lanes) {
    for (int64_t i = 0; i < count; ++i) single(i);
    return;
  }
  int64_t i = first;
  if (first > 0) body(Count<1>{}, 0);
  for (; i + 4 * lanes <= count; i += 4 * lanes) body(Count<4>{}, i);
  for (; i + lanes <= count; i += lanes) body(Count<1>{}, i);
  if (i < count) body(Count<1>{}, count - lanes);
}

FASTAUG_END
