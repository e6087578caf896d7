// Two images as one.
#include "../ops/blend.hpp"

#include "kernels.hpp"
#include "streamed.hpp"
#include "table.hpp"
#include "vector/words.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
void blend_run(const T* from, const T* other, T* to, int64_t count,
               Shares<typename Compute<T>::type> shares) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; ++i) to[i] = blend_pixel(from[i], other[i], shares);
}

// A register of bytes as floats; adding 1.5 * 2^23 rounds them, and leaves them in the lowest byte.
template <>
void blend_run(const uint8_t* from, const uint8_t* other, uint8_t* to, int64_t count,
               Shares<float> shares) {
  const auto lanes_at = [](const uint8_t* p) { return to_float<Floats>(load_lanes(p)); };
  int64_t i = 0;
#pragma GCC unroll 4
  for (; i + lanes <= count; i += lanes) {
    const Floats made = blend(lanes_at(from + i), lanes_at(other + i), shares);
    store_lanes(to + i, bit_cast<Ints>(made + 12582912.0f));
  }
  for (; i < count; ++i) to[i] = blend_pixel(from[i], other[i], shares);
}

template <class T>
void blend_rows(const BlendArgs& args, Rows rows) {
  const Batch &in = args.in, &out = args.out, &others = args.others;
  const auto shares = shares_of<typename Compute<T>::type>(args.weight[rows.image]);
  const int64_t other = source_of(args.source, rows.image), length = in.w * in.c;
  const bool follow =
      rows_are_contiguous(in) && rows_are_contiguous(out) && rows_are_contiguous(others);
  const bool streams = rows.streams && follow && in.data != out.data && others.data != out.data;
  const int64_t together = follow && !streams ? rows.end - rows.begin : 1;
  const int64_t piece = streams ? pixels_at_once * in.c : length * together;
  const int64_t item = static_cast<int64_t>(sizeof(T));
  // In the same memory as the last buffer; one of them is used.
  Streamed streamed(row_address(out, rows.image, rows.begin), length * item);
  T* in_buffer = row_buffer<T>(Slot::row, in);
  T* other_buffer = row_buffer<T>(Slot::padded, others);
  T* out_buffer = row_buffer<T>(Slot::stage, out);
  for (int64_t y = rows.begin; y < rows.end; y += together) {
    if (streams) {
      const int64_t ahead = smaller(y + 2, rows.end - 1);
      prefetch_row(in, rows.image, ahead), prefetch_row(others, other, ahead);
    }
    const T* from = read_row(in, rows.image, y, in_buffer);
    const T* add = read_row(others, other, y, other_buffer);
    T* to = streams ? nullptr : begin_row(out, rows.image, y, out_buffer);
    for (int64_t i = 0; i < length * together; i += piece) {
      const int64_t count = smaller(piece, length * together - i);
      blend_run<T>(from + i, add + i, streams ? reinterpret_cast<T*>(streamed.next()) : to, count,
                   shares);
      if (streams) streamed.push(count * item);
    }
    if (!streams) finish_row(out, rows.image, y, to);
  }
  if (streams) streamed.finish();
}

}  // namespace

void blend(const BlendArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return blend_rows<uint8_t>(args, rows);
    case DType::u16:
      return blend_rows<uint16_t>(args, rows);
    case DType::f32:
      return blend_rows<float>(args, rows);
    default:
      return blend_rows<double>(args, rows);
  }
}

FASTAUG_END
