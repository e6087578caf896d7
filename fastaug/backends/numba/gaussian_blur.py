"""Gaussian blur as sums over pairs of neighbours: ``csrc/ops/gaussian_blur.hpp``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .footprint import map_border
from .jit import Scalar, inlined, kernel, shared
from .padding import pad_row
from .rounding import UINT8, constant_pixel, round_half_even_64
from .transcendental import exp_negative

_FLOAT64, _INT32 = np.dtype(np.float64), np.dtype(np.int32)
_MIDDLE, _BELOW = np.int32(256), np.int32(0xFFFFF)
# The type of weights and sums, as `Blur` in csrc/ops.
_SUMS: dict[str, Any] = {"uint8": np.int32, "float64": np.float64}


@kernel
def make_weights(sigma: Array, radii: Array, like: Array, weights: Array, used: Array) -> None:
    """Those of all images, as pixels of the type of `like` take them, and how many there are."""
    for i in range(len(sigma)):
        for axis in range(2):
            used[i, axis] = _weights(sigma[i], radii[i, axis], like, weights[i, axis])


@inlined
def _weights(sigma: float, radius: int, like: Array, weight: Array) -> int:
    scale = 1.0 / (2.0 * sigma * sigma)
    total = 0.0
    for k in range(radius, 0, -1):
        x = np.float64(k * k) * scale
        weight[k] = exp_negative(x) if x < 700.0 else 0.0
        total += weight[k]
    total = 1.0 / (1.0 + 2.0 * total)
    last = 0
    tail, rounded = 0.0, 0.0
    for k in range(radius, 0, -1):
        if like.dtype == UINT8:
            tail += weight[k] * total
            following = round_half_even_64(tail * 32768.0)
            weight[k] = following - rounded
            rounded = following
        else:
            weight[k] = _as_sum(weight[k] * total, like)
        if weight[k] != 0.0 and last == 0:
            last = k
    weight[0] = 16384.0 - rounded if like.dtype == UINT8 else _as_sum(total, like)
    return last


@inlined
def _as_sum(v: float, like: Array) -> float:
    return v if like.dtype == _FLOAT64 else np.float64(np.float32(v))


@shared
def add_middle(sums: Array, weight: Scalar, a: Array) -> None:
    """Starts the sums with the pixels themselves, which count twice among integers."""
    real = sums.dtype.type
    for i in range(len(sums)):
        v = real(a[i])
        sums[i] = weight * (v + v) if sums.dtype == _INT32 else weight * v


@shared
def add_pair(sums: Array, weight: Scalar, a: Array, b: Array) -> None:
    """Adds those as far away on one side as on the other."""
    real = sums.dtype.type
    for i in range(len(sums)):
        sums[i] += weight * real(real(a[i]) + real(b[i]))


@inlined
def _stage(sums: Array) -> None:
    """Sums as what comes between the two directions."""
    if sums.dtype == _INT32:
        for i in range(len(sums)):
            sums[i] = (np.int32(sums[i]) + _MIDDLE) >> 9


@inlined
def _pixels(sums: Array, out: Array) -> None:
    for i in range(len(out)):
        if out.dtype == UINT8:
            v = np.int32(sums[i])
            out[i] = np.uint8((v + _BELOW + ((v >> 21) & 1)) >> 21)
        else:
            out[i] = constant_pixel(np.float64(sums[i]), out)


@kernel
def blur(
    images: Array,
    out: Array,
    weights: Array,
    radii: Array,
    border: int,
    cval: float,
    height: int,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last)."""
    length = width * channels
    beyond = np.empty(length, images.dtype)
    beyond[:] = constant_pixel(cval, images)
    sums = np.empty(length, weights.dtype)
    pixel = constant_pixel(cval, images)
    outside = weights.dtype.type(np.int64(pixel) << 6 if sums.dtype == _INT32 else pixel)
    for i in range(first, last):
        source, to = images[i], out[i]
        down, across = weights[i, 0], weights[i, 1]
        reach, side = radii[i, 0], radii[i, 1] * channels
        padded = np.empty(side + length + side, weights.dtype)
        middle = padded[side : side + length]
        around = np.empty(width + 2 * radii[i, 1], np.int64)
        for x in range(len(around)):
            around[x] = map_border(x - radii[i, 1], width, border)
        for y in range(begin, end):
            add_middle(middle, down[0], source[y * length : (y + 1) * length])
            for k in range(reach, 0, -1):
                above, below = map_border(y - k, height, border), map_border(y + k, height, border)
                a = beyond if above < 0 else source[above * length : (above + 1) * length]
                b = beyond if below < 0 else source[below * length : (below + 1) * length]
                add_pair(middle, down[k], a, b)
            _stage(middle)
            pad_row(padded, around, radii[i, 1], width, channels, outside)
            add_middle(sums, across[0], middle)
            for k in range(radii[i, 1], 0, -1):
                shift = k * channels
                a = padded[side - shift : side - shift + length]
                add_pair(sums, across[k], a, padded[side + shift : side + shift + length])
            _pixels(sums, to[y * length : (y + 1) * length])


def gaussian_weights(sigma: Array, radii: Array, like: Array) -> tuple[Array, Array]:
    """Weights (n, 2, taps) for images of the dtype of `like`, and the radii that are left."""
    weights = np.zeros((len(sigma), 2, radii.max(initial=0) + 1))
    used = np.empty((len(sigma), 2), np.int64)
    make_weights(sigma, radii, like.reshape(-1), weights, used)
    return weights, used


def gaussian_blur(
    images: Array, out: Array, weights: Array, radii: Array, border: int, cval: float
) -> None:
    """The op, from the weights of every image."""
    weights = weights.astype(_SUMS.get(images.dtype.name, np.float32))
    parallel.run(blur, images, out, (weights, radii), (border, float(cval), *images.shape[1:]))
