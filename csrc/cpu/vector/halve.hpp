// Two rows of bytes made one of half their width.
#pragma once

#include "bytes.hpp"
#include "shorts.hpp"

FASTAUG_BEGIN

// What becomes of a square, given the sums of its rows: rounded once, or along either axis.
template <bool Once, class V>
inline V mean_of_square(V above, V below) {
  if (Once) return (above + below + 2) >> 2;
  return (((above + 1) >> 1) + ((below + 1) >> 1) + 1) >> 1;
}

#if defined(__SSE4_1__) && !defined(FASTAUG_NO_BYTES)

// Sums of neighbouring pixels of so many channels: of all bytes that a register holds or, where
// there are three channels, of twelve in each of its lanes.
template <int Channels>
inline UWords neighbour_sums(const uint8_t* p) {
  const __m128i orders[] = {
      _mm_setr_epi8(0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15),
      _mm_setr_epi8(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, -1, -1, -1, -1),
      _mm_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15),
  };
  Bytes bytes = Bytes::load(p);
#if defined(__AVX512BW__)
  if (Channels == 3)
    bytes.v = _mm512_permutexvar_epi32(
        _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11), bytes.v);
  if (Channels > 1) bytes = bytes.shuffle(Bytes::repeat(orders[Channels - 2]));
  return (UWords)_mm512_maddubs_epi16(bytes.v, _mm512_set1_epi8(1));
#elif defined(__AVX2__)
  if (Channels == 3)
    bytes.v = _mm256_permutevar8x32_epi32(bytes.v, _mm256_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5));
  if (Channels > 1) bytes = bytes.shuffle(Bytes::repeat(orders[Channels - 2]));
  return (UWords)_mm256_maddubs_epi16(bytes.v, _mm256_set1_epi8(1));
#else
  if (Channels > 1) bytes = bytes.shuffle(Bytes::repeat(orders[Channels - 2]));
  return (UWords)_mm_maddubs_epi16(bytes.v, _mm_set1_epi8(1));
#endif
}

// Six bytes of each lane, one after the other, and two more.
inline void store_sixes(uint8_t* to, UWords means) {
  const auto put = [&](int lane, __m128i bytes) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 6 * lane), bytes);
  };
  const auto put_upper = [&](int lane, __m128i bytes) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 6 * lane), _mm_unpackhi_epi64(bytes, bytes));
  };
#if defined(__AVX512BW__)
  const __m256i bytes = _mm512_cvtepi16_epi8((__m512i)means);
  const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
  put(0, low), put_upper(1, low), put(2, high), put_upper(3, high);
#elif defined(__AVX2__)
  const __m256i words = (__m256i)means;
  const __m128i bytes =
      _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  put(0, bytes), put_upper(1, bytes);
#else
  put(0, _mm_packus_epi16((__m128i)means, (__m128i)means));
  (void)put_upper;
#endif
}

// Makes elements of the output from the first one on; gives back how many: all of them, but of rows
// that are too short for a register.
template <int Channels, bool Once>
inline int64_t halve_by_registers(const uint8_t* above, const uint8_t* below, int64_t count,
                                  uint8_t* to) {
  constexpr int64_t made = Channels == 3 ? 6 * Bytes::lanes : word_lanes;
  const auto make = [](const uint8_t* a, const uint8_t* b, uint8_t* p) {
    const UWords means =
        mean_of_square<Once>(neighbour_sums<Channels>(a), neighbour_sums<Channels>(b));
    if (Channels == 3)
      store_sixes(p, means);
    else
      store_bytes(p, reinterpret_cast<Words>(means));
  };
  int64_t i = 0;
  for (; i + word_lanes <= count; i += made) make(above + 2 * i, below + 2 * i, to + i);
  if (count < made) return i;
  // The last ones, of which some may be there already.
  while (i < count) {
    i = smaller(i, count - made);
    if (Channels == 3) {  // of which a register reads and writes more
      uint8_t top[word_bytes] = {}, bottom[word_bytes] = {}, last[word_bytes];
      std::memcpy(top, above + 2 * i, 2 * made);
      std::memcpy(bottom, below + 2 * i, 2 * made);
      make(top, bottom, last);
      std::memcpy(to + i, last, made);
    } else {
      make(above + 2 * i, below + 2 * i, to + i);
    }
    i += made;
  }
  return count;
}
#else
template <int Channels, bool Once>
inline int64_t halve_by_registers(const uint8_t*, const uint8_t*, int64_t, uint8_t*) {
  return 0;
}
#endif

// `count` elements of pixels of so many channels.
template <int Channels, bool Once>
inline void halve_rows(const uint8_t* above, const uint8_t* below, int64_t count, uint8_t* to) {
  for (int64_t i = halve_by_registers<Channels, Once>(above, below, count, to); i < count; ++i) {
    const int64_t at = 2 * (i - i % Channels) + i % Channels;
    const int32_t top = above[at] + above[at + Channels], bottom = below[at] + below[at + Channels];
    to[i] = static_cast<uint8_t>(mean_of_square<Once>(top, bottom));
  }
}

FASTAUG_END
