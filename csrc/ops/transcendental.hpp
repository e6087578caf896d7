// Our own sin, cos, log and exp, so that no libm, libdevice or vector library decides a bit.
// The coefficients are minimax fits (Remez exchange) rounded to the working type; the errors
// stated are the largest seen over the whole interval against 40-digit arithmetic.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

// -2 ln x of a positive, normal float, or a vector of them: 2e-7 relative.
template <class V>
FASTAUG_FN V minus_two_log(V x) {
  using Int = typename LanesOf<V>::Int;
  const Int bits = bit_cast<Int>(x) - 0x3f3504f3;  // those of sqrt(1/2)
  const V exponent = to_float<V>(bits >> 23);
  const V m = bit_cast<V>((bits & 0x007fffff) + 0x3f3504f3);  // in [sqrt(1/2), sqrt(2))
  const V s = (m - 1.0f) / (m + 1.0f);
  const V q = s * s;
  V p = q * -0.825927734375f + -1.333044409751892f;
  p = p * q + -4.000000476837158f;
  return p * s + exponent * -1.3862943611198906f;
}

template <class V>
struct Direction {
  V cos, sin;
};

// Cosine and sine of (1 + t) / 8 turns for t in [-1, 1]: below 1e-7 absolute.
template <class V>
FASTAUG_FN Direction<V> first_quarter(V t) {
  const V u = t * t;
  V s = u * -2.53690559475217e-5f + 0.0017606053734198213f;
  s = s * u + -0.05709559842944145f;
  s = s * u + 0.5553603768348694f;
  s = s * t;
  V c = u * -0.0002254826104035601f + 0.0112075824290514f;
  c = c * u + -0.21808888018131256f;
  c = c * u + 0.7071067690849304f;
  return {c - s, c + s};
}

struct SinCos {
  double sin, cos;
};

// Sine and cosine of an angle in degrees: exact at multiples of 90, else about 1 unit in the last
// place. Reducing in degrees loses nothing: fmod and the subtraction of whole quarters are exact.
FASTAUG_FN SinCos sincos_degrees(double degrees) {
  const double d = fmod(degrees, 360.0);
  double quarter = d / 90.0;
  quarter = (quarter + 6755399441055744.0) - 6755399441055744.0;
  const double x = (d - quarter * 90.0) * 0.017453292519943295;
  const double u = x * x;
  double s = -7.6471637318198164759e-13;  // Taylor: the next terms are below 2^-54
  s = s * u + 1.6059043836821614599e-10;
  s = s * u + -2.5052108385441718775e-8;
  s = s * u + 2.7557319223985890653e-6;
  s = s * u + -1.9841269841269841270e-4;
  s = s * u + 8.3333333333333333333e-3;
  s = s * u + -1.6666666666666666667e-1;
  s = (s * u) * x + x;
  double c = 4.7794773323873852974e-14;
  c = c * u + -1.1470745597729724714e-11;
  c = c * u + 2.0876756987868098979e-9;
  c = c * u + -2.7557319223985890653e-7;
  c = c * u + 2.4801587301587301587e-5;
  c = c * u + -1.3888888888888888889e-3;
  c = c * u + 4.1666666666666666667e-2;
  c = (c * u) * u + (1.0 - 0.5 * u);
  switch (static_cast<int32_t>(quarter) & 3) {
    case 0:
      return {s, c};
    case 1:
      return {c, -s};
    case 2:
      return {-s, -c};
    default:
      return {-c, s};
  }
}

// e to the power of -x for x in [0, 700]: about 1 unit in the last place. V is a double, or a
// vector of them.
template <class V>
FASTAUG_FN V exp_negative(V x) {
  using Word = typename LanesOf<V>::Word;
  const V shifted = x * 1.4426950408889634074 + 6755399441055744.0;
  const V k = shifted - 6755399441055744.0;
  // ln 2 in two parts, the first exact when multiplied by k.
  const V r = (k * 0.693147180369123816490 - x) + k * 1.90821492927058770002e-10;
  V p = r * 1.6059043836821614599e-10 + 2.0876756987868098979e-9;
  p = p * r + 2.5052108385441718775e-8;
  p = p * r + 2.7557319223985890653e-7;
  p = p * r + 2.7557319223985890653e-6;
  p = p * r + 2.4801587301587301587e-5;
  p = p * r + 1.9841269841269841270e-4;
  p = p * r + 1.3888888888888888889e-3;
  p = p * r + 8.3333333333333333333e-3;
  p = p * r + 4.1666666666666666667e-2;
  p = p * r + 1.6666666666666666667e-1;
  p = p * r + 0.5;
  p = (p * r) * r + r + 1.0;
  // The lowest bits of `shifted` are those of k, and all but twelve are shifted out.
  return p * bit_cast<V>((1023u - bit_cast<Word>(shifted)) << 52);
}

// The same for floats x in [0, 87]: about 1 unit in the last place.
template <class V>
FASTAUG_FN V exp_negative_single(V x) {
  using Word = typename LanesOf<V>::Word;
  const V shifted = x * 1.44269504f + 12582912.0f;
  const V k = shifted - 12582912.0f;
  const V r = (k * 0.693359375f - x) + k * -2.12194440e-4f;
  V p = r * 1.98412698e-4f + 1.38888889e-3f;  // Taylor: the next term is below 2^-27
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = (p * r) * r + r + 1.0f;
  // As above; -k is the complement of k and 1.
  return p * bit_cast<V>(((bit_cast<Word>(shifted) ^ 0xffffffffu) + 128u) << 23);
}

// Natural logarithm of positive, normal floats: about 1 unit in the last place.
template <class V>
FASTAUG_FN V log_positive_single(V x) {
  using Int = typename LanesOf<V>::Int;
  using Word = typename LanesOf<V>::Word;
  // Less those of sqrt(1/2); unsigned, as x may be anything where the result is not used.
  const Int bits = bit_cast<Int>(bit_cast<Word>(x) - 0x3f3504f3u);
  const V e = to_float<V>(bits >> 23);
  const V f = bit_cast<V>((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;  // from [sqrt(1/2), sqrt(2))
  V p = f * -0.07865455746650696f + 0.12879203259944916f;
  p = p * f + -0.1312529444694519f;
  p = p * f + 0.1418142020702362f;
  p = p * f + -0.16624969244003296f;
  p = p * f + 0.2000228315591812f;
  p = p * f + -0.2500079572200775f;
  p = p * f + 0.33333316445350647f;
  const V f2 = f * f;
  // ln 2 in two parts, the first exact when multiplied by any exponent.
  return e * 0.693359375f + (((p * f) * f2 - f2 * 0.5f) + e * -2.12194440e-4f + f);
}

// The same of a double.
FASTAUG_FN double log_positive(double x) {
  const uint64_t bits = bit_cast<uint64_t>(x);
  // Mantissa into [sqrt(1/2), sqrt(2)).
  const int64_t exponent = static_cast<int64_t>(bits - 0x3fe6a09e667f3bcdu) >> 52;
  const double f = bit_cast<double>(bits - (static_cast<uint64_t>(exponent) << 52)) - 1.0;
  const double s = f / (2.0 + f);  // log(1 + f) = 2 atanh(s), by its series
  const double z = s * s;
  double p = 4.7619047619047619048e-2;
  p = p * z + 5.2631578947368421053e-2;
  p = p * z + 5.8823529411764705882e-2;
  p = p * z + 6.6666666666666666667e-2;
  p = p * z + 7.6923076923076923077e-2;
  p = p * z + 9.0909090909090909091e-2;
  p = p * z + 1.1111111111111111111e-1;
  p = p * z + 1.4285714285714285714e-1;
  p = p * z + 0.2;
  p = p * z + 3.3333333333333333333e-1;
  const double e = static_cast<double>(exponent);
  const double half_square = 0.5 * f * f;
  // ln 2 in two parts, the first exact when multiplied by any exponent.
  return e * 0.693147180369123816490 +
         (f - (half_square - (s * (half_square + 2.0 * p * z) + e * 1.90821492927058770002e-10)));
}

// The first where the bits of `mask` are set, else the second.
template <class Int>
FASTAUG_FN Int select_bits(Int mask, Int a, Int b) {
  return b ^ ((a ^ b) & mask);
}

// x to the power of y for x in [0, 1] and y of at least 0, where 0 to the power of 0 is 1: within a
// few units in the last place of 1. NaN for x that is NaN. Choices are made by masks of bits, so
// that x may be lanes; all bits of a negative integer that is shifted by 31 are set.
template <class V>
FASTAUG_FN V power_single(V x, float y) {
  using Int = typename LanesOf<V>::Int;
  const Int bits = bit_cast<Int>(x), size = bits & 0x7fffffff;
  const Int tiny = (size - 0x00800000) >> 31;  // the logarithm wants a normal number
  const Int normal = select_bits(tiny, bit_cast<Int>(x * 8388608.0f), bits);
  const V lowered = bit_cast<V>(tiny & bit_cast<int32_t>(15.9423847f));
  const V t = (log_positive_single(bit_cast<V>(normal)) - lowered) * -y;
  const Int to_raise = bit_cast<Int>(t);
  const Int small = ((to_raise & 0x7fffffff) - bit_cast<int32_t>(87.0f)) >> 31;
  const V raised = exp_negative_single(bit_cast<V>(to_raise & small));
  const Int zero = (size - 1) >> 31, nan = ((size ^ 0x7fffffff) - 0x007fffff) >> 31;
  const Int other = (zero & bit_cast<int32_t>(y > 0.0f ? 0.0f : 1.0f)) | (nan & bits);
  return bit_cast<V>(select_bits(zero | nan, other, bit_cast<Int>(raised) & small));
}

FASTAUG_FN float power(float x, float y) { return power_single(x, y); }

// The same of doubles. Both sides of every choice are made before it, so that loops of it become
// vector code.
FASTAUG_FN double power(double x, double y) {
  const bool tiny = x < 2.2250738585072014e-308;
  const double raised = x * 4503599627370496.0, lowered = tiny ? 36.043653389117154 : 0.0;
  const double log = log_positive(tiny ? raised : x) - lowered;
  const double t = -y * log, within = t < 700.0 ? t : 700.0;
  const double e = exp_negative(within), r = t < 700.0 ? e : 0.0;
  const double at_zero = y > 0.0 ? 0.0 : 1.0, otherwise = x == 0.0 ? at_zero : x;
  return x > 0.0 ? r : otherwise;
}

FASTAUG_END
