// An image with pixels around it, copied row by row as a warp gets there, so that the columns at
// the edges read like all others.
#pragma once

#include "../ops/fill_mode.hpp"
#include "warp_affine_columns.hpp"

FASTAUG_BEGIN
namespace affine {

// A form of the copy has
//   before, after: how many taps of a pixel lie on either side of it,
//   margin: pixels around the image, as many as it takes for taps to be all of one kind there,
//   tap(i, n, mode): the pixel that stands for tap i of a row of n, or -1 for the fill value,
//   channels and bytes(plane): of a pixel of the copy,
//   copy(row, width, to): a row in that form,
//   put(from, to): a pixel that is in that form already,
//   fill(): a pixel of the fill value in that form.
template <class From, class Form>
class CopiedRows {
 public:
  static constexpr int64_t margin = Form::margin;

  CopiedRows(const Plane<From>& image, FillMode fill_mode, const Form& copied)
      : from(image), mode(fill_mode), form(copied), pixel(form.bytes(image)) {
    const int64_t stride = stride_of(image, pixel);
    // Beyond the last row, what loads of its last pixels take along.
    char* const all = memory<char>(Slot::padded, (from.h + 2 * margin) * stride + 64);
    to = {all + margin * (stride + pixel), stride, from.h, from.w, form.channels(image)};
    for (int64_t i = 0; i < margin; ++i) {
      beside[i] = Form::tap(i - margin, from.w, mode);
      beside[margin + i] = Form::tap(from.w + i, from.w, mode);
    }
  }

  const Plane<From>& plane() const { return to; }

  static bool fits(const Plane<From>& image, int64_t pixel) {
    return offsets_fit(Plane<From>{image.data, stride_of(image, pixel), image.h + 2 * margin,
                                   image.w + 2 * margin,
                                   pixel / static_cast<int64_t>(sizeof(From))});
  }

  // The nearest pixel whose taps are all there: taps of one beyond it are the same.
  template <class Int>
  static Int confined(Int at, Int n) {
    return smaller(larger(at, n - n - (margin - Form::before)), n + (margin - 1 - Form::after));
  }

  // Copies the taps of pixels in rows a to b, and what lies between them and what is there.
  void reach(int64_t a, int64_t b) {
    const int64_t low = confined(smaller(a, b), from.h) - Form::before;
    const int64_t high = confined(larger(a, b), from.h) + Form::after + 1;
    if (begin == end) begin = end = low;
    for (; end < high; ++end) copy(end);
    for (; begin > low; --begin) copy(begin - 1);
  }

 private:
  static int64_t stride_of(const Plane<From>& image, int64_t pixel) {
    return (image.w + 2 * margin) * pixel;
  }

  void copy(int64_t y) {
    char* const row = const_cast<char*>(to.data) + y * to.stride;
    const int64_t at = Form::tap(y, from.h, mode), width = from.w;
    if (at >= 0) form.copy(from.row(at), width, row);
    const auto put = [&](int64_t x, int64_t source) {
      form.put(source < 0 ? form.fill() : row + source * pixel, row + x * pixel);
    };
    for (int64_t x = 0; at < 0 && x < width; ++x) put(x, -1);
    for (int64_t i = 0; i < margin; ++i) {
      put(i - margin, at < 0 ? -1 : beside[i]);
      put(width + i, at < 0 ? -1 : beside[margin + i]);
    }
  }

  Plane<From> from, to;
  FillMode mode;
  Form form;
  int64_t pixel;  // bytes
  int64_t beside[2 * margin];
  int64_t begin = 0, end = 0;  // rows that are there
};

}  // namespace affine
FASTAUG_END
