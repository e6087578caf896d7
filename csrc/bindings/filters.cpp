// Filters over neighbours other than blurs by means.
#include "step.hpp"

namespace fastaug {
namespace {

Step correlate(const py::array& images, const py::array& out, const py::array& offsets,
               const py::array& weights, const py::array& spans, int border, double cval) {
  CorrelateArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  const std::int64_t taps = weights.ndim() == 1 ? weights.shape(0) : -1;
  args.offsets = parameter<std::int64_t>(offsets, "offsets", taps, 2);
  args.weights = args.in.dtype == DType::f64
                     ? static_cast<const void*>(parameter<double>(weights, "weights", taps, 1))
                     : parameter<float>(weights, "weights", taps, 1);
  args.spans = parameter<std::int64_t>(spans, "spans", args.in.n, 2);
  for (std::int64_t i = 0; i < args.in.n; ++i) {
    const std::int64_t first = args.spans[2 * i], count = args.spans[2 * i + 1];
    if (first < 0 || count < 0 || first > taps || count > taps - first)
      throw std::invalid_argument("spans do not match weights");
  }
  for (std::int64_t i = 0; i < 2 * taps; ++i)
    if (args.offsets[i] < -65535 || args.offsets[i] > 65535)
      throw std::invalid_argument("offsets must be from -65535 to 65535");
  args.border = static_cast<Border>(code(border, 5, "border"));
  args.cval = cval;
  return step_of(args, kernels().correlate, is_plain(args.in),
                 list_of(images, out, offsets, weights, spans));
}

Step median_blur(const py::array& images, const py::array& out, const py::array& sizes, int border,
                 double cval) {
  MedianBlurArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  args.sizes = parameter<std::int64_t>(sizes, "sizes", args.in.n, 1);
  // Columns of bytes count as many pixels as a byte holds.
  for (std::int64_t i = 0; i < args.in.n; ++i)
    if (args.sizes[i] < 1 || args.sizes[i] > 255 || args.sizes[i] % 2 == 0)
      throw std::invalid_argument("sizes must be odd and from 1 to 255");
  args.border = static_cast<Border>(code(border, 5, "border"));
  args.cval = cval;
  return step_of(args, kernels().median_blur, is_plain(args.in), list_of(images, out, sizes));
}

Step sharpen(const py::array& images, const py::array& out, const py::array& factor, double low,
             double high, bool keeps_alpha) {
  SharpenArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  args.factor = parameter<double>(factor, "factor", args.in.n, 1);
  args.low = low, args.high = high, args.keeps_alpha = keeps_alpha;
  return step_of(args, kernels().sharpen, is_plain(args.in), list_of(images, out, factor));
}

}  // namespace

void bind_filters(py::module_& m) {
  m.def("correlate", &correlate);
  m.def("median_blur", &median_blur);
  m.def("sharpen", &sharpen);
}

}  // namespace fastaug
