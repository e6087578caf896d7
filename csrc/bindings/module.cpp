// The extension module: functions that make a step of work from their arguments, one an op, and
// those that do such steps, with the GIL released.
#include <pybind11/stl.h>

#include "step.hpp"

namespace fastaug {

#define FASTAUG_EACH_ROOM(DO) \
  DO(blur)                    \
  DO(color)                   \
  DO(filters)                 \
  DO(geometry)                \
  DO(keras)                   \
  DO(maps)                    \
  DO(mixing)                  \
  DO(morphology)              \
  DO(noise)                   \
  DO(photometric)             \
  DO(pixels)                  \
  DO(plan)                    \
  DO(run)                     \
  DO(user_op)                 \
  DO(windows)

#define FASTAUG_DECLARE(room) void bind_##room(py::module_& m);
FASTAUG_EACH_ROOM(FASTAUG_DECLARE)
#undef FASTAUG_DECLARE

}  // namespace fastaug

PYBIND11_MODULE(_native, m, pybind11::mod_gil_not_used()) {
  using namespace fastaug;
  current_level();  // a wrong FASTAUG_ISA is an error now, not at the first image
  // pybind11 looks NumPy up at the first array, and gives the GIL away meanwhile; a daemon thread
  // that wants it back while the interpreter ends must not be there.
  py::array_t<double>();

#define FASTAUG_BIND(room) bind_##room(m);
  FASTAUG_EACH_ROOM(FASTAUG_BIND)
#undef FASTAUG_BIND

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
