// The median of a few numbers by putting pairs of them in order, which registers do lane by lane.
//
// Of a square, the columns are sorted first, which neighbours share, and then the rows, after which
// most places have too many numbers below or above them to be the median. The pairs that find it
// among the rest were found by a search: of all squares of zeros and ones that may be left, which
// are few, every pair was tried, and the one after which fewest differ was taken.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

template <class V>
FASTAUG_FN void put_in_order(V& a, V& b) {
  const V least = smaller(a, b);
  b = larger(a, b);
  a = least;
}

// Pairs of elements, one after the other.
template <int a, int b, int... rest, class V, int size>
FASTAUG_FN void put_pairs_in_order(V (&v)[size]) {
  put_in_order(v[a], v[b]);
  if constexpr (sizeof...(rest) > 0) put_pairs_in_order<rest...>(v);
}

// Of a square: 23 is the element of row 2 and column 3.
template <int a, int b, int... rest, class V, int size>
FASTAUG_FN void put_pairs_in_order(V (&v)[size][size]) {
  put_in_order(v[a / 10][a % 10], v[b / 10][b % 10]);
  if constexpr (sizeof...(rest) > 0) put_pairs_in_order<rest...>(v);
}

template <class V>
FASTAUG_FN void sort(V (&v)[3]) {
  put_pairs_in_order<0, 1, 1, 2, 0, 1>(v);
}

template <class V>
FASTAUG_FN void sort(V (&v)[5]) {
  put_pairs_in_order<0, 1, 3, 4, 2, 4, 2, 3, 1, 4, 0, 3, 0, 2, 1, 3, 1, 2>(v);
}

template <class V>
FASTAUG_FN void sort(V (&v)[7]) {
  put_pairs_in_order<0, 6, 2, 3, 4, 5, 0, 2, 1, 4, 3, 6, 0, 1, 2, 5, 3, 4, 1, 2, 4, 6, 2, 3, 4, 5,
                     1, 2, 3, 4, 5, 6>(v);
}

template <class V>
FASTAUG_FN V median_of_3(V a, V b, V c) {
  return larger(smaller(a, b), smaller(larger(a, b), c));
}

// The median of sorted columns: row[r][x] is number r of column x. Of three columns it lies between
// the greatest of the least, the median of the middle ones and the least of the greatest.
template <class V>
FASTAUG_FN V median_of_columns(const V (&row)[3][3]) {
  return median_of_3(larger(larger(row[0][0], row[0][1]), row[0][2]),
                     median_of_3(row[1][0], row[1][1], row[1][2]),
                     smaller(smaller(row[2][0], row[2][1]), row[2][2]));
}

// Rows are sorted one by one, not in a loop, so that what nobody looks at is not made.
template <class V>
FASTAUG_FN V median_of_columns(V (&row)[5][5]) {
  sort(row[0]), sort(row[1]), sort(row[2]), sort(row[3]), sort(row[4]);
  put_pairs_in_order<4, 13, 31, 40, 12, 21, 13, 40, 4, 31, 14, 41, 3, 30, 23, 32, 13, 30, 14, 31,
                     14, 30, 13, 21, 14, 23, 14, 21, 22, 30, 21, 22, 22, 31>(row);
  return row[2][2];
}

template <class V>
FASTAUG_FN V median_of_columns(V (&row)[7][7]) {
  sort(row[0]), sort(row[1]), sort(row[2]), sort(row[3]), sort(row[4]), sort(row[5]), sort(row[6]);
  put_pairs_in_order<6, 15, 51, 60, 5, 14, 6, 24, 6, 14, 15, 25, 16, 25, 41, 50, 42, 51, 42, 50, 52,
                     60, 60, 61, 23, 32, 34, 43, 13, 31, 5, 53, 51, 52, 52, 60, 22, 31, 35, 41, 23,
                     31, 15, 24, 16, 24, 4, 34, 34, 40, 4, 31, 14, 44, 5, 32, 6, 33, 14, 40, 15, 43,
                     16, 23, 5, 31, 40, 51, 33, 50, 32, 42, 31, 35, 23, 50, 15, 42, 14, 35, 6, 14,
                     15, 35, 23, 35, 32, 34, 42, 52, 33, 35, 40, 42, 14, 15, 33, 34, 35, 40, 23, 34,
                     24, 42, 15, 35, 25, 35, 26, 60, 24, 25, 25, 33, 26, 34, 40, 61, 6, 62, 14, 26,
                     33, 40, 26, 33, 33, 62>(row);
  return row[3][3];
}

FASTAUG_END
