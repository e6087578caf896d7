// Weights of some columns from the fractions of their coordinates: `Bilinear` and `Bicubic` of
// csrc/ops. Those of bytes come in pairs, as one multiplication takes them: the first named in the
// low half.
#pragma once

#include "../../ops/bicubic.hpp"
#include "../../ops/warp_affine.hpp"
#include "bytes.hpp"
#include "steps.hpp"

FASTAUG_BEGIN
namespace weigh {

// Fractions of so many registers at a time: those of bytes are packed two by two.
struct Group {
  static constexpr int registers = Steps::in_pair < Steps::count ? 2 : 1;
  static constexpr int columns = registers * Steps::in_pair;
  Fractions x[registers], y[registers];
};

inline void linear(Fractions fraction, float* weights) {
  const Floats v = __builtin_convertvector((Ints)(fraction >> 8), Floats) * 5.9604644775390625e-8f;
  std::memcpy(weights, &v, sizeof v);
}

// Of bytes in registers of 16 bits.
#if !defined(FASTAUG_NO_BYTES)

#if defined(__AVX512BW__)
typedef __m512i Register;
#define FASTAUG_WEIGH(name) _mm512_##name
#elif defined(__AVX2__)
typedef __m256i Register;
#define FASTAUG_WEIGH(name) _mm256_##name
#else
typedef __m128i Register;
#define FASTAUG_WEIGH(name) _mm_##name
#endif
typedef int16_t Halves __attribute__((vector_size(sizeof(Register))));
typedef uint16_t UHalves __attribute__((vector_size(sizeof(Register))));

// Rounded to 14 bits: the upper half of a sum like that of (a + 1) / 2.
inline Halves rounded(Fractions x, Fractions y) {
  return (Halves)FASTAUG_WEIGH(avg_epu16)(
      FASTAUG_WEIGH(packus_epi32)((Register)(x >> 17), (Register)(y >> 17)), Register{});
}

// (a * t + 8192) >> 14 for numbers up to 2^14; 2^15, which is too large, may be one less: the
// product then lacks half of its last place at most.
inline Halves times(Halves a, Halves t) {
  return (Halves)FASTAUG_WEIGH(mulhrs_epi16)((Register)a,
                                             FASTAUG_WEIGH(adds_epi16)((Register)t, (Register)t));
}

inline void store_pairs(uint32_t* to, Register pairs) { std::memcpy(to, &pairs, sizeof pairs); }
inline Register unpacked_low(Halves a, Halves b) {
  return FASTAUG_WEIGH(unpacklo_epi16)((Register)a, (Register)b);
}
inline Register unpacked_high(Halves a, Halves b) {
  return FASTAUG_WEIGH(unpackhi_epi16)((Register)a, (Register)b);
}

// Of the taps of the upper row, and of the lower one.
inline void linear(const Group& of, uint32_t* upper, uint32_t* lower) {
#if defined(__AVX512BW__)
  const Halves t = rounded(of.x[0], of.y[0]);
  const Halves other = (Halves)_mm512_shuffle_epi32((Register)t, _MM_PERM_BADC);
  const Halves last = times(other, t), one = t - last, first = (16384 - other) - one;
  store_pairs(upper, unpacked_low(first, one));
  store_pairs(lower, unpacked_high(one, last));
#else
  // An axis each, so that nothing is done twice.
  constexpr int next = Steps::in_pair;
  const Halves x = rounded(of.x[0], of.x[1]), y = rounded(of.y[0], of.y[1]);
  const Halves last = times(x, y), right = x - last, below = y - last, first = (16384 - x) - below;
  store_pairs(upper, unpacked_low(first, right));
  store_pairs(upper + next, unpacked_high(first, right));
  store_pairs(lower, unpacked_low(below, last));
  store_pairs(lower + next, unpacked_high(below, last));
#endif
}

// Both axes at once, four columns of either in each 16 bytes. Along x the first and third of four,
// the second and fourth; along y in their order.
inline void cubic(Fractions x, Fractions y, uint32_t* x02, uint32_t* x13, uint32_t* y01,
                  uint32_t* y23) {
  const Halves t = rounded(x, y), square = times(t, t), cube = times(square, t);
  // Sums of up to 2^15, which have no sign.
  const UHalves twice = (UHalves)square + (UHalves)square - (UHalves)cube;
  const UHalves sum = twice + twice - (UHalves)cube + (UHalves)t;
  const Halves w0 = ((Halves)twice - t) >> 1, w3 = (cube - square) >> 1;
  const Halves w2 = (Halves)(sum >> 1);
  const Halves w1 = 16384 - w0 - w2 - w3;
  store_pairs(x02, unpacked_low(w0, w2));
  store_pairs(x13, unpacked_low(w1, w3));
  store_pairs(y01, unpacked_high(w0, w1));
  store_pairs(y23, unpacked_high(w2, w3));
}

#undef FASTAUG_WEIGH
#else
inline uint32_t pair(int32_t low, int32_t high) {
  return (static_cast<uint32_t>(low) & 0xffffu) | static_cast<uint32_t>(high) << 16;
}

inline void linear(const Group& of, uint32_t* upper, uint32_t* lower) {
  for (int k = 0; k < Group::columns; ++k) {
    const int i = k / Steps::in_pair, j = k % Steps::in_pair;
    const Bilinear<uint8_t> w(of.x[i][j], of.y[i][j]);
    upper[k] = pair(w.w00, w.w01);
    lower[k] = pair(w.w10, w.w11);
  }
}

inline void cubic(Fractions x, Fractions y, uint32_t* x02, uint32_t* x13, uint32_t* y01,
                  uint32_t* y23) {
  for (int k = 0; k < Steps::in_pair; ++k) {
    const Bicubic<uint8_t> w(x[k], y[k]);
    x02[k] = pair(w.x[0], w.x[2]);
    x13[k] = pair(w.x[1], w.x[3]);
    y01[k] = pair(w.y[0], w.y[1]);
    y23[k] = pair(w.y[2], w.y[3]);
  }
}
#endif

}  // namespace weigh

FASTAUG_END
