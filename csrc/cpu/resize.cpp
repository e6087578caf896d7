// Resizing: rows of the input are made as wide as the output, once each, and kept in a ring as long
// as a row of the output needs them; what weighs how much is worked out once for all images alike.
#include "../ops/resize.hpp"

#include "kernels.hpp"
#include "resize_nearest.hpp"
#include "resize_table.hpp"
#include "rows.hpp"
#include "streamed.hpp"
#include "table.hpp"
#include "vector/halve.hpp"
#include "vector/halve_floats.hpp"

FASTAUG_BEGIN
namespace {

struct Axes {
  ResizeAxis down, across;
};

Axes axes_of(const ResizeArgs& args, int64_t image) {
  const double* edge = args.edges + (args.per_image ? 4 * image : 0);
  const ResizeKernel kernel = static_cast<ResizeKernel>(args.kernel);
  const bool antialias = args.antialias != 0;
  return {resize_axis(args.in.h, args.out.h, edge[0], edge[1], kernel, antialias),
          resize_axis(args.in.w, args.out.w, edge[2], edge[3], kernel, antialias)};
}

// Columns that no block of 16 bytes holds.
template <class Blocks, class Each>
void each_element(const Columns<Blocks>& columns, int64_t width, int64_t c, Each each) {
  for (int64_t x = 0; x < width; ++x)
    for (int64_t k = 0; k < c; ++k)
      each(x * c + k, columns.first[x] * c + k, columns.taps[x], columns.weight + x * columns.most);
}

// A pass knows the arithmetic. `columns` makes a row as wide as the output: of a row of T, of which
// it reads `reads()` elements, one of Middle, which has room for `resize_slack` more. `rows` makes
// `count` elements of row y of the output from rows of Middle. Where both are T, either may be
// first.

// Bilinear bytes without antialiasing.
struct LerpPass {
  using T = uint8_t;
  using Middle = int16_t;
  static constexpr bool either_order = false;
  const int64_t width, channels;
  const Columns<LerpBlocks> across;
  const RowTaps<int32_t> down;

  LerpPass(const Axes& axes, int64_t c)
      : width(axes.across.out),
        channels(c),
        across(lerp_table(axes.across, c)),
        down(row_table<int32_t>(
            axes.down, Slot::down, 3, 2, [](const Taps& taps, int64_t i, int32_t* weight) {
              *weight = taps.count[i] > 1 ? lerp_weight(taps.weight[i * taps.most + 1]) : 0;
            })) {}

  int64_t reads() const { return across.reads; }

  void columns(const uint8_t* from, int16_t* to) const {
    if (across.blocks.count > 0) return lerp_columns(from, across.blocks, to);
    each_element(across, width, channels,
                 [&](int64_t e, int64_t at, int64_t taps, const int32_t* weight) {
                   to[e] = lerp_bytes(from[at], from[taps > 1 ? at + channels : at], *weight);
                 });
  }

  void rows(const int16_t* const* from, int64_t y, int64_t count, uint8_t* __restrict to) const {
    const int16_t* above = from[0];
    const int16_t* below = from[down.count[y] > 1 ? 1 : 0];
    const int32_t weight = down.weight[y * down.wide];
    for (int64_t i = 0; i < count; ++i) to[i] = lerp_values(above[i], below[i], weight);
  }
};

// Bytes under weights of 22 bits.
struct FixedPass {
  using T = uint8_t;
  using Middle = uint8_t;
  static constexpr bool either_order = true;
  const int64_t width, channels;
  const Columns<FixedBlocks> across;
  const RowTaps<FixedPair> down;

  FixedPass(const Axes& axes, int64_t c)
      : width(axes.across.out),
        channels(c),
        across(fixed_table(axes.across, c)),
        down(row_table<FixedPair>(
            axes.down, Slot::down, 4, 2, [](const Taps& taps, int64_t i, FixedPair* pairs) {
              for (int64_t k = 0; k < round_up(taps.count[i], 2); ++k) {
                const double w = k < taps.count[i] ? taps.weight[i * taps.most + k] : 0.0;
                FixedPair& pair = pairs[k / 2];
                split_weight(fixed_weight(w), pair.high[k % 2], pair.low[k % 2]);
              }
            })) {}

  int64_t reads() const { return across.reads; }

  void columns(const uint8_t* from, uint8_t* to) const {
    if (across.blocks.count > 0) return weigh_columns(from, across.blocks, to);
    each_element(across, width, channels,
                 [&](int64_t e, int64_t at, int64_t taps, const int32_t* weight) {
                   int32_t sum = resize_half;
                   for (int64_t k = 0; k < taps; ++k) sum += from[at + k * channels] * weight[k];
                   to[e] = fixed_pixel(sum);
                 });
  }

  // An odd number of rows comes with the last one twice.
  void rows(const uint8_t* const* from, int64_t y, int64_t count, uint8_t* to) const {
    weigh_rows(from, down.weight + y * down.wide, (down.count[y] + 1) / 2, count, to);
  }
};

// Adds `Taps` rows up, onto what is there already unless they are the first.
template <class Real, int Taps, bool First, class T>
void add_rows(const T* const* from, const Real* weight, int64_t at, int64_t count,
              Real* __restrict sum) {
  const T* row[Taps];
  Real w[Taps];
  for (int t = 0; t < Taps; ++t) row[t] = from[t] + at, w[t] = weight[t];
  for (int64_t i = 0; i < count; ++i) {
    Real all = static_cast<Real>(row[0][i]) * w[0];
    if (!First) all = sum[i] + all;
    for (int t = 1; t < Taps; ++t) all = all + static_cast<Real>(row[t][i]) * w[t];
    sum[i] = all;
  }
}

// Any other type: sums tap by tap, in float for floats and in double for the rest.
template <class Type>
struct RealPass {
  using T = Type;
  using Middle = Type;
  static constexpr bool either_order = true;
  using Real = typename ResizeReal<T>::type;
  static constexpr bool by_blocks = floats_go_by_blocks && dtype_of<T> == DType::f32;
  const int64_t width, channels, length;
  const RowTaps<Real> across, down;
  FloatBlocks blocks;

  RealPass(const Axes& axes, int64_t c)
      : width(axes.across.out),
        channels(c),
        length(axes.across.in * c),
        across(real_table(axes.across, Slot::across)),
        down(real_table(axes.down, Slot::down)) {
    if constexpr (by_blocks) blocks = float_table(axes.across, across, c);
  }

  static RowTaps<Real> real_table(const ResizeAxis& axis, Slot slot) {
    return row_table<Real>(axis, slot, 16 + sizeof(T), 1,
                           [](const Taps& taps, int64_t i, Real* weight) {
                             for (int64_t k = 0; k < taps.count[i]; ++k)
                               weight[k] = static_cast<Real>(taps.weight[i * taps.most + k]);
                           });
  }

  // Three floats at a time are read as four.
  int64_t reads() const { return by_blocks ? float_reads(blocks, length) : length + 1; }

  void columns(const T* from, T* to) const {
    if constexpr (by_blocks)
      return sum_columns(from, blocks, to);
    else if constexpr (dtype_of<T> == DType::f32)
      if (channels == 3 || channels == 4) return pixels(from, to);
    channels == 1 ? elements<1>(from, to) : elements<0>(from, to);
  }

  void rows(const T* const* from, int64_t y, int64_t count, T* to) const {
    const Real* weight = down.weight + y * down.wide;
    const int64_t taps = down.count[y];
    if constexpr (dtype_of<T> != DType::u16) return sum_rows(from, weight, taps, 0, count, to);
    constexpr int64_t together = 256;
    for (int64_t x = 0; x < count; x += together) {
      const int64_t n = smaller(together, count - x);
      Real sum[together];
      sum_rows(from, weight, taps, x, n, sum);
      for (int64_t i = 0; i < n; ++i) to[x + i] = resized_pixel<T>(sum[i]);
    }
  }

 private:
  // Elements [x, x + count) of a row.
  static void sum_rows(const T* const* from, const Real* weight, int64_t taps, int64_t x,
                       int64_t count, Real* sum) {
    switch (smaller<int64_t>(taps, 4)) {
      case 1:
        add_rows<Real, 1, true>(from, weight, x, count, sum);
        break;
      case 2:
        add_rows<Real, 2, true>(from, weight, x, count, sum);
        break;
      case 3:
        add_rows<Real, 3, true>(from, weight, x, count, sum);
        break;
      default:
        add_rows<Real, 4, true>(from, weight, x, count, sum);
    }
    for (int64_t t = 4; t < taps; ++t)
      add_rows<Real, 1, false>(from + t, weight + t, x, count, sum);
  }

  // Three or four channels of a pixel side by side.
  void pixels(const float* from, float* to) const {
    for (int64_t x = 0; x < width; ++x, to += channels) {
      const int64_t taps = across.count[x];
      const float* weight = across.weight + x * across.wide;
      const float* pixel = from + across.first[x] * channels;
      Float4 sum = Float4{};
      if (taps > 0) sum = load4(pixel) * weight[0];
      for (int64_t t = 1; t < taps; ++t) sum = sum + load4(pixel + t * channels) * weight[t];
      store4(to, sum);
    }
  }

  template <int Channels>
  void elements(const T* from, T* to) const {
    const int64_t c = Channels ? Channels : channels;
    for (int64_t x = 0; x < width; ++x) {
      const int64_t taps = across.count[x];
      const Real* weight = across.weight + x * across.wide;
      const T* first = from + across.first[x] * c;
      for (int64_t k = 0; k < c; ++k) {
        Real sum = taps > 0 ? static_cast<Real>(first[k]) * weight[0] : Real(0);
        for (int64_t t = 1; t < taps; ++t) sum += static_cast<Real>(first[t * c + k]) * weight[t];
        to[x * c + k] = resized_pixel<T>(sum);
      }
    }
  }
};

// A row of the input in memory of our own.
template <class T>
void copy_row(const Batch& b, int64_t image, int64_t y, T* to) {
  const char* from = row_address(b, image, y);
  if (rows_are_plain(b))
    std::memcpy(to, from, static_cast<std::size_t>(b.w * b.c) * sizeof(T));
  else
    gather_row(b, from, to);
}

// A row of the input of which `reads` elements can be read: where it lies, if what follows it does,
// else in `buffer`.
template <class T>
const T* readable_row(const Batch& b, int64_t image, int64_t y, int64_t reads, T* buffer) {
  const int64_t item = sizeof(T);
  const int64_t follows = b.stride_h > 0 ? (b.h - 1 - y) * b.stride_h : 0;
  if (rows_are_plain(b) && follows + b.w * b.c * item >= reads * item)
    return reinterpret_cast<const T*>(row_address(b, image, y));
  copy_row(b, image, y, buffer);
  return buffer;
}

// A row of numbers with room for what lanes read and write beyond it.
template <class T>
T* wide_row(Slot slot, int64_t count) {
  return static_cast<T*>(scratch(slot, static_cast<std::size_t>(count + resize_slack) * sizeof(T)));
}

// The rows of the input that will be needed, fetched some time before they are: the first pixels
// to the last that any of their columns needs.
class ComingRows {
 public:
  ComingRows(const Batch& in, int64_t image, const ResizeAxis& across)
      : in_(in), image_(image), plain_(rows_are_plain(in)) {
    const double reach = larger(across.support, across.scale) + 1.0;
    const double end = across.start + across.scale * static_cast<double>(across.out) + reach;
    const int64_t pixel = in.c * in.item, width = in.w;
    const double first = larger(across.start - reach, 0.0);
    begin_ = smaller(static_cast<int64_t>(first), width) * pixel;
    end_ = end < static_cast<double>(width) ? static_cast<int64_t>(end) * pixel : width * pixel;
  }
  void ask(int64_t y) const {
    if (!plain_) return;
    const char* row = row_address(in_, image_, y);
    for (int64_t at = begin_; at < end_; at += 64) __builtin_prefetch(row + at);
  }

 private:
  const Batch& in_;
  int64_t image_;
  bool plain_;
  int64_t begin_, end_;
};

// Goes through the rows of the input that those from one of the output's on need, in order.
template <class Down>
class Needed {
 public:
  Needed(const Down& down, Rows band) : down_(down), y_(band.begin), end_(band.end) {
    row_ = y_ < end_ ? down.low[y_] : 0;
    settle();
  }
  bool left() const { return y_ < end_; }
  int64_t row() const { return row_; }
  void step() {
    ++row_;
    settle();
  }

 private:
  const Down& down_;
  int64_t y_, end_, row_;
  void settle() {
    for (; y_ < end_ && row_ >= down_.first[y_] + down_.count[y_]; ++y_)
      if (y_ + 1 < end_) row_ = larger(row_, down_.low[y_ + 1]);
  }
};

template <class Pass>
void resize_by(const ResizeArgs& args, Rows band) {
  using T = typename Pass::T;
  using Middle = typename Pass::Middle;
  const Batch &in = args.in, &out = args.out;
  const Axes axes = axes_of(args, band.image);
  const Pass pass(axes, in.c);
  const auto& down = pass.down;
  const int64_t width = out.w * out.c;
  const bool upright = Pass::either_order && columns_first(in.h, in.w, out.h, out.w);
  const int64_t length = upright ? in.w * in.c : width;  // of the rows between the axes

  const int64_t stride = round_up(length + resize_slack, 64 / static_cast<int64_t>(sizeof(Middle)));
  int64_t ring = 1;
  while (ring < down.held) ring *= 2;
  Middle* held = wide_row<Middle>(Slot::filtered, ring * stride);
  const Middle** rows = wide_row<const Middle*>(Slot::lines, ring + 1);
  const int64_t reads = pass.reads();
  T* in_buffer = wide_row<T>(Slot::row, reads);
  T* out_buffer = wide_row<T>(Slot::source, width);

  const bool streams = band.streams && rows_are_contiguous(out);
  const int64_t bytes = width * static_cast<int64_t>(sizeof(T));
  Streamed streamed(row_address(out, band.image, band.begin), bytes + resize_slack);

  // A batch that no cache holds is worth fetching; one that does is only slowed down.
  const bool far = in.n * in.h * in.w * in.c * in.item > int64_t{1} << 25;
  const ComingRows coming(in, band.image, axes.across);
  Needed<decltype(pass.down)> needed(down, band);
  for (int ahead = 0; far && ahead < 4 && needed.left(); ++ahead) needed.step();
  int64_t next = 0;  // the first row that is not in the ring yet
  for (int64_t y = band.begin; y < band.end; ++y) {
    const int64_t first = down.first[y], count = down.count[y];
    next = larger(next, down.low[y]);
    for (; next < first + count; ++next) {
      Middle* to = held + (next & (ring - 1)) * stride;
      if (far && needed.left()) {
        coming.ask(needed.row());
        needed.step();
      }
      if constexpr (Pass::either_order)
        if (upright) {
          copy_row(in, band.image, next, to);
          continue;
        }
      pass.columns(readable_row<T>(in, band.image, next, reads, in_buffer), to);
    }
    for (int64_t k = 0; k < count; ++k) rows[k] = held + ((first + k) & (ring - 1)) * stride;
    rows[count] = rows[count > 0 ? count - 1 : 0];
    T* to =
        streams ? reinterpret_cast<T*>(streamed.next()) : begin_row(out, band.image, y, out_buffer);
    if (count == 0) {
      std::memset(static_cast<void*>(to), 0, static_cast<std::size_t>(bytes));
    } else if (!upright) {
      pass.rows(rows, y, width, to);
    } else if constexpr (Pass::either_order) {
      pass.rows(rows, y, length, in_buffer);
      pass.columns(in_buffer, out_buffer);
      if (to != out_buffer) std::memcpy(to, out_buffer, static_cast<std::size_t>(bytes));
    }
    if (streams)
      streamed.push(bytes);
    else
      finish_row(out, band.image, y, to);
  }
  if (streams) streamed.finish();
}

// Whether pixels of an output are pairs of the input's.
bool halves(const ResizeAxis& axis) {
  return axis.start == 0.0 && axis.scale == 2.0 && axis.in == 2 * axis.out;
}

template <class T>
using HalveRows = void (*)(const T* above, const T* below, int64_t count, T* to);

// Whether an image is made half as large without weights, as those of bilinear interpolation and of
// areas are all alike then.
bool halves_image(const ResizeArgs& args, int64_t image) {
  const ResizeKernel kernel = static_cast<ResizeKernel>(args.kernel);
  const bool bilinear = kernel == ResizeKernel::bilinear && !args.antialias;
  const bool area = kernel == ResizeKernel::box || kernel == ResizeKernel::coverage;
  if (args.in.c > 4 || !(bilinear || area)) return false;
  const Axes axes = axes_of(args, image);
  return halves(axes.down) && halves(axes.across);
}

// How, or null. Bytes of bilinear interpolation round once, those of areas after either axis.
HalveRows<uint8_t> halving(const ResizeArgs& args, int64_t image, uint8_t) {
  const Batch &in = args.in, &out = args.out;
  const bool once = static_cast<ResizeKernel>(args.kernel) == ResizeKernel::bilinear;
  if (!halves_image(args, image)) return nullptr;
  if (!once && columns_first(in.h, in.w, out.h, out.w)) return nullptr;
  static constexpr HalveRows<uint8_t> all[2][4] = {
      {halve_rows<1, false>, halve_rows<2, false>, halve_rows<3, false>, halve_rows<4, false>},
      {halve_rows<1, true>, halve_rows<2, true>, halve_rows<3, true>, halve_rows<4, true>}};
  return all[once][in.c - 1];
}

HalveRows<float> halving(const ResizeArgs& args, int64_t image, float) {
  const Batch &in = args.in, &out = args.out;
  if (columns_first(in.h, in.w, out.h, out.w) || !halves_image(args, image)) return nullptr;
  static constexpr HalveRows<float> all[4] = {halve_rows<1>, halve_rows<2>, halve_rows<3>,
                                              halve_rows<4>};
  return all[in.c - 1];
}

// Whether it was to be halved, and was.
template <class T>
bool halve_image(const ResizeArgs& args, Rows band) {
  const HalveRows<T> rows = halving(args, band.image, T{});
  if (rows == nullptr) return false;
  const Batch &in = args.in, &out = args.out;
  T* above = row_buffer<T>(Slot::row, in);
  T* below = row_buffer<T>(Slot::stage, in);
  T* buffer = row_buffer<T>(Slot::source, out);
  for (int64_t y = band.begin; y < band.end; ++y) {
    T* to = begin_row(out, band.image, y, buffer);
    rows(read_row(in, band.image, 2 * y, above), read_row(in, band.image, 2 * y + 1, below),
         out.w * out.c, to);
    finish_row(out, band.image, y, to);
  }
  return true;
}

template <class T>
void pick_pixels(const char* from, char* to, const int64_t* x, int64_t width, int64_t c,
                 int64_t step, int64_t channel_step, int64_t to_step, int64_t to_channel_step) {
  for (int64_t i = 0; i < width; ++i)
    for (int64_t k = 0; k < c; ++k)
      *reinterpret_cast<T*>(to + i * to_step + k * to_channel_step) =
          *reinterpret_cast<const T*>(from + x[i] * step + k * channel_step);
}

// Pixels of a size that the compiler knows. One that is not a power of two is moved as the next
// larger one, whose end the next pixel writes over, but not where that would leave the row.
template <int Size, int Wide>
void pick_plain(const char* from, char* to, const int64_t* x, int64_t width, int64_t last) {
  int64_t i = 0;
  for (; i + 1 < width && x[i] < last; ++i) std::memcpy(to + i * Size, from + x[i] * Size, Wide);
  for (; i < width; ++i) std::memcpy(to + i * Size, from + x[i] * Size, Size);
}

// Nearest: elements of any kind, moved.
void pick_row(const Batch& in, const Batch& out, const char* from, char* to, const int64_t* x) {
  if (rows_are_plain(in) && rows_are_plain(out)) {
    const int64_t size = in.c * in.item;
    const int64_t last = in.w - 1;
    switch (size) {
      case 1:
        return pick_plain<1, 1>(from, to, x, out.w, last);
      case 2:
        return pick_plain<2, 2>(from, to, x, out.w, last);
      case 3:
        return pick_plain<3, 4>(from, to, x, out.w, last);
      case 4:
        return pick_plain<4, 4>(from, to, x, out.w, last);
      case 8:
        return pick_plain<8, 8>(from, to, x, out.w, last);
      case 12:
        return pick_plain<12, 16>(from, to, x, out.w, last);
      case 16:
        return pick_plain<16, 16>(from, to, x, out.w, last);
      default:
        for (int64_t i = 0; i < out.w; ++i)
          std::memcpy(to + i * size, from + x[i] * size, static_cast<std::size_t>(size));
        return;
    }
  }
  const auto copy = [&](auto zero) {
    pick_pixels<decltype(zero)>(from, to, x, out.w, out.c, in.stride_w, in.stride_c, out.stride_w,
                                out.stride_c);
  };
  switch (in.item) {
    case 1:
      return copy(uint8_t{});
    case 2:
      return copy(uint16_t{});
    case 4:
      return copy(uint32_t{});
    default:
      return copy(uint64_t{});
  }
}

const int64_t* nearest_table(const ResizeAxis& axis, Slot slot) {
  const ResizeKey key = key_of(axis, 0, 5);
  const Kept kept =
      kept_scratch(slot, static_cast<std::size_t>(axis.out) * sizeof(int64_t), &key, sizeof key);
  int64_t* pixel = static_cast<int64_t*>(kept.memory);
  if (kept.made) return pixel;
  double centre = nearest_start(axis);
  for (int64_t i = 0; i < axis.out; ++i, centre += axis.scale)
    pixel[i] = nearest_pixel(axis, centre);
  return pixel;
}

void resize_nearest(const ResizeArgs& args, Rows band) {
  const Batch &in = args.in, &out = args.out;
  const Axes axes = axes_of(args, band.image);
  const int64_t* across = nearest_table(axes.across, Slot::across);
  const int64_t* down = nearest_table(axes.down, Slot::down);
  const ComingRows coming(in, band.image, axes.across);
  const bool plain = rows_are_plain(out);
  const PickBlocks blocks =
      plain && rows_are_plain(in) ? pick_blocks(axes.across, across, in.c * in.item) : PickBlocks{};
  for (int64_t y = band.begin; y < band.end; ++y) {
    char* to = row_address(out, band.image, y);
    if (y + 3 < band.end) coming.ask(down[y + 3]);
    if (plain && y > band.begin && down[y] == down[y - 1])
      std::memcpy(to, row_address(out, band.image, y - 1),
                  static_cast<std::size_t>(out.w * out.c * out.item));
    else if (blocks.count > 0)
      blocks.move(row_address(in, band.image, down[y]), to);
    else
      pick_row(in, out, row_address(in, band.image, down[y]), to, across);
  }
}

}  // namespace

void resize(const ResizeArgs& args, Rows rows) {
  const ResizeKernel kernel = static_cast<ResizeKernel>(args.kernel);
  if (kernel == ResizeKernel::nearest) return resize_nearest(args, rows);
  switch (args.in.dtype) {
    case DType::u8:
      if (halve_image<uint8_t>(args, rows)) return;
      if (kernel == ResizeKernel::bilinear && !args.antialias)
        return resize_by<LerpPass>(args, rows);
      return resize_by<FixedPass>(args, rows);
    case DType::u16:
      return resize_by<RealPass<uint16_t>>(args, rows);
    case DType::f32:
      if (halve_image<float>(args, rows)) return;
      return resize_by<RealPass<float>>(args, rows);
    default:
      return resize_by<RealPass<double>>(args, rows);
  }
}

FASTAUG_END
