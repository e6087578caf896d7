// Portable vectors of GCC and Clang; the only header that knows how lanes are spelt, and the only
// one with intrinsics, where a compiler makes poor code of the portable form.
#pragma once

#include "../ops/portable.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

FASTAUG_BEGIN

typedef float Float4 __attribute__((vector_size(16)));
typedef uint8_t Byte16 __attribute__((vector_size(16)));

// The bytes of a vector in another order, which is part of the code.
#if defined(__clang__)
#define FASTAUG_SHUFFLE(v, ...) __builtin_shufflevector(v, v, __VA_ARGS__)
#else
#define FASTAUG_SHUFFLE(v, ...) __builtin_shuffle(v, Byte16{__VA_ARGS__})
#endif

inline Byte16 load16(const char* p) {
  Byte16 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline void store16(char* p, Byte16 v) { std::memcpy(p, &v, sizeof v); }

inline Float4 load4(const float* p) {
  Float4 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline void store4(float* p, Float4 v) { std::memcpy(p, &v, sizeof v); }

#if defined(__AVX__)

typedef double Double4 __attribute__((vector_size(32)));

inline Double4 zero4() { return Double4{}; }
inline Double4 plus_zero(Double4 v) { return v + 0.0; }
inline Double4 load4_double(const float* p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
inline Double4 load4_double(const double* p) { return _mm256_loadu_pd(p); }
inline Double4 load4_double(const uint8_t* p) {
  int32_t bytes;
  std::memcpy(&bytes, p, sizeof bytes);
  return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes)));
}
inline Double4 load3_double(const uint8_t* p) {
  const int32_t bytes = p[0] | p[1] << 8 | p[2] << 16;
  return _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes)));
}
inline Double4 load3_double(const float* p) {
  const __m128 two = _mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
  return _mm256_cvtps_pd(_mm_movelh_ps(two, _mm_load_ss(p + 2)));
}
inline Double4 load3_double(const double* p) {
  return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(p)), _mm_load_sd(p + 2), 1);
}
inline void store4(float* p, Double4 v) { _mm_storeu_ps(p, _mm256_cvtpd_ps(v)); }
inline void store4(double* p, Double4 v) { _mm256_storeu_pd(p, v); }

#else

// Two halves: registers are 128 bits wide.
typedef double Double2 __attribute__((vector_size(16)));

struct Double4 {
  Double2 low, high;
};

inline Double4 operator*(Double4 a, double b) { return {a.low * b, a.high * b}; }
inline Double4 operator+(Double4 a, Double4 b) { return {a.low + b.low, a.high + b.high}; }

inline Double4 zero4() { return {Double2{}, Double2{}}; }
inline Double4 plus_zero(Double4 v) { return {v.low + 0.0, v.high + 0.0}; }

inline Double4 load4_double(const float* p) {
#if defined(__x86_64__)
  const __m128 v = _mm_loadu_ps(p);
  return {_mm_cvtps_pd(v), _mm_cvtps_pd(_mm_movehl_ps(v, v))};
#else
  return {Double2{p[0], p[1]}, Double2{p[2], p[3]}};
#endif
}

inline Double4 load4_double(const uint8_t* p) {
#if defined(__SSE4_1__)
  int32_t bytes;
  std::memcpy(&bytes, p, sizeof bytes);
  const __m128i v = _mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes));
  return {_mm_cvtepi32_pd(v), _mm_cvtepi32_pd(_mm_shuffle_epi32(v, 0xEE))};
#else
  return {Double2{static_cast<double>(p[0]), static_cast<double>(p[1])},
          Double2{static_cast<double>(p[2]), static_cast<double>(p[3])}};
#endif
}

inline Double4 load4_double(const double* p) {
  Double4 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

template <class T>
inline Double4 load3_double(const T* p) {
  return {Double2{static_cast<double>(p[0]), static_cast<double>(p[1])},
          Double2{static_cast<double>(p[2]), 0.0}};
}

inline void store4(float* p, Double4 v) {
#if defined(__x86_64__)
  _mm_storeu_ps(p, _mm_movelh_ps(_mm_cvtpd_ps(v.low), _mm_cvtpd_ps(v.high)));
#else
  const float all[4] = {static_cast<float>(v.low[0]), static_cast<float>(v.low[1]),
                        static_cast<float>(v.high[0]), static_cast<float>(v.high[1])};
  std::memcpy(p, all, sizeof all);
#endif
}

inline void store4(double* p, Double4 v) { std::memcpy(p, &v, sizeof v); }

#endif

// As many doubles as a register holds.
#if defined(__AVX512F__)
typedef double Doubles __attribute__((vector_size(64)));
#elif defined(__AVX__)
typedef double Doubles __attribute__((vector_size(32)));
#else
typedef double Doubles __attribute__((vector_size(16)));
#endif

// Four bytes, each the sum of a pixel's four taps under weights of 14 bits, rounded half to even.
// `upper` and `lower` hold the weights of the left tap in their low half, of the right in the high.
template <int Channels>
inline uint32_t blend_bytes(const uint8_t* top, const uint8_t* bottom, uint32_t upper,
                            uint32_t lower) {
#if defined(__SSE4_1__)
  // The two taps of each channel side by side, as 16 bits: one multiplication adds them up.
  const __m128i pairs =
      Channels == 3 ? _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1)
                    : _mm_setr_epi8(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1);
  const auto row = [&](const uint8_t* p, uint32_t weights) {
    const __m128i taps = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    return _mm_madd_epi16(_mm_shuffle_epi8(taps, pairs),
                          _mm_set1_epi32(static_cast<int32_t>(weights)));
  };
  const __m128i sum = _mm_add_epi32(row(top, upper), row(bottom, lower));
  const __m128i odd = _mm_and_si128(_mm_srli_epi32(sum, 14), _mm_set1_epi32(1));
  const __m128i rounded =
      _mm_srli_epi32(_mm_add_epi32(sum, _mm_add_epi32(odd, _mm_set1_epi32(8191))), 14);
  const __m128i low = _mm_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  return static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_shuffle_epi8(rounded, low)));
#else
  uint32_t made = 0;
  for (int c = 0; c < Channels; ++c) {
    const uint32_t sum = (top[c] * (upper & 0xffffu) + top[c + Channels] * (upper >> 16)) +
                         (bottom[c] * (lower & 0xffffu) + bottom[c + Channels] * (lower >> 16));
    made |= ((sum + 8191 + ((sum >> 14) & 1)) >> 14) << (8 * c);
  }
  return made;
#endif
}

// Keeps the next pixel's memory: three elements only.
template <class T, class V>
inline void store3(T* p, V v) {
  T all[4];
  store4(all, v);
  std::memcpy(p, all, 3 * sizeof(T));
}

FASTAUG_END
