#include "../ops/gaussian_noise.hpp"

#include "noise.hpp"
#include "normals.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

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
  if (args.in.dtype == DType::u8) return noise_rows<uint8_t>(args, rows);
  if (args.in.dtype == DType::f32) return noise_rows<float>(args, rows);
  noise_rows<double>(args, rows);
}

FASTAUG_END
