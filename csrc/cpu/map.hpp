// Values into values: rows from one batch to another, and what the values of an image say of it.
#pragma once

#include "kernels.hpp"
#include "rows.hpp"

FASTAUG_BEGIN

// Calls each(from, to, count) for every row, or once for all rows where they follow each other in
// memory. `from` and `to` may be the same.
template <class From, class To, class Each>
void map_rows(const Batch& in, const Batch& out, Rows rows, Each each) {
  const int64_t length = in.w * in.c;
  if (rows_are_contiguous(in) && rows_are_contiguous(out)) {
    each(reinterpret_cast<const From*>(row_address(in, rows.image, rows.begin)),
         reinterpret_cast<To*>(row_address(out, rows.image, rows.begin)),
         (rows.end - rows.begin) * length);
    return;
  }
  From* in_buffer = row_buffer<From>(Slot::row, in);
  To* out_buffer = row_buffer<To>(Slot::stage, out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    const From* from = read_row(in, rows.image, y, in_buffer);
    To* to = begin_row(out, rows.image, y, out_buffer);
    each(from, to, length);
    finish_row(out, rows.image, y, to);
  }
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
