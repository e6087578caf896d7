// A rectangle of one image put into another. Images that are not changed where they lie are copied
// first.
#include "../ops/box.hpp"
#include "items.hpp"
#include "kernels.hpp"
#include "mirror.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

struct Target {
  Box box;
  int64_t image, other;
};

// Where rows are plain.
void paste_rows(const Batch& others, const Batch& out, Target target) {
  const int64_t size = out.c * out.item, left = target.box.columns.begin * size;
  const std::size_t bytes = static_cast<std::size_t>(target.box.columns.end * size - left);
  for (int64_t y = target.box.rows.begin; y < target.box.rows.end; ++y)
    std::memcpy(row_address(out, target.image, y) + left,
                row_address(others, target.other, y) + left, bytes);
}

template <class T>
void paste_elements(const Batch& others, const Batch& out, Target target) {
  for (int64_t y = target.box.rows.begin; y < target.box.rows.end; ++y)
    for (int64_t c = 0; c < out.c; ++c) {
      const char* from = row_address(others, target.other, y) + c * others.stride_c;
      char* to = row_address(out, target.image, y) + c * out.stride_c;
      for (int64_t x = target.box.columns.begin; x < target.box.columns.end; ++x)
        *reinterpret_cast<T*>(to + x * out.stride_w) =
            *reinterpret_cast<const T*>(from + x * others.stride_w);
    }
}

}  // namespace

void paste(const PasteArgs& args, Rows rows) {
  const Batch &out = args.out, &others = args.others;
  if (!is_in_place(args.in, out, rows.image))
    mirror_items(args.in, rows.image, out, rows, {false, false});
  Target target = {clipped_box(args.boxes + 4 * rows.image, out.h, out.w), rows.image,
                   source_of(args.source, rows.image)};
  target.box.rows = {larger(target.box.rows.begin, rows.begin),
                     smaller(target.box.rows.end, rows.end)};
  if (target.box.columns.begin >= target.box.columns.end) return;
  if (rows_are_plain(others) && rows_are_plain(out)) return paste_rows(others, out, target);
  if (channels_are_plain(others) && channels_are_plain(out)) {
    for (int64_t c = 0; c < out.c; ++c)
      paste_rows(channel_of(others, c), channel_of(out, c), target);
    return;
  }
  with_item(out.item, [&](auto zero) { paste_elements<decltype(zero)>(others, out, target); });
}

FASTAUG_END
