// The affine warp, bicubic.
#pragma once

#include "../ops/bicubic.hpp"
#include "vector/blend_cubic.hpp"
#include "warp_affine_source.hpp"

FASTAUG_BEGIN
namespace affine {

// `Bicubic` of a block of columns.
template <class T>
struct CubicWeights;

template <>
struct CubicWeights<float> {
  alignas(64) float x[block][4], y[block][4];

  void put(int64_t k, const weigh::Group& of) {
    for (int i = 0; i < weigh::Group::registers; ++i, k += Steps::in_pair) {
      put(of.x[i], x + k);
      put(of.y[i], y + k);
    }
  }
  static void put(Fractions fraction, float (*weights)[4]) {
    uint32_t all[Steps::in_pair];
    std::memcpy(all, &fraction, sizeof all);
    FASTAUG_VECTOR
    for (int k = 0; k < Steps::in_pair; ++k) Bicubic<float>::weigh(all[k], weights[k]);
  }
  Bicubic<float> get(int64_t k) const {
    Bicubic<float> weights;
    std::memcpy(weights.x, x[k], sizeof x[k]);
    std::memcpy(weights.y, y[k], sizeof y[k]);
    return weights;
  }
};

// In pairs of 16 bits, as one multiplication takes them.
template <>
struct CubicWeights<uint8_t> {
  CubicPairs pairs;

  void put(int64_t k, const weigh::Group& of) {
    for (int i = 0; i < weigh::Group::registers; ++i, k += Steps::in_pair)
      weigh::cubic(of.x[i], of.y[i], pairs.x02 + k, pairs.x13 + k, pairs.y01 + k, pairs.y23 + k);
  }
  Bicubic<uint8_t> get(int64_t k) const {
    const auto low = [](uint32_t v) { return static_cast<int32_t>(v << 16) >> 16; };
    const auto high = [](uint32_t v) { return static_cast<int32_t>(v) >> 16; };
    Bicubic<uint8_t> weights;
    weights.x[0] = low(pairs.x02[k]), weights.x[2] = high(pairs.x02[k]);
    weights.x[1] = low(pairs.x13[k]), weights.x[3] = high(pairs.x13[k]);
    weights.y[0] = low(pairs.y01[k]), weights.y[1] = high(pairs.y01[k]);
    weights.y[2] = low(pairs.y23[k]), weights.y[3] = high(pairs.y23[k]);
    return weights;
  }
};

// The sixteen taps of prepared columns, which lie side by side.
template <class T>
struct CubicInside {
  static constexpr bool together = true;
  const char* row[4];
  int64_t pixel;
  const int32_t* offset;

  CubicInside(const Plane<T>& p, const Offsets& o)
      : pixel(p.c * static_cast<int64_t>(sizeof(T))), offset(o.at) {
    for (int64_t i = 0; i < 4; ++i) row[i] = p.data + (i - 1) * p.stride - pixel;
  }
  const T* at(int64_t k, int64_t y, int64_t x) const {
    return reinterpret_cast<const T*>(row[y] + offset[k] + x * pixel);
  }
};

// The same of columns that may read outside.
template <class T>
struct CubicOutside {
  static constexpr bool together = false;
  const char* data;
  int32_t x[4][block], y[4][block];

  explicit CubicOutside(const Plane<T>& p) : data(p.data) {}

  void prepare(const Plane<T>& p, const Coordinates& from, FillMode mode, int64_t start) {
    const Strides<T> by(p);
    for (int32_t i = 0; i < 4; ++i) {
      place(mode, from.x, i - 1, p.w, by.pixel, x[i] + start);
      place(mode, from.y, i - 1, p.h, by.row, y[i] + start);
    }
  }
  static void place(FillMode mode, const int32_t* i, int32_t next, int64_t n, int32_t by,
                    int32_t* to) {
    if (mode == FillMode::wrap)
      for (int64_t k = 0; k < chunk; ++k)
        to[k] = static_cast<int32_t>(cubic_tap(i[k] + next, static_cast<int32_t>(n), mode)) * by;
    else
      fastaug::place(mode, i, next, n, by, to);
  }
  const T* at(int64_t k, int64_t row, int64_t column) const {
    return reinterpret_cast<const T*>(data + y[row][k] + x[column][k]);
  }
};

// Pixel by pixel, with any number of channels.
template <class T, class Where>
void cubic_each(const Where& where, const CubicWeights<T>& weights, int64_t channels, int64_t count,
                T* to) {
  for (int64_t k = 0; k < count; ++k, to += channels) {
    const Bicubic<T> cubic = weights.get(k);
    for (int64_t c = 0; c < channels; ++c) {
      T taps[16];
      for (int i = 0; i < 16; ++i) taps[i] = where.at(k, i / 4, i % 4)[c];
      to[c] = cubic.blend(taps);
    }
  }
}

// Four channels at a time of three or more; the last four may be made twice in part.
template <int Channels, class Where>
void cubic_lanes(const Where& where, const CubicWeights<float>& weights, int64_t channels,
                 int64_t count, float* to) {
  const auto load = [](const float* p) { return Channels == 3 ? load3(p) : load4(p); };
  for (int64_t k = 0; k < count; ++k, to += channels) {
    const Bicubic<float> cubic = weights.get(k);
    for (int64_t c = 0; c < channels; c += 4) {
      if (Channels == 0) c = smaller(c, channels - 4);
      Float4 taps[16];
      for (int i = 0; i < 16; ++i) taps[i] = load(where.at(k, i / 4, i % 4) + c);
      const Float4 made = cubic.blend(taps);
      if (Channels == 3)
        store3(to, made);
      else
        store4(to + c, made);
    }
  }
}

template <class Where>
void cubic(const Where& where, const CubicWeights<float>& weights, int64_t channels, int64_t count,
           int64_t room, float* to) {
  if constexpr (Where::together) {
    if (channels == 3)
      return blend_cubic_floats<3>(where.row, where.offset, weights.x, weights.y, count, room, to);
    if (channels == 4)
      return blend_cubic_floats<4>(where.row, where.offset, weights.x, weights.y, count, room, to);
    if (channels == 1)
      return blend_cubic_grey(where.row, where.offset, weights.x, weights.y, count, to);
  }
  if (channels == 3) return cubic_lanes<3>(where, weights, channels, count, to);
  if (channels > 3) return cubic_lanes<0>(where, weights, channels, count, to);
  cubic_each(where, weights, channels, count, to);
}

template <int Channels>
void cubic_bytes(const CubicInside<uint8_t>& where, const CubicPairs& pairs, int64_t count,
                 int64_t room, uint8_t* to) {
  blend_cubic_bytes_at<Channels>(where.row, where.offset, pairs, count, room, to);
}

template <int Channels>
void cubic_bytes(const CubicOutside<uint8_t>& where, const CubicPairs& pairs, int64_t count,
                 int64_t room, uint8_t* to) {
  alignas(64) uint8_t taps[4][16 * block];
  for (int64_t k = 0; k < count; ++k)
    for (int64_t y = 0; y < 4; ++y)
      for (int64_t x = 0; x < 4; ++x)
        std::memcpy(taps[y] + tap_slot(k) + Channels * x, where.at(k, y, x), Channels);
  blend_cubic_bytes<Channels>(taps[0], 16 * block, pairs, count, room, to);
}

template <class Where>
void cubic(const Where& where, const CubicWeights<uint8_t>& weights, int64_t channels,
           int64_t count, int64_t room, uint8_t* to) {
  if (channels == 3) return cubic_bytes<3>(where, weights.pairs, count, room, to);
  if (channels == 4) return cubic_bytes<4>(where, weights.pairs, count, room, to);
  if (channels != 1) return cubic_each(where, weights, channels, count, to);
  uint8_t taps[4][4 * block], made[block];
  for (int64_t k = 0; k < count; ++k)
    for (int64_t y = 0; y < 4; ++y) {
      if constexpr (Where::together)
        std::memcpy(taps[y] + 4 * k, where.at(k, y, 0), 4);
      else
        for (int64_t x = 0; x < 4; ++x) taps[y][4 * k + x] = *where.at(k, y, x);
    }
  blend_cubic_grey(taps[0], 4 * block, weights.pairs, count, made);
  std::memcpy(to, made, static_cast<std::size_t>(count));
}

template <class T>
struct BicubicWarp {
  static constexpr int64_t before = 1, after = 2;
  static constexpr bool takes_valid = false, copies = false, clamps = false;
  static int64_t more(const Sampled<T>& s) { return s.plane.c == 3 ? 2 : 0; }
  static bool everywhere(const Source<T>&) { return false; }

  // Any output pixel, inside or not.
  static void pixel(const Sampled<T>& s, int64_t fx, int64_t fy, T* to) {
    const Plane<T>& p = s.plane;
    if (!confine(fx, p.w, s.mode) || !confine(fy, p.h, s.mode)) return put_fill(s, to);
    const Bicubic<T> weights(static_cast<uint32_t>(fx), static_cast<uint32_t>(fy));
    const T* at[16];
    for (int64_t i = 0; i < 16; ++i) {
      const int64_t x = cubic_tap((fx >> 32) + i % 4 - 1, p.w, s.mode);
      const int64_t y = cubic_tap((fy >> 32) + i / 4 - 1, p.h, s.mode);
      at[i] = x < 0 || y < 0 ? s.fill : p.row(y) + x * p.c;
    }
    for (int64_t c = 0; c < p.c; ++c) {
      T taps[16];
      for (int i = 0; i < 16; ++i) taps[i] = at[i][c];
      to[c] = weights.blend(taps);
    }
  }

  // Columns [x, end) of output row `y`, which read inside.
  __attribute__((flatten)) static void inside(const Source<T>& s, bool, int64_t y, int64_t x,
                                              int64_t end, int64_t width, T* row) {
    const Plane<T>& p = s.plane;
    Offsets offsets;
    CubicWeights<T> weights;
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      Along from = s.along(x, y, 0);
      for (int64_t k = 0; k < count; k += chunk, from.advance())
        prepare_inside(p, from, k, offsets, weights, Unconfined{});
      offsets.fill_up(count);
      cubic(CubicInside<T>(p, offsets), weights, p.c, count, (width - x) * p.c, row + x * p.c);
    }
  }

  // Columns [x, end) of output row `y`, which may read outside.
  static void outside(const Source<T>& s, int64_t y, int64_t x, int64_t end, int64_t width,
                      T* row) {
    if (s.mode == FillMode::grid_constant || end - x < 2)
      return anywhere<BicubicWarp>(s, y, x, end, row);
    const Plane<T>& p = s.plane;
    Coordinates from;
    CubicOutside<T> taps(p);
    CubicWeights<T> weights;
    for (; x < end; x += block) {
      const int64_t count = smaller(block, end - x);
      for (int64_t k = 0; k < count; k += chunk) {
        prepare_confined(s, x + k, y, 0, from);
        taps.prepare(p, from, s.mode, k);
        prepare_weights(from, k, weights);
      }
      cubic(taps, weights, p.c, count, (width - x) * p.c, row + x * p.c);
    }
  }
};

}  // namespace affine
FASTAUG_END
