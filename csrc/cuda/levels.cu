// Channel by channel: one block looks at all of a channel; then every value goes its way.
#include "../ops/levels.hpp"
#include "map.hpp"

FASTAUG_BEGIN

template <class T>
FASTAUG_FN ValueRange<T> range_of(const LevelsArgs& a) {
  return {static_cast<T>(a.low), static_cast<T>(a.high), true};
}

constexpr int channel_threads = 256;

// Calls use(value) for the values of a channel that belong to a thread of the block of it.
template <class T, class Use>
FASTAUG_FN void each_of_thread(const Batch& b, Place place, Use use) {
  const auto [image, channel] = piece_of(place.block, b.c);
  for (int64_t at = place.thread; at < b.h * b.w; at += channel_threads) {
    const int64_t y = quotient(at, b.w);
    use(*element<const T>(b, image, y, at - y * b.w, channel));
  }
}

template <class T>
struct LevelsExtremes {
  using Args = LevelsPassArgs;
  static constexpr int threads = channel_threads, phases = 2;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char* shared, Place place) {
    double (*parts)[2] = reinterpret_cast<double (*)[2]>(shared);
    const double infinity = bit_cast<double>(int64_t{0x7ff0000000000000});
    double least = infinity, greatest = -infinity;
    if (phase == 0) {
      each_of_thread<T>(args.all.in, place, [&](T v) {
        least = smaller(least, static_cast<double>(v));
        greatest = larger(greatest, static_cast<double>(v));
      });
      parts[place.thread][0] = least, parts[place.thread][1] = greatest;
    } else if (place.thread == 0) {
      for (int k = 0; k < threads; ++k) {
        least = smaller(least, parts[k][0]);
        greatest = larger(greatest, parts[k][1]);
      }
      double* found = args.found + 2 * place.block;
      found[0] = least + 0.0, found[1] = greatest + 0.0;
    }
  }
};

template <class T>
struct LevelsCount {
  using Args = LevelsPassArgs;
  static constexpr int threads = channel_threads, phases = 3;
  static_assert(threads == 256, "a thread has a level of its own");

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char* shared, Place place) {
    int64_t* count = reinterpret_cast<int64_t*>(shared);
    const ValueRange<T> range = range_of<T>(args.all);
    if (phase == 0)
      count[place.thread] = 0;
    else if (phase == 1)
      each_of_thread<T>(args.all.in, place, [&](T v) { count_one(count + level_of(v, range)); });
    else if (place.thread == 0)
      equalize_levels(count, args.level + 256 * place.block);
  }
};

template <class T>
struct LevelsOp {
  using Args = LevelsPassArgs;
  const double* found;
  const uint8_t* level;
  ValueRange<T> range;
  bool stretches;

  static FASTAUG_FN const LevelsArgs& batches(const Args& a) { return a.all; }
  static FASTAUG_FN LevelsOp of(const Args& a, int64_t image) {
    const int64_t channel = image * a.all.in.c;
    return {a.found + 2 * channel, a.level + 256 * channel, range_of<T>(a.all),
            a.all.op == Levels::autocontrast};
  }
  FASTAUG_FN T operator()(T v, uint32_t c) const {
    if (!stretches) return equalized(v, level[256 * c + level_of(v, range)], range);
    return stretched(
        v, stretch_of(static_cast<T>(found[2 * c]), static_cast<T>(found[2 * c + 1]), range));
  }
};

template <class T>
using MapLevels = MapElements<T, T, LevelsOp<T>>;

FASTAUG_END

FASTAUG_CUDA_KERNEL(levels_u8, MapLevels<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(levels_u16, MapLevels<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(levels_f32, MapLevels<float>)
FASTAUG_CUDA_KERNEL(levels_f64, MapLevels<double>)
FASTAUG_CUDA_KERNEL(levels_extremes_u8, LevelsExtremes<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(levels_extremes_u16, LevelsExtremes<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(levels_extremes_f32, LevelsExtremes<float>)
FASTAUG_CUDA_KERNEL(levels_extremes_f64, LevelsExtremes<double>)
FASTAUG_CUDA_KERNEL(levels_count_u8, LevelsCount<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(levels_count_u16, LevelsCount<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(levels_count_f32, LevelsCount<float>)
FASTAUG_CUDA_KERNEL(levels_count_f64, LevelsCount<double>)
