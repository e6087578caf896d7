"""Matrices of transforms: from output (x, y) to input (x, y), for pixel centres."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import Array
from .draws import Floats

Sizes = npt.NDArray[np.int64]

_COSINE, _SINE = np.array([1.0, 0.0, -1.0, 0.0]), np.array([0.0, 1.0, 0.0, -1.0])


def identity(n: int) -> Floats:
    """Matrices that move nothing."""
    matrices = np.zeros((n, 3, 3))
    matrices.reshape(n, 9)[:, ::4] = 1.0
    return matrices


def pairs(first: Any, second: Any, n: int) -> Floats:
    """Two numbers of each sample side by side, (n, 2); in less than half the time of `numpy.stack`."""
    both = np.empty((n, 2))
    both[:, 0], both[:, 1] = first, second
    return both


def about_middle(
    sizes: Sizes,
    *,
    rotation: Any = 0.0,
    translation: Any = 0.0,
    scale: Any = 1.0,
    shear: Any = 0.0,
) -> Floats:
    """What `fastaug.affine_matrix` makes of each, for images of any sizes; shape (n, 3, 3)."""
    matrices, n = identity(len(sizes)), len(sizes)
    values = np.zeros((n, 9))
    values[:, 0] = rotation
    values[:, 1:3] = translation
    values[:, 3:5] = np.reshape(scale, (-1, 1))
    values[:, 5:7] = shear
    values[:, 7:9] = (sizes[:, ::-1] - 1) / 2
    if n:
        matrices[:, :2] = backends.current().affine_matrices(values)
    return matrices


def scaling(scale: Floats, offset: Floats) -> Floats:
    """Input = scale * output + offset, each (n, 2) as (x, y)."""
    matrices = identity(len(scale))
    matrices[:, 0, 0], matrices[:, 1, 1] = scale.T
    matrices[:, :2, 2] = offset
    return matrices


def window(corner: Array) -> Floats:
    """Windows whose first pixels are (top, left) of the images; corner (n, 2)."""
    matrices = identity(len(corner))
    matrices[:, :2, 2] = corner[:, ::-1]
    return matrices


def resizing(boxes: Floats, sizes: Sizes) -> Floats:
    """Boxes (top, left, height, width), (n, 4), stretched to these sizes; edges go to edges."""
    scale = boxes[:, [3, 2]] / np.maximum(sizes[:, ::-1], 1)
    return scaling(scale, boxes[:, [1, 0]] + 0.5 * scale - 0.5)


def mirroring(sizes: Sizes, horizontal: Any, vertical: Any) -> Floats:
    """Flips of the images where the flags say so."""
    matrices = identity(len(sizes))
    for axis, flags in ((0, horizontal), (1, vertical)):
        if np.count_nonzero(flags):
            one = np.asarray(flags, np.float64)
            matrices[:, axis, axis] -= one + one
            matrices[:, axis, 2] = sizes[:, 1 - axis] * one - one
    return matrices


def turning(sizes: Sizes, k: Any) -> tuple[Floats, Sizes]:
    """Quarter turns counter-clockwise, and the sizes after them."""
    k = np.asarray(k) % 4
    cosine, sine = _COSINE[k], _SINE[k]
    height, width = (sizes - 1.0).T
    matrices = identity(len(sizes))
    matrices[:, 0, 0], matrices[:, 0, 1] = cosine, -sine
    matrices[:, 1, 0], matrices[:, 1, 1] = sine, cosine
    # So that the first pixel of the result is a corner of the image.
    matrices[:, 0, 2] = np.where((k == 1) | (k == 2), width, 0.0)
    matrices[:, 1, 2] = np.where((k == 2) | (k == 3), height, 0.0)
    return matrices, np.where((k % 2 == 1)[:, np.newaxis], sizes[:, ::-1], sizes)


def pixels(values: dict[str, Any], sizes: Sizes) -> Floats:
    """Translations in pixels, (n, 2) as (x, y), from shares of the size."""
    shares = pairs(values["translation_x"], values["translation_y"], len(sizes))
    result: Floats = shares * sizes[:, ::-1]
    return result


def product(first: Floats, second: Floats) -> Floats:
    """Matrix products, each sum in one order: those of BLAS differ from machine to machine."""
    a = np.ascontiguousarray(first, np.float64).reshape(-1, 9)
    b = np.ascontiguousarray(second, np.float64).reshape(-1, 9)
    result: Floats = backends.current().products(a, b)
    return result
