// A window of an image: crops and pads.
#include "../ops/border.hpp"
#include "kernels.hpp"
#include "pieces.hpp"
#include "table.hpp"

FASTAUG_BEGIN

void window(const WindowArgs& args, Rows rows) {
  const Batch &in = args.in, &out = args.out;
  const int64_t top = args.offsets[2 * rows.image], left = args.offsets[2 * rows.image + 1];
  const char* pixel = static_cast<const char*>(args.fill) + rows.image * out.c * out.item;
  const auto across = [&](int64_t x) { return map_border(x, in.w, args.border); };
  const auto down = [&](int64_t y) { return map_border(top + y, in.h, args.border); };
  const pieces::Maker maker(rows, pieces::find_pieces(left, 1, out.w, in.w, across), down);
  maker.make(in, out, args.border == Border::constant ? pixel : nullptr);
}

FASTAUG_END
