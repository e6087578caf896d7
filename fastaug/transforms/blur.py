"""Transforms that blur."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..arrays import Array
from ..ops import blur
from .base import At, Neighbourhood
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
        >>> ft.GaussianBlur(sigma=(0.1, 2))
        GaussianBlur(sigma=(0.1, 2))
    """

    sigma: Range = (0.1, 2.0)
    ranges: ClassVar[Mapping[str, Span]] = {"sigma": Span(least=0.0, most=1000.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {"sigma": numbers.between(*self.span("sigma"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return blur.gaussian_blur(images, values["sigma"])
