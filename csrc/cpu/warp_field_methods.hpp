// How columns of one output row are made whose coordinates follow no line: nearest, bilinear and
// bicubic, from the loops of the affine warp. Coordinates come a chunk at a time, and what is made
// of them is put aside; then the columns so prepared are made, at most a block.
#pragma once

#include "warp_affine_bicubic.hpp"
#include "warp_affine_bilinear.hpp"
#include "warp_affine_nearest.hpp"

FASTAUG_BEGIN
namespace field {

using affine::Sampled;

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
  static constexpr bool clamps = false;
  Offsets offsets;

  explicit Nearest(const Plane<T>&) {}
  void inside(const Plane<T>& p, Coordinates& from, int64_t start) {
    round_half_up(from);
    NoWeights weights;
    prepare_inside(p, from, start, offsets, weights);
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
};

template <class T>
struct Linear {
  using Method = affine::BilinearWarp<T>;
  static constexpr int64_t before = 0, after = 1;
  // Whether clamped coordinates are as good as confined ones: see BilinearWarp::everywhere.
  static constexpr bool clamps = sizeof(T) == 1;
  Offsets offsets;
  Taps taps;
  Weights<T> weights;

  explicit Linear(const Plane<T>&) {}
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
  static constexpr bool clamps = false;
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
