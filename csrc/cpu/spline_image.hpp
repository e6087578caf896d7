// The image that spline orders 2 to 5 read: padded, filtered, in double, in memory of the thread.
#pragma once

#include "../ops/spline_filter.hpp"
#include "rows.hpp"

FASTAUG_BEGIN

// Lines filtered at a time, which is vector code.
constexpr int64_t filter_lanes = 16;

// Room for a row: whole groups of lanes, one element more than there are for vector loads, and an
// odd number of cache lines' pairs so that a column does not crowd into one set of the cache.
inline int64_t filtered_stride(int64_t length) {
  return ((length + filter_lanes) / filter_lanes | 1) * filter_lanes;
}

template <class T>
void pad_row(const Plane<T>& p, int64_t y, int64_t padding, FillMode mode, const double* fill,
             double* to) {
  const bool filled = mode == FillMode::grid_constant;
  const T* from = p.row(y < 0 ? 0 : smaller(y, p.h - 1));
  const bool outside = y < 0 || y >= p.h;
  const auto side = [&](const T* edge) {
    for (int64_t x = 0; x < padding; ++x)
      for (int64_t c = 0; c < p.c; ++c)
        *to++ = filled ? spline_padded<T>(fill[c]) : static_cast<double>(edge[c]);
  };
  side(from);
  if (filled && outside) {
    for (int64_t x = 0; x < p.w; ++x)
      for (int64_t c = 0; c < p.c; ++c) *to++ = spline_padded<T>(fill[c]);
  } else {
    const int64_t length = p.w * p.c;
    for (int64_t i = 0; i < length; ++i) to[i] = static_cast<double>(from[i]);
    to += length;
  }
  side(from + (p.w - 1) * p.c);
}

// Filters down the columns, as many at a time as there are lanes.
inline void filter_columns(double* data, int64_t stride, int64_t height, int64_t length,
                           int32_t order, FillMode mode) {
  const SplineFilter filter = prepare_filter(order, mode, height);
  for (int64_t x = 0; x < length; x += filter_lanes)
    spline_filter<filter_lanes>(filter, {data + x, height, stride});
}

// Filters along the rows: as many lines at a time as there are lanes, turned upright in a buffer.
inline void filter_rows(double* data, int64_t stride, int64_t height, int64_t width,
                        int64_t channels, int32_t order, FillMode mode) {
  constexpr int64_t lanes = filter_lanes;
  const SplineFilter filter = prepare_filter(order, mode, width);
  double* const buffer = static_cast<double*>(
      scratch(Slot::lines, static_cast<std::size_t>(width * lanes) * sizeof(double)));
  const int64_t lines = height * channels;
  for (int64_t first = 0; first < lines; first += lanes) {
    double* line[lanes];
    for (int64_t k = 0; k < lanes; ++k) {
      const int64_t i = smaller(first + k, lines - 1);
      line[k] = data + i / channels * stride + i % channels;
    }
    for (int64_t x = 0; x < width; ++x)
      for (int64_t k = 0; k < lanes; ++k) buffer[x * lanes + k] = line[k][x * channels];
    spline_filter<lanes>(filter, {buffer, width, lanes});
    for (int64_t x = 0; x < width; ++x)
      for (int64_t k = 0; k < lanes; ++k) line[k][x * channels] = buffer[x * lanes + k];
  }
}

template <class T>
Plane<double> filtered_image(const Plane<T>& p, int32_t order, FillMode mode, const double* fill) {
  const int64_t padding = spline_padding(order, mode);
  const int64_t height = p.h + 2 * padding, width = p.w + 2 * padding;
  const int64_t length = width * p.c, stride = filtered_stride(length);
  double* const data = static_cast<double*>(
      scratch(Slot::filtered, static_cast<std::size_t>(height * stride) * sizeof(double)));
  for (int64_t y = 0; y < height; ++y) {
    double* row = data + y * stride;
    pad_row(p, y - padding, padding, mode, fill, row);
    for (int64_t i = length; i < stride; ++i) row[i] = 0.0;
  }
  if (height > 1) filter_columns(data, stride, height, length, order, mode);
  if (width > 1) filter_rows(data, stride, height, width, p.c, order, mode);
  return {reinterpret_cast<const char*>(data), stride * static_cast<int64_t>(sizeof(double)),
          height, width, p.c};
}

FASTAUG_END
