// Plain descriptions of arrays and of what an op is asked to do; no inline code, so every
// instruction-set level and the bindings may share them.
#pragma once

#include "integers.hpp"

namespace fastaug {

enum class DType : std::int32_t { u8, u16, f32, f64 };

// Images as they lie in memory, channels last by index whatever the strides (in bytes) say.
struct Batch {
  char* data;
  std::int64_t n, h, w, c;
  std::int64_t stride_n, stride_h, stride_w, stride_c;
  std::int64_t item;  // bytes of one element
  DType dtype;        // meaningful to ops that compute; flips move items of any kind
};

// One unit of parallel work: rows [begin, end) of the output of one image.
struct Rows {
  std::int64_t image, begin, end;
  bool streams = false;  // whether the output had better go past the cache
};

}  // namespace fastaug
