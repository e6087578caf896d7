// Median blur, every window by itself: small ones sorted in registers, others asked bit by bit.
#include "../ops/median_blur.hpp"
#include "neighbours.hpp"

FASTAUG_BEGIN

template <class T>
struct MedianBlur {
  using Args = MedianBlurArgs;
  static constexpr int threads = 256, phases = 1, blocks = 2;

  template <int>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    Element spot;
    if (!element_of<threads>(a.out, place, &spot)) return;
    const int64_t size = a.sizes[spot.image];
    *element<T>(a.out, spot.image, spot.y, spot.x, spot.c) = size == 3   ? sorted<3>(a, spot)
                                                             : size == 5 ? sorted<5>(a, spot)
                                                             : size == 7 ? sorted<7>(a, spot)
                                                                         : selected(a, spot, size);
  }

 private:
  using Keys = MorphologyKey<T>;
  using Key = typename Keys::type;

  static FASTAUG_FN Key key(const Args& a, const Element& spot, int64_t down, int64_t right) {
    return Keys::from(neighbour<T>(a, spot, down, right), false);
  }

  template <int size>
  static FASTAUG_FN T sorted(const Args& a, const Element& spot) {
    Key row[size][size], greatest = least_key<T>();
    for (int x = 0; x < size; ++x) {
      Key column[size];
      for (int y = 0; y < size; ++y) column[y] = key(a, spot, y - size / 2, x - size / 2);
      sort(column);
      greatest = larger(greatest, column[size - 1]);
      for (int y = 0; y < size; ++y) row[y][x] = column[y];
    }
    const Key median = median_of_columns(row);
    if constexpr (has_nan<T>) return Keys::to(greatest == Keys::most ? greatest : median);
    return Keys::to(median);
  }

  static FASTAUG_FN T selected(const Args& a, const Element& spot, int64_t size) {
    return selected_median<T>(
        size, [&](int64_t y, int64_t x) { return key(a, spot, y - size / 2, x - size / 2); });
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(median_blur_u8, MedianBlur<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(median_blur_u16, MedianBlur<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(median_blur_f32, MedianBlur<float>)
FASTAUG_CUDA_KERNEL(median_blur_f64, MedianBlur<double>)
