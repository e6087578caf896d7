// Noise that turns each element and one number of its own into a new element.
#pragma once

#include "noise.hpp"

FASTAUG_BEGIN

// The numbers of elements, of a block of threads that drew them. Elements of bytes take half a word
// each, `Number::half`; others a whole one, `Number::share` of a block.
template <class T, class Number>
struct DrawnNumbers {
  static constexpr bool halves = sizeof(T) == 1;
  static constexpr int of_word = halves ? 2 : 1;

  static FASTAUG_FN void share(const Counter& drawn, int block, char* shared) {
    if constexpr (halves)
      share_words(drawn, block, reinterpret_cast<uint32_t*>(shared));
    else
      Number::share(drawn, block, reinterpret_cast<float*>(shared));
  }
  static FASTAUG_FN auto number(const char* shared, int i) {
    if constexpr (halves)
      return Number::half(reinterpret_cast<const uint32_t*>(shared)[i / 2] >> 16 * (i % 2) &
                          0xffffu);
    else
      return reinterpret_cast<const float*>(shared)[i];
  }
};

// Op has Number (what is made of draws) and of(args, image), which makes it for an image: a
// function of an element and its number.
template <class T, class Op>
struct AdditiveNoise {
  using Args = NoiseArgs;
  using Numbers = DrawnNumbers<T, typename Op::Number>;
  static constexpr int threads = noise_threads, phases = 2;
  static constexpr int count = 4 * Numbers::of_word;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const int64_t blocks = divide_up(size, count);  // of draws, to whole groups and more
    const Piece piece = piece_of(place.block, divide_up(blocks, threads));
    const int64_t block = piece.piece * threads + place.thread;
    if constexpr (phase == 0) {
      const Stream stream = stream_of(a, piece.image, Purpose::pixels);
      Numbers::share(draw_block(stream, static_cast<uint32_t>(block)), place.thread, shared);
    } else {
      if (block >= blocks) return;
      Elements<T, count> elements;
      elements.load(a.in, piece.image, block * count, size);
      const Op op = Op::of(a, piece.image);
      for (int i = 0; i < count; ++i)
        elements.value[i] =
            op(elements.value[i], Numbers::number(shared, count * place.thread + i));
      elements.store(a.out, piece.image, block * count, size);
    }
  }
};

FASTAUG_END
