"""Matrices of transforms: from output (x, y) to input (x, y), for pixel centres."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..ops.geometry import affine_matrix
from .draws import Floats

Sizes = npt.NDArray[np.int64]


def identity(n: int) -> Floats:
    return np.tile(np.eye(3), (n, 1, 1))


def about_middle(sizes: Sizes, **motion: Any) -> Floats:
    """What `affine_matrix` makes, for images of any sizes; shape (n, 3, 3)."""
    matrices = identity(len(sizes))
    middle = (sizes[:, ::-1] - 1) / 2
    if len(sizes):
        matrices[:, :2] = affine_matrix(center=middle, size=(1, 1), **motion)
    return matrices


def scaling(scale: Floats, offset: Floats) -> Floats:
    """Input = scale * output + offset, each (n, 2) as (x, y)."""
    matrices = identity(len(scale))
    matrices[:, 0, 0], matrices[:, 1, 1] = scale.T
    matrices[:, :2, 2] = offset
    return matrices


def window(top: Any, left: Any, n: int) -> Floats:
    """A window whose first pixel is (top, left) of the image."""
    corner = np.stack(np.broadcast_arrays(left, top), axis=-1).astype(np.float64)
    return scaling(np.ones((n, 2)), np.broadcast_to(corner, (n, 2)))


def resizing(boxes: Floats, sizes: Sizes) -> Floats:
    """Boxes (top, left, height, width), (n, 4), stretched to these sizes; edges go to edges."""
    scale = boxes[:, [3, 2]] / np.maximum(sizes[:, ::-1], 1)
    return scaling(scale, boxes[:, [1, 0]] + 0.5 * scale - 0.5)


def mirroring(sizes: Sizes, horizontal: Any, vertical: Any) -> Floats:
    """Flips of the images where the flags say so."""
    matrices = identity(len(sizes))
    for axis, flags in ((0, horizontal), (1, vertical)):
        matrices[:, axis, axis] = np.where(flags, -1.0, 1.0)
        matrices[:, axis, 2] = np.where(flags, sizes[:, 1 - axis] - 1.0, 0.0)
    return matrices


def turning(sizes: Sizes, k: Any) -> tuple[Floats, Sizes]:
    """Quarter turns counter-clockwise, and the sizes after them."""
    k = np.asarray(k) % 4
    height, width = (sizes - 1.0).T
    zero = np.zeros(len(sizes))
    # Where output (x, y) of an image turned k times comes from.
    x = np.stack(
        [
            np.stack(row, axis=-1)
            for row in (
                (zero + 1, zero, zero),
                (zero, zero - 1, width),
                (zero - 1, zero, width),
                (zero, zero + 1, zero),
            )
        ]
    )
    y = np.stack(
        [
            np.stack(row, axis=-1)
            for row in (
                (zero, zero + 1, zero),
                (zero + 1, zero, zero),
                (zero, zero - 1, height),
                (zero - 1, zero, height),
            )
        ]
    )
    matrices = identity(len(sizes))
    rows = np.arange(len(sizes))
    matrices[:, 0], matrices[:, 1] = x[k, rows], y[k, rows]
    return matrices, np.where((k % 2 == 1)[:, np.newaxis], sizes[:, ::-1], sizes)


def pixels(values: dict[str, Any], sizes: Sizes) -> Floats:
    """Translations in pixels, (n, 2) as (x, y), from shares of the size."""
    shares = np.stack([values["translation_x"], values["translation_y"]], axis=1)
    result: Floats = shares * sizes[:, ::-1]
    return result


def product(first: Floats, second: Floats) -> Floats:
    """Matrix products, each sum in one order: those of BLAS differ from machine to machine."""
    terms = first[:, :, :, np.newaxis] * second[:, np.newaxis]
    result: Floats = (terms[:, :, 0] + terms[:, :, 1]) + terms[:, :, 2]
    return result
