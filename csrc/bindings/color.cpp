// Steps that make each value, or each pixel, from itself.
#include "step.hpp"

namespace fastaug {
namespace {

Step point(const py::array& images, const py::array& out, int op, const py::array& first,
           const py::array& second, double low, double high, bool keeps_alpha) {
  PointArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  args.op = static_cast<Point>(code(op, 6, "op"));
  args.first = parameter<double>(first, "first", args.in.n, 1);
  args.second = parameter<double>(second, "second", args.in.n, 1);
  args.low = low, args.high = high, args.keeps_alpha = keeps_alpha;
  const bool looks = args.op == Point::contrast || args.op == Point::channel_shift;
  return in_place(step_of(args, kernels().point, !looks, list_of(images, out, first, second)));
}

Step lookup(const py::array& images, const py::array& out, const py::array& tables,
            bool keeps_alpha) {
  LookupArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  if (args.in.dtype != DType::u8) throw std::invalid_argument("images must be uint8");
  args.tables = parameter<std::uint8_t>(tables, "tables", args.in.n, 256);
  args.keeps_alpha = keeps_alpha;
  return in_place(step_of(args, kernels().lookup, true, list_of(images, out, tables)));
}

Step normalize(const py::array& images, const py::array& out, const py::array& scale,
               const py::array& shift) {
  NormalizeArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  Batch as_out = args.in;
  as_out.item = args.out.item;
  same_shape(as_out, args.out);
  if (args.out.dtype != DType::f32 && args.out.dtype != DType::f64)
    throw std::invalid_argument("out must be float32 or float64");
  const std::int64_t c = args.in.c == 1 ? 1 : args.in.c;
  args.scale = parameter<double>(scale, "scale", args.in.n, c);
  args.shift = parameter<double>(shift, "shift", args.in.n, c);
  return in_place(step_of(args, kernels().normalize, true, list_of(images, out, scale, shift)));
}

void check_colours(const Batch& in, const Batch& out) {
  same_type(in, out);
  if (in.c != 3 && in.c != 4) throw std::invalid_argument("images must have 3 or 4 channels");
}

Step saturation(const py::array& images, const py::array& out, const py::array& factor, double low,
                double high) {
  SaturationArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_colours(args.in, args.out);
  args.factor = parameter<double>(factor, "factor", args.in.n, 1);
  args.low = low, args.high = high;
  return in_place(step_of(args, kernels().saturation, true, list_of(images, out, factor)));
}

Step hue(const py::array& images, const py::array& out, const py::array& turn, double low,
         double high) {
  HueArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_colours(args.in, args.out);
  args.turn = parameter<double>(turn, "turn", args.in.n, 1);
  args.low = low, args.high = high;
  return in_place(step_of(args, kernels().hue, true, list_of(images, out, turn)));
}

Step saturation_hue(const py::array& images, const py::array& out, const py::array& factor,
                    const py::array& turn, bool hue_first, double low, double high) {
  SaturationHueArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_colours(args.in, args.out);
  if (args.in.dtype != DType::u8) throw std::invalid_argument("images must be uint8");
  args.factor = parameter<double>(factor, "factor", args.in.n, 1);
  args.turn = parameter<double>(turn, "turn", args.in.n, 1);
  args.hue_first = hue_first, args.low = low, args.high = high;
  const py::list arrays = list_of(images, out, factor, turn);
  return in_place(step_of(args, kernels().saturation_hue, true, arrays));
}

Step levels(const py::array& images, const py::array& out, int op, double low, double high) {
  LevelsArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  args.op = static_cast<Levels>(code(op, 2, "op"));
  args.low = low, args.high = high;
  return in_place(step_of(args, kernels().levels, false, list_of(images, out)));
}

}  // namespace

void bind_color(py::module_& m) {
  m.def("point", &point);
  m.def("lookup", &lookup);
  m.def("normalize", &normalize);
  m.def("saturation", &saturation);
  m.def("hue", &hue);
  m.def("saturation_hue", &saturation_hue);
  m.def("levels", &levels);
}

}  // namespace fastaug
