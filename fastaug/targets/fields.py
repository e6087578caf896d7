"""Displacement fields of images, looked up between their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.complex128]  # x + iy: a point or a vector of the plane
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fields:
    """The displacement fields of n images, pixel after pixel.

    Attributes:
        values: x + iy of the displacements of all fields, one after another, shape (pixels,).
        start: the first pixel of each image, shape (n,).
        sizes: (height, width) of each field, shape (n, 2); nothing where an image has none.
    """

    values: npt.NDArray[np.complex64]
    start: Places
    sizes: Places

    @classmethod
    def of(cls, fields: Field | Sequence[Field | None]) -> Fields:
        """One array (n, h, w, 2); or an array (h, w, 2), or None, for each image."""
        if isinstance(fields, np.ndarray):
            n, height, width, _ = fields.shape
            sizes = np.broadcast_to(np.array([height, width]), (n, 2))
            values = fields.reshape(-1, 2)
        else:
            given = [np.empty((0, 0, 2), np.float32) if f is None else f for f in fields]
            sizes = np.array([f.shape[:2] for f in given], np.intp).reshape(-1, 2)
            none = np.empty((0, 2), np.float32)
            values = np.concatenate([none, *(f.reshape(-1, 2) for f in given)])
        pixels = sizes.prod(axis=1)
        pairs = np.ascontiguousarray(values, np.float32).view(np.complex64)[:, 0]
        return cls(pairs, np.cumsum(pixels) - pixels, sizes)

    def at(self, points: Pairs, image: Places) -> tuple[Pairs, Pairs, Pairs]:
        """The displacement at points of the output, bilinear, and how it changes there.

        Beyond the outermost pixels it is what it is there.

        Args:
            points: pixel centres, shape (p,).
            image: the image of each point, shape (p,); one that has a field.

        Returns:
            The displacement, and its derivatives by x and by y.
        """
        height, width = self.sizes[image].T
        column, u, sideways = _cell(points.real, width)
        row, v, downwards = _cell(points.imag, height)
        pixel = self.start[image] + row * width + column
        right, below = width > 1, np.where(height > 1, width, 0)
        corners = np.stack([pixel, pixel + right, pixel + below, pixel + below + right])
        a, b, c, d = self.values[corners].astype(np.complex128)
        b -= a
        d -= c
        upper, down = a + u * b, (c - a) + u * (d - b)
        return upper + v * down, (b + v * (d - b)) * sideways, down * downwards


def _cell(x: Floats, size: Places) -> tuple[Places, Floats, npt.NDArray[np.bool_]]:
    """The pixel before x, but for the last, how far x is from it, and whether x is in between."""
    within = np.minimum(np.fmax(x, 0), size - 1)  # not a number is a pixel, too
    first = np.minimum(within.astype(np.intp), np.maximum(size - 2, 0))
    return first, within - first, within == x
