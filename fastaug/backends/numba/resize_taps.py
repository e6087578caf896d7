"""Which input pixels make up each output pixel of an axis: the text of ``csrc/ops/resize.hpp``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from .jit import Scalar, inlined, shared

# `ResizeKernel` in csrc/ops.
NEAREST, BILINEAR, BICUBIC, _BOX, COVERAGE = range(5)


@inlined
def step_of(size: int, start: Scalar, end: Scalar) -> Scalar:
    """Input pixels for each output pixel; the edges are float32s and so is their difference."""
    length = np.float32(np.float32(end) - np.float32(start))
    return np.float64(length) / np.float64(size)


@inlined
def whole(v: Scalar) -> Scalar:
    """Without what follows the point."""
    return np.int64(v)


@inlined
def reach_of(scale: Scalar, filter_: int, antialias: bool) -> tuple[Scalar, Scalar]:
    """How far the filter is stretched, and how far it then reaches."""
    widen = scale if antialias and scale > 1.0 else 1.0
    support = 1.0 if filter_ == BILINEAR else 2.0 if filter_ == BICUBIC else 0.5
    return widen, support * widen


@shared
def most_taps(size_in: int, size: int, start: Scalar, end: Scalar, filter_: int, aa: bool) -> Any:
    """Room for the weights of any one output pixel."""
    scale = step_of(size, start, end)
    reach = scale if filter_ == COVERAGE else reach_of(scale, filter_, aa)[1]
    return min(2 * (whole(reach) + 1) + 1, size_in)


@inlined
def weight_at(filter_: int, x: Scalar) -> Scalar:
    """What a filter gives a pixel at a distance."""
    if filter_ == BILINEAR:
        x = abs(x)
        return 1.0 - x if x < 1.0 else 0.0
    if filter_ == BICUBIC:
        a = -0.5
        x = abs(x)
        if x < 1.0:
            return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0
        if x < 2.0:
            return (((x - 5.0) * x + 8.0) * x - 4.0) * a
        return 0.0
    return 1.0 if x > -0.5 and x <= 0.5 else 0.0


@shared
def find_taps(
    size_in: Any,
    start: Scalar,
    end: Scalar,
    filter_: int,
    antialias: bool,
    firsts: Array,
    counts: Array,
    weights: Array,
) -> None:
    """The pixels that make up each output pixel of an axis, and their weights."""
    scale = step_of(len(firsts), start, end)
    widen, support = reach_of(scale, filter_, antialias)
    stretch = 1.0 / widen
    for i in range(len(firsts)):
        weight = weights[i]
        centre = start + (i + 0.5) * scale
        if filter_ == COVERAGE:
            left, right = start + np.float64(i) * scale, start + (i + 1.0) * scale
            first, last = whole(left), whole(right)
            if np.float64(last) < right:
                last += 1
        else:
            left, right = centre - support, centre + support
            first, last = whole(left + 0.5), whole(right + 0.5)
        first = max(min(first, size_in - 1), 0)
        last = min(min(last, size_in), first + weights.shape[1])
        total = 0.0
        for j in range(first, last):
            x = np.float64(j)
            if filter_ == COVERAGE:
                w = (right if right < x + 1.0 else x + 1.0) - (left if left > x else x)
                w = w if w > 0.0 else 0.0
            else:
                w = weight_at(filter_, ((x - centre) + 0.5) * stretch)
            weight[j - first] = w
            total = total + w
        if total != 0.0:
            for j in range(last - first):
                weight[j] = weight[j] / total
        while last > first and weight[last - 1 - first] == 0.0:
            last -= 1
        skipped = 0
        while first + skipped < last and weight[skipped] == 0.0:
            skipped += 1
        if skipped > 0:
            for j in range(last - first - skipped):
                weight[j] = weight[j + skipped]
        firsts[i], counts[i] = first + skipped, last - first - skipped


@inlined
def nearest_pixels(size_in: int, start: Scalar, end: Scalar, pixels: Array) -> None:
    """The pixel that each centre lies in; centres are added up one by one."""
    scale = step_of(len(pixels), start, end)
    centre = start + scale * 0.5
    for i in range(len(pixels)):
        pixels[i] = max(min(np.int64(centre), size_in - 1), 0)
        centre += scale
