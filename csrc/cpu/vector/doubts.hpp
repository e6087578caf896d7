// Which blended pixels may be cut to another whole number than they should.
#pragma once

#include "../../ops/round.hpp"
#include "lanes.hpp"

FASTAUG_BEGIN

// Whether a number blended from numbers from 0 to 255, or its sum with `shift`, may lie on another
// side of a whole one than it should: within `margin` of it. Where all taps are equal, so is the
// number, and there is no doubt.
inline bool doubtful(float upper, float lower, float down, float v, float shift, float margin) {
  const auto near = [margin](float w) { return fabs(w - round_half_even(w)) <= margin; };
  const bool flat = (upper == 0.0f) & (lower == 0.0f) & (down == 0.0f);
  return (near(v) | near(v + shift)) & !flat;
}

// Notes the doubtful pixels.
template <int Channels>
struct Doubts {
  static constexpr unsigned each = (1u << Channels) - 1;
  float shift, margin;
  uint8_t* at;  // not zero for those

#if defined(__AVX512BW__)
  void operator()(int64_t k, __m512 upper, __m512 lower, __m512 down, __m512 v) const {
    const auto bits = [](__m512 w) { return _mm512_castps_si512(w); };
    const __m512 with_shift = v + _mm512_set1_ps(shift);
    constexpr int least_size = 0xA, any = 0xFE;
    const __m512 off =
        _mm512_range_ps(_mm512_reduce_ps(v, 8), _mm512_reduce_ps(with_shift, 8), least_size);
    const __m512i steps = _mm512_ternarylogic_epi32(bits(upper), bits(lower), bits(down), any);
    const __mmask16 close = _mm512_cmp_ps_mask(off, _mm512_set1_ps(margin), _CMP_LE_OQ);
    const uint32_t pixels = _pdep_u32(
        _cvtmask16_u32(_mm512_mask_test_epi32_mask(close, steps, steps)), 0x01010101 * each);
    std::memcpy(at + k, &pixels, sizeof pixels);
  }
#elif defined(__AVX2__)
  void operator()(int64_t k, __m256 upper, __m256 lower, __m256 down, __m256 v) const {
    const auto off = [](__m256 w) {
      return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), w - _mm256_round_ps(w, 8));
    };
    const __m256 nearest = _mm256_min_ps(off(v), off(v + _mm256_set1_ps(shift)));
    const __m256 steps = _mm256_or_ps(_mm256_or_ps(upper, lower), down);
    const __m256 close = _mm256_cmp_ps(nearest, _mm256_set1_ps(margin), _CMP_LE_OQ);
    const __m256 flat = _mm256_cmp_ps(steps, _mm256_setzero_ps(), _CMP_EQ_OQ);
    const unsigned in_doubt =
        static_cast<unsigned>(_mm256_movemask_ps(_mm256_andnot_ps(flat, close)));
    at[k] = static_cast<uint8_t>(in_doubt & each);
    at[k + 1] = static_cast<uint8_t>(in_doubt >> 4 & each);
  }
#endif
#if defined(__SSE4_1__)
  void operator()(int64_t k, __m128 upper, __m128 lower, __m128 down, __m128 v) const {
    const auto off = [](__m128 w) {
      return _mm_andnot_ps(_mm_set1_ps(-0.0f), w - _mm_round_ps(w, 8));
    };
    const __m128 nearest = _mm_min_ps(off(v), off(v + _mm_set1_ps(shift)));
    const __m128 steps = _mm_or_ps(_mm_or_ps(upper, lower), down);
    const __m128 close = _mm_cmple_ps(nearest, _mm_set1_ps(margin));
    const __m128 flat = _mm_cmpeq_ps(steps, _mm_setzero_ps());
    const unsigned in_doubt = static_cast<unsigned>(_mm_movemask_ps(_mm_andnot_ps(flat, close)));
    at[k] = static_cast<uint8_t>(in_doubt & each);
  }
#else
  void operator()(int64_t k, Float4 upper, Float4 lower, Float4 down, Float4 v) const {
    bool any = false;
    for (int i = 0; i < Channels; ++i)
      any |= doubtful(upper[i], lower[i], down[i], v[i], shift, margin);
    at[k] = any;
  }
#endif
};

FASTAUG_END
