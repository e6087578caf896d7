"""Transforms that change the size of images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

import numpy as np

from ..arrays import as_size, choice
from ..ops.geometry import FILL_MODES
from . import affine
from .affine import Sizes
from .base import Geometric, Style
from .draws import Floats, Numbers, Range, Values
from .geometry import INTERPOLATIONS, as_fill
from .ranges import Span


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    return as_size((size, size) if isinstance(size, int | np.integer) else size, "size")


def _half(spare: Sizes) -> Sizes:
    """Half of what is too much or, negative, too little; an odd pixel is left at the end."""
    halves: Sizes = np.sign(spare) * (np.abs(spare) // 2)
    return halves


class Sized(Geometric, abstract=True):
    """A transform whose results are all of one size."""

    size: int | tuple[int, int]

    def check(self) -> None:
        if 0 in _pair(self.size):
            raise ValueError(f"size must be at least 1 on each side, got {self.size!r}")

    def sizes(self, n: int) -> Sizes:
        sizes = np.empty((n, 2), np.int64)
        sizes[:, 0], sizes[:, 1] = _pair(self.size)
        return sizes


class Resize(Sized):
    """Stretches images to one size.

    Args:
        size: (height, width) in pixels, or a side of a square.
        interpolation: ``"bilinear"``, ``"bicubic"`` or ``"nearest"``.
        p: probability.

    Method:
        `fastaug.resize`, with antialias; `Resize` of torchvision on Pillow images.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.Resize((224, 224))
        Resize(size=(224, 224))
    """

    interpolation: str = field(default="bilinear", kw_only=True)
    antialias: ClassVar[bool] = True

    def check(self) -> None:
        super().check()
        choice(self.interpolation, "interpolation", INTERPOLATIONS)

    def style(self) -> Style:
        return Style(self.interpolation)

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        boxes = np.concatenate([np.zeros((len(sizes), 2)), sizes], axis=1)
        after = self.sizes(len(sizes))
        return affine.resizing(boxes, after), after


class RandomResizedCrop(Resize):
    """Cuts a random part out of each image and stretches it to one size.

    Args:
        size: (height, width) of the result in pixels, or a side of a square.
        scale: share of the image's area that is cut out; (low, high), or a number for always the same.
        ratio: width over height of what is cut out; (low, high), as likely to be 2 as to be 1 / 2.
        interpolation: as in `Resize`.
        p: probability.

    Method:
        `RandomResizedCrop` of torchvision and Albumentations. Those draw up to ten times until
        a part fits into the image; this draws once, and narrows or flattens a part that does not.
        Cut and stretch are `fastaug.resize` with a `box`: what Pillow's ``resize`` makes of it.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomResizedCrop(224)
        RandomResizedCrop(size=224)
    """

    scale: Range = (0.08, 1.0)
    ratio: Range = (3 / 4, 4 / 3)

    ranges: ClassVar[Mapping[str, Span]] = {
        "scale": Span(above=0.0, most=1.0),
        "ratio": Span(above=0.0),
    }

    def draw(self, numbers: Numbers) -> Values:
        return {
            "scale": numbers.between(*self.span("scale")),
            "ratio": numbers.log_between(*self.span("ratio")),
            "y": numbers.uniform(),
            "x": numbers.uniform(),
        }

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        area = values["scale"] * sizes[:, 0] * sizes[:, 1]
        height, width = np.sqrt(area / values["ratio"]), np.sqrt(area * values["ratio"])
        wanted = affine.pairs(height, width, len(sizes))
        cut = np.clip(np.rint(wanted), 1, sizes)
        corner = np.floor(affine.pairs(values["y"], values["x"], len(sizes)) * (sizes - cut + 1))
        boxes = np.concatenate([corner, cut], axis=1)
        after = self.sizes(len(sizes))
        return affine.resizing(boxes, after), after


class Window(Sized, abstract=True):
    """A part of the image, pixel for pixel; what is beyond its edge is fill."""

    fill_mode: str = field(default="constant", kw_only=True)
    fill_value: float | tuple[float, ...] = field(default=0.0, kw_only=True)
    pads: ClassVar[bool] = True

    def check(self) -> None:
        super().check()
        choice(self.fill_mode, "fill_mode", FILL_MODES)

    def style(self) -> Style:
        return Style(None, self.fill_mode, as_fill(self.fill_value))


class CenterCrop(Window):
    """Cuts out the middle; smaller images are padded.

    Args:
        size: (height, width) in pixels, or a side of a square.
        fill_mode: what lies outside of smaller images, as in `fastaug.warp_affine`.
        fill_value: for the two constant modes; a number, or one for each channel.
        p: probability.

    Method:
        `CenterCrop` of torchvision, whose odd pixel is rounded half to even; here the window begins at
        ``(H - height) // 2``, as in Keras and Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.CenterCrop(224)
        CenterCrop(size=224)
    """

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        after = self.sizes(len(sizes))
        return affine.window(_half(sizes - after)), after


class PadOrCrop(CenterCrop):
    """Brings images to one size without stretching: what is too large is cut, the rest padded.

    Args:
        size: (height, width) in pixels, or a side of a square.
        fill_mode: as in `CenterCrop`.
        fill_value: as in `CenterCrop`.
        p: probability.

    Method:
        `tf.image.resize_with_crop_or_pad`.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.PadOrCrop((256, 256), fill_value=127)
        PadOrCrop(size=(256, 256), fill_value=127)
    """


class RandomCrop(Window):
    """Cuts out a part of one size, anywhere; smaller images are padded, evenly on both sides.

    Args:
        size: (height, width) in pixels, or a side of a square.
        fill_mode: as in `CenterCrop`.
        fill_value: as in `CenterCrop`.
        p: probability.

    Method:
        `RandomCrop` of torchvision with ``pad_if_needed=True``; Keras' layer `RandomCrop`, which stretches
        smaller images instead.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomCrop((200, 300))
        RandomCrop(size=(200, 300))
    """

    def draw(self, numbers: Numbers) -> Values:
        return {"y": numbers.uniform(), "x": numbers.uniform()}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        after = self.sizes(len(sizes))
        spare = sizes - after
        where = affine.pairs(values["y"], values["x"], len(sizes))
        corner, lacks = np.floor(where * (spare + 1)), sizes < after
        if np.count_nonzero(lacks):
            corner = np.where(lacks, _half(spare), corner)
        return affine.window(corner), after
