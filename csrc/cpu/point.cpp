// Bytes go through a table that the op makes of 256 of them, unless they are inverted, or computing
// them is faster; other values one by one, in vectors that the compiler finds, but for powers of
// floats.
#include "../ops/point.hpp"

#include "extremes.hpp"
#include "kernels.hpp"
#include "lookup_rows.hpp"
#include "sums.hpp"
#include "table.hpp"
#include "vector/both.hpp"
#include "vector/linear_bytes.hpp"
#include "vector/linear_words.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
PointNumbers<T> numbers_of(const PointArgs& args, int64_t image) {
  PointNumbers<T> numbers = point_numbers<T>(args, image);
  if (args.op == Point::contrast)
    contrast_found(numbers, args.first[image], mean_grey<T>(args.in, image));
  if (args.op == Point::channel_shift) {
    T least, greatest;
    find_extremes(args.in, image, 1, &least, &greatest);
    shift_found(numbers, least, greatest);
  }
  return numbers;
}

// Calls `use` with the op as a function of one value, which the compiler knows which it is.
template <class T, class Use>
void with_op(const PointNumbers<T>& numbers, Use use) {
  const auto known = [&](auto op) {
    PointNumbers<T> n = numbers;
    return use([n, op](T v) {
      PointNumbers<T> same = n;
      same.op = op();
      return point(v, same);
    });
  };
  switch (numbers.op) {
    case Point::gamma:
      return known([] { return Point::gamma; });
    case Point::posterize:
      return known([] { return Point::posterize; });
    case Point::solarize:
      return known([] { return Point::solarize; });
    default:
      return known([] { return Point::linear; });
  }
}

// Four registers at a time: each step of a power waits for the one before.
__attribute__((flatten)) void gamma_floats(const PointArgs& args, Rows rows) {
  const PointNumbers<float> numbers = numbers_of<float>(args, rows.image);
  constexpr int64_t together = sizeof(Four<Floats>) / sizeof(float);
  const auto some = [=](const float* from, float* to) {
    const Four<Floats> v = gamma_lanes(load<Four<Floats>>(from), numbers);
    std::memcpy(to, &v, sizeof v);
  };
  map_rows<float, float>(args.in, args.out, rows, [&](const float* from, float* to, int64_t count) {
    int64_t i = 0;
    for (; i + together <= count; i += together) some(from + i, to + i);
    if (i == count) return;
    const std::size_t bytes = static_cast<std::size_t>(count - i) * sizeof(float);
    float rest[together] = {};
    std::memcpy(rest, from + i, bytes);
    some(rest, rest);
    std::memcpy(to + i, rest, bytes);
  });
}

// Flattened: what is not inlined into a loop is called for every value.
template <class T>
__attribute__((flatten)) void point_rows(const PointArgs& args, Rows rows, bool alpha) {
  with_op(numbers_of<T>(args, rows.image), [&](auto op) {
    map_rows<T, T>(args.in, args.out, rows, [&](const T* from, T* to, int64_t count) {
      if (alpha) {
#pragma GCC ivdep
        for (int64_t i = 0; i < count; ++i) to[i] = i % 4 == 3 ? from[i] : op(from[i]);
      } else {
#pragma GCC ivdep
        for (int64_t i = 0; i < count; ++i) to[i] = op(from[i]);
      }
    });
  });
}

void invert_bytes(const Batch& in, const Batch& out, Rows rows) {
  map_rows<uint8_t, uint8_t>(in, out, rows, [](const uint8_t* from, uint8_t* to, int64_t count) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) to[i] = static_cast<uint8_t>(~from[i]);
  });
}

void linear_bytes(const Batch& in, const Batch& out, Rows rows,
                  const PointNumbers<uint8_t>& numbers) {
  const LinearBytes linear(numbers.first, numbers.second, numbers.range);
  map_rows<uint8_t, uint8_t>(in, out, rows, [&](const uint8_t* from, uint8_t* to, int64_t count) {
    map_linear_bytes(linear, from, to, count);
  });
}

// From so many bytes on a search for words that do the same is worth it.
constexpr int64_t worth_a_search = 32768;

// Whether it did it.
bool linear_words(const PointArgs& args, Rows rows, const PointNumbers<uint8_t>& numbers,
                  const uint8_t* table) {
  if ((rows.end - rows.begin) * args.in.w * args.in.c < worth_a_search) return false;
  LinearWords linear;
  if (!find_linear_words(table, numbers.first, numbers.range, linear)) return false;
  map_rows<uint8_t, uint8_t>(args.in, args.out, rows,
                             [&](const uint8_t* from, uint8_t* to, int64_t count) {
                               map_linear_words(linear, from, to, count);
                             });
  return true;
}

bool inverts(const PointNumbers<uint8_t>& n) {
  return n.first == -1.0f && n.second == 255.0f && n.range.low == 0 && n.range.high == 255;
}

__attribute__((flatten)) void table_of(const PointNumbers<uint8_t>& numbers, uint8_t* table) {
  alignas(64) uint8_t bytes[256];
  for (int i = 0; i < 256; ++i) bytes[i] = static_cast<uint8_t>(i);
  with_op(numbers, [&](auto op) {
    for (int i = 0; i < 256; ++i) table[i] = op(bytes[i]);
  });
}

void point_bytes(const PointArgs& args, Rows rows, bool alpha) {
  const PointNumbers<uint8_t> numbers = numbers_of<uint8_t>(args, rows.image);
  const bool linear = numbers.op == Point::linear && !alpha;
  if (linear && inverts(numbers)) return invert_bytes(args.in, args.out, rows);
  alignas(64) uint8_t table[256];
  table_of(numbers, table);
  if (linear) {
    if (linear_words(args, rows, numbers, table)) return;
    if (fits_linear_bytes(numbers.first, numbers.second))
      return linear_bytes(args.in, args.out, rows, numbers);
  }
  look_up_rows(args.in, args.out, rows, table, alpha);
}

}  // namespace

void point(const PointArgs& args, Rows rows) {
  const bool alpha = args.keeps_alpha && args.in.c == 4;
  switch (args.in.dtype) {
    case DType::u8:
      return point_bytes(args, rows, alpha);
    case DType::u16:
      return point_rows<uint16_t>(args, rows, alpha);
    case DType::f32:
      if (args.op == Point::gamma && !alpha) return gamma_floats(args, rows);
      return point_rows<float>(args, rows, alpha);
    default:
      return point_rows<double>(args, rows, alpha);
  }
}

FASTAUG_END
