#include "../ops/salt_and_pepper.hpp"

#include "noise.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
struct Salt {
  SaltThresholds last;
  T black, white;

  // So many pixels from `begin` on, each of `channels` elements that share its word.
  void scalar(const uint32_t* words, const T* from, T* to, int64_t begin, int64_t end,
              int64_t channels) const {
    for (int64_t p = begin; p < end; ++p)
      for (int64_t e = p * channels; e < (p + 1) * channels; ++e)
        to[e] = salt_and_pepper<T>(from[e], words[p], last, black, white);
  }

  // The same in lanes, where the number of channels is known.
  template <int channels>
  __attribute__((noinline)) void vector(const uint32_t* words, const T* from, T* to,
                                        int64_t pixels) const {
    const Ints salt = Ints{} + last.salt, either = Ints{} + last.either;
    const Ints darkest = lanes_of(black), lightest = lanes_of(white);
    int64_t p = 0;
    for (; p + lanes <= pixels; p += lanes) {
      const Ints decisions = (Ints)(load_words(words + p) >> 1);
#pragma GCC unroll 4
      for (int r = 0; r < channels; ++r) {
        const int64_t at = p * channels + r * lanes;
        const Ints decision = repeated<channels>(decisions, r);
        Ints v = load_lanes(from + at);
        v = decision <= either ? darkest : v;
        v = decision <= salt ? lightest : v;
        store_lanes(to + at, v);
      }
    }
    scalar(words, from, to, p, pixels, channels);
  }

  void operator()(const uint32_t* words, const T* from, T* to, int64_t pixels,
                  int64_t channels) const {
    if constexpr (sizeof(T) <= 4) {
      if (channels == 1) return vector<1>(words, from, to, pixels);
      if (channels == 3) return vector<3>(words, from, to, pixels);
      if (channels == 4) return vector<4>(words, from, to, pixels);
    }
    scalar(words, from, to, 0, pixels, channels);
  }
};

template <class T>
void noise_rows(const NoiseArgs& args, Rows rows) {
  const Draws draws[] = {Draws(stream_of(args, rows.image, Purpose::pixels))};
  const Salt<T> salt = {salt_thresholds(args.first[rows.image], args.second[rows.image]),
                        static_cast<T>(args.low), static_cast<T>(args.high)};
  // One decision a pixel serves all its channels; one an element, just that.
  const int64_t together = args.per_channel ? 1 : args.in.c;
  each_piece<T>(args, rows, [&](const T* from, T* to, int64_t first, int64_t count) {
    each_drawn(draws, first / together, count / together,
               [&](const uint32_t* words, int64_t done, int64_t n) {
                 salt(words, from + done * together, to + done * together, n, together);
               });
  });
}

}  // namespace

void salt_and_pepper(const NoiseArgs& args, Rows rows) {
  if (args.in.dtype == DType::u8) return noise_rows<uint8_t>(args, rows);
  if (args.in.dtype == DType::f32) return noise_rows<float>(args, rows);
  noise_rows<double>(args, rows);
}

FASTAUG_END
