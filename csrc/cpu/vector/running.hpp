// Running sums along a row of channels.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

#if defined(__AVX512F__)
struct Moved {
  __m512i from;
  __mmask16 there;
  // Lanes take what lies `by` before them, and zero where nothing does.
  explicit Moved(int by) {
    alignas(64) int32_t at[16];
    for (int i = 0; i < 16; ++i) at[i] = i < by ? 0 : i - by;
    from = _mm512_load_si512(at);
    there = static_cast<__mmask16>(0xffffu << by);
  }
  Ints operator()(Ints v) const {
    return (Ints)_mm512_maskz_permutexvar_epi32(there, from, (__m512i)v);
  }
};

inline Ints pick_lanes(Ints v, Ints from) {
  return (Ints)_mm512_permutexvar_epi32((__m512i)from, (__m512i)v);
}
#define FASTAUG_SCANS
#elif defined(__AVX2__)
struct Moved {
  __m256i from, there;
  explicit Moved(int by) {
    alignas(32) int32_t at[8], kept[8];
    for (int i = 0; i < 8; ++i) at[i] = i < by ? 0 : i - by, kept[i] = i < by ? 0 : -1;
    std::memcpy(&from, at, sizeof from);
    std::memcpy(&there, kept, sizeof there);
  }
  Ints operator()(Ints v) const {
    return (Ints)_mm256_and_si256(there, _mm256_permutevar8x32_epi32((__m256i)v, from));
  }
};

inline Ints pick_lanes(Ints v, Ints from) {
  return (Ints)_mm256_permutevar8x32_epi32((__m256i)v, (__m256i)from);
}
#define FASTAUG_SCANS
#endif

// to[i] = to[i - channels] + from[i], modulo 2^32; what lies before `to` must be there. Within a
// register sums of two, four and more neighbours of a channel follow from each other, so that
// registers wait for no more than the last ones' sums.
inline void running_sums(const uint32_t* from, int64_t count, int64_t channels, uint32_t* to) {
  int64_t i = 0;
  uint32_t* const before = to - channels;
  constexpr int lanes = register_bytes / 4;
  const auto load = [](const uint32_t* p) {
    Ints v;
    std::memcpy(&v, p, sizeof v);
    return v;
  };
  if (channels >= lanes) {
    for (; i + lanes <= count; i += lanes) {
      const Ints sums = load(before + i) + load(from + i);
      std::memcpy(to + i, &sums, sizeof sums);
    }
  } else if (count >= lanes) {
#if defined(FASTAUG_SCANS)
    const int c = static_cast<int>(channels);
    const Moved one(c), two(smaller(2 * c, lanes)), four(smaller(4 * c, lanes)),
        eight(smaller(8 * c, lanes));
    Ints last, sums;
    for (int k = 0; k < lanes; ++k) {
      last[k] = lanes - c + k % c;
      sums[k] = k < lanes - c ? 0 : static_cast<int32_t>(before[k - (lanes - c)]);
    }
    for (; i + lanes <= count; i += lanes) {
      Ints v = load(from + i);
      v += one(v);
      if (2 * c < lanes) v += two(v);
      if (4 * c < lanes) v += four(v);
      if (8 * c < lanes) v += eight(v);
      sums = v + pick_lanes(sums, last);
      std::memcpy(to + i, &sums, sizeof sums);
    }
#endif
  }
  for (int64_t left = count - i; left > 0; --left, ++i) to[i] = before[i] + from[i];
}

#undef FASTAUG_SCANS

FASTAUG_END
