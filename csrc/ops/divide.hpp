// Whole division by a positive number, as `/` has it. A card divides 64 bits in a function of its
// own, and the registers of the kernel are spilled around the call; nearly all numbers here fit 32
// bits.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

// Bit by bit: long, and small.
FASTAUG_FN uint64_t long_quotient(uint64_t a, uint64_t b) {
  uint64_t whole = 0, rest = 0;
#ifdef __CUDACC__
#pragma unroll 1
#endif
  for (int bit = 63; bit >= 0; --bit) {
    rest = rest << 1 | (a >> bit & 1);
    if (rest >= b) {
      rest -= b;
      whole |= uint64_t{1} << bit;
    }
  }
  return whole;
}

FASTAUG_FN int32_t quotient(int32_t a, int32_t b) { return a / b; }

FASTAUG_FN uint64_t quotient(uint64_t a, uint64_t b) {
#if defined(__CUDA_ARCH__) || defined(FASTAUG_EMULATED)
  if ((a | b) >> 32 != 0) return long_quotient(a, b);
  return static_cast<uint32_t>(a) / static_cast<uint32_t>(b);
#else
  return a / b;
#endif
}

FASTAUG_FN int64_t quotient(int64_t a, int64_t b) {
#if defined(__CUDA_ARCH__) || defined(FASTAUG_EMULATED)
  const uint64_t size = static_cast<uint64_t>(a < 0 ? -a : a);
  const int64_t whole = static_cast<int64_t>(quotient(size, static_cast<uint64_t>(b)));
  return a < 0 ? -whole : whole;
#else
  return a / b;
#endif
}

FASTAUG_END
