// The spline warp and what follows on the values. Where that begins by cutting to grey levels, as
// brightness does, the warp hands over the levels: a quarter of the memory, and most of them can be
// told without SciPy's arithmetic.
#include "kernels.hpp"
#include "photometric_levels.hpp"
#include "spline_linear.hpp"
#include "table.hpp"
#include "warp_levels.hpp"

FASTAUG_BEGIN
namespace {

// One column, wherever it reads.
template <class T>
void order1_pixel(const Spline<T>& s, int64_t row, int64_t column, float* to) {
  EdgeColumns at;
  at.prepare(s, row, column, 1);
  double made[4];
  order1_edge<T, 0>(s, at, 0, made);
  for (int64_t c = 0; c < 4 && c < s.plane.c; ++c) to[c] = spline_store<float>(made[c]);
}

void cut_row(const float* from, float shift, int64_t count, uint8_t* to) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    store_bytes(to + i, within_levels(load<Floats>(from + i) + shift));
  for (; i < count; ++i) to[i] = static_cast<uint8_t>(within_levels(from[i] + shift));
}

// Rows of levels from a copy of the image as T, shifted and cut.
template <class T>
struct LevelRows;

// From floats: blended first, then cut.
template <>
struct LevelRows<float> {
  const Spline<float>& s;
  WarpLevels<float>& levels;
  const Batch& out;
  float shift;
  bool mirrored;
  float* buffer = row_buffer<float>(Slot::row, out);
  float* aside = row_buffer<float>(Slot::stage, out);
  RowExtremes extremes = {};

  bool make(int64_t row, uint8_t* to) {
    const int64_t width = out.w, c = out.c;
    const auto inside = [&](int64_t x, int64_t count, int64_t last) {
      const int64_t column = mirrored ? width - 1 - x : x, step = mirrored ? -1 : 1;
      levels.make(row, column, count, ((mirrored ? last : width) - x) * c, buffer + x * c);
      levels.each_doubt(
          count, [&](int64_t k) { order1_pixel(s, row, column + step * k, buffer + (x + k) * c); });
    };
    if (levels.tries())
      order1_parts(s, row, levels.columns(row, width), width, mirrored, aside, buffer, inside);
    else
      order1_row(s, row, width, mirrored, aside, buffer);
    extremes.add(buffer, width * c);
    cut_row(buffer, shift, width * c, to);
    return true;
  }

  Extremes limits() {
    const Extremes all = extremes.all();
    return {grey_level(all.low), grey_level(all.high)};
  }
};

// From bytes, which read everywhere as if it were inside, in one go.
template <>
struct LevelRows<uint8_t> {
  const Spline<uint8_t>& s;
  WarpLevels<uint8_t>& levels;
  const Batch& out;
  float shift;
  bool mirrored;

  // False if there were too many doubts.
  bool make(int64_t row, uint8_t* to) {
    constexpr int64_t most = WarpLevels<uint8_t>::most;
    const int64_t width = out.w, c = out.c;
    for (int64_t x = 0; x < width; x += most) {
      const int64_t column = mirrored ? width - 1 - x : x, step = mirrored ? -1 : 1;
      const int64_t count = smaller(most, width - x);
      const int64_t doubts = levels.cut_columns(row, column, count, to + x * c);
      for (int64_t i = 0; i < doubts; ++i) {
        const int64_t k = levels.listed[i];
        float pixel[4];
        order1_pixel(s, row, column + step * k, pixel);
        for (int64_t j = 0; j < c; ++j) levels.levels.widen(static_cast<int32_t>(pixel[j]));
        cut_row(pixel, shift, c, to + (x + k) * c);
      }
      if (8 * doubts > count) return false;
    }
    return true;
  }

  Extremes limits() {
    levels.levels.widen_by_lanes();
    return {static_cast<float>(levels.levels.lowest), static_cast<float>(levels.levels.highest)};
  }
};

// Shifted levels clipped to those of the extremes that the image had before, and brightened.
template <class V>
V brightened(V level, V factor, float low, float high) {
  return within_levels(factor * smaller(larger(level, splat<V>(low)), splat<V>(high)));
}

void brighten_row(const float* factor, float low, float high, int64_t count, uint8_t* row) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    store_bytes(row + i, brightened(load_bytes(row + i), load<Floats>(factor + i), low, high));
  for (; i < count; ++i)
    row[i] = static_cast<uint8_t>(brightened(static_cast<float>(row[i]), factor[i], low, high));
}

// All of an image.
void brighten(const PhotometricArgs& args, int64_t image, float low, float high, uint8_t* levels) {
  const Batch& out = args.out;
  const int64_t length = out.w * out.c;
  if (out.c == 4 || out.h * length < 1024) {  // alpha keeps its level; a small image is no table
    const float* const factor = make_tables(args, image).factor;
    for (int64_t y = 0; y < out.h; ++y)
      brighten_row(factor, low, high, length, levels + y * length);
    return;
  }
  const float factor = static_cast<float>(args.factor[image]);
  uint8_t table[256];
  for (int i = 0; i < 256; ++i)
    table[i] = static_cast<uint8_t>(brightened(static_cast<float>(i), factor, low, high));
  look_up<false>(table, levels, levels, out.h * length);
}

// Whether the levels are all that the colours see of the warp's result, if they are within range.
bool levels_suffice(const WarpPhotometricArgs& args, Rows rows) {
  const WarpSplineArgs& warp = args;
  const Batch& out = warp.out;
  if (out.h * out.w * out.c > most_levels || warp.order != 1 ||
      args.colours.brightness != Brightness::grey_levels || rows.begin != 0 || rows.end != out.h)
    return false;
  const FillMode mode = static_cast<FillMode>(warp.fill_mode);
  if (mode != FillMode::constant && mode != FillMode::grid_constant) return true;
  const double* fill = warp.fill + rows.image * out.c;
  for (int64_t c = 0; c < out.c; ++c)
    if (!(fill[c] >= 0.0 && fill[c] <= 255.0)) return false;
  return true;
}

// Makes levels of an image from its copy as T, shifted and brightened. False if the image has other
// numbers than levels, or anything else keeps it from this way.
template <class T>
bool make_levels(const WarpPhotometricArgs& args, int64_t image, uint8_t* made) {
  const WarpSplineArgs& warp = args;
  const Batch& out = warp.out;
  const double* shifts = args.colours.channel_shift;
  const double shift = shifts ? shifts[image] : 0.0;
  const bool mirror_rows = warp.mirror[2 * image], mirrored = warp.mirror[2 * image + 1];
  WarpLevels<T> levels;
  const Spline<T> s = spline_of(warp, image, levels.begin(warp.in, source_of(warp.source, image)));
  if (!levels.prepare(s.row, s.column, s.mode, out.h, out.w, mirrored ? -1 : 1, shift))
    return false;
  LevelRows<T> rows{s, levels, out, static_cast<float>(shift), mirrored};
  for (int64_t y = 0; y < out.h; ++y) {
    const int64_t row = mirror_rows ? out.h - 1 - y : y;
    if (!levels.reach(row, out.w) || !rows.make(row, made + y * out.w * out.c)) return false;
  }
  const Extremes limits = rows.limits();
  brighten(args.colours, image, limits.low, limits.high, made);
  return true;
}

}  // namespace

void warp_photometric(const WarpPhotometricArgs& args, Rows rows) {
  const Batch& out = args.WarpSplineArgs::out;
  const int64_t count = out.h * out.w * out.c;
  if (levels_suffice(args, rows)) {
    uint8_t* const levels = static_cast<uint8_t*>(
        scratch(Slot::grey, static_cast<std::size_t>(count + 16 * out.c + 64)));
    if (make_levels<uint8_t>(args, rows.image, levels) ||
        make_levels<float>(args, rows.image, levels))
      return standardize_levels(args.colours, rows.image, levels);
  }
  warp_spline(args, rows);
  photometric(args.colours, rows);
}

FASTAUG_END
