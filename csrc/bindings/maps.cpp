// What pipelines ask about the maps of a batch; no kernel.
#include "../ops/maps.hpp"

#include "arrays.hpp"

namespace fastaug {
namespace {

std::int64_t count(const py::array& a) { return a.ndim() == 2 ? a.shape(0) : -1; }

// For each map (kind, first, second) of `Copied`.
py::array_t<std::int64_t> copies(const py::array& matrices, const py::array& before,
                                 const py::array& after) {
  const std::int64_t n = count(matrices);
  const double* m = parameter<double>(matrices, "matrices", n, 9);
  const std::int64_t* from = parameter<std::int64_t>(before, "before", n, 2);
  const std::int64_t* to = parameter<std::int64_t>(after, "after", n, 2);
  py::array_t<std::int64_t> found({n, std::int64_t{3}});
  std::int64_t* f = found.mutable_data();
  for (std::int64_t i = 0; i < n; ++i, m += 9, from += 2, to += 2, f += 3) {
    const Copied what = copied(m, from, to);
    f[0] = what.kind, f[1] = what.first, f[2] = what.second;
  }
  return found;
}

py::array_t<double> products(const py::array& first, const py::array& second) {
  const std::int64_t n = count(first);
  const double* a = parameter<double>(first, "first", n, 9);
  const double* b = parameter<double>(second, "second", n, 9);
  py::array_t<double> matrices({n, std::int64_t{3}, std::int64_t{3}});
  double* m = matrices.mutable_data();
  for (std::int64_t i = 0; i < n; ++i, a += 9, b += 9, m += 9) product(a, b, m);
  return matrices;
}

}  // namespace

void bind_maps(py::module_& m) {
  m.def("copies", &copies);
  m.def("products", &products);
}

}  // namespace fastaug
