#include "../ops/pixel_dropout.hpp"

#include "decisions.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
struct Dropout {
  int32_t last;
  T value;

  T one(T pixel, uint32_t word) const { return pixel_dropout<T>(pixel, word, last, value); }

  auto registers() const {
    const Ints greatest = Ints{} + last, replacement = lanes_of(value);
    return [=](Ints decision) {
      const Ints kept = decision > greatest;
      return Replaced{kept, ~kept & replacement};
    };
  }
};

template <class T>
void noise_rows(const NoiseArgs& args, Rows rows) {
  decide_rows<T>(args, rows,
                 Dropout<T>{dropout_threshold(args.first[rows.image]),
                            constant_pixel<T>(args.second[rows.image])});
}

}  // namespace

void pixel_dropout(const NoiseArgs& args, Rows rows) {
  if (args.in.dtype == DType::u8) return noise_rows<uint8_t>(args, rows);
  if (args.in.dtype == DType::f32) return noise_rows<float>(args, rows);
  noise_rows<double>(args, rows);
}

FASTAUG_END
