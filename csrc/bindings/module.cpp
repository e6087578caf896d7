// The extension module: one function an op, which makes a step of work from its arguments, and
// `run`, which does a list of steps image by image with the GIL released.
#include <pybind11/stl.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "../cpu/dispatch.hpp"
#include "../cpu/run.hpp"
#include "../ops/affine_matrix.hpp"
#include "../ops/gaussian_blur.hpp"
#include "../ops/stream.hpp"
#include "arrays.hpp"

namespace fastaug {
namespace {

// Other Python threads run for as long as this lives. CPython before 3.14 unwinds a daemon thread
// that wants the GIL back while the interpreter ends, through destructors that need the GIL; from
// 3.14 on such a thread waits for the end, and so it does here.
struct WithoutGil {
  PyThreadState* state = PyEval_SaveThread();
  WithoutGil() = default;
  WithoutGil(const WithoutGil&) = delete;
  ~WithoutGil() {
    try {
      PyEval_RestoreThread(state);
    } catch (...) {
      for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
    }
  }
};

py::array_t<double> affine_matrices(const py::array& parameters) {
  const std::int64_t n = parameters.ndim() == 2 ? parameters.shape(0) : -1;
  const double* p = parameter<double>(parameters, "parameters", n, 9);
  py::array_t<double> matrices({n, std::int64_t{2}, std::int64_t{3}});
  double* m = matrices.mutable_data();
  for (std::int64_t i = 0; i < n; ++i, p += 9)
    affine_matrix({p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]}, m + 6 * i);
  return matrices;
}

// An op with its arguments, ready to be done for any image. Holds on to the arrays it works on.
struct Step {
  std::function<void(Rows)> work;
  Batch out;
  bool splits;  // whether bands of rows may be made apart from each other
  py::list arrays;
  bool moves = false;  // whether elements are only moved
};

template <class Args>
Step step_of(const Args& args, void (*kernel)(const Args&, Rows), bool splits, py::list arrays) {
  return {[args, kernel](Rows rows) { kernel(args, rows); }, args.out, splits, std::move(arrays),
          false};
}

Step moving(Step step) {
  step.moves = true;
  return step;
}

template <class... Arrays>
py::list list_of(const Arrays&... arrays) {
  py::list all;
  (all.append(arrays), ...);
  return all;
}

// Does all steps for one image after the other, so that each finds what the last one left in cache.
void run_steps(const std::vector<const Step*>& steps, int threads) {
  if (steps.empty()) return;
  bool splits = true, moves = true;
  for (const Step* step : steps) {
    if (step == nullptr) throw std::invalid_argument("steps must not be None");
    if (step->out.n != steps.front()->out.n || step->out.h != steps.front()->out.h)
      throw std::invalid_argument("steps must work on the same images");
    splits = splits && step->splits;
    moves = moves && step->moves;
  }
  const Batch& out = steps.front()->out;
  const bool streams = steps.size() == 1 && outgrows_cache(out);
  const WithoutGil without_gil;
  run(
      out,
      [&](Rows rows) {
        rows.streams = streams;
        for (const Step* step : steps) step->work(rows);
      },
      threads, splits, moves);
}

int code(int value, int count, const char* name) {
  if (value < 0 || value >= count) throw std::invalid_argument(std::string(name) + " is unknown");
  return value;
}

// Which image of `in` each of `out` comes from; `None` for the one in the same place.
SourceIndex source_index(const py::object& source, const Batch& in, const Batch& out) {
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
bool holds(DType wide, DType narrow) {
  return wide == narrow || wide == DType::f32 || wide == DType::f64;
}

void check_warp(const Batch& in, const Batch& out) {
  if (in.c != out.c || !holds(out.dtype, in.dtype) || out.dtype == DType::u16)
    throw std::invalid_argument("out does not match images");
  if (in.h * in.w == 0 && out.n * out.h * out.w != 0)
    throw std::invalid_argument("images has no pixels");
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

void check_item(const Batch& b) {
  if (b.item != 1 && b.item != 2 && b.item != 4 && b.item != 8)
    throw std::invalid_argument("images must have elements of 1, 2, 4 or 8 bytes");
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

// A parameter that may be left out.
const double* optional_parameter(const py::object& a, const char* name, std::int64_t count) {
  return a.is_none() ? nullptr : parameter<double>(py::cast<py::array>(a), name, count, 1);
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
  return step_of(photometric_args(images, out, channel_shift, brightness, factor, white, rescale,
                                  samplewise_center, samplewise_std, center, scale),
                 kernels().photometric, false,
                 list_of(images, out, channel_shift, factor, center, scale));
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

void same_type(const Batch& in, const Batch& out) {
  same_shape(in, out);
  if (in.dtype != out.dtype) throw std::invalid_argument("out does not match images");
}

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
  return step_of(args, kernels().point, !looks, list_of(images, out, first, second));
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
  return step_of(args, kernels().normalize, true, list_of(images, out, scale, shift));
}

void check_colours(const Batch& in, const Batch& out) {
  same_type(in, out);
  if (in.c != 3 && in.c != 4) throw std::invalid_argument("images must have 3 or 4 channels");
}

Step color_matrix(const py::array& images, const py::array& out, const py::array& matrices,
                  double low, double high) {
  ColorMatrixArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_colours(args.in, args.out);
  args.matrices = parameter<double>(matrices, "matrices", args.in.n, 12);
  args.low = low, args.high = high;
  return step_of(args, kernels().color_matrix, true, list_of(images, out, matrices));
}

Step hue(const py::array& images, const py::array& out, const py::array& turn, double low,
         double high) {
  HueArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  check_colours(args.in, args.out);
  args.turn = parameter<double>(turn, "turn", args.in.n, 1);
  args.low = low, args.high = high;
  return step_of(args, kernels().hue, true, list_of(images, out, turn));
}

Step levels(const py::array& images, const py::array& out, int op, double low, double high) {
  LevelsArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  args.op = static_cast<Levels>(code(op, 2, "op"));
  args.low = low, args.high = high;
  return step_of(args, kernels().levels, false, list_of(images, out));
}

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
  for (std::int64_t i = 0; i < 2 * n; ++i)
    used.mutable_data()[i] = make(s[i / 2], r[i], weights.mutable_data() + i * (most + 1));
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

template <NoiseKernel kernel>
Step noise(const py::array& images, const py::array& out, const py::array& seed,
           const py::array& index, const py::array& epoch, std::uint32_t place, double low,
           double high, bool clip, const py::array& first, const py::array& second,
           bool per_channel) {
  NoiseArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_shape(args.in, args.out);
  if (args.in.dtype != args.out.dtype || args.in.dtype == DType::u16)
    throw std::invalid_argument("images must be uint8, float32 or float64, and out the same");
  args.seed = parameter<std::uint64_t>(seed, "seed", args.in.n, 1);
  args.index = parameter<std::uint32_t>(index, "index", args.in.n, 1);
  args.epoch = parameter<std::uint32_t>(epoch, "epoch", args.in.n, 1);
  args.place = place;
  args.low = low, args.high = high, args.clip = clip;
  args.first = parameter<double>(first, "first", args.in.n, 1);
  args.second = parameter<double>(second, "second", args.in.n, 1);
  args.per_channel = per_channel;
  return step_of(args, kernels().*kernel, true,
                 list_of(images, out, seed, index, epoch, first, second));
}

py::array_t<std::uint32_t> philox(const py::array& counters, const py::array& keys, int rounds) {
  const std::int64_t n = counters.ndim() == 2 ? counters.shape(0) : -1;
  const std::uint32_t* c = parameter<std::uint32_t>(counters, "counters", n, 4);
  const std::uint32_t* k = parameter<std::uint32_t>(keys, "keys", n, 2);
  py::array_t<std::uint32_t> words({n, std::int64_t{4}});
  std::uint32_t* w = words.mutable_data();
  for (std::int64_t i = 0; i < n; ++i) {
    const Counter drawn = philox4x32({{c[4 * i], c[4 * i + 1], c[4 * i + 2], c[4 * i + 3]}},
                                     {{k[2 * i], k[2 * i + 1]}}, rounds);
    for (int j = 0; j < 4; ++j) w[4 * i + j] = drawn.word[j];
  }
  return words;
}

py::array_t<double> uniforms(const py::array& seed, const py::array& index, const py::array& epoch,
                             std::uint32_t place, std::int64_t size) {
  const std::int64_t n = seed.ndim() == 1 ? seed.shape(0) : -1;
  const std::uint64_t* s = parameter<std::uint64_t>(seed, "seed", n, 1);
  const std::uint32_t* i = parameter<std::uint32_t>(index, "index", n, 1);
  const std::uint32_t* e = parameter<std::uint32_t>(epoch, "epoch", n, 1);
  py::array_t<double> numbers({n, size});
  double* u = numbers.mutable_data();
  for (std::int64_t image = 0; image < n; ++image) {
    const Stream stream = make_stream(s[image], place, Purpose::parameters, i[image], e[image]);
    for (std::int64_t j = 0; j < size; ++j) {
      const Counter drawn = draw_block(stream, static_cast<std::uint32_t>(j / 2));
      const int at = 2 * static_cast<int>(j % 2);
      u[image * size + j] = uniform_double(drawn.word[at], drawn.word[at + 1]);
    }
  }
  return numbers;
}

}  // namespace
}  // namespace fastaug

PYBIND11_MODULE(_native, m, pybind11::mod_gil_not_used()) {
  using namespace fastaug;
  current_level();  // a wrong FASTAUG_ISA is an error now, not at the first image
  // pybind11 looks NumPy up at the first array, and gives the GIL away meanwhile; a daemon thread
  // that wants it back while the interpreter ends must not be there.
  py::array_t<double>();

  m.def("affine_matrices", &affine_matrices);
  py::class_<Step>(m, "Step");
  m.def("run", &run_steps);
  m.def("warp_affine", &warp_affine);
  m.def("warp_field", &warp_field);
  m.def("warp_spline", &warp_spline);
  m.def("flip", &flip);
  m.def("rot90", &rot90);
  m.def("resize", &resize);
  m.def("photometric", &photometric);
  m.def("warp_photometric", &warp_photometric);
  m.def("point", &point);
  m.def("normalize", &normalize);
  m.def("color_matrix", &color_matrix);
  m.def("hue", &hue);
  m.def("levels", &levels);
  m.def("morphology", &morphology);
  m.def("gaussian_weights", &blur_weights);
  m.def("gaussian_blur", &gaussian_blur);
  m.def("box_blur", &box_blur);
  m.def("gaussian_noise", &noise<&KernelTable::gaussian_noise>);
  m.def("speckle_noise", &noise<&KernelTable::speckle_noise>);
  m.def("uniform_noise", &noise<&KernelTable::uniform_noise>);
  m.def("shot_noise", &noise<&KernelTable::shot_noise>);
  m.def("salt_and_pepper", &noise<&KernelTable::salt_and_pepper>);
  m.def("philox", &philox);
  m.def("uniforms", &uniforms);

  m.def("available_levels", &available_levels);
  m.def("current_level", &current_level);
  m.def("use_level", &use_level);
  m.def("worker_count", &worker_count);
#if defined(__clang__)
  m.attr("compiler") = "clang " __clang_version__;
#else
  m.attr("compiler") = "gcc " __VERSION__;
#endif
  m.attr("flags") = FASTAUG_FLAGS;
}
