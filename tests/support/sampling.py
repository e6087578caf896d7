"""The arithmetic that docs and `csrc/ops` promise of a warp, in NumPy: from 32.32 coordinates to pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def taps(i: Array, n: int, mode: str, *, cubic: bool = False) -> Array:
    """The pixels that stand for taps `i` of a row of `n`, -1 for the fill value."""
    if mode == "wrap" and cubic and n > 1:
        return np.where((i < 0) | (i >= n), i % (n - 1), i)
    if mode == "grid-constant":
        return np.where((i >= 0) & (i < n), i, -1)
    if mode == "reflect":
        i = i % (2 * n)
        return np.where(i < n, i, 2 * n - 1 - i)
    if mode == "mirror":
        i = i % max(2 * n - 2, 1)
        return np.where(i < n, i, 2 * n - 2 - i)
    return i % n if mode == "grid-wrap" else np.clip(i, 0, n - 1)


def cubic_by_the_book(p: list[Array], fractions: list[Array]) -> Array:
    """`p` row by row; the operations of `csrc/ops/bicubic.hpp`."""
    weights = []
    if p[0].dtype == np.uint8:
        p = [tap.astype(np.int64) for tap in p]
        for f in fractions:
            t = ((f >> 17) + 1) >> 1
            square = (t * t + 8192) >> 14
            cube = (square * t + 8192) >> 14
            w0, w2 = (2 * square - cube - t) >> 1, (4 * square - 3 * cube + t) >> 1
            w3 = (cube - square) >> 1
            weights.append([w[..., np.newaxis] for w in (w0, 16384 - w0 - w2 - w3, w2, w3)])
        x, y = weights
        rows = [(sum(x[k] * p[4 * i + k] for k in range(4)) + 128) >> 8 for i in range(4)]
        total = sum(y[i] * rows[i] for i in range(4))
        return np.clip((total + 524287 + (total >> 20 & 1)) >> 20, 0, 255)
    one = np.float32
    for f in fractions:
        t = (f >> 8).astype(one) * one(2**-24)
        w0 = ((one(1) - one(0.5) * t) * t - one(0.5)) * t
        w1 = ((one(1.5) * t - one(2.5)) * t) * t + one(1)
        w2 = ((one(2) - one(1.5) * t) * t + one(0.5)) * t
        w3 = ((one(0.5) * t - one(0.5)) * t) * t
        weights.append([w[..., np.newaxis] for w in (w0, w1, w2, w3)])
    x, y = weights
    v = [(y[0] * p[k] + y[1] * p[4 + k]) + (y[2] * p[8 + k] + y[3] * p[12 + k]) for k in range(4)]
    return (x[0] * v[0] + x[1] * v[1]) + (x[2] * v[2] + x[3] * v[3])


def confined(v: Array, length: int, mode: str) -> tuple[Array, Array]:
    """Coordinates as the mode confines them, and which of them are fill."""
    last = np.int64(length - 1) << 32
    beyond = (v < 0) | (v > last)
    if mode == "constant":
        return np.where(beyond, 0, v), beyond
    if mode == "wrap":
        period = max(last, 1)
        below, above = v + period * (-v // period + 1), v - period * (v // period)
        v = np.where(beyond, np.where(v < 0, below, above) if last else 0, v)
    return v, np.zeros(v.shape, bool)


def sampled(
    image: Array, vx: Array, vy: Array, interpolation: str, mode: str, fill: float
) -> Array:
    """Pixels (H', W', C) of an image (H, W, C) at int64 coordinates (H', W')."""
    h, w, c = image.shape
    (vx, left), (vy, above) = confined(vx, w, mode), confined(vy, h, mode)
    padded = np.concatenate([image.reshape(h * w, c), np.full((1, c), fill, image.dtype)])

    def pixel(i: Array, j: Array) -> Array:
        cubic = interpolation == "bicubic"
        row, column = taps(i, h, mode, cubic=cubic), taps(j, w, mode, cubic=cubic)
        return padded[np.where((row < 0) | (column < 0), h * w, row * w + column)]

    if interpolation == "nearest":
        half = 1 << 31
        made = pixel((vy + half) >> 32, (vx + half) >> 32)
    else:
        i, j = vy >> 32, vx >> 32
        around = range(-1, 3) if interpolation == "bicubic" else (0, 1)
        p = [pixel(i + a, j + b) for a in around for b in around]
        fractions = [v & 0xFFFFFFFF for v in (vx, vy)]
        if interpolation == "bicubic":
            made = cubic_by_the_book(p, fractions)
        elif image.dtype == np.uint8:
            a, b = (((f >> 17) + 1 >> 1)[..., np.newaxis] for f in fractions)
            w11 = (a * b + 8192) >> 14
            weights = (16384 - a - (b - w11), a - w11, b - w11, w11)
            total = sum(tap.astype(np.int64) * k for tap, k in zip(p, weights, strict=True))
            made = (total + 8191 + (total >> 14 & 1)) >> 14
        else:
            t, u = ((f >> 8).astype(np.float32) * np.float32(2**-24) for f in fractions)
            t, u = t[..., np.newaxis], u[..., np.newaxis]
            top, bottom = p[0] + t * (p[1] - p[0]), p[2] + t * (p[3] - p[2])
            made = top + u * (bottom - top)
    made = made.astype(image.dtype)
    return np.where((left | above)[..., np.newaxis], padded[-1], made)


def by_the_book(
    images: Array, matrix: Array, size: tuple[int, int], interpolation: str, mode: str, fill: float
) -> Array:
    """An affine warp by the arithmetic that docs and `csrc/ops` promise: 32.32 coordinates and all."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.int64)
    made = []
    for image, m in zip(images, matrix, strict=True):
        steps = np.rint(m * 2.0**32).astype(np.int64)
        vx, vy = (start + by_x * x + by_y * y for by_x, by_y, start in steps)
        # A map of whole pixels takes them as they are.
        how = interpolation if (steps % 2**32).any() else "nearest"
        made.append(sampled(image, vx, vy, how, mode, fill))
    return np.stack(made)


def coordinates_by_the_book(matrix: Array, field: Array | None, size: tuple[int, int]) -> Any:
    """`csrc/ops/warp_field.hpp` in NumPy."""
    y, x = np.indices(size).astype(np.float64)
    made = []
    with np.errstate(all="ignore"):
        u, v, w = (row[0] * x + (row[1] * y + row[2]) for row in np.float64(matrix))
        inverse = 1.0 / w
        for axis, numerator in enumerate((u, v)):
            at = numerator * inverse
            if field is not None:
                at = at + field[..., axis].astype(np.float64)
            at = np.clip(np.where(np.isnan(at), -(2.0**30), at), -(2.0**30), 2.0**30)
            made.append(at * 2.0**32)
    # Beyond 2**51 there are no halves to round that matter: nothing in these tests is there.
    return [np.rint(at).astype(np.int64) for at in made]
