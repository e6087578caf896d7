// Functions of the user's, compiled elsewhere, on a row of values at a time: what they leave of it
// is rounded and saturated as every op does.
#include "../ops/round.hpp"
#include "lookup_rows.hpp"
#include "map.hpp"
#include "table.hpp"
#include "vector/planes.hpp"

FASTAUG_BEGIN
namespace {

template <class Real>
struct Call {
  const UserOpArgs& args;
  const Real* numbers;

  Call(const UserOpArgs& a, int64_t image)
      : args(a), numbers(static_cast<const Real*>(a.numbers) + a.count * image) {}

  void operator()(const Real* from, Real* to, int64_t first, int64_t second, int64_t y) const {
    if (args.function(from, to, first, second, y, args.in.h, numbers) != 0)
      __atomic_store_n(args.failed, 1, __ATOMIC_RELAXED);
  }
};

template <class T>
void change_rows(const UserOpArgs& args, Rows rows) {
  using Real = typename Compute<T>::type;
  const Batch &in = args.in, &out = args.out;
  const Call<Real> call(args, rows.image);
  const int64_t length = in.w * in.c;
  const int64_t planes = args.op == UserOp::pixel ? in.c : 1;
  const int64_t first = args.op == UserOp::row ? in.w : planes;
  T* in_buffer = row_buffer<T>(Slot::row, in);
  T* out_buffer = row_buffer<T>(Slot::stage, out);
  Real* values = memory<Real>(Slot::lines, length);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    const T* from = read_row(in, rows.image, y, in_buffer);
    T* to = begin_row(out, rows.image, y, out_buffer);
    to_planes(from, values, in.w, planes, length);
    call(values, values, first, length / first, y);
    from_planes(values, to, in.w, planes, length);
    finish_row(out, rows.image, y, to);
  }
}

// Single bytes: where there are more of them than values that a byte can have, what becomes of each
// of these is found first.
void change_bytes(const UserOpArgs& args, Rows rows) {
  constexpr int64_t count = 256;
  const Batch& in = args.in;
  if ((rows.end - rows.begin) * in.w * in.c <= count) return change_rows<uint8_t>(args, rows);
  float values[count], results[count];
  for (int i = 0; i < count; ++i) values[i] = static_cast<float>(i);
  Call<float>(args, rows.image)(values, results, 1, count, 0);
  uint8_t table[count];
  from_planes(results, table, count, 1, count);
  look_up_rows(in, args.out, rows, table, false);
}

// Single values that are in the type of the arithmetic already. Loops over memory that is both read
// and written under two names have no vectors, so what changes in place is copied before, a bit at
// a time.
template <class Real>
void change_elements(const UserOpArgs& args, Rows rows) {
  const Call<Real> call(args, rows.image);
  constexpr int64_t most = 1024;
  map_rows<Real, Real>(args.in, args.out, rows, [&](const Real* from, Real* to, int64_t count) {
    if (from != to) return call(from, to, 1, count, 0);
    for (int64_t i = 0; i < count; i += most) {
      const int64_t length = smaller(most, count - i);
      Real values[most];
      std::memcpy(values, from + i, static_cast<std::size_t>(length) * sizeof(Real));
      call(values, to + i, 1, length, 0);
    }
  });
}

}  // namespace

void user_op(const UserOpArgs& args, Rows rows) {
  const bool elements = args.op == UserOp::element;
  switch (args.in.dtype) {
    case DType::u8:
      return elements ? change_bytes(args, rows) : change_rows<uint8_t>(args, rows);
    case DType::u16:
      return change_rows<uint16_t>(args, rows);
    case DType::f32:
      return elements ? change_elements<float>(args, rows) : change_rows<float>(args, rows);
    default:
      return elements ? change_elements<double>(args, rows) : change_rows<double>(args, rows);
  }
}

FASTAUG_END
