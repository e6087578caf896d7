// Sharpening: a row of sums of columns at a time, and from those the row of the output.
#include "../ops/sharpen.hpp"

#include "cover.hpp"
#include "kernels.hpp"
#include "rows.hpp"
#include "vector/store_pixels.hpp"

FASTAUG_BEGIN
namespace {

// What sums of columns are kept as.
template <class T>
struct ColumnSum {
  using type = typename Compute<T>::type;
};
template <>
struct ColumnSum<uint8_t> {
  using type = uint16_t;
};

template <class T, class S>
void sum_columns(const T* above, const T* here, const T* below, int64_t count, S* __restrict to) {
  for (int64_t i = 0; i < count; ++i)
    to[i] = static_cast<S>(sharpen_column<S>(above[i], here[i], below[i]));
}

template <class T>
class Sharpen {
  using Real = typename Compute<T>::type;
  using Sum = typename ColumnSum<T>::type;
  using V = typename ComputeLanes<T>::type;
  static constexpr int lanes = ComputeLanes<T>::count;

 public:
  Sharpen(const SharpenArgs& args, int64_t image)
      : shares_(sharpen_shares<Real>(args.factor[image])),
        range_{static_cast<T>(args.low), static_cast<T>(args.high), true},
        channels_(args.in.c),
        count_(args.in.w * args.in.c),
        sums_(row_buffer<Sum>(Slot::levels, args.in)) {}

  // Pixels that lack neighbours.
  void keep(const T* from, int64_t begin, int64_t end, T* to) const {
    for (int64_t i = begin; i < end; ++i) to[i] = to_pixel(static_cast<Real>(from[i]), range_);
  }

  void row(const T* above, const T* here, const T* below, T* to) const {
    sum_columns(above, here, below, count_, sums_);
    const int64_t c = channels_;
    const Sum* sums = sums_ + c;
    const T* from = here + c;
    T* inside = to + c;
    cover<lanes>(
        to_alignment<lanes>(inside), count_ - 2 * c,
        [&](auto registers, int64_t first) {
          for (int u = 0; u < registers.value; ++u) {
            const int64_t i = first + u * lanes;
            if (u * lanes * sizeof(T) % 64 == 0) prefetch_write(inside + i);
            const V made = sharpen(load_as<V>(from + i), load_as<V>(sums + i - c),
                                   load_as<V>(sums + i), load_as<V>(sums + i + c), shares_);
            store_pixels(made, range_, inside + i);
          }
        },
        [&](int64_t i) {
          const auto sum = [&](int64_t at) { return static_cast<Real>(sums[at]); };
          inside[i] = to_pixel(
              sharpen(static_cast<Real>(from[i]), sum(i - c), sum(i), sum(i + c), shares_), range_);
        });
    keep(here, 0, c, to);
    keep(here, count_ - c, count_, to);
  }

 private:
  SharpenShares<Real> shares_;
  ValueRange<T> range_;
  int64_t channels_, count_;
  Sum* sums_;
};

template <class T>
void sharpen_rows(const SharpenArgs& args, Rows rows) {
  const Plane<T> image = read_image<T>(args.in, rows.image, false);
  const Sharpen<T> op(args, rows.image);
  const bool alpha = args.keeps_alpha && args.in.c == 4;
  const int64_t count = image.w * image.c;
  T* buffer = row_buffer<T>(Slot::stage, args.out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    const T* here = image.row(y);
    T* to = begin_row(args.out, rows.image, y, buffer);
    if (y == 0 || y == image.h - 1 || image.w < 3)
      op.keep(here, 0, count, to);
    else
      op.row(image.row(y - 1), here, image.row(y + 1), to);
    for (int64_t i = 3; i < count && alpha; i += 4) to[i] = here[i];
    finish_row(args.out, rows.image, y, to);
  }
}

}  // namespace

void sharpen(const SharpenArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return sharpen_rows<uint8_t>(args, rows);
    case DType::u16:
      return sharpen_rows<uint16_t>(args, rows);
    case DType::f32:
      return sharpen_rows<float>(args, rows);
    default:
      return sharpen_rows<double>(args, rows);
  }
}

FASTAUG_END
