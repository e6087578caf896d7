// Steps that put pixels in other places, or a constant in theirs.
#include "step.hpp"

namespace fastaug {
namespace {

// Elements (n, c) of the images' dtype.
const void* fill_of(const py::array& fill, const py::array& images, const Batch& b) {
  const bool contiguous = (fill.flags() & py::array::c_style) != 0;
  if (fill.ndim() != 2 || fill.shape(0) != b.n || fill.shape(1) != b.c || !contiguous ||
      !fill.dtype().equal(images.dtype()))
    throw std::invalid_argument("fill has the wrong type or shape");
  return fill.data();
}

Step window(const py::array& images, const py::array& out, const py::array& offsets,
            const py::array& fill, int border) {
  WindowArgs args{};
  move_between(args, images, out);
  args.offsets = parameter<std::int64_t>(offsets, "offsets", args.in.n, 2);
  const std::int64_t farthest = std::int64_t{1} << 40;  // so that no sum overflows
  for (std::int64_t i = 0; i < 2 * args.in.n; ++i)
    if (args.offsets[i] < -farthest || args.offsets[i] > farthest)
      throw std::invalid_argument("offsets are too far away");
  args.fill = fill_of(fill, images, args.in);
  args.border = static_cast<Border>(code(border, 5, "border"));
  if (args.border != Border::constant && args.in.h * args.in.w == 0 && args.out.h * args.out.w != 0)
    throw std::invalid_argument("images has no pixels");
  return moving(step_of(args, kernels().window, true, list_of(images, out, offsets, fill)));
}

Step erase(const py::array& images, const py::array& out, const py::array& boxes,
           const py::array& fill) {
  EraseArgs args{};
  move_between(args, images, out);
  same_shape(args.in, args.out);
  if (!py::isinstance<py::array_t<std::int64_t, py::array::c_style>>(boxes) || boxes.ndim() != 3 ||
      boxes.shape(0) != args.in.n || boxes.shape(2) != 4)
    throw std::invalid_argument("boxes has the wrong type or shape");
  args.boxes = static_cast<const std::int64_t*>(boxes.data());
  args.count = boxes.shape(1);
  args.fill = fill_of(fill, images, args.in);
  return in_place(moving(step_of(args, kernels().erase, true, list_of(images, out, boxes, fill))));
}

Step shuffle_channels(const py::array& images, const py::array& out, const py::array& order,
                      const py::array& fill) {
  ShuffleChannelsArgs args{};
  move_between(args, images, out);
  same_shape(args.in, args.out);
  if (!py::isinstance<py::array_t<std::int64_t, py::array::c_style>>(order) || order.ndim() != 2 ||
      order.shape(0) != args.in.n || order.shape(1) != args.in.c)
    throw std::invalid_argument("order has the wrong type or shape");
  args.order = static_cast<const std::int64_t*>(order.data());
  for (std::int64_t i = 0; i < args.in.n * args.in.c; ++i)
    if (args.order[i] < -1 || args.order[i] >= args.in.c)
      throw std::invalid_argument("order names a channel that is not there");
  args.fill = fill_of(fill, images, args.in);
  return in_place(
      moving(step_of(args, kernels().shuffle_channels, true, list_of(images, out, order, fill))));
}

}  // namespace

void bind_windows(py::module_& m) {
  m.def("window", &window);
  m.def("erase", &erase);
  m.def("shuffle_channels", &shuffle_channels);
}

}  // namespace fastaug
