// What becomes of pixels of bytes, a byte each, for all their channels.
#pragma once

#include "words.hpp"

FASTAUG_BEGIN

#if defined(__AVX2__) && !defined(__AVX512BW__)
constexpr bool has_spread = true;
typedef __m256i PixelBytes;
#elif defined(__SSE4_1__) && !defined(__AVX512BW__)
constexpr bool has_spread = true;
typedef __m128i PixelBytes;
#else
constexpr bool has_spread = false;  // registers of lanes are as fast
struct PixelBytes {};
#endif

// For each byte of as many registers of elements as there are channels: which of 16 pixels it
// belongs to.
template <int channels>
struct PixelsOfBytes {
  alignas(32) uint8_t of[channels][sizeof(PixelBytes)] = {};

  static constexpr int pixel(int r, int i) {
    return (r * static_cast<int>(sizeof(PixelBytes)) + i) / channels;
  }
  constexpr PixelsOfBytes() {
    for (int r = 0; r < channels; ++r)
      for (int i = 0; i < static_cast<int>(sizeof(PixelBytes)); ++i)
        of[r][i] = static_cast<uint8_t>(pixel(r, i) % 16);
  }
};

template <int channels>
constexpr PixelsOfBytes<channels> pixels_of_bytes = {};

#if defined(__AVX2__) && !defined(__AVX512BW__)

// Numbers from 0 to 255 in four registers, as bytes.
inline PixelBytes pack_bytes(Ints a, Ints b, Ints c, Ints d) {
  const __m256i all = _mm256_packus_epi16(_mm256_packus_epi32((__m256i)a, (__m256i)b),
                                          _mm256_packus_epi32((__m256i)c, (__m256i)d));
  return _mm256_permutevar8x32_epi32(all, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

// Keeps the bits of elements that `kept` has for their pixels, and sets those that `put` has.
template <int channels>
inline void replace_spread(PixelBytes kept, PixelBytes put, const uint8_t* from, uint8_t* to) {
  const auto load = [](const uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  };
  // The pixels that the bytes of half a register belong to are all in one half.
  const auto spread = [&](PixelBytes v, int r) {
    if (channels == 1) return v;
    const bool first = PixelsOfBytes<channels>::pixel(r, 0) >= 16;
    const bool last = PixelsOfBytes<channels>::pixel(r, 31) >= 16;
    const PixelBytes halves = first  ? _mm256_permute4x64_epi64(v, 0xee)
                              : last ? v
                                     : _mm256_permute4x64_epi64(v, 0x44);
    return _mm256_shuffle_epi8(halves, load(pixels_of_bytes<channels>.of[r]));
  };
#pragma GCC unroll 4
  for (int r = 0; r < channels; ++r) {
    const __m256i v = _mm256_and_si256(load(from + 32 * r), spread(kept, r));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 32 * r),
                        _mm256_or_si256(v, spread(put, r)));
  }
}

#elif defined(__SSE4_1__) && !defined(__AVX512BW__)

inline PixelBytes pack_bytes(Ints a, Ints b, Ints c, Ints d) {
  return _mm_packus_epi16(_mm_packus_epi32((__m128i)a, (__m128i)b),
                          _mm_packus_epi32((__m128i)c, (__m128i)d));
}

template <int channels>
inline void replace_spread(PixelBytes kept, PixelBytes put, const uint8_t* from, uint8_t* to) {
  const auto load = [](const uint8_t* p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  };
  const auto spread = [&](PixelBytes v, int r) {
    return _mm_shuffle_epi8(v, load(pixels_of_bytes<channels>.of[r]));
  };
#pragma GCC unroll 4
  for (int r = 0; r < channels; ++r) {
    const __m128i v = _mm_and_si128(load(from + 16 * r), spread(kept, r));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 16 * r), _mm_or_si128(v, spread(put, r)));
  }
}

#else

inline PixelBytes pack_bytes(Ints, Ints, Ints, Ints) { return {}; }
template <int channels>
inline void replace_spread(PixelBytes, PixelBytes, const uint8_t*, uint8_t*) {}

#endif

FASTAUG_END
