// The warp by a homography and a field: a block of columns at a time, first where they read, chunk
// by chunk, then runs of chunks that read the same way.
#include "items.hpp"
#include "kernels.hpp"
#include "rows_ahead.hpp"
#include "table.hpp"
#include "tiles.hpp"
#include "vector/given_points.hpp"
#include "warp_field_methods.hpp"

FASTAUG_BEGIN
namespace {

using namespace field;

constexpr FieldPoints points = {};

// How a chunk of columns reads: all taps inside; with clamped coordinates; by fill mode; not at
// all.
enum class Reads { inside, clamped, outside, nothing };

// One output row of one image; or all of them as one, column by column.
struct Row {
  HomographyRow homography;
  const float* shifts;             // two a column, or null
  int64_t first = 0;               // the column that they start with
  const double* matrix = nullptr;  // of rows joined, of `width` columns each
  int64_t width = 0;
  bool given = false;  // whether the shifts are the coordinates

  const float* shift(int64_t x) const { return shifts ? shifts + 2 * (x - first) : nullptr; }
};

void coordinates(const Row& row, int64_t x, int64_t& fx, int64_t& fy) {
  if (row.matrix == nullptr) return field_coordinates(row.homography, x, row.shift(x), fx, fy);
  const HomographyRow one(row.matrix, x / row.width);
  field_coordinates(one, x % row.width, row.shift(x), fx, fy);
}

void scalar_coordinates(const Row& row, int64_t x, Coordinates& to) {
  for (int64_t k = 0; k < chunk; ++k) {
    int64_t fx, fy;
    coordinates(row, x + k, fx, fy);
    to.x[k] = static_cast<int32_t>(fx >> 32), to.fraction_x[k] = static_cast<uint32_t>(fx);
    to.y[k] = static_cast<int32_t>(fy >> 32), to.fraction_y[k] = static_cast<uint32_t>(fy);
  }
}

// By `given`, if not null, where coordinates are.
void prepare(const Row& row, const GivenPoints* given, int64_t x, int64_t chunks,
             const Reach& reach, Coordinates* to, Found* found) {
  if (given && row.given) return given->split(row.shift(x), chunks, reach, to, found);
  if (row.matrix)
    points.split_joined(row.matrix, row.width, x, chunks, row.shift(x), reach, to, found);
  else
    points.split(row.homography, x, chunks, row.shift(x), reach, to, found);
  for (int64_t i = 0; i < chunks; ++i)
    if (found[i].far) {
      scalar_coordinates(row, x + i * chunk, to[i]);
      found[i].within = false;
    }
}

// The last columns of a row; beyond them there are no shifts, and nothing that may count. They are
// the first of them once more.
void prepare_last(const Row& row, const GivenPoints* given, int64_t x, int64_t count,
                  Coordinates& to) {
  float shifts[2 * chunk] = {};
  Row last = row;
  if (row.shifts) {
    std::memcpy(shifts, row.shift(x), static_cast<std::size_t>(2 * count) * sizeof(float));
    last.shifts = shifts, last.first = x;
  }
  Found found;
  prepare(last, given, x, 1, Reach{}, &to, &found);
  for (int64_t k = count; k < chunk; ++k) {
    to.x[k] = to.x[0], to.fraction_x[k] = to.fraction_x[0];
    to.y[k] = to.y[0], to.fraction_y[k] = to.fraction_y[0];
  }
}

// Which coordinates do not lie from the first to the last pixel; whether any does.
bool any_valid(const Coordinates& from, int64_t width, int64_t height, int32_t* missing) {
  // Negative: before the first; more than the last, if only by a fraction.
  const auto outside = [](const int32_t* pixel, const uint32_t* fraction, int64_t n) {
    Fractions i, part;
    std::memcpy(&i, pixel, sizeof i);
    std::memcpy(&part, fraction, sizeof part);
    return i | (static_cast<uint32_t>(n - 1) - i - smaller(part, Fractions{} + 1u));
  };
  Ints any = {};
  for (int64_t k = 0; k < chunk; k += Steps::in_pair) {
    const Fractions x = outside(from.x + k, from.fraction_x + k, width);
    const Fractions y = outside(from.y + k, from.fraction_y + k, height);
    const Ints out = (Ints)(x | y) >> 31;
    std::memcpy(missing + k, &out, sizeof out);
    any |= ~out;
  }
  return any_negative(any);
}

// The last pixels, from the first on, that a chunk may have its coordinates in.
struct Last {
  int32_t x, y;
};

// Whether coordinates that are not missing are at most there.
bool valid_within(const Coordinates& at, Last last, const int32_t* missing) {
  Ints beyond = {};
  for (int64_t k = 0; k < chunk; k += Steps::in_pair) {
    Ints x, y, none;
    std::memcpy(&x, at.x + k, sizeof x);
    std::memcpy(&y, at.y + k, sizeof y);
    std::memcpy(&none, missing + k, sizeof none);
    beyond |= ((x > last.x) | (y > last.y)) & ~none;
  }
  return !any_negative(beyond);
}

// Moves those that are missing to where pixels are.
void confine(Coordinates& at, Last last) {
  const auto moved = [](int32_t* pixel, int32_t most) {
    Ints v;
    std::memcpy(&v, pixel, sizeof v);
    const Ints zero = {};
    v = smaller(larger(v, zero), zero + most);
    std::memcpy(pixel, &v, sizeof v);
  };
  for (int64_t k = 0; k < chunk; k += Steps::in_pair)
    moved(at.x + k, last.x), moved(at.y + k, last.y);
}

void wrap(int64_t n, int32_t* pixel, uint32_t* fraction) {
  for (int64_t k = 0; k < chunk; ++k) {
    int64_t at = static_cast<int64_t>(static_cast<uint64_t>(pixel[k]) << 32 | fraction[k]);
    confine(at, n, FillMode::wrap);
    pixel[k] = static_cast<int32_t>(at >> 32), fraction[k] = static_cast<uint32_t>(at);
  }
}

template <class Method, class T>
class Block {
 public:
  // Of `width` pixels there are fills.
  Block(const Sampled<T>& sampled, int64_t width, bool rows_are_joined)
      : s(sampled), method(sampled.plane), filled(width), joined(rows_are_joined) {
    const Plane<T>& p = s.plane;
    const int64_t across = p.w - 1 - Method::after - Method::Method::more(s) - Method::before;
    const int64_t down = p.h - 1 - Method::after - Method::before;
    if constexpr (Method::straightens)
      straight = s.mode == FillMode::constant && Method::goes_straight(p);
    if constexpr (Method::clamps)
      clamps = (s.mode == FillMode::constant || s.mode == FillMode::nearest) && p.w > 1 &&
               p.h > 1 && Method::clamps_now(p);
    if constexpr (Method::confines)
      if (!clamps && s.mode == FillMode::constant) clamps = confines = find_lasts();
    constexpr int64_t most = 1 << 20;
    goes_direct = has_given_points && s.mode == FillMode::constant && p.w > 1 && p.h > 1 &&
                  p.w <= most && p.h <= most;
    given.last_x = static_cast<float>(p.w - 1), given.last_y = static_cast<float>(p.h - 1);
    reach = {static_cast<int32_t>(Method::before), static_cast<int32_t>(Method::before),
             static_cast<uint32_t>(across), static_cast<uint32_t>(down), across >= 0 && down >= 0};
  }

  // Columns of the row from `x` on, at most a block of them.
  void make(const Row& row, int64_t x, int64_t count, T* to, int64_t room) {
    if constexpr (Method::straightens)
      if (row.given && straight && (s.plane.c == 1 || row.matrix))
        return make_straight(row, x, count, to);
    const int64_t whole = count / chunk, rest = count % chunk, chunks = whole + (rest ? 1 : 0);
    const GivenPoints* const direct = has_given_points && goes_direct ? &given : nullptr;
    prepare(row, direct, x, whole, reach, from, found);
    if (rest) {
      prepare_last(row, direct, x + whole * chunk, rest, from[whole]);
      found[whole].within = is_within(from[whole]);
    }
    if (row.matrix && clamps)
      look_at_all(chunks);
    else
      for (int64_t i = 0; i < chunks; ++i) reads[i] = found[i].within ? Reads::inside : look(i);
    for (int64_t i = 0, end; i < chunks; i = end) {
      for (end = i + 1; end < chunks && reads[end] == reads[i];) ++end;
      const int64_t begin = i * chunk, columns = smaller(end * chunk, count) - begin;
      T* const at = to + begin * s.plane.c;
      switch (reads[i]) {
        case Reads::inside:
          inside(i, columns, room - begin * s.plane.c, at);
          break;
        case Reads::clamped:
          clamped(i, columns, room - begin * s.plane.c, at);
          break;
        case Reads::outside:
          outside(i, columns, room - begin * s.plane.c, at);
          break;
        default:
          fill(columns, at);
      }
    }
  }

 private:
  // Of many channels in long rows what lies outside is better made by runs of chunks.
  __attribute__((flatten)) void make_straight(const Row& row, int64_t x, int64_t count, T* to) {
    const Plane<T>& p = s.plane;
    const int64_t whole = count / chunk * chunk;
    bool any = false;
    for (int64_t k = 0; k < whole; k += chunk)
      any |= method.straight(p, row.shift(x + k), k, missing + k);
    if (whole < count) {
      float pairs[2 * chunk] = {};
      std::memcpy(pairs, row.shift(x + whole),
                  static_cast<std::size_t>(2 * (count - whole)) * sizeof(float));
      any |= method.straight(p, pairs, whole, missing + whole);
    }
    method.make_outside(p, count, count * p.c, to);
    if (any) put_fills(0, count, to);
  }

  const Sampled<T>& s;
  Method method;
  const int64_t filled;
  const bool joined;
  Reach reach;
  GivenPoints given;
  bool goes_direct;  // whether coordinates that are given are made fixed point without doubles
  Coordinates from[block / chunk];
  Found found[block / chunk];
  Reads reads[block / chunk];
  Last last[block / chunk];  // of chunks that are confined
  int32_t missing[block];    // minus one where mode constant has no pixel
  bool straight = false;     // whether given coordinates may go straight to pixels
  bool clamps = false;       // whether clamped coordinates, where they can be read, do
  bool confines = false;     // and they need only be moved where they are missing, in mode constant
  Last lasts[2];       // where to, if so: as far as taps go in the last row, or in those above
  bool there[2] = {};  // whether there is such a place

  bool find_lasts() {
    const Plane<T>& p = s.plane;
    const int32_t w = static_cast<int32_t>(p.w), h = static_cast<int32_t>(p.h);
    const int32_t more = static_cast<int32_t>(Method::Method::more(s));
    lasts[0] = {w - 2 - more, h - 2};
    lasts[1] = {w - 2, h - 3};  // the pixel that a load takes along is in the next row
    there[0] = w >= 2 + more && h >= 2;
    there[1] =
        more > 0 && w >= 2 && h >= 3 && p.stride == p.w * p.c * static_cast<int64_t>(sizeof(T));
    return there[0] || there[1];
  }

  bool is_within(const Coordinates& at) const {
    return reach.any && all_between(at.x, reach.left, reach.left + int64_t{reach.across}) &&
           all_between(at.y, reach.top, reach.top + int64_t{reach.down});
  }

  // How a chunk reads that is not known to be within.
  Reads look(int64_t i) {
    const Plane<T>& p = s.plane;
    const bool any =
        s.mode != FillMode::constant || any_valid(from[i], p.w, p.h, missing + i * chunk);
    if constexpr (Method::confines)
      if (confines) {
        for (int j = 0; j < 2; ++j) {
          last[i] = lasts[j];
          if (!there[j] || !valid_within(from[i], last[i], missing + i * chunk)) continue;
          return any ? Reads::clamped : Reads::nothing;
        }
        return Reads::outside;
      }
    if (!any) return Reads::nothing;
    return clamps && has_one_end(i) ? Reads::clamped : Reads::outside;
  }

  // Loads of eight bytes may start two bytes early, or end two bytes late, but not both; of two
  // pixels a row they would do either.
  bool has_one_end(int64_t i) const {
    const int64_t w = s.plane.w;
    return !Method::loads_beyond || s.plane.c != 3 ||
           (w > 2 &&
            (all_between(from[i].x, INT32_MIN, w - 3) || all_between(from[i].x, 1, INT32_MAX)));
  }

  // Of rows joined: all chunks of a block the same way, if they can. Short rows have ends in most
  // of them, in an order that no processor foresees.
  void look_at_all(int64_t chunks) {
    bool within = true, nothing = true, outside = false;
    for (int64_t i = 0; i < chunks; ++i) within &= found[i].within;
    for (int64_t i = 0; i < chunks; ++i) {
      reads[i] = within ? Reads::inside : look(i);
      const bool none = reads[i] == Reads::nothing;
      nothing &= none;
      outside |= reads[i] == Reads::outside || (none && !has_one_end(i));
    }
    if (!within && !nothing && !outside)
      for (int64_t i = 0; i < chunks; ++i) reads[i] = Reads::clamped;
  }

  // Pixels that lie outside, of which there is one row.
  void fill(int64_t count, T* to) {
    const int64_t c = s.plane.c;
    for (int64_t k = 0; k < count; k += filled)
      std::memcpy(to + k * c, s.fill,
                  static_cast<std::size_t>(smaller(filled, count - k) * c) * sizeof(T));
  }

  __attribute__((flatten)) void inside(int64_t i, int64_t count, int64_t room, T* to) {
    const Plane<T>& p = s.plane;
    for (int64_t k = 0; k < count; k += chunk) method.inside(p, from[i + k / chunk], k);
    method.make_inside(p, count, room, to);
  }

  __attribute__((flatten)) void clamped(int64_t i, int64_t count, int64_t room, T* to) {
    if constexpr (Method::clamps) {
      const Plane<T>& p = s.plane;
      if (Method::confines && confines) {
        for (int64_t k = 0; k < count; k += chunk) {
          confine(from[i + k / chunk], last[i + k / chunk]);
          method.inside(p, from[i + k / chunk], k);
        }
        method.make_inside(p, count, room, to);
      } else {
        for (int64_t k = 0; k < count; k += chunk) method.clamped(p, from[i + k / chunk], k);
        method.make_clamped(p, count, room, to);
      }
      put_fills(i, count, to);
    }
  }

  void outside(int64_t i, int64_t count, int64_t room, T* to) {
    const Plane<T>& p = s.plane;
    if (s.mode == FillMode::grid_constant) return each(i, count, to);
    for (int64_t k = 0; k < count; k += chunk) {
      Coordinates& at = from[i + k / chunk];
      if (s.mode == FillMode::wrap) {
        wrap(p.w, at.x, at.fraction_x);
        wrap(p.h, at.y, at.fraction_y);
      }
      method.outside(p, at, s.mode, k);
    }
    method.make_outside(p, count, room, to);
    put_fills(i, count, to);
  }

  // One by one.
  void each(int64_t i, int64_t count, T* to) {
    for (int64_t k = 0; k < count; ++k) {
      const Coordinates& at = from[i + k / chunk];
      const int64_t j = k % chunk;
      const auto whole = [](int32_t pixel, uint32_t fraction) {
        return static_cast<int64_t>(static_cast<uint64_t>(pixel) << 32 | fraction);
      };
      Method::Method::pixel(s, whole(at.x[j], at.fraction_x[j]), whole(at.y[j], at.fraction_y[j]),
                            to + k * s.plane.c);
    }
  }

  // Where the mode has no pixel.
  void put_fills(int64_t i, int64_t count, T* to) {
    if (s.mode != FillMode::constant) return;
    const int32_t* const none = missing + i * chunk;
    if (s.plane.c == 1) return put_fills_in<1>(none, count, to);
    if (joined && s.plane.c == 3) return put_fills_in<3>(none, count, to);
    if (joined && s.plane.c == 4) return put_fills_in<4>(none, count, to);
    for (int64_t k = 0; k < count; ++k)
      if (none[k]) affine::put_fill(s, to + k * s.plane.c);
  }

  // Without branches, as nobody foresees where short rows have ends.
  template <int channels>
  void put_fills_in(const int32_t* none, int64_t count, T* to) {
    T outside[channels];
    for (int c = 0; c < channels; ++c) outside[c] = s.fill[c];
    for (int64_t k = 0; k < count; ++k)
      for (int c = 0; c < channels; ++c)
        to[k * channels + c] = none[k] ? outside[c] : to[k * channels + c];
  }
};

// What one image is warped by.
struct Map {
  const double* matrix;
  const float* field;
  int64_t width;
  bool given;  // whether the field is the coordinates themselves

  Map(const WarpFieldArgs& args, int64_t image)
      : matrix(args.matrices + 9 * image),
        field(args.field ? args.field + image * args.field_stride : nullptr),
        width(args.out.w),
        given(field && matrix[8] == 1.0) {
    for (int i = 0; i < 8; ++i) given = given && matrix[i] == 0.0;
  }

  // Asks for the shifts of a row, if they are few: in long rows hardware foresees them, and so many
  // at once would only hold up what it asks for.
  __attribute__((always_inline)) void fetch(int64_t y, Span columns) const {
    if (!field || columns.end - columns.begin > block) return;
    for (int64_t x = columns.begin; x < columns.end; x += 8)
      __builtin_prefetch(field + 2 * (y * width + x));
  }

  Row row(int64_t y) const {
    Row row{HomographyRow(matrix, y), field ? field + 2 * y * width : nullptr};
    row.given = given;
    return row;
  }
  Row all_rows() const { return {HomographyRow(matrix, 0), field, 0, matrix, width, given}; }
};

// What columns of an output row read, going by their ends and their middle.
struct Region {
  int64_t left = INT64_MAX, right = INT64_MIN, low = INT64_MAX, high = INT64_MIN;

  void add(const Row& row, Span columns) {
    constexpr int64_t steps = 2;
    for (int64_t i = 0; i <= steps; ++i) {
      int64_t fx, fy;
      const int64_t x = columns.begin + (columns.end - 1 - columns.begin) * i / steps;
      field_coordinates(row.homography, x, row.shift(x), fx, fy);
      left = smaller(left, fx >> 32), right = larger(right, fx >> 32);
      low = smaller(low, fy >> 32), high = larger(high, fy >> 32);
    }
  }
};

// What a tile reads, asked for a few of its rows ahead.
template <class T>
class Ahead {
 public:
  static constexpr int64_t distance = 6;

  Ahead(const Plane<T>& plane, const Map& map, const Tile& tile, bool whole_rows)
      : Ahead(plane, whole_rows ? Span{0, plane.w} : across(plane, map, tile)) {}

  void reach(const Row& row, Span columns) {
    Region r;
    r.add(row, columns);
    const auto inside = [&](int64_t y) { return larger<int64_t>(smaller(y, height_ - 2), 0); };
    rows_.reach(inside(r.low), smaller(inside(r.high) + 2, height_));
  }

 private:
  Ahead(const Plane<T>& plane, Span pixels)
      : height_(plane.h),
        rows_(plane, pixels.begin * plane.c * static_cast<int64_t>(sizeof(T)),
              pixels.end * plane.c * static_cast<int64_t>(sizeof(T))) {}

  // Which pixels of the rows that it reads.
  static Span across(const Plane<T>& plane, const Map& map, const Tile& tile) {
    Region all;
    constexpr int64_t steps = 2;
    for (int64_t i = 0; i <= steps; ++i)
      all.add(map.row(tile.begin + (tile.end - 1 - tile.begin) * i / steps), tile.columns);
    return {larger<int64_t>(all.left, 0), smaller(all.right + 2, plane.w)};
  }

  int64_t height_;
  RowsAhead<T> rows_;
};

// How many rows of the image an output row reads.
inline double rows_crossed(const Row& row, int64_t width) {
  Region r;
  r.add(row, {0, width});
  return static_cast<double>(r.high) - static_cast<double>(r.low);
}

// Whether the rows are made as one: they are short, and the image so small that it need not be
// asked for row by row.
template <class T>
bool joins(const Plane<T>& p, const Batch& out) {
  constexpr int64_t near = 1 << 16;
  return out.w <= 64 && rows_are_contiguous(out) && p.h * larger(p.stride, -p.stride) <= near;
}

template <class Method, class T>
void warp_tile(const WarpFieldArgs& args, const Sampled<T>& s, const Map& map, int64_t image,
               const Tile& tile, bool whole_rows, Block<Method, T>& maker) {
  const Batch& out = args.out;
  const Plane<T>& p = s.plane;
  const bool fits = offsets_fit(p);
  // Where the output leaves most pixels out they are better left alone.
  const bool asks = rows_are_plain(args.in) && p.h * p.w <= 4 * out.h * out.w;
  Ahead<T> ahead(p, map, tile, whole_rows);
  const RowsOut<T> made(out, image, row_buffer<T>(Slot::row, out));
  const auto [begin, end] = tile.columns;
  if (asks) ahead.reach(map.row(tile.begin), tile.columns);
  for (int64_t y = tile.begin; y < tile.end; ++y) {
    T* to = made.begin(y);
    const Row row = map.row(y);
    if (y + 2 * ahead.distance < tile.end) map.fetch(y + 2 * ahead.distance, tile.columns);
    if (asks && y + ahead.distance < tile.end)
      ahead.reach(map.row(y + ahead.distance), tile.columns);
    if (fits)
      for (int64_t x = begin; x < end; x += block)
        maker.make(row, x, smaller(block, end - x), to + x * out.c, (out.w - x) * out.c);
    else
      for (int64_t x = begin; x < end; ++x) {
        int64_t fx, fy;
        coordinates(row, x, fx, fy);
        Method::Method::pixel(s, fx, fy, to + x * out.c);
      }
    made.finish(y, to);
  }
}

template <class Method, class T>
void warp_rows(const WarpFieldArgs& args, const Sampled<T>& s, Rows rows) {
  const Batch& out = args.out;
  const Map map(args, rows.image);
  const bool joined = offsets_fit(s.plane) && joins(s.plane, out);
  Block<Method, T> maker(s, out.w, joined);
  if (joined) {
    const Row all = map.all_rows();
    const int64_t last = rows.end * out.w;
    T* const to = begin_row<T>(out, rows.image, 0, nullptr);
    for (int64_t x = rows.begin * out.w; x < last; x += block)
      maker.make(all, x, smaller(block, last - x), to + x * out.c, (last - x) * out.c);
    return;
  }
  const Tiles tiles(out, rows_crossed(map.row((rows.begin + rows.end) / 2), out.w), s.plane);
  tiles.each(rows, [&](const Tile& tile) {
    warp_tile(args, s, map, rows.image, tile, !tiles.serve(), maker);
  });
}

template <class T>
void warp(const WarpFieldArgs& args, Rows rows) {
  const Batch& out = args.out;
  Sampled<T> s{};
  s.mode = static_cast<FillMode>(args.fill_mode);
  s.fill = affine::fill_row<T>(args.fill, out, rows.image, s.mode);
  s.plane = read_image<T>(args.in, rows.image, false);
  if (args.interpolation == 0) return warp_rows<Nearest<T>>(args, s, rows);
  if (args.interpolation == 2) return warp_rows<Cubic<T>>(args, s, rows);
  warp_rows<Linear<T>>(args, s, rows);
}

// By a homography that is an affine map.
void warp_affinely(const WarpFieldArgs& args, Rows rows) {
  const int64_t i = rows.image;
  const WarpAffineArgs one = {image_of(args.in, i),  image_of(args.out, i),      nullptr,
                              args.matrices + 9 * i, args.fill + i * args.out.c, args.interpolation,
                              args.fill_mode};
  rows.image = 0;
  warp_affine(one, rows);
}

}  // namespace

void warp_field(const WarpFieldArgs& args, Rows rows) {
  if (is_whole(args.matrices + 9 * rows.image, args.field, args.out.w, args.out.h))
    return warp_affinely(args, rows);
  if (args.out.dtype == DType::u8) return warp<uint8_t>(args, rows);
  warp<float>(args, rows);
}

FASTAUG_END
