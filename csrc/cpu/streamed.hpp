// Rows that go past the cache, one whole line of it after the other. A store into the cache reads
// the line first and pushes another one out, which costs as much again as writing it; where the
// output is too large to be still there for whoever reads it, that is for nothing.
#pragma once

#include "copy_run.hpp"
#include "rows.hpp"
#include "vector/stream.hpp"

FASTAUG_BEGIN

// Rows are made and pushed by so many pixels: the buffers that lines wait in on their way to memory
// are few, and would be empty while a whole row is made.
constexpr int64_t pixels_at_once = 64;

class Streamed {
 public:
  // Bytes from `to` on, of which at most `most` are pushed at a time.
  Streamed(char* to, int64_t most)
      : skip_(static_cast<int64_t>(reinterpret_cast<std::uintptr_t>(to) % cache_line)),
        held_(skip_),
        to_(to - skip_),
        buffer_(static_cast<char*>(
            scratch(Slot::stage, static_cast<std::size_t>(most + 2 * cache_line)))) {}

  // Where to make the next bytes.
  char* next() { return buffer_ + held_; }

  void push(int64_t bytes) {
    held_ += bytes;
    int64_t done = 0;
    for (; done + cache_line <= held_; done += cache_line, to_ += cache_line) {
      if (skip_ == 0)
        stream_line(buffer_ + done, to_);
      else  // the rest of this line is somebody else's
        copy_run(to_ + skip_, buffer_ + skip_, cache_line - skip_);
      skip_ = 0;
    }
    held_ -= done;
    if (done > 0) std::memcpy(buffer_, buffer_ + done, cache_line);
  }

  // Bytes that are somewhere already.
  void write(const char* from, int64_t bytes) {
    const int64_t first = smaller(cache_line - held_, bytes);
    copy_run(next(), from, first);
    push(first);
    if (held_ != 0) return;
    int64_t done = first;
    for (; done + cache_line <= bytes; done += cache_line, to_ += cache_line)
      stream_line(from + done, to_);
    held_ = bytes - done;
    copy_run(buffer_, from + done, held_);
  }

  // After the last bytes.
  void finish() {
    copy_run(to_ + skip_, buffer_ + skip_, held_ - skip_);
    streamed();
  }

 private:
  int64_t skip_, held_;  // bytes of the first line that are not ours; bytes of the buffer in use
  char *to_, *buffer_;
};

FASTAUG_END
