// Resizing: which pixels of a line of the input make up a pixel of the output, and how much each of
// them weighs. Both axes are alike and are treated one after the other: bytes under weights of 22
// bits and rounded half up after either axis, which gives Pillow's grey levels. Bilinear bytes
// without antialiasing have a shorter arithmetic of their own, first along rows.
#pragma once

#include "../arguments.hpp"
#include "round.hpp"

FASTAUG_BEGIN

using std::int16_t;

// `box` counts the pixels whose centres it covers; `coverage` their shares of the area.
enum class ResizeKernel : int32_t { nearest, bilinear, bicubic, box, coverage };

// One axis of a map from output to input.
struct ResizeAxis {
  int64_t in, out;
  double start, scale;    // where the first output pixel begins; input pixels for each of them
  double widen, support;  // how far the kernel is stretched, and how far it then reaches
  ResizeKernel kernel;
};

// `start` and `end` are the edges of the box along this axis, in input pixels, as float32 has them:
// Pillow keeps them so, and takes their difference so.
FASTAUG_FN ResizeAxis resize_axis(int64_t in, int64_t out, double start, double end,
                                  ResizeKernel kernel, bool antialias) {
  const float length = static_cast<float>(end) - static_cast<float>(start);
  ResizeAxis axis = {in,  out, start, static_cast<double>(length) / static_cast<double>(out),
                     1.0, 0.5, kernel};
  if (antialias && axis.scale > 1.0) axis.widen = axis.scale;
  if (kernel == ResizeKernel::bilinear) axis.support = 1.0;
  if (kernel == ResizeKernel::bicubic) axis.support = 2.0;
  axis.support = axis.support * axis.widen;
  return axis;
}

// Pillow goes along rows first, but along columns, since its version 13, where far more rows than
// columns go.
FASTAUG_FN bool columns_first(int64_t in_h, int64_t in_w, int64_t out_h, int64_t out_w) {
  return out_h < in_h && in_h - out_h > 2 * (in_w - out_w);
}

// Room for the weights of any one output pixel.
FASTAUG_FN int64_t resize_most(const ResizeAxis& axis) {
  const double reach = axis.kernel == ResizeKernel::coverage ? axis.scale : axis.support;
  const int64_t most = 2 * (static_cast<int64_t>(reach) + 1) + 1;
  return smaller(most, axis.in);
}

// Catmull-Rom, a = -1/2.
FASTAUG_FN double bicubic_weight(double x) {
  const double a = -0.5;
  x = fabs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  if (x < 2.0) return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
  return 0.0;
}

FASTAUG_FN double resize_weight(const ResizeAxis& axis, double distance) {
  if (axis.kernel == ResizeKernel::bilinear) {
    distance = fabs(distance);
    return distance < 1.0 ? 1.0 - distance : 0.0;
  }
  if (axis.kernel == ResizeKernel::bicubic) return bicubic_weight(distance);
  return distance > -0.5 && distance <= 0.5 ? 1.0 : 0.0;
}

// Fills in the weights, which sum to one, and leaves out those at either end that are zero.
FASTAUG_FN ResizeTaps resize_taps(const ResizeAxis& axis, int64_t i, double* weight) {
  const bool coverage = axis.kernel == ResizeKernel::coverage;
  const double at = static_cast<double>(i);
  const double centre = axis.start + (at + 0.5) * axis.scale;
  const double left = coverage ? axis.start + at * axis.scale : centre - axis.support;
  const double right = coverage ? axis.start + (at + 1.0) * axis.scale : centre + axis.support;
  // Pixels by their centres, or all that are touched.
  int64_t first = static_cast<int64_t>(coverage ? left : left + 0.5);
  int64_t end = static_cast<int64_t>(coverage ? right : right + 0.5);
  if (coverage && static_cast<double>(end) < right) ++end;
  first = larger<int64_t>(smaller(first, axis.in - 1), 0);
  end = smaller(smaller(end, axis.in), first + resize_most(axis));

  const double stretch = 1.0 / axis.widen;
  double sum = 0.0;
  for (int64_t j = first; j < end; ++j) {
    const double x = static_cast<double>(j);
    double w;
    if (coverage)
      w = larger(smaller(right, x + 1.0) - larger(left, x), 0.0);
    else
      w = resize_weight(axis, ((x - centre) + 0.5) * stretch);
    weight[j - first] = w;
    sum = sum + w;
  }
  if (sum != 0.0)
    for (int64_t j = 0; j < end - first; ++j) weight[j] = weight[j] / sum;

  int64_t skipped = 0;
  while (end > first && weight[end - 1 - first] == 0.0) --end;
  while (first + skipped < end && weight[skipped] == 0.0) ++skipped;
  if (skipped > 0)
    for (int64_t j = 0; j < end - first - skipped; ++j) weight[j] = weight[j + skipped];
  return {first + skipped, end - first - skipped};
}

// Nearest: the pixel that each centre lies in; centres are added up one by one, as in Pillow.
FASTAUG_FN double nearest_start(const ResizeAxis& axis) { return axis.start + axis.scale * 0.5; }

FASTAUG_FN int64_t nearest_pixel(const ResizeAxis& axis, double centre) {
  return larger<int64_t>(smaller(static_cast<int64_t>(centre), axis.in - 1), 0);
}

// Bytes: weights of 22 bits, rounded half away from zero, and sums of 32 bits that begin with half.
constexpr int32_t resize_half = 1 << 21;

FASTAUG_FN int32_t fixed_weight(double w) {
  const double v = w * 4194304.0;
  return static_cast<int32_t>(v < 0.0 ? v - 0.5 : v + 0.5);
}

FASTAUG_FN uint8_t fixed_pixel(int32_t sum) {
  const int32_t v = sum >> 22;
  return static_cast<uint8_t>(v < 0 ? 0 : v > 255 ? 255 : v);
}

// Bilinear bytes without antialiasing: values with 6 bits behind the point between the axes, under
// weights of 15 bits. Off by less than 0.04 grey levels before the last rounding.
FASTAUG_FN int16_t lerp_weight(double w) {
  const int32_t v = static_cast<int32_t>(w * 32768.0 + 0.5);
  return static_cast<int16_t>(v < 32767 ? v : 32767);
}

// The product of two numbers, the second less than one in 15 bits.
FASTAUG_FN int32_t lerp_product(int32_t a, int32_t weight) { return ((a * weight >> 14) + 1) >> 1; }

FASTAUG_FN int16_t lerp_bytes(int32_t a, int32_t b, int32_t weight) {
  return static_cast<int16_t>(64 * a + lerp_product(64 * (b - a), weight));
}

FASTAUG_FN uint8_t lerp_values(int32_t a, int32_t b, int32_t weight) {
  return static_cast<uint8_t>((a + lerp_product(b - a, weight) + 32) >> 6);
}

// The other types: sums in float for float32, in double for the rest, tap by tap.
template <class T>
struct ResizeReal {
  using type = T;
};
template <>
struct ResizeReal<uint16_t> {
  using type = double;
};

template <class T>
FASTAUG_FN T resized_pixel(typename ResizeReal<T>::type sum) {
  return sum;
}
// Rounded half up, as Pillow does.
template <>
FASTAUG_FN uint16_t resized_pixel<uint16_t>(double sum) {
  const double v = sum + 0.5;
  return static_cast<uint16_t>(static_cast<int32_t>(v < 0.0 ? 0.0 : v < 65535.0 ? v : 65535.0));
}

FASTAUG_END
