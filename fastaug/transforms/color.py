"""Transforms of brightness, contrast and colour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import ClassVar

from ..arrays import Array
from ..ops import color
from .base import At, Node, Pointwise, Slot, Transform
from .composition import RandomOrder
from .draws import Flags, Numbers, Range, Samples, Values
from .ranges import Span

FACTOR = Span(about=1.0, least=0.0)
TURNS = Span(about=0.0, least=-0.5, most=0.5)


class OneNumber(Pointwise, abstract=True):
    """An op with one number, drawn evenly from the range that its only argument stands for."""

    op: ClassVar[Callable[..., Array]]

    def draw(self, numbers: Numbers) -> Values:
        (name,) = self.ranges
        return {name: numbers.between(*self.span(name))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        (name,) = self.ranges
        return type(self).op(images, values[name], value_range=at.value_range)


class RandomBrightness(OneNumber):
    """Multiplies by a factor: less than 1 darkens.

    Args:
        brightness: factor; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `fastaug.adjust_brightness`; `ImageEnhance.Brightness` of Pillow and the brightness of torchvision's
        `ColorJitter`, within one grey level.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomBrightness(0.3)
        RandomBrightness(brightness=0.3)
    """

    brightness: Range = 0.2
    ranges: ClassVar[Mapping[str, Span]] = {"brightness": FACTOR}
    op = color.adjust_brightness


class RandomContrast(OneNumber):
    """Draws values away from the mean grey of their image, or towards it.

    Args:
        contrast: factor; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `fastaug.adjust_contrast`; `ImageEnhance.Contrast` of Pillow and the contrast of torchvision's
        `ColorJitter`, within one grey level for factors up to 2.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomContrast(0.3)
        RandomContrast(contrast=0.3)
    """

    contrast: Range = 0.2
    ranges: ClassVar[Mapping[str, Span]] = {"contrast": FACTOR}
    op = color.adjust_contrast


class RandomBrightnessContrast(Pointwise):
    """Changes brightness and then contrast, each by a factor of its own.

    Args:
        brightness: factor, as in `RandomBrightness`; x means 1 - x to 1 + x.
        contrast: factor, as in `RandomContrast`; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `ImageEnhance.Brightness` and then `ImageEnhance.Contrast` of Pillow, and `RandomBrightnessContrast` of
        AlbumentationsX 2.5, within two grey levels for factors up to 2.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomBrightnessContrast(0.3, contrast=(0.5, 1.0))
        RandomBrightnessContrast(brightness=0.3, contrast=(0.5, 1.0))
    """

    brightness: Range = 0.2
    contrast: Range = 0.2
    ranges: ClassVar[Mapping[str, Span]] = {"brightness": FACTOR, "contrast": FACTOR}

    def draw(self, numbers: Numbers) -> Values:
        return {name: numbers.between(*self.span(name)) for name in self.ranges}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        brighter = color.adjust_brightness(images, values["brightness"], value_range=at.value_range)
        return color.adjust_contrast(brighter, values["contrast"], value_range=at.value_range)


class RandomSaturation(OneNumber):
    """Blends with grey: less than 1 is paler, more is more colourful.

    Args:
        saturation: factor; x means 1 - x to 1 + x.
        p: probability.

    Method:
        `fastaug.adjust_saturation`; `ImageEnhance.Color` of Pillow and the saturation of torchvision's
        `ColorJitter`, within one grey level for factors up to 2.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomSaturation(0.5)
        RandomSaturation(saturation=0.5)
    """

    saturation: Range = 0.2
    ranges: ClassVar[Mapping[str, Span]] = {"saturation": FACTOR}
    op = color.adjust_saturation


class RandomHue(OneNumber):
    """Turns the hue: half a turn makes red cyan.

    Args:
        hue: turns, from -0.5 to 0.5; x means -x to x.
        p: probability.

    Method:
        `fastaug.adjust_hue`; `tf.image.adjust_hue` and the hue of torchvision's `ColorJitter`, within one
        grey level.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomHue(0.1)
        RandomHue(hue=0.1)
    """

    hue: Range = 0.05
    ranges: ClassVar[Mapping[str, Span]] = {"hue": TURNS}
    op = color.adjust_hue


class ColorJitter(Node):
    """Brightness, contrast, saturation and hue, in an order of its own for each sample.

    Args:
        brightness: as in `RandomBrightness`; 0 leaves it out, as it does the others.
        contrast: as in `RandomContrast`.
        saturation: as in `RandomSaturation`.
        hue: as in `RandomHue`.
        p: probability.

    Method:
        `ColorJitter` of torchvision: a `RandomOrder` of the four, and that is what plans and records
        show. Each of them is within one grey level of torchvision's.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ColorJitter(brightness=0.4, hue=0)
        ColorJitter(brightness=0.4, hue=0)
    """

    brightness: Range = 0.2
    contrast: Range = 0.2
    saturation: Range = 0.2
    hue: Range = 0.05
    ranges: ClassVar[Mapping[str, Span]] = {
        "brightness": FACTOR,
        "contrast": FACTOR,
        "saturation": FACTOR,
        "hue": TURNS,
    }

    @cached_property
    def _parts(self) -> RandomOrder:
        """What it stands for."""
        kinds = (RandomBrightness, RandomContrast, RandomSaturation, RandomHue)
        parts: list[Node] = []
        for (name, span), kind in zip(self.ranges.items(), kinds, strict=True):
            if self.span(name) != (span.about, span.about):
                parts.append(kind(getattr(self, name)))
        return RandomOrder(parts, p=self.p)

    def places(self) -> int:
        return self._parts.places()

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterable[Slot]:
        return self._parts.slots(samples, place, active)

    def leaves(self, place: int) -> Iterator[tuple[Transform, int]]:
        return self._parts.leaves(place)


class RandomGrayscale(Pointwise):
    """Makes red, green and blue the grey of each pixel; the shape stays.

    Args:
        p: probability.

    Method:
        `fastaug.to_grayscale`; ``convert("L")`` of Pillow and `RandomGrayscale` of torchvision, within one
        grey level.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomGrayscale(p=0.2)
        RandomGrayscale(p=0.2)
    """

    p: float = field(default=0.1, kw_only=True)
    is_fixed: ClassVar[bool] = True

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return color.to_grayscale(images, value_range=at.value_range)
