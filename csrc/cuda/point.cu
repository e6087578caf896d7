// Values by themselves. Where an op looks at whole images, a row belongs to as many threads as
// there are partial sums, so that what it adds up to is made in the fixed order; the rows of an
// image are then taken together by one thread, in theirs.
#include "../ops/point.hpp"
#include "map.hpp"

FASTAUG_BEGIN

// Of one kind where that is known, else -1.
template <class T, int Kind = -1>
struct PointOp {
  using Args = PointPassArgs;
  PointNumbers<T> numbers;
  bool alpha;

  static FASTAUG_FN const PointArgs& batches(const Args& a) { return a.all; }
  static FASTAUG_FN PointOp of(const Args& args, int64_t image) {
    const PointArgs& a = args.all;
    const Point op = Kind < 0 ? a.op : static_cast<Point>(Kind);
    PointOp made = {point_numbers<T>(a, image), a.keeps_alpha && a.in.c == 4};
    made.numbers.op = op;
    const double* found = args.found + 2 * image;
    if (op == Point::contrast) contrast_found(made.numbers, a.first[image], found[0]);
    if (op == Point::channel_shift)
      shift_found(made.numbers, static_cast<T>(found[0]), static_cast<T>(found[1]));
    return made;
  }
  FASTAUG_FN T operator()(T v, uint32_t c) const {
    PointNumbers<T> known = numbers;
    if (Kind >= 0) known.op = Kind < 4 ? static_cast<Point>(Kind) : Point::linear;
    return alpha && c == 3 ? v : point(v, known);
  }
};

template <class T>
using MapPoint = MapElements<T, T, PointOp<T>>;

constexpr int rows_together = 16;

// The row that a thread helps with, and which of its pixels are the first.
struct RowPlace {
  int64_t image, y, row, lane;

  static FASTAUG_FN RowPlace of(const Batch& b, Place place) {
    const Piece piece = piece_of(place.block, divide_up(b.h, rows_together));
    const int64_t row = place.thread / grey_lanes;
    return {piece.image, piece.piece * rows_together + row, row, place.thread % grey_lanes};
  }
};

struct RowParts {
  double of[3][rows_together][grey_lanes];
};

FASTAUG_FN double* row_result(const PointPassArgs& a, int64_t image, int64_t y) {
  return a.rows + 3 * (y * a.all.in.n + image);
}

template <class T>
struct PointSums {
  using Args = PointPassArgs;
  static constexpr int threads = grey_lanes * rows_together, phases = 2, blocks = 3;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char* shared, Place place) {
    const Batch& in = args.all.in;
    RowParts* parts = reinterpret_cast<RowParts*>(shared);
    const RowPlace at = RowPlace::of(in, place);
    if (at.y >= in.h) return;
    if (phase == 0) {
      const bool colours = has_colour(in.c);
      const int64_t channels = colours ? 3 : in.c;
      double sums[3] = {0.0, 0.0, 0.0};
      for (int64_t x = at.lane; x < in.w; x += grey_lanes)
        for (int64_t c = 0; c < channels; ++c) {
          const double v = static_cast<double>(*element<const T>(in, at.image, at.y, x, c));
          sums[0] += !colours || c == 0 ? v : 0.0;
          sums[1] += colours && c == 1 ? v : 0.0;
          sums[2] += colours && c == 2 ? v : 0.0;
        }
      for (int k = 0; k < 3; ++k) parts->of[k][at.row][at.lane] = sums[k];
    } else if (at.lane == 0) {
      for (int k = 0; k < 3; ++k)
        row_result(args, at.image, at.y)[k] = fold_grey_lanes(parts->of[k][at.row], 1);
    }
  }
};

template <class T>
struct PointExtremes {
  using Args = PointPassArgs;
  static constexpr int threads = grey_lanes * rows_together, phases = 2, blocks = 3;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char* shared, Place place) {
    const Batch& in = args.all.in;
    RowParts* parts = reinterpret_cast<RowParts*>(shared);
    const RowPlace at = RowPlace::of(in, place);
    if (at.y >= in.h) return;
    const double infinity = bit_cast<double>(int64_t{0x7ff0000000000000});
    double least = infinity, greatest = -infinity;
    if (phase == 0) {
      for (int64_t x = at.lane; x < in.w; x += grey_lanes)
        for (int64_t c = 0; c < in.c; ++c) {
          const double v = static_cast<double>(*element<const T>(in, at.image, at.y, x, c));
          least = smaller(least, v), greatest = larger(greatest, v);
        }
      parts->of[0][at.row][at.lane] = least, parts->of[1][at.row][at.lane] = greatest;
    } else if (at.lane == 0) {
      for (int k = 0; k < grey_lanes; ++k) {
        least = smaller(least, parts->of[0][at.row][k]);
        greatest = larger(greatest, parts->of[1][at.row][k]);
      }
      double* result = row_result(args, at.image, at.y);
      result[0] = least, result[1] = greatest;
    }
  }
};

struct PointFound {
  using Args = PointPassArgs;
  static constexpr int threads = 32, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char*, Place place) {
    const Batch& in = args.all.in;
    const int64_t image = place.block * threads + place.thread;
    if (image >= in.n) return;
    double* found = args.found + 2 * image;
    const double* row = row_result(args, image, 0);
    double all[3] = {row[0], row[1], row[2]};
    const bool sums = args.all.op == Point::contrast;
    for (int64_t y = 1; y < in.h; ++y) {
      row = row_result(args, image, y);
      if (sums)
        for (int k = 0; k < 3; ++k) all[k] += row[k];
      else
        all[0] = smaller(all[0], row[0]), all[1] = larger(all[1], row[1]);
    }
    found[0] = sums ? grey_mean(all, in.c, static_cast<double>(in.h * in.w)) : all[0] + 0.0;
    found[1] = all[1] + 0.0;
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(point_u8, MapPoint<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(point_u16, MapPoint<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(point_f32, MapPoint<float>)
FASTAUG_CUDA_KERNEL(point_f64, MapPoint<double>)
FASTAUG_CUDA_KERNEL(point_sums_u8, PointSums<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(point_sums_u16, PointSums<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(point_sums_f32, PointSums<float>)
FASTAUG_CUDA_KERNEL(point_sums_f64, PointSums<double>)
FASTAUG_CUDA_KERNEL(point_extremes_u8, PointExtremes<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(point_extremes_u16, PointExtremes<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(point_extremes_f32, PointExtremes<float>)
FASTAUG_CUDA_KERNEL(point_extremes_f64, PointExtremes<double>)
FASTAUG_CUDA_KERNEL(point_found, PointFound)
