// The affine warp from a copy of the image with pixels around it, where making it is less work than
// what columns at the edges take without.
#pragma once

#include "copied_rows.hpp"
#include "copy_run.hpp"
#include "vector/copied_pixels.hpp"
#include "warp_affine_bicubic.hpp"
#include "warp_affine_bilinear.hpp"

FASTAUG_BEGIN
namespace affine {

// Whether taps beyond the margin are all of one kind.
inline bool ends_evenly(FillMode mode) {
  return mode == FillMode::nearest || mode == FillMode::grid_constant;
}

// Bicubic, three channels of bytes: in the words that the blend has least to do with.
class CopiedForCubic {
 public:
  using Plain = BicubicWarp<uint8_t>;
  using BlockWeights = CubicWeights<uint8_t>;
  static constexpr int64_t margin = 4, before = 1, after = 2;

  explicit CopiedForCubic(const Sampled<uint8_t>& s) { spread_for_cubic(s.fill, 1, &fill_); }

  static bool serves(const Source<uint8_t>& s, const Batch& out, Rows) {
    return copies_for_cubic && s.plane.c == 3 && s.mode != FillMode::wrap &&
           s.plane.w * s.plane.h <= 2 * out.w * out.h;
  }

  static int64_t tap(int64_t i, int64_t n, FillMode mode) { return cubic_tap(i, n, mode); }
  static int64_t channels(const Plane<uint8_t>&) { return 4; }
  static int64_t bytes(const Plane<uint8_t>&) { return 4; }
  static void copy(const uint8_t* from, int64_t width, char* to) {
    spread_for_cubic(from, width, reinterpret_cast<uint32_t*>(to));
  }
  static void put(const char* from, char* to) { std::memcpy(to, from, 4); }
  const char* fill() const { return reinterpret_cast<const char*>(&fill_); }

  static void blend(const Plane<uint8_t>& p, const Offsets& offsets, const BlockWeights& weights,
                    int64_t count, int64_t room, uint8_t* to) {
    const CubicInside<uint8_t> where(p, offsets);
    blend_cubic_copied(where.row, offsets.at, weights.pairs, count, room, to);
  }

 private:
  uint32_t fill_;
};

// Bilinear: pixels as they are.
template <class T, class From>
class CopiedForLinear {
 public:
  using Plain = BilinearWarp<T, From>;
  using BlockWeights = Weights<T>;
  static constexpr int64_t margin = 2, before = 0, after = 1;

  explicit CopiedForLinear(const Sampled<T, From>& s) : fill_(s.fill), pixel_(bytes(s.plane)) {}

  static bool serves(const Source<T, From>& s, const Batch& out, Rows rows) {
    const bool evenly = s.mode == FillMode::nearest ||
                        (s.mode == FillMode::grid_constant && sizeof(T) == sizeof(From));
    return evenly && !Plain::everywhere(s) && saves(s, out, rows);
  }

  // Whether the copy costs less than the columns that may read outside, of which some rows tell,
  // all in the time that it takes to copy a byte.
  static bool saves(const Source<T, From>& s, const Batch& out, Rows rows) {
    constexpr int64_t column = 48, side = 1000, by_blocks = 12, looks = 4;
    const int64_t count = rows.end - rows.begin, step = (count + looks - 1) / looks;
    const Spans spans(s.x, s.y, taps_inside<Plain>(s.plane.w, 0), taps_inside<Plain>(s.plane.h, 0),
                      {0, out.w}, {rows.begin, rows.end});
    int64_t saved = 0, looked = 0;
    for (int64_t y = rows.begin + step / 2; y < rows.end; y += step, ++looked) {
      Span within;
      spans.find(y, within);
      saved += column * (out.w - (within.end - within.begin));
      saved += side * ((within.begin > 0) + (within.end < out.w));
    }
    const int64_t copied = s.plane.h * s.plane.w * bytes(s.plane);
    const int64_t slower = s.windows.serves() ? by_blocks * out.h * out.w : 0;
    return saved * out.h > (copied + slower) * looked;
  }

  static int64_t tap(int64_t i, int64_t n, FillMode mode) { return map_tap(i, n, mode); }
  static int64_t channels(const Plane<From>& p) { return p.c; }
  static int64_t bytes(const Plane<From>& p) { return p.c * static_cast<int64_t>(sizeof(From)); }
  void copy(const From* from, int64_t width, char* to) const {
    copy_run(to, reinterpret_cast<const char*>(from), width * pixel_);
  }
  void put(const char* from, char* to) const { copy_run(to, from, pixel_); }
  const char* fill() const { return reinterpret_cast<const char*>(fill_); }

  static void blend(const Plane<From>& p, const Offsets& offsets, const BlockWeights& weights,
                    int64_t count, int64_t room, T* to) {
    affine::blend(p, Inside<From>(p, offsets), weights, count, room, to);
  }

 private:
  const T* fill_;  // of a type other than From there is none to copy
  int64_t pixel_;
};

template <class T, class From, class Form>
struct CopiedWarp {
  using Plain = typename Form::Plain;
  static constexpr int64_t before = Form::before - Form::margin, after = Form::after - Form::margin;
  static constexpr bool takes_valid = true, copies = true, clamps = false;
  CopiedRows<From, Form> rows;

  explicit CopiedWarp(const Sampled<T, From>& s) : rows(s.plane, s.mode, Form(s)) {}

  // Whether a copy serves, and is no more work than it saves.
  static bool serves(const Source<T, From>& s, const Batch& out, Rows rows) {
    return s.narrow && CopiedRows<From, Form>::fits(s.plane, Form::bytes(s.plane)) &&
           Form::serves(s, out, rows);
  }

  static int64_t more(const Sampled<T, From>&) { return 0; }
  static bool everywhere(const Sampled<T, From>& s) { return ends_evenly(s.mode); }
  static void pixel(const Sampled<T, From>& s, int64_t fx, int64_t fy, T* to) {
    Plain::pixel(s, fx, fy, to);
  }

  void inside(const Source<T, From>& s, bool, int64_t y, int64_t x, int64_t end, int64_t width,
              T* row) const {
    const auto confined = [](Steps::Halves v, int64_t n) {
      v.high = CopiedRows<From, Form>::confined(v.high, static_cast<int32_t>(n) + Ints{});
      return v;
    };
    if (everywhere(s))
      inside_as(s, confined, y, x, end, width, row);
    else
      inside_as(s, Unconfined{}, y, x, end, width, row);
  }

  template <class Confined>
  __attribute__((flatten)) void inside_as(const Source<T, From>& s, Confined confined, int64_t y,
                                          int64_t x, int64_t end, int64_t width, T* row) const {
    const Plane<From>& p = rows.plane();
    const int64_t channels = s.plane.c;
    Offsets offsets;
    typename Form::BlockWeights weights;
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      Along from = s.along(x, y, 0);
      for (int64_t k = 0; k < count; k += chunk, from.advance())
        prepare_inside(p, from, k, offsets, weights, confined);
      offsets.fill_up(count);
      Form::blend(p, offsets, weights, count, (width - x) * channels, row + x * channels);
    }
  }

  static void outside(const Source<T, From>& s, int64_t y, int64_t x, int64_t end, int64_t width,
                      T* row) {
    Plain::outside(s, y, x, end, width, row);
  }
};

using CopiedBicubicWarp = CopiedWarp<uint8_t, uint8_t, CopiedForCubic>;
template <class T, class From>
using CopiedBilinearWarp = CopiedWarp<T, From, CopiedForLinear<T, From>>;

}  // namespace affine
FASTAUG_END
