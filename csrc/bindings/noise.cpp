// Steps that draw random numbers for every pixel, and the numbers themselves.
#include "../ops/stream.hpp"
#include "step.hpp"

namespace fastaug {
namespace {

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
  return in_place(step_of(args, kernels().*kernel, true,
                          list_of(images, out, seed, index, epoch, first, second)));
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

void bind_noise(py::module_& m) {
  m.def("gaussian_noise", &noise<&KernelTable::gaussian_noise>);
  m.def("speckle_noise", &noise<&KernelTable::speckle_noise>);
  m.def("uniform_noise", &noise<&KernelTable::uniform_noise>);
  m.def("shot_noise", &noise<&KernelTable::shot_noise>);
  m.def("salt_and_pepper", &noise<&KernelTable::salt_and_pepper>);
  m.def("pixel_dropout", &noise<&KernelTable::pixel_dropout>);
  m.def("philox", &philox);
  m.def("uniforms", &uniforms);
}

}  // namespace fastaug
