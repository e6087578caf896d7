// Two images as one. A thread makes four elements that follow each other.
#include "../ops/blend.hpp"
#include "elements.hpp"
#include "launch.hpp"

FASTAUG_BEGIN

template <class T>
struct BlendElements {
  using Args = BlendArgs;
  static constexpr int threads = 256, phases = 1, count = 4;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const Piece piece = piece_of(place.block, divide_up(size, threads * count));
    const int64_t first = (piece.piece * threads + place.thread) * count;
    if (first >= size) return;
    const auto shares = shares_of<typename Compute<T>::type>(a.weight[piece.image]);
    Elements<T, count> given, other;
    given.load(a.in, piece.image, first, size);
    other.load(a.others, a.source ? a.source[piece.image] : piece.image, first, size);
    for (int i = 0; i < count; ++i)
      given.value[i] = blend_pixel(given.value[i], other.value[i], shares);
    given.store(a.out, piece.image, first, size);
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(blend_u8, BlendElements<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(blend_u16, BlendElements<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(blend_f32, BlendElements<float>)
FASTAUG_CUDA_KERNEL(blend_f64, BlendElements<double>)
