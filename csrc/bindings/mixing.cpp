// Steps that make one image of two.
#include "step.hpp"
#include "warps.hpp"

namespace fastaug {
namespace {

// Images of the same size and dtype, each for the image in its place or as `source` says.
template <class Args>
void mix_with(Args& args, const py::array& images, const py::array& others,
              const py::object& source) {
  args.others = batch_of(others, "others", false);
  args.others.dtype = args.in.dtype;
  if (args.others.h != args.in.h || args.others.w != args.in.w || args.others.c != args.in.c ||
      !others.dtype().equal(images.dtype()))
    throw std::invalid_argument("others does not match images");
  args.source = source_index(source, args.others, args.out);
}

Step blend(const py::array& images, const py::array& out, const py::array& others,
           const py::array& weight, const py::object& source) {
  BlendArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  mix_with(args, images, others, source);
  args.weight = parameter<double>(weight, "weight", args.in.n, 1);
  for (std::int64_t i = 0; i < args.in.n; ++i)
    if (!(args.weight[i] >= 0.0 && args.weight[i] <= 1.0))
      throw std::invalid_argument("weight must be from 0 to 1");
  return in_place(
      step_of(args, kernels().blend, true, list_of(images, out, others, weight, source)));
}

Step paste(const py::array& images, const py::array& out, const py::array& others,
           const py::array& boxes, const py::object& source) {
  PasteArgs args{};
  move_between(args, images, out);
  same_shape(args.in, args.out);
  mix_with(args, images, others, source);
  args.boxes = parameter<std::int64_t>(boxes, "boxes", args.in.n, 4);
  return in_place(
      moving(step_of(args, kernels().paste, true, list_of(images, out, others, boxes, source))));
}

}  // namespace

void bind_mixing(py::module_& m) {
  m.def("blend", &blend, py::arg("images"), py::arg("out"), py::arg("others"), py::arg("weight"),
        py::arg("source") = py::none());
  m.def("paste", &paste, py::arg("images"), py::arg("out"), py::arg("others"), py::arg("boxes"),
        py::arg("source") = py::none());
}

}  // namespace fastaug
