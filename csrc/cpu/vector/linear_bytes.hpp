// Bytes times a number plus another, as floats: where a table of 256 takes more instructions.
#pragma once

#include "../../ops/round.hpp"
#include "lanes.hpp"

FASTAUG_BEGIN

#if defined(__AVX2__) && !defined(__AVX512BW__)

// Rounded as the processor does, half to even; saturated by packing, and then confined to the
// range.
struct LinearBytes {
  static constexpr int64_t bytes = 32;
  __m256 factor, added;
  __m256i low, high;

  LinearBytes(float factor_, float added_, ValueRange<uint8_t> range)
      : factor(_mm256_set1_ps(factor_)),
        added(_mm256_set1_ps(added_)),
        low(_mm256_set1_epi8(static_cast<char>(range.low))),
        high(_mm256_set1_epi8(static_cast<char>(range.high))) {}

  __m256i eight(const uint8_t* from) const {
    const __m128i v = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    const __m256 x = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(v));
    return _mm256_cvtps_epi32(_mm256_add_ps(_mm256_mul_ps(x, factor), added));
  }

  void operator()(const uint8_t* from, uint8_t* to) const {
    const __m256i first = _mm256_packs_epi32(eight(from), eight(from + 8));
    const __m256i second = _mm256_packs_epi32(eight(from + 16), eight(from + 24));
    const __m256i halves = _mm256_packus_epi16(first, second);
    const __m256i all =
        _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                        _mm256_min_epu8(_mm256_max_epu8(all, low), high));
  }
};
constexpr bool has_linear_bytes = true;

#elif defined(__SSE4_1__) && !defined(__AVX__)

struct LinearBytes {
  static constexpr int64_t bytes = 16;
  __m128 factor, added;
  __m128i low, high;

  LinearBytes(float factor_, float added_, ValueRange<uint8_t> range)
      : factor(_mm_set1_ps(factor_)),
        added(_mm_set1_ps(added_)),
        low(_mm_set1_epi8(static_cast<char>(range.low))),
        high(_mm_set1_epi8(static_cast<char>(range.high))) {}

  __m128i four(const uint8_t* from) const {
    int32_t v;
    std::memcpy(&v, from, sizeof v);
    const __m128 x = _mm_cvtepi32_ps(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(v)));
    return _mm_cvtps_epi32(_mm_add_ps(_mm_mul_ps(x, factor), added));
  }

  void operator()(const uint8_t* from, uint8_t* to) const {
    const __m128i first = _mm_packs_epi32(four(from), four(from + 4));
    const __m128i second = _mm_packs_epi32(four(from + 8), four(from + 12));
    const __m128i all = _mm_packus_epi16(first, second);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_min_epu8(_mm_max_epu8(all, low), high));
  }
};
constexpr bool has_linear_bytes = true;

#else

struct LinearBytes {
  static constexpr int64_t bytes = 1;
  LinearBytes(float, float, ValueRange<uint8_t>) {}
  void operator()(const uint8_t*, uint8_t*) const {}
};
constexpr bool has_linear_bytes = false;

#endif

// Whether all results are numbers that a conversion to integers knows.
inline bool fits_linear_bytes(float factor, float added) {
  return has_linear_bytes && magnitude(factor) * 255.0f + magnitude(added) < 1e9f;
}

// Sets `count` bytes to what comes of those of `from`, which may be the same memory.
inline void map_linear_bytes(const LinearBytes& linear, const uint8_t* from, uint8_t* to,
                             int64_t count) {
  constexpr int64_t bytes = LinearBytes::bytes;
  int64_t i = 0;
  for (; i + bytes <= count; i += bytes) linear(from + i, to + i);
  if (i == count) return;
  uint8_t rest[bytes] = {};
  std::memcpy(rest, from + i, static_cast<std::size_t>(count - i));
  linear(rest, rest);
  std::memcpy(to + i, rest, static_cast<std::size_t>(count - i));
}

FASTAUG_END
