// Values into values: rows from one batch to another, and what the values of an image say of it.
#pragma once

#include "kernels.hpp"
#include "rows.hpp"
#include "streamed.hpp"

FASTAUG_BEGIN

// Calls each(from, to, count) for every row, or once for all rows where they follow each other in
// memory. `from` and `to` may be the same. It is called in one place, or GCC would not inline it.
// Past the cache a row is asked for two rows before: without that, reading waits for writing.
template <class From, class To, class Each>
void map_rows(const Batch& in, const Batch& out, Rows rows, Each each) {
  const int64_t length = in.w * in.c, bytes = length * static_cast<int64_t>(sizeof(To));
  const bool follow = rows_are_contiguous(in) && rows_are_contiguous(out);
  const bool streams = rows.streams && follow && in.data != out.data;
  const int64_t together = follow && !streams ? rows.end - rows.begin : 1;
  // In the same memory as the buffer after it; one of them is used.
  Streamed streamed(row_address(out, rows.image, rows.begin), bytes);
  From* in_buffer = row_buffer<From>(Slot::row, in);
  To* out_buffer = row_buffer<To>(Slot::stage, out);
  const int64_t piece = streams ? pixels_at_once * in.c : length * together;
  for (int64_t y = rows.begin; y < rows.end; y += together) {
    const From* from = read_row(in, rows.image, y, in_buffer);
    if (streams) prefetch_row(in, rows.image, smaller(y + 2, rows.end - 1));
    To* to = streams ? nullptr : begin_row(out, rows.image, y, out_buffer);
    for (int64_t i = 0; i < length * together; i += piece) {
      const int64_t count = smaller(piece, length * together - i);
      each(from + i, streams ? reinterpret_cast<To*>(streamed.next()) : to, count);
      if (streams) streamed.push(count * static_cast<int64_t>(sizeof(To)));
    }
    if (!streams) finish_row(out, rows.image, y, to);
  }
  if (streams) streamed.finish();
}

// Calls each(row, count) for every row of an image, whole.
template <class T, class Each>
void each_row(const Batch& in, int64_t image, Each each) {
  T* buffer = row_buffer<T>(Slot::row, in);
  for (int64_t y = 0; y < in.h; ++y) each(read_row(in, image, y, buffer), in.w * in.c);
}

// The same for what does not ask where rows end: all of them at once where they follow each other.
template <class T, class Each>
void each_run(const Batch& in, int64_t image, Each each) {
  if (rows_are_contiguous(in))
    each(reinterpret_cast<const T*>(row_address(in, image, 0)), in.h * in.w * in.c);
  else
    each_row<T>(in, image, each);
}

FASTAUG_END
