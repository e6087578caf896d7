// Stream v1: which counter belongs to which draw. docs/design.md gives it in words, with examples.
#pragma once

#include "philox.hpp"

FASTAUG_BEGIN

// What a draw is for; draws for different purposes never share a counter.
enum class Purpose : uint32_t {
  parameters = 0,   // what a transform does to a sample
  pixels = 1,       // the noise of its elements
  pixels_more = 2,  // a second, independent set for the same elements
};

// The coordinates of a sample's draws: everything of the counter but the block.
struct Stream {
  Key key;
  uint32_t place;  // place in the pipeline (24 bits) and purpose (8 bits)
  uint32_t index;
  uint32_t epoch;
};

FASTAUG_FN Stream make_stream(uint64_t seed, uint32_t place, Purpose purpose, uint32_t index,
                              uint32_t epoch) {
  return {{{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)}},
          (place << 8) | static_cast<uint32_t>(purpose),
          index,
          epoch};
}

FASTAUG_FN Counter draw_block(const Stream& stream, uint32_t block) {
  return philox4x32({{block, stream.place, stream.index, stream.epoch}}, stream.key);
}

// The words of an image follow each other in groups: word 0 of sixteen blocks, then word 1 of the
// same sixteen, and so on. So lanes of blocks are lanes of words, up to registers of sixteen.
constexpr int64_t stream_blocks = 16, stream_group = 4 * stream_blocks;

// 53 bits from two words: a double in [0, 1).
FASTAUG_FN double uniform_double(uint32_t low, uint32_t high) {
  const uint64_t bits = (static_cast<uint64_t>(high) << 32) | low;
  return static_cast<double>(bits >> 11) * 1.1102230246251565404e-16;
}

FASTAUG_END
