// Median blur: each pixel becomes the median of a square around it.
//
// Floats are compared by the keys of morphology, which put all of them in one order (-0 before +0),
// so that every way to find a median finds the same. NaN is the greatest; one under the window
// gives NaN.
#pragma once

#include "median_networks.hpp"
#include "morphology.hpp"

FASTAUG_BEGIN

// Whether pixels of a type may be NaN, and the least of its keys.
template <class T>
constexpr bool has_nan = sizeof(T) > 2;

template <class T>
FASTAUG_FN typename MorphologyKey<T>::type least_key() {
  if constexpr (has_nan<T>)
    return ~MorphologyKey<T>::most;
  else
    return 0;
}

// The integers without sign that are as wide as a key.
FASTAUG_FN uint8_t word_of(uint8_t) { return 0; }
FASTAUG_FN uint16_t word_of(uint16_t) { return 0; }
FASTAUG_FN uint32_t word_of(int32_t) { return 0; }
FASTAUG_FN uint64_t word_of(int64_t) { return 0; }

// The median of the keys at(row, column) of a square, found bit by bit: the greatest that no more
// than half of them are less than.
template <class T, class At>
FASTAUG_FN T selected_median(int64_t size, At at) {
  using Key = typename MorphologyKey<T>::type;
  using Word = decltype(word_of(Key{}));
  Key found = least_key<T>();
  for (int bit = 8 * static_cast<int>(sizeof(Key)) - 1; bit >= 0; --bit) {
    const Key next = static_cast<Key>(static_cast<Word>(found) + static_cast<Word>(Word{1} << bit));
    int64_t less = 0;
    bool nan = false;
    for (int64_t y = 0; y < size; ++y)
      for (int64_t x = 0; x < size; ++x) {
        const Key key = at(y, x);
        less += key < next;
        if constexpr (has_nan<T>) nan = nan || key == MorphologyKey<T>::most;
      }
    if constexpr (has_nan<T>)
      if (nan) return MorphologyKey<T>::to(MorphologyKey<T>::most);
    if (less <= size * size / 2) found = next;
  }
  return MorphologyKey<T>::to(found);
}

FASTAUG_END
