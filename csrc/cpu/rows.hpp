// Rows of any layout as plain arrays: a reader and a writer of (W * C) elements, channels last,
// which copy only where the memory does not lie that way already.
#pragma once

#include "../arguments.hpp"
#include "../ops/portable.hpp"
#include "scratch.hpp"

FASTAUG_BEGIN

inline bool rows_are_plain(const Batch& b) {
  return (b.c == 1 || b.stride_c == b.item) && (b.w == 1 || b.stride_w == b.c * b.item);
}

inline bool rows_are_contiguous(const Batch& b) {
  return rows_are_plain(b) && (b.h == 1 || b.stride_h == b.w * b.c * b.item);
}

template <class T>
void gather_row(const Batch& b, const char* from, T* to) {
  const int64_t w = b.w, channels = b.c, step = b.stride_w;  // a store of bytes could change `b`
  for (int64_t c = 0; c < channels; ++c) {
    const char* p = from + c * b.stride_c;
    for (int64_t x = 0; x < w; ++x)
      to[x * channels + c] = *reinterpret_cast<const T*>(p + x * step);
  }
}

template <class T>
void scatter_row(const Batch& b, const T* from, char* to) {
  const int64_t w = b.w, channels = b.c, step = b.stride_w;
  for (int64_t c = 0; c < channels; ++c) {
    char* p = to + c * b.stride_c;
    for (int64_t x = 0; x < w; ++x) *reinterpret_cast<T*>(p + x * step) = from[x * channels + c];
  }
}

inline char* row_address(const Batch& b, int64_t image, int64_t y) {
  return b.data + image * b.stride_n + y * b.stride_h;
}

// Always inlined: GCC takes a function that does nothing but prefetch for one that does nothing.
__attribute__((always_inline)) inline void prefetch_row(const Batch& b, int64_t image, int64_t y) {
  if (!rows_are_plain(b)) return;
  const char* row = row_address(b, image, y);
  for (int64_t at = 0; at < b.w * b.c * b.item; at += 64) __builtin_prefetch(row + at);
}

template <class T>
const T* read_row(const Batch& b, int64_t image, int64_t y, T* buffer) {
  const char* from = row_address(b, image, y);
  if (rows_are_plain(b)) return reinterpret_cast<const T*>(from);
  gather_row(b, from, buffer);
  return buffer;
}

// Where to write a row; `finish_row` puts it in place.
template <class T>
T* begin_row(const Batch& b, int64_t image, int64_t y, T* buffer) {
  return rows_are_plain(b) ? reinterpret_cast<T*>(row_address(b, image, y)) : buffer;
}

template <class T>
void finish_row(const Batch& b, int64_t image, int64_t y, const T* buffer) {
  if (!rows_are_plain(b)) scatter_row(b, buffer, row_address(b, image, y));
}

// The same of all rows of an image, where asking how they lie would take longer than short rows
// themselves.
template <class T>
class RowsOut {
 public:
  RowsOut(const Batch& b, int64_t image, T* buffer)
      : batch_(b),
        data_(row_address(b, image, 0)),
        stride_(b.stride_h),
        buffer_(buffer),
        plain_(rows_are_plain(b)) {}

  T* begin(int64_t y) const { return plain_ ? reinterpret_cast<T*>(data_ + y * stride_) : buffer_; }
  void finish(int64_t y, const T* row) const {
    if (!plain_) scatter_row(batch_, row, data_ + y * stride_);
  }

 private:
  const Batch& batch_;
  char* data_;
  int64_t stride_;
  T* buffer_;
  bool plain_;
};

template <class T>
T* memory(Slot slot, int64_t count) {
  return static_cast<T*>(scratch(slot, static_cast<std::size_t>(count) * sizeof(T)));
}

// A buffer for one row of the widest of two batches.
template <class T>
T* row_buffer(Slot slot, const Batch& b) {
  return static_cast<T*>(scratch(slot, static_cast<std::size_t>(b.w * b.c) * sizeof(T)));
}

// A whole image with plain rows, for ops that read anywhere.
template <class T>
struct Plane {
  const char* data;
  int64_t stride;  // bytes
  int64_t h, w, c;
  const T* row(int64_t y) const { return reinterpret_cast<const T*>(data + y * stride); }
};

// A row of any dtype as elements of T: the values themselves, which T must be able to hold.
template <class T>
void convert_row(const Batch& b, const char* from, T* to) {
  const auto each = [&](auto zero) {
    using From = decltype(zero);
    const int64_t w = b.w, channels = b.c, step = b.stride_w, stride_c = b.stride_c;
    if (rows_are_plain(b)) {
      const From* p = reinterpret_cast<const From*>(from);
      for (int64_t i = 0; i < w * channels; ++i) to[i] = static_cast<T>(p[i]);
      return;
    }
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t x = 0; x < w; ++x)
        to[x * channels + c] =
            static_cast<T>(*reinterpret_cast<const From*>(from + c * stride_c + x * step));
  };
  switch (b.dtype) {
    case DType::u8:
      return each(uint8_t{});
    case DType::u16:
      return each(uint16_t{});
    case DType::f32:
      return each(float{});
    default:
      return each(double{});
  }
}

template <class T>
constexpr DType dtype_of = DType::f64;
template <>
inline constexpr DType dtype_of<uint8_t> = DType::u8;
template <>
inline constexpr DType dtype_of<uint16_t> = DType::u16;
template <>
inline constexpr DType dtype_of<float> = DType::f32;

// A row of any dtype and layout.
template <class T>
void read_converted(const Batch& b, int64_t image, int64_t y, T* to) {
  const char* from = row_address(b, image, y);
  if (b.dtype != dtype_of<T>)
    convert_row(b, from, to);
  else if (rows_are_plain(b))
    std::memcpy(to, from, static_cast<std::size_t>(b.w * b.c) * sizeof(T));
  else
    gather_row(b, from, to);
}

inline int64_t source_of(SourceIndex source, int64_t image) {
  return source ? source[image] : image;
}

// The image where it lies, or copied row by row into memory of this thread: because its rows are
// not plain, because it has another dtype, or because `near` asks for it. An op that reads along
// slanted lines waits for memory that no hardware foresees; reading the image once in order first
// costs far less than that.
template <class T>
Plane<T> read_image(const Batch& b, int64_t image, bool near) {
  const bool plain = rows_are_plain(b), converts = b.dtype != dtype_of<T>;
  if (plain && !near && !converts) return {b.data + image * b.stride_n, b.stride_h, b.h, b.w, b.c};
  const int64_t length = b.w * b.c;
  T* all =
      static_cast<T*>(scratch(Slot::source, static_cast<std::size_t>(b.h * length) * sizeof(T)));
  for (int64_t y = 0; y < b.h; ++y) read_converted(b, image, y, all + y * length);
  return {reinterpret_cast<const char*>(all), length * static_cast<int64_t>(sizeof(T)), b.h, b.w,
          b.c};
}

// Whether one output row reads across more than a few rows of the input, and the whole image is
// made in one go, so that fetching it first pays.
inline bool worth_fetching(double rows_per_column, const Batch& out, Rows rows) {
  return std::fabs(rows_per_column) * static_cast<double>(out.w) > 4.0 && rows.begin == 0 &&
         rows.end == out.h;
}

FASTAUG_END
