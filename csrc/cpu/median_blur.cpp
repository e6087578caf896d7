// Median blur: windows of 3, 5 and 7 by networks that sort registers, large ones of bytes by
// histograms, and all others by asking, bit by bit, how many pixels are less.
#include "../ops/median_blur.hpp"

#include "kernels.hpp"
#include "median_histogram.hpp"
#include "morphology_keys.hpp"
#include "padded_rows.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
using KeyOf = typename MorphologyKey<T>::type;

template <class T>
struct MakeKey {
  KeyOf<T> operator()(T v) const { return MorphologyKey<T>::from(v, false); }
};

template <class T>
using Keys = PaddedRows<T, KeyOf<T>, MakeKey<T>>;

template <class T>
void store_medians(T* to, Lanes<KeyOf<T>> keys) {
  store_lanes(to, from_keys<T>(keys));
}
template <class T>
void store_medians(T* to, KeyOf<T> key) {
  *to = MorphologyKey<T>::to(key);
}

// The median, but for a greatest that says there is a NaN.
template <class T, class V>
V unless_nan(V median, V greatest) {
  if constexpr (has_nan<T>) return greatest == MorphologyKey<T>::most + V{} ? greatest : median;
  return median;
}

template <class V, class K>
V load_keys(const K* p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// Sorts so many rows column by column.
template <int size, class K>
void sort_columns(const K* const* rows, int64_t count, K* const* to) {
  const auto sort_some = [&](auto v, int64_t i) {
    using V = decltype(v);
    V column[size];
#pragma GCC unroll 8
    for (int r = 0; r < size; ++r) column[r] = load_keys<V>(rows[r] + i);
    sort(column);
#pragma GCC unroll 8
    for (int r = 0; r < size; ++r) std::memcpy(to[r] + i, &column[r], sizeof(V));
  };
  cover<lanes<K>>(
      to_alignment<lanes<K>>(rows[0]), count,
      [&](auto registers, int64_t i) {
        for (int u = 0; u < registers.value; ++u) sort_some(Lanes<K>{}, i + u * lanes<K>);
      },
      [&](int64_t i) { sort_some(K{}, i); });
}

template <int size, class T, class K>
void medians_of_columns(const K* const* sorted, int64_t channels, int64_t count, T* to) {
  const auto find_some = [&](auto v, int64_t i) {
    using V = decltype(v);
    V row[size][size];
#pragma GCC unroll 8
    for (int r = 0; r < size; ++r)
#pragma GCC unroll 8
      for (int x = 0; x < size; ++x) row[r][x] = load_keys<V>(sorted[r] + i + x * channels);
    V greatest = row[size - 1][0];
#pragma GCC unroll 8
    for (int x = 1; x < size; ++x) greatest = larger(greatest, row[size - 1][x]);
    store_medians<T>(to + i, unless_nan<T>(median_of_columns(row), greatest));
  };
  cover<lanes<K>>(
      to_alignment<lanes<K>>(to), count,
      [&](auto registers, int64_t i) {
        for (int u = 0; u < registers.value; ++u) {
          prefetch_write(to + i + u * lanes<K>);
          find_some(Lanes<K>{}, i + u * lanes<K>);
        }
      },
      [&](int64_t i) { find_some(K{}, i); });
}

template <int size, class T>
void sort_windows(const MedianBlurArgs& args, Rows rows) {
  using K = KeyOf<T>;
  constexpr int64_t radius = size / 2;
  const int64_t c = args.in.c, count = args.in.w * c, wide = count + 2 * radius * c;
  Keys<T> keys(args, rows.image, {-radius, radius, -radius, radius}, {});
  // Sorted rows start as far from a register as the rows that they are made from.
  const int64_t start = (lanes<K> - radius * c % lanes<K>) % lanes<K>;
  const int64_t stride = (start + wide + lanes<K> - 1) / lanes<K> * lanes<K>;
  K* memory_of_all = memory<K>(Slot::levels, size * stride) + start;
  K* sorted[size];
  for (int r = 0; r < size; ++r) sorted[r] = memory_of_all + r * stride;
  T* buffer = row_buffer<T>(Slot::stage, args.out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    keys.reach(y);
    const K* around[size];
    for (int r = 0; r < size; ++r) around[r] = keys.row(y + r - radius) - radius * c;
    sort_columns<size>(around, wide, sorted);
    T* to = begin_row(args.out, rows.image, y, buffer);
    medians_of_columns<size>(sorted, c, count, to);
    finish_row(args.out, rows.image, y, to);
  }
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
  const Words rank = static_cast<Word>(size * size / 2) + Words{};
  V found[n], greatest[n];
  for (int u = 0; u < n; ++u) found[u] = greatest[u] = least;
  for (int bit = 8 * sizeof(K) - 1; bit >= 0; --bit) {
    V next[n];
    Words less[n];
    for (int u = 0; u < n; ++u) {
      next[u] = bit_cast<V>(bit_cast<Words>(found[u]) + static_cast<Word>(Word{1} << bit));
      less[u] = Words{};
    }
    each([&](int u, V keys) { less[u] -= bit_cast<Words>(keys < next[u]); });
    for (int u = 0; u < n; ++u) found[u] = less[u] <= rank ? next[u] : found[u];
  }
  if (has_nan<T>) each([&](int u, V keys) { greatest[u] = larger(greatest[u], keys); });
  for (int u = 0; u < n; ++u)
    store_medians<T>(to + i + u * lanes<K>, unless_nan<T>(found[u], greatest[u]));
}

template <class T>
void select_windows(const MedianBlurArgs& args, Rows rows, int64_t size) {
  using K = KeyOf<T>;
  const int64_t c = args.in.c, count = args.in.w * c, radius = size / 2;
  Keys<T> keys(args, rows.image, {-radius, radius, -radius, radius}, {});
  const K** around = memory<const K*>(Slot::lines, size);
  T* buffer = row_buffer<T>(Slot::stage, args.out);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    keys.reach(y);
    for (int64_t r = 0; r < size; ++r) around[r] = keys.row(y + r - radius) - radius * c;
    T* to = begin_row(args.out, rows.image, y, buffer);
    cover<lanes<K>>(
        0, count,
        [&](auto registers, int64_t i) { select<T, registers.value>(around, size, c, i, to); },
        [&](int64_t i) {
          to[i] =
              selected_median<T>(size, [&](int64_t r, int64_t x) { return around[r][i + x * c]; });
        });
    finish_row(args.out, rows.image, y, to);
  }
}

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
  if (sizeof(T) == 1 && size * size > 3 * register_bytes)
    follow_histograms(args, rows, size);
  else
    select_windows<T>(args, rows, size);  // of bytes, so few that a byte counts them
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
