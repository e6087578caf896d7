// Does a list of steps for one image after the other.

#include <pybind11/stl.h>

#include <vector>

#include "step.hpp"
#include "without_gil.hpp"

namespace fastaug {
namespace {

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
        for (const Step* step : steps) step->work(rows, nullptr, nullptr);
      },
      threads, splits, moves);
}

}  // namespace

void bind_run(py::module_& m) {
  py::class_<Step>(m, "Step");
  m.def("run", &run_steps);
}

}  // namespace fastaug
