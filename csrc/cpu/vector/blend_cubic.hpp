// Bicubic blends: `Bicubic` in lanes.
#pragma once

#include "../../ops/bicubic.hpp"
#include "blend_bytes.hpp"
#include "doubles.hpp"

FASTAUG_BEGIN

// Weights of a block of columns in pairs: the first named in the low half, the second in the high.
struct CubicPairs {
  static constexpr int64_t most = 256;
  alignas(64) uint32_t x02[most], x13[most], y01[most], y23[most];
};

#if !defined(FASTAUG_NO_BYTES)
// The sum under the weights of an axis, of two numbers of 16 bits each.
inline Bytes sum_pairs(Bytes a, Bytes weights_a, Bytes b, Bytes weights_b) {
  return a.multiply_pairs(weights_a).plus(b.multiply_pairs(weights_b));
}

// Four taps along a row as pairs of 16 bits: the first and third, the second and fourth.
struct TapPairs {
  Bytes p02, p13;
};

// Greys of four taps along each of four rows.
template <class Row>
inline Bytes cubic_greys(Row row, Bytes x02, Bytes x13, Bytes y01, Bytes y23) {
  const auto along = [&](int i) {
    const TapPairs taps = row(i);
    return sum_pairs(taps.p02, x02, taps.p13, x13).plus(Bytes::set(128));
  };
  const auto two = [&](int i) {
    return along(i).template shift_right<8>().with_odd_words(along(i + 1).template shift_left<8>());
  };
  const Bytes sum = sum_pairs(two(0), y01, two(2), y23);
  const Bytes odd = sum.shift_right<20>().both(Bytes::set(1));
  return sum.plus(Bytes::set(524287)).plus(odd).shift_right_signed<20>();
}

// `count` pixels of three or four channels, whose taps in row i are what `gathered(i, k)` says for
// pixel k and its like in the other lanes; see `blend_fours`.
// Flattened: registers must not go through memory between its parts.
template <int Channels, class Gathered>
__attribute__((flatten)) inline void cubic_blocks(Gathered gathered, const CubicPairs& w,
                                                  int64_t count, int64_t room, uint8_t* to) {
  const char no = -1;
  const Bytes order02 = Bytes::repeat(
      Channels == 3 ? _mm_setr_epi8(0, no, 6, no, 1, no, 7, no, 2, no, 8, no, no, no, no, no)
                    : _mm_setr_epi8(0, no, 8, no, 1, no, 9, no, 2, no, 10, no, 3, no, 11, no));
  const Bytes order13 = Bytes::repeat(
      Channels == 3 ? _mm_setr_epi8(3, no, 9, no, 4, no, 10, no, 5, no, 11, no, no, no, no, no)
                    : _mm_setr_epi8(4, no, 12, no, 5, no, 13, no, 6, no, 14, no, 7, no, 15, no));
  for (int64_t k = 0; k < count; k += byte_block) {
    const Bytes x02 = Bytes::load(w.x02 + k), x13 = Bytes::load(w.x13 + k);
    const Bytes y01 = Bytes::load(w.y01 + k), y23 = Bytes::load(w.y23 + k);
    const auto quarter = [&](int i, Bytes a, Bytes b, Bytes c, Bytes d) {
      const auto pairs = [&](int row) {
        const Bytes taps = gathered(row, k + i);
        return TapPairs{taps.shuffle(order02), taps.shuffle(order13)};
      };
      return cubic_greys(pairs, a, b, c, d);
    };
    store_block<Channels>(
        Bytes::pack(quarter(0, x02.word<0>(), x13.word<0>(), y01.word<0>(), y23.word<0>()),
                    quarter(1, x02.word<1>(), x13.word<1>(), y01.word<1>(), y23.word<1>()),
                    quarter(2, x02.word<2>(), x13.word<2>(), y01.word<2>(), y23.word<2>()),
                    quarter(3, x02.word<3>(), x13.word<3>(), y01.word<3>(), y23.word<3>())),
        room - Channels * k, to + Channels * k);
  }
}
#else
inline Bicubic<uint8_t> cubic_of(const CubicPairs& w, int64_t k) {
  const auto low = [](uint32_t v) { return static_cast<int32_t>(static_cast<int16_t>(v)); };
  const auto high = [](uint32_t v) { return static_cast<int32_t>(v) >> 16; };
  Bicubic<uint8_t> cubic;
  cubic.x[0] = low(w.x02[k]), cubic.x[2] = high(w.x02[k]);
  cubic.x[1] = low(w.x13[k]), cubic.x[3] = high(w.x13[k]);
  cubic.y[0] = low(w.y01[k]), cubic.y[1] = high(w.y01[k]);
  cubic.y[2] = low(w.y23[k]), cubic.y[3] = high(w.y23[k]);
  return cubic;
}

template <int Channels, class Row>
inline void cubic_pixel(Row row, const Bicubic<uint8_t>& cubic, uint8_t* to) {
  for (int c = 0; c < Channels; ++c) {
    uint8_t taps[16];
    for (int i = 0; i < 16; ++i) taps[i] = row(i / 4)[Channels * (i % 4) + c];
    to[c] = cubic.blend(taps);
  }
}
#endif

// From four rows of taps, `apart` bytes from each other, in the slots of `tap_slot`.
template <int Channels>
inline void blend_cubic_bytes(const uint8_t* taps, int64_t apart, const CubicPairs& w,
                              int64_t count, int64_t room, uint8_t* to) {
#if !defined(FASTAUG_NO_BYTES)
  const auto gathered = [=](int row, int64_t k) {
    return Bytes::load(taps + row * apart + tap_slot(k));
  };
  cubic_blocks<Channels>(gathered, w, count, room, to);
#else
  (void)room;
  for (int64_t k = 0; k < count; ++k)
    cubic_pixel<Channels>([&](int row) { return taps + row * apart + tap_slot(k); }, cubic_of(w, k),
                          to + Channels * k);
#endif
}

// From taps `offset` bytes into four rows, sixteen bytes of which can be read.
template <int Channels>
inline void blend_cubic_bytes_at(const char* const rows[4], const int32_t* offset,
                                 const CubicPairs& w, int64_t count, int64_t room, uint8_t* to) {
  const uint8_t* from[4];
  for (int i = 0; i < 4; ++i) from[i] = reinterpret_cast<const uint8_t*>(rows[i]);
#if !defined(FASTAUG_NO_BYTES)
  const auto gathered = [=](int row, int64_t k) { return Bytes::gather16(from[row], offset + k); };
  cubic_blocks<Channels>(gathered, w, count, room, to);
#else
  (void)room;
  for (int64_t k = 0; k < count; ++k)
    cubic_pixel<Channels>([&](int row) { return from[row] + offset[k]; }, cubic_of(w, k),
                          to + Channels * k);
#endif
}

// One channel, from the four taps of each pixel in four rows, `apart` bytes from each other.
// Everything must be there up to a multiple of 16 pixels, and so much is written.
__attribute__((flatten)) inline void blend_cubic_grey(const uint8_t* taps, int64_t apart,
                                                      const CubicPairs& w, int64_t count,
                                                      uint8_t* to) {
#if !defined(FASTAUG_NO_BYTES)
  for (int64_t k = 0; k < count; k += byte_block)
    cubic_greys(
        [&](int row) {
          const Bytes all = Bytes::load(taps + row * apart + 4 * k);
          return TapPairs{all.both(Bytes::set(0x00ff00ff)), all.shift_right_words8()};
        },
        Bytes::load(w.x02 + k), Bytes::load(w.x13 + k), Bytes::load(w.y01 + k),
        Bytes::load(w.y23 + k))
        .clamped()
        .store_low_bytes(to + k);
#else
  for (int64_t k = 0; k < count; ++k)
    cubic_pixel<1>([&](int row) { return taps + row * apart + 4 * k; }, cubic_of(w, k), to + k);
#endif
}

inline Bicubic<float> cubic_of(const float x[4], const float y[4]) {
  Bicubic<float> cubic;
  std::memcpy(cubic.x, x, sizeof cubic.x);
  std::memcpy(cubic.y, y, sizeof cubic.y);
  return cubic;
}

// Pixels of three or four floats from taps `offset` bytes into four rows. Reads up to two pixels
// more where there are three channels. Writes no more than `room` elements, but may write beyond
// `count` pixels.
template <int Channels>
inline void blend_cubic_floats(const char* const rows[4], const int32_t* offset,
                               const float (*x)[4], const float (*y)[4], int64_t count,
                               int64_t room, float* to) {
  const auto row = [&](int i, int64_t k) {
    return reinterpret_cast<const float*>(rows[i] + offset[k]);
  };
  // The last pixel of a row of three channels is written by its own.
  const int64_t whole = Channels == 3 && room == 3 * count ? count - 1 : count;
  for (int64_t k = 0; k < count; ++k, to += Channels) {
#if defined(__AVX512F__)
    // The four taps of a row are one register: the sums of the columns, and then of those.
    const __m512i spread = Channels == 3
                               ? _mm512_setr_epi32(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0, 0)
                               : _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    const __m512i next =
        Channels == 3 ? _mm512_setr_epi32(3, 4, 5, 3, 4, 5, 9, 10, 11, 9, 10, 11, 0, 0, 0, 0)
                      : _mm512_setr_epi32(4, 5, 6, 7, 4, 5, 6, 7, 12, 13, 14, 15, 12, 13, 14, 15);
    const __m512i last = Channels == 3
                             ? _mm512_setr_epi32(6, 7, 8, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6)
                             : _mm512_setr_epi32(8, 9, 10, 11, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8);
    const auto term = [&](int i) { return _mm512_loadu_ps(row(i, k)) * _mm512_set1_ps(y[k][i]); };
    const __m512 columns = (term(0) + term(1)) + (term(2) + term(3));
    const __m512 weights =
        _mm512_permutexvar_ps(spread, _mm512_castps128_ps512(_mm_loadu_ps(x[k])));
    const __m512 terms = columns * weights;
    const __m512 pairs = terms + _mm512_permutexvar_ps(next, terms);
    const Float4 made = _mm512_castps512_ps128(pairs + _mm512_permutexvar_ps(last, pairs));
#else
    Float4 taps[16];
    for (int i = 0; i < 16; ++i) taps[i] = load4(row(i / 4, k) + Channels * (i % 4));
    const Float4 made = cubic_of(x[k], y[k]).blend(taps);
#endif
    if (k < whole)
      store4(to, made);
    else
      store3(to, made);
  }
}

// The same of one channel.
inline void blend_cubic_grey(const char* const rows[4], const int32_t* offset, const float (*x)[4],
                             const float (*y)[4], int64_t count, float* to) {
  for (int64_t k = 0; k < count; ++k) {
    const auto term = [&](int i) {
      return load4(reinterpret_cast<const float*>(rows[i] + offset[k])) * y[k][i];
    };
    const Float4 columns = (term(0) + term(1)) + (term(2) + term(3));
    const Float4 terms = columns * load4(x[k]);
    to[k] = (terms[0] + terms[1]) + (terms[2] + terms[3]);
  }
}

FASTAUG_END
