// Values after geometry: one pass over an image for its extremes if they are asked for, one that
// does everything that needs no sums, and two more for samplewise standardisation.
#include "../ops/photometric.hpp"

#include "kernels.hpp"
#include "rows.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// What changes along a row of elements: one value for each, so that loops need not know channels.
struct RowTables {
  const float *factor, *center, *scale;  // null where there is nothing to do
};

struct Work {
  const PhotometricArgs& args;
  int64_t image;
  float* in_buffer;
  float* out_buffer;
};

// Calls `each(row, count)` for every row of the image, to change it in place.
template <class Each>
void each_row(const Work& work, bool first, Each each) {
  const Batch& in = first ? work.args.in : work.args.out;
  const Batch& out = work.args.out;
  const int64_t count = out.w * out.c;
  for (int64_t y = 0; y < out.h; ++y) {
    const float* from = read_row(in, work.image, y, work.in_buffer);
    float* to = begin_row(out, work.image, y, work.out_buffer);
    if (from != to) std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
    each(to, count);
    finish_row(out, work.image, y, to);
  }
}

Extremes extremes_of(const Work& work) {
  constexpr int64_t lanes = 32;
  float low[lanes], high[lanes];
  const float infinity = __builtin_inff();
  for (int64_t k = 0; k < lanes; ++k) low[k] = infinity, high[k] = -infinity;
  const Batch& in = work.args.in;
  for (int64_t y = 0; y < in.h; ++y) {
    const float* from = read_row(in, work.image, y, work.in_buffer);
    const auto take = [&](float v, int64_t k) {
      low[k] = v < low[k] ? v : low[k];
      high[k] = v > high[k] ? v : high[k];
    };
    const int64_t count = in.w * in.c;
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
      for (int64_t k = 0; k < lanes; ++k) take(from[i + k], k);
    for (int64_t k = 0; i + k < count; ++k) take(from[i + k], k);
  }
  for (int64_t k = 1; k < lanes; ++k) {
    low[0] = smaller(low[0], low[k]);
    high[0] = larger(high[0], high[k]);
  }
  return {low[0], high[0]};
}

// Sums of values, and of squares, in the fixed order of ops/photometric.hpp.
struct Sums {
  double values = 0.0, squares = 0.0;

  void add_row(const float* v, int64_t count) {
    double lane[sum_lanes] = {};
    int64_t i = 0;
    for (; i + sum_lanes <= count; i += sum_lanes)
      for (int64_t k = 0; k < sum_lanes; ++k) lane[k] += static_cast<double>(v[i + k]);
    for (int64_t k = 0; i + k < count; ++k) lane[k] += static_cast<double>(v[i + k]);
    values += fold_lanes(lane);
  }

  void add_row_of_squares(const float* v, int64_t count) {
    double lane[sum_lanes] = {};
    const auto take = [&](float value, int64_t k) {
      lane[k] += static_cast<double>(value) * static_cast<double>(value);
    };
    int64_t i = 0;
    for (; i + sum_lanes <= count; i += sum_lanes)
      for (int64_t k = 0; k < sum_lanes; ++k) take(v[i + k], k);
    for (int64_t k = 0; i + k < count; ++k) take(v[i + k], k);
    squares += fold_lanes(lane);
  }
};

void shift_row(float* to, int64_t count, float shift, Extremes limits) {
  for (int64_t i = 0; i < count; ++i) to[i] = shift_channel(to[i], shift, limits);
}

// One loop for each kind of brightness, so that none asks in its middle.
template <bool stretches, bool restores>
void brighten_levels(float* to, int64_t count, const float* factor, Brightening b) {
  b.kind = Brightness::grey_levels;
  b.stretches = stretches;
  b.restores = restores;
  for (int64_t i = 0; i < count; ++i) to[i] = brighten(to[i], factor[i], b);
}

void brighten_row(float* to, int64_t count, const float* factor, Brightening b) {
  if (b.kind == Brightness::factor) {
    for (int64_t i = 0; i < count; ++i) to[i] = brighten(to[i], factor[i], b);
  } else if (b.restores) {
    brighten_levels<true, true>(to, count, factor, b);
  } else if (b.stretches) {
    brighten_levels<true, false>(to, count, factor, b);
  } else {
    brighten_levels<false, false>(to, count, factor, b);
  }
}

// The last steps, which look at nothing but the element.
void standardize_row(float* to, int64_t count, const RowTables& tables) {
  const float *center = tables.center, *scale = tables.scale;
  if (center)
    for (int64_t i = 0; i < count; ++i) to[i] = to[i] - center[i];
  if (scale)
    for (int64_t i = 0; i < count; ++i) to[i] = to[i] / scale[i];
}

RowTables make_tables(const PhotometricArgs& args, int64_t image) {
  const Batch& out = args.out;
  const int64_t count = out.w * out.c;
  float* all = static_cast<float*>(
      scratch(Slot::table, static_cast<std::size_t>(3 * count) * sizeof(float)));
  RowTables tables = {};
  const auto fill = [&](float* to, auto value) {
    for (int64_t x = 0; x < out.w; ++x)
      for (int64_t c = 0; c < out.c; ++c) to[x * out.c + c] = static_cast<float>(value(c));
    return to;
  };
  if (args.brightness != Brightness::none) {
    const double factor = args.factor[image];
    const int64_t alpha = out.c == 4 ? 3 : out.c;
    tables.factor = fill(all, [&](int64_t c) { return c == alpha ? 1.0 : factor; });
  }
  if (args.center) tables.center = fill(all + count, [&](int64_t c) { return args.center[c]; });
  if (args.scale) tables.scale = fill(all + 2 * count, [&](int64_t c) { return args.scale[c]; });
  return tables;
}

}  // namespace

void photometric(const PhotometricArgs& args, Rows rows) {
  const Batch& out = args.out;
  const Work work = {args, rows.image, row_buffer<float>(Slot::row, args.in),
                     row_buffer<float>(Slot::stage, out)};
  const RowTables tables = make_tables(args, rows.image);
  const bool shifts = args.channel_shift != nullptr;
  const bool brightens = args.brightness != Brightness::none;
  const bool samplewise = args.samplewise_center || args.samplewise_std;
  const float shift = shifts ? static_cast<float>(args.channel_shift[rows.image]) : 0.0f;
  const float rescale = static_cast<float>(args.rescale);

  Extremes before = {0.0f, 0.0f}, after = {0.0f, 0.0f};
  if (shifts || brightens) before = after = extremes_of(work);
  // A shift keeps the order of values, so it moves the extremes as it moves any other value.
  if (shifts)
    after = {shift_channel(before.low, shift, before), shift_channel(before.high, shift, before)};
  Brightening brightness = {};
  if (brightens)
    brightness = brightening(args.brightness, args.factor[rows.image], args.white, after);

  Sums sums;
  each_row(work, true, [&](float* row, int64_t count) {
    if (shifts) shift_row(row, count, shift, before);
    if (brightens) brighten_row(row, count, tables.factor, brightness);
    if (rescale != 1.0f)
      for (int64_t i = 0; i < count; ++i) row[i] = row[i] * rescale;
    if (samplewise)
      sums.add_row(row, count);
    else
      standardize_row(row, count, tables);
  });
  if (!samplewise) return;

  const double count = static_cast<double>(out.h * out.w * out.c);
  const float mean = mean_of(sums.values, count);
  if (!args.samplewise_std) {
    return each_row(work, false, [&](float* row, int64_t n) {
      for (int64_t i = 0; i < n; ++i) row[i] = row[i] - mean;
      standardize_row(row, n, tables);
    });
  }
  // The deviation is that of the centred values, which are kept only if they are asked for.
  Sums centred;
  float* aside = static_cast<float*>(
      scratch(Slot::padded, static_cast<std::size_t>(out.w * out.c) * sizeof(float)));
  each_row(work, false, [&](float* row, int64_t n) {
    float* kept = args.samplewise_center ? row : aside;
    if (kept != row) std::memcpy(kept, row, static_cast<std::size_t>(n) * sizeof(float));
    for (int64_t i = 0; i < n; ++i) kept[i] = kept[i] - mean;
    centred.add_row(kept, n);
    centred.add_row_of_squares(kept, n);
  });
  const float deviation = deviation_of(centred.values, centred.squares, count);
  each_row(work, false, [&](float* row, int64_t n) {
    for (int64_t i = 0; i < n; ++i) row[i] = row[i] / deviation;
    standardize_row(row, n, tables);
  });
}

FASTAUG_END
