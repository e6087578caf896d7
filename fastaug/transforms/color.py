"""Transforms of brightness, contrast and colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from ..arrays import Array
from ..ops import color, tones
from .base import At, Pointwise
from .draws import Numbers, Range, Values
from .ranges import Span

FACTOR = Span(about=1.0, least=0.0)


class OneFactor(Pointwise, abstract=True):
    """An op with one number, drawn evenly from the range that its only argument stands for."""

    op: ClassVar[Callable[..., Array]]

    def draw(self, numbers: Numbers) -> Values:
        (name,) = self.ranges
        return {name: numbers.between(*self.span(name))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        (name,) = self.ranges
        return type(self).op(images, values[name], value_range=at.value_range)


class RandomBrightness(OneFactor):
    """Multiplies by a factor: less than 1 darkens.

    Args:
        brightness: factor; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `fastaug.adjust_brightness`; the brightness of `ColorJitter` of torchvision.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomBrightness(0.3)
        RandomBrightness(brightness=0.3)
    """

    brightness: Range = 0.2
    ranges: ClassVar[Mapping[str, Span]] = {"brightness": FACTOR}
    op = color.adjust_brightness


class RandomContrast(OneFactor):
    """Draws values away from the mean grey of their image, or towards it.

    Args:
        contrast: factor; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `fastaug.adjust_contrast`; the contrast of `ColorJitter` of torchvision.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomContrast(0.3)
        RandomContrast(contrast=0.3)
    """

    contrast: Range = 0.2
    ranges: ClassVar[Mapping[str, Span]] = {"contrast": FACTOR}
    op = color.adjust_contrast


class Normalize(Pointwise):
    """Subtracts a mean and divides by a deviation, channel by channel; the result is float32.

    Args:
        mean: on a scale of 0, black, to 1, white: a number, or one for each channel. ImageNet's by
            default.
        std: on that scale, likewise.

    Method:
        `fastaug.normalize`; `Normalize` of torchvision and Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.Normalize(mean=0.5, std=0.5)
        Normalize(mean=0.5, std=0.5)
    """

    mean: float | tuple[float, ...] = tones.IMAGENET_MEAN
    std: float | tuple[float, ...] = tones.IMAGENET_STD

    def apply(self, images: Array, values: Values, at: At) -> Array:
        mean, std = self.mean, self.std
        return tones.normalize(images, mean, std, value_range=at.value_range)
