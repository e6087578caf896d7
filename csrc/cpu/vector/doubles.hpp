// Four doubles at every level: one register, or two halves.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

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

// Keeps the next pixel's memory: three elements only.
template <class T, class V>
inline void store3(T* p, V v) {
  T all[4];
  store4(all, v);
  std::memcpy(p, all, 3 * sizeof(T));
}

FASTAUG_END
