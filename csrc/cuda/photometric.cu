// Values after geometry, in passes over the batch. A row belongs to as many threads as there are
// partial sums, so that what a row adds up to is made in the fixed order; the rows of an image are
// then taken together by one thread, in theirs.
#include "../ops/photometric.hpp"
#include "launch.hpp"
#include "pixels.hpp"

FASTAUG_BEGIN

constexpr int row_threads = sum_lanes, rows_together = 16;

// The elements of a thread of a row: every sixteenth, without a division for each.
struct RowWalk {
  int64_t image, y, lane, x, c, step_x, step_c, w, channels;

  FASTAUG_FN static RowWalk begin(const Batch& b, Place place) {
    const Piece piece = piece_of(place.block, divide_up(b.h, rows_together));
    const int64_t y = piece.piece * rows_together + place.thread / row_threads;
    const int64_t lane = place.thread % row_threads, x = quotient(lane, b.c),
                  step = quotient(int64_t{row_threads}, b.c);
    // A row below the image has no elements.
    return {piece.image,       y,  lane, x, lane - x * b.c, step, row_threads - step * b.c,
            y < b.h ? b.w : 0, b.c};
  }
  FASTAUG_FN bool more() const { return x < w; }
  FASTAUG_FN void next() {
    x += step_x, c += step_c;
    if (c >= channels) c -= channels, ++x;
  }
};

// What the threads of a row have found, for the first of them to take together.
struct RowParts {
  double first[rows_together][row_threads], second[rows_together][row_threads];
};

FASTAUG_FN void put_parts(char* shared, const RowWalk& walk, double first, double second) {
  RowParts* parts = reinterpret_cast<RowParts*>(shared);
  parts->first[walk.y % rows_together][walk.lane] = first;
  parts->second[walk.y % rows_together][walk.lane] = second;
}

FASTAUG_FN double* row_result(const PhotometricPassArgs& a, int64_t image, int64_t y) {
  return a.rows + 2 * (y * a.all.out.n + image);
}

FASTAUG_FN void fold_row_sums(const PhotometricPassArgs& a, char* shared, const RowWalk& walk) {
  if (walk.lane != 0 || walk.y >= a.all.out.h) return;
  RowParts* parts = reinterpret_cast<RowParts*>(shared);
  double* result = row_result(a, walk.image, walk.y);
  result[0] = fold_lanes(parts->first[walk.y % rows_together]);
  result[1] = fold_lanes(parts->second[walk.y % rows_together]);
}

FASTAUG_FN Extremes extremes_found(const PhotometricPassArgs& a, int64_t image) {
  return {a.found[4 * image], a.found[4 * image + 1]};
}

struct PhotometricExtremes {
  using Args = PhotometricPassArgs;
  static constexpr int threads = row_threads * rows_together, phases = 2;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    RowWalk walk = RowWalk::begin(a.all.in, place);
    if (phase == 0) {
      Extremes all = no_extremes();
      for (; walk.more(); walk.next())
        widen(all.low, all.high,
              *element<const float>(a.all.in, walk.image, walk.y, walk.x, walk.c));
      put_parts(shared, walk, static_cast<double>(all.low), static_cast<double>(all.high));
    } else if (walk.lane == 0 && walk.y < a.all.in.h) {
      const RowParts* parts = reinterpret_cast<const RowParts*>(shared);
      const int64_t row = walk.y % rows_together;
      double low = parts->first[row][0], high = parts->second[row][0];
      for (int k = 1; k < row_threads; ++k)
        low = smaller(low, parts->first[row][k]), high = larger(high, parts->second[row][k]);
      double* result = row_result(a, walk.image, walk.y);
      result[0] = low, result[1] = high;
    }
  }
};

// The threads that take the rows of an image together: one an image.
struct PerImage {
  using Args = PhotometricPassArgs;
  static constexpr int threads = 32, phases = 1;

  static FASTAUG_FN int64_t image_of(Place place) { return place.block * threads + place.thread; }

  struct Total {
    double values, squares;
  };

  static FASTAUG_FN Total total_of(const Args& a, int64_t image) {
    Total total = {0.0, 0.0};
    for (int64_t y = 0; y < a.all.out.h; ++y) {
      const double* row = row_result(a, image, y);
      total.values += row[0], total.squares += row[1];
    }
    return total;
  }

  static FASTAUG_FN double count_of(const Args& a) {
    return static_cast<double>(a.all.out.h * a.all.out.w * a.all.out.c);
  }
};

struct PhotometricImageExtremes : PerImage {
  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t image = image_of(place);
    if (image >= a.all.out.n) return;
    Extremes all = no_extremes();
    for (int64_t y = 0; y < a.all.out.h; ++y) {
      const double* row = row_result(a, image, y);
      all.low = smaller(all.low, static_cast<float>(row[0]));
      all.high = larger(all.high, static_cast<float>(row[1]));
    }
    all = without_signs_of_zero(all);
    a.found[4 * image] = all.low, a.found[4 * image + 1] = all.high;
  }
};

struct PhotometricImageMean : PerImage {
  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t image = image_of(place);
    if (image >= a.all.out.n) return;
    a.found[4 * image + 2] = mean_of(total_of(a, image).values, count_of(a));
  }
};

struct PhotometricImageDeviation : PerImage {
  template <int phase>
  static FASTAUG_FN void run(const Args& a, char*, Place place) {
    const int64_t image = image_of(place);
    if (image >= a.all.out.n) return;
    const Total total = total_of(a, image);
    a.found[4 * image + 3] = deviation_of(total.values, total.squares, count_of(a));
  }
};

FASTAUG_FN float standardized(const PhotometricArgs& a, float v, int64_t c) {
  if (a.center) v = v - static_cast<float>(a.center[c]);
  if (a.scale) v = v / static_cast<float>(a.scale[c]);
  return v;
}

// Shift, brightness and rescaling; then the sums of the rows, or all that is left to do.
struct PhotometricColours {
  using Args = PhotometricPassArgs;
  static constexpr int threads = row_threads * rows_together, phases = 2;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char* shared, Place place) {
    const PhotometricArgs& a = args.all;
    RowWalk walk = RowWalk::begin(a.out, place);
    const bool samplewise = a.samplewise_center || a.samplewise_std;
    if (phase == 1) {
      if (samplewise) fold_row_sums(args, shared, walk);
      return;
    }
    const bool shifts = a.channel_shift != nullptr, brightens = a.brightness != Brightness::none;
    const Extremes before = shifts || brightens ? extremes_found(args, walk.image) : Extremes{};
    const float shift = shifts ? static_cast<float>(a.channel_shift[walk.image]) : 0.0f;
    const float factor = brightens ? static_cast<float>(a.factor[walk.image]) : 1.0f;
    const Brightening brightness = brightens
                                       ? brightening(a.brightness, a.factor[walk.image], a.white,
                                                     shifts ? shifted(before, shift) : before)
                                       : Brightening{};
    const float rescale = static_cast<float>(a.rescale);
    const int64_t alpha = a.out.c == 4 ? 3 : -1;
    double sum = 0.0;
    for (; walk.more(); walk.next()) {
      float v = *element<const float>(a.in, walk.image, walk.y, walk.x, walk.c);
      if (shifts) v = shift_channel(v, shift, before);
      if (brightens) v = brighten(v, walk.c == alpha ? 1.0f : factor, brightness);
      v = v * rescale;
      if (samplewise)
        sum += static_cast<double>(v);
      else
        v = standardized(a, v, walk.c);
      *element<float>(a.out, walk.image, walk.y, walk.x, walk.c) = v;
    }
    if (samplewise) put_parts(shared, walk, sum, 0.0);
  }
};

// The sums of the centred values and of their squares.
struct PhotometricDeviations {
  using Args = PhotometricPassArgs;
  static constexpr int threads = row_threads * rows_together, phases = 2;

  template <int phase>
  static FASTAUG_FN void run(const Args& a, char* shared, Place place) {
    RowWalk walk = RowWalk::begin(a.all.out, place);
    if (phase == 1) return fold_row_sums(a, shared, walk);
    const float mean = a.found[4 * walk.image + 2];
    double sum = 0.0, squares = 0.0;
    for (; walk.more(); walk.next()) {
      const double v = static_cast<double>(
          *element<const float>(a.all.out, walk.image, walk.y, walk.x, walk.c) - mean);
      sum += v, squares += v * v;
    }
    put_parts(shared, walk, sum, squares);
  }
};

struct PhotometricStandards {
  using Args = PhotometricPassArgs;
  static constexpr int threads = row_threads * rows_together, phases = 1;

  template <int phase>
  static FASTAUG_FN void run(const Args& args, char*, Place place) {
    const PhotometricArgs& a = args.all;
    RowWalk walk = RowWalk::begin(a.out, place);
    const float* found = args.found + 4 * walk.image;
    for (; walk.more(); walk.next()) {
      float* at = element<float>(a.out, walk.image, walk.y, walk.x, walk.c);
      float v = *at;
      if (a.samplewise_center) v = v - found[2];
      if (a.samplewise_std) v = v / found[3];
      *at = standardized(a, v, walk.c);
    }
  }
};

FASTAUG_END

FASTAUG_CUDA_KERNEL(photometric_extremes, PhotometricExtremes)
FASTAUG_CUDA_KERNEL(photometric_image_extremes, PhotometricImageExtremes)
FASTAUG_CUDA_KERNEL(photometric_colours, PhotometricColours)
FASTAUG_CUDA_KERNEL(photometric_image_mean, PhotometricImageMean)
FASTAUG_CUDA_KERNEL(photometric_deviations, PhotometricDeviations)
FASTAUG_CUDA_KERNEL(photometric_image_deviation, PhotometricImageDeviation)
FASTAUG_CUDA_KERNEL(photometric_standards, PhotometricStandards)
