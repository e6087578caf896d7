#include "../ops/shot_noise.hpp"
#include "normals.hpp"

FASTAUG_BEGIN

// A function of an element, a word and a normal number.
template <class T>
struct CountPhotons {
  using Number = Normals;
  Exposure exposed;
  ValueRange<double> range;

  static FASTAUG_FN CountPhotons of(const NoiseArgs& a, int64_t image) {
    const ValueRange<T> limits = range_of<T>(a);
    return {exposure(a.low, a.high, a.first[image]),
            {static_cast<double>(limits.low), static_cast<double>(limits.high), limits.clip}};
  }
  static FASTAUG_FN double photons(double rate, uint32_t word, float z) {
    if (rate >= shot_exact_below) return poisson_normal(rate, static_cast<double>(z));
    PoissonSearch<double> search;
    search.begin(rate, shot_uniform(word));
    for (double k = 1.0; k < shot_most && search.on(); k += 1.0) search.step(k, 1.0 / k);
    return search.count;
  }
  FASTAUG_FN T operator()(T element, uint32_t word, float z) const {
    const double pixel = static_cast<double>(element), rate = photon_rate(pixel, exposed);
    return shot_pixel<T>(shot_noise(pixel, rate, photons(rate, word, z), exposed, range));
  }
};

template <class T>
struct ShotNoise {
  using Args = NoiseArgs;
  static constexpr int threads = noise_threads, phases = 2, count = 4;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const int64_t blocks = divide_up(size, count);
    const Piece piece = piece_of(place.block, divide_up(blocks, threads));
    const int64_t block = piece.piece * threads + place.thread;
    uint32_t* words = reinterpret_cast<uint32_t*>(shared);
    float* z = reinterpret_cast<float*>(words + threads * count);
    if constexpr (phase == 0) {
      const uint32_t number = static_cast<uint32_t>(block);
      share_words(draw_block(stream_of(a, piece.image, Purpose::pixels), number), place.thread,
                  words);
      Normals::share(draw_block(stream_of(a, piece.image, Purpose::pixels_more), number),
                     place.thread, z);
    } else {
      if (block >= blocks) return;
      const auto op = CountPhotons<T>::of(a, piece.image);
      Elements<T, count> elements;
      elements.load(a.in, piece.image, block * count, size);
      for (int i = 0; i < count; ++i) {
        const int n = count * place.thread + i;
        elements.value[i] = op(elements.value[i], words[n], z[n]);
      }
      elements.store(a.out, piece.image, block * count, size);
    }
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(shot_noise_u8, ShotNoise<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(shot_noise_f32, ShotNoise<float>)
FASTAUG_CUDA_KERNEL(shot_noise_f64, ShotNoise<double>)
