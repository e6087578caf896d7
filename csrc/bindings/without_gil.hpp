#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <thread>

namespace fastaug {

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

}  // namespace fastaug
