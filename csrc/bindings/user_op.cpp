// Steps that call functions of the user's.
#include "step.hpp"

namespace fastaug {
namespace {

template <class T>
void set_numbers(UserOpArgs& args, const py::array& numbers) {
  args.numbers = parameter<T>(numbers, "numbers", args.in.n * args.count, 1);
}

Step user_op(const py::array& images, const py::array& out, std::uintptr_t function, int op,
             const py::array& numbers, std::int64_t count, py::array failed) {
  UserOpArgs args{};
  args.in = typed_batch_of(images, "images", false);
  args.out = typed_batch_of(out, "out", true);
  same_type(args.in, args.out);
  if (function == 0) throw std::invalid_argument("function must be an address");
  args.function = reinterpret_cast<UserFunction>(function);
  args.op = static_cast<UserOp>(code(op, 3, "op"));
  if (count < 0) throw std::invalid_argument("count must be at least 0");
  args.count = count;
  if (args.in.dtype == DType::f64)
    set_numbers<double>(args, numbers);
  else
    set_numbers<float>(args, numbers);
  parameter<std::int32_t>(failed, "failed", 1, 1);
  args.failed = static_cast<std::int32_t*>(failed.mutable_data());
  return in_place(step_of(args, kernels().user_op, true, list_of(images, out, numbers, failed)));
}

}  // namespace

void bind_user_op(py::module_& m) { m.def("user_op", &user_op); }

}  // namespace fastaug
