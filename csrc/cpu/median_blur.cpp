// Median blur: windows of 3, 5 and 7 by networks that sort registers, large ones of bytes by
// histograms, and all others by asking, bit by bit, how many pixels are less.
#include "../ops/median_blur.hpp"

#include "kernels.hpp"
#include "median_histogram.hpp"
#include "morphology_keys.hpp"
#include "padded_rows.hpp"
#include "put_row.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
using KeyOf = typename MorphologyKey<T>::type;

// What is sorted for pixels of type T: keys, which have an order for all of them.
template <class Type>
struct AsKeys {
  using T = Type;
  using K = KeyOf<T>;
  static constexpr bool takes_all = true;
  bool* fits;
  K operator()(T v) const { return MorphologyKey<T>::from(v, false); }
};

// Or floats as they are, where none is NaN or a zero below zero: so their order is one, too,
// nothing is turned into keys and back, and some processors choose twice as many floats at a time
// as integers.
struct AsFloats {
  using T = float;
  using K = float;
  static constexpr bool takes_all = false;
  bool* fits;  // whether all rows so far are such
  K operator()(float v) const { return v; }

  static bool takes(float v) { return v == v && bit_cast<int32_t>(v) != bit_cast<int32_t>(-0.0f); }
};

inline void make_numbers(const float* from, float* to, int64_t count, AsFloats form) {
  if (count < lanes<float>) {
    for (int64_t i = 0; i < count; ++i) *form.fits &= AsFloats::takes(to[i] = from[i]);
    return;
  }
  using Bits = Lanes<int32_t>;
  Bits lowest = {}, greatest = {};
  each_lanes<float>(count, [&](int64_t at) {
    const Lanes<float> v = load_lanes(from + at);
    store_lanes(to + at, v);
    const Bits bits = bit_cast<Bits>(v);
    lowest = smaller(lowest, bits);
    greatest = larger(greatest, bits & 0x7fffffff);
  });
  const int32_t zero = bit_cast<int32_t>(-0.0f), infinity = 0x7f800000;
  if (any_negative((lowest == zero) | (greatest > infinity))) *form.fits = false;
}

template <class Form>
void store_medians(typename Form::T* to, Lanes<typename Form::K> found) {
  if constexpr (Form::takes_all)
    store_lanes(to, from_keys<typename Form::T>(found));
  else
    store_lanes(to, found);
}

// The median, but for a greatest that says there is a NaN.
template <class Form, class V>
V unless_nan(V median, V greatest) {
  using T = typename Form::T;
  if constexpr (has_nan<T> && Form::takes_all)
    return greatest == MorphologyKey<T>::most + V{} ? greatest : median;
  return median;
}

// What `cover` would do with less than a register: there is none here.
constexpr auto never = [](int64_t) {};

// Calls find(around, length, to) with the rows that the windows of a row of medians look at. Ends
// before the first row that looks at what the form does not take, and gives it back.
//
// So many rows go `together`, as one long row: of each what lies beside it is part, and the medians
// there are made but never read. Narrow rows fill registers that way, which one of them would not.
template <class Form, class Find>
int64_t each_row_of_windows(const MedianBlurArgs& args, Rows rows, int64_t size, int64_t together,
                            Find find) {
  using T = typename Form::T;
  using K = typename Form::K;
  const int64_t c = args.in.c, count = args.in.w * c, radius = size / 2;
  const int64_t wide = count + 2 * radius * c;
  if constexpr (!Form::takes_all) {
    const T outside = constant_pixel<T>(args.cval);
    if (args.border == Border::constant && !Form::takes(outside)) return rows.begin;
  }
  bool fits = true;
  PaddedRows<T, K, Form> keys(args, rows.image, {-radius, radius, -radius, radius}, {&fits},
                              together);
  const K** around = memory<const K*>(Slot::lines, size);
  const bool direct = together == 1 && count >= lanes<K> && rows_are_plain(args.out);
  T* buffer = memory<T>(Slot::stage, together * wide + lanes<K>);
  for (int64_t y = rows.begin; y < rows.end; y += together) {
    const int64_t n = smaller(together, rows.end - y);
    keys.reach(y, n);
    if (!fits) return y;
    for (int64_t r = 0; r < size; ++r) around[r] = keys.row(y + r - radius) - radius * c;
    const int64_t length = larger((n - 1) * wide + count, lanes<K>);
    find(around, length,
         direct ? reinterpret_cast<T*>(row_address(args.out, rows.image, y)) : buffer);
    if (direct) continue;
    for (int64_t k = 0; k < n; ++k) put_row(args.out, rows.image, y + k, buffer + k * wide);
  }
  return rows.end;
}

// How many rows go together at most, so that their keys stay near.
template <class T>
int64_t most_together(const MedianBlurArgs& args, Rows rows, int64_t size) {
  const int64_t wide = (args.in.w + size - 1) * args.in.c;
  return smaller(larger(4096 / static_cast<int64_t>(sizeof(T)) / wide, int64_t{1}),
                 rows.end - rows.begin);
}

// Sorts so many rows column by column.
template <int size, class K>
__attribute__((always_inline)) inline void sort_columns(const K* const* rows, int64_t count,
                                                        K* const* to) {
  const auto sort_some = [&](int64_t i) __attribute__((always_inline)) {
    Lanes<K> column[size];
#pragma GCC unroll 8
    for (int r = 0; r < size; ++r) column[r] = load_lanes(rows[r] + i);
    sort(column);
#pragma GCC unroll 8
    for (int r = 0; r < size; ++r) store_lanes(to[r] + i, column[r]);
  };
  cover<lanes<K>>(
      to_alignment<lanes<K>>(rows[0]), count,
      [&](auto registers, int64_t i) {
        for (int u = 0; u < registers.value; ++u) sort_some(i + u * lanes<K>);
      },
      never);
}

template <int size, class Form, class K, class T>
__attribute__((always_inline)) inline void medians_of_columns(const K* const* sorted,
                                                              int64_t channels, int64_t count,
                                                              T* to) {
  const auto find_some = [&](int64_t i) __attribute__((always_inline)) {
    using V = Lanes<K>;
    V row[size][size];
#pragma GCC unroll 8
    for (int r = 0; r < size; ++r)
#pragma GCC unroll 8
      for (int x = 0; x < size; ++x) row[r][x] = load_lanes(sorted[r] + i + x * channels);
    V greatest = row[size - 1][0];
#pragma GCC unroll 8
    for (int x = 1; x < size; ++x) greatest = larger(greatest, row[size - 1][x]);
    store_medians<Form>(to + i, unless_nan<Form>(median_of_columns(row), greatest));
  };
  cover<lanes<K>>(
      to_alignment<lanes<K>>(to), count,
      [&](auto registers, int64_t i) {
        for (int u = 0; u < registers.value; ++u) {
          prefetch_write(to + i + u * lanes<K>);
          find_some(i + u * lanes<K>);
        }
      },
      never);
}

template <int size, class Form>
int64_t sort_rows(const MedianBlurArgs& args, Rows rows) {
  using T = typename Form::T;
  using K = typename Form::K;
  const int64_t c = args.in.c, beside = (size - 1) * c;
  // In longer rows less is lost at their ends than by another copy.
  constexpr int64_t narrow = sizeof(T) == 1 ? 512 : 256 / sizeof(T);
  const int64_t together = args.in.w * c <= narrow ? most_together<T>(args, rows, size) : 1;
  const int64_t stride = (together * (args.in.w * c + beside) / lanes<K> + 3) * lanes<K>;
  constexpr int64_t piece = 4096 / sizeof(K);
  K* const lines = memory<K>(Slot::levels, size * stride);
  return each_row_of_windows<Form>(
      args, rows, size, together, [&](const K* const* around, int64_t length, T* to) {
        // Sorted rows start as far from a register as the rows that they are made from.
        const int64_t start = lanes<K> - to_alignment<lanes<K>>(around[0]);
        // Of long rows a piece after the other, so that what is sorted stays next to the core.
        for (int64_t at = 0, n; at < length; at += n) {
          n = length - at < piece + lanes<K> ? length - at : piece;
          // Copied, because stores of bytes could change what lies elsewhere.
          const K* from[size];
          K* sorted[size];
          for (int r = 0; r < size; ++r)
            from[r] = around[r] + at, sorted[r] = lines + r * stride + start;
          sort_columns<size>(from, n + beside, sorted);
          medians_of_columns<size, Form>(sorted, c, n, to + at);
        }
      });
}

template <int size, class T>
void sort_windows(const MedianBlurArgs& args, Rows rows) {
  if constexpr (dtype_of<T> == DType::f32) rows.begin = sort_rows<size, AsFloats>(args, rows);
  if (rows.begin < rows.end) sort_rows<size, AsKeys<T>>(args, rows);
}

// The key in the middle of a window: all keys of so many bits, tried from the first bit on.
template <class T, int n, class K>
void select(const K* const* rows, int64_t size, int64_t channels, int64_t i, T* to) {
  using V = Lanes<K>;
  using Word = decltype(word_of(K{}));
  using Words = Lanes<Word>;
  const auto each = [&](auto use) {
    for (int64_t r = 0; r < size; ++r)
      for (int64_t x = 0; x < size; ++x)
#pragma GCC unroll 4
        for (int u = 0; u < n; ++u) use(u, load_lanes(rows[r] + i + x * channels + u * lanes<K>));
  };
  const V least = least_key<T>() + V{};
  // Each scalar has its type before it meets a vector: under a sanitizer, GCC takes no cast there.
  const Word middle = static_cast<Word>(size * size / 2);
  const Words rank = middle + Words{};
  V found[n], greatest[n];
  for (int u = 0; u < n; ++u) found[u] = greatest[u] = least;
  for (int bit = 8 * sizeof(K) - 1; bit >= 0; --bit) {
    const Word step = static_cast<Word>(Word{1} << bit);
    V next[n];
    Words less[n];
    for (int u = 0; u < n; ++u) {
      next[u] = bit_cast<V>(bit_cast<Words>(found[u]) + step);
      less[u] = Words{};
    }
    each([&](int u, V keys) { less[u] -= bit_cast<Words>(keys < next[u]); });
    for (int u = 0; u < n; ++u) found[u] = less[u] <= rank ? next[u] : found[u];
  }
  if (has_nan<T>) each([&](int u, V keys) { greatest[u] = larger(greatest[u], keys); });
  for (int u = 0; u < n; ++u)
    store_medians<AsKeys<T>>(to + i + u * lanes<K>, unless_nan<AsKeys<T>>(found[u], greatest[u]));
}

// How to select medians, and the time that takes, in halves of what a comparison of four registers
// side by side takes for each of them. One alone takes half as much again.
struct Selecting {
  int64_t together;
  double cost;
};

template <class T>
Selecting plan_selecting(const MedianBlurArgs& args, Rows rows, int64_t size) {
  using K = KeyOf<T>;
  const int64_t height = rows.end - rows.begin;
  const auto cost_of = [&](int64_t together, int64_t count) {
    const int64_t full = count / lanes<K>, singles = full % 4 + (count % lanes<K> != 0);
    const double area = static_cast<double>(size) * static_cast<double>(size);
    return static_cast<double>(2 * (full / 4 * 4) + 3 * singles) * area * 8 * sizeof(K) *
           static_cast<double>(height) / static_cast<double>(together);
  };
  const int64_t c = args.in.c, most = most_together<T>(args, rows, size);
  const Selecting alone{1, cost_of(1, args.in.w * c)};
  const Selecting joined{most, cost_of(most, most * (args.in.w + size - 1) * c)};
  return joined.cost < alone.cost ? joined : alone;
}

template <class T>
void select_windows(const MedianBlurArgs& args, Rows rows, int64_t size, int64_t together) {
  using K = KeyOf<T>;
  each_row_of_windows<AsKeys<T>>(args, rows, size, together,
                                 [&](const K* const* around, int64_t length, T* to) {
                                   cover<lanes<K>>(
                                       0, length,
                                       [&](auto registers, int64_t i) {
                                         select<T, registers.value>(around, size, args.in.c, i, to);
                                       },
                                       never);
                                 });
}

// What a pixel takes by histograms, in the units of `Selecting`.
constexpr double histogram_cost = register_bytes == 64 ? 44 : register_bytes == 32 ? 66 : 144;

void follow_histograms(const MedianBlurArgs& args, Rows rows, int64_t size) {
  const Plane<uint8_t> image = read_image<uint8_t>(args.in, rows.image, false);
  const int64_t c = image.c, radius = size / 2;
  const uint8_t beyond = constant_pixel<uint8_t>(args.cval);
  uint8_t* outside = memory<uint8_t>(Slot::row, image.w * c);
  std::memset(outside, beyond, static_cast<std::size_t>(image.w * c));
  const auto row = [&](int64_t y) {
    const int64_t at = map_border(y, image.h, args.border);
    return at < 0 ? outside : image.row(at);
  };
  for (int64_t channel = 0; channel < c; ++channel) {
    MedianHistograms histograms(size, image.w, args.border, beyond);
    for (int64_t y = rows.begin - radius; y < rows.begin + radius; ++y)
      histograms.add_row(row(y) + channel, c);
    for (int64_t y = rows.begin; y < rows.end; ++y) {
      histograms.add_row(row(y + radius) + channel, c);
      char* to = row_address(args.out, rows.image, y) + channel * args.out.stride_c;
      histograms.medians(reinterpret_cast<uint8_t*>(to), args.out.stride_w);
      histograms.take_row(row(y - radius) + channel, c);
    }
  }
}

template <class T>
void median_rows(const MedianBlurArgs& args, Rows rows) {
  const int64_t size = args.sizes[rows.image];
  if (size == 3) return sort_windows<3, T>(args, rows);
  if (size == 5) return sort_windows<5, T>(args, rows);
  if (size == 7) return sort_windows<7, T>(args, rows);
  const Selecting plan = plan_selecting<T>(args, rows, size);
  if (sizeof(T) == 1) {
    // A byte counts up to 255 pixels of a window.
    const double pixels = static_cast<double>((rows.end - rows.begin) * args.in.w * args.in.c);
    if (size * size > 255 || plan.cost > histogram_cost * pixels)
      return follow_histograms(args, rows, size);
  }
  select_windows<T>(args, rows, size, plan.together);
}

}  // namespace

void median_blur(const MedianBlurArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return median_rows<uint8_t>(args, rows);
    case DType::u16:
      return median_rows<uint16_t>(args, rows);
    case DType::f32:
      return median_rows<float>(args, rows);
    default:
      return median_rows<double>(args, rows);
  }
}

FASTAUG_END
