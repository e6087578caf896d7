#include "../ops/saturation.hpp"

#include "colours.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

template <class Real>
struct Saturate {
  Saturation<Real> shares;
  template <class V>
  Colour<V> operator()(Colour<V> p) const {
    return saturate(p, shares);
  }
};

// By nought: of all rows of the matrix, which are the same then, one.
template <class Real>
struct MakeGrey {
  Saturation<Real> shares;
  template <class V>
  Colour<V> operator()(Colour<V> p) const {
    const V grey = saturate(p, shares).red;
    return {grey, grey, grey};
  }
};

// Flattened: what is not inlined into a loop is called for every pixel.
template <template <class> class Op>
__attribute__((flatten)) void saturate_rows(const SaturationArgs& args, Rows rows) {
  const double factor = args.factor[rows.image];
  map_colours(args, rows,
              [&](auto zero) { return Op<decltype(zero)>{saturation_of<decltype(zero)>(factor)}; });
}

// Of bytes.
struct MakeBytesGrey {
  Colour<ByteLanes> operator()(Colour<ByteLanes> p) const {
    const WideBytes red = fixed_levels(p.red), green = fixed_levels(p.green);
    const WideBytes blue = fixed_levels(p.blue);
    const ByteLanes grey =
        narrowed(fixed_grey(Colour<Halves>{red.first, green.first, blue.first}) >> 7,
                 fixed_grey(Colour<Halves>{red.second, green.second, blue.second}) >> 7);
    return {grey, grey, grey};
  }
};

__attribute__((flatten)) void saturate_bytes(const SaturationArgs& args, Rows rows, double factor) {
  const auto with = [](auto op) {
    return [=](auto limits) { return [=](auto colour) { return limits(op(colour)); }; };
  };
  if (factor == 0.0) return map_byte_planes(args, rows, with(MakeBytesGrey{}));
  map_byte_planes(args, rows, with(SaturateBytes{saturation_share(factor)}));
}

}  // namespace

void saturation(const SaturationArgs& args, Rows rows) {
  const double factor = args.factor[rows.image];
  if (args.in.dtype == DType::u8 && saturates_in_fixed_point(factor))
    return saturate_bytes(args, rows, factor);
  if (factor == 0.0) return saturate_rows<MakeGrey>(args, rows);
  saturate_rows<Saturate>(args, rows);
}

FASTAUG_END
