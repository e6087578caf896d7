#include "scratch.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

namespace fastaug {
namespace {

constexpr std::size_t line = 64, longest_key = 128;

struct Arena {
  void* block[static_cast<int>(Slot::slots)] = {};
  std::size_t size[static_cast<int>(Slot::slots)] = {};
  std::size_t key_bytes[static_cast<int>(Slot::slots)] = {};  // zero for none
  char key[static_cast<int>(Slot::slots)][longest_key];
  ~Arena() {
    for (void* p : block) std::free(p);
  }
};

thread_local Arena arena;

}  // namespace

Kept kept_scratch(Slot slot, std::size_t bytes, const void* key, std::size_t key_bytes) {
  const int i = static_cast<int>(slot);
  if (arena.key_bytes[i] == key_bytes && arena.size[i] >= bytes &&
      std::memcmp(arena.key[i], key, key_bytes) == 0)
    return {arena.block[i], true};
  void* memory = scratch(slot, bytes);
  std::memcpy(arena.key[i], key, key_bytes);
  arena.key_bytes[i] = key_bytes;
  return {memory, false};
}

void* scratch(Slot slot, std::size_t bytes) {
  const int i = static_cast<int>(slot);
  arena.key_bytes[i] = 0;
  if (arena.size[i] < bytes || arena.block[i] == nullptr) {
    std::free(arena.block[i]);
    arena.block[i] = nullptr;
    arena.size[i] = 0;
    if (bytes > static_cast<std::size_t>(-1) / 2) throw std::bad_alloc();
    const std::size_t rounded = (bytes / line + 2) * line;
    arena.block[i] = std::aligned_alloc(line, rounded);
    if (arena.block[i] == nullptr) throw std::bad_alloc();
    arena.size[i] = rounded;
  }
  return arena.block[i];
}

}  // namespace fastaug
