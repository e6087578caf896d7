// What the noise kernels share that decide about pixels, or elements: a thread decides about four
// that follow each other.
#pragma once

#include "noise.hpp"

FASTAUG_BEGIN

// Op has of(args, image), which makes it for an image: a function of an element and a word.
// Channels is how many elements share a decision if that is known (one, three or four), else 0.
template <class T, int Channels, class Op>
struct Decisions {
  using Args = NoiseArgs;
  static constexpr int threads = noise_threads, phases = 2;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const int64_t together = Channels ? Channels : a.in.c;
    const int64_t blocks = pieces(size, together * 4);
    const Piece piece = piece_of(place.block, divide_up(blocks, threads));
    const int64_t block = piece.piece * threads + place.thread;
    uint32_t* words = reinterpret_cast<uint32_t*>(shared);
    if constexpr (phase == 0) {
      const Stream stream = stream_of(a, piece.image, Purpose::pixels);
      share_words(draw_block(stream, static_cast<uint32_t>(block)), place.thread, words);
    } else {
      if (block >= blocks) return;
      words += 4 * place.thread;
      const Op op = Op::of(a, piece.image);
      const int64_t first = block * together * 4;
      if constexpr (Channels > 0) {
        Elements<T, Channels * 4> elements;
        elements.load(a.in, piece.image, first, size);
        for (int i = 0; i < Channels * 4; ++i)
          elements.value[i] = op(elements.value[i], words[i / Channels]);
        elements.store(a.out, piece.image, first, size);
      } else {
        for (int d = 0; d < 4; ++d)
          for (int64_t i = 0; i < together; ++i) {
            const int64_t number = first + d * together + i;
            if (number >= size) return;
            *Elements<T, 4>::address(a.out, piece.image, number) =
                op(*Elements<T, 4>::address(a.in, piece.image, number), words[d]);
          }
      }
    }
  }
};

FASTAUG_END
