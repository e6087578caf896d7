// What the noise ops share: walking the elements of an image in the order their counters have, a
// register of blocks of draws at a time.
#pragma once

#include "../ops/round.hpp"
#include "../ops/stream.hpp"
#include "kernels.hpp"
#include "rows.hpp"
#include "vector/both.hpp"

FASTAUG_BEGIN

inline Stream stream_of(const NoiseArgs& args, int64_t image, Purpose purpose) {
  return make_stream(args.seed[image], args.place, purpose, args.index[image], args.epoch[image]);
}

template <class T>
ValueRange<T> range_of(const NoiseArgs& args) {
  return {static_cast<T>(args.low), static_cast<T>(args.high), args.clip};
}

// A stream as registers have it: which block is in which lane, even lanes and odd ones, and the
// keys of the rounds. Only the block differs between counters, so half of each of the first two
// rounds is the same for all of them.
struct Draws {
  Wides product[2];  // of the block and the first factor
  Wides mixed[3];    // what that and the next product meet in the first two rounds
  Wides same;        // a word of all blocks after two rounds
  Wides key[10][2];

  explicit Draws(const Stream& stream) {
    uint64_t of_lane[2][lanes / 2];
    for (int lane = 0; lane < lanes; ++lane)
      of_lane[lane % 2][lane / 2] = times_low<uint64_t>(static_cast<uint64_t>(lane), philox_first);
    std::memcpy(product, of_lane, sizeof product);
    Key k = stream.key;
    for (auto& pair : key) {
      pair[0] = Wides{} + k.word[0];
      pair[1] = Wides{} + k.word[1];
      k = next_key(k);
    }
    // A block of zero, and its words after a round.
    uint64_t c[4] = {0, stream.place, stream.index, stream.epoch};
    uint64_t first[2] = {stream.key.word[0], stream.key.word[1]};
    const Key next = next_key(stream.key);
    philox_round(c[0], c[1], c[2], c[3], first);
    mixed[0] = Wides{} + c[2];
    c[2] = 0;
    uint64_t second[2] = {next.word[0], next.word[1]};
    philox_round(c[0], c[1], c[2], c[3], second);
    mixed[1] = Wides{} + c[0];
    mixed[2] = Wides{} + c[2];
    same = Wides{} + c[3];
  }

  // The words of the blocks from `start` on after two rounds.
  void begin(uint32_t start, int odd, Wides (&c)[4]) const {
    const Wides p0 = product[odd] + times_low<uint64_t>(start, philox_first);
    const Wides p1 = times_low((p0 >> 32) ^ mixed[0], philox_second);
    c[0] = (p1 >> 32) ^ mixed[1];
    c[1] = p1;
    c[2] = p0 ^ mixed[2];
    c[3] = same;
  }
};

// Registers of blocks that are made at once: the rounds of one have to wait for each other, which
// costs more than what does not fit the registers below AVX-512.
constexpr int at_once = lanes == 8 ? 2 : 3;

// So many words at a time are drawn and used, each in a loop with all registers to itself: few
// enough for the closest cache. A multiple of the words of `at_once` registers of blocks.
constexpr int64_t chunk_words = 1920;

// The words of the stream from a multiple of `stream_group` on.
inline void draw_words(const Draws& draws, int64_t first, int64_t count, uint32_t* words) {
  constexpr int parts = stream_blocks / lanes;  // of a group
  const uint32_t start = static_cast<uint32_t>(first / 4);
  const int64_t pieces = (count + stream_group - 1) / stream_group * parts;
  for (int64_t piece = 0; piece < pieces; piece += at_once) {
    Wides c[2 * at_once][4];
    for (int k = 0; k < 2 * at_once; ++k) {
      const uint32_t block = start + static_cast<uint32_t>((piece + k / 2) * lanes);
      draws.begin(block, k % 2, c[k]);
    }
#pragma GCC unroll 8
    for (int round = 2; round < 10; ++round)
#pragma GCC unroll 8
      for (auto& w : c) philox_round(w[0], w[1], w[2], w[3], draws.key[round]);
    for (int k = 0; k < at_once; ++k)
      for (int w = 0; w < 4; ++w) {
        const Words made = low_halves(c[2 * k][w], c[2 * k + 1][w]);
        const int64_t group = (piece + k) / parts, part = (piece + k) % parts;
        std::memcpy(words + group * stream_group + w * stream_blocks + part * lanes, &made,
                    sizeof made);
      }
  }
}

// Calls use(words, how many came before, how many) for words [first, first + count). Where there
// are several sets of draws, those of one lie `chunk_words` behind those of the one before.
template <int sets, class Use>
inline void each_drawn(const Draws (&draws)[sets], int64_t first, int64_t count, Use use) {
  alignas(64) uint32_t words[sets * chunk_words];
  for (int64_t done = 0; done < count;) {
    const int64_t skip = (first + done) % stream_group;
    const int64_t n = smaller(chunk_words - skip, count - done);
    for (int set = 0; set < sets; ++set)
      draw_words(draws[set], first + done - skip, skip + n, words + set * chunk_words);
    use(words + skip, done, n);
    done += n;
  }
}

// Calls make(words, from, to) for so many groups of elements, `per_word` of which share a word. Not
// inlined, so that nothing else wants the registers.
template <int64_t per_word, int64_t group, class T, class Make>
__attribute__((noinline, flatten)) void make_groups(const uint32_t* words, const T* from, T* to,
                                                    int64_t groups, Make make) {
  for (int64_t g = 0; g < groups; ++g)
    make(words + g * (group / per_word), from + g * group, to + g * group);
}

// The same for elements [first, first + count) of an image; a part of a group is made aside.
template <int64_t per_word, int64_t group, int sets, class T, class Make>
inline void each_group(const Draws (&draws)[sets], const T* from, T* to, int64_t first,
                       int64_t count, Make make) {
  const int64_t before = first % (stream_group * per_word);  // elements of the first word's group
  each_drawn(draws, (first - before) / per_word, (before + count + per_word - 1) / per_word,
             [&](const uint32_t* words, int64_t done, int64_t n) {
               const int64_t begin = done * per_word - before;  // of `from`, below 0 at first
               const int64_t end = smaller(begin + n * per_word, count);
               T aside[group];
               for (int64_t at = larger<int64_t>(begin, 0); at < end;) {
                 const int64_t skip = (at - begin) % group;
                 const uint32_t* drawn = words + (at - skip - begin) / per_word;
                 int64_t size = (end - at) / group * group;
                 if (skip == 0 && size > 0) {
                   make_groups<per_word, group>(drawn, from + at, to + at, size / group, make);
                 } else {
                   size = smaller(end - at, group - skip);
                   const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(T);
                   for (T& element : aside) element = T(0);
                   std::memcpy(aside + skip, from + at, bytes);
                   make_groups<per_word, group>(drawn, aside, aside, 1, make);
                   std::memcpy(to + at, aside + skip, bytes);
                 }
                 at += size;
               }
             });
}

// Changes elements [first, first + count): each becomes change(pixel, its number), where Number
// says what is made of the draws: `bytes` of the halves of two registers of them, for bytes, and
// `pair` of two words, or of those of registers.
template <class Number, class Change>
inline void change_each(const Draws (&draws)[1], const uint8_t* from, uint8_t* to, int64_t first,
                        int64_t count, ValueRange<uint8_t> range, Change change) {
  const float low = range.low, high = range.high;
  const Number number;
  const auto make = [=](const uint32_t* words, const uint8_t* in, uint8_t* out) {
    Floats numbers[4];
    number.bytes(words, numbers);
    for (int k = 0; k < 2; ++k) {
      // Two elements in each lane: the even ones in its lowest byte, the odd ones in the next.
      const Words pixels = load_pairs(in + 2 * lanes * k);
      const Floats even = change(to_float<Floats>((Ints)(pixels & 0xff)), numbers[2 * k]);
      const Floats odd = change(to_float<Floats>((Ints)(pixels >> 8)), numbers[2 * k + 1]);
      store_pairs(out + 2 * lanes * k, bit_cast<Words>(grey_level_bits(even, low, high)) |
                                           (bit_cast<Words>(grey_level_bits(odd, low, high)) << 8));
    }
  };
  each_group<2, 4 * lanes>(draws, from, to, first, count, make);
}

// Elements of floats that are made at once, and use(which, register) of their numbers.
constexpr int64_t number_group = 8 * lanes;

template <class Number, class Use>
inline void each_number(const uint32_t* words, Use use) {
  const auto place = [](int64_t i) {
    return i * lanes / stream_blocks * 2 * stream_blocks + i * lanes % stream_blocks;
  };
  const auto four = [=](const uint32_t* from) {
    return Four<Words>{{load_words(from + place(0)), load_words(from + place(1))},
                       {load_words(from + place(2)), load_words(from + place(3))}};
  };
  const auto pair = Number::template pair<Four<Floats>>(four(words), four(words + stream_blocks));
  each_of(pair.first, [=](int64_t i, Floats v) { use(place(i), v); });
  each_of(pair.second, [=](int64_t i, Floats v) { use(place(i) + stream_blocks, v); });
}

template <class Number>
inline void store_numbers(const uint32_t* words, float* numbers) {
  each_number<Number>(words,
                      [=](int64_t at, Floats v) { std::memcpy(numbers + at, &v, sizeof v); });
}

template <class Number, class Change>
inline void change_each(const Draws (&draws)[1], const float* from, float* to, int64_t first,
                        int64_t count, ValueRange<float> range, Change change) {
  const auto make = [=](const uint32_t* words, const float* in, float* out) {
    each_number<Number>(words, [=](int64_t at, Floats number) {
      Floats v = change(load<Floats>(in + at), number);
      if (range.clip) {
        v = larger(v, splat<Floats>(range.low));
        v = smaller(v, splat<Floats>(range.high));
      }
      std::memcpy(out + at, &v, sizeof v);
    });
  };
  each_group<1, number_group>(draws, from, to, first, count, make);
}

template <class Number, class Change>
inline void change_each(const Draws (&draws)[1], const double* from, double* to, int64_t first,
                        int64_t count, ValueRange<double> range, Change change) {
  const auto make = [=](const uint32_t* words, const double* in, double* out) {
    float numbers[number_group];
    store_numbers<Number>(words, numbers);
    for (int64_t i = 0; i < number_group; ++i)
      out[i] = to_pixel(change(in[i], static_cast<double>(numbers[i])), range);
  };
  each_group<1, number_group>(draws, from, to, first, count, make);
}

// Calls piece(from, to, number of the first element, how many) for all rows at once where they
// follow each other in memory, else for as many as fit a buffer.
template <class T, class Piece>
void each_piece(const NoiseArgs& args, Rows rows, Piece piece) {
  const Batch &in = args.in, &out = args.out;
  const int64_t length = in.w * in.c;
  const bool direct = rows_are_contiguous(in) && rows_are_contiguous(out);
  const int64_t some = larger<int64_t>(1, 16384 / length);
  const std::size_t bytes = static_cast<std::size_t>(some * length) * sizeof(T);
  T* buffer = direct ? nullptr : static_cast<T*>(scratch(Slot::row, bytes));
  for (int64_t y = rows.begin, n; y < rows.end; y += n) {
    n = direct ? rows.end - y : smaller(some, rows.end - y);
    const T* from = reinterpret_cast<const T*>(row_address(in, rows.image, y));
    T* to = reinterpret_cast<T*>(row_address(out, rows.image, y));
    if (!direct) {
      for (int64_t k = 0; k < n; ++k)
        gather_row(in, row_address(in, rows.image, y + k), buffer + k * length);
      from = to = buffer;
    }
    piece(from, to, y * length, n * length);
    if (!direct)
      for (int64_t k = 0; k < n; ++k)
        scatter_row(out, buffer + k * length, row_address(out, rows.image, y + k));
  }
}

FASTAUG_END
