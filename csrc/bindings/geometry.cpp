// Steps that move pixels.
#include "../ops/affine_matrix.hpp"
#include "step.hpp"
#include "warps.hpp"

namespace fastaug {
namespace {

py::array_t<double> affine_matrices(const py::array& parameters) {
  const std::int64_t n = parameters.ndim() == 2 ? parameters.shape(0) : -1;
  const double* p = parameter<double>(parameters, "parameters", n, 9);
  py::array_t<double> matrices({n, std::int64_t{2}, std::int64_t{3}});
  double* m = matrices.mutable_data();
  for (std::int64_t i = 0; i < n; ++i, p += 9)
    affine_matrix({p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]}, m + 6 * i);
  return matrices;
}

Step warp_affine(const py::array& images, const py::array& out, const py::array& matrices,
                 const py::array& fill, int interpolation, int fill_mode,
                 const py::object& source) {
  WarpAffineArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_warp(args.in, args.out);
  if (args.out.dtype == DType::f64) throw std::invalid_argument("out must be uint8 or float32");
  args.source = source_index(source, args.in, args.out);
  args.matrices = parameter<double>(matrices, "matrices", args.out.n, 6);
  args.fill = parameter<double>(fill, "fill", args.out.n, args.in.c == 1 ? 1 : args.in.c);
  args.interpolation = code(interpolation, 3, "interpolation");
  args.fill_mode = code(fill_mode, 7, "fill_mode");
  return step_of(args, kernels().warp_affine, is_plain(args.in),
                 list_of(images, out, matrices, fill, source));
}

Step warp_field(const py::array& images, const py::array& out, const py::array& matrices,
                const py::object& field, const py::array& fill, int interpolation, int fill_mode) {
  WarpFieldArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_warp(args.in, args.out);
  if (args.in.n != args.out.n || args.in.dtype != args.out.dtype || args.out.dtype == DType::f64)
    throw std::invalid_argument("out does not match images");
  args.matrices = parameter<double>(matrices, "matrices", args.out.n, 9);
  if (!field.is_none()) {
    const Batch shifts = batch_of(py::cast<py::array>(field), "field", false);
    const bool fits = py::isinstance<py::array_t<float, py::array::c_style>>(field) &&
                      (shifts.n == 1 || shifts.n == args.out.n) && shifts.h == args.out.h &&
                      shifts.w == args.out.w && shifts.c == 2;
    if (!fits) throw std::invalid_argument("field has the wrong type or shape");
    args.field = reinterpret_cast<const float*>(shifts.data);
    args.field_stride = shifts.n == 1 ? 0 : shifts.h * shifts.w * 2;
  }
  args.fill = parameter<double>(fill, "fill", args.out.n, args.in.c == 1 ? 1 : args.in.c);
  args.interpolation = code(interpolation, 3, "interpolation");
  args.fill_mode = code(fill_mode, 7, "fill_mode");
  return step_of(args, kernels().warp_field, is_plain(args.in),
                 list_of(images, out, matrices, field, fill));
}

Step flip(const py::array& images, const py::array& out, const py::array& horizontal,
          const py::array& vertical, const py::object& source) {
  FlipArgs args{};
  args.converts = !images.dtype().equal(out.dtype());
  args.in =
      args.converts ? typed_batch_of(images, "images", false) : batch_of(images, "images", false);
  args.out = args.converts ? typed_batch_of(out, "out", true) : batch_of(out, "out", true);
  if (args.in.h != args.out.h || args.in.w != args.out.w || args.in.c != args.out.c ||
      (args.converts && !holds(args.out.dtype, args.in.dtype)))
    throw std::invalid_argument("out does not match images");
  check_item(args.in);
  args.source = source_index(source, args.in, args.out);
  args.horizontal = parameter<std::uint8_t>(horizontal, "horizontal", args.out.n, 1);
  args.vertical = parameter<std::uint8_t>(vertical, "vertical", args.out.n, 1);
  return moving(
      step_of(args, kernels().flip, true, list_of(images, out, horizontal, vertical, source)));
}

Step rot90(const py::array& images, const py::array& out, const py::array& k) {
  Rot90Args args{};
  args.in = batch_of(images, "images", false);
  args.out = batch_of(out, "out", true);
  check_item(args.in);
  args.k = parameter<std::int64_t>(k, "k", args.in.n, 1);
  const Batch &in = args.in, &o = args.out;
  bool fits = in.n == o.n && in.c == o.c && in.item == o.item;
  for (std::int64_t i = 0; fits && i < in.n; ++i) {
    const bool turned = args.k[i] == 1 || args.k[i] == 3;
    fits = args.k[i] >= 0 && args.k[i] < 4 && o.h == (turned ? in.w : in.h) &&
           o.w == (turned ? in.h : in.w);
  }
  if (!fits) throw std::invalid_argument("out does not match images and k");
  return moving(step_of(args, kernels().rot90, true, list_of(images, out, k)));
}

Step resize(const py::array& images, const py::array& out, const py::array& edges, int kernel,
            bool antialias) {
  ResizeArgs args{};
  args.kernel = code(kernel, 5, "kernel");
  args.antialias = antialias;
  const bool moves = args.kernel == 0;  // elements of any kind
  args.in = moves ? batch_of(images, "images", false) : typed_batch_of(images, "images", false);
  args.out = moves ? batch_of(out, "out", true) : typed_batch_of(out, "out", true);
  if (args.in.n != args.out.n || args.in.c != args.out.c || !images.dtype().equal(out.dtype()))
    throw std::invalid_argument("out does not match images");
  check_item(args.in);
  const std::int64_t boxes = edges.ndim() == 2 ? edges.shape(0) : -1;
  args.edges = parameter<double>(edges, "edges", boxes, 4);
  if (boxes != 1 && boxes != args.out.n)
    throw std::invalid_argument("edges must be for all images or for each");
  args.per_image = boxes != 1;
  const double h = static_cast<double>(args.in.h), w = static_cast<double>(args.in.w);
  if (args.out.n * args.out.h * args.out.w * args.out.c != 0)
    for (const double* e = args.edges; e != args.edges + 4 * boxes; e += 4)
      if (!(e[0] >= 0.0 && e[0] < e[1] && e[1] <= h && e[2] >= 0.0 && e[2] < e[3] && e[3] <= w))
        throw std::invalid_argument("edges must lie within the images");
  return step_of(args, kernels().resize, true, list_of(images, out, edges));
}

}  // namespace

void bind_geometry(py::module_& m) {
  m.def("affine_matrices", &affine_matrices);
  m.def("warp_affine", &warp_affine, py::arg("images"), py::arg("out"), py::arg("matrices"),
        py::arg("fill"), py::arg("interpolation"), py::arg("fill_mode"),
        py::arg("source") = py::none());
  m.def("warp_field", &warp_field);
  m.def("flip", &flip, py::arg("images"), py::arg("out"), py::arg("horizontal"),
        py::arg("vertical"), py::arg("source") = py::none());
  m.def("rot90", &rot90);
  m.def("resize", &resize);
}

}  // namespace fastaug
