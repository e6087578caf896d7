"""Transforms that blur, and one that sharpens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..ops import blur, filters
from .base import At, Neighbourhood
from .color import FACTOR
from .draws import Numbers, Range, Values
from .ranges import Span


class GaussianBlur(Neighbourhood):
    """Blurs by a Gaussian.

    Args:
        sigma: standard deviation in pixels; a number, or a range (low, high).
        p: probability.

    Method:
        `fastaug.gaussian_blur`; `GaussianBlur` of torchvision and Albumentations, without their limit to
        a window.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.GaussianBlur(sigma=(0.5, 3))
        GaussianBlur(sigma=(0.5, 3))
    """

    sigma: Range = (0.1, 2.0)
    ranges: ClassVar[Mapping[str, Span]] = {"sigma": Span(least=0.0, most=1000.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {"sigma": numbers.between(*self.span("sigma"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return blur.gaussian_blur(images, values["sigma"])


class Windowed(Neighbourhood, abstract=True):
    """A blur over a window with a pixel in its middle."""

    size: int | tuple[int, int] = (3, 7)
    ranges: ClassVar[Mapping[str, Span]] = {"size": Span(least=1, most=255, whole=True)}

    def check(self) -> None:
        if any(end % 2 == 0 for end in self.span("size")):
            raise ValueError(f"size must be odd, or a pair of odd numbers, got {self.size!r}")

    def sizes(self, numbers: Numbers) -> npt.NDArray[np.int64]:
        """One of the odd numbers in the range, for each sample."""
        low, high = (int(end) for end in self.span("size"))
        return low + 2 * numbers.whole(0, (high - low) // 2)

    def draw(self, numbers: Numbers) -> Values:
        return {"size": self.sizes(numbers)}


class BoxBlur(Windowed):
    """Makes each pixel the mean of a square around it.

    Args:
        size: side of the square in pixels, odd, from 1 to 255; a number, or a range (low, high) of
            which odd numbers are drawn.
        p: probability.

    Method:
        `fastaug.box_blur` with ``mode="mirror"``; OpenCV's ``blur`` and so `Blur` of Albumentations,
        within one grey level.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.BoxBlur(size=(3, 9))
        BoxBlur(size=(3, 9))
    """

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return blur.box_blur(images, values["size"], mode="mirror")


class MedianBlur(Windowed):
    """Makes each pixel the median of a square around it.

    Args:
        size: side of the square in pixels, odd, from 1 to 255; a number, or a range (low, high) of
            which odd numbers are drawn.
        p: probability.

    Method:
        `fastaug.median_blur` with ``mode="nearest"``; OpenCV's ``medianBlur`` and so `MedianBlur` of
        Albumentations, to the bit.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.MedianBlur(5)
        MedianBlur(size=5)
    """

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return filters.median_blur(images, values["size"], mode="nearest")


class MotionBlur(Windowed):
    """Makes each pixel the mean of those along a line through it.

    Args:
        size: length of the line in pixels, odd, from 1 to 255; a number, or a range (low, high) of
            which odd numbers are drawn.
        angle: of the line in degrees, counter-clockwise from the horizontal; x means -x to x.
        p: probability.

    Method:
        `fastaug.motion_blur`, whose kernels are those of `RandomMotionBlur` of Kornia, beyond the edges
        with ``mode="mirror"``, as `MotionBlur` of Albumentations: it is within one grey level where the
        line is horizontal or upright.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.MotionBlur(size=9, angle=(0, 45))
        MotionBlur(size=9, angle=(0, 45))
    """

    angle: Range = 180.0
    ranges: ClassVar[Mapping[str, Span]] = {**Windowed.ranges, "angle": Span(about=0.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {"size": self.sizes(numbers), "angle": numbers.between(*self.span("angle"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return filters.motion_blur(images, values["size"], values["angle"], mode="mirror")


class RandomSharpness(Neighbourhood):
    """Sharpens by a factor of more than 1, softens by one of less.

    Args:
        sharpness: factor; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `fastaug.sharpen`; `ImageEnhance.Sharpness` of Pillow and `adjust_sharpness` of torchvision, within
        one grey level for factors up to 2.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomSharpness(0.3)
        RandomSharpness(sharpness=0.3)
    """

    sharpness: Range = 0.5
    ranges: ClassVar[Mapping[str, Span]] = {"sharpness": FACTOR}

    def draw(self, numbers: Numbers) -> Values:
        return {"sharpness": numbers.between(*self.span("sharpness"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return filters.sharpen(images, values["sharpness"], value_range=at.value_range)
