// What the noise ops share that decide about whole pixels, or single elements, by a word for each.
#pragma once

#include "noise.hpp"

FASTAUG_BEGIN

// Op says what becomes of an element, one(element, word), and makes, registers(), what does the
// same to registers of them: a function of elements and the upper 31 bits of their words.
template <class T, class Op>
struct Decisions {
  Op op;

  // So many pixels from `begin` on, each of `channels` elements that share its word.
  void scalar(const uint32_t* words, const T* from, T* to, int64_t begin, int64_t end,
              int64_t channels) const {
    for (int64_t p = begin; p < end; ++p)
      for (int64_t e = p * channels; e < (p + 1) * channels; ++e) to[e] = op.one(from[e], words[p]);
  }

  // The same in lanes, where the number of channels is known.
  template <int channels>
  __attribute__((noinline)) void vector(const uint32_t* words, const T* from, T* to,
                                        int64_t pixels) const {
    const auto registers = op.registers();
    int64_t p = 0;
    for (; p + lanes <= pixels; p += lanes) {
      const Ints decisions = (Ints)(load_words(words + p) >> 1);
#pragma GCC unroll 4
      for (int r = 0; r < channels; ++r) {
        const int64_t at = p * channels + r * lanes;
        const Ints decision = repeated<channels>(decisions, r);
        store_lanes(to + at, registers(load_lanes(from + at), decision));
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

template <class T, class Op>
void decide_rows(const NoiseArgs& args, Rows rows, Op op) {
  const Draws draws[] = {Draws(stream_of(args, rows.image, Purpose::pixels))};
  const Decisions<T, Op> decide = {op};
  // One decision a pixel serves all its channels; one an element, just that.
  const int64_t together = args.per_channel ? 1 : args.in.c;
  each_piece<T>(args, rows, [&](const T* from, T* to, int64_t first, int64_t count) {
    each_drawn(draws, first / together, count / together,
               [&](const uint32_t* words, int64_t done, int64_t n) {
                 decide(words, from + done * together, to + done * together, n, together);
               });
  });
}

FASTAUG_END
