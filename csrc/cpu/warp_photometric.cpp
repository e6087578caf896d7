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

// Pixels of a row that have the right levels, with and without the shift: `count` from column x on,
// as they are put, of a part that goes to `last`. Returns how many were in doubt.
template <class T>
int64_t levels_part(const Spline<T>& s, WarpLevels<T>& levels, int64_t row, int64_t width,
                    bool mirrored, int64_t x, int64_t count, int64_t last, float* to) {
  const int64_t c = s.plane.c;
  const int64_t column = mirrored ? width - 1 - x : x, step = mirrored ? -1 : 1;
  levels.make(row, column, count, ((mirrored ? last : width) - x) * c, to + x * c);
  return levels.each_doubt(
      count, [&](int64_t k) { order1_pixel(s, row, column + step * k, to + (x + k) * c); });
}

// A row from floats. False if there were too many doubts.
bool levels_row(const Spline<float>& s, WarpLevels<float>& levels, int64_t row, int64_t width,
                bool mirrored, float* aside, float* to) {
  const auto inside = [&](int64_t x, int64_t count, int64_t last) {
    levels_part(s, levels, row, width, mirrored, x, count, last, to);
  };
  if (levels.tries())
    order1_parts(s, row, levels.columns(row, width), width, mirrored, aside, to, inside);
  else
    order1_row(s, row, width, mirrored, aside, to);
  return true;
}

// A row from bytes, which read everywhere as if it were inside.
bool levels_row(const Spline<uint8_t>& s, WarpLevels<uint8_t>& levels, int64_t row, int64_t width,
                bool mirrored, float*, float* to) {
  constexpr int64_t most = WarpLevels<uint8_t>::most;
  for (int64_t x = 0; x < width; x += most)
    levels_part(s, levels, row, width, mirrored, x, smaller(most, width - x), width, to);
  return levels.tries();
}

void cut_row(const float* from, float shift, int64_t count, uint8_t* to) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    store_bytes(to + i, within_levels(load<Floats>(from + i) + shift));
  for (; i < count; ++i) to[i] = static_cast<uint8_t>(within_levels(from[i] + shift));
}

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
  const int64_t length = out.w * out.c;
  float* const buffer = row_buffer<float>(Slot::row, out);
  float* const aside = row_buffer<float>(Slot::stage, out);
  RowExtremes extremes;
  for (int64_t y = 0; y < out.h; ++y) {
    const int64_t row = mirror_rows ? out.h - 1 - y : y;
    if (!levels.reach(row, out.w) || !levels_row(s, levels, row, out.w, mirrored, aside, buffer))
      return false;
    extremes.add(buffer, length);
    cut_row(buffer, static_cast<float>(shift), length, made + y * length);
  }
  const Extremes limits = extremes.all();
  brighten(args.colours, image, grey_level(limits.low), grey_level(limits.high), made);
  return true;
}

}  // namespace

void warp_photometric(const WarpPhotometricArgs& args, Rows rows) {
  const Batch& out = args.WarpSplineArgs::out;
  const int64_t count = out.h * out.w * out.c;
  if (levels_suffice(args, rows)) {
    uint8_t* const levels =
        static_cast<uint8_t*>(scratch(Slot::grey, static_cast<std::size_t>(count)));
    if (make_levels<uint8_t>(args, rows.image, levels) ||
        make_levels<float>(args, rows.image, levels))
      return standardize_levels(args.colours, rows.image, levels);
  }
  warp_spline(args, rows);
  photometric(args.colours, rows);
}

FASTAUG_END
