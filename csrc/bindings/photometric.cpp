// Steps in SciPy's and Keras' arithmetic.
#include "step.hpp"
#include "warps.hpp"

namespace fastaug {
namespace {

WarpSplineArgs spline_args(const py::array& images, const py::array& out, const py::array& matrices,
                           const py::array& fill, const py::array& mirror, int order, int fill_mode,
                           const py::object& source) {
  WarpSplineArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_warp(args.in, args.out);
  args.source = source_index(source, args.in, args.out);
  args.matrices = parameter<double>(matrices, "matrices", args.out.n, 6);
  args.fill = parameter<double>(fill, "fill", args.out.n, args.in.c == 1 ? 1 : args.in.c);
  args.mirror = parameter<std::uint8_t>(mirror, "mirror", args.out.n, 2);
  args.order = code(order, 6, "order");
  args.fill_mode = code(fill_mode, 7, "fill_mode");
  return args;
}

Step warp_spline(const py::array& images, const py::array& out, const py::array& matrices,
                 const py::array& fill, const py::array& mirror, int order, int fill_mode,
                 const py::object& source) {
  const WarpSplineArgs args =
      spline_args(images, out, matrices, fill, mirror, order, fill_mode, source);
  // From order 2 on every band of rows would have to filter the whole image first.
  return step_of(args, kernels().warp_spline, is_plain(args.in) && args.order < 2,
                 list_of(images, out, matrices, fill, mirror, source));
}

PhotometricArgs photometric_args(const py::array& images, const py::array& out,
                                 const py::object& channel_shift, int brightness,
                                 const py::object& factor, double white, double rescale,
                                 bool samplewise_center, bool samplewise_std,
                                 const py::object& center, const py::object& scale) {
  PhotometricArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_shape(args.in, args.out);
  if (args.in.dtype != DType::f32 || args.out.dtype != DType::f32)
    throw std::invalid_argument("images and out must be float32");
  args.channel_shift = optional_parameter(channel_shift, "channel_shift", args.out.n);
  args.brightness = static_cast<Brightness>(code(brightness, 4, "brightness"));
  args.factor = optional_parameter(factor, "factor", args.out.n);
  if ((args.brightness == Brightness::none) != (args.factor == nullptr))
    throw std::invalid_argument("factor does not match brightness");
  args.white = white;
  args.rescale = rescale;
  args.samplewise_center = samplewise_center;
  args.samplewise_std = samplewise_std;
  args.center = optional_parameter(center, "center", args.out.c);
  args.scale = optional_parameter(scale, "scale", args.out.c);
  return args;
}

Step photometric(const py::array& images, const py::array& out, const py::object& channel_shift,
                 int brightness, const py::object& factor, double white, double rescale,
                 bool samplewise_center, bool samplewise_std, const py::object& center,
                 const py::object& scale) {
  return in_place(step_of(
      photometric_args(images, out, channel_shift, brightness, factor, white, rescale,
                       samplewise_center, samplewise_std, center, scale),
      kernels().photometric, false, list_of(images, out, channel_shift, factor, center, scale)));
}

Step warp_photometric(const py::array& images, const py::array& out, const py::array& matrices,
                      const py::array& fill, const py::array& mirror, int order, int fill_mode,
                      const py::object& source, const py::object& channel_shift, int brightness,
                      const py::object& factor, double white, double rescale,
                      bool samplewise_center, bool samplewise_std, const py::object& center,
                      const py::object& scale) {
  return step_of(
      WarpPhotometricArgs{
          spline_args(images, out, matrices, fill, mirror, order, fill_mode, source),
          photometric_args(out, out, channel_shift, brightness, factor, white, rescale,
                           samplewise_center, samplewise_std, center, scale)},
      kernels().warp_photometric, false,
      list_of(images, out, matrices, fill, mirror, source, channel_shift, factor, center, scale));
}

}  // namespace

void bind_photometric(py::module_& m) {
  m.def("warp_spline", &warp_spline, py::arg("images"), py::arg("out"), py::arg("matrices"),
        py::arg("fill"), py::arg("mirror"), py::arg("order"), py::arg("fill_mode"),
        py::arg("source") = py::none());
  m.def("photometric", &photometric);
  m.def("warp_photometric", &warp_photometric);
}

}  // namespace fastaug
