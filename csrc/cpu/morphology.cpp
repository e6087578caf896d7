// Erosion, dilation and what follows from them. Both filters of an op made of two advance together:
// the second makes a group of rows as soon as the first has made what that needs.
#include "kernels.hpp"
#include "morphology_filter.hpp"
#include "table.hpp"

FASTAUG_BEGIN
namespace {

// The rows of a group, where vector code can write them: in place, or in a buffer until `finish`.
template <class T>
class Output {
 public:
  Output(const Batch& batch, int64_t image)
      : batch_(batch), image_(image), in_place_(lies_ready<T>(batch)) {
    stride_ = whole_lines(larger(batch.w * batch.c, lanes<T>));
    buffer_ =
        memory<T>(Slot::lines, large_group * stride_ + line + (large_group + 1) * Edges<T>::room);
  }
  // Whether rows are whole lines, one after the other, the first of which starts no later than
  // that there is room for a pixel before the next one.
  bool is_in_lines() const {
    const Batch& b = batch_;
    const std::uintptr_t at = reinterpret_cast<std::uintptr_t>(row_address(b, image_, 0));
    return in_place_ && rows_are_contiguous(b) && b.w * b.c % lanes<T> == 0 &&
           at % sizeof(T) == 0 && misalignment(reinterpret_cast<const T*>(at)) + b.c <= lanes<T>;
  }
  // From row y on; rows that are thrown away are in line with the others.
  Edges<T> edges(int64_t y) {
    const T* to = reinterpret_cast<const T*>(row_address(batch_, image_, y));
    T* const edges = buffer_;
    buffer_ += (large_group + 1) * Edges<T>::room;
    buffer_ += misalignment(to);
    return Edges<T>(to, batch_.w * batch_.c, edges);
  }
  // Those from `count` on are thrown away.
  T* const* begin(int64_t y, int64_t count) {
    const int64_t here = in_place_ ? count : 0, stride = batch_.stride_h;
    char* row = row_address(batch_, image_, y);
    for (int64_t r = 0; r < here; ++r, row += stride) rows_[r] = reinterpret_cast<T*>(row);
    for (int64_t r = here; r < large_group; ++r) rows_[r] = buffer_ + r * stride_;
    return rows_;
  }
  void finish(int64_t y, int64_t count) {
    if (in_place_) return;
    for (int64_t r = 0; r < count; ++r)
      scatter_row(batch_, rows_[r], row_address(batch_, image_, y + r));
  }

 private:
  const Batch& batch_;
  const int64_t image_;
  const bool in_place_;
  T* buffer_;
  int64_t stride_;
  T* rows_[large_group];
};

// The rows of a group of the input, where vector code can read them.
template <class T>
class Input {
 public:
  Input(const Batch& batch, int64_t image) : batch_(batch), image_(image) {
    if (lies_ready<T>(batch)) return;
    stride_ = whole_lines(larger(batch.w * batch.c, lanes<T>));
    buffer_ = static_cast<T*>(
        scratch(Slot::source, static_cast<std::size_t>(large_group * stride_) * sizeof(T)));
  }
  const T* const* read(int64_t y, int64_t count) {
    for (int64_t r = 0; r < large_group; ++r) {
      const char* from = row_address(batch_, image_, y + smaller(r, count - 1));
      rows_[r] = reinterpret_cast<const T*>(from);
      if (buffer_ == nullptr) continue;
      gather_row(batch_, from, buffer_ + r * stride_);
      rows_[r] = buffer_ + r * stride_;
    }
    return rows_;
  }

 private:
  const Batch& batch_;
  const int64_t image_;
  T* buffer_ = nullptr;
  int64_t stride_ = 0;
  const T* rows_[large_group];
};

// The rows that come out of a first filter, on their way to a second: so many, each of which takes
// the place of one that nobody needs any more.
template <class T>
struct Between {
  T* rows;
  int64_t stride, held;
  T* to[large_group];
  T* const* group_from(int64_t row) {
    int64_t at = row % held;
    for (int64_t r = 0; r < large_group; ++r, at = at + 1 < held ? at + 1 : 0)
      to[r] = rows + at * stride;
    return to;
  }
};

template <class T>
Between<T> between(const Batch& in, int64_t held) {
  Between<T> b;
  b.held = held;
  b.stride = whole_lines(larger(in.w * in.c, lanes<T>));
  b.rows =
      static_cast<T*>(scratch(Slot::stage, static_cast<std::size_t>(held * b.stride) * sizeof(T)));
  return b;
}

// How many rows of a first filter have to be held for a second: those that a group sees, and the
// group that was made last.
int64_t rows_between(const MorphologyArgs& args, int64_t image) {
  int64_t reach = args.sizes == nullptr ? 0 : args.sizes[2 * image] / 2 + 1;
  for (int64_t i = 0; args.sizes == nullptr && i < args.run_count; ++i) {
    const int64_t dy = args.runs[i].dy;
    reach = larger(reach, larger(dy, -dy) + 1);
  }
  const int64_t all = args.in.h + large_group, some = 2 * reach + 2 * large_group;
  return args.border == Border::wrap ? all : smaller(all, some);
}

// Makes rows [begin, end) of the output, a group of rows after the other, past the cache where that
// serves: make(y, count, to) makes those and says whether it could, for(y, count) has what they are
// set against.
template <class T, Difference difference, class Filter, class Before, class Against>
bool make_all(Filter& filter, const MorphologyArgs& args, Rows rows, Before before,
              Against against) {
  Output<T> out(args.out, rows.image);
  const int64_t group = filter.rows_at_once();
  const auto each_group = [&](auto make) {
    for (int64_t y = rows.begin; y < rows.end; y += group) {
      const int64_t count = smaller(group, rows.end - y);
      if (!before(y, count) || !make(y, count)) return false;
    }
    return true;
  };
  if constexpr (sizeof(T) == 4 && register_bytes == cache_line)
    if (rows.streams && filter.makes_lines(difference == Difference::none) && out.is_in_lines()) {
      Edges<T> edges = out.edges(rows.begin);
      const bool done = each_group([&](int64_t y, int64_t count) {
        return filter.make_lines(
            y, count,
            ToLines<T, difference>{out.begin(y, count), against(y, count), count, &edges});
      });
      edges.end();
      return done;
    }
  return each_group([&](int64_t y, int64_t count) {
    const bool made =
        filter.make(y, count, ToPixels<T, difference>{out.begin(y, count), against(y, count)});
    if (made) out.finish(y, count);
    return made;
  });
}

constexpr auto nothing_before = [](int64_t, int64_t) { return true; };

// Each of these is false if it takes other keys.
template <class T, bool Erode>
bool one_filter(const MorphologyArgs& args, Rows rows) {
  Filter<T, Erode> filter(args, rows.image, false, args.in, rows.image, rows.begin, rows.end,
                          Slot::levels);
  const auto nothing = [](int64_t, int64_t) -> const T* const* { return nullptr; };
  return make_all<T, Difference::none>(filter, args, rows, nothing_before, nothing);
}

template <class T>
bool gradient(const MorphologyArgs& args, Rows rows) {
  const Batch& in = args.in;
  Filter<T, true> erosion(args, rows.image, false, in, rows.image, rows.begin, rows.end,
                          Slot::levels);
  Filter<T, false> dilation(args, rows.image, false, in, rows.image, rows.begin, rows.end,
                            Slot::padded);
  Between<T> eroded = between<T>(in, large_group);
  const auto erode = [&](int64_t y, int64_t count) {
    return erosion.make(y, count, ToPixels<T, Difference::none>{eroded.group_from(0), nullptr});
  };
  const auto against = [&](int64_t, int64_t) { return eroded.to; };
  return make_all<T, Difference::result_less_other>(dilation, args, rows, erode, against);
}

// An erosion and then a dilation by the reflected footprint, or the other way round.
template <class T, bool ErodeFirst, Difference difference>
bool two_filters(const MorphologyArgs& args, Rows rows) {
  const Batch& in = args.in;
  Batch stage = in;
  Between<T> first_made = between<T>(in, rows_between(args, rows.image));
  stage.data = reinterpret_cast<char*>(first_made.rows);
  stage.n = 1;
  stage.stride_c = stage.item;
  stage.stride_w = in.c * stage.item;
  stage.stride_h = first_made.stride * stage.item;
  Filter<T, !ErodeFirst> second(args, rows.image, true, stage, 0, rows.begin, rows.end,
                                Slot::padded, first_made.held);
  const Needed needed = second.needed();
  Filter<T, ErodeFirst> first(args, rows.image, false, in, rows.image, needed.begin, needed.end,
                              Slot::levels);
  Input<T> source(in, rows.image);
  const int64_t group = first.rows_at_once();
  int64_t made = needed.begin;
  const auto make_first = [&](int64_t y, int64_t) {
    for (const int64_t last = second.last_needed(y); made <= last; made += group)
      if (!first.make(made, smaller(group, needed.end - made),
                      ToPixels<T, Difference::none>{first_made.group_from(made), nullptr}))
        return false;
    return true;
  };
  const auto against = [&](int64_t y, int64_t count) -> const T* const* {
    return difference == Difference::none ? nullptr : source.read(y, count);
  };
  return make_all<T, difference>(second, args, rows, make_first, against);
}

template <class T>
bool morphology_of(const MorphologyArgs& args, Rows rows) {
  switch (args.op) {
    case Morphology::erode:
      return one_filter<T, true>(args, rows);
    case Morphology::dilate:
      return one_filter<T, false>(args, rows);
    case Morphology::opening:
      return two_filters<T, true, Difference::none>(args, rows);
    case Morphology::closing:
      return two_filters<T, false, Difference::none>(args, rows);
    case Morphology::morphological_gradient:
      return gradient<T>(args, rows);
    case Morphology::white_tophat:
      return two_filters<T, true, Difference::other_less_result>(args, rows);
    default:
      return two_filters<T, false, Difference::result_less_other>(args, rows);
  }
}

// Most images of floats have no number less than zero: they need no keys until one turns up.
template <class T>
void morphology_rows(const MorphologyArgs& args, Rows rows) {
  if constexpr (dtype_of<T> == DType::f32)
    if (lies_ready<float>(args.in) && args.cval == args.cval &&
        morphology_of<FloatBits>(args, rows))
      return;
  morphology_of<T>(args, rows);
}

}  // namespace

void morphology(const MorphologyArgs& args, Rows rows) {
  switch (args.in.dtype) {
    case DType::u8:
      return morphology_rows<uint8_t>(args, rows);
    case DType::u16:
      return morphology_rows<uint16_t>(args, rows);
    case DType::f32:
      return morphology_rows<float>(args, rows);
    default:
      return morphology_rows<double>(args, rows);
  }
}

FASTAUG_END
