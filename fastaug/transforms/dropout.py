"""Transforms that leave out a part of an image: rectangles, pixels, channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..arrays import Array, as_numbers, as_size
from ..ops.channels import shuffle_channels
from ..ops.erasing import erase
from ..ops.noise import pixel_dropout
from .base import At, Pointwise
from .draws import Floats, Numbers, Range, Values
from .ranges import Span

SHARE = Span(least=0.0, most=1.0)


class Filled(Pointwise, abstract=True):
    """A transform that puts a constant in the place of what it leaves out."""

    value: float | tuple[float, ...] = field(default=0.0, kw_only=True)

    def check(self) -> None:
        value = as_numbers(self.value, "value")
        if value.ndim > 1 or not np.isfinite(value).all():
            raise ValueError(
                f"value must be a finite number, or one for each channel, got {self.value!r}"
            )

    def fill(self) -> Any:
        """As the ops take it: a number, or a row of numbers."""
        return self.value if np.ndim(self.value) == 0 else [self.value]


def check_flag(value: Any, name: str) -> None:
    """Refuses what is neither True nor False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, got {value!r}")


def rectangles(sides: Floats, places: Floats, images: Array) -> npt.NDArray[np.int64]:
    """Boxes (top, left, height, width) with sides of whole pixels, anywhere within the images.

    Args:
        sides: heights and widths in pixels, rounded already; shape (n, k, 2).
        places: 0 to 1, from the first to the last place where each fits; shape (n, k, 2).
        images: (n, H, W, C).
    """
    size = np.array(images.shape[1:3])
    sides = np.minimum(sides, size)
    corners = np.floor(places * (size - sides + 1))
    return np.concatenate([corners, sides], axis=2).astype(np.int64)


class RandomErasing(Filled):
    """Fills one rectangle of an image.

    Args:
        scale: share of the image's area that is filled; (low, high), or a number for always the same.
        ratio: height over width, in pixels; (low, high), as likely to be 2 as to be 1 / 2.
        value: what pixels become, in grey levels; a number, or one for each channel.
        p: probability.

    Method:
        `fastaug.erase`; `RandomErasing` of torchvision, which draws up to ten times until a rectangle
        fits into the image; this draws once, and narrows or flattens one that does not. Keras' layer
        `RandomErasing` draws height and width for themselves.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomErasing(scale=(0.02, 0.2), value=127)
        RandomErasing(scale=(0.02, 0.2), value=127)
    """

    scale: Range = (0.02, 0.33)
    ratio: Range = (0.3, 3.3)
    p: float = field(default=0.5, kw_only=True)
    ranges: ClassVar[Mapping[str, Span]] = {"scale": SHARE, "ratio": Span(above=0.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {
            "scale": numbers.between(*self.span("scale")),
            "ratio": numbers.log_between(*self.span("ratio")),
            "y": numbers.uniform(),
            "x": numbers.uniform(),
        }

    def apply(self, images: Array, values: Values, at: At) -> Array:
        area = values["scale"] * (images.shape[1] * images.shape[2])
        height, width = np.sqrt(area * values["ratio"]), np.sqrt(area / values["ratio"])
        sides = np.rint(np.stack([height, width], axis=1))[:, np.newaxis]
        places = np.stack([values["y"], values["x"]], axis=1)[:, np.newaxis]
        return erase(images, rectangles(sides, places, images), self.fill())


class CoarseDropout(Filled):
    """Fills a few rectangles, which may overlap.

    Args:
        holes: how many; a number, or a range (low, high) of which whole numbers are drawn.
        size: share of the height, and another one of the width; a number, or a range (low, high).
            Rounded down to pixels, but at least one.
        value: what pixels become, in grey levels; a number, or one for each channel.
        p: probability.

    Method:
        `fastaug.erase`; `CoarseDropout` of Albumentations, exact for the same holes.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.CoarseDropout(holes=(3, 6), size=(0.1, 0.25))
        CoarseDropout(holes=(3, 6), size=(0.1, 0.25))
    """

    holes: int | tuple[int, int] = (1, 8)
    size: Range = (0.05, 0.2)
    ranges: ClassVar[Mapping[str, Span]] = {
        "holes": Span(least=1, most=1000, whole=True),
        "size": SHARE,
    }

    def draw(self, numbers: Numbers) -> Values:
        fewest, most = (int(end) for end in self.span("holes"))
        low, high = self.span("size")
        return {
            "holes": numbers.whole(fewest, most),
            "size": low + (high - low) * numbers.uniforms(most, 2),
            "corner": numbers.uniforms(most, 2),
        }

    def apply(self, images: Array, values: Values, at: At) -> Array:
        sides = np.maximum(np.floor(values["size"] * images.shape[1:3]), 1)
        boxes = rectangles(sides, values["corner"], images)
        # A hole without a height is none.
        boxes[np.arange(boxes.shape[1]) >= values["holes"][:, np.newaxis]] = 0
        return erase(images, boxes, self.fill())


def as_cells(cells: Any) -> tuple[int, int]:
    """(down, across) from such a pair or a number for both."""
    pair = as_size((cells, cells) if isinstance(cells, int | np.integer) else cells, "cells")
    if 0 in pair:
        raise ValueError(f"cells must be at least 1 each way, got {cells!r}")
    return pair


def grid(images: Array, cells: tuple[int, int]) -> tuple[Array, Array]:
    """Corners (top, left) and sizes (height, width) of the cells of images, (down, across, 2)."""
    edges = [np.arange(k + 1) * side // k for side, k in zip(images.shape[1:3], cells, strict=True)]
    corners = np.meshgrid(*(edge[:-1] for edge in edges), indexing="ij")
    sizes = np.meshgrid(*map(np.diff, edges), indexing="ij")
    return np.stack(corners, axis=-1), np.stack(sizes, axis=-1)


class GridDropout(Filled):
    """Divides images into cells, and fills a rectangle in each.

    Args:
        ratio: share of its cell's height and width that a rectangle has, more than 0; a number, or a
            range (low, high). Rounded down to pixels; at least one is filled, and at least one stays.
        cells: how many, (down, across), or a number for both.
        random_offset: whether rectangles lie anywhere in their cells, or else at the top left.
        value: what pixels become, in grey levels; a number, or one for each channel.
        p: probability.

    Method:
        `fastaug.erase`; `GridDropout` of Albumentations, exact where the cells are alike. What a division
        leaves over is here spread evenly, there at random.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.GridDropout(ratio=0.4, cells=(4, 6))
        GridDropout(ratio=0.4, cells=(4, 6))
    """

    ratio: Range = 0.5
    cells: int | tuple[int, int] = 10
    random_offset: bool = True
    ranges: ClassVar[Mapping[str, Span]] = {"ratio": Span(above=0.0, most=1.0)}

    def check(self) -> None:
        super().check()
        as_cells(self.cells)
        check_flag(self.random_offset, "random_offset")

    def draw(self, numbers: Numbers) -> Values:
        corners = numbers.uniforms(*as_cells(self.cells), 2)
        return {
            "ratio": numbers.between(*self.span("ratio")),
            "corner": corners if self.random_offset else np.zeros(corners.shape),
        }

    def apply(self, images: Array, values: Values, at: At) -> Array:
        corners, cells = grid(images, as_cells(self.cells))
        most = np.maximum(cells - 1, 0)  # there may be more cells than pixels
        ratio = values["ratio"].reshape(-1, 1, 1, 1)
        sides = np.minimum(np.maximum(np.floor(ratio * cells), 1), most)
        corners = corners + np.floor(values["corner"] * (cells - sides + 1))
        boxes = np.concatenate([corners, sides], axis=-1).astype(np.int64)
        return erase(images, boxes.reshape(len(boxes), -1, 4), self.fill())


class PixelDropout(Pointwise):
    """Replaces some pixels by a constant.

    Args:
        amount: probability that a pixel is replaced, 0 to 1; a number, or a range (low, high).
        per_channel: whether each channel of a pixel is decided on by itself.
        value: what pixels become, in grey levels.
        p: probability.

    Method:
        `fastaug.pixel_dropout`; `PixelDropout` of Albumentations, by other random numbers.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.PixelDropout(amount=(0.01, 0.1))
        PixelDropout(amount=(0.01, 0.1))
    """

    amount: Range = 0.01
    per_channel: bool = False
    value: float = 0.0
    ranges: ClassVar[Mapping[str, Span]] = {"amount": SHARE}

    def check(self) -> None:
        check_flag(self.per_channel, "per_channel")
        if np.shape(self.value) != () or not np.isfinite(as_numbers(self.value, "value")):
            raise ValueError(f"value must be a finite number, got {self.value!r}")

    def draw(self, numbers: Numbers) -> Values:
        return {"amount": numbers.between(*self.span("amount"))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return pixel_dropout(
            images, values["amount"], value=self.value, per_channel=self.per_channel, **at.noise
        )


def channel_ranks(at: At, channels: int) -> npt.NDArray[np.int64]:
    """A random order of the channels, of which there are only now known to be so many."""
    numbers = Numbers(at.samples, at.place)
    numbers.uniforms(2)  # those of `applies` and `draw`
    return numbers.ranks(channels)


class ChannelDropout(Filled):
    """Fills a few channels; which ones follows from the sample's index.

    Args:
        channels: how many, fewer than the images have; a number, or a range (low, high) of which whole
            numbers are drawn.
        value: what they become, in grey levels; a number, or one for each channel.
        p: probability.

    Method:
        `fastaug.shuffle_channels`; `ChannelDropout` of Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ChannelDropout(channels=(1, 2), p=0.3)
        ChannelDropout(channels=(1, 2), p=0.3)
    """

    channels: int | tuple[int, int] = 1
    ranges: ClassVar[Mapping[str, Span]] = {"channels": Span(least=0, whole=True)}

    def draw(self, numbers: Numbers) -> Values:
        low, high = self.span("channels")
        return {"channels": numbers.whole(int(low), int(high))}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        count = images.shape[3]
        if self.span("channels")[1] >= count:
            raise ValueError(
                f"channels must be fewer than the {count} of the images, got {self.channels!r}"
            )
        dropped = channel_ranks(at, count) < values["channels"][:, np.newaxis]
        order = np.where(dropped, -1, np.arange(count))
        return shuffle_channels(images, order, value=self.fill())


class ChannelShuffle(Pointwise):
    """Puts channels in another order, each order being as likely; it follows from the sample's index.

    Args:
        p: probability.

    Method:
        `fastaug.shuffle_channels`; `ChannelShuffle` of Albumentations, `RandomChannelPermutation` of
        torchvision.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ChannelShuffle(p=0.5)
        ChannelShuffle(p=0.5)
    """

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return shuffle_channels(images, channel_ranks(at, images.shape[3]))
