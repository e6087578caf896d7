// The order in which a warp makes its output. A row of a slanted map reads a few pixels of each of
// many rows, most of what it takes along with them is for the rows after it: where that is more
// than the cache near by holds, the output is made tile by tile.
#pragma once

#include "rows.hpp"
#include "span.hpp"

FASTAUG_BEGIN

struct Tile {
  Span columns;
  int64_t begin, end;  // rows
};

class Tiles {
 public:
  // For rows each of which reads so many rows of the image.
  template <class T>
  Tiles(const Batch& out, double crossed, const Plane<T>& image) : width_(out.w) {
    constexpr double near = 1 << 19;  // half of a second cache, or a quarter
    const double most = static_cast<double>(image.h), rows = std::fabs(crossed);
    // Rows that do not lie plainly are put in place as a whole.
    serve_ = out.w > side && rows_are_plain(out) &&
             smaller(rows, most) * std::fabs(static_cast<double>(image.stride)) > near;
  }

  bool serve() const { return serve_; }

  // Calls make(tile) from the top to the bottom and from left to right, so that a tile may write
  // beyond its columns what the next overwrites.
  template <class Make>
  void each(Rows rows, const Make& make) const {
    const int64_t across = serve_ ? side : width_, down = serve_ ? side : rows.end - rows.begin;
    for (int64_t y = rows.begin; y < rows.end; y += down)
      for (int64_t x = 0; x < width_; x += across)
        make(Tile{{x, x + across < width_ ? x + across : width_},
                  y,
                  y + down < rows.end ? y + down : rows.end});
  }

 private:
  static constexpr int64_t side = 128;
  int64_t width_;
  bool serve_;
};

FASTAUG_END
