// What the noise ops share that decide about whole pixels, or single elements, by a word for each.
#pragma once

#include "noise.hpp"
#include "vector/spread.hpp"

FASTAUG_BEGIN

// What becomes of elements in lanes: which bits of them stay, and which are set.
struct Replaced {
  Ints kept, put;
};

// Op says what becomes of an element, one(element, word), and makes, registers(), what does the
// same for registers of them: a function of the upper 31 bits of their words.
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
    const auto replaced = [&](int64_t p) { return registers((Ints)(load_words(words + p) >> 1)); };
    int64_t p = 0;
    if constexpr (sizeof(T) == 1 && has_spread) {
      constexpr int64_t group = 4 * lanes;
      for (; p + group <= pixels; p += group) {
        const Replaced a = replaced(p), b = replaced(p + lanes);
        const Replaced c = replaced(p + 2 * lanes), d = replaced(p + 3 * lanes);
        replace_spread<channels>(pack_bytes(a.kept & 255, b.kept & 255, c.kept & 255, d.kept & 255),
                                 pack_bytes(a.put, b.put, c.put, d.put), from + p * channels,
                                 to + p * channels);
      }
    } else {
      for (; p + lanes <= pixels; p += lanes) {
        const Replaced all = replaced(p);
#pragma GCC unroll 4
        for (int r = 0; r < channels; ++r) {
          const int64_t at = p * channels + r * lanes;
          store_lanes(to + at, (load_lanes(from + at) & repeated<channels>(all.kept, r)) |
                                   repeated<channels>(all.put, r));
        }
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
