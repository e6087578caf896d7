// A register of pixels in reverse: as many whole ones as fit, the bytes of each in their order.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

#if defined(__AVX512BW__)

// Words of four bytes go anywhere in one shuffle, bytes only within lanes of 16. So where pixels
// are not whole words, every lane gets the words that end up in it, of which there must be a whole
// number, and is turned by itself.
template <int Size>
struct Reversal {
  static constexpr bool words = Size % 4 == 0;
  static constexpr int lane = 48 % Size == 0 && 64 % Size != 0 ? 12 : 16;
  static constexpr int64_t bytes = 64;                                  // read and written
  static constexpr int64_t used = words ? 64 / Size * Size : 4 * lane;  // of these, whole pixels

  int32_t spread[16] = {}, pack[16] = {};
  uint8_t order[64] = {};

  constexpr Reversal() {
    constexpr int first = (bytes - used) / 4, count = used / 4, group = words ? Size / 4 : lane / 4;
    for (int i = 0; i < count; ++i) {
      const int from = first + count - group - i / group * group + i % group;
      const int at = i / group * 4 + i % group;
      spread[words ? i : at] = from;
      pack[i] = at;
    }
    for (int i = 0; i < 64; ++i)
      order[i] = static_cast<uint8_t>(
          i % 16 < lane ? lane - Size - i % 16 / Size * Size + i % 16 % Size : 0);
  }

  static __m512i turned(__m512i v);

  // Reads the last `used` bytes of those from `from` on, writes as many to `to` and something
  // after.
  static void move(const char* from, char* to) {
    _mm512_storeu_si512(to, turned(_mm512_loadu_si512(from)));
  }

  // All of fewer bytes than a register has.
  static void move_rest(const char* from, char* to, int64_t left) {
    for (; left > 0; left -= used, to += used) {
      const int64_t unused = bytes - left;
      const __m512i v = _mm512_maskz_loadu_epi8(~uint64_t{0} << unused, from - unused);
      _mm512_mask_storeu_epi8(to, ~uint64_t{0} >> unused, turned(v));
    }
  }
};

template <int Size>
inline constexpr Reversal<Size> reversal{};

template <int Size>
__m512i Reversal<Size>::turned(__m512i v) {
  constexpr const Reversal& r = reversal<Size>;
  v = _mm512_permutexvar_epi32(_mm512_loadu_si512(r.spread), v);
  if (!words) v = _mm512_shuffle_epi8(v, _mm512_loadu_si512(r.order));
  if (!words && lane != 16) v = _mm512_permutexvar_epi32(_mm512_loadu_si512(r.pack), v);
  return v;
}

#else

template <int Size>
struct Reversal {
  static constexpr int64_t bytes = 16;
  static constexpr int64_t used = 16 / Size * Size;

  uint8_t order[16] = {};

  constexpr Reversal() {
    for (int i = 0; i < used; ++i)
      order[i] = static_cast<uint8_t>(16 - Size - i / Size * Size + i % Size);
  }

  static void move(const char* from, char* to);

  static void move_rest(const char* from, char* to, int64_t left) {
    for (; left > 0; left -= Size, to += Size) std::memcpy(to, from + left - Size, Size);
  }
};

template <int Size>
inline constexpr Reversal<Size> reversal{};

template <int Size>
void Reversal<Size>::move(const char* from, char* to) {
  Byte16 order;
  std::memcpy(&order, reversal<Size>.order, sizeof order);
  store16(to, shuffle(load16(from), order));
}

#endif

FASTAUG_END
