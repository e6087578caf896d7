// Resizing, one axis a pass: a thread makes one element from those that lie in a line with it. What
// weighs how much has been worked out before, by one thread for every place along the axis.
#include "../ops/resize.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

FASTAUG_FN ResizeAxis axis_of(const ResizePassArgs& a, int64_t box) {
  const double* edge = a.edges + 4 * box + (a.down ? 0 : 2);
  return resize_axis(a.down ? a.in.h : a.in.w, a.down ? a.out.h : a.out.w, edge[0], edge[1],
                     static_cast<ResizeKernel>(a.kernel), a.antialias != 0);
}

struct ResizeTable {
  using Args = ResizePassArgs;
  static constexpr int threads = 64, phases = 1, blocks = 8;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t size = a.down ? a.out.h : a.out.w;
    const Piece piece = piece_of(place.block, divide_up(size, threads));
    const int64_t i = piece.piece * threads + place.thread;
    if (i >= size) return;
    const int64_t at = piece.image * size + i;
    a.taps[at] = resize_taps(axis_of(a, piece.image), i, a.weight + at * a.most);
  }
};

// Centres are added up one by one, so one thread does it for all of a box.
struct NearestTable {
  using Args = ResizePassArgs;
  static constexpr int threads = 32, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t box = place.block * threads + place.thread;
    if (box >= a.boxes) return;
    const ResizeAxis axis = axis_of(a, box);
    double centre = nearest_start(axis);
    for (int64_t i = 0; i < axis.out; ++i, centre += axis.scale)
      a.taps[box * axis.out + i] = {nearest_pixel(axis, centre), 1};
  }
};

// How the taps of one element become its value; they lie `step` bytes from each other.
template <class T>
FASTAUG_FN T tap(const char* from, int64_t step, int64_t k) {
  return *reinterpret_cast<const T*>(from + k * step);
}

struct ByFixed {
  using In = uint8_t;
  using Out = uint8_t;
  static FASTAUG_FN Out make(const char* from, int64_t step, int64_t taps, const double* weight) {
    int32_t sum = resize_half;
    for (int64_t k = 0; k < taps; ++k) sum += tap<In>(from, step, k) * fixed_weight(weight[k]);
    return fixed_pixel(sum);
  }
};

// The first axis of bilinear bytes without antialiasing, and the second.
template <class From, class To>
struct ByLerp {
  using In = From;
  using Out = To;
  static FASTAUG_FN Out make(const char* from, int64_t step, int64_t taps, const double* weight) {
    const int32_t w = taps > 1 ? lerp_weight(weight[1]) : 0;
    const int32_t a = tap<In>(from, step, 0), b = tap<In>(from, step, taps > 1 ? 1 : 0);
    if constexpr (sizeof(In) == 1)
      return lerp_bytes(a, b, w);
    else
      return lerp_values(a, b, w);
  }
};

template <class T>
struct ByReal {
  using In = T;
  using Out = T;
  using Real = typename ResizeReal<T>::type;
  static FASTAUG_FN Out make(const char* from, int64_t step, int64_t taps, const double* weight) {
    const auto part = [&](int64_t k) {
      return static_cast<Real>(tap<In>(from, step, k)) * static_cast<Real>(weight[k]);
    };
    Real sum = taps > 0 ? part(0) : Real(0);
    for (int64_t k = 1; k < taps; ++k) sum = sum + part(k);
    return resized_pixel<T>(sum);
  }
};

template <class T>
struct ByCopy {
  using In = T;
  using Out = T;
  static FASTAUG_FN Out make(const char* from, int64_t, int64_t, const double*) {
    return tap<In>(from, 0, 0);
  }
};

template <class By>
struct ResizeLine {
  using Args = ResizePassArgs;
  static constexpr int threads = 256, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t all = a.out.h * a.out.w * a.out.c;
    const Piece piece = piece_of(place.block, divide_up(all, threads));
    const int64_t image = piece.image, e = piece.piece * threads + place.thread;
    if (e >= all) return;
    const auto [y, x, c] = spot_of(e, a.out);
    const int64_t at = (a.boxes > 1 ? image : 0) * (a.down ? a.out.h : a.out.w) + (a.down ? y : x);
    const ResizeTaps taps = a.taps[at];
    const char* from =
        element<const char>(a.in, image, a.down ? taps.first : y, a.down ? x : taps.first, c);
    *element<typename By::Out>(a.out, image, y, x, c) =
        By::make(from, a.down ? a.in.stride_h : a.in.stride_w, taps.count, a.weight + at * a.most);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(resize_table, ResizeTable)
FASTAUG_CUDA_KERNEL(resize_table_nearest, NearestTable)
FASTAUG_CUDA_KERNEL(resize_fixed, ResizeLine<fastaug::ByFixed>)
FASTAUG_CUDA_KERNEL(resize_lerp_first,
                    ResizeLine<fastaug::ByLerp<fastaug::uint8_t, fastaug::int16_t>>)
FASTAUG_CUDA_KERNEL(resize_lerp_second,
                    ResizeLine<fastaug::ByLerp<fastaug::int16_t, fastaug::uint8_t>>)
FASTAUG_CUDA_KERNEL(resize_u16, ResizeLine<fastaug::ByReal<fastaug::uint16_t>>)
FASTAUG_CUDA_KERNEL(resize_f32, ResizeLine<fastaug::ByReal<float>>)
FASTAUG_CUDA_KERNEL(resize_f64, ResizeLine<fastaug::ByReal<double>>)
FASTAUG_CUDA_KERNEL(resize_item_1, ResizeLine<fastaug::ByCopy<fastaug::uint8_t>>)
FASTAUG_CUDA_KERNEL(resize_item_2, ResizeLine<fastaug::ByCopy<fastaug::uint16_t>>)
FASTAUG_CUDA_KERNEL(resize_item_4, ResizeLine<fastaug::ByCopy<fastaug::uint32_t>>)
FASTAUG_CUDA_KERNEL(resize_item_8, ResizeLine<fastaug::ByCopy<fastaug::uint64_t>>)
