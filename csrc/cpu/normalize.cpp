#include "../ops/normalize.hpp"

#include "kernels.hpp"
#include "map.hpp"
#include "table.hpp"
#include "vector/load_as.hpp"
#include "vector/words.hpp"

FASTAUG_BEGIN
namespace {

// Elements of whole pixels, of most numbers of channels.
constexpr int64_t together = 48;

// The numbers of the channels once for each of so many elements, so that a loop need not know
// channels.
template <class To>
const To* repeated(Slot slot, const double* each, int64_t channels, int64_t count) {
  To* all = memory<To>(slot, count);
  for (int64_t k = 0; k < count; ++k) all[k] = static_cast<To>(each[k % channels]);
  return all;
}

template <class From, class To>
void normalize_piece(const From* from, To* to, const To* scale, const To* shift, int64_t count) {
#pragma GCC ivdep
  for (int64_t k = 0; k < count; ++k) to[k] = normalize<To>(from[k], scale[k], shift[k]);
}

// Whole pieces of registers, the numbers of the channels kept in others; returns where they end.
template <class From>
int64_t normalize_registers(const From* from, float* to, const float* scale, const float* shift,
                            int64_t count) {
  constexpr int registers = together / lanes;
  Floats scales[registers], shifts[registers];
  for (int k = 0; k < registers; ++k) {
    scales[k] = load<Floats>(scale + k * lanes);
    shifts[k] = load<Floats>(shift + k * lanes);
  }
  int64_t i = 0;
  for (; i + together <= count; i += together)
#pragma GCC unroll 12
    for (int k = 0; k < registers; ++k) {
      const Floats v = load_as<Floats>(from + i + k * lanes);
      const Floats made = normalize<Floats>(v, scales[k], shifts[k]);
      std::memcpy(to + i + k * lanes, &made, sizeof made);
    }
  return i;
}

template <class From, class To>
void normalize_rows(const NormalizeArgs& args, Rows rows) {
  const int64_t channels = args.in.c;
  const int64_t block = together % channels == 0 ? together : 16 * channels;
  const To* scale = repeated<To>(Slot::table, args.scale + rows.image * channels, channels, block);
  const To* shift = repeated<To>(Slot::levels, args.shift + rows.image * channels, channels, block);
  map_rows<From, To>(args.in, args.out, rows, [&](const From* from, To* to, int64_t count) {
    int64_t i = 0;
    if constexpr (sizeof(From) <= sizeof(float) && sizeof(To) == sizeof(float))
      if (block == together) i = normalize_registers(from, to, scale, shift, count);
    for (; i < count; i += block)
      normalize_piece(from + i, to + i, scale, shift, smaller(count - i, block));
  });
}

template <class From>
void normalize_from(const NormalizeArgs& args, Rows rows) {
  if (args.out.dtype == DType::f32) return normalize_rows<From, float>(args, rows);
  normalize_rows<From, double>(args, rows);
}

}  // namespace

void normalize(const NormalizeArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return normalize_from<uint8_t>(args, rows);
    case DType::u16:
      return normalize_from<uint16_t>(args, rows);
    case DType::f32:
      return normalize_from<float>(args, rows);
    default:
      return normalize_from<double>(args, rows);
  }
}

FASTAUG_END
