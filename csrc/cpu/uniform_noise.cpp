#include "../ops/uniform_noise.hpp"

#include "noise.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

struct Uniforms {
  static void bytes(const uint32_t* words, Floats (&numbers)[4]) {
    for (int k = 0; k < 2; ++k) {
      const Words halves = load_words(words + k * lanes);
      numbers[2 * k] = uniform_from_half<Floats>((Ints)(halves & 0xffff));
      numbers[2 * k + 1] = uniform_from_half<Floats>((Ints)(halves >> 16));
    }
  }

  template <class V>
  static Both<V> pair(typename LanesOf<V>::Word first, typename LanesOf<V>::Word second) {
    return {uniform_from_word<V>(first), uniform_from_word<V>(second)};
  }
};

template <class T>
void noise_rows(const NoiseArgs& args, Rows rows) {
  using Real = typename Compute<T>::type;
  const Draws draws[] = {Draws(stream_of(args, rows.image, Purpose::pixels))};
  const ValueRange<T> range = range_of<T>(args);
  const Real amplitude = static_cast<Real>(args.first[rows.image]);
  each_piece<T>(args, rows, [&](const T* from, T* to, int64_t first, int64_t count) {
    change_each<Uniforms>(draws, from, to, first, count, range,
                          [=](auto pixel, auto u) { return uniform_noise(pixel, u, amplitude); });
  });
}

}  // namespace

void uniform_noise(const NoiseArgs& args, Rows rows) {
  if (args.in.dtype == DType::u8) return noise_rows<uint8_t>(args, rows);
  if (args.in.dtype == DType::f32) return noise_rows<float>(args, rows);
  noise_rows<double>(args, rows);
}

FASTAUG_END
