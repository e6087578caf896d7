// The spline warp and what follows on the values. Where that begins by cutting to grey levels, as
// brightness does, the warp hands over the levels: a quarter of the memory, and most of them can be
// told without SciPy's arithmetic.
#include "kernels.hpp"
#include "photometric_image.hpp"
#include "spline_linear.hpp"
#include "table.hpp"
#include "warp_levels.hpp"

FASTAUG_BEGIN
namespace {

// An image of grey levels, shifted and brightened already.
struct LevelRows {
  static constexpr bool keeps = false;
  uint8_t* levels;
  int64_t length;
  float rescale;
  float* buffer;

  const float* row(int64_t y) const {
    const uint8_t* from = levels + y * length;
    int64_t i = 0;
    for (; i + lanes <= length; i += lanes) {
      const Floats v = load_bytes(from + i) * rescale;
      std::memcpy(buffer + i, &v, sizeof v);
    }
    for (; i < length; ++i) buffer[i] = static_cast<float>(from[i]) * rescale;
    return buffer;
  }
};

// One column, wherever it reads.
void order1_pixel(const Spline<float>& s, int64_t row, int64_t column, float* to) {
  EdgeColumns at;
  at.prepare(s, row, column, 1);
  double made[4];
  order1_edge<float, 0>(s, at, 0, made);
  store_pixels(made, s.plane.c, to);
}

// A row of pixels that have the right levels, with and without the shift.
void levels_row(const Spline<float>& s, WarpLevels& levels, int64_t row, int64_t width,
                bool mirrored, float* aside, float* to) {
  const int64_t c = s.plane.c;
  const auto inside = [&](int64_t x, int64_t count, int64_t last) {
    const int64_t column = mirrored ? width - 1 - x : x, step = mirrored ? -1 : 1;
    levels.make(row, column, count, ((mirrored ? last : width) - x) * c, to + x * c);
    levels.each_doubt(
        count, [&](int64_t k) { order1_pixel(s, row, column + step * k, to + (x + k) * c); });
  };
  order1_parts(s, row, levels.columns(row, width), width, mirrored, aside, to, inside);
}

void cut_row(const float* from, float shift, int64_t count, uint8_t* to) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    store_bytes(to + i, within_levels(load<Floats>(from + i) + shift));
  for (; i < count; ++i) to[i] = static_cast<uint8_t>(within_levels(from[i] + shift));
}

// Clips shifted levels to those of the extremes that the image had before, and brightens them.
void brighten_row(const float* factor, float low, float high, int64_t count, uint8_t* row) {
  const auto bright = [&](auto level, auto by) {
    using V = decltype(level);
    return within_levels(by * smaller(larger(level, splat<V>(low)), splat<V>(high)));
  };
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    store_bytes(row + i, bright(load_bytes(row + i), load<Floats>(factor + i)));
  for (; i < count; ++i)
    row[i] = static_cast<uint8_t>(bright(static_cast<float>(row[i]), factor[i]));
}

// Whether the levels are all that the colours see of the warp's result, if they are within range.
bool levels_suffice(const WarpPhotometricArgs& args, Rows rows) {
  const WarpSplineArgs& warp = args;
  const Batch& out = warp.out;
  if (warp.order != 1 || args.colours.brightness != Brightness::grey_levels || rows.begin != 0 ||
      rows.end != out.h)
    return false;
  const FillMode mode = static_cast<FillMode>(warp.fill_mode);
  if (mode != FillMode::constant && mode != FillMode::grid_constant) return true;
  const double* fill = warp.fill + rows.image * out.c;
  for (int64_t c = 0; c < out.c; ++c)
    if (!(fill[c] >= 0.0 && fill[c] <= 255.0)) return false;
  return true;
}

// False if the image has other numbers than levels, or anything else keeps it from this way.
bool make_levels(const WarpPhotometricArgs& args, int64_t image, LevelRows& made) {
  const WarpSplineArgs& warp = args;
  const Batch& out = warp.out;
  const double* shifts = args.colours.channel_shift;
  const double shift = shifts ? shifts[image] : 0.0;
  const bool mirror_rows = warp.mirror[2 * image], mirrored = warp.mirror[2 * image + 1];
  WarpLevels levels;
  const Spline<float> s =
      spline_of(warp, image, levels.begin(warp.in, source_of(warp.source, image)));
  if (!levels.prepare(s.row, s.column, s.mode, out.h, out.w, mirrored ? -1 : 1, shift))
    return false;
  made.length = out.w * out.c;
  made.levels =
      static_cast<uint8_t*>(scratch(Slot::grey, static_cast<std::size_t>(out.h * made.length)));
  made.buffer = row_buffer<float>(Slot::row, out);
  float* const aside = row_buffer<float>(Slot::stage, out);
  RowExtremes extremes;
  for (int64_t y = 0; y < out.h; ++y) {
    const int64_t row = mirror_rows ? out.h - 1 - y : y;
    if (!levels.reach(row, out.w)) return false;
    if (levels.tries())
      levels_row(s, levels, row, out.w, mirrored, aside, made.buffer);
    else
      order1_row(s, row, out.w, mirrored, aside, made.buffer);
    extremes.add(made.buffer, made.length);
    cut_row(made.buffer, static_cast<float>(shift), made.length, made.levels + y * made.length);
  }
  made.rescale = static_cast<float>(args.colours.rescale);
  const float* const factor = make_tables(args.colours, image).factor;
  const Extremes limits = extremes.all();
  const float low = grey_level(limits.low), high = grey_level(limits.high);
  for (int64_t y = 0; y < out.h; ++y)
    brighten_row(factor, low, high, made.length, made.levels + y * made.length);
  return true;
}

}  // namespace

void warp_photometric(const WarpPhotometricArgs& args, Rows rows) {
  LevelRows levels;
  if (levels_suffice(args, rows) && make_levels(args, rows.image, levels)) {
    PhotometricArgs rest = args.colours;
    rest.channel_shift = nullptr;
    rest.brightness = Brightness::none;
    rest.rescale = 1.0;
    return photometric_image(rest, rows.image, levels);
  }
  warp_spline(args, rows);
  photometric(args.colours, rows);
}

FASTAUG_END
