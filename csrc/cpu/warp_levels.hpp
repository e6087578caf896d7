// Order 1 of pixels of which only the grey level counts, because brightness cuts to it: blended
// from fixed-point coordinates, bytes in fixed point and floats in float, and noted where that may
// not tell the level, which is for the caller to make again in SciPy's arithmetic.
#pragma once

#include "../ops/photometric.hpp"
#include "../ops/warp_spline.hpp"
#include "span.hpp"
#include "vector.hpp"
#include "vector/blend_levels.hpp"
#include "warp_affine_columns.hpp"

FASTAUG_BEGIN

// Whether all numbers are from 0 to 255. As integers, those of floats are in order, and anything
// negative, infinite or undefined comes after.
inline bool all_grey_levels(const float* from, int64_t count) {
  uint32_t most = 0;
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, from + i, sizeof bits);
    most = larger(most, bits);
  }
  return most <= bit_cast<uint32_t>(255.0f);
}

// The same of floats to bytes: false if any is no whole grey level. What lies `ahead` is fetched
// meanwhile, line by line: a whole row at a time has to wait.
inline bool cut_grey_levels(const float* from, int64_t count, int64_t ahead, uint8_t* to) {
  constexpr int64_t lanes = sizeof(Floats) / sizeof(float);
  Ints any = {};
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    __builtin_prefetch(from + i + ahead);
    const Floats v = load<Floats>(from + i);
    const Ints level = __builtin_convertvector(v, Ints);
    const Floats whole = __builtin_convertvector(level, Floats);
    any |= (reinterpret_cast<Ints>(whole) ^ reinterpret_cast<Ints>(v)) | (level & ~255);
    store_bytes(to + i, v);
  }
  int32_t rest = 0;
  for (; i < count; ++i) {
    rest |= bit_cast<int32_t>(grey_level(from[i])) ^ bit_cast<int32_t>(from[i]);
    to[i] = static_cast<uint8_t>(within_levels(from[i]));
  }
  for (int64_t k = 0; k < lanes; ++k) rest |= any[k];
  return rest == 0;
}

// From a copy of the image as T: bytes, which every element is then and which repeat at the edge,
// or floats.
template <class T>
class WarpLevels {
 public:
  static constexpr int64_t most = sizeof(T) == 1 ? block : 128;
  static constexpr int64_t together = 4;
  LevelCut levels;
  int32_t listed[most];

  // Where the image is to be copied, next to the core, with its outermost pixels repeated once
  // around it: there a column that reads beyond the edge can read as if it did not.
  Plane<T> begin(const Batch& batch, int64_t number) {
    in = batch;
    image = number;
    const int64_t c = in.c, stride = (in.w + 2) * c;
    const std::size_t size = static_cast<std::size_t>((in.h + 2) * stride + 16) * sizeof(T);
    T* const all = static_cast<T*>(scratch(Slot::source, size));
    p = {reinterpret_cast<const char*>(all + stride + c), stride * static_cast<int64_t>(sizeof(T)),
         in.h, in.w, c};
    return p;
  }

  // False where this way does not serve. `shift` is added to pixels before they are cut, and they
  // may be cut without. Rows are made along `direction`: 1, or -1 if they are mirrored.
  bool prepare(const SplineAxis& row, const SplineAxis& column, FillMode mode, int64_t height,
               int64_t width, int64_t direction, double shift) {
    const double v[3] = {row.by_column, row.by_row, row.offset};
    const double u[3] = {column.by_column, column.by_row, column.offset};
    repeats = mode == FillMode::nearest;
    if ((p.c != 1 && p.c != 3 && p.c != 4) || (sizeof(T) == 1 && !repeats) || !offsets_fit(p) ||
        !small(v, width, height) || !small(u, width, height) || !(fabs(shift) <= 256.0) ||
        !prepare_axis(u, width, height, x) || !prepare_axis(v, width, height, y))
      return false;
    step = direction;
    steps_x = Steps(step * x.step_x);
    steps_y = Steps(step * y.step_x);
    line_x = make_line(0, x.step_x);
    line_y = make_line(0, y.step_x);
    // Coordinates are rounded thrice in fixed point and thrice in double; that moves a pixel by so
    // much of the range from black to white, twice, for there are two axes.
    const double off = 510.0 * (static_cast<double>(width + height + 2) * 0x1p-33 + 0x1p-30);
    by = static_cast<float>(shift);
    // A blend rounds eleven times by at most 2^-17, SciPy's storing among them, and the sums with
    // the shift another four.
    margin = static_cast<float>(off + 16.0 * 0x1p-17);
    return sizeof(T) != 1 || prepare_cut(off * 0x1p22);
  }

  // Copies what output row `row` reads, unless it is there, and asks for what comes then. False if
  // there is a number that is no grey level: this way does not serve then.
  bool reach(int64_t row, int64_t width) {
    if (!repeats) return reach_all();
    const int64_t a = fixed_coordinate(y, 0, row) >> 32;
    const int64_t b = fixed_coordinate(y, width - 1, row) >> 32;
    const int64_t low = smaller(larger<int64_t>(smaller(a, b) - 1, 0), p.h - 1);
    const int64_t high = smaller(larger(larger(a, b) + 3, low + 1), p.h);
    copy(low, high);
    const int64_t ahead = y.step_y < 0 ? first - distance : last + distance;
    if (!cuts() && ahead >= 0 && ahead < p.h) prefetch_row(in, image, ahead);
    return grey_levels;
  }

  bool reach_all() {
    copy(0, p.h);
    return grey_levels;
  }

  // Whether to make the next row so; not if too much was in doubt in one a little before.
  bool tries() { return left_out == 0 || --left_out < 0; }

  // The columns of it that can be made.
  Span columns(int64_t row, int64_t width) const {
    Span span = {0, width};
    if (repeats) return span;
    narrow(span, {fixed_coordinate(x, 0, row), line_x.step, line_x.columns}, ((p.w - 1) << 32) - 1);
    narrow(span, {fixed_coordinate(y, 0, row), line_y.step, line_y.columns}, ((p.h - 1) << 32) - 1);
    return span;
  }

  // `count` columns from `column` on, or mirrored those before it. Writes no more than `room`
  // elements.
  void make(int64_t row, int64_t column, int64_t count, int64_t room, float* to) {
    Offsets offsets;
    Weights<float> weights;
    prepare_columns(row, column, count, offsets, weights);
    std::memset(doubted, 0, sizeof doubted);
    if (p.c == 1)
      blend_one(offsets, weights, count, to);
    else if (p.c == 3)
      blend<3>(offsets, weights, count, room, to);
    else
      blend<4>(offsets, weights, count, room, to);
  }

  // The same of bytes, shifted and cut, but `to` has room for a block of pixels and 16 bytes more
  // than it needs. Returns how many are in doubt, which are in `listed` then.
  int64_t cut_columns(int64_t row, int64_t column, int64_t count, uint8_t* to) {
    Offsets offsets;
    FinePairs<block> weights;
    Along from = along(row, column);
    for (int64_t k = 0; k < count; k += chunk, from.advance())
      prepare_inside(p, from, k, offsets, weights, [](Steps::Halves v, int64_t n) {
        const Ints least = Ints{} - 1, most = Ints{} + static_cast<int32_t>(n - 1);
        return Steps::Halves{smaller(larger(v.high, least), most), v.low};
      });
    offsets.fill_up(count);
    const auto cut = [&](auto channels) {
      return cut_levels<decltype(channels)::value>(p.data, p.data + p.stride, offsets.at, weights,
                                                   count, levels, to, listed);
    };
    return p.c == 1 ? cut(Number<1>{}) : p.c == 3 ? cut(Number<3>{}) : cut(Number<4>{});
  }

  // Calls each(k) for the columns in doubt among the `count` that were made last.
  template <class Each>
  int64_t each_doubt(int64_t count, const Each& each) {
    int64_t doubts = 0;
    for (int64_t k = 0; k < count; k += together) {
      uint32_t some;
      std::memcpy(&some, doubted + k, sizeof some);
      for (int64_t i = k; some && i < smaller(k + together, count); ++i)
        if (doubted[i]) each(i), ++doubts;
    }
    if (8 * doubts > count) left_out = 8;
    return doubts;
  }

 private:
  static constexpr int64_t distance = 6;
  Plane<T> p;
  AffineAxis x{}, y{};
  Steps steps_x, steps_y;
  int64_t step;
  Line line_x, line_y;
  Batch in;
  int64_t image, first = 0, last = 0;  // rows that are copied
  bool grey_levels = true, repeats = false;
  float by, margin;
  int64_t left_out = 0;
  uint8_t doubted[most + 16];

  void copy(int64_t low, int64_t high) {
    if (first == last) first = last = low;
    for (; last < high; ++last) copy_row(last);
    for (; first > low; --first) copy_row(first - 1);
  }

  void copy_row(int64_t from) {
    const int64_t c = p.c, length = p.w * c;
    T* const row = const_cast<T*>(p.row(from));
    grey_levels = read_levels(from, length, row) && grey_levels;
    for (int64_t i = 0; i < c; ++i) row[i - c] = row[i], row[length + i] = row[length - c + i];
    const char* whole = reinterpret_cast<const char*>(row - c);
    const auto repeat = [&](int64_t to) {
      std::memcpy(const_cast<char*>(whole) + to, whole, static_cast<std::size_t>(p.stride));
    };
    if (from == 0) repeat(-p.stride);
    if (from == p.h - 1) repeat(p.stride);
  }

  bool read_levels(int64_t from, int64_t length, float* row) {
    read_converted(in, image, from, row);
    return in.dtype == DType::u8 || all_grey_levels(row, length);
  }

  bool read_levels(int64_t from, int64_t length, uint8_t* row) {
    if (in.dtype == DType::u8) {
      read_converted(in, image, from, row);
      return true;
    }
    float* const floats = row_buffer<float>(Slot::levels, in);
    if (!cuts()) {
      read_converted(in, image, from, floats);
      return cut_grey_levels(floats, length, 0, row);
    }
    const int64_t rows = from < first ? -8 : 8;
    return cut_grey_levels(reinterpret_cast<const float*>(row_address(in, image, from)), length,
                           rows * in.stride_h / in.item, row);
  }

  // Whether rows are cut to bytes where they lie.
  bool cuts() const { return sizeof(T) == 1 && in.dtype == DType::f32 && rows_are_plain(in); }

  // Output row `row` from `column` on.
  Along along(int64_t row, int64_t column) const {
    return {fixed_coordinate(x, column, row),
            fixed_coordinate(y, column, row),
            step * x.step_x,
            step * y.step_x,
            steps_x,
            steps_y};
  }

  void prepare_columns(int64_t row, int64_t column, int64_t count, Offsets& offsets,
                       Weights<float>& weights) {
    Along at = along(row, column);
    Coordinates from;
    for (int64_t k = 0; k < count; k += chunk, at.advance()) {
      from.prepare(at);
      if (repeats) {
        confine(from.x, p.w);
        confine(from.y, p.h);
      }
      prepare_inside(p, from, k, offsets, weights);
    }
    offsets.fill_up(count);
  }

  // `off` is how far coordinates move a number at most, in units of its last bit.
  bool prepare_cut(double off) {
    // Fractions are rounded by half a unit each, the products of both by three quarters, times 255
    // and 510; SciPy rounds by 32 units to store, and sums with the shift by 64, which is rounded.
    int32_t least = 1 << 10;
    while (least < off + 255.0 + 382.5 + 32.0 + 64.0 + 0.5) least *= 2;
    // A shift so close to a whole number would leave levels in doubt that are not asked about.
    const double past = static_cast<double>(by) - floor(static_cast<double>(by));
    const double near = static_cast<double>(2 * least) * 0x1p-22;
    if (past != 0.0 && (past < near || past > 1.0 - near)) return false;
    levels.shift = static_cast<int32_t>(floor(static_cast<double>(by) * 0x1p22 + 0.5));
    levels.margin = least;
    return true;
  }

  static bool small(const double* m, int64_t width, int64_t height) {
    return fabs(m[0]) * static_cast<double>(width) + fabs(m[1]) * static_cast<double>(height) +
               fabs(m[2]) <
           1048576.0;
  }

  // To the pixels and one before them, all of whose taps are there.
  static void confine(int32_t* at, int64_t n) {
    const int32_t last = static_cast<int32_t>(n - 1);
    FASTAUG_VECTOR
    for (int64_t k = 0; k < chunk; ++k) at[k] = smaller(larger(at[k], -1), last);
  }

  template <int Channels>
  void blend(const Offsets& offsets, const Weights<float>& weights, int64_t count, int64_t room,
             float* to) {
    blend_floats<Channels>(p.data, p.data + p.stride, offsets.at, weights.x, weights.y, count, room,
                           to, Doubts<Channels>{by, margin, doubted});
  }

  void blend_one(const Offsets& offsets, const Weights<float>& weights, int64_t count,
                 float* __restrict to) {
    float p00[most], p01[most], p10[most], p11[most];
    for (int64_t k = 0; k < count; ++k) {
      const char* at = p.data + offsets.at[k];
      const T* top = reinterpret_cast<const T*>(at);
      const T* bottom = reinterpret_cast<const T*>(at + p.stride);
      p00[k] = top[0], p01[k] = top[1], p10[k] = bottom[0], p11[k] = bottom[1];
    }
    const float shift = by, limit = margin;
    for (int64_t k = 0; k < count; ++k) {
      const float along_top = p01[k] - p00[k], along_bottom = p11[k] - p10[k];
      const float upper = p00[k] + weights.x[k] * along_top;
      const float down = (p10[k] + weights.x[k] * along_bottom) - upper;
      to[k] = upper + weights.y[k] * down;
      doubted[k] = doubtful(along_top, along_bottom, down, to[k], shift, limit);
    }
  }
};

FASTAUG_END
