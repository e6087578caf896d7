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

// Which pixels a chunk may have all its coordinates in, to read nothing but the image.
struct Reach {
  int32_t left, top;
  uint32_t across, down;  // from there; less than 2^31
  bool any;
};

// What is known of a chunk: whether it keeps within reach; whether a coordinate may be so far
// outside that all of them have to be made otherwise.
struct Found {
  bool within, far;
};

class FieldPoints {
 public:
  static constexpr int count = Steps::count;

  constexpr FieldPoints() {
    for (int j = 0; j < count; ++j) place[j] = Steps::place_of(j);
  }

  // The high and low halves of the coordinates of so many chunks from a column on. Shifts null are
  // none.
  template <class Coordinates>
  void split(const HomographyRow& row, int64_t column, int64_t chunks, const float* shifts,
             const Reach& reach, Coordinates* to, Found* found) const {
    const HomographyRow along = row;
    const double known = 1.0 / row.start_w;
    const auto at_rate = [=](Doubles at, Doubles inverse) {
      return Places{along.x(at, inverse), along.y(at, inverse)};
    };
    const auto changes = [=](Doubles at) { return at_rate(at, along.inverse(at)); };
    const auto stays = [=](Doubles at) { return at_rate(at, known - Doubles{}); };
    const auto itself = [=](Doubles at) { return Places{at, along.start_y - Doubles{}}; };
    const auto nothing = [](Doubles) { return Places{-Doubles{}, -Doubles{}}; };
    const auto none = [](int64_t) { return NoShifts{}; };
    const auto given = [=](int64_t k) { return Shifts(shifts + 2 * k); };
    const auto each = [&](auto places, auto shift) {
      split_as(column, chunks, places, shift, reach, to, found);
    };
    // A denominator that stays as it is is divided by once; of zero the sign would not stay.
    const bool divides = row.step_w != 0.0 || row.start_w == 0.0;
    if (shifts == nullptr) return divides ? each(changes, none) : each(stays, none);
    // Shifts of the columns as they are, or of nothing: coordinates themselves.
    if (!divides && row.start_w == 1.0 && row.start_x == 0.0 && row.step_y == 0.0) {
      if (row.step_x == 1.0) return each(itself, given);
      if (row.step_x == 0.0 && row.start_y == 0.0) return each(nothing, given);
    }
    return divides ? each(changes, given) : each(stays, given);
  }

  // The same of pixels in the order of a batch, whose rows of `width` columns follow each other, by
  // a homography.
  template <class Coordinates>
  void split_joined(const double* matrix, int64_t width, int64_t pixel, int64_t chunks,
                    const float* shifts, const Reach& reach, Coordinates* to, Found* found) const {
    const double columns = static_cast<double>(width), rows = 1.0 / columns;
    // Rows: never halfway between two, so rounded down by the sum with a number whose last bit is
    // one.
    const auto row_of = [=](Doubles at) {
      const double whole = 6755399441055744.0;
      return (((at + 0.5) * rows - 0.5) + whole) - whole;
    };
    const double* const m = matrix;
    const auto by_matrix = [=](Doubles at) {
      const Doubles y = row_of(at), x = at - y * columns;
      const HomographyRows<Doubles> along(m, y);
      const Doubles inverse = along.inverse(x);
      return Places{along.x(x, inverse), along.y(x, inverse)};
    };
    const auto itself = [=](Doubles at) {
      const Doubles y = row_of(at);
      return Places{at - y * columns, y};
    };
    const auto nothing = [](Doubles) { return Places{-Doubles{}, -Doubles{}}; };
    const auto none = [](int64_t) { return NoShifts{}; };
    const auto given = [=](int64_t k) { return Shifts(shifts + 2 * k); };
    const auto each = [&](auto places, auto shift) {
      split_as(pixel, chunks, places, shift, reach, to, found);
    };
    if (shifts == nullptr) return each(by_matrix, none);
    const bool shifts_only = m[1] == 0.0 && m[2] == 0.0 && m[3] == 0.0 && m[5] == 0.0 &&
                             m[6] == 0.0 && m[7] == 0.0 && m[8] == 1.0;
    if (shifts_only && m[0] == 1.0 && m[4] == 1.0) return each(itself, given);
    if (shifts_only && m[0] == 0.0 && m[4] == 0.0) return each(nothing, given);
    each(by_matrix, given);
  }

  // Negative where numbers are not from `first` on and at most so many further: they are less than
  // 2^31 either way.
  static Ints beyond(Ints v, int32_t first, uint32_t most) {
    typedef uint32_t Unsigned __attribute__((vector_size(register_bytes)));
    const Unsigned from = (Unsigned)v - static_cast<uint32_t>(first);
    return (Ints)(from | (most - from));
  }

 private:
  alignas(64) double place[count] = {};

  struct Places {
    Doubles x, y;
  };

  template <class ToPlaces, class Shift, class Coordinates>
  __attribute__((always_inline)) void split_as(int64_t column, int64_t chunks, ToPlaces places,
                                               Shift shift, Reach reach, Coordinates* to,
                                               Found* found) const {
    for (int64_t i = 0; i < chunks; ++i) {
      const double start = static_cast<double>(column + i * count);
      Fractions far = {};
      Ints outside = {};
      for (int k = 0; k < count; k += 2 * Steps::in_register) {
        const auto moved = shift(i * count + k);
        Longs fx[2], fy[2];
        for (int half = 0; half < 2; ++half) {
          Doubles at;
          std::memcpy(&at, place + k + half * Steps::in_register, sizeof at);
          at = at + start;
          const Places from = places(at);
          fx[half] = fixed(shifted_x(from.x, moved, half));
          fy[half] = fixed(shifted_y(from.y, moved, half));
        }
        const Ints x = Steps::split(fx[0], fx[1], to[i].x + k, to[i].fraction_x + k);
        const Ints y = Steps::split(fy[0], fy[1], to[i].y + k, to[i].fraction_y + k);
        far |= ((Fractions)x + (1u << 19)) | ((Fractions)y + (1u << 19));
        outside |= beyond(x, reach.left, reach.across) | beyond(y, reach.top, reach.down);
      }
      found[i] = {reach.any && !any_negative(outside), any_negative((Ints)((far >> 20) != 0))};
    }
  }

  // `confined_fixed` of numbers of less than 2^19: the integer is what the bits of the sum are more
  // than those of the number added. Anything larger, and NaN, comes out as 2^19 pixels or more.
  static Longs fixed(Doubles v) {
    typedef uint64_t Unsigned __attribute__((vector_size(register_bytes)));
    const double magic = 6755399441055744.0;
    return (Longs)((Unsigned)(v * 4294967296.0 + magic) - bit_cast<uint64_t>(magic));
  }
};

FASTAUG_END
