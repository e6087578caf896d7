// Portable vectors of GCC and Clang; the only header that knows how lanes are spelt, and the only
// one with intrinsics, where a compiler makes poor code of the portable form.
#pragma once

#include "../ops/portable.hpp"

#if defined(__x86_64__)
// GCC 12 takes the undefined operands inside its own intrinsics for mistakes.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

FASTAUG_BEGIN

typedef float Float4 __attribute__((vector_size(16)));
typedef uint8_t Byte16 __attribute__((vector_size(16)));

// As many numbers as a register holds; doubles come from half as many floats.
#if defined(__AVX512F__)
constexpr int register_bytes = 64;
#elif defined(__AVX__)
constexpr int register_bytes = 32;
#else
constexpr int register_bytes = 16;
#endif
typedef float Floats __attribute__((vector_size(register_bytes)));
typedef int32_t Ints __attribute__((vector_size(register_bytes)));
typedef double Doubles __attribute__((vector_size(register_bytes)));
typedef float HalfFloats __attribute__((vector_size(register_bytes / 2)));

// A float or a vector of them.
template <class V>
inline V load(const float* p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline Doubles to_doubles(HalfFloats v) {
#if defined(__AVX512F__)
  return _mm512_maskz_cvtps_pd(0xff, v);
#else
  return __builtin_convertvector(v, Doubles);
#endif
}

template <>
inline Floats magnitude(Floats v) {
  return reinterpret_cast<Floats>(reinterpret_cast<Ints>(v) & 0x7fffffff);
}

template <>
inline Floats whole_part(Floats v) {
  return __builtin_convertvector(__builtin_convertvector(v, Ints), Floats);
}

// The instructions return the second operand where neither is less, so they choose as the portable
// form does; GCC does not see that.
#if defined(__AVX512F__)
template <>
inline Floats smaller(Floats a, Floats b) {
  return _mm512_maskz_min_ps(0xffff, b, a);
}
template <>
inline Floats larger(Floats a, Floats b) {
  return _mm512_maskz_max_ps(0xffff, b, a);
}
#elif defined(__AVX__)
template <>
inline Floats smaller(Floats a, Floats b) {
  return _mm256_min_ps(b, a);
}
template <>
inline Floats larger(Floats a, Floats b) {
  return _mm256_max_ps(b, a);
}
#elif defined(__x86_64__)
template <>
inline Floats smaller(Floats a, Floats b) {
  return _mm_min_ps(b, a);
}
template <>
inline Floats larger(Floats a, Floats b) {
  return _mm_max_ps(b, a);
}
#endif

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

// Touches nothing beyond three.
inline Float4 load3(const float* p) {
#if defined(__AVX__)
  return _mm_maskload_ps(p, _mm_setr_epi32(-1, -1, -1, 0));
#else
  return Float4{p[0], p[1], p[2], 0.0f};
#endif
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

// Keeps the next pixel's memory: three elements only.
template <class T, class V>
inline void store3(T* p, V v) {
  T all[4];
  store4(all, v);
  std::memcpy(p, all, 3 * sizeof(T));
}

// The high and low halves of start + step * k for k in [0, count) and up to a whole number of 16.
inline void split_steps(int64_t start, int64_t step, int64_t count, int32_t* high, uint32_t* low) {
  const uint64_t first = static_cast<uint64_t>(start), by = static_cast<uint64_t>(step);
#if defined(__x86_64__)
  // Of every four columns two are in one register and two in another, so that one shuffle within
  // lanes puts four halves side by side.
#if defined(__AVX512BW__)
  constexpr int at_once = 16;
  typedef __m512i Longs;
  const auto plus = [](Longs a, Longs b) { return _mm512_add_epi64(a, b); };
  const auto all = [](uint64_t v) { return _mm512_set1_epi64(static_cast<int64_t>(v)); };
  const auto floats = [](Longs v) { return _mm512_castsi512_ps(v); };
  const auto store = [](void* p, __m512 v) { _mm512_storeu_ps(p, v); };
#define FASTAUG_HALVES(a, b, which) _mm512_shuffle_ps(floats(a), floats(b), which)
#elif defined(__AVX2__)
  constexpr int at_once = 8;
  typedef __m256i Longs;
  const auto plus = [](Longs a, Longs b) { return _mm256_add_epi64(a, b); };
  const auto all = [](uint64_t v) { return _mm256_set1_epi64x(static_cast<int64_t>(v)); };
  const auto floats = [](Longs v) { return _mm256_castsi256_ps(v); };
  const auto store = [](void* p, __m256 v) { _mm256_storeu_ps(static_cast<float*>(p), v); };
#define FASTAUG_HALVES(a, b, which) _mm256_shuffle_ps(floats(a), floats(b), which)
#else
  constexpr int at_once = 4;
  typedef __m128i Longs;
  const auto plus = [](Longs a, Longs b) { return _mm_add_epi64(a, b); };
  const auto all = [](uint64_t v) { return _mm_set1_epi64x(static_cast<int64_t>(v)); };
  const auto floats = [](Longs v) { return _mm_castsi128_ps(v); };
  const auto store = [](void* p, __m128 v) { _mm_storeu_ps(static_cast<float*>(p), v); };
#define FASTAUG_HALVES(a, b, which) _mm_shuffle_ps(floats(a), floats(b), which)
#endif
  // Put together in registers: a wide load of what narrow stores wrote waits for them all.
  const auto lane = [&](int i) {
    return static_cast<int64_t>(first + static_cast<uint64_t>(2 * i - i % 2) * by);
  };
#if defined(__AVX512BW__)
  const Longs a0 =
      _mm512_set_epi64(lane(7), lane(6), lane(5), lane(4), lane(3), lane(2), lane(1), lane(0));
#elif defined(__AVX2__)
  const Longs a0 = _mm256_set_epi64x(lane(3), lane(2), lane(1), lane(0));
#else
  const Longs a0 = _mm_set_epi64x(lane(1), lane(0));
#endif
  Longs a = a0;
  Longs b = plus(a, all(2 * by));
  const Longs next = all(at_once * by);
  for (int64_t k = 0; k < count; k += at_once) {
    store(low + k, FASTAUG_HALVES(a, b, 0x88));
    store(high + k, FASTAUG_HALVES(a, b, 0xdd));
    a = plus(a, next);
    b = plus(b, next);
  }
#undef FASTAUG_HALVES
#else
  for (int64_t k = 0; k < count; ++k) {
    const uint64_t v = first + static_cast<uint64_t>(k) * by;
    low[k] = static_cast<uint32_t>(v);
    high[k] = static_cast<int32_t>(static_cast<uint32_t>(v >> 32));
  }
#endif
}

// Asks for the memory of an output some way ahead, of which it is not known where it ends: nobody
// foresees stores that are not a whole line each.
template <class T>
__attribute__((always_inline)) inline void prefetch_write(const T* p) {
  __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(p) + 2048), 1);
}

// Bilinear pixels of three or four floats from taps `offset` bytes into two rows, `x` and `y` of
// the way between them: `Bilinear<float>` in lanes. Reads a third pixel where there are three
// channels. Offsets are there up to a multiple of four. Writes no more than `room` elements, but
// may write beyond `count` pixels.
template <int Channels>
inline void blend_floats(const char* top, const char* bottom, const int32_t* offset, const float* x,
                         const float* y, int64_t count, int64_t room, float* to) {
  int64_t k = 0;
#if defined(__AVX512BW__)
  // Both taps of a pixel are in 32 bytes: four pixels are two registers, and one shuffle of the two
  // packs their left taps, another the right ones.
  const __m512i left =
      Channels == 3 ? _mm512_setr_epi32(0, 1, 2, 8, 9, 10, 16, 17, 18, 24, 25, 26, 0, 0, 0, 0)
                    : _mm512_setr_epi32(0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  const __m512i right = _mm512_add_epi32(left, _mm512_set1_epi32(Channels));
  const __m512i spread = Channels == 3
                             ? _mm512_setr_epi32(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3)
                             : _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  const auto two = [](const char* row, int32_t a, int32_t b) {
    const __m256 first = _mm256_loadu_ps(reinterpret_cast<const float*>(row + a));
    const __m256 second = _mm256_loadu_ps(reinterpret_cast<const float*>(row + b));
    return _mm512_insertf32x8(_mm512_castps256_ps512(first), second, 1);
  };
  const auto lerp = [](__m512 a, __m512 b, __m512 t) { return a + t * (b - a); };
  const auto weight = [&](const float* t) {
    return _mm512_permutevar_ps(_mm512_broadcast_f32x4(_mm_loadu_ps(t)), spread);
  };
  for (; k < count; k += 4, to += 4 * Channels) {
    const int32_t* o = offset + k;
    const __m512 wx = weight(x + k);
    const __m512 t0 = two(top, o[0], o[1]), t1 = two(top, o[2], o[3]);
    const __m512 b0 = two(bottom, o[0], o[1]), b1 = two(bottom, o[2], o[3]);
    const __m512 upper =
        lerp(_mm512_permutex2var_ps(t0, left, t1), _mm512_permutex2var_ps(t0, right, t1), wx);
    const __m512 lower =
        lerp(_mm512_permutex2var_ps(b0, left, b1), _mm512_permutex2var_ps(b0, right, b1), wx);
    const __m512 made = lerp(upper, lower, weight(y + k));
    // A whole register where there is room: stores under a mask that cross cache lines are slow.
    const int64_t left = room - Channels * k;
    prefetch_write(to);
    if (left >= 16)
      _mm512_storeu_ps(to, made);
    else
      _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << left) - 1), made);
  }
#else
  // The last pixel of a row of three channels is written by its own.
  const int64_t whole = Channels == 3 && room == 3 * count ? count - 1 : count;
#if defined(__AVX2__)
  const __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  const auto two = [](const char* row, int32_t a, int32_t b) {
    const __m128 first = _mm_loadu_ps(reinterpret_cast<const float*>(row + a));
    const __m128 second = _mm_loadu_ps(reinterpret_cast<const float*>(row + b));
    return _mm256_insertf128_ps(_mm256_castps128_ps256(first), second, 1);
  };
  const auto lerp = [](__m256 a, __m256 b, __m256 t) { return a + t * (b - a); };
  const auto weight = [&](const float* t) {
    const __m128 both = _mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(t)));
    return _mm256_permutevar_ps(_mm256_insertf128_ps(_mm256_castps128_ps256(both), both, 1),
                                spread);
  };
  constexpr int next = Channels * static_cast<int>(sizeof(float));
  for (; k + 2 <= whole; k += 2, to += 2 * Channels) {
    const int32_t a = offset[k], b = offset[k + 1];
    const __m256 wx = weight(x + k);
    const __m256 upper = lerp(two(top, a, b), two(top + next, a, b), wx);
    const __m256 lower = lerp(two(bottom, a, b), two(bottom + next, a, b), wx);
    const __m256 made = lerp(upper, lower, weight(y + k));
    prefetch_write(to);
    _mm_storeu_ps(to, _mm256_castps256_ps128(made));
    _mm_storeu_ps(to + Channels, _mm256_extractf128_ps(made, 1));
  }
#endif
  for (; k < count; ++k, to += Channels) {
    const float* upper_taps = reinterpret_cast<const float*>(top + offset[k]);
    const float* lower_taps = reinterpret_cast<const float*>(bottom + offset[k]);
    const Float4 p00 = load4(upper_taps), p01 = load4(upper_taps + Channels);
    const Float4 p10 = load4(lower_taps), p11 = load4(lower_taps + Channels);
    const Float4 upper = p00 + x[k] * (p01 - p00);
    const Float4 lower = p10 + x[k] * (p11 - p10);
    const Float4 made = upper + y[k] * (lower - upper);
    if (k < whole)
      store4(to, made);
    else
      store3(to, made);
  }
#endif
}

// Registers of bytes as wide as they come: lanes of 16 bytes in which the same is done.
#if defined(__AVX512BW__)
struct Bytes {
  static constexpr int lanes = 4;
  __m512i v;
  static Bytes gather(const uint8_t* top, const uint8_t* bottom, const int32_t* at) {
    const auto both = [&](int32_t o) {
      return _mm_castpd_si128(
          _mm_loadh_pd(_mm_castsi128_pd(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(top + o))),
                       reinterpret_cast<const double*>(bottom + o)));
    };
    const __m256i low =
        _mm256_inserti128_si256(_mm256_castsi128_si256(both(at[0])), both(at[4]), 1);
    const __m256i high =
        _mm256_inserti128_si256(_mm256_castsi128_si256(both(at[8])), both(at[12]), 1);
    return {_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1)};
  }
  static Bytes load(const void* p) { return {_mm512_loadu_si512(p)}; }
  static Bytes set(int32_t a) { return {_mm512_set1_epi32(a)}; }
  static Bytes repeat(__m128i a) { return {_mm512_broadcast_i32x4(a)}; }
  Bytes shuffle(Bytes order) const { return {_mm512_shuffle_epi8(v, order.v)}; }
  Bytes multiply_pairs(Bytes b) const { return {_mm512_madd_epi16(v, b.v)}; }
  Bytes plus(Bytes b) const { return {_mm512_add_epi32(v, b.v)}; }
  Bytes both(Bytes b) const { return {_mm512_and_si512(v, b.v)}; }
  Bytes shift_right14() const { return {_mm512_srli_epi32(v, 14)}; }
  template <int i>
  Bytes word() const {
    return {_mm512_shuffle_epi32(v, static_cast<_MM_PERM_ENUM>(i * 0x55))};
  }
  static Bytes pack(Bytes a, Bytes b, Bytes c, Bytes d) {
    return {_mm512_packus_epi16(_mm512_packus_epi32(a.v, b.v), _mm512_packus_epi32(c.v, d.v))};
  }
  static Bytes pairs(const uint8_t* p) {
    return {_mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
  }
  void store_low_bytes(uint8_t* p) const {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(v));
  }
};
#elif defined(__AVX2__)
struct Bytes {
  static constexpr int lanes = 2;
  __m256i v;
  static Bytes gather(const uint8_t* top, const uint8_t* bottom, const int32_t* at) {
    const auto both = [&](int32_t o) {
      const __m128i upper = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(top + o));
      return _mm_castpd_si128(
          _mm_loadh_pd(_mm_castsi128_pd(upper), reinterpret_cast<const double*>(bottom + o)));
    };
    return {_mm256_inserti128_si256(_mm256_castsi128_si256(both(at[0])), both(at[4]), 1)};
  }
  static Bytes load(const void* p) { return {_mm256_loadu_si256(static_cast<const __m256i*>(p))}; }
  static Bytes set(int32_t a) { return {_mm256_set1_epi32(a)}; }
  static Bytes repeat(__m128i a) { return {_mm256_broadcastsi128_si256(a)}; }
  Bytes shuffle(Bytes order) const { return {_mm256_shuffle_epi8(v, order.v)}; }
  Bytes multiply_pairs(Bytes b) const { return {_mm256_madd_epi16(v, b.v)}; }
  Bytes plus(Bytes b) const { return {_mm256_add_epi32(v, b.v)}; }
  Bytes both(Bytes b) const { return {_mm256_and_si256(v, b.v)}; }
  Bytes shift_right14() const { return {_mm256_srli_epi32(v, 14)}; }
  template <int i>
  Bytes word() const {
    return {_mm256_shuffle_epi32(v, i * 0x55)};
  }
  static Bytes pack(Bytes a, Bytes b, Bytes c, Bytes d) {
    return {_mm256_packus_epi16(_mm256_packus_epi32(a.v, b.v), _mm256_packus_epi32(c.v, d.v))};
  }
  static Bytes pairs(const uint8_t* p) {
    return {_mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))};
  }
  void store_low_bytes(uint8_t* p) const {
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(v, v), 8);
    const __m128i low = _mm256_castsi256_si128(words);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(low, low));
  }
};
#elif defined(__SSE4_1__)
struct Bytes {
  static constexpr int lanes = 1;
  __m128i v;
  static Bytes gather(const uint8_t* top, const uint8_t* bottom, const int32_t* at) {
    const auto both = [&](int32_t o) {
      const __m128i upper = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(top + o));
      return _mm_castpd_si128(
          _mm_loadh_pd(_mm_castsi128_pd(upper), reinterpret_cast<const double*>(bottom + o)));
    };
    return {both(at[0])};
  }
  static Bytes load(const void* p) { return {_mm_loadu_si128(static_cast<const __m128i*>(p))}; }
  static Bytes set(int32_t a) { return {_mm_set1_epi32(a)}; }
  static Bytes repeat(__m128i a) { return {a}; }
  Bytes shuffle(Bytes order) const { return {_mm_shuffle_epi8(v, order.v)}; }
  Bytes multiply_pairs(Bytes b) const { return {_mm_madd_epi16(v, b.v)}; }
  Bytes plus(Bytes b) const { return {_mm_add_epi32(v, b.v)}; }
  Bytes both(Bytes b) const { return {_mm_and_si128(v, b.v)}; }
  Bytes shift_right14() const { return {_mm_srli_epi32(v, 14)}; }
  template <int i>
  Bytes word() const {
    return {_mm_shuffle_epi32(v, i * 0x55)};
  }
  static Bytes pack(Bytes a, Bytes b, Bytes c, Bytes d) {
    return {_mm_packus_epi16(_mm_packus_epi32(a.v, b.v), _mm_packus_epi32(c.v, d.v))};
  }
  static Bytes pairs(const uint8_t* p) {
    return {_mm_cvtepu8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)))};
  }
  void store_low_bytes(uint8_t* p) const {
    const __m128i words = _mm_packus_epi32(v, v);
    const int32_t low = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    std::memcpy(p, &low, sizeof low);
  }
};
#else
#define FASTAUG_NO_BYTES
struct Bytes {
  static constexpr int lanes = 1;
};
#endif

// Pixels of three or four bytes are blended a block at a time, from 16 bytes each that hold eight
// bytes of the upper row and eight of the lower one. Within a block the pixels of a lane are
// `lanes` slots apart, so that packing puts them side by side.
constexpr int byte_block = 4 * Bytes::lanes;

inline int64_t tap_slot(int64_t k) {
  const int64_t in_block = k % byte_block;
  return 16 * (k - in_block + in_block % 4 * Bytes::lanes + in_block / 4);
}

#if !defined(FASTAUG_NO_BYTES)
// Sums under weights of 14 bits, rounded half to even.
inline Bytes round_weighted(Bytes sum) {
  const Bytes odd = sum.shift_right14().both(Bytes::set(1));
  return sum.plus(Bytes::set(8191)).plus(odd).shift_right14();
}

// `count` pixels, whose taps are what `gathered(k)` says for those of pixel k and its like in the
// other lanes. What lies up to the end of a block may be anything but must be there. `upper` and
// `lower` hold the weights of the left tap in their low half, of the right in the high. Writes no
// more than `room` bytes, but may write beyond `count` pixels.
template <int Channels, class Gathered>
inline void blend_blocks(Gathered gathered, const uint32_t* upper, const uint32_t* lower,
                         int64_t count, int64_t room, uint8_t* to) {
  // The two taps of each channel side by side, as 16 bits: one multiplication adds them up.
  const Bytes top = Bytes::repeat(
      Channels == 3 ? _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1)
                    : _mm_setr_epi8(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1));
  const Bytes bottom = Bytes::repeat(
      Channels == 3 ? _mm_setr_epi8(8, -1, 11, -1, 9, -1, 12, -1, 10, -1, 13, -1, -1, -1, -1, -1)
                    : _mm_setr_epi8(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1));
  for (int64_t k = 0; k < count; k += byte_block) {
    const Bytes up = Bytes::load(upper + k), low = Bytes::load(lower + k);
    const auto quarter = [&](int i, Bytes weights_up, Bytes weights_low) {
      const Bytes all = gathered(k + i);
      return round_weighted(all.shuffle(top)
                                .multiply_pairs(weights_up)
                                .plus(all.shuffle(bottom).multiply_pairs(weights_low)));
    };
    Bytes made = Bytes::pack(
        quarter(0, up.word<0>(), low.word<0>()), quarter(1, up.word<1>(), low.word<1>()),
        quarter(2, up.word<2>(), low.word<2>()), quarter(3, up.word<3>(), low.word<3>()));
    if (Channels == 3)
      made = made.shuffle(
          Bytes::repeat(_mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)));
    uint8_t* p = to + Channels * k;
#if defined(__AVX512BW__)
    if (Channels == 3)
      made.v = _mm512_permutexvar_epi32(
          _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0), made.v);
    const int64_t left = room - Channels * k;
    if (left >= 64)
      _mm512_storeu_si512(p, made.v);
    else
      _mm512_mask_storeu_epi8(p, ~uint64_t{0} >> (64 - left), made.v);
#else
    constexpr int lane = 4 * Channels, whole = lane * (Bytes::lanes - 1) + 16;
    uint8_t buffer[whole];
    const int64_t left = room - Channels * k;
    uint8_t* at = left < whole ? buffer : p;
#if defined(__AVX2__)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), _mm256_castsi256_si128(made.v));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at + lane), _mm256_extracti128_si256(made.v, 1));
#else
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), made.v);
#endif
    if (left < whole)
      std::memcpy(p, buffer, static_cast<std::size_t>(smaller<int64_t>(left, lane * Bytes::lanes)));
#endif
  }
}

#endif

// From taps that lie in their slots.
template <int Channels>
inline void blend_bytes(const uint8_t* taps, const uint32_t* upper, const uint32_t* lower,
                        int64_t count, int64_t room, uint8_t* to) {
#if !defined(FASTAUG_NO_BYTES)
  const auto gathered = [&](int64_t k) { return Bytes::load(taps + tap_slot(k)); };
  blend_blocks<Channels>(gathered, upper, lower, count, room, to);
#else
  (void)room;
  for (int64_t k = 0; k < count; ++k) {
    const uint8_t *upper_taps = taps + tap_slot(k), *lower_taps = upper_taps + 8;
    for (int c = 0; c < Channels; ++c) {
      const uint32_t sum =
          (upper_taps[c] * (upper[k] & 0xffffu) + upper_taps[c + Channels] * (upper[k] >> 16)) +
          (lower_taps[c] * (lower[k] & 0xffffu) + lower_taps[c + Channels] * (lower[k] >> 16));
      to[Channels * k + c] = static_cast<uint8_t>((sum + 8191 + ((sum >> 14) & 1)) >> 14);
    }
  }
#endif
}

// From taps `offset` bytes into two rows, eight bytes of either of which can be read.
template <int Channels>
inline void blend_bytes_at(const char* top, const char* bottom, const int32_t* offset,
                           const uint32_t* upper, const uint32_t* lower, int64_t count,
                           int64_t room, uint8_t* to) {
  const uint8_t* upper_row = reinterpret_cast<const uint8_t*>(top);
  const uint8_t* lower_row = reinterpret_cast<const uint8_t*>(bottom);
#if !defined(FASTAUG_NO_BYTES)
  const auto gathered = [&](int64_t k) { return Bytes::gather(upper_row, lower_row, offset + k); };
  blend_blocks<Channels>(gathered, upper, lower, count, room, to);
#else
  for (int64_t k = 0; k < count; ++k) {
    uint8_t taps[16];
    std::memcpy(taps, upper_row + offset[k], 8);
    std::memcpy(taps + 8, lower_row + offset[k], 8);
    blend_bytes<Channels>(taps, upper + k, lower + k, 1, room - Channels * k, to + Channels * k);
  }
#endif
}

// The same of one channel, from the two taps of each pixel in either row. Everything must be there
// up to a multiple of 16 pixels, and so much is written.
inline void blend_grey(const uint8_t* top, const uint8_t* bottom, const uint32_t* upper,
                       const uint32_t* lower, int64_t count, uint8_t* to) {
#if !defined(FASTAUG_NO_BYTES)
  for (int64_t k = 0; k < count; k += 4 * Bytes::lanes)
    round_weighted(Bytes::pairs(top + 2 * k)
                       .multiply_pairs(Bytes::load(upper + k))
                       .plus(Bytes::pairs(bottom + 2 * k).multiply_pairs(Bytes::load(lower + k))))
        .store_low_bytes(to + k);
#else
  for (int64_t k = 0; k < count; ++k) {
    const uint32_t sum =
        (top[2 * k] * (upper[k] & 0xffffu) + top[2 * k + 1] * (upper[k] >> 16)) +
        (bottom[2 * k] * (lower[k] & 0xffffu) + bottom[2 * k + 1] * (lower[k] >> 16));
    to[k] = static_cast<uint8_t>((sum + 8191 + ((sum >> 14) & 1)) >> 14);
  }
#endif
}

FASTAUG_END
