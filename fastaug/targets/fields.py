"""Displacement fields of images, looked up between their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fields:
    """The displacement fields of n images, pixel after pixel.

    Attributes:
        values: (pixels, 2), x and y of all fields, one after another.
        start: the first pixel of each image, shape (n,).
        sizes: (height, width) of each field, shape (n, 2); nothing where an image has none.
    """

    values: Field
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
            values = np.concatenate(
                [np.empty((0, 2), np.float32), *(f.reshape(-1, 2) for f in given)]
            )
        pixels = sizes.prod(axis=1)
        return cls(values, np.cumsum(pixels) - pixels, sizes)

    def at(self, points: Floats, image: Places) -> tuple[Floats, Floats]:
        """The displacement at points of the output, bilinear, and how it changes there.

        Beyond the outermost pixels it is what it is there.

        Args:
            points: x and y of pixel centres, shape (2, p).
            image: the image of each point, shape (p,); one that has a field.

        Returns:
            The displacement, shape (2, p), and its derivatives by x and by y, shape (2, 2, p),
            where the second axis is x and y of the displacement.
        """
        last = self.sizes[image, ::-1].T - 1
        within = np.clip(np.nan_to_num(points), 0, last)
        cell = np.minimum(within.astype(np.intp), np.maximum(last - 1, 0))
        u, v = within - cell
        width = last[0] + 1
        pixel = self.start[image] + cell[1] * width + cell[0]
        right, below = (last > 0) * np.stack([np.ones_like(width), width])
        corners = np.stack([pixel, pixel + right, pixel + below, pixel + below + right])
        a, b, c, d = np.moveaxis(self.values[corners].astype(np.float64), -1, 1)
        upper, lower = a + u * (b - a), c + u * (d - c)
        slopes = np.stack([(b - a) + v * ((d - c) - (b - a)), lower - upper])
        slopes *= (within == points)[:, np.newaxis]
        return upper + v * (lower - upper), slopes
