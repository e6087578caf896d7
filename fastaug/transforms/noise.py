"""Transforms that add noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..arrays import Array
from ..ops import noise
from .base import At, Pointwise
from .draws import Numbers, Range, Values
from .ranges import Span


class GaussianNoise(Pointwise):
    """Adds normally distributed noise.

    Args:
        std: standard deviation in grey levels; a number, or a range (low, high).
        p: probability.

    Method:
        `fastaug.gaussian_noise`; `GaussNoise` of Albumentations, `GaussianNoise` of torchvision.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.GaussianNoise(std=(5, 20))
        GaussianNoise(std=(5, 20))
    """

    std: Range = 10.0
    ranges: ClassVar[Mapping[str, Span]] = {"std": Span(least=0.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {"std": numbers.between(*self.span("std"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return noise.gaussian_noise(images, values["std"], value_range=at.value_range, **at.noise)
