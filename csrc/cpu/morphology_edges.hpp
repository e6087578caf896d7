// Where rows that go past the cache meet. What goes there goes by whole lines, of which the end of
// a row and the start of the next one share the one between them, unless rows start in line: so
// both are made next to the core, and go from there.
#pragma once

#include "morphology_keys.hpp"
#include "vector/stream.hpp"

FASTAUG_BEGIN

template <class T>
class Edges {
  static constexpr int64_t line = cache_line / static_cast<int64_t>(sizeof(T));
  static constexpr int64_t before = 3 * line;  // of a row's end, at most

 public:
  static constexpr int64_t room = before + line;  // for each row, and one more

  // Rows of `size` elements, whole lines, the first of which is at `to`. None has begun.
  Edges(const T* to, int64_t size, T* memory)
      : size_(size), beyond_(misalignment(to)), memory_(memory) {}

  // Where row r of a group is to be written in its first line, or from `done` on in its last.
  T* head(int64_t r) const { return memory_ + r * room + before; }
  T* tail(int64_t r) const { return head(r + 1) - size_; }

  // After `count` rows of a group, of which the lines from the first whole one up to element `done`
  // are written: all but the end of the last, which waits for the next row.
  void finish(T* const* to, int64_t count, int64_t done) {
    for (int64_t r = 0; r < count; ++r) {
      const T* from = head(r);
      if (waiting_ == nullptr) {
        std::memcpy(to[0], from, static_cast<std::size_t>(line - beyond_) * sizeof(T));
      } else {
        for (int64_t at = done - size_; at + beyond_ < line; at += line)
          stream_line(reinterpret_cast<const char*>(from + at),
                      reinterpret_cast<char*>(waiting_ + size_ + at));
      }
      waiting_ = to[r];
    }
    done_ = done;
    std::memcpy(memory_, memory_ + count * room, static_cast<std::size_t>(before) * sizeof(T));
  }

  // After the last row.
  void end() {
    if (waiting_ != nullptr)
      std::memcpy(waiting_ + done_, head(0) + done_ - size_,
                  static_cast<std::size_t>(size_ - done_) * sizeof(T));
    streamed();
  }

 private:
  const int64_t size_, beyond_;  // elements of a row, and by how many too late for a line it starts
  T* const memory_;
  T* waiting_ = nullptr;  // the row of which the end does
  int64_t done_ = 0;
};

// Makes final keys pixels past the cache, where registers are lines.
template <class T, Difference difference = Difference::none>
struct ToLines {
  using Element = T;
  static constexpr bool as_made = difference == Difference::none, streams = true;
  using Keys = Lanes<typename MorphologyKey<T>::type>;
  T* const* to;
  const T* const* other;
  int64_t count;  // rows that are wanted
  Edges<T>* edges;
  int64_t misaligned(int64_t r, int64_t at) const { return misalignment(to[r] + at); }
  auto head(int64_t r) const { return aside(edges->head(r), r); }
  auto tail(int64_t r) const { return aside(edges->tail(r), r); }
  auto body(int64_t r) const {
    return [to = to[r], other = other_row(r)](int64_t at, Keys keys) {
      const Lanes<T> made = set_against<T, difference>(keys, other, at);
      stream_line(reinterpret_cast<const char*>(&made), reinterpret_cast<char*>(to + at));
    };
  }
  T* head_of(int64_t r) const { return edges->head(r); }
  T* tail_of(int64_t r) const { return edges->tail(r); }
  void finish(int64_t done) const { edges->finish(to, count, done); }

 private:
  const T* other_row(int64_t r) const { return as_made ? nullptr : other[r]; }
  auto aside(T* row, int64_t r) const {
    return [row, other = other_row(r)](int64_t at, Keys keys) {
      store_lanes(row + at, set_against<T, difference>(keys, other, at));
    };
  }
};

FASTAUG_END
