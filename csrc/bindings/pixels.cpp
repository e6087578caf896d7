// Pixels of an image that another library holds and hands out by the Arrow C data interface.
#include <cstring>

#include "arrays.hpp"
#include "without_gil.hpp"

namespace fastaug {
namespace {

// https://arrow.apache.org/docs/format/CDataInterface.html
struct ArrowArray {
  std::int64_t length, null_count, offset, n_buffers, n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

// The first of the pixels of `width` * `height`, four bytes each; null if they are none.
const std::uint8_t* pixels_of(const py::capsule& capsule, std::int64_t height, std::int64_t width) {
  if (capsule.name() == nullptr || std::strcmp(capsule.name(), "arrow_array") != 0)
    throw std::invalid_argument("pixels must be an arrow_array");
  const ArrowArray* array = capsule.get_pointer<ArrowArray>();
  if (array->release == nullptr || array->n_children != 1 || array->length != width * height)
    return nullptr;
  const ArrowArray* bytes = array->children[0];
  if (bytes->n_buffers != 2 || bytes->null_count != 0 || bytes->length != 4 * array->length)
    return nullptr;
  return static_cast<const std::uint8_t*>(bytes->buffers[1]) + bytes->offset + 4 * array->offset;
}

void check(const std::int64_t* index, std::int64_t count, std::int64_t size) {
  for (std::int64_t i = 0; i < count; ++i)
    if (index[i] < 0 || index[i] >= size) throw std::invalid_argument("index is beyond the image");
}

// Sets out[y, x] to three bytes of the pixel at rows[y], columns[x]; false if there are no such.
bool pick_pixels(const py::capsule& capsule, std::int64_t height, std::int64_t width,
                 const py::array& rows, const py::array& columns, const py::array& out) {
  if (!py::isinstance<py::array_t<std::uint8_t, py::array::c_style>>(out) || out.ndim() != 3 ||
      out.shape(2) != 3 || !out.writeable())
    throw std::invalid_argument("out must be pixels of three bytes");
  const std::int64_t h = out.shape(0), w = out.shape(1);
  const std::int64_t* y = parameter<std::int64_t>(rows, "rows", h, 1);
  const std::int64_t* x = parameter<std::int64_t>(columns, "columns", w, 1);
  check(y, h, height);
  check(x, w, width);
  const std::uint8_t* from = pixels_of(capsule, height, width);
  if (from == nullptr) return false;
  if (out.size() == 0) return true;
  const WithoutGil without_gil;  // other threads decode meanwhile
  std::uint8_t* to = static_cast<std::uint8_t*>(const_cast<void*>(out.data()));
  for (std::int64_t i = 0; i < h; ++i) {
    const std::uint8_t* row = from + 4 * width * y[i];
    // Four bytes at once, the last of which the next pixel sets; the last pixel has no next one.
    const std::int64_t wide = i + 1 < h ? w : w - 1;
    for (std::int64_t j = 0; j < wide; ++j, to += 3) std::memcpy(to, row + 4 * x[j], 4);
    if (wide < w) std::memcpy(to, row + 4 * x[wide], 3);
  }
  return true;
}

}  // namespace

void bind_pixels(py::module_& m) { m.def("pick_pixels", &pick_pixels); }

}  // namespace fastaug
