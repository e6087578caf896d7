// Memory of a thread that is kept between calls, so that no image costs an allocation.
#pragma once

#include <cstddef>

namespace fastaug {

// Uses that may be live at the same time have slots of their own.
enum class Slot {
  source,
  stage,
  row,
  padded,
  levels,
  grey,
  table,
  filtered,
  lines,
  sides,
  taps,
  across,
  blocks,
  down,
  plan_even,
  plan_odd,
  slots
};

// At least `bytes` of memory, aligned to a cache line, contents undefined; throws std::bad_alloc.
void* scratch(Slot slot, std::size_t bytes);

// For what is made once and used for many images: memory, and whether it still holds what was made
// under the same key the last time. The key is bytes without padding, 128 of them at most.
struct Kept {
  void* memory;
  bool made;
};

Kept kept_scratch(Slot slot, std::size_t bytes, const void* key, std::size_t key_bytes);

}  // namespace fastaug
