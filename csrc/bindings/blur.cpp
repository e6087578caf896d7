// Steps that blur.
#include <pybind11/stl.h>

#include <algorithm>

#include "../ops/gaussian_blur.hpp"
#include "step.hpp"

namespace fastaug {
namespace {

// Weights (n, 2, taps) for images of this dtype, and the radii (n, 2) that are left of those given.
py::tuple blur_weights(const py::array& sigma, const py::array& radii, const py::array& like) {
  const std::int64_t n = sigma.ndim() == 1 ? sigma.shape(0) : -1;
  const double* s = parameter<double>(sigma, "sigma", n, 1);
  const std::int64_t* r = parameter<std::int64_t>(radii, "radii", n, 2);
  std::int64_t most = 0;
  for (std::int64_t i = 0; i < 2 * n; ++i) {
    if (r[i] < 0) throw std::invalid_argument("radii must not be negative");
    most = r[i] > most ? r[i] : most;
  }
  const DType dtype = typed_batch_of(like, "images", false).dtype;
  const auto make = dtype == DType::u8    ? &gaussian_weights<std::uint8_t>
                    : dtype == DType::f64 ? &gaussian_weights<double>
                                          : &gaussian_weights<float>;
  py::array_t<double> weights({n, std::int64_t{2}, most + 1});
  std::fill_n(weights.mutable_data(), weights.size(), 0.0);
  py::array_t<std::int64_t> used({n, std::int64_t{2}});
  for (std::int64_t i = 0; i < 2 * n; ++i) {
    double* row = weights.mutable_data() + i * (most + 1);
    std::int64_t* left = used.mutable_data() + i;
    if (i > 0 && r[i] == r[i - 1] && s[i / 2] == s[(i - 1) / 2]) {  // as of most batches all are
      std::copy_n(row - (most + 1), most + 1, row);
      *left = left[-1];
    } else {
      *left = make(s[i / 2], r[i], row);
    }
  }
  return py::make_tuple(weights, used);
}

Step gaussian_blur(const py::array& images, const py::array& out, const py::array& weights,
                   const py::array& radii, int border, double cval) {
  GaussianBlurArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_shape(args.in, args.out);
  if (args.in.dtype != args.out.dtype) throw std::invalid_argument("out does not match images");
  if (!py::isinstance<py::array_t<double, py::array::c_style>>(weights) || weights.ndim() != 3 ||
      weights.shape(0) != args.in.n || weights.shape(1) != 2)
    throw std::invalid_argument("weights has the wrong type or shape");
  args.taps = weights.shape(2);
  args.weights = static_cast<const double*>(weights.data());
  args.radii = parameter<std::int64_t>(radii, "radii", args.in.n, 2);
  for (std::int64_t i = 0; i < 2 * args.in.n; ++i)
    if (args.radii[i] < 0 || args.radii[i] >= args.taps)
      throw std::invalid_argument("radii do not match weights");
  args.border = static_cast<Border>(code(border, 5, "border"));
  args.cval = cval;
  return step_of(args, kernels().gaussian_blur, is_plain(args.in),
                 list_of(images, out, weights, radii));
}

Step box_blur(const py::array& images, const py::array& out, const py::array& sizes, int border,
              double cval) {
  BoxBlurArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_shape(args.in, args.out);
  if (args.in.dtype != args.out.dtype) throw std::invalid_argument("out does not match images");
  args.sizes = parameter<std::int64_t>(sizes, "sizes", args.in.n, 2);
  for (std::int64_t i = 0; i < 2 * args.in.n; ++i)
    if (args.sizes[i] < 1 || args.sizes[i] > 65535)
      throw std::invalid_argument("sizes must be from 1 to 65535");
  args.border = static_cast<Border>(code(border, 5, "border"));
  args.cval = cval;
  return step_of(args, kernels().box_blur, is_plain(args.in), list_of(images, out, sizes));
}

using NoiseKernel = void (*KernelTable::*)(const NoiseArgs&, Rows);

}  // namespace

void bind_blur(py::module_& m) {
  m.def("gaussian_weights", &blur_weights);
  m.def("gaussian_blur", &gaussian_blur);
  m.def("box_blur", &box_blur);
}

}  // namespace fastaug
