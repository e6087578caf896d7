// Median blur: each pixel becomes the median of a square around it.
//
// Floats are compared by the keys of morphology, which put all of them in one order (-0 before +0),
// so that every way to find a median finds the same. NaN is the greatest; one under the window
// gives NaN.
#pragma once

#include "morphology.hpp"

FASTAUG_BEGIN

// In order: of numbers, or lane by lane of vectors.
template <class V>
FASTAUG_FN void put_in_order(V& a, V& b) {
  const V least = smaller(a, b);
  b = larger(a, b);
  a = least;
}

template <class V>
FASTAUG_FN void sort(V (&v)[3]) {
  put_in_order(v[0], v[1]);
  put_in_order(v[1], v[2]);
  put_in_order(v[0], v[1]);
}

template <class V>
FASTAUG_FN void sort(V (&v)[5]) {
  put_in_order(v[0], v[1]);
  put_in_order(v[3], v[4]);
  put_in_order(v[2], v[4]);
  put_in_order(v[2], v[3]);
  put_in_order(v[1], v[4]);
  put_in_order(v[0], v[3]);
  put_in_order(v[0], v[2]);
  put_in_order(v[1], v[3]);
  put_in_order(v[1], v[2]);
}

template <class V>
FASTAUG_FN V median_of_3(V a, V b, V c) {
  return larger(smaller(a, b), smaller(larger(a, b), c));
}

// The median of three sorted columns: rows[r][x] is number r of column x. It lies between the
// greatest of the least, the median of the middle ones and the least of the greatest.
template <class V>
FASTAUG_FN V median_of_columns(const V (&row)[3][3]) {
  return median_of_3(larger(larger(row[0][0], row[0][1]), row[0][2]),
                     median_of_3(row[1][0], row[1][1], row[1][2]),
                     smaller(smaller(row[2][0], row[2][1]), row[2][2]));
}

// Of five: once the rows are sorted too, only 13 have as many below as above that they may be the
// median, on three diagonals; and of those only the greatest of the first, the middle three of the
// second and the least of the third.
template <class V>
FASTAUG_FN V median_of_columns(V (&row)[5][5]) {
  for (int r = 0; r < 5; ++r) sort(row[r]);
  const V below = larger(larger(row[0][3], row[1][2]), larger(row[2][1], row[3][0]));
  const V above = smaller(smaller(row[1][4], row[2][3]), smaller(row[3][2], row[4][1]));
  V middle[5] = {row[0][4], row[1][3], row[2][2], row[3][1], row[4][0]};
  sort(middle);
  const V low = smaller(below, above), high = larger(below, above);
  return smaller(larger(middle[2], smaller(low, middle[3])), larger(high, middle[1]));
}

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
