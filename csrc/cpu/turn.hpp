// Images whose rows become columns: quarter turns, and the like of them mirrored.
#pragma once

#include "rows.hpp"
#include "streamed.hpp"
#include "vector/transpose.hpp"

FASTAUG_BEGIN
namespace turn {

// Rows [y, y_end) and columns [x, x_end) of the output.
struct Part {
  int64_t y, y_end, x, x_end;
};

// Output (y, x) reads from + y * by_y + x * by_x.
struct Turn {
  const char* from;
  int64_t by_y, by_x;
  char* to;
  int64_t to_y, to_x;
};

// Pixel by pixel, in tiles of rows that share the cache lines of the columns they read;
// `copy(from, to)` moves one.
template <class Copy>
void turn_each(const Turn& turn, Part part, Copy copy) {
  constexpr int64_t tile = 16;
  for (int64_t y0 = part.y; y0 < part.y_end; y0 += tile) {
    const int64_t y1 = smaller(y0 + tile, part.y_end);
    for (int64_t x0 = part.x; x0 < part.x_end; x0 += tile) {
      const int64_t x1 = smaller(x0 + tile, part.x_end);
      for (int64_t y = y0; y < y1; ++y) {
        const char* p = turn.from + y * turn.by_y + x0 * turn.by_x;
        char* q = turn.to + y * turn.to_y + x0 * turn.to_x;
        for (int64_t x = x0; x < x1; ++x, p += turn.by_x, q += turn.to_x) copy(p, q);
      }
    }
  }
}

// Pixels side by side in memory and of a size that is known, in squares. Columns of the input in
// strips, so that the lines of the rows they become are still in the cache when the next squares
// add to them.
template <int Size>
void turn_squares(Turn turn, Rows rows, int64_t width, int64_t in_width) {
  using Of = Square<Size>;
  // A line and a half of every row of the input: more would be rows of the output that, of a size
  // such as 1024, push each other out of the cache.
  constexpr int64_t side = Of::side, strip = Size < 4 ? 96 / Size / 16 * 16 : 16;
  const auto one = [](const char* from, char* to) { std::memcpy(to, from, Size); };
  // What a register takes along of a row lies before its columns or else, of the first, after them.
  constexpr int64_t along = 16 - Of::used, least = along > 0 ? 16 + Size : 16;
  if (rows.end - rows.begin < side || width < side || in_width * Size < least)
    return turn_each(turn, {rows.begin, rows.end, 0, width}, one);
  const bool left = turn.by_y < 0;
  const char* first = left ? turn.from + (in_width - 1) * turn.by_y : turn.from;
  char* to = left ? turn.to + (in_width - 1) * turn.to_y : turn.to;  // of the first column
  const int64_t to_step = left ? -turn.to_y : turn.to_y;
  const int64_t begin = left ? in_width - rows.end : rows.begin;
  const int64_t end = left ? in_width - rows.begin : rows.end;
  for (int64_t c0 = begin; c0 < end; c0 += strip) {
    const int64_t c1 = smaller(c0 + strip, end);
    const auto across = [&](auto lanes, int64_t x) {
      constexpr int count = decltype(lanes)::count;
      constexpr int64_t stored = side * count * Size + (16 - Of::used) * count;
      const bool exactly = x * Size + stored > width * Size;
      // Nobody foresees steps of a row each.
      constexpr int64_t ahead = 16;
      for (int64_t i = x + ahead; i < smaller(x + ahead + side * count, width); ++i)
        for (int64_t at = c0 * Size; at < c1 * Size; at += cache_line)
          __builtin_prefetch(first + i * turn.by_x + at);
      for (int64_t c = c0; c < c1; c += side) {
        const int64_t at = smaller(c, end - side);
        Of::template transpose<count>(first + at * Size + x * turn.by_x, turn.by_x,
                                      at * Size >= along, to + at * to_step + x * Size, to_step,
                                      exactly);
      }
    };
    int64_t x = 0;
    for (; x + side * lanes_at_once <= width; x += side * lanes_at_once)
      across(Lanes<lanes_at_once>{}, x);
    for (; x < width; x += side) across(Lanes<1>{}, smaller(x, width - side));
  }
}

// Where lines of the input have whole pixels, and of all its rows begin alike: tiles as wide and as
// tall as a line. The rows of one are copied next to each other first, as those of an image whose
// rows are 1,024 bytes or a multiple apart push each other out of the cache before all squares have
// read them; and every line of the output is written once, whole, or `past` the cache.
template <int Size>
struct Tiles {
  static constexpr int64_t side = cache_line / Size;
  static constexpr int64_t square = Square<Size>::side;
  static constexpr int lanes = square * lanes_at_once > side ? side / square : lanes_at_once;
  static constexpr bool gathers = Size < 8;

  // From the rows of a tile to those of the one it becomes.
  static void make(const char* from, int64_t from_step, char* to, int64_t to_step, bool past) {
    alignas(cache_line) char rows[side * cache_line], made[side * cache_line];
    if (gathers) {
      for (int64_t i = 0; i < side; ++i)
        std::memcpy(rows + i * cache_line, from + i * from_step, cache_line);
      from = rows, from_step = cache_line;
    }
    char* const at = past ? made : to;
    const int64_t step = past ? cache_line : to_step;
    for (int64_t x = 0; x < side; x += square * lanes)
      for (int64_t c = 0; c < side; c += square)
        Square<Size>::template transpose<lanes>(from + c * Size + x * from_step, from_step, false,
                                                at + c * step + x * Size, step, false);
    if (past)
      for (int64_t i = 0; i < side; ++i) stream_line(made + i * cache_line, to + i * to_step);
  }
};

// Pixels before the first one at which a line begins, or -1 if none does.
inline int64_t before_line(const char* p, int64_t pixel) {
  const int64_t at = static_cast<int64_t>(reinterpret_cast<std::uintptr_t>(p) % cache_line);
  return at % pixel != 0 ? -1 : (cache_line - at) % cache_line / pixel;
}

// Makes these rows by tiles where it can; what is left at the edges goes by squares.
template <int Size>
bool turn_tiles(const Turn& turn, Rows rows, int64_t width, int64_t in_width, bool past) {
  constexpr int64_t side = Tiles<Size>::side;
  if (turn.by_x % cache_line != 0 || turn.to_y % cache_line != 0) return false;
  const bool left = turn.by_y < 0;
  const char* first = left ? turn.from + (in_width - 1) * turn.by_y : turn.from;
  char* to = left ? turn.to + (in_width - 1) * turn.to_y : turn.to;  // of the first column
  const int64_t to_step = left ? -turn.to_y : turn.to_y;
  const int64_t begin = left ? in_width - rows.end : rows.begin;
  const int64_t end = left ? in_width - rows.begin : rows.end;
  const int64_t c_skip = before_line(first + begin * Size, Size), x0 = before_line(to, Size);
  const int64_t c0 = begin + c_skip, across = (end - c0) / side, down = (width - x0) / side;
  if (c_skip < 0 || x0 < 0 || end - c0 < side || width - x0 < side) return false;
  const int64_t c1 = c0 + across * side, x1 = x0 + down * side;

  const auto rest = [&](int64_t c, int64_t c_end, int64_t x, int64_t x_end) {
    if (c >= c_end || x >= x_end) return;
    Turn part = turn;
    part.from += x * turn.by_x;
    part.to += x * turn.to_x;
    const Rows some = {rows.image, left ? in_width - c_end : c, left ? in_width - c : c_end};
    turn_squares<Size>(part, some, x_end - x, in_width);
  };
  rest(begin, c0, 0, width);
  rest(c0, c1, 0, x0);
  // Their order: strips of at most 64 rows of the output, along these, and across each strip.
  struct Place {
    int64_t strip, x, c;
    void next(int64_t across, int64_t down) {
      const int64_t wide = smaller<int64_t>(Size, across - strip);
      if (++c == wide) c = 0, ++x;
      if (x == down) x = 0, strip += wide;
    }
  };
  const auto from = [&](Place at) {
    return first + c0 * Size + (at.strip + at.c) * cache_line + (x0 + at.x * side) * turn.by_x;
  };
  const auto target = [&](Place at) {
    return to + (c0 + (at.strip + at.c) * side) * to_step + (x0 + at.x * side) * Size;
  };
  Place soon = {0, 0, 0};
  const auto ask = [&] {
    if (soon.strip == across) return;
    const char *p = from(soon), *q = target(soon);
    for (int64_t i = 0; i < side; ++i) __builtin_prefetch(p + i * turn.by_x, 0, 2);
    for (int64_t i = 0; i < side && !past; ++i) __builtin_prefetch(q + i * to_step, 0, 2);
    soon.next(across, down);
  };
  for (int64_t i = 0; i < Size + 1; ++i) ask();
  for (Place at = {0, 0, 0}; at.strip < across; at.next(across, down)) {
    ask();
    Tiles<Size>::make(from(at), turn.by_x, target(at), to_step, past);
  }
  rest(c0, c1, x1, width);
  rest(c1, end, 0, width);
  if (past) streamed();
  return true;
}

// The same, a few rows of the output at a time next to the core and from there past the cache.
template <int Size>
void turn_streaming(Turn turn, Rows rows, int64_t width, int64_t in_width) {
  const int64_t few = smaller<int64_t>(32, rows.end - rows.begin), bytes = width * Size;
  Streamed streamed(turn.to + rows.begin * bytes, few * bytes);
  for (int64_t y = rows.begin; y < rows.end; y += few) {
    const int64_t end = smaller(y + few, rows.end);
    turn.to = streamed.next() - y * bytes;
    turn_squares<Size>(turn, {rows.image, y, end}, width, in_width);
    streamed.push((end - y) * bytes);
  }
  streamed.finish();
}

// Pixels of a size that is known, of rows that are plain.
template <int Size>
void turn_pixels(const Turn& turn, const Batch& out, Rows rows, int64_t in_width) {
  if constexpr (cache_line % Size == 0)
    if (turn_tiles<Size>(turn, rows, out.w, in_width, rows.streams)) return;
  const auto make =
      rows.streams && rows_are_contiguous(out) ? turn_streaming<Size> : turn_squares<Size>;
  make(turn, rows, out.w, in_width);
}

// Output (y, x) is row x and column y of the input, counted from its last ones where that is so.
struct Counted {
  bool rows_back, columns_back;
};

inline void turn_image(const Batch& in, int64_t image, const Batch& out, Rows rows,
                       Counted counted) {
  const char* first = row_address(in, image, counted.rows_back ? in.h - 1 : 0);
  const Turn turn = {counted.columns_back ? first + (in.w - 1) * in.stride_w : first,
                     counted.columns_back ? -in.stride_w : in.stride_w,
                     counted.rows_back ? -in.stride_h : in.stride_h,
                     row_address(out, rows.image, 0),
                     out.stride_h,
                     out.stride_w};
  const int64_t channels = in.c, item = in.item, pixel = channels * item;
  if (rows_are_plain(in) && rows_are_plain(out)) {
    switch (pixel) {
      case 1:
        return turn_pixels<1>(turn, out, rows, in.w);
      case 2:
        return turn_pixels<2>(turn, out, rows, in.w);
      case 3:
        return turn_pixels<3>(turn, out, rows, in.w);
      case 4:
        return turn_pixels<4>(turn, out, rows, in.w);
      case 6:
        return turn_pixels<6>(turn, out, rows, in.w);
      case 8:
        return turn_pixels<8>(turn, out, rows, in.w);
      case 12:
        return turn_pixels<12>(turn, out, rows, in.w);
      case 16:
        return turn_pixels<16>(turn, out, rows, in.w);
    }
  }
  const Part all{rows.begin, rows.end, 0, out.w};
  const int64_t from_step = in.stride_c, to_step = out.stride_c;
  if (channels == 1 || (from_step == item && to_step == item))
    return turn_each(turn, all, [=](const char* from, char* to) {
      std::memcpy(to, from, static_cast<std::size_t>(pixel));
    });
  turn_each(turn, all, [=](const char* from, char* to) {
    for (int64_t c = 0; c < channels; ++c)
      std::memcpy(to + c * to_step, from + c * from_step, static_cast<std::size_t>(item));
  });
}

}  // namespace turn
FASTAUG_END
