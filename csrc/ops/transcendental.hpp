// Our own sin, cos, log and exp, so that no libm, libdevice or vector library decides a bit.
// The coefficients are minimax fits (Remez exchange) rounded to the working type; the errors
// stated are the largest seen over the whole interval against 40-digit arithmetic.
#pragma once

#include "portable.hpp"

FASTAUG_BEGIN

// Natural logarithm of a positive, normal float: about 1 unit in the last place.
FASTAUG_FN float log_positive(float x) {
  const int32_t bits = bit_cast<int32_t>(x);
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;  // mantissa into [sqrt(1/2), sqrt(2))
  const float f = bit_cast<float>(bits - exponent * 0x00800000) - 1.0f;
  float p = -0.07865455746650696f;
  p = p * f + 0.12879203259944916f;
  p = p * f + -0.1312529444694519f;
  p = p * f + 0.1418142020702362f;
  p = p * f + -0.16624969244003296f;
  p = p * f + 0.2000228315591812f;
  p = p * f + -0.2500079572200775f;
  p = p * f + 0.33333316445350647f;
  const float f2 = f * f;
  const float e = static_cast<float>(exponent);
  // ln 2 in two parts, the first exact when multiplied by any exponent.
  return e * 0.693359375f + (((p * f) * f2 - 0.5f * f2) + e * -2.12194440e-4f + f);
}

struct SinCosF {
  float sin, cos;
};

// Sine and cosine of `turn` / 2^32 turns: below 1e-7 absolute.
FASTAUG_FN SinCosF sincos_turn(uint32_t turn) {
  const uint32_t quarter = (turn + 0x20000000u) >> 30;
  const int32_t rest = static_cast<int32_t>(turn - (quarter << 30));
  const float t = static_cast<float>(rest) * 2.3283064365386963e-10f;  // within an eighth of a turn
  const float u = t * t;
  float s = 41.47294998168945f;
  s = s * u + -76.69786834716797f;
  s = s * u + 81.6052017211914f;
  s = s * u + -41.34170150756836f;
  s = s * u + 6.2831854820251465f;
  s = s * t;
  float c = 59.25004196166992f;
  c = c * u + -85.4438705444336f;
  c = c * u + 64.9393310546875f;
  c = c * u + -19.739208221435547f;
  c = c * u + 1.0f;
  const bool swap = (quarter & 1u) != 0;
  const float a = swap ? c : s;
  const float b = swap ? s : c;
  const uint32_t flip_sin = (quarter & 2u) << 30;
  const uint32_t flip_cos = ((quarter + 1u) & 2u) << 30;
  return {bit_cast<float>(bit_cast<uint32_t>(a) ^ flip_sin),
          bit_cast<float>(bit_cast<uint32_t>(b) ^ flip_cos)};
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

// e to the power of -x for x in [0, 700]: about 1 unit in the last place.
FASTAUG_FN double exp_negative(double x) {
  const double k = (x * 1.4426950408889634074 + 6755399441055744.0) - 6755399441055744.0;
  // ln 2 in two parts, the first exact when multiplied by k.
  const double r = (k * 0.693147180369123816490 - x) + k * 1.90821492927058770002e-10;
  double p = 1.6059043836821614599e-10;
  p = p * r + 2.0876756987868098979e-9;
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
  const uint64_t scale = static_cast<uint64_t>(1023 - static_cast<int64_t>(k)) << 52;
  return p * bit_cast<double>(scale);
}

// The same for a float x in [0, 87]: about 1 unit in the last place.
FASTAUG_FN float exp_negative(float x) {
  const float k = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  const float r = (k * 0.693359375f - x) + k * -2.12194440e-4f;
  float p = 1.98412698e-4f;  // Taylor: the next term is below 2^-27
  p = p * r + 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = (p * r) * r + r + 1.0f;
  return p * bit_cast<float>((127 - static_cast<int32_t>(k)) * 0x00800000);
}

// Natural logarithm of a positive, normal double: about 1 unit in the last place.
FASTAUG_FN double log_positive(double x) {
  const int64_t bits = bit_cast<int64_t>(x);
  const int64_t exponent = (bits - 0x3fe6a09e667f3bcd) >> 52;  // mantissa into [sqrt(1/2), sqrt(2))
  const double f = bit_cast<double>(bits - exponent * 0x0010000000000000) - 1.0;
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

// x to the power of y for x in [0, 1] and y of at least 0, where 0 to the power of 0 is 1: within a
// few units in the last place of 1. NaN for x that is NaN.
// Both sides of every choice are made before it, so that loops of it become vector code.
FASTAUG_FN float power(float x, float y) {
  const bool tiny = x < 1.17549435e-38f;  // the logarithm wants a normal number
  const float raised = x * 8388608.0f, lowered = tiny ? 15.9423847f : 0.0f;
  const float log = log_positive(tiny ? raised : x) - lowered;
  const float t = -y * log, within = t < 87.0f ? t : 87.0f;
  const float e = exp_negative(within), r = t < 87.0f ? e : 0.0f;
  const float at_zero = y > 0.0f ? 0.0f : 1.0f, otherwise = x == 0.0f ? at_zero : x;
  return x > 0.0f ? r : otherwise;
}

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
