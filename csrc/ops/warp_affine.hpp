// The affine warp, nearest and bilinear. Source coordinates are 32.32 fixed point: additions of
// 64-bit integers are associative, so every lane width, tiling and backend sees the same ones.
// Up to 8192 pixels they are right to 2^-19 of a pixel.
#pragma once

#include "fill_mode.hpp"
#include "round.hpp"

FASTAUG_BEGIN

constexpr int64_t fixed_one = int64_t{1} << 32;
constexpr int64_t fixed_half = int64_t{1} << 31;
constexpr double coordinate_limit = 1073741824.0;  // 2^30 pixels: beyond, everything is far outside

// One axis of the map from output to input.
struct AffineAxis {
  double by_x, by_y, start;             // pixels
  int64_t step_x, step_y, start_fixed;  // the same, 32.32
};

FASTAUG_FN int64_t to_fixed(double pixels) {
  return static_cast<int64_t>(round_half_even(pixels * 4294967296.0));
}

// False where coordinates of this output size could leave 32.32; then `wide_coordinate` serves.
FASTAUG_FN bool prepare_axis(const double row[3], int64_t width, int64_t height, AffineAxis& axis) {
  axis.by_x = row[0];
  axis.by_y = row[1];
  axis.start = row[2];
  const double reach =
      (fabs(row[0]) * static_cast<double>(width) + fabs(row[1]) * static_cast<double>(height)) +
      fabs(row[2]);
  if (!(reach < coordinate_limit)) return false;
  axis.step_x = to_fixed(row[0]);
  axis.step_y = to_fixed(row[1]);
  axis.start_fixed = to_fixed(row[2]);
  return true;
}

// The map of an image.
struct AffineAxes {
  AffineAxis x, y;
  bool fits;  // coordinates never leave 32.32
  // Whether all of them are those of pixels. Such a map takes pixels as they are, whatever the
  // interpolation: taps of no weight would make NaN of an infinite neighbour.
  bool whole;

  // `m` holds two rows: output (x, y, 1) to input x and y.
  FASTAUG_FN AffineAxes(const double m[6], int64_t width, int64_t height) : x{}, y{} {
    const bool x_fits = prepare_axis(m, width, height, x);
    const bool y_fits = prepare_axis(m + 3, width, height, y);
    fits = x_fits && y_fits;
    const int64_t all =
        (x.step_x | x.step_y | x.start_fixed) | (y.step_x | y.step_y | y.start_fixed);
    whole = fits && static_cast<uint32_t>(all) == 0;
  }
};

FASTAUG_FN int64_t fixed_coordinate(const AffineAxis& axis, int64_t x, int64_t y) {
  return axis.start_fixed + axis.step_x * x + axis.step_y * y;
}

// Confined to the limit; what is undefined (inf - inf) to its negative.
FASTAUG_FN int64_t confined_fixed(double pixels) {
  pixels = pixels > -coordinate_limit ? pixels : -coordinate_limit;
  pixels = pixels < coordinate_limit ? pixels : coordinate_limit;
  return to_fixed(pixels);
}

// For enormous matrices: in double.
FASTAUG_FN int64_t wide_coordinate(const AffineAxis& axis, int64_t x, int64_t y) {
  return confined_fixed((axis.by_x * static_cast<double>(x) + axis.by_y * static_cast<double>(y)) +
                        axis.start);
}

// Confines a coordinate by the modes that do so; false means the whole output pixel is fill.
FASTAUG_FN bool confine(int64_t& coordinate, int64_t n, FillMode mode) {
  const int64_t last = (n - 1) << 32;
  if (coordinate >= 0 && coordinate <= last) return true;
  if (mode == FillMode::constant) return false;
  if (mode == FillMode::wrap) {
    if (last == 0) {
      coordinate = 0;
    } else {
      // Both are whole pixels: the bits behind the point change no quotient.
      const int32_t by = static_cast<int32_t>(n - 1);
      const auto times = [&](int64_t c) { return static_cast<int32_t>(c >> 32) / by; };
      coordinate += last * (coordinate < 0 ? times(-coordinate) + 1 : -times(coordinate));
    }
  }
  return true;
}

FASTAUG_FN int64_t nearest_tap(int64_t coordinate) { return (coordinate + fixed_half) >> 32; }

// The pixel of a row of `n` that a whole coordinate takes, or -1 for the fill value.
FASTAUG_FN int64_t whole_tap(int64_t pixel, int64_t n, FillMode mode) {
  int64_t coordinate = pixel * fixed_one;
  return confine(coordinate, n, mode) ? map_tap(coordinate >> 32, n, mode) : -1;
}

// Bilinear weights and blend, per pixel type.
template <class T>
struct Bilinear;

// Float: three linear blends, each one subtraction, one product and one sum.
template <>
struct Bilinear<float> {
  float x, y;
  FASTAUG_FN Bilinear(float weight_x, float weight_y) : x(weight_x), y(weight_y) {}
  FASTAUG_FN Bilinear(uint32_t fraction_x, uint32_t fraction_y)
      : x(static_cast<float>(static_cast<int32_t>(fraction_x >> 8)) * 5.9604644775390625e-8f),
        y(static_cast<float>(static_cast<int32_t>(fraction_y >> 8)) * 5.9604644775390625e-8f) {}
  FASTAUG_FN float blend(float p00, float p01, float p10, float p11) const {
    const float top = p00 + x * (p01 - p00);
    const float bottom = p10 + x * (p11 - p10);
    return top + y * (bottom - top);
  }
};

// 8 bits: four integer weights of 14 bits that sum to 2^14 exactly, shared by all channels; the
// result is the weighted mean rounded half to even. Off by at most 0.03 grey levels before that.
template <>
struct Bilinear<uint8_t> {
  int32_t w00, w01, w10, w11;
  FASTAUG_FN Bilinear(int32_t v00, int32_t v01, int32_t v10, int32_t v11)
      : w00(v00), w01(v01), w10(v10), w11(v11) {}
  FASTAUG_FN Bilinear(uint32_t fraction_x, uint32_t fraction_y) {
    const int32_t x = static_cast<int32_t>(((fraction_x >> 17) + 1) >> 1);
    const int32_t y = static_cast<int32_t>(((fraction_y >> 17) + 1) >> 1);
    w11 = (x * y + 8192) >> 14;
    w01 = x - w11;
    w10 = y - w11;
    w00 = 16384 - x - w10;
  }
  FASTAUG_FN uint8_t blend(int32_t p00, int32_t p01, int32_t p10, int32_t p11) const {
    const int32_t sum = (p00 * w00 + p01 * w01) + (p10 * w10 + p11 * w11);
    return static_cast<uint8_t>((sum + 8191 + ((sum >> 14) & 1)) >> 14);
  }
};

FASTAUG_END
