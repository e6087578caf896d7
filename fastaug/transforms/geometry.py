"""Transforms that move pixels: turns, shifts, zooms, flips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar

import numpy as np

from ..arrays import Array, choice
from ..ops.blur import gaussian_blur
from ..ops.geometry import FILL_MODES
from ..ops.homography import perspective_matrix
from ..ops.noise import uniform_noise
from . import affine
from .affine import Sizes
from .base import Geometric, Style
from .draws import Floats, Numbers, Range, Values
from .ranges import Span

INTERPOLATIONS = {"nearest": 0, "bilinear": 1, "bicubic": 2}
TURN = Span(about=0.0)
FACTOR = Span(about=1.0, above=0.0)


def as_fill(value: Any) -> float | tuple[float, ...]:
    """A fill value that can be told from others."""
    if isinstance(value, int | float):  # at a tenth of what NumPy takes to say so
        return float(value)
    return float(value) if np.ndim(value) == 0 else tuple(np.asarray(value, np.float64).tolist())


class Resampled(Geometric, abstract=True):
    """A geometric transform that reads between pixels."""

    interpolation: str = field(default="bilinear", kw_only=True)
    fill_mode: str = field(default="constant", kw_only=True)
    fill_value: float | tuple[float, ...] = field(default=0.0, kw_only=True)

    def check(self) -> None:
        choice(self.interpolation, "interpolation", INTERPOLATIONS)
        choice(self.fill_mode, "fill_mode", FILL_MODES)

    def style(self) -> Style:
        return Style(self.interpolation, self.fill_mode, as_fill(self.fill_value))


class RandomAffine(Resampled):
    """Rotates, shifts, scales and shears, in one resample.

    Args:
        rotation: degrees, counter-clockwise; x means -x to x.
        translation: shares of the width, to the right, and of the height, down; x means -x to x of
            either.
        scale: factor, more than 1 enlarges; x means 1 - x to 1 + x.
        shear: degrees by which vertical lines lean, x means -x to x.
        interpolation: ``"nearest"``, ``"bilinear"`` or ``"bicubic"``.
        fill_mode: what lies outside the image, as in `fastaug.warp_affine`.
        fill_value: for the two constant modes; a number, or one for each channel.
        p: probability.

    Method:
        `fastaug.affine_matrix` and `fastaug.warp_affine`. `RandomAffine` of torchvision and
        `ShiftScaleRotate` of Albumentations turn and shear alike up to the sign of the angle, and
        shift and scale alike.

    Examples:
        >>> import numpy as np, fastaug
        >>> import fastaug.transforms as ft
        >>> pipeline = fastaug.Compose([ft.RandomAffine(rotation=20, scale=0.2)], seed=1)
        >>> pipeline(np.zeros((8, 64, 64, 3), np.uint8)).shape
        (8, 64, 64, 3)
    """

    rotation: Range = 0.0
    translation: Range = 0.0
    scale: Range = 0.0
    shear: Range = 0.0

    ranges: ClassVar[Mapping[str, Span]] = {
        "rotation": TURN,
        "translation": TURN,
        "scale": FACTOR,
        "shear": Span(about=0.0, least=-89.0, most=89.0),
    }

    def draw(self, numbers: Numbers) -> Values:
        return {
            "rotation": numbers.between(*self.span("rotation")),
            "translation_x": numbers.between(*self.span("translation")),
            "translation_y": numbers.between(*self.span("translation")),
            "scale": numbers.between(*self.span("scale")),
            "shear": numbers.between(*self.span("shear")),
        }

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        shear = affine.pairs(values["shear"], 0.0, len(sizes))
        return affine.about_middle(
            sizes,
            rotation=values["rotation"],
            translation=affine.pixels(values, sizes),
            scale=values["scale"],
            shear=shear,
        ), sizes


class RandomRotation(Resampled):
    """Rotates about the middle.

    Args:
        rotation: degrees, counter-clockwise; x means -x to x.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        Keras' layer `RandomRotation`, `RandomRotation` of torchvision, `Rotate` of Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomRotation(15, fill_mode="reflect")
        RandomRotation(rotation=15, fill_mode='reflect')
    """

    rotation: Range = 0.0

    ranges: ClassVar[Mapping[str, Span]] = {"rotation": TURN}

    def draw(self, numbers: Numbers) -> Values:
        return {"rotation": numbers.between(*self.span("rotation"))}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        return affine.about_middle(sizes, rotation=values["rotation"]), sizes


class RandomTranslation(Resampled):
    """Shifts right and left, up and down.

    Args:
        translation: shares of the width and the height; x means -x to x. A pair (low, high) is for both.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        Keras' layer `RandomTranslation`.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomTranslation(0.1)
        RandomTranslation(translation=0.1)
    """

    translation: Range = 0.0

    ranges: ClassVar[Mapping[str, Span]] = {"translation": TURN}

    def draw(self, numbers: Numbers) -> Values:
        return {
            "translation_x": numbers.between(*self.span("translation")),
            "translation_y": numbers.between(*self.span("translation")),
        }

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        return affine.about_middle(sizes, translation=affine.pixels(values, sizes)), sizes


class RandomZoom(Resampled):
    """Zooms in and out, about the middle.

    Args:
        zoom: factor, more than 1 enlarges; x means 1 - x to 1 + x.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        Keras' layer `RandomZoom`, whose factor is a share of the size that is added instead;
        `RandomScale` of Albumentations without the change of size.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomZoom((0.8, 1.5))
        RandomZoom(zoom=(0.8, 1.5))
    """

    zoom: Range = 0.0

    ranges: ClassVar[Mapping[str, Span]] = {"zoom": FACTOR}

    def draw(self, numbers: Numbers) -> Values:
        return {"zoom": numbers.between(*self.span("zoom"))}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        return affine.about_middle(sizes, scale=values["zoom"]), sizes


class RandomShear(Resampled):
    """Shears along both axes.

    Args:
        shear: degrees by which vertical lines lean, and, drawn anew, horizontal ones tilt; x means -x
            to x.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        Keras' layer `RandomShear`, which takes tangents of angles.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomShear(10)
        RandomShear(shear=10)
    """

    shear: Range = 0.0

    ranges: ClassVar[Mapping[str, Span]] = {"shear": Span(about=0.0, least=-44.0, most=44.0)}

    def draw(self, numbers: Numbers) -> Values:
        return {
            "shear_x": numbers.between(*self.span("shear")),
            "shear_y": numbers.between(*self.span("shear")),
        }

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        shear = affine.pairs(values["shear_x"], values["shear_y"], len(sizes))
        return affine.about_middle(sizes, shear=shear), sizes


class ShiftScaleRotate(RandomAffine):
    """Shifts, scales and rotates by a little: `RandomAffine` with the defaults of Albumentations.

    Args:
        rotation: as in `RandomAffine`.
        translation: as in `RandomAffine`.
        scale: as in `RandomAffine`.
        shear: as in `RandomAffine`.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        `ShiftScaleRotate` of Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ShiftScaleRotate()
        ShiftScaleRotate()
    """

    p: float = field(default=0.5, kw_only=True)
    rotation: Range = 45.0
    translation: Range = 0.0625
    scale: Range = 0.1


class RandomFlip(Geometric):
    """Mirrors images, left to right, upside down, or both.

    Args:
        mode: ``"horizontal"``, ``"vertical"``, or ``"horizontal_and_vertical"``: each with its own
            coin.
        p: probability of each.

    Method:
        Keras' layer `RandomFlip`; `RandomHorizontalFlip` of torchvision. Exact.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomFlip("vertical")
        RandomFlip(mode='vertical')
    """

    p: float = field(default=0.5, kw_only=True)
    mode: str = "horizontal"

    def check(self) -> None:
        modes = ("horizontal", "vertical", "horizontal_and_vertical")
        choice(self.mode, "mode", dict.fromkeys(modes, 0))

    def applies(self, numbers: Numbers) -> Array:
        return numbers.flags(1.0)

    def draw(self, numbers: Numbers) -> Values:
        return {
            axis: numbers.flags(self.p if axis in self.mode else 0.0)
            for axis in ("horizontal", "vertical")
        }

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        return affine.mirroring(sizes, values["horizontal"], values["vertical"]), sizes


class RandomRotate90(Geometric):
    """Turns by 0, 1, 2 or 3 quarter turns, each as likely.

    Images that are not square come out lying on their side; a batch of them must then be brought to one
    size by a later transform.

    Args:
        p: probability.

    Method:
        `RandomRotate90` of Albumentations. Exact.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomRotate90()
        RandomRotate90()
    """

    def draw(self, numbers: Numbers) -> Values:
        return {"k": numbers.whole(0, 3)}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        return affine.turning(sizes, values["k"])


class RandomPerspective(Resampled):
    """Moves each corner inwards by its own share, as if the picture were seen from one side.

    Args:
        distortion: by how much of half the width and of half the height corners move; from 0 to the
            number drawn, which is `distortion` or from a range (low, high); 0 to 1.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        `RandomPerspective` of torchvision, whose corners are whole pixels; `fastaug.perspective_matrix`
        and `fastaug.warp_perspective`.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomPerspective(0.3)
        RandomPerspective(distortion=0.3)
    """

    p: float = field(default=0.5, kw_only=True)
    distortion: Range = 0.5

    ranges: ClassVar[Mapping[str, Span]] = {"distortion": Span(least=0.0, most=1.0)}

    def draw(self, numbers: Numbers) -> Values:
        most = numbers.between(*self.span("distortion"))
        moved = np.stack([most * numbers.uniform() for _ in range(8)], axis=1)
        return {"corners": moved.reshape(numbers.n, 4, 2)}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        last = (sizes[:, ::-1] - 1.0)[:, np.newaxis]
        unit = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
        inwards = np.sign(0.5 - unit) * values["corners"] * (sizes[:, ::-1] / 2)[:, np.newaxis]
        start = unit * last
        # A side of one pixel has no corners to tell apart.
        flat = (sizes == 1).any(axis=1)
        matrices = affine.identity(len(sizes))
        matrices[~flat] = perspective_matrix(start[~flat], (start + inwards)[~flat])
        return matrices, sizes


class ElasticTransform(Resampled):
    """Displaces every pixel by a smooth random field.

    Args:
        alpha: how far: the noise, from -1 to 1 before it is smoothed, times this many pixels.
        sigma: how smooth: standard deviation of the Gaussian blur of the noise, in pixels.
        interpolation: as in `RandomAffine`.
        fill_mode: as in `RandomAffine`.
        fill_value: as in `RandomAffine`.
        p: probability.

    Method:
        P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks applied to
        visual document analysis", ICDAR 2003; `ElasticTransform` of torchvision.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.ElasticTransform(alpha=40, sigma=4)
        ElasticTransform(alpha=40, sigma=4)
    """

    alpha: Range = 50.0
    sigma: float = 5.0

    ranges: ClassVar[Mapping[str, Span]] = {
        "alpha": Span(least=0.0),
        "sigma": Span(least=0.1, most=1000.0),
    }

    def draw(self, numbers: Numbers) -> Values:
        return {"alpha": numbers.between(*self.span("alpha"))}

    def maps(self, values: Values, sizes: Sizes) -> tuple[Floats, Sizes]:
        return affine.identity(len(sizes)), sizes

    def displacement(self, values: Values, size: tuple[int, int], noise: dict[str, Any]) -> Array:
        still = np.zeros((len(values["alpha"]), *size, 2), np.float32)
        field_ = uniform_noise(still, values["alpha"], **noise, out=still)
        return gaussian_blur(field_, self.sigma)
