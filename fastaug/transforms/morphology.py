"""Transforms by the least and the greatest value around each pixel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from ..arrays import Array, choice
from ..ops import morphology
from .base import At, Neighbourhood
from .draws import Numbers, Values
from .ranges import Span

SHAPES = {"square": 0, "disk": 1, "cross": 2}


def disk(size: int) -> Array:
    """The pixels that are not farther from the middle than sqrt((size - 1)**2 + 1) / 2."""
    x = np.arange(1 - size, size, 2)  # in halves of a pixel
    inside: Array = x**2 + x[:, np.newaxis] ** 2 <= (size - 1) ** 2 + 1
    return inside


def cross(size: int) -> Array:
    """The row and the column of the pixel itself."""
    own = np.arange(size) == (size - 1) // 2
    arms: Array = own | own[:, np.newaxis]
    return arms


class Morphology(Neighbourhood, abstract=True):
    """An op with a footprint, whose shape and size are drawn."""

    size: int | tuple[int, int] = 3
    shape: str | tuple[str, ...] = "square"

    ranges: ClassVar[Mapping[str, Span]] = {"size": Span(least=1, most=1000, whole=True)}
    op: ClassVar[Callable[..., Array]]

    @property
    def _shapes(self) -> tuple[Any, ...]:
        return tuple(self.shape) if isinstance(self.shape, tuple | list) else (self.shape,)

    def check(self) -> None:
        if not self._shapes:
            raise ValueError(f"shape must not be empty, got {self.shape!r}")
        for shape in self._shapes:
            choice(shape, "shape", SHAPES)

    def draw(self, numbers: Numbers) -> Values:
        low, high = self.span("size")
        size = numbers.whole(int(low), int(high))
        shapes = self._shapes
        return {"size": size, "shape": np.array(shapes)[numbers.whole(0, len(shapes) - 1)]}

    def groups(self, values: Values) -> Array:
        # Squares may be of a size for each image; of all else there is one footprint for all.
        return np.where(values["shape"] == "square", 0, values["size"] * len(SHAPES)) + [
            SHAPES[shape] for shape in values["shape"].tolist()
        ]

    def apply(self, images: Array, values: Values, at: At) -> Array:
        shape, size = values["shape"][0], values["size"]
        make = {"disk": disk, "cross": cross}.get(str(shape))
        return type(self).op(images, size if make is None else make(int(size[0])))


class RandomErosion(Morphology):
    """Each pixel becomes the least of those under a footprint: dark things grow.

    Args:
        size: side of the footprint in pixels, from 1; a number, or a range (low, high) of which whole
            numbers are drawn. Even sizes reach one pixel further down and right.
        shape: ``"square"``, ``"disk"`` or ``"cross"``, or several to draw from.
        p: probability.

    Method:
        `fastaug.erode`; `skimage.morphology.erosion`, to the bit. Disks of odd sizes are
        `skimage.morphology.disk`, crosses OpenCV's ``MORPH_CROSS``.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomErosion((2, 5), shape=("square", "disk"))
        RandomErosion(size=(2, 5), shape=('square', 'disk'))
    """

    op = morphology.erode


class RandomDilation(Morphology):
    """Each pixel becomes the greatest of those under a footprint: bright things grow.

    Args:
        size: as in `RandomErosion`.
        shape: as in `RandomErosion`.
        p: probability.

    Method:
        `fastaug.dilate`; `skimage.morphology.dilation`, to the bit.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomDilation(5, "disk")
        RandomDilation(size=5, shape='disk')
    """

    op = morphology.dilate


class RandomOpening(Morphology):
    """An erosion and then a dilation: removes small bright spots.

    Args:
        size: as in `RandomErosion`.
        shape: as in `RandomErosion`.
        p: probability.

    Method:
        `fastaug.opening`; `skimage.morphology.opening`, to the bit.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomOpening((3, 7))
        RandomOpening(size=(3, 7))
    """

    op = morphology.opening


class RandomClosing(Morphology):
    """A dilation and then an erosion: fills small dark spots.

    Args:
        size: as in `RandomErosion`.
        shape: as in `RandomErosion`.
        p: probability.

    Method:
        `fastaug.closing`; `skimage.morphology.closing`, to the bit.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomClosing((3, 7))
        RandomClosing(size=(3, 7))
    """

    op = morphology.closing


class RandomMorphologicalGradient(Morphology):
    """The dilation less the erosion: the edges of things.

    Args:
        size: as in `RandomErosion`.
        shape: as in `RandomErosion`.
        p: probability.

    Method:
        `fastaug.morphological_gradient`; `scipy.ndimage.morphological_gradient` for odd sizes, to the bit.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomMorphologicalGradient(3, p=0.1)
        RandomMorphologicalGradient(p=0.1)
    """

    op = morphology.morphological_gradient
