// Memory of a thread that is kept between calls, so that no image costs an allocation.
#pragma once

#include <cstddef>

namespace fastaug {

// Uses that may be live at the same time have slots of their own.
enum class Slot { source, stage, row, padded, levels, grey, table, filtered, lines, slots };

// At least `bytes` of memory, aligned to a cache line, contents undefined; throws std::bad_alloc.
void* scratch(Slot slot, std::size_t bytes);

}  // namespace fastaug
