"""Why rows are slower than a peer, or miss their goal: written by hand, printed beside the numbers.

A key is a row's name without its size, such as ``"rot90 uint8"``; with an instruction-set level
behind it, such as ``"rot90 uint8 at v3"``, it is for that level alone.

Those of other shapes than the table's have keys of a row at a shape, ``"copy uint8 at 28x28x1"``; of a
row, with its dtype or without, at a size, ``"flip vertical at 28x28"``; or of an op,
``"crop at 1024x1024"``.
"""

from __future__ import annotations

from collections.abc import Sequence

_TAPS = "{} cycles for 16 pixels of a row: {} to prepare them, {} for {} in the blend"
_FIELD = (
    "{} instructions a pixel: {} to blend, {} for its coordinates in doubles, 8 to sort columns"
)
_NUMBERS = (
    "about {} instructions an element, half of them ten rounds of Philox, half Box and Muller"
)
_NOISE = "noise is 67 of 227 µs an image: half the lanes of v4, and more instructions an element"
_CALL = "the kernel has the speed of the copy; the call is {} of about 100 µs a batch on Zen 5, 26 of 400 with cold caches on an Intel Xeon"
_HALVES = "half the lanes: {} cycles for 32 bytes, {} down the columns, {} along the row"
_FUSED = (
    "a load, a product and a sum for every tap, rounded apart, where the peer fuses the last two"
)
_MOVED = "memory: {} MB an image, read once and written past the cache; from 0.8 to 1.2 of the peer from run to run"

REASONS: dict[str, str] = {
    "pipeline one image at a time uint8": "drawing and planning a flip, a crop and a normalization in Python take 100 µs, whatever the image",
    "warp_perspective nearest constant uint8": "from 0.9 to 1.4 of the peer from run to run",
    "pad constant uint8": "memory: the speed of a copy; from 0.9 to 1.1 of the peer from run to run",
    "crop_or_pad x1.14 uint8": "memory: the speed of a copy; from 0.9 to 1.1 of the peer from run to run",
    "warp_affine bilinear constant uint8 at v4": _TAPS.format(36, 9, 27, "42 loads, two a cycle,"),
    "warp_affine bilinear nearest uint8 at v4": _TAPS.format(41, 14, 27, "42 loads, two a cycle,"),
    "warp_affine bicubic constant uint8 at v4": _TAPS.format(82, 15, 66, "220 instructions"),
    "warp_affine bilinear constant uint8 at v3": _TAPS.format(47, 17, 30, "152 instructions"),
    "warp_affine bilinear nearest uint8 at v3": _TAPS.format(59, 29, 30, "152 instructions"),
    "warp_affine bicubic constant uint8 at v3": _TAPS.format(151, 37, 114, "400 instructions"),
    "warp_affine bilinear constant one channel uint8 at v3": "16 columns from two windows in halves of a register, a shuffle and two blends for each of their rows; from 2.8 to 2.9 of the peer from run to run",
    "remap bilinear constant float32 at v3": "33 instructions a pixel: four loads and four shuffles of registers of four floats, and coordinates in doubles; from 1.5 to 2.0 of the peer from run to run",
    "warp_perspective nearest constant float32 at v3": "19 instructions a pixel, 9 of them for its coordinates in doubles; from 0.96 to 1.07 of the peer from run to run",
    "remap nearest constant float32 at v3": "19 instructions a pixel, 7 of them for its coordinates in doubles; from 0.86 to 0.98 of the peer from run to run",
    "resize bilinear x0.86 grey float32 at v3": "columns by blocks of eight, two shuffles and a blend a tap; from 0.85 to 1.03 of the peer from run to run",
    "resize bilinear x0.45 x0.6 float32 at v3": "446,000 instructions an image, 346,000 of them for columns by blocks of eight, two shuffles and a blend a tap; from 0.9 to 1.01 of the peer from run to run",
    "erode 9x9 half full float32": "cell by cell, 23 loads and comparisons a register; 1.34 million instructions an image at v3; from 0.91 to 1.04 of the peer from run to run",
    "erode 15x15 diagonal uint8 at v3": "15 loads, most of them across lines, and 14 comparisons for 32 bytes; from 0.99 to 1.05 of the peer from run to run",
    "resize nearest x0.86 float32": _MOVED.format(1.0),
    "blend uint8": "memory: 450 KB an image; from 0.99 to 2.1 of the peer from run to run",
    "remap nearest constant float32": "memory: 400 KB of coordinates an image beside 1.2 MB of pixels; from 0.94 to 1.3 of the peer from run to run",
    "remap bilinear constant one channel float32": "loads: four taps a pixel, one by one, and its coordinates; from 0.99 to 1.15 of the peer from run to run",
    "resize bilinear x0.45 x0.6 float32": "an order and weights of 200 bytes for every 16 elements of a row; from 0.91 to 1.17 of the peer from run to run",
    "warp_perspective bilinear constant uint8 at v3": _FIELD.format(29, 12, 8),
    "remap bilinear constant uint8 at v3": _FIELD.format(28, 12, 7),
    "warp_affine bilinear constant one channel float32 at v4": "a comparison and four shuffles for each row of a window, all of one port on an Intel Xeon, 39 vector instructions for 16 columns; from 2.6 to 3.6 of the peer from run to run",
    "warp_affine bilinear constant one channel float32 at v3": "two loads a pixel, 31 µs an image in the cache; v4 looks up 16 columns in 21",
    "warp_perspective nearest constant uint8 at v4": "coordinates: 24 cycles for 16 columns, 22 of 65 µs an image",
    "copy uint8": _CALL.format(8),
    "copy float32": _CALL.format(8),
    "flip vertical uint8": _CALL.format(8),
    "crop x0.86 uint8": _CALL.format("12 to 15"),
    "crop_or_pad x0.86 uint8": _CALL.format(10),
    "flip horizontal uint8": "the kernel alone has 0.9 of the copy; the rest is the call",
    "invert uint8": _CALL.format(8),
    "rot90 float32": "reads go in pieces of 64 to 384 bytes a row, which no hardware foresees",
    "erode 3x3 uint8 at v4": "5.5 cycles a register, of which a copy is 2; 1.5 are shifts, 1.25 loads, 1.6 a store across lines",
    "erode 15x15 uint8 at v4": "10 cycles a register on Zen 5: 4 down the columns, 4 along the row, 2 a copy; 7.5 steps of two ports on an Intel Xeon, from 2.6 to 3.2 of the peer from run to run",
    "erode 3x3 float32 at v4": "memory: 20 µs an image in the cache, 37 beyond it, where a copy takes 35",
    "erode 15x15 float32 at v4": "8.8 cycles a register on an Intel Xeon: 5 along the row, 2.7 down the columns, 1 to look for numbers less than zero; 14 from the second cache, 20 from memory; from 2.5 to 3.2 of the peer from run to run",
    "erode 51x51 uint8 at v4": "15 µs in the cache on an Intel Xeon, 19 beyond it; from 5.3 to 7.5 of the peer from run to run",
    "erode 3x3 uint8 at v3": "20 instructions for 32 bytes, 96,000 an image: half the lanes of v4",
    "erode 3x3 float32 at v3": "25 instructions for 8 floats, half the lanes of v4, beside the memory of a copy",
    "erode 15x15 float32 at v3": "38 instructions for 8 floats, 716,000 an image",
    "erode 15x15 uint8 at v3": _HALVES.format(8, 3.5, 4),
    "erode 51x51 uint8 at v3": _HALVES.format(10.5, 4.5, 5.5),
    "erode 7x7 ellipse uint8 at v4": "15 cycles a register: 5 for three heights of columns, 8 for 7 taps, most across lines",
    "erode 15x15 diagonal float32": "15 loads, most of them across lines, and 14 comparisons a register, from 18 rows of 2.7 KB, which is all of the first cache: the peer looks at 15 for a row; from 0.8 to 1.1 of it from run to run",
    "motion_blur 7 float32": _FUSED,
    "correlate 3x3 float32": _FUSED,
    "correlate 7x7 float32": _FUSED,
    "median_blur 3x3 float32": "18 minima and maxima, 13 loads, of which 6 cross lines, and 5 stores for 16 floats, in three passes over rows: the peer has one",
    "median_blur 5x5 float32 at v3": "192 instructions for 8 floats, 114 of them minima and maxima, 34 moves to and from memory, as sixteen registers do not hold 25 neighbours; from 0.84 to 1.04 of the peer from run to run",
    "resize bilinear x0.5 uint8 at v4": "memory: 190 KB an image, at 0.5 to 0.7 of a copy's speed; from 1.46 to 1.8 of the peer from run to run",
    "resize bilinear x2 uint8 at v3": "half the lanes of v4; from 1.47 to 1.76 of the peer from run to run",
    "resize bilinear x0.5 float32 at v3": "memory: 750 KB an image; from 0.74 to 1.03 of the peer from run to run",
    "box_blur 15x15 float32 at v3": "sums in an order that is one for all machines, eight neighbours at a time; from 0.96 to 1.08 of the peer from run to run",
    "resize bilinear x0.5 uint8 at v3": "56 instructions for 32 bytes of the result, 66,000 an image, and 190 KB of memory; from 1.3 to 1.55 of the peer from run to run",
    "resize bilinear x0.5 four channels uint8 at v3": "a load, a shuffle and a sum of neighbours for every 32 bytes read: 200 KB an image; from 1.4 to 1.8 from run to run",
    "box_blur 3x3 uint8": "57 instructions for 32 bytes at v3: sums in 16 bits, kept down the columns, and a product for the mean; from 0.95 to 1.3 from run to run",
    "box_blur 15x15 one channel float32": "sums in an order that is one for all machines, eight neighbours at a time; from 1.0 to 1.35 of the peer from run to run",
    "box_blur 15x15 one channel float32 at v3": "sums in an order that is one for all machines, eight neighbours at a time; the peer's running sums carry errors along",
    "box_blur 51x51 uint8 at v3": "297 instructions for 32 bytes, whatever the size: sums down and along the row in 32 bits, a division in floats",
    "box_blur 51x51 float32": "the order of the sums is one for all machines: eight neighbours at a time, shared, 160 instructions for 8 floats at v3; the peer's running sums carry errors along",
    "resize bilinear x2 float32": _MOVED.format(3.0),
    "flip horizontal float32": _MOVED.format(1.2),
    "erase one box float32": _MOVED.format(1.2),
    "paste float32": _MOVED.format(1.2),
    "gaussian_noise float32 at v4": "54 vector instructions for 16 values, 28 of them ten rounds of Philox, and no more than two a cycle on an Intel Xeon: 27 cycles at least, 30 measured, where 8 times the peer would take 22 to 27; 4.4 to 8.2 of the peer from run to run",
    "gaussian_noise float32 at v3": _NUMBERS.format(10),
    "gaussian_noise float32 at v2": _NUMBERS.format(26),
    "salt_and_pepper uint8 at v3": "26 µs an image, 23 of them ten rounds of Philox in half the lanes of v4",
    "color_jitter uint8": "contrast and brightness are 22 of 49 µs an image on an Intel Xeon at v4, saturation and hue 26; 23 and 33 of 57 at v3; from 5.8 to 6.3 of the peer at v4 from run to run",
    "normalize uint8": "memory: 600 KB written for an image; the ratio is 3.7 to 5 from run to run, 0.75 to 0.86 of a copy",
    "pipeline uint8 at v3": _NOISE,
    "pipeline as Keras layers uint8 at v3": _NOISE,
    "pipeline one icon at a time uint8": "one call plans for a batch: 100 µs, of which kernels take 2; 770,000 instructions, 215 calls of Python's. A batch of 32 takes 5 µs an image",
    "pixel_op saturation in a pipeline uint8": "floats, a row at a time, where the one built in is in fixed point: 16 µs an image on Zen 5",
    "pixel_op invert in a pipeline uint8": "the same table, for which the function is called 256 times",
    "to_grayscale uint8": "10 µs an image in the cache, 19 at v3 and 35 at v2, as floats to the bit; the peer's 15 are integers",
    "adjust_gamma float32 at v3": "310 µs an image: a logarithm and a power in 14 steps that wait for each other, four registers at once, which sixteen do not hold",
    "equalize uint8": "histograms are counted byte by byte",
}


# Measured on an Intel Xeon (Sapphire Rapids), whose second cache of 2 MB such an image fills: a call
# of `flip` takes 4.5 µs in a loop, 14 after 2 MB have gone through the caches, 26 after 8, 32 to 43
# after 32.
_WAITS = (
    "the kernel alone has {} of the peer's speed; the rest is the call, whose Python waits for memory "
    "after each image: {} µs"
)
_AHEAD = (
    "whole rows are asked for ahead, which makes images that come from memory twice as fast; one that is "
    "in the caches already would take 0.7 to 0.9 of the time without"
)
_EACH = "256 images one after the other, {}; the peer moves them as one"

SHAPES: dict[str, str] = {
    "copy at 1024x1024": _WAITS.format("0.95 to 1.02", "10 to 20"),
    "flip at 1024x1024": _WAITS.format("0.97 to 1.06", "12 to 30"),
    "crop at 1024x1024": _WAITS.format("0.96 to 1.01", "30 to 40"),
    "crop_or_pad at 1024x1024": _WAITS.format("0.95 to 1.2", "25 to 40"),
    "pad at 1024x1024": _WAITS.format("0.98 to 1.1", "20 to 40"),
    "erase at 1024x1024": _WAITS.format("1.02 to 1.1", "30 to 60"),
    "paste at 1024x1024": _WAITS.format("1.01 to 1.2", "50 to 70"),
    "invert at 1024x1024": _WAITS.format("0.98 to 1.06", "25 to 40"),
    "blend float32 at 1024x1024": "memory: 12.6 MB for a channel through the caches in 430 µs, where a copy of 8.4 takes 380; and a call of 60 to 80 µs between images",
    "resize bicubic antialiased x0.45 x0.6 uint8 at 1024x1024x4": "up to ten taps along and down, 2.1 ms an image; from 0.97 to 1.17 of the peer from run to run",
    "erode 15x15 diagonal uint8 at 1024x1024x1": "15 loads, most of them across lines, and 14 comparisons for 64 bytes; from 0.95 to 1.27 of the peer from run to run",
    "median_blur 5x5 float32 at 1024x1024x1": "114 minima and maxima a register; from 0.7 to 1.31 of the peer from run to run",
    "resize area x0.5 float32 at 1024x1024": "memory: the speed of a copy of as many bytes, 230 µs for 5 MB of one channel, and of OpenCV to within 6 %; the call takes 30",
    "median_blur 3x3 float32 at 1024x1024x1": "18 minima and maxima, 13 loads, of which 6 cross lines, and 5 stores for 16 floats, in three passes over rows: 0.8 of the peer, which has one",
    "median_blur 3x3 uint8 at 1024x1024": "18 minima and maxima for 64 bytes, one a cycle on an Intel Xeon, in three passes over rows; from 0.84 to 1.5 of the peer from run to run, which is as fast in one channel as in three",
    "box_blur 3x3 float32 at 1024x1024x4": "memory: 33.5 MB an image through the caches; from 0.85 to 1.4 of the peer from run to run",
    "box_blur 51x51 uint8 at 28x28x1": "the window is wider than the image, borders are two thirds of what is summed; from 0.95 to 1.2 of the peer from run to run",
    "erode 9x9 half full uint8 at 1024x1024x4": "cell by cell, a load and a comparison for each of the half of 81; from 0.99 to 1.25 of the peer from run to run",
    "box_blur 51x51 uint8 at 1024x1024x4": "running sums of 32 bits, down and along the row; from 0.96 to 1.4 of the peer from run to run",
    "box_blur 15x15 float32 at 28x28": "sums in an order that is one for all machines, eight neighbours at a time: 28 and 42 columns of them for 28 pixels; the peer's running sums carry errors along",
    "warp_perspective nearest constant float32 at 1024x1024": "coordinates in doubles, two divisions of eight for 16 columns: of bytes 42 % of the time, the rest of the row 28 %; 0.5 to 0.7 of the peer from run to run",
    "warp_affine nearest constant float32 at 1024x1024x4": _AHEAD,
    "warp_affine nearest nearest float32 at 1024x1024x4": _AHEAD,
    "warp_perspective bilinear constant float32 at 1024x1024x4": _AHEAD,
    "remap nearest constant float32 at 1024x1024x4": _AHEAD,
    "warp_perspective bilinear constant float32 at 1024x1024x1": "coordinates in doubles; from 0.93 to 1.06 of the peer from run to run",
    "remap nearest constant uint8 at 1024x1024x4": "memory: 8 MB of coordinates beside 8 MB of pixels; from 0.88 to 1.27 of the peer from run to run",
    "box_blur 15x15 float32 at 1024x1024x4": "memory: 33.5 MB an image; from 0.99 to 1.56 of the peer from run to run",
    "solarize uint8 at 1024x1024x4": "memory: 8 MB an image; from 0.98 to 1.31 of the peer from run to run",
    "remap nearest constant uint8 at 1024x1024x1": "memory: 8 MB of coordinates for 2 MB of pixels; from 0.95 to 0.98 of the peer from run to run while all were asked for ahead",
    "remap nearest constant float32 at 1024x1024x1": "memory: 8 MB of coordinates for 8 MB of pixels; from 0.85 to 0.9 of the peer from run to run while all were asked for ahead",
    "remap nearest constant float32 at 28x28": "0.12 µs an image and 2.4 cycles a pixel of one channel; 0.74 to 0.79 of the peer",
    "remap bilinear constant float32 at 1024x1024x4": "memory: 8 MB of coordinates beside 33.5 MB of pixels; from 0.85 to 1.4 of the peer from run to run",
    "warp_perspective nearest constant float32 at 28x28x4": "coordinates in doubles are a third of the time; from 0.99 to 1.3 of the peer from run to run",
    "remap bilinear constant float32 at 28x28x1": "0.14 µs an image and 5.5 cycles a pixel; from 0.77 to 0.88 of the peer from run to run",
    "resize bilinear x0.45 x0.6 float32 at 1024x1024x4": "the order and the weights of 16 elements are 200 bytes: 31 KB for a row, which leave little room in the first cache; from 0.84 to 1.07 of the peer from run to run",
    "resize nearest x0.86 float32 at 1024x1024x4": "memory: 29 MB an image; from 0.94 to 1.1 of the peer from run to run",
    "resize bilinear x0.86 float32 at 1024x1024x1": "memory: 7.3 MB an image; from 0.97 to 1.5 of the peer from run to run",
    "resize bicubic antialiased x0.45 x0.6 uint8 at 28x28x4": "rows of 16 or 17 pixels, less than two registers, with up to ten taps each, are nearly all of the time; from 0.78 to 1.05 of the peer from run to run",
    "resize bilinear x0.86 float32 at 1024x1024x4": "the order and the weights of 16 elements are 200 bytes: 44 KB for a row, which is all of the first cache; from 0.82 to 1.02 of the peer from run to run",
    "dilate 3x3 uint8 at 1024x1024x4": "memory: 8.4 MB an image; from 0.92 to 1.34 of the peer from run to run",
    "adjust_gamma float32 at 1024x1024x1": "a logarithm and a power in 14 steps that wait for each other; from 0.9 to 1.28 of the peer from run to run",
    "copy at 28x28": _EACH.format("about 40 ns each beside their bytes"),
    "flip vertical at 28x28": _EACH.format("about 40 ns each beside their bytes"),
    "flip horizontal float32 at 28x28x1": "rows of 112 bytes, 23 cycles each: a register turned, and one under a mask",
    "crop_or_pad x0.86 uint8 at 28x28": _WAITS.format("1.04 to 1.1", "10 to 13"),
    "crop_or_pad x0.86 float32 at 28x28": _WAITS.format("0.94 to 1", "12 to 23"),
    "pad constant float32 at 28x28x1": "8,192 rows of 128 bytes, 14 ns for the three pieces of each",
}


def reason_at(row: str, shape: Sequence[int], level: str | None) -> str:
    """What is known of a row's loss in batches of this shape, else of the row's; or empty."""
    size, channels = "x".join(map(str, shape[1:3])), shape[3]
    op, without_dtype = row.partition(" ")[0], row.rpartition(" ")[0]
    keys = f"{row} at {size}x{channels}", *(f"{of} at {size}" for of in (row, without_dtype, op))
    for key in keys:
        if key in SHAPES:
            return SHAPES[key]
    return reason(row, level)


def reason(row: str, level: str | None) -> str:
    """What is known of a row's loss; empty if nobody has written it down."""
    return REASONS.get(f"{row} at {level}") or REASONS.get(row, "")
