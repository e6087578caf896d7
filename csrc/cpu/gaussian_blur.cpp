// Gaussian blur, a row of the output at a time: the rows around it summed up into one row that
// stays in cache, and that row, with its borders, summed up across. No image lies between the two.
#include "../ops/gaussian_blur.hpp"

#include "cover.hpp"
#include "kernels.hpp"
#include "rows.hpp"
#include "table.hpp"
#include "vector/load_as.hpp"
#include "vector/words.hpp"

FASTAUG_BEGIN
namespace {

// Where the neighbours of a row of elements are: `at(k)` has those k away, to either side.
template <class T>
struct Down {
  const T* const* line;
  const T* next;  // a row that is not needed yet
  const T* at(int64_t k) const { return line[k]; }
};

template <class T>
struct Across {
  const T* middle;
  int64_t channels;
  const T* at(int64_t k) const { return middle + k * channels; }
};

// Asks for memory that will be read, or written, so that nobody waits for it.
template <class T, class To>
__attribute__((always_inline)) inline void ahead(Down<T> from, To*, int64_t i) {
  __builtin_prefetch(from.next + i);
}
template <class T, class To>
__attribute__((always_inline)) inline void ahead(Across<T>, To* to, int64_t) {
  prefetch_write(to);
}

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
T* memory(Slot slot, int64_t count) {
  return static_cast<T*>(scratch(slot, static_cast<std::size_t>(count) * sizeof(T)));
}

template <class T>
void blur_rows(const GaussianBlurArgs& args, Rows rows) {
  using Stage = typename Blur<T>::Stage;
  const Plane<T> image = read_image<T>(args.in, rows.image, false);
  const int64_t channels = image.c, width = image.w, count = width * channels;
  auto* weights = memory<typename Blur<T>::Sum>(Slot::table, 2 * args.taps);
  for (int64_t k = 0; k < 2 * args.taps; ++k)
    weights[k] = static_cast<typename Blur<T>::Sum>(args.weights[2 * args.taps * rows.image + k]);
  const int64_t* radii = args.radii + 2 * rows.image;
  const Taps<T> down{weights, radii[0]}, across{weights + args.taps, radii[1]};

  const T beyond = constant_pixel<T>(args.cval);
  T* outside = memory<T>(Slot::row, count);
  if (args.border == Border::constant)
    for (int64_t i = 0; i < count; ++i) outside[i] = beyond;
  // The row between the directions starts as far from a register as the images do.
  constexpr int lanes = Registers<T>::lanes;
  const int64_t margin = (across.radius * channels / lanes + 2) * lanes;
  Stage* padded = memory<Stage>(Slot::padded, margin + count + margin);
  Stage* middle = nullptr;
  const T** lines = memory<const T*>(Slot::lines, 2 * down.radius + 1);
  T* buffer = row_buffer<T>(Slot::stage, args.out);

  // A border of pixels [x, stop) of the row in the middle.
  const auto border = [&](int64_t x, int64_t stop) {
    for (; x < stop; ++x) {
      const int64_t from = map_border(x, width, args.border);
      for (int64_t c = 0; c < channels; ++c)
        middle[x * channels + c] =
            from < 0 ? Blur<T>::outside(beyond) : middle[from * channels + c];
    }
  };
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    T* to = begin_row(args.out, rows.image, y, buffer);
    for (int64_t k = -down.radius; k <= down.radius; ++k) {
      const int64_t from = map_border(y + k, image.h, args.border);
      lines[down.radius + k] = from < 0 ? outside : image.row(from);
    }
    const int64_t first = to_alignment<lanes>(lines[down.radius]);
    middle = padded + margin - first;
    sum_row<T>(Down<T>{lines + down.radius, image.row(smaller(y + down.radius + 2, image.h - 1))},
               down, first, count, middle);
    border(-across.radius, 0);
    border(width, width + across.radius);
    sum_row<T>(Across<Stage>{middle, channels}, across, to_alignment<lanes>(to), count, to);
    finish_row(args.out, rows.image, y, to);
  }
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
