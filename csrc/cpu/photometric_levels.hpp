// What comes after brightness, of an image of grey levels: a quarter of the memory for each pass
// that reads it, and the bits of `photometric_image`.
#pragma once

#include "photometric_image.hpp"
#include "vector/lookup.hpp"
#include "vector/lookup_words.hpp"
#include "vector/sums.hpp"

FASTAUG_BEGIN

// Calls step(value, index) for the levels of a row as floats, and writes what it returns.
template <class Step>
void map_levels(const uint8_t* from, float* to, int64_t count, Step step) {
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const Floats v = step(load_bytes(from + i), i);
    std::memcpy(to + i, &v, sizeof v);
  }
  for (; i < count; ++i) to[i] = step(static_cast<float>(from[i]), i);
}

// Levels times `rescale`.
struct ScaledLevels {
  const uint8_t* all;
  float rescale;

  Floats some(int64_t i) const { return load_bytes(all + i) * rescale; }
  float one(int64_t i) const { return static_cast<float>(all[i]) * rescale; }
};

// The sum of levels times a number, in no order: each is a multiple of what the last bit of that
// number is worth, and less than 2^32 of those, so 2^21 of them are added without rounding.
constexpr int64_t most_levels = 1 << 21;

inline double sum_one_by_one(const ScaledLevels& levels, int64_t count) {
  double sum = 0.0;
  for (int64_t i = 0; i < count; ++i) sum += static_cast<double>(levels.one(i));
  return sum;
}

// Of levels as they are.
struct LevelSums {
  uint64_t levels = 0;
  int64_t squares = 0;
};

// So the sum of the levels times the number, and of what rounding the products adds to them: no
// more than 128 of those bits, which is a table of bytes.
inline double sum_of_levels(const ScaledLevels& levels, int64_t count, bool squares,
                            LevelSums& sums) {
  const double by = static_cast<double>(levels.rescale);
  if (!(fabs(by) >= 0x1p-100 && fabs(by) <= 0x1p100)) return sum_one_by_one(levels, count);
  const uint32_t exponent = bit_cast<uint32_t>(levels.rescale) & 0x7f800000u;
  const double bit = static_cast<double>(bit_cast<float>(exponent)) * 0x1p-23;
  uint8_t table[256];
  for (int i = 0; i < 256; ++i) {
    const float level = static_cast<float>(i);
    const double product = static_cast<double>(level) * by;
    const double rounded = (static_cast<double>(level * levels.rescale) - product) / bit + 128.0;
    if (rounded > 255.0) return sum_one_by_one(levels, count);
    table[i] = static_cast<uint8_t>(rounded);
  }
  constexpr int64_t most = 4096;
  uint8_t some[most];
  uint64_t rest = 0;
  for (int64_t i = 0; i < count; i += most) {
    const int64_t part = smaller(most, count - i);
    look_up<false>(table, levels.all + i, some, part);
    sum_channels<1>(levels.all + i, part, &sums.levels);
    sum_channels<1>(some, part, &rest);
    if (squares) sums.squares += sum_squares(levels.all + i, part);
  }
  const int64_t bits = static_cast<int64_t>(rest) - 128 * count;
  return static_cast<double>(sums.levels) * by + static_cast<double>(bits) * bit;
}

// The deviation of centred levels, if sums in any order can tell it: its square is so far from
// where it would be rounded to another float that whatever the order of ops/photometric.hpp rounds,
// it does not get there. Each square is A x^2 + B x + C of its level x, and a little more that
// rounding the centred number adds, which a table of 16 bits has.
inline bool deviation_in_any_order(const ScaledLevels& levels, float mean, const Batch& out,
                                   const LevelSums& sums, float& deviation) {
  const double by = static_cast<double>(levels.rescale), middle = static_cast<double>(mean);
  const double a = by * by, b = -2.0 * by * middle, c = middle * middle;
  double more[256], low = 0x1p1000, high = -0x1p1000, largest = 0.0;
  for (int i = 0; i < 256; ++i) {
    const float centred = static_cast<float>(i) * levels.rescale - mean;
    const double x = static_cast<double>(i), v = static_cast<double>(centred);
    more[i] = v * v - ((a * x + b) * x + c);
    low = smaller(low, more[i]), high = larger(high, more[i]);
    largest = larger(largest, v * v);
  }
  // The table: `bit` times it, and `shared` added, is off by `off` at most.
  const double shared = 0.5 * (low + high), bit = larger((high - low) * 0x1p-15, 0x1p-200);
  const double bits = 1.0 / bit;
  double off = 0.0;
  int16_t table[256];
  for (int i = 0; i < 256; ++i) {
    const double rest = more[i] - shared;
    const int32_t whole = static_cast<int32_t>(rest * bits);
    table[i] = static_cast<int16_t>(whole);
    off = larger(off, fabs(rest - bit * static_cast<double>(whole)));
  }
  const int64_t number = out.h * out.w * out.c;
  const double count = static_cast<double>(number);
  const double rest = bit * static_cast<double>(sum_words(table, levels.all, number));
  const double variance =
      ((a * static_cast<double>(sums.squares) + b * static_cast<double>(sums.levels) + rest) /
           count +
       shared) +
      c;
  // Each term above is rounded a few times; so is each number on its way through the sums, once for
  // each row and each of its parts. The mean of what is centred already is no more than what was
  // rounded to get there, and its square that much less.
  const double terms = 255.0 * 255.0 * a + 255.0 * fabs(b) + c + largest;
  const double steps = static_cast<double>(out.h + out.w * out.c / sum_lanes + 16);
  const double centre = 0x1p-22 * (fabs(middle) + 255.0 * fabs(by));
  const double error = off + 16.0 * 0x1p-53 * terms + steps * 0x1p-52 * variance + centre * centre;
  const double least = variance - error, most = variance + error;
  deviation = static_cast<float>(sqrt(least)) + 1e-6f;
  return least > 0.0 && deviation == static_cast<float>(sqrt(most)) + 1e-6f;
}

// The last steps of rows of levels, one after the other.
template <bool divides, bool centers, bool scales>
void standardize_rows(const Batch& out, int64_t image, const ScaledLevels& levels,
                      const Standards& s) {
  const int64_t length = out.w * out.c;
  const auto step = [s, by = levels.rescale](auto v, int64_t i) {
    return s.apply<divides, centers, scales>(v * by, i);
  };
  float* const stage = row_buffer<float>(Slot::stage, out);
  for (int64_t y = 0; y < out.h; ++y) {
    float* const to = begin_row(out, image, y, stage);
    map_levels(levels.all + y * length, to, length, step);
    finish_row(out, image, y, to);
  }
}

// Of an image of no more than `most_levels`, one row after the other, which has been shifted and
// brightened already.
inline void standardize_levels(const PhotometricArgs& args, int64_t image, const uint8_t* all) {
  const Batch& out = args.out;
  const int64_t length = out.w * out.c;
  const ScaledLevels levels = {all, static_cast<float>(args.rescale)};
  const RowTables tables = make_tables(args, image);
  Standards standards = {0.0f, 1.0f, tables.center, tables.scale};
  if (args.samplewise_center || args.samplewise_std) {
    const double count = static_cast<double>(out.h * length);
    // The table costs as much as so many levels.
    const bool quickly = sums_by_words && args.samplewise_std && out.h * length >= 4096;
    LevelSums sums;
    const float mean = mean_of(sum_of_levels(levels, out.h * length, quickly, sums), count);
    if (args.samplewise_center) standards.mean = mean;
    if (args.samplewise_std &&
        !(quickly && sums.levels != 0 &&
          deviation_in_any_order(levels, mean, out, sums, standards.deviation))) {
      Sums centred;
      for (int64_t y = 0; y < out.h; ++y)
        centred.add_row<true>(ScaledLevels{all + y * length, levels.rescale}, length, mean);
      standards.deviation = deviation_of(centred.values, centred.squares, count);
    }
  }
  const auto finish = [&](auto divides) {
    constexpr bool by = decltype(divides)::value;
    if (tables.center && tables.scale)
      standardize_rows<by, true, true>(out, image, levels, standards);
    else if (tables.center)
      standardize_rows<by, true, false>(out, image, levels, standards);
    else if (tables.scale)
      standardize_rows<by, false, true>(out, image, levels, standards);
    else
      standardize_rows<by, false, false>(out, image, levels, standards);
  };
  if (args.samplewise_std)
    finish(std::true_type{});
  else
    finish(std::false_type{});
}

FASTAUG_END
