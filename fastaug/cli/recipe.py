"""The random augmentation of the command line: from a recipe to parameters to pixels.

Variant n of an image depends on the seed, the image's name and n, and on nothing else: not on
the order of work, the number of threads or what was made before.
"""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

import fastaug
import fastaug.random

from ..arrays import Array
from ..ops.geometry import FillMode

# Places in the counter: one for the parameters, one for each op that draws pixels.
_PARAMETERS, _GAUSSIAN, _SALT = 0, 1, 2
# Erosion, dilation and noise come to this share of the images.
PROBABILITY = 0.5
# The draws of a variant, each with its own place, so that no option changes what another draws.
_DRAWS = (
    "rotation",
    "shift_x",
    "shift_y",
    "shear",
    "scale",
    "flip_horizontal",
    "flip_vertical",
    "erodes",
    "erosion",
    "dilates",
    "dilation",
    "is_noisy",
    "gaussian_noise",
    "is_salted",
    "salt_and_pepper",
)


class Where(NamedTuple):
    """Which variant of which image: the coordinates of all its draws."""

    seed: int
    sample: int
    variant: int


def sample_of(name: str) -> int:
    """The sample index of an image: a checksum of its name, the same on every machine."""
    return zlib.crc32(unicodedata.normalize("NFC", name).encode(errors="surrogateescape"))


@dataclass(frozen=True, slots=True)
class Parameters:
    """What happens to one variant. Shifts are in pixels to the right and down."""

    rotation: float = 0.0
    shift_x: float = 0.0
    shift_y: float = 0.0
    shear: float = 0.0
    scale: float = 1.0
    flip_horizontal: bool = False
    flip_vertical: bool = False
    erosion: int = 1
    dilation: int = 1
    gaussian_noise: float = 0.0
    salt_and_pepper: float = 0.0

    @property
    def warps(self) -> bool:
        """Whether pixels move by other than whole flips."""
        moves = (self.rotation, self.shift_x, self.shift_y, self.shear)
        return any(moves) or self.scale != 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """How far each parameter may go; the defaults change nothing."""

    rotation: float = 0.0
    width_shift: float = 0.0
    height_shift: float = 0.0
    shear: float = 0.0
    zoom: float = 0.0
    horizontal_flip: bool = False
    vertical_flip: bool = False
    erosion: int = 1
    dilation: int = 1
    gaussian_noise: float = 0.0
    salt_and_pepper: float = 0.0
    fill_mode: FillMode = "nearest"
    fill_value: float = 0.0

    def draw(self, where: Where, height: int, width: int) -> Parameters:
        """Draws the parameters of one variant of an image of this size."""
        numbers = fastaug.random.uniform(
            where.seed, [where.sample], epoch=where.variant, stream=_PARAMETERS, size=len(_DRAWS)
        )
        u = dict(zip(_DRAWS, numbers[0].tolist(), strict=True))

        def spread(name: str, most: float) -> float:
            return most * (2 * u[name] - 1) if most else 0.0  # never -0.0

        def footprint(name: str, applies: str, most: int) -> int:
            return 2 + int(u[name] * (most - 1)) if most > 1 and u[applies] < PROBABILITY else 1

        def strength(name: str, applies: str, most: float) -> float:
            return most * u[name] if u[applies] < PROBABILITY else 0.0

        return Parameters(
            rotation=spread("rotation", self.rotation),
            shift_x=spread("shift_x", _pixels(self.width_shift, width)),
            shift_y=spread("shift_y", _pixels(self.height_shift, height)),
            shear=spread("shear", self.shear),
            scale=1 + spread("scale", self.zoom),
            flip_horizontal=self.horizontal_flip and u["flip_horizontal"] < 0.5,
            flip_vertical=self.vertical_flip and u["flip_vertical"] < 0.5,
            erosion=footprint("erosion", "erodes", self.erosion),
            dilation=footprint("dilation", "dilates", self.dilation),
            gaussian_noise=strength("gaussian_noise", "is_noisy", self.gaussian_noise),
            salt_and_pepper=strength("salt_and_pepper", "is_salted", self.salt_and_pepper),
        )

    def apply(self, image: Array, parameters: Parameters, where: Where) -> Array:
        """Makes a variant of a uint8 image of shape (H, W, C).

        The last of 2 or 4 channels is alpha: it moves with the image, is 0 outside of it, and
        knows neither morphology nor noise.
        """
        image = self._move(image, parameters)
        opaque = image.shape[-1] in (1, 3)
        color = image if opaque else np.ascontiguousarray(image[..., :-1])
        color = _alter(color, parameters, where)
        return color if opaque else np.concatenate([color, image[..., -1:]], axis=-1)

    def variant(self, image: Array, where: Where) -> Array:
        """Makes one variant of a uint8 image of shape (H, W, C)."""
        height, width, _ = image.shape
        return self.apply(image, self.draw(where, height, width), where)

    def record(self, where: Where, height: int, width: int) -> dict[str, Any]:
        """What happens to a variant of an image of this size, as plain numbers."""
        return {
            **where._asdict(),
            **asdict(self.draw(where, height, width)),
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
        }

    def _move(self, image: Array, p: Parameters) -> Array:
        if not p.warps:
            return fastaug.flip(image, horizontal=p.flip_horizontal, vertical=p.flip_vertical)
        height, width, channels = image.shape
        matrix = fastaug.affine_matrix(
            rotation=p.rotation,
            translation=(p.shift_x, p.shift_y),
            scale=p.scale,
            shear=(p.shear, 0.0),
            size=(height, width),
        )
        # The flip comes last in what is seen, so first in the map back: one resample does both.
        if p.flip_horizontal:
            matrix = _mirrored(matrix, 0, width)
        if p.flip_vertical:
            matrix = _mirrored(matrix, 1, height)
        fill = np.full((1, channels), self.fill_value)
        if channels in (2, 4):
            fill[0, -1] = 0
        return fastaug.warp_affine(image, matrix, fill_mode=self.fill_mode, fill_value=fill)


def _pixels(shift: float, side: int) -> float:
    """A shift below 1 is a share of the side, as in Keras."""
    return shift * side if shift < 1 else shift


def _mirrored(matrix: Array, axis: int, size: int) -> Array:
    mirrored = matrix.copy()
    mirrored[:, axis] = -matrix[:, axis]
    mirrored[:, 2] += (size - 1) * matrix[:, axis]
    return mirrored


def _alter(color: Array, p: Parameters, where: Where) -> Array:
    seed, sample, epoch = where
    index = [sample]
    if p.erosion > 1:
        color = fastaug.erode(color, p.erosion)
    if p.dilation > 1:
        color = fastaug.dilate(color, p.dilation)
    if p.gaussian_noise:
        color = fastaug.gaussian_noise(
            color, p.gaussian_noise, seed=seed, index=index, epoch=epoch, stream=_GAUSSIAN
        )
    if p.salt_and_pepper:
        color = fastaug.salt_and_pepper(
            color, p.salt_and_pepper, seed=seed, index=index, epoch=epoch, stream=_SALT
        )
    return color
