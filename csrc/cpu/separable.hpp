// Filters that go down and then across, a row of the output at a time: the rows around it become
// one row that stays in cache, and that row, with its borders, becomes the output. No image lies
// between the two.
#pragma once

#include "../ops/border.hpp"
#include "cover.hpp"
#include "put_row.hpp"
#include "rows.hpp"
#include "sides.hpp"
#include "vector.hpp"

FASTAUG_BEGIN

// Where the neighbours of a row of elements are: `at(k)` has those k away, to either side.
template <class T>
struct Down {
  typedef T Element;
  const T* const* line;
  const T* next;  // a row that is not needed yet
  const T* at(int64_t k) const { return line[k]; }
};

template <class T>
struct Across {
  typedef T Element;
  const T* middle;
  int64_t channels;
  const T* at(int64_t k) const { return middle + k * channels; }
};

// Asks for memory that will be read, or written, so that nobody waits for it.
template <class T, class To>
__attribute__((always_inline)) inline void ahead(Down<T> from, To*, int64_t i) {
  __builtin_prefetch(from.next + i);
}
template <class T, class To>
__attribute__((always_inline)) inline void ahead(Across<T>, To* to, int64_t) {
  prefetch_write(to);
}

// Which neighbours count: offsets from `start` on.
struct Reach {
  struct {
    int64_t start, length;
  } down, across;
};

// Calls down(rows, first, count, stage), and across(stage, first, count, out) once that has its
// borders, for each of `rows`. Registers of so many lanes are aligned from element `first` on. What
// lies outside the image is `beyond`, and beside a row between the two `outside`.
template <class T, class Stage, int lanes, class Args, class DownRow, class AcrossRow>
void separable_rows(const Args& args, Rows rows, Reach reach, T beyond, Stage outside, DownRow down,
                    AcrossRow across) {
  const Plane<T> image = read_image<T>(args.in, rows.image, false);
  const int64_t channels = image.c, width = image.w, count = width * channels;
  const int64_t top = reach.down.start, left = reach.across.start;
  const int64_t right = left + reach.across.length - 1;
  T* constant = memory<T>(Slot::row, count);
  if (args.border == Border::constant)
    for (int64_t i = 0; i < count; ++i) constant[i] = beyond;
  // The row between the directions starts as far from a register as the images do.
  const int64_t margin = (reach.across.length * channels / lanes + 2) * lanes;
  Stage* padded = memory<Stage>(Slot::padded, margin + count + margin);
  // All rows that windows look at, one after the other.
  const int64_t high = rows.end - rows.begin + reach.down.length - 1;
  const T** lines = memory<const T*>(Slot::lines, high);
  for (int64_t k = 0; k < high; ++k) {
    const int64_t from = map_border(rows.begin + top + k, image.h, args.border);
    lines[k] = from < 0 ? constant : image.row(from);
  }
  // Where a row has less than a register, one is made, of which the margin is part.
  const int64_t made = larger(count, static_cast<int64_t>(lanes));
  T* buffer = memory<T>(Slot::stage, made);
  // Which elements of that row stand for those before it and behind it; one before all of them is
  // what lies outside.
  const int64_t before = -left * channels, behind = right * channels;
  int64_t* sides = memory<int64_t>(Slot::sides, before + behind);
  const int64_t none = -before - 1;
  put_sides(put_sides(sides, left, 0, width, channels, args.border, none), width, width + right,
            width, channels, args.border, none);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    T* to = made > count ? buffer : begin_row(args.out, rows.image, y, buffer);
    const T* const* line = lines + (y - rows.begin) - top;
    const int64_t first = to_alignment<lanes>(line[0]);
    const int64_t next = smaller(y + top + reach.down.length + 1, image.h - 1);
    Stage* middle = padded + margin - first;
    down(Down<T>{line, image.row(larger(next, int64_t{0}))}, first, count, middle);
    middle[none] = outside;
    for (int64_t i = 0; i < before; ++i) middle[i - before] = middle[sides[i]];
    for (int64_t i = 0; i < behind; ++i) middle[i + count] = middle[sides[before + i]];
    across(Across<Stage>{middle, channels}, to_alignment<lanes>(to), made, to);
    if (to == buffer) put_row(args.out, rows.image, y, buffer);
  }
}

FASTAUG_END
