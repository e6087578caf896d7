// Mirror images: rows are copied, forwards or pixel by pixel backwards.
#include "kernels.hpp"
#include "reverse.hpp"
#include "rows.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// With `converts` the input has another dtype than T.
template <class T>
void flip_rows(const FlipArgs& args, Rows rows, bool converts) {
  const Batch &in = args.in, &out = args.out;
  const int64_t image = source_of(args.source, rows.image);
  T* in_buffer = row_buffer<T>(Slot::row, in);
  T* out_buffer = row_buffer<T>(Slot::stage, out);
  const bool horizontal = args.horizontal[rows.image], vertical = args.vertical[rows.image];
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    const int64_t from_y = vertical ? in.h - 1 - y : y;
    const T* from = in_buffer;
    if (converts)
      convert_row(in, row_address(in, image, from_y), in_buffer);
    else
      from = read_row(in, image, from_y, in_buffer);
    T* to = begin_row(out, rows.image, y, out_buffer);
    if (!horizontal) {
      std::memcpy(to, from, static_cast<std::size_t>(in.w * in.c) * sizeof(T));
    } else {
      // The hardware fetches ahead upwards; of rows read backwards it learns too late.
      const int64_t ahead = y + 2;
      if (ahead < rows.end) prefetch_row(in, image, vertical ? in.h - 1 - ahead : ahead);
      reverse_pixels(from, to, in.w, in.c);
    }
    finish_row(out, rows.image, y, to);
  }
}

}  // namespace

void flip(const FlipArgs& args, Rows rows) {
  if (args.converts)
    return args.out.dtype == DType::f32 ? flip_rows<float>(args, rows, true)
                                        : flip_rows<double>(args, rows, true);
  switch (args.in.item) {
    case 1:
      return flip_rows<uint8_t>(args, rows, false);
    case 2:
      return flip_rows<uint16_t>(args, rows, false);
    case 4:
      return flip_rows<uint32_t>(args, rows, false);
    default:
      return flip_rows<uint64_t>(args, rows, false);
  }
}

FASTAUG_END
