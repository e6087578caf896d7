// Mirror images. Plain rows whose pixels fill whole 16-byte words are moved in those: a thread
// turns round as many pixels as make a whole number of them. Anything else goes element by element.
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

// Where the pixels of an image come from.
struct FlipMap {
  using Args = FlipArgs;
  static constexpr bool fills = false;
  int64_t h, w;
  bool vertical, horizontal;

  FASTAUG_FN FlipMap(const Args& a, int64_t image)
      : h(a.in.h), w(a.in.w), vertical(a.vertical[image]), horizontal(a.horizontal[image]) {}
  FASTAUG_FN Whence source(int64_t y, int64_t x) const {
    return {vertical ? h - 1 - y : y, horizontal ? w - 1 - x : x};
  }
};

template <class T>
struct FlipElements {
  using Args = FlipArgs;
  static constexpr int threads = 256, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t size = a.in.h * a.in.w * a.in.c;
    const Piece piece = piece_of(place.block, divide_up(size, threads));
    const int64_t at = piece.piece * threads + place.thread;
    if (at >= size) return;
    const auto [y, x, c] = spot_of(at, a.in);
    const Whence from = FlipMap(a, piece.image).source(y, x);
    *element<T>(a.out, piece.image, y, x, c) =
        *element<const T>(a.in, piece.image, from.y, from.x, c);
  }
};

// Pixels of `Bytes` each, `pixels` of them filling `quads` words of 16 bytes.
template <int Bytes>
struct FlipQuads {
  using Args = FlipArgs;
  static constexpr int threads = 128, phases = 1;
  static constexpr int quads =
      Bytes % 3 ? (Bytes < 16 ? 1 : Bytes / 16) : (Bytes < 48 ? 3 : Bytes / 16);
  static constexpr int pixels = quads * 16 / Bytes;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t groups = a.in.w / pixels;  // of a row
    const int64_t all = groups * a.in.h;
    const Piece piece = piece_of(place.block, divide_up(all, threads));
    const int64_t at = piece.piece * threads + place.thread;
    if (at >= all) return;
    const int64_t y = static_cast<uint32_t>(at) / static_cast<uint32_t>(groups),
                  group = at - y * groups;
    const int64_t from_y = a.vertical[piece.image] ? a.in.h - 1 - y : y;
    const bool turn = a.horizontal[piece.image];
    const int64_t from_group = turn ? groups - 1 - group : group;
    const Quad* from = reinterpret_cast<const Quad*>(
        a.in.data + piece.image * a.in.stride_n + from_y * a.in.stride_h + from_group * 16 * quads);
    Quad* to = reinterpret_cast<Quad*>(a.out.data + piece.image * a.out.stride_n +
                                       y * a.out.stride_h + group * 16 * quads);
    union {
      Quad quad[quads];
      uint8_t byte[16 * quads];
    } in, out;
    for (int q = 0; q < quads; ++q) in.quad[q] = from[q];
    if (!turn) {
      for (int q = 0; q < quads; ++q) to[q] = in.quad[q];
      return;
    }
    for (int p = 0; p < pixels; ++p)
      for (int b = 0; b < Bytes; ++b)
        out.byte[p * Bytes + b] = in.byte[(pixels - 1 - p) * Bytes + b];
    for (int q = 0; q < quads; ++q) to[q] = out.quad[q];
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(flip_item_1, FlipElements<fastaug::uint8_t>)
FASTAUG_CUDA_KERNEL(flip_item_2, FlipElements<fastaug::uint16_t>)
FASTAUG_CUDA_KERNEL(flip_item_4, FlipElements<fastaug::uint32_t>)
FASTAUG_CUDA_KERNEL(flip_item_8, FlipElements<fastaug::uint64_t>)
FASTAUG_CUDA_KERNEL(flip_pixel_1, FlipQuads<1>)
FASTAUG_CUDA_KERNEL(flip_pixel_2, FlipQuads<2>)
FASTAUG_CUDA_KERNEL(flip_pixel_3, FlipQuads<3>)
FASTAUG_CUDA_KERNEL(flip_pixel_4, FlipQuads<4>)
FASTAUG_CUDA_KERNEL(flip_pixel_6, FlipQuads<6>)
FASTAUG_CUDA_KERNEL(flip_pixel_8, FlipQuads<8>)
FASTAUG_CUDA_KERNEL(flip_pixel_12, FlipQuads<12>)
FASTAUG_CUDA_KERNEL(flip_pixel_16, FlipQuads<16>)
