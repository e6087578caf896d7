#include "../ops/shot_noise.hpp"

#include "noise.hpp"
#include "normals.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

constexpr int64_t group = 2 * stream_blocks;

// The elements of a group, from their words, and those that make their normal numbers.
template <class T>
inline void expose(const uint32_t* words, const uint32_t* more, const T* from, T* to, Exposure e,
                   ValueRange<T> range) {
  float z[group];
  for (int64_t i = 0; i < stream_blocks; i += lanes) {
    Floats numbers[2];
    Normals::pair(load_words(more + i), load_words(more + i + stream_blocks), numbers);
    for (int k = 0; k < 2; ++k) std::memcpy(z + i + k * stream_blocks, numbers + k, register_bytes);
  }
  double pixel[group], u[group], number[group], count[group];
  for (int64_t i = 0; i < group; ++i) {
    pixel[i] = static_cast<double>(from[i]);
    u[i] = shot_uniform(words[i]);
    number[i] = static_cast<double>(z[i]);
  }
  for (int64_t i = 0; i < group; i += lanes / 2) {
    Doubles p, v, n;
    std::memcpy(&p, pixel + i, sizeof p);
    std::memcpy(&v, u + i, sizeof v);
    std::memcpy(&n, number + i, sizeof n);
    const Doubles found = photons_of(p, v, n, e);
    std::memcpy(count + i, &found, sizeof found);
  }
  for (int64_t i = 0; i < group; ++i) to[i] = shot_noise<T>(from[i], count[i], e, range);
}

template <class T>
void noise_rows(const NoiseArgs& args, Rows rows) {
  const Draws draws[] = {Draws(stream_of(args, rows.image, Purpose::pixels)),
                         Draws(stream_of(args, rows.image, Purpose::pixels_more))};
  const ValueRange<T> range = range_of<T>(args);
  const Exposure e = exposure(args.low, args.high, args.first[rows.image]);
  each_piece<T>(args, rows, [&](const T* from, T* to, int64_t first, int64_t count) {
    each_group<1, group>(draws, from, to, first, count,
                         [=](const uint32_t* words, const T* in, T* out) {
                           expose(words, words + chunk_words, in, out, e, range);
                         });
  });
}

}  // namespace

void shot_noise(const NoiseArgs& args, Rows rows) {
  if (args.in.dtype == DType::u8) return noise_rows<uint8_t>(args, rows);
  if (args.in.dtype == DType::f32) return noise_rows<float>(args, rows);
  noise_rows<double>(args, rows);
}

FASTAUG_END
