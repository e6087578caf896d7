// Bilinear blends of bytes.
#pragma once

#include "bytes.hpp"

FASTAUG_BEGIN

// Pixels of three or four bytes are blended a block at a time, from 16 bytes each that hold eight
// bytes of the upper row and eight of the lower one. Within a block the pixels of a lane are
// `lanes` slots apart, so that packing puts them side by side.
constexpr int byte_block = 4 * Bytes::lanes;

inline int64_t tap_slot(int64_t k) {
  const int64_t in_block = k % byte_block;
  return 16 * (k - in_block + in_block % 4 * Bytes::lanes + in_block / 4);
}

#if !defined(FASTAUG_NO_BYTES)
// Sums under weights of 14 bits, rounded half to even: in the lower 16 bits of each 32, with
// anything above. Behind the point of 2^37 floats have the places that such a sum has before it:
// the processor rounds.
inline Bytes round_weighted(Bytes sum) {
  const float most = 0x1p37f - 0x1p23f;
  return sum.either(Bytes::set(0x4b000000)).plus_floats(Bytes::set(bit_cast<int32_t>(most)));
}

// Bytes of two of them by turns, followed in each lane by bytes of another two.
inline Bytes pack_rounded(Bytes a, Bytes b, Bytes c, Bytes d) {
  return Bytes::pack_words(a.with_odd_words(b.shift_left<16>()),
                           c.with_odd_words(d.shift_left<16>()));
}

// The first bytes of each lane, twelve where there are three channels: a block of pixels, of which
// no more than `left` bytes are written.
template <int Channels>
inline void store_lanes(Bytes made, int64_t left, uint8_t* p) {
#if defined(__AVX512BW__)
  if (Channels == 3)
    made.v = _mm512_permutexvar_epi32(
        _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0), made.v);
  if (left >= 64)
    _mm512_storeu_si512(p, made.v);
  else
    _mm512_mask_storeu_epi8(p, ~uint64_t{0} >> (64 - left), made.v);
#else
  constexpr int lane = 4 * Channels, whole = lane * (Bytes::lanes - 1) + 16;
  uint8_t buffer[whole];
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

// The first three or four bytes of each group of four, side by side.
template <int Channels>
inline void store_block(Bytes made, int64_t left, uint8_t* p) {
  if (Channels == 3)
    made = made.shuffle(
        Bytes::repeat(_mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)));
  store_lanes<Channels>(made, left, p);
}

// `count` pixels of four channels, whose taps are what `gathered(k)` says for those of pixel k and
// its like in the other lanes. What lies up to the end of a block may be anything but must be
// there. `upper` and `lower` hold the weights of the left tap in their low half, of the right in
// the high. Writes no more than `room` bytes, but may write beyond `count` pixels.
template <class Gathered>
__attribute__((flatten)) inline void blend_fours(Gathered gathered, const uint32_t* upper,
                                                 const uint32_t* lower, int64_t count, int64_t room,
                                                 uint8_t* to) {
  // The two taps of each channel side by side, as 16 bits: one multiplication adds them up.
  const char no = -1;
  const Bytes top =
      Bytes::repeat(_mm_setr_epi8(0, no, 4, no, 1, no, 5, no, 2, no, 6, no, 3, no, 7, no));
  const Bytes bottom =
      Bytes::repeat(_mm_setr_epi8(8, no, 12, no, 9, no, 13, no, 10, no, 14, no, 11, no, 15, no));
  const Bytes pixels =
      Bytes::repeat(_mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15));
  for (int64_t k = 0; k < count; k += byte_block) {
    const Bytes up = Bytes::load(upper + k), low = Bytes::load(lower + k);
    const auto quarter = [&](int i, Bytes weights_up, Bytes weights_low) {
      const Bytes all = gathered(k + i);
      return round_weighted(all.shuffle(top)
                                .multiply_pairs(weights_up)
                                .plus(all.shuffle(bottom).multiply_pairs(weights_low)));
    };
    const Bytes made = pack_rounded(
        quarter(0, up.word<0>(), low.word<0>()), quarter(1, up.word<1>(), low.word<1>()),
        quarter(2, up.word<2>(), low.word<2>()), quarter(3, up.word<3>(), low.word<3>()));
    store_lanes<4>(made.shuffle(pixels), room - 4 * k, to + 4 * k);
  }
}

// The same of three channels, from rows as they are gathered: red and green of two pixels in each
// lane, which leaves none of its words empty, and blue of four.
template <class Gathered, class Before>
__attribute__((flatten)) inline void blend_threes(Gathered gathered, Before before,
                                                  const uint32_t* upper, const uint32_t* lower,
                                                  int64_t count, int64_t room, uint8_t* to) {
  constexpr char no = -1;
  // The second of either is for taps that lie two bytes further on.
  alignas(16) static constexpr char red_green[2][16] = {
      {0, no, 3, no, 1, no, 4, no, 8, no, 11, no, 9, no, 12, no},
      {2, no, 5, no, 3, no, 6, no, 10, no, 13, no, 11, no, 14, no}};
  alignas(16) static constexpr char blue_first[2][16] = {
      {2, no, 5, no, 10, no, 13, no, no, no, no, no, no, no, no, no},
      {4, no, 7, no, 12, no, 15, no, no, no, no, no, no, no, no, no}};
  alignas(16) static constexpr char blue_last[2][16] = {
      {no, no, no, no, no, no, no, no, 2, no, 5, no, 10, no, 13, no},
      {no, no, no, no, no, no, no, no, 4, no, 7, no, 12, no, 15, no}};
  const auto order = [](const char* bytes) {
    return Bytes::repeat(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes)));
  };
  const Bytes pixels =
      Bytes::repeat(_mm_setr_epi8(0, 2, 8, 4, 6, 10, 1, 3, 12, 5, 7, 14, no, no, no, no));
  for (int64_t k = 0; k < count; k += byte_block) {
    const int32_t which = before(k) / 2;
    const Bytes colours = order(red_green[which]), blue = order(blue_first[which]),
                next_blue = order(blue_last[which]);
    const Bytes up = Bytes::load(upper + k), low = Bytes::load(lower + k);
    const Bytes top = gathered(0, k), bottom = gathered(1, k);
    const Bytes next_top = gathered(0, k + 2), next_bottom = gathered(1, k + 2);
    const auto blend = [](Bytes a, Bytes weights_a, Bytes b, Bytes weights_b) {
      return round_weighted(a.multiply_pairs(weights_a).plus(b.multiply_pairs(weights_b)));
    };
    const Bytes first = blend(top.shuffle(colours), up.words_twice<0>(), bottom.shuffle(colours),
                              low.words_twice<0>());
    const Bytes second = blend(next_top.shuffle(colours), up.words_twice<1>(),
                               next_bottom.shuffle(colours), low.words_twice<1>());
    const Bytes third = blend(top.shuffle_with(blue, next_top, next_blue), up,
                              bottom.shuffle_with(blue, next_bottom, next_blue), low);
    const Bytes colour = first.with_odd_words(second.shift_left<16>());
    store_lanes<3>(Bytes::pack_words(colour, third).shuffle(pixels), room - 3 * k, to + 3 * k);
  }
}

#endif

// What is captured is copied: a store of bytes could change what is referred to.

// From taps `offset` bytes into two rows, eight bytes of either of which can be read; of every 16
// pixels `before` says whether from there on or from two bytes before, if there are three channels.
template <int Channels, class Before>
inline void blend_bytes_at(const char* top, const char* bottom, const int32_t* offset,
                           Before before, const uint32_t* upper, const uint32_t* lower,
                           int64_t count, int64_t room, uint8_t* to) {
  const uint8_t* upper_row = reinterpret_cast<const uint8_t*>(top);
  const uint8_t* lower_row = reinterpret_cast<const uint8_t*>(bottom);
#if !defined(FASTAUG_NO_BYTES)
  if constexpr (Channels == 3) {
    const auto gathered = [=](int row, int64_t k) {
      return Bytes::gather8((row ? lower_row : upper_row) - before(k), offset + k);
    };
    blend_threes(gathered, before, upper, lower, count, room, to);
  } else {
    const auto gathered = [=](int64_t k) {
      return Bytes::gather(upper_row, lower_row, offset + k);
    };
    blend_fours(gathered, upper, lower, count, room, to);
  }
#else
  (void)before, (void)room;
  for (int64_t k = 0; k < count; ++k) {
    const uint8_t *upper_taps = upper_row + offset[k], *lower_taps = lower_row + offset[k];
    for (int c = 0; c < Channels; ++c) {
      const uint32_t sum =
          (upper_taps[c] * (upper[k] & 0xffffu) + upper_taps[c + Channels] * (upper[k] >> 16)) +
          (lower_taps[c] * (lower[k] & 0xffffu) + lower_taps[c + Channels] * (lower[k] >> 16));
      to[Channels * k + c] = static_cast<uint8_t>((sum + 8191 + ((sum >> 14) & 1)) >> 14);
    }
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
        .both(Bytes::set(255))
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

// Eight channels of one pixel, from its four taps.
inline void blend_eight(const uint8_t* p00, const uint8_t* p01, const uint8_t* p10,
                        const uint8_t* p11, uint32_t upper, uint32_t lower, uint8_t* to) {
#if defined(__SSE4_1__)
  const auto pairs = [](const uint8_t* left, const uint8_t* right) {
    return _mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(left)),
                             _mm_loadl_epi64(reinterpret_cast<const __m128i*>(right)));
  };
  const __m128i top = pairs(p00, p01), bottom = pairs(p10, p11), zero = _mm_setzero_si128();
  const __m128i up = _mm_set1_epi32(static_cast<int32_t>(upper));
  const __m128i low = _mm_set1_epi32(static_cast<int32_t>(lower));
  const auto blend = [&](__m128i a, __m128i b) {
    const __m128i sum = _mm_add_epi32(_mm_madd_epi16(a, up), _mm_madd_epi16(b, low));
    const __m128i odd = _mm_and_si128(_mm_srli_epi32(sum, 14), _mm_set1_epi32(1));
    return _mm_srli_epi32(_mm_add_epi32(_mm_add_epi32(sum, _mm_set1_epi32(8191)), odd), 14);
  };
  const __m128i words =
      _mm_packus_epi32(blend(_mm_unpacklo_epi8(top, zero), _mm_unpacklo_epi8(bottom, zero)),
                       blend(_mm_unpackhi_epi8(top, zero), _mm_unpackhi_epi8(bottom, zero)));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words));
#else
  for (int c = 0; c < 8; ++c) {
    const uint32_t sum = (p00[c] * (upper & 0xffffu) + p01[c] * (upper >> 16)) +
                         (p10[c] * (lower & 0xffffu) + p11[c] * (lower >> 16));
    to[c] = static_cast<uint8_t>((sum + 8191 + ((sum >> 14) & 1)) >> 14);
  }
#endif
}

FASTAUG_END
