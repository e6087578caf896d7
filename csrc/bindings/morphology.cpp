// The step of morphology.
#include "step.hpp"

namespace fastaug {
namespace {

Step morphology(const py::array& images, const py::array& out, int op, const py::object& sizes,
                const py::object& runs, int border, double cval) {
  MorphologyArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_shape(args.in, args.out);
  if (args.in.dtype != args.out.dtype) throw std::invalid_argument("out does not match images");
  args.op = static_cast<Morphology>(code(op, 7, "op"));
  args.border = static_cast<Border>(code(border, 6, "border"));
  args.cval = cval;
  if (runs.is_none()) {
    const py::array a = py::cast<py::array>(sizes);
    args.sizes = parameter<std::int64_t>(a, "sizes", args.in.n, 2);
    for (std::int64_t i = 0; i < 2 * args.in.n; ++i)
      if (args.sizes[i] < 1) throw std::invalid_argument("sizes must be positive");
  } else {
    const py::array a = py::cast<py::array>(runs);
    args.run_count = a.ndim() == 2 ? a.shape(0) : 0;
    if (args.run_count < 1) throw std::invalid_argument("runs must not be empty");
    args.runs = reinterpret_cast<const Run*>(parameter<std::int64_t>(a, "runs", args.run_count, 3));
    for (std::int64_t i = 0; i < args.run_count; ++i)
      if (args.runs[i].length < 1) throw std::invalid_argument("runs must have a length");
  }
  return step_of(args, kernels().morphology, true, list_of(images, out, sizes, runs));
}

}  // namespace

void bind_morphology(py::module_& m) { m.def("morphology", &morphology); }

}  // namespace fastaug
