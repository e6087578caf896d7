// Values after geometry: one pass over an image for its extremes if they are asked for, one that
// does everything that needs no sums, and two more for samplewise standardisation. Within a pass a
// row is read and written once, or goes from loop to loop in the closest cache.
#pragma once

#include "../ops/photometric.hpp"
#include "rows.hpp"
#include "vector.hpp"

FASTAUG_BEGIN

// What changes along a row of elements: one value for each, so that loops need not know channels.
struct RowTables {
  const float *factor, *center, *scale;  // null where there is nothing to do
};

constexpr int64_t lanes = sizeof(Floats) / sizeof(float);

// Sets every element of a row to `step(value, index)`, which takes a float or a vector of them.
// The rows may be the same.
template <class Step>
void map_row(const float* from, float* to, int64_t count, Step step) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const Floats v = step(load<Floats>(from + i), i);
    std::memcpy(to + i, &v, sizeof v);
  }
  for (; i < count; ++i) to[i] = step(from[i], i);
}

// The extremes of rows, one after the other.
class RowExtremes {
 public:
  void add(const float* from, int64_t count) {
    int64_t i = 0;
    for (; i + 2 * lanes <= count; i += 2 * lanes) {
      widen(low, high, load<Floats>(from + i));
      widen(low2, high2, load<Floats>(from + i + lanes));
    }
    for (; i < count; ++i) widen(rest.low, rest.high, from[i]);
  }

  Extremes all() const {
    const Floats lows = smaller(low, low2), highs = larger(high, high2);
    Extremes found = rest;
    for (int64_t k = 0; k < lanes; ++k)
      found = {smaller(found.low, static_cast<float>(lows[k])),
               larger(found.high, static_cast<float>(highs[k]))};
    return without_signs_of_zero(found);
  }

 private:
  Extremes rest = no_extremes();
  // Two at a time, because each waits for the one before.
  Floats low = splat<Floats>(rest.low), high = splat<Floats>(rest.high), low2 = low, high2 = high;
};

// A row of floats, for sums.
struct Values {
  const float* all;

  Floats some(int64_t i) const { return load<Floats>(all + i); }
  float one(int64_t i) const { return all[i]; }
};

// Sums of values, and of squares, in the fixed order of ops/photometric.hpp.
struct Sums {
  double values = 0.0, squares = 0.0;

  // Of the values less `mean`.
  template <bool Squares, class From>
  void add_row(From from, int64_t count, float mean) {
    Doubles sum[registers], square[registers];
    const int64_t whole = count / sum_lanes * sum_lanes;
    float rest[sum_lanes] = {};  // to add zero changes no sum, as none of them is minus zero
    for (int64_t k = 0; k < count - whole; ++k) rest[k] = from.one(whole + k) - mean;
    // Two registers of lanes at a time, which stay where they are.
    for (int64_t k = 0; k < registers; k += 2) {
      Doubles a = {}, b = {}, a2 = {}, b2 = {}, v, w;
      const auto add = [&](Floats some) {
        to_doubles(some, v, w);
        a += v, b += w;
        if (Squares) a2 += v * v, b2 += w * w;
      };
      for (int64_t i = k * width; i < whole; i += sum_lanes) add(from.some(i) - mean);
      add(load<Floats>(rest + k * width));
      sum[k] = a, sum[k + 1] = b;
      square[k] = a2, square[k + 1] = b2;
    }
    values += folded(sum);
    if (Squares) squares += folded(square);
  }

 private:
  static constexpr int64_t width = sizeof(Doubles) / sizeof(double);
  static constexpr int64_t registers = sum_lanes / width;

  static double folded(Doubles* lanes) {
    for (int64_t half = registers / 2; half > 0; half /= 2)
      for (int64_t k = 0; k < half; ++k) lanes[k] += lanes[k + half];
    double lane[width];
    std::memcpy(lane, lanes, sizeof lane);
    return fold_lanes<width / 2>(lane);
  }
};

// Shift, brightness and rescaling of every element. There is a loop for each kind of brightness;
// of the others, one that is not asked for is given what changes nothing.
struct Colours {
  bool any, shifts;
  float shift;
  Extremes limits;
  Brightening brightness;
  const float* factor;
  float rescale;

  template <Brightness kind, bool stretches, bool restores>
  void each(const float* from, float* to, int64_t count) const {
    Brightening b = brightness;
    b.kind = kind, b.stretches = stretches, b.restores = restores;
    map_row(from, to, count, [c = *this, b](auto v, int64_t i) {
      v = shift_channel(v, c.shift, c.limits);
      if (kind != Brightness::none) v = brighten(v, load<decltype(v)>(c.factor + i), b);
      return v * c.rescale;
    });
  }

  void row(const float* from, float* to, int64_t count) const {
    constexpr Brightness levels = Brightness::grey_levels;
    if (!any) {
      if (from != to) std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
    } else if (brightness.kind == Brightness::none && !shifts) {
      map_row(from, to, count, [by = rescale](auto v, int64_t) { return v * by; });
    } else if (brightness.kind == Brightness::none) {
      each<Brightness::none, false, false>(from, to, count);
    } else if (brightness.kind == Brightness::multiplied) {
      each<Brightness::multiplied, false, false>(from, to, count);
    } else if (brightness.restores) {
      each<levels, true, true>(from, to, count);
    } else if (brightness.stretches) {
      each<levels, true, false>(from, to, count);
    } else {
      each<levels, false, false>(from, to, count);
    }
  }
};

// The last steps: the image's own mean and deviation, then those of the channels.
struct Standards {
  float mean, deviation;
  const float *center, *scale;

  // Of value `i` of a row, or of as many as V has.
  template <bool divides, bool centers, bool scales, class V>
  V apply(V v, int64_t i) const {
    v = v - mean;
    if (divides) v = v / deviation;
    if (centers) v = v - load<V>(center + i);
    if (scales) v = v / load<V>(scale + i);
    return v;
  }

  template <bool divides, bool centers, bool scales>
  void each(const float* from, float* to, int64_t count) const {
    map_row(from, to, count,
            [s = *this](auto v, int64_t i) { return s.apply<divides, centers, scales>(v, i); });
  }

  template <bool divides>
  void row(const float* from, float* to, int64_t count) const {
    if (center && scale)
      each<divides, true, true>(from, to, count);
    else if (center)
      each<divides, true, false>(from, to, count);
    else if (scale)
      each<divides, false, true>(from, to, count);
    else
      each<divides, false, false>(from, to, count);
  }
};

inline RowTables make_tables(const PhotometricArgs& args, int64_t image) {
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

// The pixels of an image as they lie in memory.
class PixelRows {
 public:
  PixelRows(const Batch& batch, int64_t number)
      : in(batch), image(number), buffer(row_buffer<float>(Slot::row, batch)) {}

  const float* row(int64_t y) const { return read_row(in, image, y, buffer); }

  Extremes extremes() const {
    RowExtremes found;
    for (int64_t y = 0; y < in.h; ++y) found.add(row(y), in.w * in.c);
    return found.all();
  }

 private:
  const Batch& in;
  int64_t image;
  float* buffer;
};

// All of an image. What comes before the samplewise steps is kept in the result.
inline void photometric_image(const PhotometricArgs& args, int64_t image) {
  const Batch& out = args.out;
  const PixelRows pixels(args.in, image);
  const int64_t length = out.w * out.c;
  float* const stage = row_buffer<float>(Slot::stage, out);
  const RowTables tables = make_tables(args, image);
  const bool shifts = args.channel_shift != nullptr;
  const bool brightens = args.brightness != Brightness::none;
  const bool samplewise = args.samplewise_center || args.samplewise_std;

  // A shift by minus zero within infinite limits changes nothing.
  const Extremes none = no_extremes();
  Colours colours = {shifts || brightens || args.rescale != 1.0,
                     shifts,
                     -0.0f,
                     {none.high, none.low},
                     {},
                     tables.factor,
                     static_cast<float>(args.rescale)};
  Extremes extremes = none;
  if (shifts || brightens) extremes = pixels.extremes();
  if (shifts) {
    colours.shift = static_cast<float>(args.channel_shift[image]);
    colours.limits = extremes;
    extremes = shifted(extremes, colours.shift);
  }
  if (brightens)
    colours.brightness = brightening(args.brightness, args.factor[image], args.white, extremes);

  Standards standards = {0.0f, 1.0f, tables.center, tables.scale};
  Sums sums;
  for (int64_t y = 0; y < out.h; ++y) {
    const float* const from = pixels.row(y);
    float* const to = begin_row(out, image, y, stage);
    colours.row(from, to, length);
    if (samplewise)
      sums.add_row<false>(Values{to}, length, 0.0f);
    else if (tables.center || tables.scale)
      standards.row<false>(to, to, length);
    finish_row(out, image, y, to);
  }
  if (!samplewise) return;

  float* const buffer = row_buffer<float>(Slot::row, out);
  const auto kept = [&](int64_t y) { return read_row(out, image, y, buffer); };
  const double count = static_cast<double>(out.h * length);
  const float mean = mean_of(sums.values, count);
  if (args.samplewise_center) standards.mean = mean;
  if (args.samplewise_std) {
    // The deviation is that of the centred values, which are kept only if they are asked for.
    Sums centred;
    for (int64_t y = 0; y < out.h; ++y) centred.add_row<true>(Values{kept(y)}, length, mean);
    standards.deviation = deviation_of(centred.values, centred.squares, count);
  }
  for (int64_t y = 0; y < out.h; ++y) {
    float* const to = begin_row(out, image, y, stage);
    if (args.samplewise_std)
      standards.row<true>(kept(y), to, length);
    else
      standards.row<false>(kept(y), to, length);
    finish_row(out, image, y, to);
  }
}

FASTAUG_END
