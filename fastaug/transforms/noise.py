"""Transforms that add noise; their own draws decide how much, the counter of each pixel the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..arrays import Array
from ..ops import noise
from .base import At, Pointwise
from .draws import Numbers, Range, Values
from .ranges import Span

SHARE = Span(least=0.0, most=1.0)
AMOUNT = Span(least=0.0)


class Noise(Pointwise, abstract=True):
    """Noise whose numbers are drawn evenly from their ranges."""

    def draw(self, numbers: Numbers) -> Values:
        return {name: numbers.between(*self.span(name)) for name in self.ranges}


class GaussianNoise(Noise):
    """Adds normally distributed noise.

    Args:
        std: standard deviation in grey levels; a number, or a range (low, high).
        mean: of the noise, in grey levels; a number, or a range (low, high).
        p: probability.

    Method:
        `fastaug.gaussian_noise`, the distribution of `skimage.util.random_noise`, of `GaussNoise` of
        Albumentations and `GaussianNoise` of torchvision, which take shares of white.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.GaussianNoise(std=(5, 20))
        GaussianNoise(std=(5, 20))
    """

    std: Range = 10.0
    mean: Range = 0.0
    ranges: ClassVar[Mapping[str, Span]] = {"std": AMOUNT, "mean": Span()}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        std, mean = values["std"], values["mean"]
        return noise.gaussian_noise(images, std, mean=mean, value_range=at.value_range, **at.noise)


class SpeckleNoise(Noise):
    """Adds normally distributed noise in proportion to each pixel.

    Args:
        std: standard deviation of the factor by which a pixel is off; a number, or a range (low, high).
        p: probability.

    Method:
        `fastaug.speckle_noise`, the distribution of `skimage.util.random_noise` with ``mode="speckle"``.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.SpeckleNoise(std=(0.1, 0.3))
        SpeckleNoise(std=(0.1, 0.3))
    """

    std: Range = 0.1
    ranges: ClassVar[Mapping[str, Span]] = {"std": AMOUNT}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return noise.speckle_noise(images, values["std"], value_range=at.value_range, **at.noise)


class UniformNoise(Noise):
    """Adds noise spread evenly over (-amplitude, amplitude).

    Args:
        amplitude: in grey levels; a number, or a range (low, high).
        p: probability.

    Method:
        `fastaug.uniform_noise`, the distribution of `AdditiveNoise` of Albumentations with
        ``noise_type="uniform"``.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.UniformNoise(amplitude=(5, 20))
        UniformNoise(amplitude=(5, 20))
    """

    amplitude: Range = 10.0
    ranges: ClassVar[Mapping[str, Span]] = {"amplitude": AMOUNT}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        amplitude = values["amplitude"]
        return noise.uniform_noise(images, amplitude, value_range=at.value_range, **at.noise)


class ShotNoise(Noise):
    """Replaces each pixel by a Poisson count of the photons that its brightness stands for.

    Args:
        photons: how many a white pixel collects on average, more than 0; fewer are noisier. A number,
            or a range (low, high).
        p: probability.

    Method:
        `fastaug.shot_noise`, the distribution of `numpy.random.Generator.poisson`; the shot noise of
        Hendrycks and Dietterich's corruptions, whose five severities are 60, 25, 12, 5 and 3 photons.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ShotNoise(photons=(12, 60))
        ShotNoise(photons=(12, 60))
    """

    photons: Range = 60.0
    ranges: ClassVar[Mapping[str, Span]] = {"photons": Span(above=0.0)}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return noise.shot_noise(images, values["photons"], value_range=at.value_range, **at.noise)


class SaltAndPepper(Noise):
    """Turns some pixels white and some black.

    Args:
        amount: probability that a pixel changes, 0 to 1; a number, or a range (low, high).
        salt_ratio: share of the changed pixels that turn white, 0 to 1; a number, or a range (low, high).
        per_channel: decide for each channel of a pixel by itself.
        p: probability.

    Method:
        `fastaug.salt_and_pepper`, the distribution of `skimage.util.random_noise` with ``mode="s&p"`` and of
        `SaltAndPepper` of Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.SaltAndPepper((0.01, 0.06), per_channel=True)
        SaltAndPepper(amount=(0.01, 0.06), per_channel=True)
    """

    amount: Range = 0.05
    salt_ratio: Range = 0.5
    per_channel: bool = False
    ranges: ClassVar[Mapping[str, Span]] = {"amount": SHARE, "salt_ratio": SHARE}

    def check(self) -> None:
        if not isinstance(self.per_channel, bool):
            raise TypeError(f"per_channel must be a bool, got {self.per_channel!r}")

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return noise.salt_and_pepper(
            images,
            values["amount"],
            salt_ratio=values["salt_ratio"],
            per_channel=self.per_channel,
            value_range=at.value_range,
            **at.noise,
        )
