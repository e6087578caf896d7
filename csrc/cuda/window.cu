// Windows of images. A thread makes four elements that follow each other.
#include "../ops/border.hpp"
#include "elements.hpp"
#include "launch.hpp"

FASTAUG_BEGIN

// Where the pixels of an image come from; -1 for outside.
struct WindowMap {
  using Args = WindowArgs;
  static constexpr bool fills = true;
  int64_t top, left, h, w;
  Border border;

  FASTAUG_FN WindowMap(const Args& a, int64_t image)
      : top(a.offsets[2 * image]),
        left(a.offsets[2 * image + 1]),
        h(a.in.h),
        w(a.in.w),
        border(a.border) {}
  FASTAUG_FN Whence source(int64_t y, int64_t x) const {
    return {map_border(top + y, h, border), map_border(left + x, w, border)};
  }
};

template <class T>
struct WindowElements {
  using Args = WindowArgs;
  static constexpr int threads = 256, phases = 1, count = 4;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t length = a.out.w * a.out.c, size = a.out.h * length;
    const auto [image, first] = elements_of<threads, count>(place, size);
    if (first >= size) return;
    const WindowMap map(a, image);
    const T* fill = static_cast<const T*>(a.fill) + image * a.out.c;
    auto [y, x, c] = spot_of(first, a.out);
    Elements<T, count> made;
    for (int i = 0; i < count && first + i < size; ++i) {
      const Whence from = map.source(y, x);
      made.value[i] =
          from.y < 0 || from.x < 0 ? fill[c] : *element<const T>(a.in, image, from.y, from.x, c);
      if (++c == a.out.c) {
        c = 0;
        if (++x == a.out.w) x = 0, ++y;
      }
    }
    made.store(a.out, image, first, size);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(window_item_1, WindowElements<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(window_item_2, WindowElements<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(window_item_4, WindowElements<fastaug::uint32_t>)
FASTAUG_CUDA_KERNEL(window_item_8, WindowElements<fastaug::uint64_t>)
