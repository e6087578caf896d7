// Several elements of an image that follow each other, moved as words where they can be.
#pragma once

#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

FASTAUG_FN bool is_flat(const Batch& b) {
  return (b.c == 1 || b.stride_c == b.item) && (b.w == 1 || b.stride_w == b.c * b.item) &&
         (b.h == 1 || b.stride_h == b.w * b.c * b.item);
}

// Those that a thread makes: `Count` of an image of `size`, from number `first` on.
struct Share {
  int64_t image, first;
};

template <int Threads, int Count>
FASTAUG_FN Share elements_of(Place place, int64_t size) {
  const Piece piece = piece_of(place.block, divide_up(size, Threads * Count));
  return {piece.image, (piece.piece * Threads + place.thread) * Count};
}

template <bool Aligned>
struct WordOf {
  using type = uint32_t;
};
template <>
struct WordOf<true> {
  using type = Quad;
};

// `Count` elements of an image from number `first` on, read at once, changed and written at once.
template <class T, int Count>
struct Elements {
  static_assert(Count * sizeof(T) % 4 == 0, "elements of a thread fill whole words");
  alignas(16) T value[Count];

  // Whether they can be moved as words: all there, flat, aligned.
  static FASTAUG_FN bool whole(const Batch& b, const T* at, int64_t first, int64_t size) {
    return first + Count <= size && is_flat(b) &&
           reinterpret_cast<uint64_t>(at) % (Count * sizeof(T) % 16 == 0 ? 16 : 4) == 0;
  }

  static FASTAUG_FN T* address(const Batch& b, int64_t image, int64_t number) {
    const Spot spot = spot_of(number, b);
    return element<T>(b, image, spot.y, spot.x, spot.c);
  }

  FASTAUG_FN void load(const Batch& b, int64_t image, int64_t first, int64_t size) {
    const T* at = reinterpret_cast<const T*>(b.data + image * b.stride_n) + first;
    if (whole(b, at, first, size)) {
      move(at, value);
    } else {
      for (int i = 0; i < Count; ++i)
        value[i] = first + i < size ? *address(b, image, first + i) : T(0);
    }
  }

  FASTAUG_FN void store(const Batch& b, int64_t image, int64_t first, int64_t size) const {
    T* at = reinterpret_cast<T*>(b.data + image * b.stride_n) + first;
    if (whole(b, at, first, size)) {
      move(value, at);
    } else {
      for (int i = 0; i < Count; ++i)
        if (first + i < size) *address(b, image, first + i) = value[i];
    }
  }

 private:
  static FASTAUG_FN void move(const T* from, T* to) {
    using Word = typename WordOf<Count * sizeof(T) % 16 == 0>::type;
    for (int i = 0; i < Count * static_cast<int>(sizeof(T)) / static_cast<int>(sizeof(Word)); ++i)
      reinterpret_cast<Word*>(to)[i] = reinterpret_cast<const Word*>(from)[i];
  }
};

FASTAUG_END
