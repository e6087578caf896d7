// Stores that go past the cache.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

constexpr int64_t cache_line = 64;

// One line of memory, at an address that is a multiple of its size.
inline void stream_line(const char* from, char* to) {
#if defined(__AVX512F__)
  _mm512_stream_si512(reinterpret_cast<__m512i*>(to), _mm512_loadu_si512(from));
#elif defined(__AVX__)
  for (int i = 0; i < cache_line; i += 32)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + i),
                        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + i)));
#elif defined(__x86_64__)
  for (int i = 0; i < cache_line; i += 16)
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i),
                     _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
#else
  std::memcpy(to, from, cache_line);
#endif
}

// Everybody sees what was streamed before what is written from here on.
inline void streamed() {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

FASTAUG_END
