// What lets one text compile as C++ for every instruction-set level and as CUDA device code.
#pragma once

#include "../integers.hpp"

#ifndef __CUDACC_RTC__
#include <cmath>
#include <cstring>
#endif

#ifdef __CUDACC__
#define FASTAUG_FN __host__ __device__ inline
#else
#define FASTAUG_FN inline
#endif

// Every level is its own namespace: an inline function compiled for AVX-512 must never be the copy
// that the linker keeps for an older CPU.
#ifndef FASTAUG_LEVEL
#define FASTAUG_LEVEL baseline
#endif
#define FASTAUG_BEGIN \
  namespace fastaug { \
  inline namespace FASTAUG_LEVEL {
#define FASTAUG_END \
  }                 \
  }

FASTAUG_BEGIN

using std::int16_t;
using std::int32_t;
using std::int64_t;
using std::uint16_t;
using std::uint32_t;
using std::uint64_t;
using std::uint8_t;

template <class To, class From>
FASTAUG_FN To bit_cast(From from) {
  static_assert(sizeof(To) == sizeof(From), "bit_cast needs equal sizes");
  To to;
  memcpy(&to, &from, sizeof(To));
  return to;
}

// The second where that is true, else the first: so of a number and NaN always the first. Of
// vectors, lane by lane.
template <class T>
FASTAUG_FN T smaller(T a, T b) {
  return b < a ? b : a;
}

template <class T>
FASTAUG_FN T larger(T a, T b) {
  return a < b ? b : a;
}

// Without its sign; of vectors, lane by lane.
template <class V>
FASTAUG_FN V magnitude(V v);

template <>
FASTAUG_FN float magnitude(float v) {
  return bit_cast<float>(bit_cast<uint32_t>(v) & 0x7fffffffu);
}
template <>
FASTAUG_FN double magnitude(double v) {
  return bit_cast<double>(bit_cast<uint64_t>(v) & 0x7fffffffffffffffu);
}

// A number as V: itself, or in each lane of a vector; the sign of zero stays.
template <class V>
FASTAUG_FN V splat(float v) {
  return v - V{};
}

// Without what follows the point, of a number that an int32 holds.
template <class V>
FASTAUG_FN V whole_part(V v) {
  return static_cast<V>(static_cast<int32_t>(v));
}

// The integers as wide as a number, or as each lane of a vector of numbers.
template <class V>
struct LanesOf;
template <>
struct LanesOf<float> {
  using Int = int32_t;
  using Word = uint32_t;
};
template <>
struct LanesOf<double> {
  using Int = int64_t;
  using Word = uint64_t;
};

template <class V, class Int>
FASTAUG_FN V to_float(Int v) {
  return static_cast<V>(v);
}

// Whether something is true, in any lane of a vector.
template <class Mask>
FASTAUG_FN bool any_lane(Mask m) {
  return m;
}

// The square root, exact to the last bit.
template <class V>
FASTAUG_FN V root(V v) {
  return sqrt(v);
}

// What numbers of the arithmetic are looked up in. On a card each thread looks in another place,
// which memory for constants would serve one after the other.
#ifdef __CUDACC__
#define FASTAUG_TABLE __device__ const
#else
#define FASTAUG_TABLE constexpr
#endif

FASTAUG_END
