"""Values of images after geometry, as Keras changes them: ``csrc/ops/photometric.hpp`` and its loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .jit import Scalar, inlined, kernel

# The kinds of brightness, as `Brightness` in csrc/arguments.hpp.
_NONE, _GREY_LEVELS, _STRETCHED, _MULTIPLIED = range(4)
_SUM_LANES = 16
_ZERO, _ONE, _WHITE = np.float32(0.0), np.float32(1.0), np.float32(255.0)
_MINUS_ZERO, _INFINITY, _TINY = np.float32(-0.0), np.float32(np.inf), np.float32(1e-6)


@inlined
def smaller(a: Scalar, b: Scalar) -> Scalar:
    """The first where neither is less."""
    return b if b < a else a


@inlined
def larger(a: Scalar, b: Scalar) -> Scalar:
    """The first where neither is less."""
    return b if a < b else a


@inlined
def shift_channel(v: Scalar, shift: Scalar, low: Scalar, high: Scalar) -> Scalar:
    """Clipped to the extremes that the image had before."""
    return smaller(larger(v + shift, low), high)


@inlined
def grey_level(v: Scalar) -> Scalar:
    """A value from 0 to 255 cut to a whole grey level; NaN becomes 0."""
    return np.float32(np.int32(smaller(_WHITE, larger(_ZERO, v))))


@inlined
def multiplied(v: Scalar, factor: Scalar, white: Scalar) -> Scalar:
    """Multiplied, and clipped to black and white."""
    return smaller(larger(v * factor, _ZERO), white)


@inlined
def brighten(
    v: Scalar, factor: Scalar, stretches: bool, restores: bool, low: Scalar, span: Scalar
) -> Scalar:
    """Pillow's brightness on grey levels, to which the image may be stretched before."""
    if stretches:
        v = v - low
        if span != _ZERO:
            v = v / span
        v = v * _WHITE
    v = grey_level(factor * grey_level(v))
    return (v / _WHITE) * span + low if restores else v


@inlined
def extremes_of(v: Array, low: Array, high: Array) -> tuple[Scalar, Scalar]:
    """The least and the greatest value but for NaN; a zero without its sign."""
    low[:], high[:] = _INFINITY, -_INFINITY
    whole = len(v) // _SUM_LANES * _SUM_LANES
    for i in range(0, whole, _SUM_LANES):
        for k in range(_SUM_LANES):
            low[k] = smaller(low[k], v[np.uint64(i + k)])
            high[k] = larger(high[k], v[np.uint64(i + k)])
    for i in range(whole, len(v)):
        low[0], high[0] = smaller(low[0], v[i]), larger(high[0], v[i])
    for k in range(1, _SUM_LANES):
        low[0], high[0] = smaller(low[0], low[k]), larger(high[0], high[k])
    return low[0] + _ZERO, high[0] + _ZERO


@inlined
def fold_lanes(lane: Array) -> Scalar:
    """Partial sums in halves."""
    half = _SUM_LANES // 2
    while half > 0:
        for k in range(half):
            lane[k] += lane[k + half]
        half //= 2
    return lane[0]


@inlined
def sums_of(
    v: Array, height: int, length: int, mean: Scalar, lane: Array, squares: Array
) -> tuple[Scalar, Scalar]:
    """Of the values less `mean`, and of their squares, in the order of the C++."""
    total = total_of_squares = 0.0
    for y in range(height):
        row = v[y * length : (y + 1) * length]
        for k in range(_SUM_LANES):
            # In registers; the sums of the next lanes begin before these have ended.
            of_values = of_squares = 0.0
            for i in range(k, length, _SUM_LANES):
                d = np.float64(row[np.uint64(i)] - mean)
                of_values += d
                of_squares += d * d
            lane[k], squares[k] = of_values, of_squares
        total += fold_lanes(lane)
        total_of_squares += fold_lanes(squares)
    return total, total_of_squares


@inlined
def colour(
    p: Array,
    q: Array,
    channels: int,
    shift: Scalar,
    factor: Scalar,
    limits: tuple[Scalar, Scalar],
    brightness: int,
    extremes: tuple[Scalar, Scalar],
    white: Scalar,
    rescale: Scalar,
) -> None:
    """Shift, brightness and rescaling of a whole image."""
    low, high = extremes
    span = high - low
    outside = low < _ZERO or high > _WHITE
    restores = brightness == _GREY_LEVELS and outside
    stretches = brightness == _STRETCHED or restores
    if white < _ZERO:
        white = _ONE if high <= _ONE else _WHITE
    for i in range(len(p)):
        # A fourth channel keeps its level.
        f = _ONE if channels == 4 and i % 4 == 3 else factor
        v = shift_channel(p[i], shift, limits[0], limits[1])
        if brightness == _MULTIPLIED:
            v = multiplied(v, f, white)
        elif brightness != _NONE:
            v = brighten(v, f, stretches, restores, low, span)
        q[i] = v * rescale


@kernel
def _photometric(
    images: Array,
    out: Array,
    shifts: Array,
    factors: Array,
    has_shift: bool,
    brightness: int,
    white: Scalar,
    rescale: Scalar,
    samplewise_center: bool,
    samplewise_std: bool,
    has_center: bool,
    center: Array,
    has_scale: bool,
    scale: Array,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Images [first, last), whole; rows [begin, end) are all there are."""
    low, high = np.empty(_SUM_LANES, np.float32), np.empty(_SUM_LANES, np.float32)
    lane, squares = np.empty(_SUM_LANES), np.empty(_SUM_LANES)
    height, length = end - begin, images.shape[1] // (end - begin)
    count = np.float64(images.shape[1])
    for n in range(first, last):
        p, q = images[n], out[n]
        # A shift by minus zero within infinite limits changes nothing.
        shift, limits = _MINUS_ZERO, (-_INFINITY, _INFINITY)
        extremes = limits
        if has_shift or brightness != _NONE:
            extremes = extremes_of(p, low, high)
        if has_shift:
            shift, limits = np.float32(shifts[n]), extremes
            extremes = (
                shift_channel(limits[0], shift, limits[0], limits[1]),
                shift_channel(limits[1], shift, limits[0], limits[1]),
            )
        factor = np.float32(factors[n])
        # A loop for each kind, so that none asks in its middle.
        if brightness == _NONE:
            colour(p, q, channels, shift, factor, limits, _NONE, extremes, white, rescale)
        elif brightness == _GREY_LEVELS:
            colour(p, q, channels, shift, factor, limits, _GREY_LEVELS, extremes, white, rescale)
        elif brightness == _STRETCHED:
            colour(p, q, channels, shift, factor, limits, _STRETCHED, extremes, white, rescale)
        else:
            colour(p, q, channels, shift, factor, limits, _MULTIPLIED, extremes, white, rescale)

        mean, deviation = _ZERO, _ONE
        if samplewise_center or samplewise_std:
            total, _ = sums_of(q, height, length, _ZERO, lane, squares)
            mean = np.float32(total / count)
        if samplewise_std:
            total, total_of_squares = sums_of(q, height, length, mean, lane, squares)
            centre = total / count
            variance = total_of_squares / count - centre * centre
            variance = 0.0 if variance < 0.0 else variance  # a NaN stays one
            deviation = np.float32(math.sqrt(variance)) + _TINY
        if samplewise_center:
            for i in range(len(q)):
                q[i] = q[i] - mean
        if samplewise_std:
            for i in range(len(q)):
                q[i] = q[i] / deviation
        if has_center or has_scale:
            for x in range(len(q) // channels):
                for c in range(channels):
                    v = q[np.uint64(x * channels + c)]
                    if has_center:
                        v = v - center[c]
                    if has_scale:
                        v = v / scale[c]
                    q[np.uint64(x * channels + c)] = v


def photometric(
    images: Array,
    out: Array,
    channel_shift: Array | None,
    brightness: int,
    factor: Array | None,
    white: float,
    rescale: float,
    samplewise_center: bool,
    samplewise_std: bool,
    center: Array | None,
    scale: Array | None,
) -> None:
    """All of it; what is not asked for comes as None."""
    n, channels = len(out), out.shape[3]
    each = tuple(np.zeros(n) if a is None else a for a in (channel_shift, factor))
    with np.errstate(over="ignore", under="ignore"):
        per_channel: list[Any] = []
        for array in (center, scale):
            given = np.zeros(channels) if array is None else array
            per_channel += [array is not None, given.astype(np.float32)]
        # Less than zero for none: a white may be so small that it is zero as a float.
        levels = np.float32(white) if white > 0 else np.float32(-1), np.float32(rescale)
    rest = (bool(samplewise_center), bool(samplewise_std), *per_channel, channels)
    given_colours = (channel_shift is not None, int(brightness), *levels)
    parallel.run(_photometric, images, out, each, (*given_colours, *rest), splits=False)
