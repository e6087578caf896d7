// How columns of one output row are made whose coordinates follow no line: nearest, bilinear and
// bicubic, from the loops of the affine warp. Coordinates come a chunk at a time, and what is made
// of them is put aside; then the columns so prepared are made, at most a block.
#pragma once

#include "vector/blend_grey_ends.hpp"
#include "vector/nearest_places.hpp"
#include "warp_affine_bicubic.hpp"
#include "warp_affine_bilinear.hpp"
#include "warp_affine_nearest.hpp"

FASTAUG_BEGIN
namespace field {

using affine::Sampled;

// Whether all numbers are from `low` to `high`.
inline bool all_between(const int32_t* v, int64_t low, int64_t high) {
  if (high < low) return false;
  const uint32_t first = static_cast<uint32_t>(low), most = static_cast<uint32_t>(high - low);
  uint32_t beyond = 0;
  FASTAUG_VECTOR
  for (int64_t k = 0; k < chunk; ++k) beyond |= static_cast<uint32_t>(v[k]) - first > most ? 1 : 0;
  return beyond == 0;
}

// Moves coordinates by half a pixel.
inline void round_half_up(Coordinates& from) {
  FASTAUG_VECTOR
  for (int64_t k = 0; k < chunk; ++k) {
    from.x[k] += static_cast<int32_t>(from.fraction_x[k] >> 31);
    from.y[k] += static_cast<int32_t>(from.fraction_y[k] >> 31);
  }
}

// Of each: which pixels before and after that of a coordinate must be there, `inside` from
// coordinates all of whose taps are, `outside` from any.

template <class T>
struct Nearest {
  using Method = affine::NearestWarp<T>;
  static constexpr int64_t before = 0, after = 1;
  static constexpr bool clamps = true, loads_beyond = false, straightens = true;
  static constexpr bool confines = false;
  Offsets offsets;

  explicit Nearest(const Plane<T>&) {}
  static bool clamps_now(const Plane<T>&) { return true; }
  void clamped(const Plane<T>& p, Coordinates& from, int64_t start) {
    prepare(p, from, start, [](Steps::Halves v, int64_t n) {
      return fastaug::clamped(v, static_cast<int32_t>(n - 1));
    });
  }
  void make_clamped(const Plane<T>& p, int64_t count, int64_t room, T* to) {
    make_outside(p, count, room, to);
  }
  void inside(const Plane<T>& p, Coordinates& from, int64_t start) {
    prepare(p, from, start, Unconfined{});
  }
  // Half a pixel on from where `confined(halves, size)` has moved coordinates.
  template <class Confined>
  void prepare(const Plane<T>& p, const Coordinates& from, int64_t start, Confined confined) {
    const auto rounded = [&](const int32_t* pixel, const uint32_t* fraction, int64_t n) {
      Steps::Halves v;
      std::memcpy(&v.high, pixel, sizeof v.high);
      std::memcpy(&v.low, fraction, sizeof v.low);
      v = confined(v, n);
      v.high += (Ints)(v.low >> 31);
      return v;
    };
    NoWeights weights;
    prepare_taps(p, start, offsets, weights, [&](int k) {
      return Point{rounded(from.x + k, from.fraction_x + k, p.w),
                   rounded(from.y + k, from.fraction_y + k, p.h)};
    });
  }
  void outside(const Plane<T>& p, Coordinates& from, FillMode mode, int64_t start) {
    round_half_up(from);
    offsets.prepare(p, from, mode, start);
  }
  void make_inside(const Plane<T>& p, int64_t count, int64_t room, T* to) {
    affine::copy(p, offsets, count, count * p.c == room ? 1 : 0, to);
  }
  void make_outside(const Plane<T>& p, int64_t count, int64_t, T* to) {
    affine::copy(p, offsets, count, count, to);
  }
  // Whether coordinates that are given, in mode constant, may be made pixels as they are.
  static bool goes_straight(const Plane<T>& p) {
    constexpr int64_t most = 1 << 20;
    return p.w > 1 && p.h > 1 && p.w <= most && p.h <= most && p.c != 3;
  }
  bool straight(const Plane<T>& p, const float* pairs, int64_t start, int32_t* missing) {
    const Strides<T> by(p);
    const NearestPlaces places = {
        {}, static_cast<float>(p.w - 1), static_cast<float>(p.h - 1), by.pixel, by.row};
    return places.find(pairs, offsets.at + start, missing);
  }
};

template <class T>
struct Linear {
  using Method = affine::BilinearWarp<T>;
  static constexpr int64_t before = 0, after = 1;
  // Whether clamped coordinates are as good as confined ones: see BilinearWarp::everywhere. Of
  // floats the taps are clamped, too.
  static constexpr bool clamps = true, loads_beyond = sizeof(T) == 1, straightens = false;
  static constexpr bool confines = sizeof(T) != 1;
  Offsets offsets;
  Taps taps;
  Weights<T> weights;

  explicit Linear(const Plane<T>&) {}
  static bool clamps_now(const Plane<T>& p) { return sizeof(T) == 1 || p.c == 1; }
  void clamped(const Plane<T>& p, Coordinates& from, int64_t start) {
    if constexpr (sizeof(T) == 1) {
      from.clamp(p.w, p.h);
      inside(p, from, start);
      offsets.before[start / chunk] = all_between(from.x, 1, INT32_MAX) ? 2 : 0;
    } else {
      ends(p, from, start);
      prepare_weights(from, start, weights);
    }
  }
  void make_clamped(const Plane<T>& p, int64_t count, int64_t room, T* to) {
    if constexpr (sizeof(T) == 1) {
      offsets.to_the_ends = true;
      make_inside(p, count, room, to);
      offsets.to_the_ends = false;
    } else {
      blend_grey_ends(p.data, taps.y0, taps.y1, taps.x0, taps.x1, weights.x, weights.y, count, room,
                      to);
    }
  }
  // The taps of one channel: in `y0` and `y1` where those of either row are, two side by side, and
  // in `x0` and `x1` which columns read beyond the right and the left end.
  void ends(const Plane<T>& p, const Coordinates& from, int64_t start) {
    const Strides<T> by(p);
    const int32_t last_x = static_cast<int32_t>(p.w - 1), last_y = static_cast<int32_t>(p.h - 1);
    const auto put = [&](int32_t* to, int64_t k, const auto& v) {
      std::memcpy(to + start + k, &v, sizeof v);
    };
    for (int64_t k = 0; k < chunk; k += Steps::in_pair) {
      Ints x, y;
      std::memcpy(&x, from.x + k, sizeof x);
      std::memcpy(&y, from.y + k, sizeof y);
      const Ints zero = {};
      const Ints left = smaller(larger(x, zero), zero + (last_x - 1)) * by.pixel;
      put(taps.y0, k, left + smaller(larger(y, zero), zero + last_y) * by.row);
      put(taps.y1, k, left + smaller(larger(y + 1, zero), zero + last_y) * by.row);
      put(taps.x0, k, x >= last_x);
      put(taps.x1, k, x < 0);
    }
  }
  void inside(const Plane<T>& p, const Coordinates& from, int64_t start) {
    prepare_inside(p, from, start, offsets, weights);
  }
  void outside(const Plane<T>& p, const Coordinates& from, FillMode mode, int64_t start) {
    taps.prepare(p, from, mode, start);
    prepare_weights(from, start, weights);
  }
  void make_inside(const Plane<T>& p, int64_t count, int64_t room, T* to) {
    offsets.fill_up(count);
    affine::blend(p, affine::Inside<T>(p, offsets), weights, count, room, to);
  }
  void make_outside(const Plane<T>& p, int64_t count, int64_t room, T* to) {
    affine::blend(p, affine::Outside<T>(p, taps), weights, count, room, to);
  }
};

template <class T>
struct Cubic {
  using Method = affine::BicubicWarp<T>;
  static constexpr int64_t before = 1, after = 2;
  static constexpr bool clamps = false, loads_beyond = false, straightens = false;
  static constexpr bool confines = false;
  Offsets offsets;
  affine::CubicOutside<T> taps;
  affine::CubicWeights<T> weights;

  explicit Cubic(const Plane<T>& p) : taps(p) {}
  void inside(const Plane<T>& p, const Coordinates& from, int64_t start) {
    prepare_inside(p, from, start, offsets, weights);
  }
  void outside(const Plane<T>& p, const Coordinates& from, FillMode mode, int64_t start) {
    taps.prepare(p, from, mode, start);
    prepare_weights(from, start, weights);
  }
  void make_inside(const Plane<T>& p, int64_t count, int64_t room, T* to) {
    offsets.fill_up(count);
    affine::cubic(affine::CubicInside<T>(p, offsets), weights, p.c, count, room, to);
  }
  void make_outside(const Plane<T>& p, int64_t count, int64_t room, T* to) {
    affine::cubic(taps, weights, p.c, count, room, to);
  }
};

}  // namespace field
FASTAUG_END
