#include "../ops/gaussian_noise.hpp"

#include "noise.hpp"
#include "normals.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

void noise_bytes(const NoiseArgs& args, Rows rows) {
  const Draws draws[] = {Draws(stream_of(args, rows.image, Purpose::pixels))};
  const ValueRange<uint8_t> range = range_of<uint8_t>(args);
  const GreyNoise noise = grey_noise(static_cast<float>(args.second[rows.image]),
                                     static_cast<float>(args.first[rows.image]));
  const HalfNormals normals;
  constexpr int count = 4;  // registers of halves at once
  const auto make = [=](const uint32_t* words, const uint8_t* in, uint8_t* out) {
    Halves levels[count], first, second;
    normals(words, levels);
    for (Halves& v : levels) v = grey_levels(v, noise);
    for (int i = 0; i < noise.doublings; ++i)
      for (Halves& v : levels) v = saturating_sum(v, v);
    for (int k = 0; k < count; k += 2) {
      load_halves(in + 2 * lanes * k, first, second);
      store_halves(out + 2 * lanes * k, saturating_sum(first + noise.whole, levels[k]),
                   saturating_sum(second + noise.whole, levels[k + 1]), range.low, range.high);
    }
  };
  each_piece<uint8_t>(args, rows,
                      [&](const uint8_t* from, uint8_t* to, int64_t first, int64_t elements) {
                        each_group<2, 2 * lanes * count>(draws, from, to, first, elements, make);
                      });
}

template <class T>
void noise_rows(const NoiseArgs& args, Rows rows) {
  using Real = typename Compute<T>::type;
  const Draws draws[] = {Draws(stream_of(args, rows.image, Purpose::pixels))};
  const ValueRange<T> range = range_of<T>(args);
  const Real std = static_cast<Real>(args.first[rows.image]);
  const Real mean = static_cast<Real>(args.second[rows.image]);
  each_piece<T>(args, rows, [&](const T* from, T* to, int64_t first, int64_t count) {
    change_each<Normals>(draws, from, to, first, count, range,
                         [=](auto pixel, auto z) { return gaussian_noise(pixel, z, mean, std); });
  });
}

}  // namespace

void gaussian_noise(const NoiseArgs& args, Rows rows) {
  if (args.in.dtype == DType::u8) return noise_bytes(args, rows);
  if (args.in.dtype == DType::f32) return noise_rows<float>(args, rows);
  noise_rows<double>(args, rows);
}

FASTAUG_END
