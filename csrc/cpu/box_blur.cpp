// Box blur. Columns of integers keep their sums from one row to the next.
#include "../ops/box_blur.hpp"

#include "kernels.hpp"
#include "separable.hpp"
#include "table.hpp"
#include "vector/running.hpp"
#include "vector/shorts.hpp"

FASTAUG_BEGIN
namespace {

// As many sums as a register holds.
template <class S>
struct Lanes {
  typedef S Vector __attribute__((vector_size(word_bytes)));
  static constexpr int count = word_bytes / static_cast<int>(sizeof(S));
};

template <class V, class T>
V load_sums(const T* p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// A window of neighbours, and the sums of its blocks where they have been made: at(k) of those is
// the sum of a block from the neighbour k away on.
template <class From>
struct Window {
  From from, blocks;
  bool made;
  int64_t start, size;
};

// The sums of a window, in the order of `box_sum`, of registers. `Size` is that of a window within
// a block, or 0 for any. Always inlined, or the sums would be in memory.
template <int Size, class V, int n, class From>
__attribute__((always_inline)) inline void add_up(const Window<From>& window, int64_t i,
                                                  V (&sums)[n]) {
  constexpr int lanes = sizeof(V) / sizeof(sums[0][0]);
  if constexpr (Size > 0) {
    for (int k = 0; k < Size; ++k) {
      const auto* p = window.from.at(window.start + k) + i;
      for (int u = 0; u < n; ++u)
        sums[u] = k == 0 ? load_sums<V>(p + u * lanes) : sums[u] + load_sums<V>(p + u * lanes);
    }
    return;
  }
  for (int u = 0; u < n; ++u) sums[u] = V{};
  const auto add = [&](const auto* p, bool first, V(&to)[n]) {
    for (int u = 0; u < n; ++u)
      to[u] = first ? load_sums<V>(p + i + u * lanes) : to[u] + load_sums<V>(p + i + u * lanes);
  };
  int64_t begin = 0;
  if (window.made)
    for (; begin + box_block <= window.size; begin += box_block)
      add(window.blocks.at(window.start + begin), begin == 0, sums);
  for (; begin < window.size; begin += box_block) {
    const int64_t end = smaller(begin + box_block, window.size);
    V block[n] = {};
    for (int64_t k = begin; k < end; ++k) add(window.from.at(window.start + k), k == begin, block);
    for (int u = 0; u < n; ++u) sums[u] = begin == 0 ? block[u] : sums[u] + block[u];
  }
}

// From sums of windows to pixels, one by one or in registers.
template <class T, class S>
struct Mean {
  double area;
  explicit Mean(double area) : area(area) {}
  void put(S sum, T* to) const { *to = Box<T>::mean(sum, area); }
  template <class V>
  void put(V sums, T* to) const {
    for (int i = 0; i < Lanes<S>::count; ++i) put(static_cast<S>(sums[i]), to + i);
  }
};

template <class T>
struct Mean<T, T> {
  T share;
  explicit Mean(double area) : share(static_cast<T>(1.0 / area)) {}
  template <class V>
  void put(V sums, T* to) const {
    sums = sums * share;
    std::memcpy(to, &sums, sizeof sums);
  }
};

// Sums below 2^24, so those of areas below 2^16, and their quotients are as good in float: half-way
// between two integers or farther from there than a rounding. Odd areas have nothing half-way, and
// those below 2^14 nothing within the two roundings of a product.
template <>
struct Mean<uint8_t, uint32_t> {
  double area;
  bool multiplies;
  explicit Mean(double area)
      : area(area), multiplies(area < 16384.0 && static_cast<int32_t>(area) % 2 != 0) {}
  void put(uint32_t sum, uint8_t* to) const { *to = Box<uint8_t>::mean(sum, area); }
  template <class V>
  void put(V sums, uint8_t* to) const {
    const Floats magic = Floats{} + 12582912.0f;
    const Floats all = __builtin_convertvector(reinterpret_cast<Ints>(sums), Floats);
    const Floats means =
        multiplies ? all * (1.0f / static_cast<float>(area)) : all / static_cast<float>(area);
    store_bytes(to, __builtin_convertvector((means + magic) - magic, Ints));
  }
};

// Sums of 16 bits are divided by a multiplication: floor((sum + area / 2) / area) is the high part
// of (sum + area / 2) * multiplier, which is exact where the multiplier exceeds its ideal so little
// that the excess never reaches the next integer. What was half-way becomes even.
template <>
struct Mean<uint8_t, uint16_t> {
  uint32_t area, multiplier = 0, shift = 0;
  bool exact = false;

  explicit Mean(double area) : area(static_cast<uint32_t>(area)) {
    const uint32_t most = 255 * this->area + this->area / 2;
    for (; most < 65536 && !exact && shift < 9; shift += !exact) {
      multiplier = ((65536u << shift) + this->area - 1) / this->area;
      const uint64_t excess = uint64_t{multiplier} * this->area - (65536u << shift);
      exact = multiplier < 65536 && most * excess < (65536u << shift);
    }
  }
  void put(uint16_t sum, uint8_t* to) const {
    *to = Box<uint8_t>::mean(sum, static_cast<double>(area));
  }
  void put(UWords sums, uint8_t* to) const {
    const UWords raised = sums + static_cast<uint16_t>(area / 2);
    UWords q = multiply_high(raised, static_cast<uint16_t>(multiplier)) >> shift;
    if (area % 2 == 0)
      q -= reinterpret_cast<UWords>(q * static_cast<uint16_t>(area) == raised) & q & 1;
    store_bytes(to, reinterpret_cast<Words>(q));
  }
};

// A row of sums, which `put` turns into what is stored.
template <int Size, class From, class Put, class To>
void sum_row_of(const Window<From>& window, int64_t first, int64_t count, const Put& made, To* to) {
  typedef typename From::Element S;
  constexpr int lanes = Lanes<S>::count;
  cover<lanes>(
      first, count,
      [&](auto registers, int64_t i) {
        typename Lanes<S>::Vector sums[registers.value];
        add_up<Size>(window, i, sums);
        for (int u = 0; u < registers.value; ++u) {
          if (u * lanes * sizeof(To) % 64 == 0)
            ahead(window.from, to + i + u * lanes, i + u * lanes);
          made.put(sums[u], to + i + u * lanes);
        }
      },
      [&](int64_t i) {
        const auto at = [&](int64_t k) { return window.from.at(window.start + k)[i]; };
        made.put(box_sum<S>(window.size, at), to + i);
      });
}

template <class From, class Put, class To>
void sum_row(const Window<From>& window, int64_t first, int64_t count, const Put& made, To* to) {
  switch (window.size) {
    case 3:
      return sum_row_of<3>(window, first, count, made, to);
    case 5:
      return sum_row_of<5>(window, first, count, made, to);
    case 7:
      return sum_row_of<7>(window, first, count, made, to);
    case box_block:
      return sum_row_of<box_block>(window, first, count, made, to);
    default:
      return sum_row_of<0>(window, first, count, made, to);
  }
}

// Sums on their way, as they are.
template <class S>
struct Plain {
  static void put(S sum, S* to) { *to = sum; }
  template <class V>
  static void put(V sums, S* to) {
    std::memcpy(to, &sums, sizeof sums);
  }
};

// Windows of two blocks or more share the sums of those with their neighbours.
constexpr int64_t worth_blocks = 2 * box_block;

template <class T, class S>
void sum_across(Across<S> from, int64_t size, int64_t first, int64_t count, const Mean<T, S>& mean,
                T* to) {
  const int64_t start = box_start(size);
  Window<Across<S>> window{from, from, size >= worth_blocks, start, size};
  if (window.made) {
    const int64_t more = (size / box_block - 1) * box_block * from.channels;
    S* blocks = memory<S>(Slot::filtered, count + more);
    window.blocks.middle = blocks - start * from.channels;
    const Across<S> left{from.middle + start * from.channels, from.channels};
    sum_row(Window<Across<S>>{left, left, false, 0, box_block}, 0, count + more, Plain<S>{},
            blocks);
  }
  sum_row(window, first, count, mean, to);
}

// Sums that are exact follow from running sums, whatever the size: their differences.
template <class T>
void sum_running(Across<uint32_t> from, int64_t size, int64_t first, int64_t count,
                 const Mean<T, uint32_t>& mean, T* to) {
  const int64_t apart = size * from.channels;
  // Whole registers: both the margin and these sums have room for what is made too much.
  constexpr int64_t lanes = register_bytes / 4;
  const int64_t made = (count + apart - from.channels + lanes - 1) / lanes * lanes;
  uint32_t* sums = memory<uint32_t>(Slot::filtered, made + from.channels);
  for (int64_t k = 0; k < from.channels; ++k) sums[k] = 0;
  running_sums(from.middle + box_start(size) * from.channels, made, from.channels,
               sums + from.channels);
  typedef Lanes<uint32_t> L;
  cover<L::count>(
      first, count,
      [&](auto registers, int64_t i) {
        for (int u = 0; u < registers.value; ++u, i += L::count) {
          if (u * L::count * sizeof(T) % 64 == 0) ahead(from, to + i, i);
          mean.put(load_sums<L::Vector>(sums + apart + i) - load_sums<L::Vector>(sums + i), to + i);
        }
      },
      [&](int64_t i) { mean.put(sums[apart + i] - sums[i], to + i); });
}

template <class T>
void sum_across(Across<uint32_t> from, int64_t size, int64_t first, int64_t count,
                const Mean<T, uint32_t>& mean, T* to) {
  if (size >= worth_blocks) return sum_running(from, size, first, count, mean, to);
  sum_across<T, uint32_t>(from, size, first, count, mean, to);
}

// The sums of columns of floats; those of blocks stay for as many rows as need them.
template <class T>
class Columns {
 public:
  Columns(int64_t size, int64_t count)
      : size_(size), kept_(size >= worth_blocks ? (size / box_block - 1) * box_block + 1 : 0) {
    count_ = (count + Lanes<T>::count - 1) / Lanes<T>::count * Lanes<T>::count + Lanes<T>::count;
    blocks_ = memory<T>(Slot::levels, kept_ * count_);
    line_ = memory<const T*>(Slot::table, kept_);
  }

  // Of the next row; the first is the first that is asked for.
  void sum(Down<T> from, int64_t first, int64_t count, T* to) {
    const int64_t start = box_start(size_);
    for (int64_t k = next_ == 0 ? 0 : kept_ - 1; k < kept_; ++k, ++next_)
      sum_row(Window<Down<T>>{{from.line + start + k, from.next}, {}, false, 0, box_block}, first,
              count, Plain<T>{}, blocks_ + next_ % kept_ * count_);
    for (int64_t k = 0; k < kept_; k += box_block)
      line_[k] = blocks_ + (next_ - kept_ + k) % kept_ * count_;
    sum_row(Window<Down<T>>{from, {line_ - start, from.next}, kept_ > 0, start, size_}, first,
            count, Plain<T>{}, to);
  }

 private:
  int64_t size_, kept_, count_, next_ = 0;  // next_: how many blocks there have been
  T* blocks_;
  const T** line_;
};

// The sum of a column but for its last row becomes that of the whole, and then that of the rows
// below the first, which is the next one but for its last.
template <class T, class S>
void slide(const T* __restrict top, const T* __restrict bottom, int64_t count, S* __restrict sums,
           S* __restrict to) {
  for (int64_t i = 0; i < count; ++i) {
    const S all = static_cast<S>(sums[i] + bottom[i]);
    to[i] = all;
    sums[i] = static_cast<S>(all - top[i]);
  }
}

template <class T, class S>
void add_row(const T* __restrict from, int64_t count, S* __restrict sums) {
  for (int64_t i = 0; i < count; ++i) sums[i] = static_cast<S>(sums[i] + from[i]);
}

template <class T, class S>
void blur_integers(const BoxBlurArgs& args, Rows rows, int64_t height, int64_t width) {
  const T beyond = constant_pixel<T>(args.cval);
  const Mean<T, S> mean(static_cast<double>(height) * static_cast<double>(width));
  S* sums = memory<S>(Slot::levels, args.in.w * args.in.c);
  bool started = false;
  separable_rows<T, S, Lanes<S>::count>(
      args, rows, {{box_start(height), height}, {box_start(width), width}}, beyond,
      static_cast<S>(box_outside(beyond, height)),
      [&](Down<T> from, int64_t, int64_t count, S* to) {
        const T* const* line = from.line + box_start(height);
        if (!started) {
          for (int64_t i = 0; i < count; ++i) sums[i] = 0;
          for (int64_t k = 0; k + 1 < height; ++k) add_row(line[k], count, sums);
          started = true;
        }
        slide(line[0], line[height - 1], count, sums, to);
      },
      [&](Across<S> from, int64_t first, int64_t count, T* to) {
        sum_across(from, width, first, count, mean, to);
      });
}

template <class T>
void blur_floats(const BoxBlurArgs& args, Rows rows, int64_t height, int64_t width) {
  const T beyond = constant_pixel<T>(args.cval);
  Columns<T> columns(height, args.in.w * args.in.c);
  const Mean<T, T> mean(static_cast<double>(height) * static_cast<double>(width));
  separable_rows<T, T, Lanes<T>::count>(
      args, rows, {{box_start(height), height}, {box_start(width), width}}, beyond,
      box_outside(beyond, height),
      [&](Down<T> from, int64_t first, int64_t count, T* to) {
        columns.sum(from, first, count, to);
      },
      [&](Across<T> from, int64_t first, int64_t count, T* to) {
        sum_across(from, width, first, count, mean, to);
      });
}

}  // namespace

void box_blur(const BoxBlurArgs& args, Rows rows) {
  const int64_t height = args.sizes[2 * rows.image], width = args.sizes[2 * rows.image + 1];
  const double area = static_cast<double>(height) * static_cast<double>(width);
  switch (args.in.dtype) {
    case DType::u8:
      if (area <= 256.0 && Mean<uint8_t, uint16_t>(area).exact)
        return blur_integers<uint8_t, uint16_t>(args, rows, height, width);
      if (area < 65536.0) return blur_integers<uint8_t, uint32_t>(args, rows, height, width);
      return blur_integers<uint8_t, uint64_t>(args, rows, height, width);
    case DType::u16:
      return blur_integers<uint16_t, uint64_t>(args, rows, height, width);
    case DType::f32:
      return blur_floats<float>(args, rows, height, width);
    default:
      return blur_floats<double>(args, rows, height, width);
  }
}

FASTAUG_END
