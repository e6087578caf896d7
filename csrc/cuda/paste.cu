// A rectangle of one image put into another. A thread makes four elements that follow each other;
// of an image that is changed where it lies only those that are in the rectangle are written.
#include "../ops/box.hpp"
#include "elements.hpp"
#include "launch.hpp"

FASTAUG_BEGIN

template <class T>
struct PasteElements {
  using Args = PasteArgs;
  static constexpr int threads = 256, phases = 1, count = 4;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t length = a.out.w * a.out.c, size = a.out.h * length;
    const auto [image, first] = elements_of<threads, count>(place, size);
    if (first >= size) return;
    const int64_t other = a.source ? a.source[image] : image;
    const Box box = clipped_box(a.boxes + 4 * image, a.out.h, a.out.w);
    const int64_t left = box.columns.begin * a.out.c, right = box.columns.end * a.out.c;
    int64_t y = quotient(first, length), x = first - y * length;
    bool inside[count], any = false;
    for (int i = 0; i < count; ++i) {
      inside[i] = y >= box.rows.begin && y < box.rows.end && x >= left && x < right;
      any = any || inside[i];
      if (++x == length) x = 0, ++y;
    }
    if (!any && a.in.data == a.out.data) return;
    Elements<T, count> made;
    made.load(a.in, image, first, size);
    for (int i = 0; i < count; ++i)
      if (inside[i]) made.value[i] = *Elements<T, count>::address(a.others, other, first + i);
    made.store(a.out, image, first, size);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(paste_item_1, PasteElements<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(paste_item_2, PasteElements<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(paste_item_4, PasteElements<fastaug::uint32_t>)
FASTAUG_CUDA_KERNEL(paste_item_8, PasteElements<fastaug::uint64_t>)
