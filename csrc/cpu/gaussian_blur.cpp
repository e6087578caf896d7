// Gaussian blur, a row of the output at a time: the rows around it summed up into one row that
// stays in cache, and that row, with its borders, summed up across. No image lies between the two.
#include "../ops/gaussian_blur.hpp"

#include "kernels.hpp"
#include "separable.hpp"
#include "table.hpp"
#include "vector/load_as.hpp"
#include "vector/shorts.hpp"

FASTAUG_BEGIN
namespace {

// The weights of one direction.
template <class T>
struct Taps {
  const typename Blur<T>::Sum* weight;
  int64_t radius;
};

// With a radius known to the compiler, which unrolls what runs over it.
template <class T, int fixed>
struct FixedTaps : Taps<T> {
  static constexpr int64_t radius = fixed;
};

// The sum of one element.
template <class T, class From>
typename Blur<T>::Sum sum_of(From from, Taps<T> taps, int64_t i) {
  using Sum = typename Blur<T>::Sum;
  const auto at = [&](int64_t k) { return static_cast<Sum>(from.at(k)[i]); };
  Sum sum = Blur<T>::middle(taps.weight[0], at(0));
  for (int64_t k = taps.radius; k > 0; --k) sum += Blur<T>::pair(taps.weight[k], at(-k), at(k));
  return sum;
}

// The sums of registers of floats from i on.
template <class T, class V, int n, class From, class Some>
void add_up(From from, Some taps, int64_t i, V (&sums)[n]) {
  constexpr int lanes = sizeof(V) / sizeof(*taps.weight);
  const auto* middle = from.at(0) + i;
  for (int u = 0; u < n; ++u)
    sums[u] = Blur<T>::middle(taps.weight[0], load_as<V>(middle + u * lanes));
  for (int64_t k = taps.radius; k > 0; --k) {
    const auto *a = from.at(-k) + i, *b = from.at(k) + i;
    for (int u = 0; u < n; ++u)
      sums[u] +=
          Blur<T>::pair(taps.weight[k], load_as<V>(a + u * lanes), load_as<V>(b + u * lanes));
  }
}

// Of bytes: pairs are added as words, and two pairs multiplied and added at once.
template <class T, int n, class From, class Some>
void add_up(From from, Some taps, int64_t i, WordSums (&sums)[n]) {
  const auto words = [&](int64_t k, int u) { return load_words(from.at(k) + i + u * word_lanes); };
  const auto multiply = [&](int64_t k, int64_t l, int32_t second) {
    const WordSum weights = WordSum{} + (taps.weight[k] | second * 65536);
    for (int u = 0; u < n; ++u)
      multiply_add(sums[u], words(-k, u) + words(k, u), words(-l, u) + words(l, u), weights);
  };
  for (int u = 0; u < n; ++u) sums[u] = WordSums{};
  int64_t k = taps.radius;
  for (; k > 0; k -= 2) multiply(k, k - 1, taps.weight[k - 1]);
  if (k == 0) multiply(0, 0, 0);
}

void put(int32_t sum, int16_t* to) { *to = Blur<uint8_t>::stage(sum); }
void put(int32_t sum, uint8_t* to) { *to = Blur<uint8_t>::pixel(sum); }
void put(WordSums sums, int16_t* to) {
  store_words(to, narrow({Blur<uint8_t>::half_way(sums.low), Blur<uint8_t>::half_way(sums.high)}));
}
void put(WordSums sums, uint8_t* to) {
  store_bytes(to, narrow({Blur<uint8_t>::rounded(sums.low), Blur<uint8_t>::rounded(sums.high)}));
}
void put(Floats sums, uint16_t* to) {
  for (int i = 0; i < register_bytes / 4; ++i) to[i] = Blur<uint16_t>::pixel(sums[i]);
}
void put(float sum, uint16_t* to) { *to = Blur<uint16_t>::pixel(sum); }
template <class S, class To>
void put(S sums, To* to) {
  std::memcpy(to, &sums, sizeof sums);
}

template <class T>
struct Registers {
  typedef Floats Sums;
  static constexpr int lanes = register_bytes / 4;
};
template <>
struct Registers<uint8_t> {
  typedef WordSums Sums;
  static constexpr int lanes = word_lanes;
};
template <>
struct Registers<double> {
  typedef Doubles Sums;
  static constexpr int lanes = register_bytes / 8;
};

// A row of sums, as what comes between the two directions or as pixels.
template <class T, class From, class Some, class To>
void sum_all(From from, Some taps, int64_t first, int64_t count, To* to) {
  constexpr int lanes = Registers<T>::lanes;
  cover<lanes>(
      first, count,
      [&](auto registers, int64_t i) {
        typename Registers<T>::Sums sums[registers.value];
        add_up<T>(from, taps, i, sums);
        for (int u = 0; u < registers.value; ++u) {
          if (sizeof(*to) * lanes == 64 || u % 2 == 0)
            ahead(from, to + i + u * lanes, i + u * lanes);
          put(sums[u], to + i + u * lanes);
        }
      },
      [&](int64_t i) { put(sum_of(from, taps, i), to + i); });
}

template <class T, class From, class To>
void sum_row(From from, Taps<T> taps, int64_t first, int64_t count, To* to) {
  switch (taps.radius) {
    case 1:
      return sum_all<T>(from, FixedTaps<T, 1>{taps}, first, count, to);
    case 2:
      return sum_all<T>(from, FixedTaps<T, 2>{taps}, first, count, to);
    case 3:
      return sum_all<T>(from, FixedTaps<T, 3>{taps}, first, count, to);
    default:
      return sum_all<T>(from, taps, first, count, to);
  }
}

template <class T>
void blur_rows(const GaussianBlurArgs& args, Rows rows) {
  using Sum = typename Blur<T>::Sum;
  using Stage = typename Blur<T>::Stage;
  constexpr int lanes = Registers<T>::lanes;
  auto* weights = memory<Sum>(Slot::table, 2 * args.taps);
  for (int64_t k = 0; k < 2 * args.taps; ++k)
    weights[k] = static_cast<Sum>(args.weights[2 * args.taps * rows.image + k]);
  const int64_t* radii = args.radii + 2 * rows.image;
  const Taps<T> down{weights, radii[0]}, across{weights + args.taps, radii[1]};
  const T beyond = constant_pixel<T>(args.cval);
  separable_rows<T, Stage, lanes>(
      args, rows, {{-down.radius, 2 * down.radius + 1}, {-across.radius, 2 * across.radius + 1}},
      beyond, Blur<T>::outside(beyond),
      [&](Down<T> from, int64_t first, int64_t count, Stage* to) {
        sum_row<T>(from, down, first, count, to);
      },
      [&](Across<Stage> from, int64_t first, int64_t count, T* to) {
        sum_row<T>(from, across, first, count, to);
      });
}

}  // namespace

void gaussian_blur(const GaussianBlurArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return blur_rows<uint8_t>(args, rows);
    case DType::u16:
      return blur_rows<uint16_t>(args, rows);
    case DType::f32:
      return blur_rows<float>(args, rows);
    default:
      return blur_rows<double>(args, rows);
  }
}

FASTAUG_END
