// A rectangle of one image put into another. Of an image that is not changed where it lies, what is
// beside the rectangle is copied, or all of it, where that is one run of memory: the processor
// copies a long one without reading first what it writes over.
#include "../ops/box.hpp"
#include "copy_run.hpp"
#include "items.hpp"
#include "kernels.hpp"
#include "mirror.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// One of a batch, with plain rows.
struct Image {
  const Batch& batch;
  int64_t number;

  char* row(int64_t y) const { return row_address(batch, number, y); }
};

bool are_contiguous(Image a, Image b) {
  return rows_are_contiguous(a.batch) && rows_are_contiguous(b.batch);
}

// Copies pixels of `size` bytes to the same place of another image.
void copy_box(Image from, Image to, Box box, int64_t size) {
  const int64_t at = box.columns.begin * size, count = box.rows.end - box.rows.begin;
  const int64_t bytes = box.columns.end * size - at;
  if (bytes == 0 || count <= 0) return;
  if (are_contiguous(from, to) && box.columns.end - box.columns.begin == to.batch.w)
    return copy_run(to.row(box.rows.begin), from.row(box.rows.begin), bytes * count);
  for (int64_t y = box.rows.begin; y < box.rows.end; ++y)
    copy_run(to.row(y) + at, from.row(y) + at, bytes);
}

// Of these rows, at least all but a box.
void copy_around(Image from, Image to, Rows rows, Box box, int64_t size) {
  const Extent all = {0, to.batch.w};
  if (are_contiguous(from, to)) return copy_box(from, to, {{rows.begin, rows.end}, all}, size);
  copy_box(from, to, {{rows.begin, box.rows.begin}, all}, size);
  copy_box(from, to, {box.rows, {0, box.columns.begin}}, size);
  copy_box(from, to, {box.rows, {box.columns.end, all.end}}, size);
  copy_box(from, to, {{box.rows.end, rows.end}, all}, size);
}

template <class T>
void paste_elements(const Batch& others, int64_t other, const Batch& out, int64_t image, Box box) {
  for (int64_t y = box.rows.begin; y < box.rows.end; ++y)
    for (int64_t c = 0; c < out.c; ++c) {
      const char* from = row_address(others, other, y) + c * others.stride_c;
      char* to = row_address(out, image, y) + c * out.stride_c;
      for (int64_t x = box.columns.begin; x < box.columns.end; ++x)
        *reinterpret_cast<T*>(to + x * out.stride_w) =
            *reinterpret_cast<const T*>(from + x * others.stride_w);
    }
}

// What a box has of some rows; an empty one is at their start.
Box within(Box box, Rows rows) {
  const Extent y = {larger(box.rows.begin, rows.begin), smaller(box.rows.end, rows.end)};
  const bool empty = y.begin >= y.end || box.columns.begin >= box.columns.end;
  return empty ? Box{{rows.begin, rows.begin}, {0, 0}} : Box{y, box.columns};
}

}  // namespace

void paste(const PasteArgs& args, Rows rows) {
  const Batch &in = args.in, &out = args.out, &others = args.others;
  const int64_t image = rows.image, other = source_of(args.source, image);
  const Box box = within(clipped_box(args.boxes + 4 * image, out.h, out.w), rows);
  const bool copies = !is_in_place(in, out, image);
  const auto merge = [&](const Batch& a, const Batch& b, const Batch& to) {
    const int64_t size = to.c * to.item;
    if (copies) copy_around({a, image}, {to, image}, rows, box, size);
    copy_box({b, other}, {to, image}, box, size);
  };
  if (rows_are_plain(in) && rows_are_plain(others) && rows_are_plain(out))
    return merge(in, others, out);
  if (channels_are_plain(in) && channels_are_plain(others) && channels_are_plain(out)) {
    for (int64_t c = 0; c < out.c; ++c)
      merge(channel_of(in, c), channel_of(others, c), channel_of(out, c));
    return;
  }
  if (copies) mirror_items(in, image, out, rows, {false, false});
  with_item(out.item,
            [&](auto zero) { paste_elements<decltype(zero)>(others, other, out, image, box); });
}

FASTAUG_END
