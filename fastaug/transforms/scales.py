"""Transforms that bring values to another scale, as float32."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..arrays import Array, as_numbers
from ..ops import tones
from .base import At, Pointwise
from .draws import Values

Limits = tuple[float, float] | None


class Scaled(Pointwise, abstract=True):
    """A transform whose results have another black and white than its images."""

    def value_range(self, given: Limits, images: np.dtype[Any], result: np.dtype[Any]) -> Limits:
        return None


class Normalize(Scaled):
    """Subtracts a mean and divides by a deviation, channel by channel; the result is float32.

    Args:
        mean: on a scale of 0, black, to 1, white: a number, or one for each channel. ImageNet's by
            default.
        std: on that scale, likewise, more than 0.
        p: probability.

    Method:
        `fastaug.normalize`; `Normalize` of torchvision and Albumentations, within 1e-6 of the largest
        results.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.Normalize(mean=0.5, std=0.5)
        Normalize(mean=0.5, std=0.5)
    """

    is_fixed: ClassVar[bool] = True
    mean: float | tuple[float, ...] = tones.IMAGENET_MEAN
    std: float | tuple[float, ...] = tones.IMAGENET_STD

    def check(self) -> None:
        for name in ("mean", "std"):
            numbers = as_numbers(getattr(self, name), name)
            if numbers.ndim > 1 or not np.isfinite(numbers).all():
                raise ValueError(
                    f"{name} must be a finite number, or one for each channel, "
                    f"got {getattr(self, name)!r}"
                )
        if not (as_numbers(self.std, "std") > 0).all():
            raise ValueError(f"std must be more than 0, got {self.std!r}")

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.normalize(images, self.mean, self.std, value_range=at.value_range)


class Rescale(Scaled):
    """Multiplies by a number and adds another one; the result is float32.

    Args:
        scale: factor of the images' grey levels, not 0.
        offset: what is added then.
        p: probability.

    Method:
        `fastaug.ops.tones.rescale`; Keras' layer `Rescaling`, to the bit. What was black and white before
        is so after it for the transforms that follow.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.Rescale(1 / 127.5, offset=-1)
        Rescale(scale=0.00784313725490196, offset=-1)
    """

    is_fixed: ClassVar[bool] = True
    scale: float
    offset: float = 0.0

    def check(self) -> None:
        for name in ("scale", "offset"):
            number = as_numbers(getattr(self, name), name)
            if number.shape != () or not np.isfinite(number):
                raise ValueError(f"{name} must be a finite number, got {getattr(self, name)!r}")
        if self.scale == 0:
            raise ValueError(f"scale must not be 0, got {self.scale!r}")

    def value_range(self, given: Limits, images: np.dtype[Any], result: np.dtype[Any]) -> Limits:
        if given is None:
            given = (0.0, float(np.iinfo(images).max) if images.kind == "u" else 1.0)
        black, white = sorted(float(end * self.scale + self.offset) for end in given)
        return None if (black, white) == (0.0, 1.0) else (black, white)

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.rescale(images, self.scale, self.offset)


class ToFloat(Scaled):
    """Brings values to a scale of 0, black, to 1, white, as float32.

    Args:
        p: probability.

    Method:
        `fastaug.to_float`; `tf.image.convert_image_dtype`, to the bit, and `ToFloat` of Albumentations, up
        to the last bit.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ToFloat()
        ToFloat()
    """

    is_fixed: ClassVar[bool] = True

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return tones.to_float(images, value_range=at.value_range)
