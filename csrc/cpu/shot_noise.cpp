#include "../ops/shot_noise.hpp"

#include "noise.hpp"
#include "normals.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

constexpr int64_t group = number_group;

// Four registers of counts: they search together, since the end of a search is hard to foresee.
constexpr int64_t together = 4, some = together * lanes / 2;

// Steps between two looks at whether they are done; more of them change nothing then.
constexpr int strides = 5;
static_assert((static_cast<int>(shot_most) - 1) % strides == 0, "so that all take the same steps");

struct Inverses {
  double of[static_cast<int>(shot_most)];
  constexpr Inverses() : of() {
    for (int k = 1; k < shot_most; ++k) of[k] = 1.0 / k;
  }
};
constexpr Inverses inverses;

inline void count_some(const double* pixel, const double* u, const double* z, Exposure e,
                       ValueRange<double> range, double* value) {
  constexpr int64_t step = lanes / 2;
  const auto at = [](const double* p, int64_t i) {
    Doubles v;
    std::memcpy(&v, p + i * step, sizeof v);
    return v;
  };
  PoissonSearch<Doubles> search[together];
  Doubles rate[together];
  bool high = false;
  for (int64_t i = 0; i < together; ++i) {
    const Doubles r = rate[i] = photon_rate(at(pixel, i), e);
    search[i].begin(r < shot_exact_below ? r : Doubles{}, at(u, i));
    high = high || any_lane(r >= shot_exact_below);
  }
  for (int k = 1; k < shot_most; k += strides) {
    if (!any_lane((search[0].on() | search[1].on()) | (search[2].on() | search[3].on()))) break;
#pragma GCC unroll 5
    for (int j = k; j < k + strides; ++j)
      for (PoissonSearch<Doubles>& s : search) s.step(j, inverses.of[j]);
  }
  for (int64_t i = 0; i < together; ++i) {
    Doubles count = search[i].count;
    if (high) count = rate[i] < shot_exact_below ? count : poisson_normal(rate[i], at(z, i));
    const Doubles seen = shot_noise(at(pixel, i), rate[i], count, e, range);
    std::memcpy(value + i * step, &seen, sizeof seen);
  }
}

// The elements of a group, from their words, and those that make their normal numbers.
template <class T>
inline void expose(const uint32_t* words, const uint32_t* more, const T* from, T* to, Exposure e,
                   ValueRange<double> range) {
  float z[group];
  store_numbers<Normals>(more, z);
  double pixel[group], u[group], number[group], value[group];
  for (int64_t i = 0; i < group; ++i) {
    pixel[i] = static_cast<double>(from[i]);
    u[i] = shot_uniform(words[i]);
    number[i] = static_cast<double>(z[i]);
  }
  for (int64_t i = 0; i < group; i += some)
    count_some(pixel + i, u + i, number + i, e, range, value + i);
  for (int64_t i = 0; i < group; ++i) to[i] = shot_pixel<T>(value[i]);
}

template <class T>
void noise_rows(const NoiseArgs& args, Rows rows) {
  const Draws draws[] = {Draws(stream_of(args, rows.image, Purpose::pixels)),
                         Draws(stream_of(args, rows.image, Purpose::pixels_more))};
  const ValueRange<T> limits = range_of<T>(args);  // as the pixels have them
  const ValueRange<double> range = {static_cast<double>(limits.low),
                                    static_cast<double>(limits.high), limits.clip};
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
