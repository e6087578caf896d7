// The channels of each pixel in another order. Pixels of up to 16 bytes go by shuffles.
#include "items.hpp"
#include "kernels.hpp"
#include "map.hpp"
#include "table.hpp"
#include "vector/shuffle.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
struct Channels {
  const int64_t* order;
  const T* fill;
  int64_t count;

  PixelShuffle small_pixels() const {
    int64_t from[16] = {};
    uint8_t made[16] = {};
    const int64_t item = sizeof(T), size = count * item;
    for (int64_t k = 0; k < size && k < 16; ++k) {
      from[k] = order[k / item] < 0 ? -1 : order[k / item] * item + k % item;
      made[k] = reinterpret_cast<const uint8_t*>(fill)[k];
    }
    return {size, from, made};
  }

  void large_pixels(const T* from, T* to, int64_t elements) const {
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(T);
    T* pixel = static_cast<T*>(scratch(Slot::table, bytes));
    for (int64_t at = 0; at < elements; at += count) {
      std::memcpy(pixel, from + at, bytes);
      for (int64_t c = 0; c < count; ++c) to[at + c] = order[c] < 0 ? fill[c] : pixel[order[c]];
    }
  }

  // Rows of channels that are plain by themselves.
  void planes(const Batch& in, const Batch& out, Rows rows) const {
    const std::size_t bytes = static_cast<std::size_t>(in.w) * sizeof(T);
    T* row = row_buffer<T>(Slot::row, in);
    for (int64_t y = rows.begin; y < rows.end; ++y) {
      const auto address = [&](const Batch& b, int64_t c) {
        return row_address(b, rows.image, y) + c * b.stride_c;
      };
      for (int64_t c = 0; c < count; ++c) std::memcpy(row + c * in.w, address(in, c), bytes);
      for (int64_t c = 0; c < count; ++c) {
        if (order[c] < 0)
          repeat_pixel(address(out, c), reinterpret_cast<const char*>(fill + c), sizeof(T), in.w);
        else
          std::memcpy(address(out, c), row + order[c] * in.w, bytes);
      }
    }
  }
};

template <class T>
void shuffle_rows(const ShuffleChannelsArgs& args, Rows rows) {
  const Batch &in = args.in, &out = args.out;
  const Channels<T> channels = {args.order + rows.image * in.c,
                                static_cast<const T*>(args.fill) + rows.image * in.c, in.c};
  const bool plain = rows_are_plain(in) && rows_are_plain(out);
  if (!plain && channels_are_plain(in) && channels_are_plain(out))
    return channels.planes(in, out, rows);
  if (in.c * in.item > 16) {
    map_rows<T, T>(in, out, rows, [&](const T* from, T* to, int64_t count) {
      channels.large_pixels(from, to, count);
    });
    return;
  }
  const PixelShuffle pixels = channels.small_pixels();
  map_rows<T, T>(in, out, rows, [&](const T* from, T* to, int64_t count) {
    shuffle_pixels(pixels, reinterpret_cast<const char*>(from), reinterpret_cast<char*>(to),
                   count * in.item);
  });
}

}  // namespace

void shuffle_channels(const ShuffleChannelsArgs& args, Rows rows) {
  with_item(args.in.item, [&](auto zero) { shuffle_rows<decltype(zero)>(args, rows); });
}

FASTAUG_END
