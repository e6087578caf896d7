// What comes after brightness, of an image of grey levels: a quarter of the memory for each pass
// that reads it, and the bits of `photometric_image`.
#pragma once

#include "photometric_image.hpp"
#include "vector/lookup.hpp"
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

// So the sum of the levels times the number, and of what rounding the products adds to them: no
// more than 128 of those bits, which is a table of bytes.
inline double sum_of_levels(const ScaledLevels& levels, int64_t count) {
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
  uint64_t sum = 0, rest = 0;
  for (int64_t i = 0; i < count; i += most) {
    const int64_t part = smaller(most, count - i);
    look_up<false>(table, levels.all + i, some, part);
    sum_channels<1>(levels.all + i, part, &sum);
    sum_channels<1>(some, part, &rest);
  }
  const int64_t bits = static_cast<int64_t>(rest) - 128 * count;
  return static_cast<double>(sum) * by + static_cast<double>(bits) * bit;
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
    const float mean = mean_of(sum_of_levels(levels, out.h * length), count);
    if (args.samplewise_center) standards.mean = mean;
    if (args.samplewise_std) {
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
