#include "../ops/color_matrix.hpp"

#include "colours.hpp"
#include "kernels.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

template <class Real>
struct Mixer {
  Real m[12];
  template <class V>
  Colour<V> operator()(Colour<V> p) const {
    return mix_colours(p, m);
  }
};

}  // namespace

void color_matrix(const ColorMatrixArgs& args, Rows rows) {
  const double* matrix = args.matrices + 12 * rows.image;
  map_colours<true>(args, rows, [&](auto zero) {
    Mixer<decltype(zero)> mixer;
    for (int i = 0; i < 12; ++i) mixer.m[i] = static_cast<decltype(zero)>(matrix[i]);
    return mixer;
  });
}

FASTAUG_END
