// Bilinear blends of bytes as floats: the bits of converting them first.
#pragma once

#include "blend_floats.hpp"
#include "bytes.hpp"

FASTAUG_BEGIN

#if !defined(FASTAUG_NO_BYTES)
// As many weights as a register has lanes, each in all of its lane.
inline Floats spread_weights(const float* t) {
#if defined(__AVX512BW__)
  return _mm512_permutexvar_ps(_mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3),
                               _mm512_castps128_ps512(_mm_loadu_ps(t)));
#elif defined(__AVX2__)
  return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_broadcast_ss(t)), _mm_broadcast_ss(t + 1),
                              1);
#else
  return _mm_set1_ps(*t);
#endif
}

// From sixteen bytes of each pixel: eight of the upper row and eight of the lower one.
// `gathered(k)` has those of as many pixels as there are lanes.
template <int Channels, class Gathered>
__attribute__((flatten)) inline void blend_gathered_to_floats(Gathered gathered, const float* x,
                                                              const float* y, int64_t count,
                                                              int64_t room, float* to) {
  constexpr int pixels = Bytes::lanes;
  // Each channel's byte of one tap as a number of 32 bits.
  const auto order = [](char first) {
    const char no = -1, a = first, b = static_cast<char>(a + 1), c = static_cast<char>(a + 2);
    const char d = Channels == 4 ? static_cast<char>(a + 3) : no;
    return Bytes::repeat(_mm_setr_epi8(a, no, no, no, b, no, no, no, c, no, no, no, d, no, no, no));
  };
  const Bytes order00 = order(0), order01 = order(Channels);
  const Bytes order10 = order(8), order11 = order(8 + Channels);
  const auto floats = [](Bytes v) {
    return __builtin_convertvector(reinterpret_cast<Ints>(v.v), Floats);
  };
  for (int64_t k = 0; k < count; k += pixels, to += pixels * Channels) {
    const Bytes all = gathered(k);
    const Floats wx = spread_weights(x + k);
    const Floats p00 = floats(all.shuffle(order00)), p10 = floats(all.shuffle(order10));
    const Floats along_top = floats(all.shuffle(order01)) - p00;
    const Floats along_bottom = floats(all.shuffle(order11)) - p10;
    const Floats upper = p00 + wx * along_top;
    const Floats down = (p10 + wx * along_bottom) - upper;
    Floats made = upper + spread_weights(y + k) * down;
    const int64_t left = room - Channels * k;
    prefetch_write(to);
#if defined(__AVX512BW__)
    if (Channels == 3)
      made = _mm512_permutexvar_ps(
          _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0), made);
    if (left >= 16)
      _mm512_storeu_ps(to, made);
    else
      _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << left) - 1), made);
#else
    constexpr int whole = Channels * (pixels - 1) + 4;
    float buffer[whole];
    float* p = left < whole ? buffer : to;
#if defined(__AVX2__)
    _mm_storeu_ps(p, _mm256_castps256_ps128(made));
    _mm_storeu_ps(p + Channels, _mm256_extractf128_ps(made, 1));
#else
    _mm_storeu_ps(p, made);
#endif
    if (left < whole)
      std::memcpy(
          to, buffer,
          static_cast<std::size_t>(smaller<int64_t>(left, Channels * pixels)) * sizeof(float));
#endif
  }
}
#else
template <int Channels>
inline void blend_pixel_to_floats(const uint8_t* p, const uint8_t* q, float x, float y, float* to) {
  Float4 p00 = {}, p01 = {}, p10 = {}, p11 = {};
  for (int c = 0; c < Channels; ++c)
    p00[c] = p[c], p01[c] = p[c + Channels], p10[c] = q[c], p11[c] = q[c + Channels];
  const Float4 along_top = p01 - p00, along_bottom = p11 - p10;
  const Float4 upper = p00 + x * along_top;
  const Float4 down = (p10 + x * along_bottom) - upper;
  const Float4 made = upper + y * down;
  for (int c = 0; c < Channels; ++c) to[c] = made[c];
}
#endif

// As `blend_floats`, from rows of bytes, eight of either of which can be read.
template <int Channels>
inline void blend_bytes_to_floats(const char* top, const char* bottom, const int32_t* offset,
                                  const float* x, const float* y, int64_t count, int64_t room,
                                  float* to) {
  const uint8_t* upper = reinterpret_cast<const uint8_t*>(top);
  const uint8_t* lower = reinterpret_cast<const uint8_t*>(bottom);
#if !defined(FASTAUG_NO_BYTES)
  const auto gathered = [=](int64_t k) { return Bytes::gather<1>(upper, lower, offset + k); };
  blend_gathered_to_floats<Channels>(gathered, x, y, count, room, to);
#else
  (void)room;
  for (int64_t k = 0; k < count; ++k)
    blend_pixel_to_floats<Channels>(upper + offset[k], lower + offset[k], x[k], y[k],
                                    to + Channels * k);
#endif
}

// From sixteen bytes of each pixel, one after the other; up to a multiple of four pixels must be
// there.
template <int Channels>
inline void blend_taps_to_floats(const uint8_t* taps, const float* x, const float* y, int64_t count,
                                 int64_t room, float* to) {
#if !defined(FASTAUG_NO_BYTES)
  const auto gathered = [=](int64_t k) { return Bytes::load(taps + 16 * k); };
  blend_gathered_to_floats<Channels>(gathered, x, y, count, room, to);
#else
  (void)room;
  for (int64_t k = 0; k < count; ++k)
    blend_pixel_to_floats<Channels>(taps + 16 * k, taps + 16 * k + 8, x[k], y[k],
                                    to + Channels * k);
#endif
}

FASTAUG_END
