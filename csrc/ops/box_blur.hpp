// Box blur: the mean of a window. Sums go down and then across; those of integers are exact, and
// rounded once, those of floats are added in blocks.
#pragma once

#include "../arguments.hpp"
#include "border.hpp"
#include "round.hpp"

FASTAUG_BEGIN

// How windows of pixels of type T are summed: along one side, and along both.
template <class T>
struct Box {
  using Stage = T;
  using Sum = T;
  static FASTAUG_FN T mean(Sum sum, double area) { return sum * static_cast<T>(1.0 / area); }
};

// Sides of up to 65535 pixels. The quotient of a sum and an area lies exactly half-way between two
// integers or farther from there than a double's rounding, so the mean is rounded only once.
template <class T>
struct IntegerBox {
  using Stage = uint32_t;
  using Sum = uint64_t;
  static FASTAUG_FN T mean(Sum sum, double area) {
    return static_cast<T>(static_cast<int32_t>(round_half_even(static_cast<double>(sum) / area)));
  }
};
template <>
struct Box<uint8_t> : IntegerBox<uint8_t> {};
template <>
struct Box<uint16_t> : IntegerBox<uint16_t> {};

// The first offset of a window: even sizes reach one further up and left, as in SciPy and OpenCV.
FASTAUG_FN int64_t box_start(int64_t size) { return -(size / 2); }

// What a value outside is, summed along one side of a window.
template <class T>
FASTAUG_FN typename Box<T>::Stage box_outside(T beyond, int64_t size) {
  using Stage = typename Box<T>::Stage;
  return static_cast<Stage>(beyond) * static_cast<Stage>(size);
}

// Floats are added up eight by eight, and then those sums and what is left.
constexpr int64_t box_block = 8;

// at(0) + at(1) + ... of `count`, in that order.
template <class S, class At>
FASTAUG_FN S box_sum(int64_t count, At at) {
  S sum{};
  for (int64_t begin = 0; begin < count; begin += box_block) {
    S block = static_cast<S>(at(begin));
    for (int64_t k = begin + 1; k < count && k < begin + box_block; ++k)
      block += static_cast<S>(at(k));
    sum = begin == 0 ? block : sum + block;
  }
  return sum;
}

FASTAUG_END
