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

// Of a matrix whose rows are all the same.
template <class Real>
struct Greyer {
  Real m[12];
  template <class V>
  Colour<V> operator()(Colour<V> p) const {
    const V grey = mix_row(p, m);
    return {grey, grey, grey};
  }
};

bool is_grey(const double* matrix) {
  constexpr std::size_t row = 4 * sizeof(double);
  return std::memcmp(matrix, matrix + 4, row) == 0 && std::memcmp(matrix, matrix + 8, row) == 0;
}

// Flattened: what is not inlined into a loop is called for every pixel.
template <template <class> class Mix>
__attribute__((flatten)) void mix_pixels(const ColorMatrixArgs& args, Rows rows,
                                         const double* matrix) {
  map_colours<true>(args, rows, [&](auto zero) {
    Mix<decltype(zero)> mix;
    for (int i = 0; i < 12; ++i) mix.m[i] = static_cast<decltype(zero)>(matrix[i]);
    return mix;
  });
}

}  // namespace

void color_matrix(const ColorMatrixArgs& args, Rows rows) {
  const double* matrix = args.matrices + 12 * rows.image;
  if (is_grey(matrix)) return mix_pixels<Greyer>(args, rows, matrix);
  mix_pixels<Mixer>(args, rows, matrix);
}

FASTAUG_END
