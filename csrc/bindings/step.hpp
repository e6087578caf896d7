// A step of work: an op with its arguments, ready to be done for any image of a batch.
#pragma once

#include <functional>
#include <utility>

#include "../cpu/dispatch.hpp"
#include "../cpu/run.hpp"
#include "arrays.hpp"

namespace fastaug {

// Where one image lies.
struct Place {
  char* data;
  std::int64_t stride_h, stride_w, stride_c;
};

// Holds on to the arrays it works on.
struct Step {
  // Makes rows of an image, of the step's own arrays, or of one that lies elsewhere, to elsewhere.
  std::function<void(Rows, const Place* in, const Place* out)> work;
  Batch in, out;
  bool splits;  // whether bands of rows may be made apart from each other
  py::list arrays;
  bool moves = false;     // whether elements are only moved
  bool in_place = false;  // whether the result may take the place of the image
};

inline void put(Batch& batch, const Place& place) {
  batch.data = place.data;
  batch.stride_n = 0;
  batch.stride_h = place.stride_h, batch.stride_w = place.stride_w, batch.stride_c = place.stride_c;
}

template <class Args>
void put(Args& args, const Place& in, const Place& out) {
  put(args.in, in);
  put(args.out, out);
}

inline void put(WarpPhotometricArgs& args, const Place& in, const Place& out) {
  put(static_cast<WarpSplineArgs&>(args), in, out);
  put(args.colours, out, out);
}

template <class Args>
Step step_of(const Args& args, void (*kernel)(const Args&, Rows), bool splits, py::list arrays) {
  const auto work = [args, kernel](Rows rows, const Place* in, const Place* out) {
    if (in == nullptr) return kernel(args, rows);
    Args elsewhere = args;
    put(elsewhere, *in, *out);
    kernel(elsewhere, rows);
  };
  return {work, args.in, args.out, splits, std::move(arrays)};
}

inline Step moving(Step step) {
  step.moves = true;
  return step;
}

// A step each of whose elements, or pixels, depends on the image at that place and no other.
inline Step in_place(Step step) {
  step.in_place = step.in.item == step.out.item;
  return step;
}

template <class... Arrays>
py::list list_of(const Arrays&... arrays) {
  py::list all;
  (all.append(arrays), ...);
  return all;
}

inline int code(int value, int count, const char* name) {
  if (value < 0 || value >= count) throw std::invalid_argument(std::string(name) + " is unknown");
  return value;
}

inline void same_type(const Batch& in, const Batch& out) {
  same_shape(in, out);
  if (in.dtype != out.dtype) throw std::invalid_argument("out does not match images");
}

inline void check_item(const Batch& b) {
  if (b.item != 1 && b.item != 2 && b.item != 4 && b.item != 8)
    throw std::invalid_argument("images must have elements of 1, 2, 4 or 8 bytes");
}

// Images of which elements are only moved, and where they go, of the same dtype.
template <class Args>
void move_between(Args& args, const py::array& images, const py::array& out) {
  args.in = batch_of(images, "images", false);
  args.out = batch_of(out, "out", true);
  if (args.in.n != args.out.n || args.in.c != args.out.c || !images.dtype().equal(out.dtype()))
    throw std::invalid_argument("out does not match images");
  check_item(args.in);
}

// A parameter that may be left out.
inline const double* optional_parameter(const py::object& a, const char* name, std::int64_t count) {
  return a.is_none() ? nullptr : parameter<double>(py::cast<py::array>(a), name, count, 1);
}

}  // namespace fastaug
