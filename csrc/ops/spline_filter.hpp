// The prefilter of spline orders 2 to 5 as scipy.ndimage.spline_filter of SciPy 1.17 does it: along
// each axis a gain, then for every pole a pass down the line and one back up, all in double.
#pragma once

#include "fill_mode.hpp"

FASTAUG_BEGIN

// Pixels that SciPy adds on each side before it filters: the filter itself has no such borders.
FASTAUG_FN int64_t spline_padding(int32_t order, FillMode mode) {
  const bool padded = mode == FillMode::nearest || mode == FillMode::grid_constant;
  return order > 1 && padded ? 12 : 0;
}

// A fill value as SciPy pads with it, by way of the images' dtype: NumPy's cast for uint8 cuts off
// and wraps around, and gives 0 for what does not fit 32 bits.
template <class T>
FASTAUG_FN double spline_padded(double fill) {
  return static_cast<double>(static_cast<T>(fill));
}
template <>
FASTAUG_FN double spline_padded<uint8_t>(double fill) {
  const bool fits = fill > -2147483649.0 && fill < 2147483648.0;
  return static_cast<double>(static_cast<uint8_t>(fits ? static_cast<int32_t>(fill) : 0));
}

// (high + low) * 2^exponent, with 1 <= |high| < 2 and high the nearest double to the sum.
struct LongDouble {
  double high, low;
  int64_t exponent;
};

FASTAUG_FN LongDouble multiply(const LongDouble& a, const LongDouble& b) {
  const double split = 134217729.0;  // 2^27 + 1: halves of 26 bits, whose products are exact
  const double a_big = a.high * split - (a.high * split - a.high), a_small = a.high - a_big;
  const double b_big = b.high * split - (b.high * split - b.high), b_small = b.high - b_big;
  const double product = a.high * b.high;
  const double lost =
      ((a_big * b_big - product) + a_big * b_small + a_small * b_big) + a_small * b_small;
  const double rest = lost + (a.high * b.low + a.low * b.high);
  const double high = product + rest;
  LongDouble made = {high, rest - (high - product), a.exponent + b.exponent};
  if (high >= 2.0 || high <= -2.0) {
    made.high *= 0.5;
    made.low *= 0.5;
    ++made.exponent;
  }
  return made;
}

FASTAUG_FN double power_of_two(int64_t e) {
  return bit_cast<double>(static_cast<uint64_t>(e + 1023) << 52);
}

// The double nearest to z^n, for a pole z and n >= 0; zero keeps the sign.
FASTAUG_FN double spline_power(double z, int64_t n) {
  if (n > 2000) return n & 1 ? -0.0 : 0.0;
  LongDouble power = {1.0, 0.0, 0}, square = {z, 0.0, 0};
  while (square.high > -1.0 && square.high < 1.0) {
    square.high *= 2.0;
    --square.exponent;
  }
  for (int64_t rest = n; rest > 0; rest >>= 1) {
    if (rest & 1) power = multiply(power, square);
    square = multiply(square, square);
  }
  const int64_t e = power.exponent;
  if (e < -1080) return n & 1 ? -0.0 : 0.0;
  // Two steps, of which only the second can round.
  const int64_t first = larger(e, int64_t{-1000});
  double made = power.high * power_of_two(first) * power_of_two(e - first);
  if (e < -1022) {
    // It did, to a subnormal number, and `low` has the say where `high` lay halfway.
    const double error = power.high - made * power_of_two(1000) * power_of_two(-e - 1000);
    const double half = power_of_two(-1075 - e), least = 4.9406564584124654e-324;
    if (error == half && power.low > 0.0) made += least;
    if (error == -half && power.low < 0.0) made -= least;
  }
  return made;
}

// What a whole line leaves of the first pole. SciPy asks libm for it, and glibc's pow, on CPUs with
// FMA, gives the nearest double for every pole but at these lengths, where it is one unit off.
// (Without FMA it is off at 193 of order 5, and not at 221.)
FASTAUG_FN double first_power(int32_t order, double z, int64_t n) {
  double off = 0.0;
  if (order == 2) off = n == 144 ? 0x1p-419 : n == 221 ? 0x1p-615 : 0.0;
  if (order == 4) off = n == 411 ? 0x1p-656 : 0.0;
  if (order == 5) off = n == 710 ? -0x1p-916 : n == 727 ? -0x1p-936 : 0.0;
  return off == 0.0 ? spline_power(z, n) : spline_power(z, n) + off;
}

// The filter for lines of n > 1 numbers. SciPy filters `constant` and `wrap` as `mirror`, too, and
// `nearest`, whose padding has been added, as `reflect`.
struct SplineFilter {
  FillMode mode;  // mirror, reflect or grid_wrap
  int32_t poles;
  double pole[2], power[2];  // of each: what a whole line takes away from it
  double gain;
};

FASTAUG_FN SplineFilter prepare_filter(int32_t order, FillMode mode, int64_t n) {
  SplineFilter f = {FillMode::mirror, order / 2, {0.0, 0.0}, {0.0, 0.0}, 1.0};
  switch (order) {
    case 2:
      f.pole[0] = -0.17157287525380990;  // sqrt(8) - 3
      break;
    case 3:
      f.pole[0] = -0.26794919243112270;  // sqrt(3) - 2
      break;
    case 4:
      f.pole[0] = -0.36134122590022018;   // sqrt(664 - sqrt(438976)) + sqrt(304) - 19
      f.pole[1] = -0.013725429297339121;  // sqrt(664 + sqrt(438976)) - sqrt(304) - 19
      break;
    default:
      f.pole[0] = -0.43057534709997379;   // sqrt(67.5 - sqrt(4436.25)) + sqrt(26.25) - 6.5
      f.pole[1] = -0.043096288203264654;  // sqrt(67.5 + sqrt(4436.25)) - sqrt(26.25) - 6.5
  }
  if (mode == FillMode::grid_wrap) f.mode = mode;
  if (mode == FillMode::reflect || mode == FillMode::nearest) f.mode = FillMode::reflect;
  for (int32_t i = 0; i < f.poles; ++i) {
    const double z = f.pole[i];
    f.gain *= (1.0 - z) * (1.0 - 1.0 / z);
    const int64_t length = f.mode == FillMode::mirror ? n - 1 : n;
    f.power[i] = i == 0 ? first_power(order, z, length) : spline_power(z, length);
  }
  return f;
}

// `Count` lines of n > 1 numbers side by side, or vectors of lines: number i of the k-th is
// at[i * step + k].
template <class V, int Count>
struct SplineLines {
  V* at;
  int64_t n, step;
  FASTAUG_FN V* row(int64_t i) const { return at + i * step; }
};

// sum += z_i * (a + z_n * b) for each line; b may be sum itself.
template <class V, int Count>
FASTAUG_FN void add_mirrored(V (&sum)[Count], double z_i, const V* a, double z_n, const V* b) {
  for (int k = 0; k < Count; ++k) sum[k] += z_i * (a[k] + z_n * b[k]);
}

template <class V, int Count>
FASTAUG_FN void add_scaled(V (&sum)[Count], double z_i, const V* a) {
  for (int k = 0; k < Count; ++k) sum[k] += z_i * a[k];
}

// The first number of the pass down: with it goes what the line's continuation adds.
template <class V, int Count>
FASTAUG_FN void start_down(const SplineLines<V, Count>& c, double z, double z_n, FillMode mode) {
  const int64_t n = c.n;
  double z_i = z;
  V sum[Count];
  for (int k = 0; k < Count; ++k) sum[k] = c.row(0)[k];
  if (mode == FillMode::grid_wrap) {
    for (int64_t i = 1; i < n; ++i, z_i *= z) add_scaled(sum, z_i, c.row(n - i));
    for (int k = 0; k < Count; ++k) c.row(0)[k] = sum[k] / (1.0 - z_i);
    return;
  }
  add_scaled(sum, z_n, c.row(n - 1));
  for (int64_t i = 1; i < n - 1; ++i, z_i *= z)
    add_mirrored(sum, z_i, c.row(i), z_n, c.row(n - 1 - i));
  if (mode == FillMode::mirror) {
    for (int k = 0; k < Count; ++k) c.row(0)[k] = sum[k] / (1.0 - z_n * z_n);
    return;
  }
  // SciPy keeps its sum in the first number, which is the one that the last term reads.
  add_mirrored(sum, z_i, c.row(n - 1), z_n, sum);
  const double scale = z / (1.0 - z_n * z_n);
  for (int k = 0; k < Count; ++k) c.row(0)[k] = sum[k] * scale + c.row(0)[k];
}

// The last number, from which the pass back up starts.
template <class V, int Count>
FASTAUG_FN void start_up(const SplineLines<V, Count>& c, double z, FillMode mode) {
  const int64_t n = c.n;
  V* last = c.row(n - 1);
  if (mode == FillMode::grid_wrap) {
    double z_i = z;
    V sum[Count];
    for (int k = 0; k < Count; ++k) sum[k] = last[k];
    for (int64_t i = 0; i < n - 1; ++i, z_i *= z) add_scaled(sum, z_i, c.row(i));
    for (int k = 0; k < Count; ++k) last[k] = sum[k] * (z / (z_i - 1.0));
  } else if (mode == FillMode::reflect) {
    for (int k = 0; k < Count; ++k) last[k] *= z / (z - 1.0);
  } else {
    const V* before = c.row(n - 2);
    for (int k = 0; k < Count; ++k) last[k] = (z * before[k] + last[k]) * z / (z * z - 1.0);
  }
}

// Filters lines, whose numbers have been multiplied by the gain, in place.
template <class V, int Count>
FASTAUG_FN void spline_filter(const SplineFilter& f, const SplineLines<V, Count>& c) {
  for (int32_t pole = 0; pole < f.poles; ++pole) {
    const double z = f.pole[pole];
    V carried[Count];
    start_down(c, z, f.power[pole], f.mode);
    for (int k = 0; k < Count; ++k) carried[k] = c.row(0)[k];
    for (int64_t i = 1; i < c.n; ++i) {
      V* row = c.row(i);
      for (int k = 0; k < Count; ++k) carried[k] = row[k] + z * carried[k];
      for (int k = 0; k < Count; ++k) row[k] = carried[k];
    }
    start_up(c, z, f.mode);
    for (int k = 0; k < Count; ++k) carried[k] = c.row(c.n - 1)[k];
    for (int64_t i = c.n - 2; i >= 0; --i) {
      V* row = c.row(i);
      for (int k = 0; k < Count; ++k) carried[k] = z * (carried[k] - row[k]);
      for (int k = 0; k < Count; ++k) row[k] = carried[k];
    }
  }
}

FASTAUG_END
