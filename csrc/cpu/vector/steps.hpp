// 64-bit numbers at even steps, in halves.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

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

FASTAUG_END
