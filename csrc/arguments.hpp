// What each op is asked to do, whoever does it: plain structs that the loops for the CPU and the
// launches for CUDA take alike. Pointers are to memory of the device that the images are on.
#pragma once

#include "batch.hpp"

namespace fastaug {

// Which image of `in` each image of `out` is made from; null for the one in the same place.
using SourceIndex = const std::int64_t*;

struct WarpAffineArgs {
  Batch in, out;
  SourceIndex source;
  const double* matrices;      // (n, 6): output (x, y) to input (x, y)
  const double* fill;          // (n, c)
  std::int32_t interpolation;  // 0 nearest, 1 bilinear, 2 bicubic
  std::int32_t fill_mode;
};

struct WarpSplineArgs {
  Batch in, out;
  SourceIndex source;
  const double* matrices;      // (n, 6): output (row, column) to input (row, column)
  const double* fill;          // (n, c)
  const std::uint8_t* mirror;  // (n, 2): the result mirrored along rows, columns
  std::int32_t order;          // 0 to 5
  std::int32_t fill_mode;
};

struct FlipArgs {
  Batch in, out;
  SourceIndex source;
  const std::uint8_t* horizontal;  // (n,)
  const std::uint8_t* vertical;    // (n,)
  std::int32_t converts;           // whether `out` has another dtype, a floating one
};

struct Rot90Args {
  Batch in, out;
  const std::int64_t* k;  // (n,), 0..3 quarter turns counter-clockwise
};

enum class Brightness : std::int32_t { none, grey_levels, stretched, multiplied };

// What happens to the values of an image once its pixels are in place; see ops/photometric.hpp.
struct PhotometricArgs {
  Batch in, out;
  const double* channel_shift;  // (n,), or null
  Brightness brightness;
  const double* factor;  // (n,): of the brightness
  double white;          // of Brightness::multiplied; 0 for 1 or 255, whichever the image fits
  double rescale;        // 1 for none
  std::int32_t samplewise_center, samplewise_std;
  const double* center;  // (c,), subtracted, or null
  const double* scale;   // (c,), divided by, or null
};

// CUDA does that in several passes, which leave numbers for those that follow.
struct PhotometricPassArgs {
  PhotometricArgs all;
  double* rows;  // (h, n, 2): of every row, its extremes or the sums of its values and squares
  float* found;  // (n, 4): of every image, its extremes, mean and deviation
};

enum class Morphology : std::int32_t {
  erode,
  dilate,
  opening,
  closing,
  morphological_gradient,
  white_tophat,
  black_tophat
};

// A horizontal run of footprint cells: offsets from the pixel, and a length.
struct Run {
  std::int64_t dy, dx, length;
};

enum class Border : std::int32_t { reflect, constant, nearest, mirror, wrap, ignore };

struct MorphologyArgs {
  Batch in, out;
  Morphology op;
  const std::int64_t* sizes;  // (n, 2) heights and widths of full rectangles, or null
  const Run* runs;            // any other footprint, the same for every image
  std::int64_t run_count;
  Border border;
  double cval;
};

// One filter of those that make up an op; CUDA runs them one after the other.
struct MorphologyPassArgs {
  Batch in, out;
  Batch other;              // what the result is set against
  std::int32_t erode;       // else dilate
  std::int32_t reflected;   // every offset negated
  std::int32_t difference;  // 0 the result itself, 1 its excess over other, 2 the excess of other
  Border border;
  double cval;
  const std::int64_t* sizes;  // as above
  const Run* runs;
  std::int64_t run_count;
  std::int64_t top, height, left, width;  // a rectangle around the footprints of all images
  std::int64_t tile_w, tile_h;            // elements of the output that a block makes
};

// The coordinates of the draws of every image, and the limits of its pixels.
struct NoiseArgs {
  Batch in, out;
  const std::uint64_t* seed;   // (n,)
  const std::uint32_t* index;  // (n,)
  const std::uint32_t* epoch;  // (n,)
  std::uint32_t place;         // in the pipeline
  double low, high;            // value range
  bool clip;
  const double* first;   // (n,): std, amplitude, photons or amount
  const double* second;  // (n,): mean or salt ratio
  bool per_channel;      // salt and pepper: decide for every element
};

// The kernels: each a function of this name, in a file of this name.
#define FASTAUG_EACH_KERNEL(DO)    \
  DO(warp_affine, WarpAffineArgs)  \
  DO(warp_spline, WarpSplineArgs)  \
  DO(flip, FlipArgs)               \
  DO(rot90, Rot90Args)             \
  DO(photometric, PhotometricArgs) \
  DO(morphology, MorphologyArgs)   \
  DO(gaussian_noise, NoiseArgs)    \
  DO(speckle_noise, NoiseArgs)     \
  DO(uniform_noise, NoiseArgs)     \
  DO(shot_noise, NoiseArgs)        \
  DO(salt_and_pepper, NoiseArgs)

}  // namespace fastaug
