// The channels of each pixel in another order. Of three or four channels a thread moves four pixels
// that follow each other; of others an element, so that these must not be changed where they lie.
#include "elements.hpp"
#include "launch.hpp"

FASTAUG_BEGIN

// Channels is how many there are if that is known, else 0.
template <class T, int Channels>
struct ShuffleChannels {
  using Args = ShuffleChannelsArgs;
  static constexpr int threads = 256, phases = 1, count = Channels ? 4 * Channels : 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const auto [image, first] = elements_of<threads, count>(place, size);
    if (first >= size) return;
    const int64_t* order = a.order + image * a.in.c;
    const T* fill = static_cast<const T*>(a.fill) + image * a.in.c;
    if constexpr (Channels > 0) {
      Elements<T, count> given, made;
      given.load(a.in, image, first, size);
      for (int c = 0; c < Channels; ++c)
        for (int p = 0; p < count; p += Channels)
          made.value[p + c] = order[c] < 0 ? fill[c] : given.value[p + order[c]];
      made.store(a.out, image, first, size);
    } else {
      const int64_t c = spot_of(first, a.in).c, from = first - c + order[c];
      *Elements<T, 4>::address(a.out, image, first) =
          order[c] < 0 ? fill[c] : *Elements<T, 4>::address(a.in, image, from);
    }
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(shuffle_channels_item_1_3, ShuffleChannels<fastaug::uint8_t, 3>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_1_4, ShuffleChannels<fastaug::uint8_t, 4>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_1_any, ShuffleChannels<fastaug::uint8_t, 0>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_2_3, ShuffleChannels<fastaug::uint16_t, 3>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_2_4, ShuffleChannels<fastaug::uint16_t, 4>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_2_any, ShuffleChannels<fastaug::uint16_t, 0>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_4_3, ShuffleChannels<fastaug::uint32_t, 3>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_4_4, ShuffleChannels<fastaug::uint32_t, 4>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_4_any, ShuffleChannels<fastaug::uint32_t, 0>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_8_3, ShuffleChannels<fastaug::uint64_t, 3>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_8_4, ShuffleChannels<fastaug::uint64_t, 4>)
FASTAUG_CUDA_KERNEL(shuffle_channels_item_8_any, ShuffleChannels<fastaug::uint64_t, 0>)
