// Channel by channel: what is to become of its values, then every one of them.
#include "../ops/levels.hpp"

#include "extremes.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// Calls use(address) for every value of a channel.
template <class T, class Use>
void each_value(const Batch& b, int64_t image, int64_t channel, Use use) {
  const int64_t w = b.w, step = b.stride_w;
  for (int64_t y = 0; y < b.h; ++y) {
    char* p = row_address(b, image, y) + channel * b.stride_c;
    for (int64_t x = 0; x < w; ++x) use(reinterpret_cast<T*>(p + x * step));
  }
}

template <class T, class Op>
void map_channel(const LevelsArgs& args, int64_t image, int64_t channel, Op op) {
  const Batch &in = args.in, &out = args.out;
  const int64_t w = in.w, step = in.stride_w, out_step = out.stride_w;
  for (int64_t y = 0; y < in.h; ++y) {
    const char* p = row_address(in, image, y) + channel * in.stride_c;
    char* q = row_address(out, image, y) + channel * out.stride_c;
#pragma GCC ivdep
    for (int64_t x = 0; x < w; ++x)
      *reinterpret_cast<T*>(q + x * out_step) = op(*reinterpret_cast<const T*>(p + x * step));
  }
}

// Bytes by a table of what `op` makes of each of them.
template <class Op>
void map_bytes(const LevelsArgs& args, int64_t image, int64_t channel, Op op) {
  uint8_t table[256];
  for (int i = 0; i < 256; ++i) table[i] = op(static_cast<uint8_t>(i));
  map_channel<uint8_t>(args, image, channel, [&](uint8_t v) { return table[v]; });
}

template <class T, class Op>
void map_values(const LevelsArgs& args, int64_t image, int64_t channel, Op op) {
  if constexpr (sizeof(T) == 1)
    map_bytes(args, image, channel, op);
  else
    map_channel<T>(args, image, channel, op);
}

// How many values of a channel are nearest to each level. Four counts in turns: one that was just
// raised must not be waited for.
template <class T>
void count_levels(const Batch& in, int64_t image, int64_t channel, ValueRange<T> range,
                  int64_t* count) {
  int64_t part[4][256] = {};
  int64_t turn = 0;
  each_value<const T>(in, image, channel, [&](const T* v) {
    ++part[turn++ % 4][sizeof(T) == 1 ? static_cast<uint8_t>(*v) : level_of(*v, range)];
  });
  for (int i = 0; i < 256; ++i) count[i] = 0;
  for (int i = 0; i < 256; ++i) {
    const int64_t all = (part[0][i] + part[1][i]) + (part[2][i] + part[3][i]);
    count[sizeof(T) == 1 ? level_of(static_cast<T>(i), range) : i] += all;
  }
}

template <class T>
void levels_of(const LevelsArgs& args, int64_t image) {
  const ValueRange<T> range = {static_cast<T>(args.low), static_cast<T>(args.high), true};
  const int64_t channels = args.in.c;
  if (args.op == Levels::autocontrast) {
    T* least =
        static_cast<T*>(scratch(Slot::table, static_cast<std::size_t>(2 * channels) * sizeof(T)));
    T* greatest = least + channels;
    find_extremes(args.in, image, channels, least, greatest);
    for (int64_t c = 0; c < channels; ++c) {
      const Stretch<T> stretch = stretch_of(least[c], greatest[c], range);
      map_values<T>(args, image, c, [&](T v) { return stretched(v, stretch); });
    }
    return;
  }
  for (int64_t c = 0; c < channels; ++c) {
    int64_t count[256];
    uint8_t level[256];
    count_levels(args.in, image, c, range, count);
    equalize_levels(count, level);
    map_values<T>(args, image, c,
                  [&](T v) { return equalized(v, level[level_of(v, range)], range); });
  }
}

}  // namespace

void levels(const LevelsArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return levels_of<uint8_t>(args, rows.image);
    case DType::u16:
      return levels_of<uint16_t>(args, rows.image);
    case DType::f32:
      return levels_of<float>(args, rows.image);
    default:
      return levels_of<double>(args, rows.image);
  }
}

FASTAUG_END
