// Channel by channel: what is to become of its values, then every one of them.
#include "../ops/levels.hpp"

#include "extremes.hpp"
#include "kernels.hpp"
#include "map.hpp"
#include "table.hpp"
#include "vector/lookup.hpp"
#include "vector/running.hpp"

FASTAUG_BEGIN
namespace {

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

// How many values of a channel are nearest to each level; of bytes, how many there are of each.
// Four counts in turns: one that was just raised must not be waited for.
template <class T, class Part, class N>
void count_levels(const Batch& in, int64_t image, int64_t channel, ValueRange<T> range, N* count) {
  Part part[4][256] = {};
  const int64_t w = in.w, step = in.stride_w;
  for (int64_t y = 0; y < in.h; ++y) {
    const char* p = row_address(in, image, y) + channel * in.stride_c;
    const auto raise = [&](int64_t x) {
      const T v = *reinterpret_cast<const T*>(p + x * step);
      ++part[x % 4][sizeof(T) == 1 ? static_cast<uint8_t>(v) : level_of(v, range)];
    };
    int64_t x = 0;
    for (; x + 4 <= w; x += 4) raise(x), raise(x + 1), raise(x + 2), raise(x + 3);
    for (; x < w; ++x) raise(x);
  }
  for (int i = 0; i < 256; ++i)
    count[i] = (N(part[0][i]) + N(part[1][i])) + (N(part[2][i]) + N(part[3][i]));
}

// What becomes of bytes between levels: the nearest one of each, and back. Kept between images.
struct ByteLevels {
  uint8_t nearest[256], value[256];
  bool as_they_are;
};

const ByteLevels& byte_levels(ValueRange<uint8_t> range) {
  const Kept kept = kept_scratch(Slot::table, sizeof(ByteLevels), &range, sizeof range);
  ByteLevels& made = *static_cast<ByteLevels*>(kept.memory);
  if (kept.made) return made;
  made.as_they_are = true;
  for (int i = 0; i < 256; ++i) {
    const uint8_t v = static_cast<uint8_t>(i);
    made.nearest[i] = level_of(v, range);
    made.value[i] = equalized(v, v, range);
    made.as_they_are = made.as_they_are && made.nearest[i] == i && made.value[i] == i;
  }
  return made;
}

// Those of small images are summed in registers.
void equalize(int32_t* count, uint8_t* level) {
  alignas(64) uint32_t sums[16 + 256];
  sums[15] = 0;
  running_sums(reinterpret_cast<const uint32_t*>(count), 256, 1, sums + 16);
  equalize_levels(reinterpret_cast<const int32_t*>(sums + 15), static_cast<int32_t>(sums[271]),
                  count_of_greatest(count), level);
}

void equalize(int64_t* count, uint8_t* level) { equalize_levels(count, level); }

// What becomes of each level of a channel; of bytes, of each value.
template <class T, class Part, class N>
void find_levels(const Batch& in, int64_t image, int64_t channel, ValueRange<T> range,
                 uint8_t* level) {
  N count[256];
  count_levels<T, Part>(in, image, channel, range, count);
  if constexpr (sizeof(T) > 1) {
    equalize(count, level);
  } else {
    const ByteLevels& bytes = byte_levels(range);
    if (bytes.as_they_are) return equalize(count, level);
    N near[256] = {};
    uint8_t near_level[256];
    for (int i = 0; i < 256; ++i) near[bytes.nearest[i]] += count[i];
    equalize(near, near_level);
    for (int i = 0; i < 256; ++i) level[i] = bytes.value[near_level[bytes.nearest[i]]];
  }
}

// Small images, of which there are many, are counted in less memory.
template <class T>
void find_levels(const Batch& in, int64_t image, int64_t channel, ValueRange<T> range,
                 uint8_t* level) {
  if (in.h * ((in.w + 3) / 4) <= 0xffff)
    find_levels<T, uint16_t, int32_t>(in, image, channel, range, level);
  else
    find_levels<T, int64_t, int64_t>(in, image, channel, range, level);
}

// Calls use(channel, op) for each channel, with what becomes of its values.
template <class T, class Use>
void each_channel(const LevelsArgs& args, int64_t image, Use use) {
  const ValueRange<T> range = {static_cast<T>(args.low), static_cast<T>(args.high), true};
  const int64_t channels = args.in.c;
  if (args.op == Levels::autocontrast) {
    T* least =
        static_cast<T*>(scratch(Slot::table, static_cast<std::size_t>(2 * channels) * sizeof(T)));
    T* greatest = least + channels;
    find_extremes(args.in, image, channels, least, greatest);
    for (int64_t c = 0; c < channels; ++c)
      use(c, [s = stretch_of(least[c], greatest[c], range)](T v) { return stretched(v, s); });
    return;
  }
  for (int64_t c = 0; c < channels; ++c) {
    uint8_t level[256];
    find_levels(args.in, image, c, range, level);
    if constexpr (sizeof(T) == 1)
      use(c, [&](T v) { return level[v]; });
    else
      use(c, [&](T v) { return equalized(v, level[level_of(v, range)], range); });
  }
}

template <class T>
void levels_of(const LevelsArgs& args, int64_t image) {
  each_channel<T>(args, image, [&](int64_t c, auto op) { map_channel<T>(args, image, c, op); });
}

// Bytes by tables of what becomes of each of them; one or three channels at once.
void levels_of_bytes(const LevelsArgs& args, int64_t image) {
  const Batch& in = args.in;
  uint8_t tables[3][256];
  const bool together = in.c == 1 || in.c == 3;
  each_channel<uint8_t>(args, image, [&](int64_t c, auto op) {
    uint8_t* table = tables[together ? c : 0];
    for (int i = 0; i < 256; ++i) table[i] = op(static_cast<uint8_t>(i));
    if (!together) map_channel<uint8_t>(args, image, c, [&](uint8_t v) { return table[v]; });
  });
  if (!together) return;
  map_rows<uint8_t, uint8_t>(in, args.out, {image, 0, in.h},
                             [&](const uint8_t* from, uint8_t* to, int64_t count) {
                               if (in.c == 3)
                                 look_up_channels(tables[0], from, to, count);
                               else
                                 look_up<false>(tables[0], from, to, count);
                             });
}

}  // namespace

void levels(const LevelsArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return levels_of_bytes(args, rows.image);
    case DType::u16:
      return levels_of<uint16_t>(args, rows.image);
    case DType::f32:
      return levels_of<float>(args, rows.image);
    default:
      return levels_of<double>(args, rows.image);
  }
}

FASTAUG_END
