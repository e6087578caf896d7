// The image that spline orders 2 to 5 read: padded, filtered, in double, in memory of the thread.
#pragma once

#include "../ops/spline_filter.hpp"
#include "rows.hpp"
#include "vector.hpp"

FASTAUG_BEGIN

// Lines filtered at a time: several vectors of them, because each number waits for the one before.
constexpr int64_t vector_lanes = sizeof(Doubles) / sizeof(double);
constexpr int64_t filter_vectors = vector_lanes == 8 ? 4 : 8;
constexpr int64_t filter_lanes = filter_vectors * vector_lanes;

// `at` and `step` are multiples of a vector.
inline void filter_some(const SplineFilter& filter, double* at, int64_t n, int64_t step) {
  spline_filter<Doubles, filter_vectors>(filter,
                                         {reinterpret_cast<Doubles*>(at), n, step / vector_lanes});
}

// Room for a row: whole groups of lanes, one element more than there are for vector loads, and an
// odd number of cache lines' pairs so that a column does not crowd into one set of the cache.
inline int64_t filtered_stride(int64_t length) {
  return ((length + filter_lanes) / filter_lanes | 1) * filter_lanes;
}

// A row of the padded image, or one of its padding, times the gain of the filter to come.
template <class T>
void pad_row(const Plane<T>& p, int64_t y, int64_t padding, FillMode mode, const double* fill,
             double gain, double* to) {
  const bool filled = mode == FillMode::grid_constant;
  const T* from = p.row(y < 0 ? 0 : smaller(y, p.h - 1));
  const bool outside = y < 0 || y >= p.h;
  const auto side = [&](const T* edge) {
    for (int64_t x = 0; x < padding; ++x)
      for (int64_t c = 0; c < p.c; ++c)
        *to++ = (filled ? spline_padded<T>(fill[c]) : static_cast<double>(edge[c])) * gain;
  };
  side(from);
  if (filled && outside) {
    for (int64_t x = 0; x < p.w; ++x)
      for (int64_t c = 0; c < p.c; ++c) *to++ = spline_padded<T>(fill[c]) * gain;
  } else {
    const int64_t length = p.w * p.c;
    for (int64_t i = 0; i < length; ++i) to[i] = static_cast<double>(from[i]) * gain;
    to += length;
  }
  side(from + (p.w - 1) * p.c);
}

// Lines along the rows, turned upright in a buffer for as many of them as there are lanes. The
// channels of a pixel lie side by side there as they do in its row; a vector takes one more than
// three along, which the next one overwrites.
template <int Channels>
struct Upright {
  double* buffer;
  double* line[filter_lanes];
  int64_t channels, count;

  void gather(int64_t width, double gain) const {
    for (int64_t x = 0; x < width; ++x)
      for (int64_t k = 0; k < count; ++k) {
        const double* from = line[k] + x * channels;
        double* to = buffer + x * filter_lanes + k * Channels;
        if constexpr (Channels > 1)
          store4(to, load4_double(from) * gain);
        else
          *to = *from * gain;
      }
  }

  void scatter(int64_t width) const {
    for (int64_t x = 0; x < width; ++x)
      for (int64_t k = 0; k < count; ++k) {
        const double* from = buffer + x * filter_lanes + k * Channels;
        double* to = line[k] + x * channels;
        if constexpr (Channels > 1)
          store4(to, load4_double(from));
        else
          *to = *from;
      }
  }
};

// `Channels` is 3 or 4, or 1 for lines that are taken one by one whatever lies between.
template <int Channels>
void filter_rows(double* data, int64_t stride, int64_t height, int64_t width, int64_t channels,
                 const SplineFilter& filter) {
  const std::size_t size = static_cast<std::size_t>(width * filter_lanes) * sizeof(double);
  Upright<Channels> upright;
  upright.buffer = static_cast<double*>(scratch(Slot::lines, size));
  upright.channels = channels;
  // Lanes that no line fills would shrink to subnormal numbers, which are slow.
  std::memset(upright.buffer, 0, size);
  const int64_t lines = Channels > 1 ? height : height * channels;
  const int64_t together = filter_lanes / Channels;
  for (int64_t first = 0; first < lines; first += together) {
    upright.count = smaller(together, lines - first);
    for (int64_t k = 0; k < upright.count; ++k) {
      const int64_t i = first + k;
      upright.line[k] =
          Channels > 1 ? data + i * stride : data + i / channels * stride + i % channels;
    }
    upright.gather(width, filter.gain);
    filter_some(filter, upright.buffer, width, filter_lanes);
    upright.scatter(width);
  }
}

inline void filter_rows(double* data, int64_t stride, int64_t height, int64_t width,
                        int64_t channels, const SplineFilter& filter) {
  switch (channels) {
    case 3:
      return filter_rows<3>(data, stride, height, width, channels, filter);
    case 4:
      return filter_rows<4>(data, stride, height, width, channels, filter);
    default:
      return filter_rows<1>(data, stride, height, width, channels, filter);
  }
}

template <class T>
Plane<double> filtered_image(const Plane<T>& p, int32_t order, FillMode mode, const double* fill) {
  const int64_t padding = spline_padding(order, mode);
  const int64_t height = p.h + 2 * padding, width = p.w + 2 * padding;
  const int64_t length = width * p.c, stride = filtered_stride(length);
  double* const data = static_cast<double*>(
      scratch(Slot::filtered, static_cast<std::size_t>(height * stride) * sizeof(double)));
  // A line of one number stays as it is.
  const SplineFilter filter = prepare_filter(order, mode, height);
  for (int64_t y = 0; y < height; ++y) {
    double* row = data + y * stride;
    pad_row(p, y - padding, padding, mode, fill, height > 1 ? filter.gain : 1.0, row);
    for (int64_t i = length; i < stride; ++i) row[i] = 0.0;
  }
  if (height > 1)
    for (int64_t x = 0; x < length; x += filter_lanes)
      filter_some(filter, data + x, height, stride);
  if (width > 1) filter_rows(data, stride, height, width, p.c, prepare_filter(order, mode, width));
  return {reinterpret_cast<const char*>(data), stride * static_cast<int64_t>(sizeof(double)),
          height, width, p.c};
}

FASTAUG_END
