// Noise that turns each element and one number of its own into a new element.
#pragma once

#include "noise.hpp"

FASTAUG_BEGIN

// Op has Number (what is made of draws, below) and make(element, number, image, args). Elements of
// bytes take half a word each, `Number::half`; others a whole one, `Number::share` of a block.
template <class T, class Op>
struct AdditiveNoise {
  using Args = NoiseArgs;
  using Number = typename Op::Number;
  static constexpr int threads = noise_threads, phases = 2;
  static constexpr bool halves = sizeof(T) == 1;
  static constexpr int count = halves ? 8 : 4;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const int64_t blocks = divide_up(size, count);  // of draws, to whole groups and more
    const Piece piece = piece_of(place.block, divide_up(blocks, threads));
    const int64_t block = piece.piece * threads + place.thread;
    uint32_t* words = reinterpret_cast<uint32_t*>(shared);
    float* numbers = reinterpret_cast<float*>(shared);
    if constexpr (phase == 0) {
      const Counter drawn =
          draw_block(stream_of(a, piece.image, Purpose::pixels), static_cast<uint32_t>(block));
      if constexpr (halves)
        share_words(drawn, place.thread, words);
      else
        Number::share(drawn, place.thread, numbers);
    } else {
      if (block >= blocks) return;
      Elements<T, count> elements;
      elements.load(a.in, piece.image, block * count, size);
      for (int i = 0; i < count; ++i) {
        if constexpr (halves) {
          const uint32_t half = words[4 * place.thread + i / 2] >> 16 * (i % 2) & 0xffffu;
          elements.value[i] = Op::make(elements.value[i], Number::half(half), piece.image, a);
        } else {
          const float number = numbers[4 * place.thread + i];
          elements.value[i] = Op::make(elements.value[i], number, piece.image, a);
        }
      }
      elements.store(a.out, piece.image, block * count, size);
    }
  }
};

FASTAUG_END
