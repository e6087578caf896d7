// A thread decides about four pixels, or elements, that follow each other.
#include "../ops/salt_and_pepper.hpp"
#include "noise.hpp"

FASTAUG_BEGIN

// Channels is how many elements share a decision if that is known (one, three or four), else 0.
template <class T, int Channels>
struct SaltAndPepper {
  using Args = NoiseArgs;
  static constexpr int threads = noise_threads, phases = 2;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const int64_t together = Channels ? Channels : a.in.c;
    const int64_t blocks = divide_up(size, together * 4);
    const Piece piece = piece_of(place.block, divide_up(blocks, threads));
    const int64_t block = piece.piece * threads + place.thread;
    uint32_t* words = reinterpret_cast<uint32_t*>(shared);
    if constexpr (phase == 0) {
      const Stream stream = stream_of(a, piece.image, Purpose::pixels);
      share_words(draw_block(stream, static_cast<uint32_t>(block)), place.thread, words);
    } else {
      if (block >= blocks) return;
      words += 4 * place.thread;
      const SaltThresholds last = salt_thresholds(a.first[piece.image], a.second[piece.image]);
      const T black = static_cast<T>(a.low), white = static_cast<T>(a.high);
      const int64_t first = block * together * 4;
      if constexpr (Channels > 0) {
        Elements<T, Channels * 4> elements;
        elements.load(a.in, piece.image, first, size);
        for (int i = 0; i < Channels * 4; ++i)
          elements.value[i] =
              salt_and_pepper<T>(elements.value[i], words[i / Channels], last, black, white);
        elements.store(a.out, piece.image, first, size);
      } else {
        for (int d = 0; d < 4; ++d)
          for (int64_t i = 0; i < together; ++i) {
            const int64_t number = first + d * together + i;
            if (number >= size) return;
            *Elements<T, 4>::address(a.out, piece.image, number) = salt_and_pepper<T>(
                *Elements<T, 4>::address(a.in, piece.image, number), words[d], last, black, white);
          }
      }
    }
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_1, SaltAndPepper<fastaug::uint8_t, 1>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_3, SaltAndPepper<fastaug::uint8_t, 3>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_4, SaltAndPepper<fastaug::uint8_t, 4>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_u8_any, SaltAndPepper<fastaug::uint8_t, 0>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_1, SaltAndPepper<float, 1>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_3, SaltAndPepper<float, 3>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_4, SaltAndPepper<float, 4>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f32_any, SaltAndPepper<float, 0>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_1, SaltAndPepper<double, 1>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_3, SaltAndPepper<double, 3>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_4, SaltAndPepper<double, 4>)
FASTAUG_CUDA_KERNEL(salt_and_pepper_f64_any, SaltAndPepper<double, 0>)
