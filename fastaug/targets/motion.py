"""Where the points of images go when `fastaug.ops.geometry.warp_spline` moves the images.

A warp reads backwards, from output to input; points go forwards, so the maps are inverted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import as_array, as_matrices, as_size

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Size = tuple[int, int]

# A map that shrinks some direction by this much against another has no inverse worth the name:
# it makes a line of the image. Products of sines and cosines are seldom exactly singular.
_SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class Motion:
    """The maps of n images, checked.

    Attributes:
        matrices: (n, 2, 3) from output to input (row, column); None for the identity.
        mirror: (n, 2), what is mirrored after that (upside down, left to right).
        size: (height, width) of the images before.
        output_size: (height, width) of the images after.
    """

    matrices: Floats | None
    mirror: Flags
    size: Size
    output_size: Size

    def unwarped(self) -> Flags:
        """Whether each image is no more than mirrored, shape (n,)."""
        n = len(self.mirror)
        if self.matrices is None or self.size != self.output_size:
            return np.full(n, self.size == self.output_size)
        identity = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        flags: Flags = (self.matrices == identity).all(axis=(1, 2))
        return flags

    def move(self, x: Floats, y: Floats, image: Places) -> tuple[Floats, Floats]:
        """Moves points of the images `image`, shape (p,), given by pixel centres.

        Args:
            x: shape (p,) or (…, p).
            y: the same shape.
            image: the image of each point, shape (p,).

        Returns:
            x and y; NaN or infinite where a map has no inverse.
        """
        with np.errstate(all="ignore"):
            if self.matrices is not None:
                (a, b, r), (c, d, s) = np.moveaxis(self.matrices, 0, -1)[:, :, image]
                largest = np.abs(self.matrices[:, :, :2]).max(axis=(1, 2), initial=0)[image]
                determinant = a * d - b * c
                singular = np.abs(determinant) <= _SINGULAR * largest * largest
                determinant = np.where(singular, np.nan, determinant)
                down, right = y - r, x - s
                y, x = (d * down - b * right) / determinant, (a * right - c * down) / determinant
            height, width = self.output_size
            y = np.where(self.mirror[image, 0], height - 1 - y, y)
            x = np.where(self.mirror[image, 1], width - 1 - x, x)
        return x, y


def as_motion(matrix: Any, mirror: Any, size: Any, output_size: Any, n: int) -> Motion:
    """Checks the maps of `n` images.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit, or a matrix entry is not finite.
    """
    matrices = None if matrix is None else as_matrices(matrix, n).reshape(n, 2, 3)
    flags = as_array(mirror, "mirror")
    if flags.dtype != np.bool_ or flags.shape not in ((2,), (n, 2)):
        raise ValueError(f"mirror must be bools of shape (2,) or ({n}, 2), got {mirror!r}")
    before = as_size(size, "size")
    return Motion(
        matrices,
        np.broadcast_to(flags, (n, 2)),
        before,
        before if output_size is None else as_size(output_size, "output_size"),
    )
