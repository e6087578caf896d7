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

struct WarpFieldArgs {
  Batch in, out;
  const double* matrices;      // (n, 9): homographies, output (x, y) to input (x, y)
  const float* field;          // (n, h, w, 2) or (1, h, w, 2): added to that, (x, y); or null
  std::int64_t field_stride;   // elements from one image's to the next one's
  const double* fill;          // (n, c)
  std::int32_t interpolation;  // as of WarpAffineArgs
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

// What lies outside an image, for ops that look at whole pixels.
enum class Border : std::int32_t { reflect, constant, nearest, mirror, wrap, ignore };

struct WindowArgs {
  Batch in, out;
  const std::int64_t* offsets;  // (n, 2): row and column of `in` that the first of `out` is
  const void* fill;             // (n, c) elements
  Border border;
};

struct EraseArgs {
  Batch in, out;
  const std::int64_t* boxes;  // (n, count, 4): top, left, height, width, wherever they lie
  std::int64_t count;
  const void* fill;  // (n, c) elements
};

// CUDA shares a box out among some blocks of threads.
struct ErasePassArgs {
  EraseArgs all;
  std::int64_t parts;
};

struct ShuffleChannelsArgs {
  Batch in, out;
  const std::int64_t* order;  // (n, c): which channel each is; -1 for the fill value
  const void* fill;           // (n, c) elements
};

// What is mixed with an image lies in `others`, at the place that `source` says.
struct BlendArgs {
  Batch in, out, others;
  SourceIndex source;
  const double* weight;  // (n,), from 0 to 1: the share of `in`
};

struct PasteArgs {
  Batch in, out, others;
  SourceIndex source;
  const std::int64_t* boxes;  // (n, 4): top, left, height, width, wherever they lie
};

struct ResizeArgs {
  Batch in, out;
  const double* edges;     // (1, 4) or (n, 4): top, bottom, left, right of the box, as float32s
  std::int32_t per_image;  // whether every image has a box of its own
  std::int32_t kernel;     // a ResizeKernel
  std::int32_t antialias;
};

// The pixels of a line of the input that make up one of the output: `count` from `first` on.
struct ResizeTaps {
  std::int64_t first, count;
};

// CUDA does one axis after the other, and works out its taps before either.
struct ResizePassArgs {
  Batch in, out;
  const double* edges;
  std::int32_t down;  // along columns
  std::int32_t kernel, antialias;
  ResizeTaps* taps;  // (boxes, out)
  double* weight;    // (boxes, out, most)
  std::int64_t most, boxes;
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

// A spline warp, and that on its result, which is the same memory.
struct WarpPhotometricArgs : WarpSplineArgs {
  PhotometricArgs colours;
};

// CUDA does the latter in several passes, which leave numbers for those that follow.
struct PhotometricPassArgs {
  PhotometricArgs all;
  double* rows;  // (h, n, 2): of every row, its extremes or the sums of its values and squares
  float* found;  // (n, 4): of every image, its extremes, mean and deviation
};

enum class Point : std::int32_t { linear, gamma, posterize, solarize, contrast, channel_shift };

// A value of an image from that value alone; see ops/point.hpp.
struct PointArgs {
  Batch in, out;
  Point op;
  const double* first;   // (n,): factor, gamma, bits, threshold or shift
  const double* second;  // (n,): what is added, or the gain
  double low, high;      // value range
  bool keeps_alpha;      // the fourth of four channels stays as it is
};

// Ops of that kind on bytes, several made one.
struct LookupArgs {
  Batch in, out;
  const std::uint8_t* tables;  // (n, 256)
  bool keeps_alpha;
};

// CUDA looks at whole images first, and leaves numbers for what follows.
struct PointPassArgs {
  PointArgs all;
  double* rows;   // (h, n, 3): of every row, the sums of its channels or its extremes
  double* found;  // (n, 2): of every image, its mean grey, or its extremes
};

struct NormalizeArgs {
  Batch in, out;        // `out` float32 or float64
  const double* scale;  // (n, c)
  const double* shift;  // (n, c), added after that
};

struct SaturationArgs {
  Batch in, out;
  const double* factor;  // (n,); a fourth channel stays
  double low, high;      // value range
};

struct HueArgs {
  Batch in, out;
  const double* turn;  // (n,), in sixths of a turn, 0 to 6; a fourth channel stays
  double low, high;    // value range
};

// Both of them, of bytes.
struct SaturationHueArgs {
  Batch in, out;
  const double* factor;  // (n,)
  const double* turn;    // (n,)
  bool hue_first;
  double low, high;  // value range
};

enum class Levels : std::int32_t { autocontrast, equalize };

struct LevelsArgs {
  Batch in, out;
  Levels op;
  double low, high;  // value range
};

struct LevelsPassArgs {
  LevelsArgs all;
  double* found;        // (n, c, 2): of every channel, its extremes
  std::uint8_t* level;  // (n, c, 256): what becomes of every level
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

struct GaussianBlurArgs {
  Batch in, out;
  const double* weights;      // (n, 2, taps): down and across, of the pixel itself and outwards
  const std::int64_t* radii;  // (n, 2): how many of the latter there are
  std::int64_t taps;
  Border border;
  double cval;
};

struct BoxBlurArgs {
  Batch in, out;
  const std::int64_t* sizes;  // (n, 2) heights and widths
  Border border;
  double cval;
};

// Either of them, for CUDA.
struct BlurPassArgs {
  Batch in, out;
  const void* weights;        // (n, 2, taps) of the type that the kernel sums in, or null
  const std::int64_t* reach;  // (n, 2) radii or sizes
  std::int64_t taps;
  Border border;
  double cval;
  void* stage;                            // (n, h, w * c) sums of columns, where no tile holds them
  std::int64_t top, height, left, width;  // a rectangle around the windows of all images
  std::int64_t tile_w, tile_h;            // elements of the output that a block makes
};

// Of a sum over neighbours: which of them, and what each weighs.
struct CorrelateArgs {
  Batch in, out;
  const std::int64_t* offsets;  // (taps, 2): how far down and right
  const void* weights;          // (taps,), of the type that pixels are computed in
  const std::int64_t* spans;    // (n, 2): the first tap of an image, and how many there are
  Border border;
  double cval;
};

struct MedianBlurArgs {
  Batch in, out;
  const std::int64_t* sizes;  // (n,), odd
  Border border;
  double cval;
};

struct SharpenArgs {
  Batch in, out;
  const double* factor;  // (n,)
  double low, high;      // value range
  bool keeps_alpha;      // the fourth of four channels stays as it is
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
  const double* second;  // (n,): mean, salt ratio or value
  bool per_channel;      // salt and pepper, dropout: decide for every element
};

// What a function of the user's gets: an element at a time, a pixel at a time, or a row as it is.
enum class UserOp : std::int32_t { element, pixel, row };

// Makes a row of values of another, or of itself, which lie as (1, w * c), (c, w) or (w, c);
// returns whether it failed.
using UserFunction = std::int32_t (*)(const void* from, void* to, std::int64_t first,
                                      std::int64_t second, std::int64_t y, std::int64_t height,
                                      const void* numbers);

// Values and numbers are doubles for images of doubles, else floats.
struct UserOpArgs {
  Batch in, out;
  UserFunction function;
  UserOp op;
  const void* numbers;  // (n, count)
  std::int64_t count;
  std::int32_t* failed;  // set to one if a call failed
};

// The kernels: each a function of this name, in a file of this name.
#define FASTAUG_EACH_KERNEL(DO)             \
  DO(warp_affine, WarpAffineArgs)           \
  DO(warp_field, WarpFieldArgs)             \
  DO(warp_spline, WarpSplineArgs)           \
  DO(flip, FlipArgs)                        \
  DO(rot90, Rot90Args)                      \
  DO(window, WindowArgs)                    \
  DO(erase, EraseArgs)                      \
  DO(shuffle_channels, ShuffleChannelsArgs) \
  DO(blend, BlendArgs)                      \
  DO(paste, PasteArgs)                      \
  DO(resize, ResizeArgs)                    \
  DO(photometric, PhotometricArgs)          \
  DO(point, PointArgs)                      \
  DO(lookup, LookupArgs)                    \
  DO(normalize, NormalizeArgs)              \
  DO(saturation, SaturationArgs)            \
  DO(hue, HueArgs)                          \
  DO(levels, LevelsArgs)                    \
  DO(warp_photometric, WarpPhotometricArgs) \
  DO(morphology, MorphologyArgs)            \
  DO(box_blur, BoxBlurArgs)                 \
  DO(gaussian_blur, GaussianBlurArgs)       \
  DO(correlate, CorrelateArgs)              \
  DO(median_blur, MedianBlurArgs)           \
  DO(sharpen, SharpenArgs)                  \
  DO(gaussian_noise, NoiseArgs)             \
  DO(speckle_noise, NoiseArgs)              \
  DO(uniform_noise, NoiseArgs)              \
  DO(shot_noise, NoiseArgs)                 \
  DO(salt_and_pepper, NoiseArgs)            \
  DO(pixel_dropout, NoiseArgs)              \
  DO(user_op, UserOpArgs)                   \
  DO(saturation_hue, SaturationHueArgs)

}  // namespace fastaug
