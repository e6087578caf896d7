// Which bytes of registers that follow each other belong to which channel.
#pragma once

#include "../vector.hpp"

FASTAUG_BEGIN

template <int Channels>
struct ChannelMasks {
  uint8_t of[Channels][Channels * int64_t{register_bytes}] = {};
  constexpr ChannelMasks() {
    for (int64_t k = 0; k < Channels * int64_t{register_bytes}; ++k) of[k % Channels][k] = 255;
  }
};
template <int Channels>
constexpr ChannelMasks<Channels> channel_masks = {};

FASTAUG_END
