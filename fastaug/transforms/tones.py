"""Transforms of tones: every value, or every channel, by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from ..arrays import Array
from ..ops import tones
from ..ops.color import given
from .base import At, Pointwise
from .color import FACTOR, OneNumber
from .draws import Numbers, Range, Values
from .ranges import Span


class RandomGamma(OneNumber):
    """Raises values, as shares of white, to a power: more than 1 darkens.

    Args:
        gamma: the power; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `fastaug.adjust_gamma`; `skimage.exposure.adjust_gamma`, within one grey level. `RandomGamma` of
        Albumentations takes the power in percent.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomGamma((0.5, 2.0))
        RandomGamma(gamma=(0.5, 2.0))
    """

    gamma: Range = 0.2
    ranges: ClassVar[Mapping[str, Span]] = {"gamma": FACTOR}
    op = tones.adjust_gamma


class RandomInvert(Pointwise):
    """Turns black into white and white into black.

    Args:
        p: probability.

    Method:
        `fastaug.invert`; `ImageOps.invert` of Pillow and `RandomInvert` of torchvision. Exact for integers.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomInvert(p=0.1)
        RandomInvert(p=0.1)
    """

    p: float = field(default=0.5, kw_only=True)
    is_fixed: ClassVar[bool] = True

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.invert(images, value_range=at.value_range)


class Posterize(Pointwise):
    """Keeps so many bits of each value.

    Args:
        bits: 0 to 8, or to 16 for images of another dtype than uint8; a number, or a range (low, high)
            of which whole numbers are drawn.
        p: probability.

    Method:
        `fastaug.posterize`; `ImageOps.posterize` of Pillow and `RandomPosterize` of torchvision. Exact.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.Posterize((3, 6))
        Posterize(bits=(3, 6))
    """

    bits: int | tuple[int, int] = 4
    ranges: ClassVar[Mapping[str, Span]] = {"bits": Span(least=0, most=16, whole=True)}

    def draw(self, numbers: Numbers) -> Values:
        low, high = self.span("bits")
        return {"bits": numbers.whole(int(low), int(high))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.posterize(images, values["bits"], value_range=at.value_range)


class Solarize(Pointwise):
    """Inverts values from a threshold on.

    Args:
        threshold: share of the way from black, 0, to white, 1, whatever the dtype; a number, or a range
            (low, high).
        p: probability.

    Method:
        `fastaug.solarize`; `ImageOps.solarize` of Pillow and `RandomSolarize` of torchvision, which take
        grey levels: exact for the same level.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.Solarize((0.3, 0.9), p=0.2)
        Solarize(threshold=(0.3, 0.9), p=0.2)
    """

    threshold: Range = 0.5
    ranges: ClassVar[Mapping[str, Span]] = {"threshold": Span(least=0.0, most=1.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {"threshold": numbers.between(*self.span("threshold"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        _, (black, white) = given(images, "channels_last", at.value_range)
        level = black + values["threshold"] * (white - black)
        return tones.solarize(images, level, value_range=at.value_range)


class AutoContrast(Pointwise):
    """Stretches each channel so that its darkest value is black and its brightest white.

    Args:
        p: probability.

    Method:
        `fastaug.autocontrast`; `ImageOps.autocontrast` of Pillow, exact for uint8.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.AutoContrast(p=0.5)
        AutoContrast(p=0.5)
    """

    is_fixed: ClassVar[bool] = True

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.autocontrast(images, value_range=at.value_range)


class Equalize(Pointwise):
    """Spreads the values of each channel so that its histogram is as flat as may be.

    Args:
        p: probability.

    Method:
        `fastaug.equalize`; `ImageOps.equalize` of Pillow, exact for uint8.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.Equalize(p=0.5)
        Equalize(p=0.5)
    """

    is_fixed: ClassVar[bool] = True

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.equalize(images, value_range=at.value_range)


class ChannelShift(Pointwise):
    """Adds to every value, within the least and the greatest value that the image had.

    Args:
        shift: in grey levels of the images, for all channels alike; x means -x to x.
        p: probability.

    Method:
        `fastaug.channel_shift`; `apply_channel_shift` of `keras.preprocessing.image`, exact for whole
        numbers.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ChannelShift(20)
        ChannelShift(shift=20)
    """

    shift: Range = 20.0
    ranges: ClassVar[Mapping[str, Span]] = {"shift": Span(about=0.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {"shift": numbers.between(*self.span("shift"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.channel_shift(images, values["shift"])
