// Source coordinates of a warp by a homography and a field of shifts, sixteen columns at a time.
#pragma once

#include "../../ops/warp_field.hpp"
#include "steps.hpp"

FASTAUG_BEGIN

// The shifts of as many columns as two registers have lanes, each of them two floats; in the order
// that `Steps::split` wants.
struct Shifts {
  Doubles x[2], y[2];

  explicit Shifts(const float* p) {
#if defined(__AVX512F__)
    const __m512 first = _mm512_loadu_ps(p), second = _mm512_loadu_ps(p + 16);
    const __m512i even =
        _mm512_setr_epi32(0, 2, 8, 10, 16, 18, 24, 26, 4, 6, 12, 14, 20, 22, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    const auto widen = [](__m512 v, Doubles* to) {
      to[0] = _mm512_maskz_cvtps_pd(0xff, _mm512_castps512_ps256(v));
      to[1] = _mm512_maskz_cvtps_pd(0xff, _mm512_extractf32x8_ps(v, 1));
    };
    widen(_mm512_permutex2var_ps(first, even, second), x);
    widen(_mm512_permutex2var_ps(first, odd, second), y);
#elif defined(__AVX__)
    const __m256 first = _mm256_loadu_ps(p), second = _mm256_loadu_ps(p + 8);
    const auto widen = [](__m256 v, Doubles* to) {
      to[0] = _mm256_cvtps_pd(_mm256_castps256_ps128(v));
      to[1] = _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1));
    };
    widen(_mm256_shuffle_ps(first, second, 0x88), x);
    widen(_mm256_shuffle_ps(first, second, 0xdd), y);
#elif defined(__x86_64__)
    const __m128 first = _mm_loadu_ps(p), second = _mm_loadu_ps(p + 4);
    const auto widen = [](__m128 v, Doubles* to) {
      to[0] = _mm_cvtps_pd(v);
      to[1] = _mm_cvtps_pd(_mm_movehl_ps(v, v));
    };
    widen(_mm_shuffle_ps(first, second, 0x88), x);
    widen(_mm_shuffle_ps(first, second, 0xdd), y);
#else
    for (int k = 0; k < 2 * Steps::in_register; ++k) {
      const int half = k / Steps::in_register, lane = k % Steps::in_register;
      x[half][lane] = static_cast<double>(p[2 * k]);
      y[half][lane] = static_cast<double>(p[2 * k + 1]);
    }
#endif
  }
};

struct NoShifts {};
inline Doubles shifted_x(Doubles x, const Shifts& by, int half) { return x + by.x[half]; }
inline Doubles shifted_y(Doubles y, const Shifts& by, int half) { return y + by.y[half]; }
inline Doubles shifted_x(Doubles x, NoShifts, int) { return x; }
inline Doubles shifted_y(Doubles y, NoShifts, int) { return y; }

class FieldPoints {
 public:
  static constexpr int count = Steps::count;

  constexpr FieldPoints() {
    for (int j = 0; j < count; ++j) place[j] = Steps::place_of(j);
  }

  // The high and low halves of the coordinates of columns from `column` on; false where some lie
  // too far outside for this. Shifts null are none.
  bool split(const HomographyRow& row, int64_t column, const float* shifts, int32_t* x, int32_t* y,
             uint32_t* fraction_x, uint32_t* fraction_y) const {
    // A denominator that stays as it is is divided by once; of zero the sign would not stay.
    const bool divides = row.step_w != 0.0 || row.start_w == 0.0;
    const double inverse = 1.0 / row.start_w;
    const auto known = [=](Doubles) { return inverse - Doubles{}; };
    const auto found = [&](Doubles at) { return row.inverse(at); };
    const auto none = [](int) { return NoShifts{}; };
    const auto given = [=](int k) { return Shifts(shifts + 2 * k); };
    const auto each = [&](auto inverses, auto shift) {
      return split_as(row, column, inverses, shift, x, y, fraction_x, fraction_y);
    };
    if (shifts == nullptr) return divides ? each(found, none) : each(known, none);
    return divides ? each(found, given) : each(known, given);
  }

 private:
  alignas(64) double place[count] = {};

  template <class Inverses, class Shift>
  __attribute__((always_inline)) bool split_as(const HomographyRow& row, int64_t column,
                                               Inverses inverses, Shift shift, int32_t* x,
                                               int32_t* y, uint32_t* fraction_x,
                                               uint32_t* fraction_y) const {
    const double start = static_cast<double>(column);
    Longs far = {};
    for (int k = 0; k < count; k += 2 * Steps::in_register) {
      const auto moved = shift(k);
      Longs fx[2], fy[2];
      for (int half = 0; half < 2; ++half) {
        Doubles at;
        std::memcpy(&at, place + k + half * Steps::in_register, sizeof at);
        at = at + start;
        const Doubles inverse = inverses(at);
        fx[half] = fixed(shifted_x(row.x(at, inverse), moved, half), far);
        fy[half] = fixed(shifted_y(row.y(at, inverse), moved, half), far);
      }
      Steps::split(fx[0], fx[1], x + k, fraction_x + k);
      Steps::split(fy[0], fy[1], y + k, fraction_y + k);
    }
    return !any_lane((far >> 52) != 0);
  }

  // `confined_fixed` of numbers of less than 2^19: the integer is what the bits of the sum are more
  // than those of the number added. Anything larger, and NaN, leaves bits in the upper end of
  // `far`.
  static Longs fixed(Doubles v, Longs& far) {
    const double magic = 6755399441055744.0;
    const Longs made = reinterpret_cast<Longs>(v * 4294967296.0 + magic) - bit_cast<int64_t>(magic);
    far |= made + (int64_t{1} << 51);
    return made;
  }
};

FASTAUG_END
