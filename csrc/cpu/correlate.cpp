// Correlation: a row of the output at a time, from rows of numbers that are made once each.
#include "../ops/correlate.hpp"

#include "kernels.hpp"
#include "padded_rows.hpp"
#include "vector/store_pixels.hpp"

FASTAUG_BEGIN
namespace {

template <class Real>
Around around_of(CorrelateTaps<Real> taps) {
  Around all{0, 0, 0, 0};
  for (int64_t t = 0; t < taps.count; ++t) {
    const int64_t down = taps.offset[2 * t], right = taps.offset[2 * t + 1];
    all = {smaller(all.top, down), larger(all.bottom, down), smaller(all.left, right),
           larger(all.right, right)};
  }
  return all;
}

// `Taps` of them, or as many as there are if that is 0.
template <int Taps, class T, class Real>
void sum_row_of(const Real* const* rows, const Real* weights, int64_t all, int64_t count, T* to) {
  using V = typename ComputeLanes<T>::type;
  constexpr int lanes = ComputeLanes<T>::count;
  const int64_t taps = Taps > 0 ? Taps : all;
  // Copied, because stores could change what lies elsewhere.
  const Real* copied[larger(Taps, 1)];
  Real copied_weights[larger(Taps, 1)];
  for (int64_t t = 0; t < Taps; ++t) copied[t] = rows[t], copied_weights[t] = weights[t];
  const Real* const* from = Taps > 0 ? copied : rows;
  const Real* weight = Taps > 0 ? copied_weights : weights;
  cover<lanes>(
      to_alignment<lanes>(to), count,
      [&](auto registers, int64_t i) __attribute__((always_inline)) {
        constexpr int n = registers.value;
        V sums[n] = {};
        for (int u = 0; u < n && taps > 0; ++u)
          sums[u] = weight[0] * load_as<V>(from[0] + i + u * lanes);
#pragma GCC unroll 9
        for (int64_t t = 1; t < taps; ++t)
          for (int u = 0; u < n; ++u)
            sums[u] = sums[u] + weight[t] * load_as<V>(from[t] + i + u * lanes);
        for (int u = 0; u < n; ++u) {
          if (u * lanes * sizeof(T) % 64 == 0) prefetch_write(to + i + u * lanes);
          store_pixels(sums[u], whole_range<T>(), to + i + u * lanes);
        }
      },
      [&](int64_t i) {
        const auto at = [&](int64_t t) { return from[t][i]; };
        to[i] = to_pixel(correlate_sum<Real>(weight, taps, at), whole_range<T>());
      });
}

template <class T, class Real>
void sum_row(const Real* const* from, const Real* weight, int64_t taps, int64_t count, T* to) {
  if (taps == 9) return sum_row_of<9>(from, weight, taps, count, to);
  sum_row_of<0>(from, weight, taps, count, to);
}

template <class T>
void correlate_rows(const CorrelateArgs& args, Rows rows) {
  using Real = typename Compute<T>::type;
  const CorrelateTaps<Real> taps = taps_of<Real>(args, rows.image);
  const auto number = [](T v) { return static_cast<Real>(v); };
  PaddedRows<T, Real, decltype(number)> numbers(args, rows.image, around_of(taps), number);
  const Real** from = memory<const Real*>(Slot::lines, taps.count);
  T* buffer = row_buffer<T>(Slot::stage, args.out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    numbers.reach(y);
    for (int64_t t = 0; t < taps.count; ++t)
      from[t] = numbers.row(y + taps.offset[2 * t]) + taps.offset[2 * t + 1] * args.in.c;
    T* to = begin_row(args.out, rows.image, y, buffer);
    sum_row(from, taps.weight, taps.count, args.in.w * args.in.c, to);
    finish_row(args.out, rows.image, y, to);
  }
}

}  // namespace

void correlate(const CorrelateArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return correlate_rows<uint8_t>(args, rows);
    case DType::u16:
      return correlate_rows<uint16_t>(args, rows);
    case DType::f32:
      return correlate_rows<float>(args, rows);
    default:
      return correlate_rows<double>(args, rows);
  }
}

FASTAUG_END
