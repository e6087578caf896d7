// Pixels of three or four bytes as colours in lanes, and back.
#pragma once

#include "../../ops/round.hpp"
#include "../../ops/saturation.hpp"
#include "../vector.hpp"

FASTAUG_BEGIN

constexpr int pixel_lanes = register_bytes / 4;

// A pixel in each 32-bit lane: red, green and blue in its lower bytes, alpha in the highest. If
// `apart`, of three bytes: the reds of each 16 bytes follow each other, and so do the others.
#if defined(__SSE4_1__)

// Where the bytes of four pixels come from: from byte `first` on, and from there back.
template <bool apart>
inline __m128i spread_order(char first) {
  const __m128i from =
      apart ? _mm_setr_epi8(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, -128, -128, -128, -128)
            : _mm_setr_epi8(0, 1, 2, -128, 3, 4, 5, -128, 6, 7, 8, -128, 9, 10, 11, -128);
  return _mm_add_epi8(from, _mm_set1_epi8(first));
}

template <bool apart>
inline __m128i pack_order() {
  return apart ? _mm_setr_epi8(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, -1, -1, -1, -1)
               : _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
}

#endif

#if defined(__AVX512BW__)

template <int Channels, bool apart = false>
inline Ints load_pixels(const uint8_t* p) {
  if (Channels == 4) return reinterpret_cast<Ints>(_mm512_loadu_si512(p));
  const __m512i at = _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
  const __m512i spread = _mm512_broadcast_i32x4(spread_order<apart>(0));
  const __m512i all = _mm512_maskz_loadu_epi32(0x0fff, p);
  return reinterpret_cast<Ints>(_mm512_shuffle_epi8(_mm512_permutexvar_epi32(at, all), spread));
}

template <int Channels, bool apart = false>
inline void store_pixels(Ints pixels, uint8_t* p) {
  const __m512i v = reinterpret_cast<__m512i>(pixels);
  if (Channels == 4) return _mm512_storeu_si512(p, v);
  const __m512i pack = _mm512_broadcast_i32x4(pack_order<apart>());
  const __m512i at = _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0);
  const __m512i all = _mm512_permutexvar_epi32(at, _mm512_shuffle_epi8(v, pack));
  // Not under a mask: such stores are slow where they cross cache lines.
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_castsi512_si256(all));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + 32), _mm512_extracti32x4_epi32(all, 2));
}

#elif defined(__AVX2__)

template <int Channels, bool apart = false>
inline Ints load_pixels(const uint8_t* p) {
  const auto load = [](const uint8_t* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  };
  if (Channels == 4)
    return reinterpret_cast<Ints>(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  const __m256i spread = _mm256_setr_m128i(spread_order<apart>(0), spread_order<apart>(4));
  const __m256i all = _mm256_inserti128_si256(_mm256_castsi128_si256(load(p)), load(p + 8), 1);
  return reinterpret_cast<Ints>(_mm256_shuffle_epi8(all, spread));
}

template <int Channels, bool apart = false>
inline void store_pixels(Ints pixels, uint8_t* p) {
  const __m256i v = reinterpret_cast<__m256i>(pixels);
  if (Channels == 4) return _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
  const __m256i pack = _mm256_broadcastsi128_si256(pack_order<apart>());
  const __m256i all = _mm256_shuffle_epi8(v, pack);
  const __m128i second = _mm256_extracti128_si256(all, 1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(all));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p + 12), second);
  const int32_t last = _mm_extract_epi32(second, 2);
  std::memcpy(p + 20, &last, sizeof last);
}

#elif defined(__SSE4_1__)

template <int Channels, bool apart = false>
inline Ints load_pixels(const uint8_t* p) {
  if (Channels == 4)
    return reinterpret_cast<Ints>(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  const __m128i spread = spread_order<apart>(0);
  int32_t last;
  std::memcpy(&last, p + 8, sizeof last);
  const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  return reinterpret_cast<Ints>(_mm_shuffle_epi8(_mm_insert_epi32(first, last, 2), spread));
}

template <int Channels, bool apart = false>
inline void store_pixels(Ints pixels, uint8_t* p) {
  const __m128i v = reinterpret_cast<__m128i>(pixels);
  if (Channels == 4) return _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
  const __m128i pack = pack_order<apart>();
  const __m128i all = _mm_shuffle_epi8(v, pack);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), all);
  const int32_t last = _mm_extract_epi32(all, 2);
  std::memcpy(p + 8, &last, sizeof last);
}

#else

// Where channel `c` of pixel `k` is in a register.
template <int Channels, bool apart>
constexpr int place_in_lanes(int k, int c) {
  return apart && Channels == 3 ? k / 4 * 16 + 4 * c + k % 4 : 4 * k + c;
}

template <int Channels, bool apart = false>
inline Ints load_pixels(const uint8_t* p) {
  uint8_t bytes[register_bytes] = {};
  for (int k = 0; k < pixel_lanes; ++k)
    for (int c = 0; c < Channels; ++c)
      bytes[place_in_lanes<Channels, apart>(k, c)] = p[k * Channels + c];
  Ints v;
  std::memcpy(&v, bytes, sizeof v);
  return v;
}

template <int Channels, bool apart = false>
inline void store_pixels(Ints pixels, uint8_t* p) {
  uint8_t bytes[register_bytes];
  std::memcpy(bytes, &pixels, sizeof bytes);
  for (int k = 0; k < pixel_lanes; ++k)
    for (int c = 0; c < Channels; ++c)
      p[k * Channels + c] = bytes[place_in_lanes<Channels, apart>(k, c)];
}

#endif

// Sets each of `count` pixels to `op` of it, rounded and confined to a range; alpha stays.
template <int Channels, class Op>
inline void map_pixels(const uint8_t* from, uint8_t* to, int64_t count, ValueRange<uint8_t> range,
                       Op op) {
  const Floats low = splat<Floats>(range.low), high = splat<Floats>(range.high);
  // As `round_half_even` does; the integer is then in the lowest byte, other bits above it.
  const auto rounded = [&](Floats v) {
    return reinterpret_cast<Ints>(smaller(larger(low, v), high) + 12582912.0f);
  };
  const auto lanes = [&](const uint8_t* p, uint8_t* q) {
    const Ints v = load_pixels<Channels>(p);
    const Colour<Floats> made = op(Colour<Floats>{
        __builtin_convertvector(v & 0xff, Floats), __builtin_convertvector((v >> 8) & 0xff, Floats),
        __builtin_convertvector((v >> 16) & 0xff, Floats)});
    Ints all =
        (rounded(made.red) & 0xff) | (rounded(made.green) << 8 & 0xff00) | rounded(made.blue) << 16;
    if (Channels == 4) all = (all & 0xffffff) | (v & -0x01000000);
    store_pixels<Channels>(all, q);
  };
  constexpr int64_t block = pixel_lanes * Channels;
  int64_t i = 0;
  for (; i + block <= count * Channels; i += block) lanes(from + i, to + i);
  if (i == count * Channels) return;
  uint8_t rest[block] = {};
  std::memcpy(rest, from + i, static_cast<std::size_t>(count * Channels - i));
  lanes(rest, rest);
  std::memcpy(to + i, rest, static_cast<std::size_t>(count * Channels - i));
}

// The same of pixels of other types, one by one, in vectors that the compiler finds.
template <int Channels, class T, class Op>
inline void map_pixels(const T* from, T* to, int64_t count, ValueRange<T> range, Op op) {
  using Real = typename Compute<T>::type;
#pragma GCC ivdep
  for (int64_t i = 0; i < count * Channels; i += Channels) {
    const Colour<Real> made =
        op(Colour<Real>{static_cast<Real>(from[i]), static_cast<Real>(from[i + 1]),
                        static_cast<Real>(from[i + 2])});
    to[i] = to_pixel(made.red, range);
    to[i + 1] = to_pixel(made.green, range);
    to[i + 2] = to_pixel(made.blue, range);
    if (Channels == 4) to[i + 3] = from[i + 3];
  }
}

FASTAUG_END
