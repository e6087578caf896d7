// The affine warp, bicubic, of three channels of bytes, from a copy of the image that is made row
// by row as the warp gets there: in the form that the blend has least to do with, and with pixels
// around it, so that the columns at the edges read like all others.
#pragma once

#include "vector/copied_pixels.hpp"
#include "warp_affine_bicubic.hpp"

FASTAUG_BEGIN
namespace affine {

class CopiedRows {
 public:
  // Pixels around the image: as many as it takes for taps to be all of one kind there.
  static constexpr int64_t margin = 4;

  explicit CopiedRows(const Sampled<uint8_t>& s) : from(s.plane), mode(s.mode), fill(fill_of(s)) {
    const int64_t stride = from.w + 2 * margin;
    uint32_t* const all = memory<uint32_t>(Slot::padded, (from.h + 2 * margin) * stride);
    to = {reinterpret_cast<const char*>(all + margin * (stride + 1)), 4 * stride, from.h, from.w,
          4};
    for (int64_t i = 0; i < margin; ++i) {
      beside[i] = cubic_tap(i - margin, from.w, mode);
      beside[margin + i] = cubic_tap(from.w + i, from.w, mode);
    }
  }

  // Of four bytes a pixel.
  const Plane<uint8_t>& plane() const { return to; }

  // The nearest pixel whose taps are all there: taps of one beyond it are the same.
  template <class Int>
  static Int confined(Int pixel, Int n) {
    return smaller(larger(pixel, n - n - (margin - 1)), n + (margin - 3));
  }

  // Copies the taps of pixels in rows a to b, and what lies between them and what is there.
  void reach(int64_t a, int64_t b) {
    const int64_t low = confined(smaller(a, b), from.h) - 1;
    const int64_t high = confined(larger(a, b), from.h) + 3;
    if (begin == end) begin = end = low;
    for (; end < high; ++end) copy(end);
    for (; begin > low; --begin) copy(begin - 1);
  }

 private:
  static uint32_t fill_of(const Sampled<uint8_t>& s) {
    uint32_t pixel;
    spread_for_cubic(s.fill, 1, &pixel);
    return pixel;
  }

  void copy(int64_t y) {
    uint32_t* const row = reinterpret_cast<uint32_t*>(const_cast<char*>(to.data) + y * to.stride);
    const int64_t at = cubic_tap(y, from.h, mode), width = from.w;
    if (at < 0) {
      for (int64_t x = -margin; x < width + margin; ++x) row[x] = fill;
      return;
    }
    spread_for_cubic(from.row(at), width, row);
    for (int64_t i = 0; i < 2 * margin; ++i)
      row[i < margin ? i - margin : width + i - margin] = beside[i] < 0 ? fill : row[beside[i]];
  }

  Plane<uint8_t> from, to;
  FillMode mode;
  uint32_t fill;
  int64_t beside[2 * margin];
  int64_t begin = 0, end = 0;  // rows that are there
};

struct CopiedBicubicWarp {
  using Plain = BicubicWarp<uint8_t>;
  static constexpr int64_t before = 1 - CopiedRows::margin, after = 2 - CopiedRows::margin;
  static constexpr bool takes_valid = true, copies = true;
  CopiedRows rows;

  explicit CopiedBicubicWarp(const Sampled<uint8_t>& s) : rows(s) {}

  // Whether a copy serves, and is no more work than it saves.
  static bool serves(const Source<uint8_t>& s, const Batch& out) {
    const Plane<uint8_t>& p = s.plane;
    const Plane<uint8_t> wide = {p.data, 4 * (p.w + 2 * CopiedRows::margin),
                                 p.h + 2 * CopiedRows::margin, p.w + 2 * CopiedRows::margin, 4};
    return copies_for_cubic && p.c == 3 && s.narrow && s.mode != FillMode::wrap &&
           p.w * p.h <= 2 * out.w * out.h && offsets_fit(wide);
  }

  static int64_t more(const Sampled<uint8_t>&) { return 0; }
  static bool everywhere(const Sampled<uint8_t>& s) {
    return s.mode == FillMode::nearest || s.mode == FillMode::grid_constant;
  }
  static void pixel(const Sampled<uint8_t>& s, int64_t fx, int64_t fy, uint8_t* to) {
    Plain::pixel(s, fx, fy, to);
  }

  void inside(const Source<uint8_t>& s, bool, int64_t y, int64_t x, int64_t end, int64_t width,
              uint8_t* row) const {
    const auto confined = [](Steps::Halves v, int64_t n) {
      v.high = CopiedRows::confined(v.high, static_cast<int32_t>(n) + Ints{});
      return v;
    };
    if (everywhere(s))
      inside_as(s, confined, y, x, end, width, row);
    else
      inside_as(s, Unconfined{}, y, x, end, width, row);
  }

  template <class Confined>
  __attribute__((flatten)) void inside_as(const Source<uint8_t>& s, Confined confined, int64_t y,
                                          int64_t x, int64_t end, int64_t width,
                                          uint8_t* row) const {
    const Plane<uint8_t>& p = rows.plane();
    Offsets offsets;
    CubicWeights<uint8_t> weights;
    const CubicInside<uint8_t> where(p, offsets);
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      for (int64_t k = 0; k < count; k += chunk)
        prepare_inside(p, s.along(x + k, y, 0), k, offsets, weights, confined);
      offsets.fill_up(count);
      blend_cubic_copied(where.row, offsets.at, weights.pairs, count, 3 * (width - x), row + 3 * x);
    }
  }

  static void outside(const Source<uint8_t>& s, int64_t y, int64_t x, int64_t end, int64_t width,
                      uint8_t* row) {
    Plain::outside(s, y, x, end, width, row);
  }
};

}  // namespace affine
FASTAUG_END
