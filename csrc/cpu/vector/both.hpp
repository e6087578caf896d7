// Two registers, or two pairs of them, as one: each step is done to all before the next. Where each
// step has to wait for the one before, several at once take little longer than one.
#pragma once

#include "words.hpp"

FASTAUG_BEGIN

template <class V>
struct Both {
  V first, second;
};

template <class V>
using Four = Both<Both<V>>;

#define FASTAUG_OF_BOTH(op)                            \
  template <class V>                                   \
  inline Both<V> operator op(Both<V> a, Both<V> b) {   \
    return {a.first op b.first, a.second op b.second}; \
  }                                                    \
  template <class V, class Number>                     \
  inline Both<V> operator op(Both<V> a, Number b) {    \
    return {a.first op b, a.second op b};              \
  }
FASTAUG_OF_BOTH(+)
FASTAUG_OF_BOTH(-)
FASTAUG_OF_BOTH(*)
FASTAUG_OF_BOTH(/)
FASTAUG_OF_BOTH(&)
FASTAUG_OF_BOTH(^)
FASTAUG_OF_BOTH(|)
FASTAUG_OF_BOTH(>>)
FASTAUG_OF_BOTH(<<)
#undef FASTAUG_OF_BOTH

template <class Number, class V>
inline Both<V> operator-(Number a, Both<V> b) {
  return {a - b.first, a - b.second};
}

template <class V>
inline Both<V> smaller(Both<V> a, Both<V> b) {
  return {smaller(a.first, b.first), smaller(a.second, b.second)};
}

template <class V>
inline Both<V> larger(Both<V> a, Both<V> b) {
  return {larger(a.first, b.first), larger(a.second, b.second)};
}

template <class V>
struct LanesOf<Both<V>> {
  using Int = Both<typename LanesOf<V>::Int>;
  using Word = Both<typename LanesOf<V>::Word>;
};

template <class To, class V>
inline To bit_cast(Both<V> v) {
  using Part = decltype(To::first);
  return {bit_cast<Part>(v.first), bit_cast<Part>(v.second)};
}

template <class To, class V>
inline To to_float(Both<V> v) {
  using Part = decltype(To::first);
  return {to_float<Part>(v.first), to_float<Part>(v.second)};
}

template <class V>
inline Both<V> root(Both<V> v) {
  return {root(v.first), root(v.second)};
}

// Calls use(which, register).
template <class V, class Use>
inline void each_of(const Four<V>& v, Use use) {
  use(0, v.first.first);
  use(1, v.first.second);
  use(2, v.second.first);
  use(3, v.second.second);
}

FASTAUG_END
