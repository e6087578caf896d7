"""What a case works on: images, buffers and parameters, the same arrays for every contender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import cycle, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from ...arrays import Array
from ...ops.geometry import affine_matrix
from ...ops.tones import IMAGENET_MEAN, IMAGENET_STD

Shape = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Work:
    """One piece of work; arrays are made on first use and shared by the contenders."""

    shape: Shape
    dtype: str
    options: Mapping[str, Any]

    @property
    def images(self) -> Array:
        return make_images(self.shape, self.dtype, self.white)

    @cached_property
    def out(self) -> Array:
        """Where contenders put the result, if they can; its pages are there already."""
        n, h, w, c = self.shape
        shape = (n, w, h, c) if self.options.get("turned") else self.shape
        return np.full(shape, 1, self.options.get("made", self.dtype))

    @cached_property
    def pairs(self) -> list[tuple[Array, Array]]:
        """(image, out) of every sample, for peers that take one image at a time."""
        return list(zip(self.images, self.out, strict=True))

    @property
    def size(self) -> tuple[int, int]:
        return self.shape[1], self.shape[2]

    @property
    def white(self) -> float:
        """The brightest value: 255 for uint8, 1 for floats unless the case says otherwise."""
        return 255.0 if self.dtype == "uint8" else float(self.options.get("white", 1.0))

    @cached_property
    def matrices(self) -> npt.NDArray[np.float64]:
        """One random affine map per image, output (x, y) to input."""
        n = self.shape[0]
        rng = np.random.default_rng(1)
        reach = np.array(self.size[::-1]) * 0.1
        return affine_matrix(
            rotation=rng.uniform(-20, 20, n),
            scale=rng.uniform(0.9, 1.1, (n, 2)),
            shear=rng.uniform(-5, 5, (n, 2)),
            translation=rng.uniform(-1, 1, (n, 2)) * reach,
            size=self.size,
        )

    @property
    def statistics(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """A mean and a deviation for each channel, those of ImageNet over and over."""
        channels = self.shape[3]
        mean, std = (tuple(islice(cycle(v), channels)) for v in (IMAGENET_MEAN, IMAGENET_STD))
        return mean, std

    def release(self) -> None:
        """Lets go of the buffers; they are made anew if anyone asks."""
        for name in ("out", "pairs"):
            self.__dict__.pop(name, None)


@lru_cache(maxsize=4)
def make_images(shape: Shape, dtype: str, white: float = 1.0) -> Array:
    """Pictures with soft shapes and some grain, every one different; floats are in 0 to `white`."""
    n, height, width, channels = shape
    rng = np.random.default_rng(0)
    waves = rng.uniform(-0.15, 0.15, (2, n, 1, 1, channels)).astype(np.float32)
    phase = rng.uniform(0, 6, (n, 1, 1, channels)).astype(np.float32)
    y = np.arange(height, dtype=np.float32)[:, np.newaxis, np.newaxis]
    x = np.arange(width, dtype=np.float32)[:, np.newaxis]
    images: Array = np.empty(shape, np.uint8)
    for image, wave_y, wave_x, start in zip(images, *waves, phase, strict=True):
        pixels = np.sin(wave_y * y + wave_x * x + start) * 85 + 127.5
        pixels += rng.random(shape[1:], np.float32) * 20 - 10
        np.rint(pixels, out=image, casting="unsafe")
    if dtype != "uint8":
        images = images.astype(dtype) / np.array(255 / white, dtype)
    return images


def ellipse(size: int) -> npt.NDArray[np.uint8]:
    """The elliptic footprint of OpenCV, for those who do not have OpenCV."""
    middle = (size - 1) // 2
    footprint = np.zeros((size, size), np.uint8)
    for y in range(size):
        reach = round(float(np.sqrt(max(middle**2 - (y - middle) ** 2, 0))))
        footprint[y, middle - reach : middle + reach + 1] = 1
    return footprint


def half_full(size: int) -> npt.NDArray[np.uint8]:
    """A square footprint of which half the cells are there, at random."""
    return np.random.default_rng(1).integers(0, 2, (size, size), np.uint8)
