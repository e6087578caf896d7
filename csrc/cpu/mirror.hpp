// Rows of a mirrored image: copied, forwards or pixel by pixel backwards.
#pragma once

#include "copy_run.hpp"
#include "reverse.hpp"
#include "rows.hpp"
#include "streamed.hpp"

FASTAUG_BEGIN

struct Mirror {
  bool horizontal, vertical;
};

// Calls `put(row, y, ahead)` for rows `step` bytes apart, `ahead` being the one after the next.
template <class Put>
void for_rows(const char* from, int64_t step, int64_t count, Put put) {
  for (int64_t y = 0; y < count; ++y, from += step)
    put(from, y, y + 2 < count ? from + 2 * step : from);
}

// Where all rows lie as plain memory.
inline void mirror_plain(const Batch& in, int64_t image, const Batch& out, Rows rows,
                         Mirror mirror) {
  const int64_t width = in.w, pixel = in.c * in.item, bytes = width * pixel;
  const int64_t count = rows.end - rows.begin, to_step = out.stride_h;
  const int64_t step = mirror.vertical ? -in.stride_h : in.stride_h;
  const char* from = row_address(in, image, mirror.vertical ? in.h - 1 - rows.begin : rows.begin);
  char* to = row_address(out, rows.image, rows.begin);
  if (step == bytes && !mirror.horizontal && rows_are_contiguous(out)) {
    std::memcpy(to, from, static_cast<std::size_t>(count * bytes));
  } else if (rows.streams && rows_are_contiguous(out)) {
    Streamed streamed(to, bytes);
    for_rows(from, step, count, [&](const char* row, int64_t, const char* ahead) {
      if (mirror.horizontal) {
        reverse_pixels(row, streamed.next(), width, pixel, ahead);
        streamed.push(bytes);
      } else {
        prefetch(ahead, bytes);
        streamed.write(row, bytes);
      }
    });
    streamed.finish();
  } else {
    for_rows(from, step, count, [&](const char* row, int64_t y, const char* ahead) {
      if (mirror.horizontal) return reverse_pixels(row, to + y * to_step, width, pixel, ahead);
      copy_run(to + y * to_step, row, bytes);
    });
  }
}

// Where rows have to be gathered, scattered or, with `converts`, made elements of T first.
template <class T>
void mirror_rows(const Batch& in, int64_t image, const Batch& out, Rows rows, Mirror mirror,
                 bool converts) {
  T* in_buffer = row_buffer<T>(Slot::row, in);
  T* out_buffer = row_buffer<T>(Slot::stage, out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    const int64_t from_y = mirror.vertical ? in.h - 1 - y : y;
    const T* from = in_buffer;
    if (converts)
      convert_row(in, row_address(in, image, from_y), in_buffer);
    else
      from = read_row(in, image, from_y, in_buffer);
    T* to = begin_row(out, rows.image, y, out_buffer);
    if (mirror.horizontal)
      reverse_pixels(from, to, in.w, in.c);
    else
      std::memcpy(to, from, static_cast<std::size_t>(in.w * in.c) * sizeof(T));
    finish_row(out, rows.image, y, to);
  }
}

inline void mirror_items(const Batch& in, int64_t image, const Batch& out, Rows rows,
                         Mirror mirror) {
  if (rows_are_plain(in) && rows_are_plain(out)) return mirror_plain(in, image, out, rows, mirror);
  switch (in.item) {
    case 1:
      return mirror_rows<uint8_t>(in, image, out, rows, mirror, false);
    case 2:
      return mirror_rows<uint16_t>(in, image, out, rows, mirror, false);
    case 4:
      return mirror_rows<uint32_t>(in, image, out, rows, mirror, false);
    default:
      return mirror_rows<uint64_t>(in, image, out, rows, mirror, false);
  }
}

FASTAUG_END
