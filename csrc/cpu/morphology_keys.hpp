// Keys of morphology a register at a time, and what is done with them once they are final.
#pragma once

#include "../ops/morphology.hpp"
#include "rows.hpp"
#include "vector/registers.hpp"

FASTAUG_BEGIN

// Whether pixels are their own keys: integers, and floats that are no less than zero and no NaN,
// given as their bits.
template <class T>
constexpr bool own_key = static_cast<T>(0.5) == 0;
using FloatBits = int32_t;
template <class T>
constexpr bool is_float_bits = own_key<T> && sizeof(T) == 4;
constexpr uint32_t infinity = 0x7f800000;  // the greatest of those

inline bool are_keys(Lanes<uint32_t> most) {
  bool all = true;
  for (int64_t i = 0; i < lanes<uint32_t>; ++i) all = all && most[i] <= infinity;
  return all;
}

inline bool are_keys(const FloatBits* row, int64_t size) {
  using Bits = Lanes<uint32_t>;
  Bits most = {};
  each_lanes<FloatBits>(
      size, [&](int64_t at) { most = larger(most, bit_cast<Bits>(load_lanes(row + at))); });
  return are_keys(most);
}

// What lies outside as a key; of FloatBits it may be less than zero, too, but not NaN.
template <class T, bool Erode>
typename MorphologyKey<T>::type outside_of(Border border, double cval) {
  if constexpr (!is_float_bits<T>)
    return outside_key<T, Erode>(border, cval);
  else
    return bit_cast<FloatBits>(MorphologyKey<float>::to(outside_key<float, Erode>(border, cval)));
}

// MorphologyKey<T>::from and ::to of every lane.
template <class T>
inline auto to_keys(Lanes<T> v, [[maybe_unused]] bool least_wins) {
  if constexpr (own_key<T>) {
    return v;
  } else {
    using Key = MorphologyKey<T>;
    using Keys = Lanes<typename Key::type>;
    constexpr int top = 8 * sizeof(T) - 1;
    const Keys bits = bit_cast<Keys>(v);
    const Keys nan = (least_wins ? ~Key::most : Key::most) - Keys{};
    return v == v ? bits ^ ((bits >> top) & Key::most) : nan;
  }
}

template <class T>
inline Lanes<T> from_keys(Lanes<typename MorphologyKey<T>::type> v) {
  if constexpr (own_key<T>)
    return v;
  else
    return bit_cast<Lanes<T>>(v ^ ((v >> (8 * sizeof(T) - 1)) & MorphologyKey<T>::most));
}

template <class T>
inline Lanes<T> excess_of(Lanes<T> a, Lanes<T> b) {
  if constexpr (sizeof(T) < 4)
    return larger(a, b) - b;
  else if constexpr (is_float_bits<T>)
    return bit_cast<Lanes<T>>(bit_cast<Floats>(a) - bit_cast<Floats>(b));
  else
    return a - b;
}

// By how many elements too far a register starts to be aligned.
template <class K>
inline int64_t misalignment(const K* p) {
  return static_cast<int64_t>(reinterpret_cast<std::uintptr_t>(p) % register_bytes / sizeof(K));
}

// What a result is set against: the result less it, or it less the result.
enum class Difference { none, result_less_other, other_less_result };

// Final keys as pixels, set against those of a row from `at` on.
template <class T, Difference difference>
inline Lanes<T> set_against(Lanes<typename MorphologyKey<T>::type> keys,
                            [[maybe_unused]] const T* other, [[maybe_unused]] int64_t at) {
  const Lanes<T> made = from_keys<T>(keys);
  if constexpr (difference == Difference::result_less_other)
    return excess_of<T>(made, load_lanes(other + at));
  if constexpr (difference == Difference::other_less_result)
    return excess_of<T>(load_lanes(other + at), made);
  return made;
}

// Makes final keys pixels of row `r` of a group.
template <class T, Difference difference>
struct ToPixels {
  using Element = T;
  static constexpr bool as_made = difference == Difference::none, streams = false;
  T* const* to;
  const T* const* other;
  int64_t misaligned(int64_t r, int64_t at) const { return misalignment(to[r] + at); }
  auto row(int64_t r) const { return put<(sizeof(T) > 1)>(r); }
  // Where a row starts and ends, and whole lines between. As fast as these are made, bytes have to
  // be asked for, too.
  auto head(int64_t r) const { return put<true>(r); }
  auto tail(int64_t r) const { return put<true>(r); }
  auto body(int64_t r) const { return put<true>(r); }
  T* head_of(int64_t r) const { return to[r]; }
  T* tail_of(int64_t r) const { return to[r]; }
  void finish(int64_t) const {}

 private:
  template <bool Asks>
  auto put(int64_t r) const {
    return [to = to[r], other = difference == Difference::none ? nullptr : other[r]](
               int64_t at, Lanes<typename MorphologyKey<T>::type> keys) {
      const Lanes<T> made = set_against<T, difference>(keys, other, at);
      if (Asks) prefetch_write(to + at);
      store_lanes(to + at, made);
    };
  }
};

// Keeps keys, for what is still to be joined with others.
template <class K>
struct ToKeys {
  K* to;
  int64_t stride;
  auto row(int64_t r) const {
    return [to = to + r * stride](int64_t at, Lanes<K> keys) { store_lanes(to + at, keys); };
  }
};

FASTAUG_END
