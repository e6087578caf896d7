// Does a plan: for each image those of its steps that it takes part in, one after the other,
// through memory of the thread that does them, so that only its result leaves the cache.
#include <pybind11/stl.h>

#include <cstring>
#include <utility>
#include <vector>

#include "step.hpp"
#include "without_gil.hpp"

namespace fastaug {
namespace {

// A step, and which of its images each image of the plan is; less than 0 where it takes no part.
struct Stage {
  const Step* step;
  const std::int64_t* rows;

  bool has(std::int64_t image) const { return rows[image] >= 0; }
};

// The images of some batches one by one.
std::vector<Batch> images_of(const std::vector<py::array>& arrays, const char* name, bool write) {
  std::vector<Batch> images;
  for (const py::array& array : arrays) {
    Batch batch = batch_of(array, name, write);
    const std::int64_t n = std::exchange(batch.n, 1);
    for (std::int64_t i = 0; i < n; ++i, batch.data += batch.stride_n) images.push_back(batch);
  }
  return images;
}

Place place_of(const Batch& image) {
  return {image.data, image.stride_h, image.stride_w, image.stride_c};
}

bool alike(const Batch& a, const Batch& b) {
  return a.h == b.h && a.w == b.w && a.c == b.c && a.item == b.item;
}

void check(const std::vector<Batch>& from, const std::vector<Batch>& to,
           const std::vector<Stage>& stages) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Batch* last = &from[i];
    for (const Stage& stage : stages) {
      if (!stage.has(static_cast<std::int64_t>(i))) continue;
      if (stage.rows[i] >= stage.step->out.n)
        throw std::invalid_argument("rows is beyond the images of its step");
      if (!alike(*last, stage.step->in))
        throw std::invalid_argument("steps do not fit one another");
      last = &stage.step->out;
    }
    if (!alike(*last, to[i])) throw std::invalid_argument("outs does not fit the last steps");
  }
}

void copy(const Batch& from, const Batch& to) {
  const bool rows = is_plain(from) && is_plain(to);
  const std::size_t item = static_cast<std::size_t>(to.item);
  for (std::int64_t y = 0; y < to.h; ++y) {
    const char* source = from.data + y * from.stride_h;
    char* target = to.data + y * to.stride_h;
    if (rows) {
      std::memcpy(target, source, static_cast<std::size_t>(to.w * to.c) * item);
      continue;
    }
    for (std::int64_t x = 0; x < to.w; ++x)
      for (std::int64_t c = 0; c < to.c; ++c)
        std::memcpy(target + x * to.stride_w + c * to.stride_c,
                    source + x * from.stride_w + c * from.stride_c, item);
  }
}

// Memory of this thread for the result of a step; two take turns.
Place spare(const Batch& like, bool odd) {
  const std::int64_t row = like.w * like.c * like.item;
  void* memory = scratch(odd ? Slot::plan_odd : Slot::plan_even,
                         static_cast<std::size_t>(like.h) * static_cast<std::size_t>(row));
  return {static_cast<char*>(memory), row, like.c * like.item, like.item};
}

// Calls `work(step, row, in, out)` for the steps of one image.
template <class Work>
void make_image(const Batch& from, const Batch& to, const std::vector<Stage>& stages,
                std::int64_t image, const Work& work) {
  // From stage `settled` on the image may stay where the result belongs.
  const std::size_t none = stages.size();
  std::size_t last = none, settled = 0;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    if (!stages[s].has(image)) continue;
    last = s;
    if (!stages[s].step->in_place) settled = s;
  }
  if (last == none) return copy(from, to);
  if (!is_plain(to)) settled = last;  // what is scattered had better be written once
  const Place result = place_of(to);
  Place at = place_of(from);
  bool ours = false, odd = false;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    if (!stages[s].has(image)) continue;
    const Step& step = *stages[s].step;
    Place next = at;
    if (s >= settled) {
      next = result;
    } else if (!ours || !step.in_place) {
      next = spare(step.out, odd);
      odd = !odd;
    }
    work(step, stages[s].rows[image], at, next);
    at = next;
    ours = true;
  }
}

void run_plan(const std::vector<py::array>& sources, const std::vector<py::array>& outs,
              const std::vector<std::pair<const Step*, py::array>>& steps, int threads) {
  const std::vector<Batch> from = images_of(sources, "sources", false);
  const std::vector<Batch> to = images_of(outs, "outs", true);
  if (from.size() != to.size()) throw std::invalid_argument("outs does not match sources");
  const std::int64_t n = static_cast<std::int64_t>(from.size());
  std::vector<Stage> stages;
  for (const auto& [step, rows] : steps) {
    if (step == nullptr) throw std::invalid_argument("steps must not be None");
    stages.push_back({step, parameter<std::int64_t>(rows, "rows", n, 1)});
  }
  check(from, to, stages);
  std::int64_t elements = 0;
  for (const Batch& image : to) elements += image.h * image.w * image.c;
  if (elements < 32768) threads = 1;
  const WithoutGil without_gil;
  if (threads == 1 || n >= 2 * threads) {
    parallel_for(n, threads, [&](std::int64_t i) {
      const auto whole = [](const Step& step, std::int64_t row, const Place& in, const Place& out) {
        if (step.out.h * step.out.w * step.out.c != 0) step.work({row, 0, step.out.h}, &in, &out);
      };
      make_image(from[i], to[i], stages, i, whole);
    });
    return;
  }
  for (std::int64_t i = 0; i < n; ++i)
    make_image(from[i], to[i], stages, i,
               [&](const Step& step, std::int64_t row, const Place& in, const Place& out) {
                 Batch one = step.out;
                 one.n = 1;
                 const auto work = [&](Rows rows) {
                   step.work({row, rows.begin, rows.end}, &in, &out);
                 };
                 run(one, work, threads, step.splits, step.moves);
               });
}

}  // namespace

void bind_plan(py::module_& m) { m.def("run_plan", &run_plan); }

}  // namespace fastaug
