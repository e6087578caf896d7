"""Policies: for each sample one op of many, or a few, as strong as a magnitude says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ..arrays import choice
from ..ops.geometry import FILL_MODES
from . import affine
from .affine import Sizes
from .base import Node, Slot, Transform
from .blur import RandomSharpness
from .color import RandomBrightness, RandomContrast, RandomSaturation
from .draws import Flags, Floats, Numbers, Samples, Values
from .geometry import INTERPOLATIONS, RandomRotation, Resampled
from .tones import AutoContrast, Equalize, Posterize, Solarize


class AxisShear(Resampled, abstract=True):
    """Shears along one axis about the top left corner, by pixels for each pixel of the other axis."""

    axis: int = 0

    def draw(self, numbers: Numbers) -> Values:
        return {"shear": np.zeros(numbers.n)}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        matrices = affine.identity(len(sizes))
        matrices[:, self.axis, 1 - self.axis] = values["shear"]
        matrices[:, self.axis, 2] = 0.5 * values["shear"]  # the corner is no pixel's centre
        return matrices, sizes


class AxisShift(Resampled, abstract=True):
    """Shifts along one axis by whole pixels, rounded towards zero; in shares of the side, or in pixels."""

    axis: int = 0
    in_pixels: bool = False

    def draw(self, numbers: Numbers) -> Values:
        return {"shift": np.zeros(numbers.n)}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        side = 1 if self.in_pixels else sizes[:, 1 - self.axis]
        matrices = affine.identity(len(sizes))
        # What is whole but for the last bits is not to lose a pixel.
        matrices[:, self.axis, 2] = -np.trunc(np.rint(values["shift"] * side * 2**20) / 2**20)
        return matrices, sizes


class Strengths(NamedTuple):
    """What a policy does at its greatest magnitude.

    Attributes:
        shear: pixels for each pixel.
        shift: shares of the side, or pixels.
        in_pixels: which of them.
        rotation: degrees.
        change: by how much factors differ from 1.
        bits: how many of eight are lost.
    """

    shear: float
    shift: float
    in_pixels: bool
    rotation: float
    change: float
    bits: int


class Op(NamedTuple):
    """One of the ops of a policy: what it does, and the range that magnitudes stand for.

    Attributes:
        transform: what it does.
        name: of its only value, if it has one.
        start: that value at magnitude 0.
        change: what is added at the greatest magnitude, or, if `is_signed`, as likely subtracted.
        is_signed: whether it may be subtracted.
    """

    transform: Transform
    name: str = ""
    start: float = 0.0
    change: float = 0.0
    is_signed: bool = True

    def values(self, level: Floats, sign: Floats) -> Values:
        """What is drawn at these levels, 0 to 1, and signs; shapes (n,)."""
        if not self.name:
            return {}
        value = self.start + self.change * level * (sign if self.is_signed else 1.0)
        is_whole = isinstance(self.transform, Posterize)
        return {self.name: np.rint(value).astype(np.int64) if is_whole else value}


class Policy(Node, abstract=True):
    """Ops that are drawn for each sample, all at one magnitude or at one of their own."""

    num_magnitude_bins: int = field(default=31, kw_only=True)
    interpolation: str = field(default="nearest", kw_only=True)
    fill_mode: str = field(default="grid-constant", kw_only=True)
    fill_value: float | tuple[float, ...] = field(default=0.0, kw_only=True)
    strengths: ClassVar[Strengths]

    def check(self) -> None:
        whole(self.num_magnitude_bins, "num_magnitude_bins", 2, 10**6)
        choice(self.interpolation, "interpolation", INTERPOLATIONS)
        choice(self.fill_mode, "fill_mode", FILL_MODES)

    def turns(self) -> int:
        """How many ops are done to a sample."""
        return 1

    def bins(self, numbers: Numbers) -> Any:
        """The magnitudes of the next op, from 0; a number, or shape (n,)."""
        raise NotImplementedError

    @cached_property
    def _ops(self) -> list[Op]:
        most = self.strengths
        style: Any = {
            name: getattr(self, name) for name in ("interpolation", "fill_mode", "fill_value")
        }
        return [
            Op(AxisShear(0, **style), "shear", 0.0, most.shear),
            Op(AxisShear(1, **style), "shear", 0.0, most.shear),
            Op(AxisShift(0, most.in_pixels, **style), "shift", 0.0, most.shift),
            Op(AxisShift(1, most.in_pixels, **style), "shift", 0.0, most.shift),
            Op(RandomRotation(most.rotation, **style), "rotation", 0.0, most.rotation),
            Op(RandomBrightness(), "brightness", 1.0, most.change),
            Op(RandomSaturation(), "saturation", 1.0, most.change),
            Op(RandomContrast(), "contrast", 1.0, most.change),
            Op(RandomSharpness(), "sharpness", 1.0, most.change),
            Op(Posterize(), "bits", 8.0, -most.bits, is_signed=False),
            Op(Solarize(), "threshold", 1.0, -1.0, is_signed=False),
            Op(AutoContrast()),
            Op(Equalize()),
        ]

    def places(self) -> int:
        return 1 + self.turns() * len(self._ops)

    def leaves(self, place: int) -> Iterator[tuple[Transform, int]]:
        for _ in range(self.turns()):
            for op in self._ops:
                place += 1
                yield op.transform, place

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterator[Slot]:
        numbers = Numbers(samples, place)
        chosen = active & numbers.flags(self.p)
        for _ in range(self.turns()):
            picked = numbers.whole(0, len(self._ops))  # the last number leaves the image as it is
            sign = np.where(numbers.flags(0.5), -1.0, 1.0)
            level = np.broadcast_to(self.bins(numbers), samples.n) / (self.num_magnitude_bins - 1)
            for i, op in enumerate(self._ops):
                place += 1
                yield Slot(op.transform, place, chosen & (picked == i), op.values(level, sign))


class RandAugment(Policy):
    """A few ops of fourteen, one after the other, all at one magnitude.

    Args:
        num_ops: how many; one may be done twice.
        magnitude: 0 to `num_magnitude_bins` - 1.
        num_magnitude_bins: how many magnitudes there are.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        Cubuk et al., "RandAugment: practical automated data augmentation with a reduced search space",
        NeurIPS 2020; `RandAugment` of torchvision, with its ops and their ranges: nothing, shears,
        shifts, rotation, brightness, saturation, contrast, sharpness, posterize, solarize, autocontrast,
        equalize. Two moves in a row are one resample, unless the pipeline has ``fuse=False``.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandAugment(num_ops=3, magnitude=12)
        RandAugment(num_ops=3, magnitude=12)
    """

    num_ops: int = 2
    magnitude: int = 9
    strengths: ClassVar[Strengths] = Strengths(0.3, 150 / 331, False, 30.0, 0.9, 4)

    def check(self) -> None:
        super().check()
        whole(self.num_ops, "num_ops", 0, 100)
        whole(self.magnitude, "magnitude", 0, self.num_magnitude_bins - 1)

    def turns(self) -> int:
        return self.num_ops

    def bins(self, numbers: Numbers) -> Any:
        return self.magnitude


class TrivialAugment(Policy):
    """One op of fourteen, at any magnitude.

    Args:
        num_magnitude_bins: how many magnitudes there are.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        S. Müller, F. Hutter, "TrivialAugment: tuning-free yet state-of-the-art data augmentation", ICCV
        2021; `TrivialAugmentWide` of torchvision: the ops of `RandAugment`, with wider ranges, and shifts
        of up to 32 pixels.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.TrivialAugment(interpolation="bilinear")
        TrivialAugment(interpolation='bilinear')
    """

    strengths: ClassVar[Strengths] = Strengths(0.99, 32.0, True, 135.0, 0.99, 6)

    def bins(self, numbers: Numbers) -> Any:
        return numbers.whole(0, self.num_magnitude_bins - 1)


def whole(value: Any, name: str, least: int, most: int) -> None:
    """Refuses what is no whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if not least <= value <= most:
        raise ValueError(f"{name} must be from {least} to {most}, got {value}")
