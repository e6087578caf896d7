// Squares of pixels transposed in registers, as many side by side as a register has lanes.
#pragma once

#include "lanes.hpp"

FASTAUG_BEGIN

// Lanes of 16 bytes, in each of which the same is done.
template <int Count>
struct Lanes;

template <>
struct Lanes<1> {
  static constexpr int count = 1;
  Byte16 v;

  static Lanes load(const char* p, int64_t) { return {load16(p)}; }
  Lanes shuffled(Byte16 order) const { return {shuffle(v, order)}; }
  void store(char* p) const { store16(p, v); }
  // The first 12 bytes of each lane; perhaps something after, but not with `exactly`.
  void store12(char* p, bool exactly) const {
    if (exactly)
      std::memcpy(p, &v, 12);
    else
      store16(p, v);
  }
  // Items of two registers in turn, from the first and the second half of each lane.
  template <int Item>
  static void interleave(Lanes a, Lanes b, Lanes& first, Lanes& second);
};

#if defined(__x86_64__)
#define FASTAUG_INTERLEAVE(size, prefix, bits)                                         \
  if (Item == size) {                                                                  \
    first.v = (decltype(v))prefix##_unpacklo_epi##bits((Register)a.v, (Register)b.v);  \
    second.v = (decltype(v))prefix##_unpackhi_epi##bits((Register)a.v, (Register)b.v); \
  }
#endif

template <int Item>
void Lanes<1>::interleave(Lanes a, Lanes b, Lanes& first, Lanes& second) {
#if defined(__x86_64__)
  using Register = __m128i;
  Byte16 v;
  FASTAUG_INTERLEAVE(1, _mm, 8)
  FASTAUG_INTERLEAVE(2, _mm, 16)
  FASTAUG_INTERLEAVE(4, _mm, 32)
  FASTAUG_INTERLEAVE(8, _mm, 64)
#else
  for (int i = 0; i < 16; ++i) {
    const int from = i / (2 * Item) * Item + i % Item;
    const bool other = i / Item % 2 != 0;
    first.v[i] = other ? b.v[from] : a.v[from];
    second.v[i] = other ? b.v[from + 8] : a.v[from + 8];
  }
#endif
}

#if defined(__AVX2__)
template <>
struct Lanes<2> {
  static constexpr int count = 2;
  using Register = __m256i;
  __m256i v;

  static Lanes load(const char* p, int64_t step) {
    const auto at = [](const char* q) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(q));
    };
    return {_mm256_inserti128_si256(_mm256_castsi128_si256(at(p)), at(p + step), 1)};
  }
  Lanes shuffled(Byte16 order) const {
    return {_mm256_shuffle_epi8(v, _mm256_broadcastsi128_si256((__m128i)order))};
  }
  void store(char* p) const { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }
  void store12(char* p, bool exactly) const {
    const __m256i all = _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7));
    if (!exactly) return _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), all);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(all));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p + 16), _mm256_extracti128_si256(all, 1));
  }
  template <int Item>
  static void interleave(Lanes a, Lanes b, Lanes& first, Lanes& second) {
    Register v;
    FASTAUG_INTERLEAVE(1, _mm256, 8)
    FASTAUG_INTERLEAVE(2, _mm256, 16)
    FASTAUG_INTERLEAVE(4, _mm256, 32)
    FASTAUG_INTERLEAVE(8, _mm256, 64)
  }
};
#endif

#if defined(__AVX512BW__)
template <>
struct Lanes<4> {
  static constexpr int count = 4;
  using Register = __m512i;
  __m512i v;

  static Lanes load(const char* p, int64_t step) {
    const __m256i low = Lanes<2>::load(p, step).v, high = Lanes<2>::load(p + 2 * step, step).v;
    return {_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1)};
  }
  Lanes shuffled(Byte16 order) const {
    return {_mm512_shuffle_epi8(v, _mm512_broadcast_i32x4((__m128i)order))};
  }
  void store(char* p) const { _mm512_storeu_si512(p, v); }
  void store12(char* p, bool exactly) const {
    const __m512i all = _mm512_permutexvar_epi32(
        _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15), v);
    if (exactly)
      _mm512_mask_storeu_epi32(p, 0xfff, all);
    else
      _mm512_storeu_si512(p, all);
  }
  template <int Item>
  static void interleave(Lanes a, Lanes b, Lanes& first, Lanes& second) {
    Register v;
    FASTAUG_INTERLEAVE(1, _mm512, 8)
    FASTAUG_INTERLEAVE(2, _mm512, 16)
    FASTAUG_INTERLEAVE(4, _mm512, 32)
    FASTAUG_INTERLEAVE(8, _mm512, 64)
  }
};
constexpr int lanes_at_once = 4;
#elif defined(__AVX2__)
constexpr int lanes_at_once = 2;
#else
constexpr int lanes_at_once = 1;
#endif

// Pixels of `Size` bytes: 1, 2, 4, 8 or 16, or three quarters of one of the last three, which are
// spread in registers.
template <int Size>
struct Square {
  static constexpr bool quarters = Size % 3 == 0;
  static constexpr int item = quarters ? Size / 3 * 4 : Size;  // bytes of one in a register
  static constexpr int side = 16 / item;
  static constexpr int used = side * Size;  // bytes of a lane in memory

  struct Orders {
    uint8_t spread[2][16] = {}, pack[16] = {};
    constexpr Orders() {
      for (int i = 0; i < 16; ++i) {
        const int from = i % item < Size ? i / item * Size + i % item : 0;
        spread[0][i] = static_cast<uint8_t>(from);
        spread[1][i] = static_cast<uint8_t>(from + 16 - used);
        pack[i] = static_cast<uint8_t>(i < used ? i / Size * item + i % Size : 0);
      }
    }
  };

  static Byte16 order(const uint8_t* p) { return load16(reinterpret_cast<const char*>(p)); }

  // From `side` columns of `side * Count` rows to the pixels of `side` rows. Reads 16 bytes of
  // every row: with `before`, some from before the first column instead of after the last. Writes
  // something after every row but if told to write `exactly`.
  template <int Count>
  static void transpose(const char* from, int64_t from_step, bool before, char* to, int64_t to_step,
                        bool exactly) {
    static constexpr Orders orders;
    using Register = Lanes<Count>;
    Register a[side], b[side];
    const int64_t skip = before ? 16 - used : 0;
    const Byte16 spread = order(orders.spread[before]), pack = order(orders.pack);
#pragma GCC unroll 16
    for (int i = 0; i < side; ++i) {
      a[i] = Register::load(from + i * from_step - skip, side * from_step);
      if (quarters) a[i] = a[i].shuffled(spread);
    }
#pragma GCC unroll 4
    for (int round = 1; round < side; round *= 2) {
#pragma GCC unroll 16
      for (int i = 0; i < side / 2; ++i)
        Register::template interleave<item>(a[i], a[i + side / 2], b[2 * i], b[2 * i + 1]);
#pragma GCC unroll 16
      for (int i = 0; i < side; ++i) a[i] = b[i];
    }
#pragma GCC unroll 16
    for (int i = 0; i < side; ++i) {
      if (quarters)
        a[i].shuffled(pack).store12(to + i * to_step, exactly);
      else
        a[i].store(to + i * to_step);
    }
  }
};

FASTAUG_END
