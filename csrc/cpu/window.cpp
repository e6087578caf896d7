// A window of an image: crops and pads. A row of the result is made of pieces, which are the same
// for all rows: runs of a row of the image, forwards, backwards, or one pixel over and over.
#include "../ops/border.hpp"
#include "copy_run.hpp"
#include "items.hpp"
#include "kernels.hpp"
#include "reverse.hpp"
#include "streamed.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

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
bool extends(Piece& last, int64_t from) {
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

// The pieces of `width` pixels from pixel `left` of a row of `n` on.
Pieces find_pieces(int64_t left, int64_t width, int64_t n, Border border) {
  Piece* all =
      static_cast<Piece*>(scratch(Slot::taps, static_cast<std::size_t>(width) * sizeof(Piece)));
  int64_t count = 0;
  for (int64_t x = 0; x < width;) {
    const int64_t at = left + x;
    const int64_t inside = at >= 0 && at < n ? smaller(n - at, width - x) : 0;
    if (inside > 0) {
      all[count++] = {x, inside, at, 1};
      x += inside;
    } else {
      const int64_t from = map_border(at, n, border);
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
void make_row(const char* from, char* to, Pieces pieces, const Source& source, const char* fill) {
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

struct Window {
  const WindowArgs& args;
  Rows rows;
  int64_t top;
  Pieces pieces;

  // Calls make(row of the image or -1, row of the result) for all of them.
  template <class Make>
  void each_row(Make make) const {
    for (int64_t y = rows.begin; y < rows.end; ++y)
      make(map_border(top + y, args.in.h, args.border), y);
  }

  const char* fill_row(const char* pixel, int64_t size) const {
    return args.border == Border::constant ? repeated_pixel(Slot::table, pixel, size, args.out.w)
                                           : nullptr;
  }

  // Whether a row is some of a row of the image, as all are of a crop.
  bool is_one_run() const {
    return pieces.count == 1 && pieces.all->from >= 0 && pieces.all->step > 0;
  }

  void plain(const Batch& in, const Batch& out, const char* pixel) const {
    const int64_t size = out.c * out.item, bytes = out.w * size;
    const char* fill = fill_row(pixel, size);
    const Source source(in.w, size);
    if (rows.streams && rows_are_contiguous(out)) return streamed(in, out, source, fill);
    const int64_t at = pieces.all->from * size;
    const bool one_run = is_one_run();
    each_row([&](int64_t from, int64_t y) {
      char* to = row_address(out, rows.image, y);
      if (from < 0) return copy_run(to, fill, bytes);
      const char* row = row_address(in, rows.image, from);
      if (one_run) return copy_run(to, row + at, bytes);
      make_row(row, to, pieces, source, fill);
    });
  }

  void streamed(const Batch& in, const Batch& out, const Source& source, const char* fill) const {
    const int64_t bytes = out.w * source.size, at = pieces.all->from * source.size;
    const bool one_run = is_one_run();
    Streamed to(row_address(out, rows.image, rows.begin), bytes);
    each_row([&](int64_t from, int64_t) {
      if (from < 0) return to.write(fill, bytes);
      const char* row = row_address(in, rows.image, from);
      prefetch_row(in, rows.image, smaller(from + 2, in.h - 1));
      if (one_run) return to.write(row + at, bytes);
      make_row(row, to.next(), pieces, source, fill);
      to.push(bytes);
    });
    to.finish();
  }

  template <class T>
  void gathered(const char* pixel) const {
    const Batch &in = args.in, &out = args.out;
    const int64_t size = out.c * out.item;
    const char* fill = fill_row(pixel, size);
    const Source source(in.w, size);
    T* in_buffer = row_buffer<T>(Slot::row, in);
    T* out_buffer = row_buffer<T>(Slot::stage, out);
    each_row([&](int64_t from, int64_t y) {
      T* to = begin_row(out, rows.image, y, out_buffer);
      if (from < 0)
        std::memcpy(to, fill, static_cast<std::size_t>(out.w * size));
      else
        make_row(reinterpret_cast<const char*>(read_row(in, rows.image, from, in_buffer)),
                 reinterpret_cast<char*>(to), pieces, source, fill);
      finish_row(out, rows.image, y, to);
    });
  }
};

}  // namespace

void window(const WindowArgs& args, Rows rows) {
  const Batch &in = args.in, &out = args.out;
  const int64_t* offset = args.offsets + 2 * rows.image;
  const char* pixel = static_cast<const char*>(args.fill) + rows.image * out.c * out.item;
  const Window made{args, rows, offset[0], find_pieces(offset[1], out.w, in.w, args.border)};
  if (rows_are_plain(in) && rows_are_plain(out)) return made.plain(in, out, pixel);
  if (channels_are_plain(in) && channels_are_plain(out)) {
    for (int64_t c = 0; c < out.c; ++c)
      made.plain(channel_of(in, c), channel_of(out, c), pixel + c * out.item);
    return;
  }
  with_item(out.item, [&](auto zero) { made.gathered<decltype(zero)>(pixel); });
}

FASTAUG_END
