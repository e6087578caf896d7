// A batch as units of parallel work: images, or bands of rows when images are fewer than threads.
#pragma once

#include "kernels.hpp"
#include "parallel.hpp"
#include "scratch.hpp"

namespace fastaug {

// Whether a band of rows can be made without gathering the whole image first.
inline bool is_plain(const Batch& b) {
  return (b.c == 1 || b.stride_c == b.item) && (b.w == 1 || b.stride_w == b.c * b.item);
}

// Whether the first images of the output are out of the cache by the time that the last are made,
// so that nobody finds them there. About the third of the last level that a batch and what it is
// made from leave of it: from there on a flip past the cache was faster even with the output read
// next.
inline bool outgrows_cache(const Batch& out) {
  const std::int64_t share = 12 << 20;
  return out.n * out.h * out.w * out.c * out.item > share;
}

// Calls `work` for all rows of `out`. Below a few tens of thousands of elements, or where elements
// are only moved two million bytes, waking a thread costs more than it saves.
template <class Work>
void run(const Batch& out, const Work& work, int threads, bool splits, bool moves) {
  const std::int64_t worth_a_thread = moves ? (2 << 20) / out.item : 32768, least_rows = 8;
  if (out.n * out.h * out.w * out.c == 0) return;
  if (out.n * out.h * out.w * out.c < worth_a_thread) threads = 1;
  std::int64_t bands = 1;
  if (threads > 1 && splits && out.n < 2 * threads) {
    bands = (4 * threads + out.n - 1) / out.n;
    const std::int64_t most = (out.h + least_rows - 1) / least_rows;
    bands = bands < most ? bands : most;
  }
  parallel_for(out.n * bands, threads, [&](std::int64_t i) {
    const std::int64_t image = i / bands, band = i % bands;
    work({image, out.h * band / bands, out.h * (band + 1) / bands});
  });
}

}  // namespace fastaug
