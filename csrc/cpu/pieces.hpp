// Rows of a result that are made of pieces, the same for all of them: runs of a row of an image,
// forwards, backwards, or one pixel over and over.
#pragma once

#include "copy_run.hpp"
#include "items.hpp"
#include "reverse.hpp"
#include "streamed.hpp"

FASTAUG_BEGIN
namespace pieces {

// Pixels of a row of the result, from which of the image they are (-1 for the fill value), and how
// far apart those are: 1, 0 or -1.
struct Piece {
  int64_t to, count, from, step;
};

struct Pieces {
  const Piece* all;
  int64_t count;
};

// Whether one more pixel outside the image belongs to the piece before; if so, it is added.
inline bool extends(Piece& last, int64_t from) {
  if (last.from < 0 || from < 0) {
    if (last.from != from) return false;
  } else if (last.count == 1) {
    if (from < last.from - 1 || from > last.from + 1) return false;
    last.step = from - last.from;
  } else if (from != last.from + last.step * last.count) {
    return false;
  }
  ++last.count;
  return true;
}

// The pieces of `width` pixels from pixel `first` of a row of `n` on, `step` (1 or -1) apart;
// `map(i)` is the pixel that stands for one outside.
template <class Map>
Pieces find_pieces(int64_t first, int64_t step, int64_t width, int64_t n, Map map) {
  Piece* all = memory<Piece>(Slot::taps, width);
  int64_t count = 0;
  for (int64_t x = 0; x < width;) {
    const int64_t at = first + step * x;
    if (at >= 0 && at < n) {
      const int64_t inside = smaller(step > 0 ? n - at : at + 1, width - x);
      all[count++] = {x, inside, at, step};
      x += inside;
    } else {
      const int64_t from = map(at);
      if (count == 0 || !extends(all[count - 1], from)) all[count++] = {x, 1, from, 0};
      ++x;
    }
  }
  return {all, count};
}

// A row of the image, and how one of its pixels is repeated: 16 bytes at a time where it has as
// many.
struct Source {
  int64_t width, size;  // pixels, and bytes of one
  Byte16 order;         // byte i of a repeated pixel

  Source(int64_t width_, int64_t size_) : width(width_), size(size_) {
    for (int i = 0; i < 16; ++i) order[i] = static_cast<uint8_t>(size > 0 ? i % size : 0);
  }

  void repeat(const char* row, int64_t pixel, char* to, int64_t count) const {
    const int64_t at = pixel * size, bytes = count * size;
    if (size > 16 || width * size < 16) return repeat_pixel(to, row + at, size, count);
    const int64_t first = smaller(at, width * size - 16), used = 16 / size * size;
    const Byte16 all = shuffle(load16(row + first), order + static_cast<uint8_t>(at - first));
    int64_t done = 0;
    for (; done + 16 <= bytes; done += used) store16(to + done, all);
    char rest[16];
    store16(rest, all);
    if (done < bytes) std::memcpy(to + done, rest, static_cast<std::size_t>(bytes - done));
  }
};

// `fill` is a whole row of the fill value.
inline void make_row(const char* from, char* to, Pieces pieces, const Source& source,
                     const char* fill) {
  const int64_t size = source.size;
  for (const Piece* p = pieces.all; p != pieces.all + pieces.count; ++p) {
    const int64_t bytes = p->count * size;
    char* at = to + p->to * size;
    if (p->from < 0)
      copy_run(at, fill, bytes);
    else if (p->step > 0)
      copy_run(at, from + p->from * size, bytes);
    else if (p->step == 0)
      source.repeat(from, p->from, at, p->count);
    else {
      const char* lowest = from + (p->from - p->count + 1) * size;
      reverse_pixels(lowest, at, p->count, size, lowest);
    }
  }
}

// Makes rows of an image: row y from row `row_of(y)` of the other one, or where that is -1 of fill.
template <class RowOf>
class Maker {
 public:
  Maker(Rows all, Pieces of_a_row, RowOf which) : rows(all), pieces(of_a_row), row_of(which) {}

  // `pixel` is what fills, or null where nothing does.
  void make(const Batch& in, const Batch& out, const char* pixel) const {
    if (rows_are_plain(in) && rows_are_plain(out)) return plain(in, out, pixel);
    if (channels_are_plain(in) && channels_are_plain(out)) {
      for (int64_t c = 0; c < out.c; ++c)
        plain(channel_of(in, c), channel_of(out, c), pixel ? pixel + c * out.item : nullptr);
      return;
    }
    with_item(out.item, [&](auto zero) { gathered<decltype(zero)>(in, out, pixel); });
  }

 private:
  Rows rows;
  Pieces pieces;
  RowOf row_of;

  static const char* fill_row(const Batch& out, const char* pixel) {
    return pixel ? repeated_pixel(Slot::table, pixel, out.c * out.item, out.w) : nullptr;
  }

  // Whether a row is some of a row of the image, as all are of a crop.
  bool is_one_run() const {
    return pieces.count == 1 && pieces.all->from >= 0 && pieces.all->step > 0;
  }

  void plain(const Batch& in, const Batch& out, const char* pixel) const {
    const int64_t size = out.c * out.item, bytes = out.w * size;
    const char* fill = fill_row(out, pixel);
    const Source source(in.w, size);
    if (rows.streams && rows_are_contiguous(out)) return streamed(in, out, source, fill);
    const int64_t at = pieces.all->from * size;
    const bool one_run = is_one_run();
    for (int64_t y = rows.begin; y < rows.end; ++y) {
      const int64_t from = row_of(y);
      char* to = row_address(out, rows.image, y);
      if (from < 0)
        copy_run(to, fill, bytes);
      else if (one_run)
        copy_run(to, row_address(in, rows.image, from) + at, bytes);
      else
        make_row(row_address(in, rows.image, from), to, pieces, source, fill);
    }
  }

  void streamed(const Batch& in, const Batch& out, const Source& source, const char* fill) const {
    const int64_t bytes = out.w * source.size, at = pieces.all->from * source.size;
    const bool one_run = is_one_run();
    Streamed to(row_address(out, rows.image, rows.begin), bytes);
    for (int64_t y = rows.begin; y < rows.end; ++y) {
      const int64_t from = row_of(y);
      if (from < 0) {
        to.write(fill, bytes);
        continue;
      }
      const char* row = row_address(in, rows.image, from);
      prefetch_row(in, rows.image, larger<int64_t>(row_of(smaller(y + 2, rows.end - 1)), 0));
      if (one_run) {
        to.write(row + at, bytes);
      } else {
        make_row(row, to.next(), pieces, source, fill);
        to.push(bytes);
      }
    }
    to.finish();
  }

  template <class T>
  void gathered(const Batch& in, const Batch& out, const char* pixel) const {
    const int64_t size = out.c * out.item;
    const char* fill = fill_row(out, pixel);
    const Source source(in.w, size);
    T* in_buffer = row_buffer<T>(Slot::row, in);
    T* out_buffer = row_buffer<T>(Slot::stage, out);
    for (int64_t y = rows.begin; y < rows.end; ++y) {
      const int64_t from = row_of(y);
      T* to = begin_row(out, rows.image, y, out_buffer);
      if (from < 0)
        std::memcpy(to, fill, static_cast<std::size_t>(out.w * size));
      else
        make_row(reinterpret_cast<const char*>(read_row(in, rows.image, from, in_buffer)),
                 reinterpret_cast<char*>(to), pieces, source, fill);
      finish_row(out, rows.image, y, to);
    }
  }
};

}  // namespace pieces
FASTAUG_END
