// Blocks of columns of one output row of the affine warp: where their taps are and with which
// weights, in arrays, so that preparing them is vector code and using them is not held up by it.
#pragma once

#include "../ops/warp_affine.hpp"
#include "rows.hpp"
#include "vector.hpp"
#include "vector/weigh.hpp"

FASTAUG_BEGIN

// Columns of a block, and those that are prepared at a time. Always as many, all arrays in one
// loop: a loop of a length that varies is left by a branch that nobody foresees. What lies beyond
// the columns that are wanted is prepared, too, and not used.
constexpr int64_t block = 256, chunk = Steps::count;

// Before a loop over a chunk: GCC would rather unroll one so short than make vector code of it.
#define FASTAUG_VECTOR _Pragma("GCC unroll 1")

// The coordinates of the first column of a chunk, and how they go on.
struct Along {
  int64_t fx, fy, step_x, step_y;
  const Steps &steps_x, &steps_y;
  // In all lanes: to add to them takes less than to put others there.
  Longs all_x, all_y, next_x, next_y;

  Along(int64_t first_x, int64_t first_y, int64_t on_x, int64_t on_y, const Steps& many_x,
        const Steps& many_y)
      : fx(first_x),
        fy(first_y),
        step_x(on_x),
        step_y(on_y),
        steps_x(many_x),
        steps_y(many_y),
        all_x(fx - Longs{}),
        all_y(fy - Longs{}),
        next_x(chunk * step_x - Longs{}),
        next_y(chunk * step_y - Longs{}) {}

  int64_t x(int64_t k) const { return fx + k * step_x; }
  int64_t y(int64_t k) const { return fy + k * step_y; }

  // To the next chunk.
  void advance() {
    fx += chunk * step_x, fy += chunk * step_y;
    all_x += next_x, all_y += next_y;
  }
};

// Coordinates beyond the centres of the edge pixels moved there. The fraction is never one, but as
// good as that for weights of 14 bits.
inline Steps::Halves clamped(Steps::Halves v, int32_t last) {
  const Ints zero = {}, most = zero + (last - 1), i = v.high;
  return {smaller(larger(i, zero), most), (v.low | (Fractions)(i > most)) & ~(Fractions)(i >> 31)};
}

// The coordinates of a chunk in two halves: pixels, and fractions of 32 bits.
struct Coordinates {
  alignas(64) int32_t x[chunk], y[chunk];
  alignas(64) uint32_t fraction_x[chunk], fraction_y[chunk];

  void prepare(const Along& from) {
    from.steps_x.split(from.all_x, x, fraction_x);
    from.steps_y.split(from.all_y, y, fraction_y);
  }

  void clamp(int64_t width, int64_t height) {
    clamp(static_cast<int32_t>(width - 1), x, fraction_x);
    clamp(static_cast<int32_t>(height - 1), y, fraction_y);
  }
  static void clamp(int32_t last, int32_t* pixel, uint32_t* fraction) {
    for (int64_t k = 0; k < chunk; k += Steps::in_pair) {
      Steps::Halves v;
      std::memcpy(&v.high, pixel + k, sizeof v.high);
      std::memcpy(&v.low, fraction + k, sizeof v.low);
      v = clamped(v, last);
      std::memcpy(pixel + k, &v.high, sizeof v.high);
      std::memcpy(fraction + k, &v.low, sizeof v.low);
    }
  }

  // For the mode that wraps coordinates before they are used, and `shift` added then.
  template <class T>
  void prepare_wrapped(const Plane<T>& p, const Along& from, int64_t shift) {
    FASTAUG_VECTOR
    for (int64_t k = 0; k < chunk; ++k) {
      int64_t fx = from.x(k), fy = from.y(k);
      confine(fx, p.w, FillMode::wrap);
      confine(fy, p.h, FillMode::wrap);
      fx += shift, fy += shift;
      x[k] = static_cast<int32_t>(fx >> 32), fraction_x[k] = static_cast<uint32_t>(fx);
      y[k] = static_cast<int32_t>(fy >> 32), fraction_y[k] = static_cast<uint32_t>(fy);
    }
  }
};

// How far a pixel and a row of the input are from the next, in bytes.
template <class T>
struct Strides {
  int32_t pixel, row;
  explicit Strides(const Plane<T>& p)
      : pixel(static_cast<int32_t>(p.c * static_cast<int64_t>(sizeof(T)))),
        row(static_cast<int32_t>(p.stride)) {}
};

// `map_tap` for taps that are at most one image away; others come out outside of [0, n).
template <FillMode mode>
int32_t folded(int32_t i, int32_t n) {
  if constexpr (mode == FillMode::reflect) {
    i = i < 0 ? -1 - i : i;
    return i < n ? i : 2 * n - 1 - i;
  } else if constexpr (mode == FillMode::mirror) {
    i = i < 0 ? -i : i;
    return i < n ? i : 2 * n - 2 - i;
  } else if constexpr (mode == FillMode::grid_wrap) {
    i = i < 0 ? i + n : i;
    return i < n ? i : i - n;
  } else {
    i = i < 0 ? 0 : i;
    return i < n ? i : n - 1;
  }
}

// The pixels that stand for taps `i + next`, times `by`.
template <FillMode mode>
void place_as(const int32_t* i, int32_t next, int64_t n, int32_t by, int32_t* __restrict to) {
  const int32_t size = static_cast<int32_t>(n);
  uint32_t furthest = 0;
  FASTAUG_VECTOR
  for (int64_t k = 0; k < chunk; ++k) {
    const uint32_t pixel = static_cast<uint32_t>(folded<mode>(i[k] + next, size));
    furthest = larger(furthest, pixel);
    to[k] = static_cast<int32_t>(pixel * static_cast<uint32_t>(by));
  }
  if (furthest < static_cast<uint32_t>(n)) return;
  FASTAUG_VECTOR
  for (int64_t k = 0; k < chunk; ++k)
    to[k] = static_cast<int32_t>(map_tap(i[k] + next, size, mode)) * by;
}

// By any mode that does not fill; coordinates are confined already by those that do that.
inline void place(FillMode mode, const int32_t* i, int32_t next, int64_t n, int32_t by,
                  int32_t* to) {
  switch (mode) {
    case FillMode::reflect:
      return place_as<FillMode::reflect>(i, next, n, by, to);
    case FillMode::mirror:
      return place_as<FillMode::mirror>(i, next, n, by, to);
    case FillMode::grid_wrap:
      return place_as<FillMode::grid_wrap>(i, next, n, by, to);
    default:
      return place_as<FillMode::nearest>(i, next, n, by, to);
  }
}

// Where all taps can be told by 32 bits of bytes from the first pixel.
template <class T>
bool offsets_fit(const Plane<T>& p) {
  const int64_t most = int64_t{1} << 30, stride = p.stride < 0 ? -p.stride : p.stride;
  const int64_t pixel = static_cast<int64_t>(sizeof(T));
  return stride < most && p.h < most && p.w < most && p.c < most && p.w * p.c < most / pixel &&
         stride * p.h < most;
}

// One tap of each column, in bytes from the first pixel.
struct Offsets {
  alignas(64) int32_t at[block];
  bool to_the_ends = false;  // whether loads may not go beyond the ends of rows
  int32_t
      before[block / chunk];  // then: how many bytes before a tap, of a chunk, there are in its row

  // Makes what lies beyond the columns that are wanted, up to a whole chunk, taps that are there.
  void fill_up(int64_t count) {
    const int32_t last = at[count - 1];
    int32_t* const end = at + (count - 1) / chunk * chunk;
    const int32_t wanted = static_cast<int32_t>(count - (end - at));
    FASTAUG_VECTOR
    for (int32_t k = 0; k < chunk; ++k) end[k] = k < wanted ? end[k] : last;
  }

  // Whether a chunk, of which `wanted` columns are, reads the first pixel of a row.
  void look_back(const Along& from, int64_t start, int64_t wanted) {
    const int64_t first = from.fx >> 32, last = from.x(smaller(wanted, chunk) - 1) >> 32;
    before[start / chunk] = smaller(first, last) > 0 ? 2 : 0;
  }

  // For columns that may read outside.
  template <class T>
  void prepare(const Plane<T>& p, const Coordinates& from, FillMode mode, int64_t start) {
    const Strides<T> by(p);
    int32_t row[chunk];
    place(mode, from.x, 0, p.w, by.pixel, at + start);
    place(mode, from.y, 0, p.h, by.row, row);
    FASTAUG_VECTOR
    for (int64_t k = 0; k < chunk; ++k) at[start + k] += row[k];
  }
};

// All four taps of columns that may read outside: rows and columns of the input, in bytes.
struct Taps {
  int32_t x0[block], x1[block], y0[block], y1[block];

  template <class T>
  void prepare(const Plane<T>& p, const Coordinates& from, FillMode mode, int64_t start) {
    const Strides<T> by(p);
    place(mode, from.x, 0, p.w, by.pixel, x0 + start);
    place(mode, from.x, 1, p.w, by.pixel, x1 + start);
    place(mode, from.y, 0, p.h, by.row, y0 + start);
    place(mode, from.y, 1, p.h, by.row, y1 + start);
  }
};

// `Bilinear` of a block of columns; `put` takes the fractions of some of them.
template <class T>
struct Weights;

template <>
struct Weights<float> {
  alignas(64) float x[block], y[block];

  void put(int64_t k, const weigh::Group& of) {
    for (int i = 0; i < weigh::Group::registers; ++i, k += Steps::in_pair) {
      weigh::linear(of.x[i], x + k);
      weigh::linear(of.y[i], y + k);
    }
  }
  Bilinear<float> get(int64_t k) const { return Bilinear<float>(x[k], y[k]); }
};

// Those of the left taps in the low halves, of the right taps in the high ones.
template <>
struct Weights<uint8_t> {
  alignas(64) uint32_t upper[block], lower[block];

  void put(int64_t k, const weigh::Group& of) { weigh::linear(of, upper + k, lower + k); }
  Bilinear<uint8_t> get(int64_t k) const {
    const auto low = [](uint32_t v) { return static_cast<int32_t>(v & 0xffffu); };
    const auto high = [](uint32_t v) { return static_cast<int32_t>(v >> 16); };
    return Bilinear<uint8_t>(low(upper[k]), high(upper[k]), low(lower[k]), high(lower[k]));
  }
};

template <class Weights>
void prepare_weights(const Coordinates& from, int64_t start, Weights& weights) {
  for (int64_t k = 0; k < chunk; k += weigh::Group::columns) {
    weigh::Group of;
    std::memcpy(of.x, from.fraction_x + k, sizeof of.x);
    std::memcpy(of.y, from.fraction_y + k, sizeof of.y);
    weights.put(start + k, of);
  }
}

// Offsets and weights of a chunk that reads inside; `halves(k)` are the coordinates of a register
// of its columns, x and y.
template <class T, class Weights, class Halves>
void prepare_taps(const Plane<T>& p, int64_t start, Offsets& offsets, Weights& weights,
                  Halves halves) {
  const Strides<T> by(p);
  // Keeps GCC from making a loop for each array that is stored to, each with all of the arithmetic.
  asm volatile("");
  for (int k = 0; k < chunk; k += weigh::Group::columns) {
    weigh::Group of;
    for (int i = 0; i < weigh::Group::registers; ++i) {
      const int j = k + i * Steps::in_pair;
      const auto [x, y] = halves(j);
      const Fractions at = static_cast<uint32_t>(by.row) * (Fractions)y.high +
                           static_cast<uint32_t>(by.pixel) * (Fractions)x.high;
      std::memcpy(offsets.at + start + j, &at, sizeof at);
      of.x[i] = x.low, of.y[i] = y.low;
    }
    weights.put(start + k, of);
  }
}

struct Point {
  Steps::Halves x, y;
};

// Of columns along a line, whose coordinates never leave the registers, where `confined(halves,
// size)` has moved them inside.
template <class T, class Weights, class Confined>
void prepare_inside(const Plane<T>& p, const Along& from, int64_t start, Offsets& offsets,
                    Weights& weights, Confined confined) {
  prepare_taps(p, start, offsets, weights, [&](int k) {
    return Point{confined(from.steps_x.halves(from.all_x, k), p.w),
                 confined(from.steps_y.halves(from.all_y, k), p.h)};
  });
}

// Of any columns.
template <class T, class Weights>
void prepare_inside(const Plane<T>& p, const Coordinates& from, int64_t start, Offsets& offsets,
                    Weights& weights) {
  prepare_taps(p, start, offsets, weights, [&](int k) {
    Point at;
    std::memcpy(&at.x.high, from.x + k, sizeof at.x.high);
    std::memcpy(&at.x.low, from.fraction_x + k, sizeof at.x.low);
    std::memcpy(&at.y.high, from.y + k, sizeof at.y.high);
    std::memcpy(&at.y.low, from.fraction_y + k, sizeof at.y.low);
    return at;
  });
}

// For taps that have no weights.
struct NoWeights {
  void put(int64_t, const weigh::Group&) {}
};

// What leaves coordinates as they are.
struct Unconfined {
  Steps::Halves operator()(Steps::Halves v, int64_t) const { return v; }
};

FASTAUG_END
