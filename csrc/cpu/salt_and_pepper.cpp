#include "../ops/salt_and_pepper.hpp"

#include "decisions.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

template <class T>
struct Salt {
  SaltThresholds last;
  T black, white;

  T one(T pixel, uint32_t word) const {
    return salt_and_pepper<T>(pixel, word, last, black, white);
  }

  auto registers() const {
    const Ints salt = Ints{} + last.salt, any = Ints{} + larger(last.salt, last.either);
    const Ints darkest = lanes_of(black), lightest = lanes_of(white);
    return [=](Ints decision) {
      const Ints kept = decision > any;
      return Replaced{kept, ~kept & (decision > salt ? darkest : lightest)};
    };
  }
};

template <class T>
void noise_rows(const NoiseArgs& args, Rows rows) {
  decide_rows<T>(args, rows,
                 Salt<T>{salt_thresholds(args.first[rows.image], args.second[rows.image]),
                         static_cast<T>(args.low), static_cast<T>(args.high)});
}

}  // namespace

void salt_and_pepper(const NoiseArgs& args, Rows rows) {
  if (args.in.dtype == DType::u8) return noise_rows<uint8_t>(args, rows);
  if (args.in.dtype == DType::f32) return noise_rows<float>(args, rows);
  noise_rows<double>(args, rows);
}

FASTAUG_END
