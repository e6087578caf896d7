// Rectangles filled with a constant. Images that are not changed where they lie are copied first.
#include "../ops/box.hpp"
#include "copy_run.hpp"
#include "items.hpp"
#include "kernels.hpp"
#include "mirror.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// Calls `use` with what every box has of these rows.
template <class Use>
void each_box(const EraseArgs& args, Rows rows, Use use) {
  const int64_t* boxes = args.boxes + rows.image * args.count * 4;
  for (int64_t k = 0; k < args.count; ++k) {
    Box box = clipped_box(boxes + 4 * k, args.out.h, args.out.w);
    box.rows = {larger(box.rows.begin, rows.begin), smaller(box.rows.end, rows.end)};
    if (box.rows.begin < box.rows.end && box.columns.begin < box.columns.end) use(box);
  }
}

// Where rows are plain.
void fill_boxes(const EraseArgs& args, const Batch& out, const char* pixel, Rows rows) {
  int64_t widest = 0;
  each_box(args, rows,
           [&](Box box) { widest = larger(widest, box.columns.end - box.columns.begin); });
  const int64_t size = out.c * out.item;
  const char* row = repeated_pixel(Slot::table, pixel, size, widest);
  each_box(args, rows, [&](Box box) {
    const int64_t bytes = (box.columns.end - box.columns.begin) * size;
    for (int64_t y = box.rows.begin; y < box.rows.end; ++y)
      copy_run(row_address(out, rows.image, y) + box.columns.begin * size, row, bytes);
  });
}

template <class T>
void fill_elements(const EraseArgs& args, const T* pixel, Rows rows) {
  const Batch out = args.out;
  each_box(args, rows, [&](Box box) {
    for (int64_t y = box.rows.begin; y < box.rows.end; ++y)
      for (int64_t c = 0; c < out.c; ++c) {
        char* to = row_address(out, rows.image, y) + c * out.stride_c;
        for (int64_t x = box.columns.begin; x < box.columns.end; ++x)
          *reinterpret_cast<T*>(to + x * out.stride_w) = pixel[c];
      }
  });
}

}  // namespace

void erase(const EraseArgs& args, Rows rows) {
  const Batch& out = args.out;
  if (!is_in_place(args.in, out, rows.image))
    mirror_items(args.in, rows.image, out, rows, {false, false});
  const char* pixel = static_cast<const char*>(args.fill) + rows.image * out.c * out.item;
  if (rows_are_plain(out)) return fill_boxes(args, out, pixel, rows);
  if (channels_are_plain(out)) {
    for (int64_t c = 0; c < out.c; ++c)
      fill_boxes(args, channel_of(out, c), pixel + c * out.item, rows);
    return;
  }
  with_item(out.item, [&](auto zero) {
    fill_elements(args, reinterpret_cast<const decltype(zero)*>(pixel), rows);
  });
}

FASTAUG_END
