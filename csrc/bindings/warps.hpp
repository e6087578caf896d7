// What the steps of all warps check.
#pragma once

#include "step.hpp"

namespace fastaug {

// Which image of `in` each of `out` comes from; `None` for the one in the same place.
inline SourceIndex source_index(const py::object& source, const Batch& in, const Batch& out) {
  if (source.is_none()) {
    if (in.n != out.n) throw std::invalid_argument("out does not match images");
    return nullptr;
  }
  const py::array a = py::cast<py::array>(source);
  SourceIndex index = parameter<std::int64_t>(a, "source", out.n, 1);
  for (std::int64_t i = 0; i < out.n; ++i)
    if (index[i] < 0 || index[i] >= in.n)
      throw std::invalid_argument("source is beyond the images");
  return index;
}

// Whether every value of one dtype is one of the other, up to rounding.
inline bool holds(DType wide, DType narrow) {
  return wide == narrow || wide == DType::f32 || wide == DType::f64;
}

inline void check_warp(const Batch& in, const Batch& out) {
  if (in.c != out.c || !holds(out.dtype, in.dtype) || out.dtype == DType::u16)
    throw std::invalid_argument("out does not match images");
  if (in.h * in.w == 0 && out.n * out.h * out.w != 0)
    throw std::invalid_argument("images has no pixels");
}

}  // namespace fastaug
