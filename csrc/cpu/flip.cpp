// Mirror images.
#include "kernels.hpp"
#include "mirror.hpp"
#include "table.hpp"

FASTAUG_BEGIN

void flip(const FlipArgs& args, Rows rows) {
  const int64_t image = source_of(args.source, rows.image);
  const Mirror mirror{args.horizontal[rows.image] != 0, args.vertical[rows.image] != 0};
  if (!args.converts) return mirror_items(args.in, image, args.out, rows, mirror);
  if (args.out.dtype == DType::f32)
    mirror_rows<float>(args.in, image, args.out, rows, mirror, true);
  else
    mirror_rows<double>(args.in, image, args.out, rows, mirror, true);
}

FASTAUG_END
