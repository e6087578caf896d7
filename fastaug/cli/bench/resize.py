"""Resizing: plain bilinear as OpenCV's, antialiased as Pillow's, and the mean over areas."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...arrays import Array
from ...ops.resize import resize
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .goals import times


class Resizing(Work):
    """Results have a size of their own, a share of the images'."""

    @property
    def result_size(self) -> tuple[int, int]:
        height, width = self.options["factor"]
        return round(self.shape[1] * height), round(self.shape[2] * width)

    @cached_property
    def out(self) -> Array:
        return np.full((self.shape[0], *self.result_size, self.shape[3]), 1, self.dtype)

    @property
    def how(self) -> dict[str, Any]:
        return {name: self.options[name] for name in ("interpolation", "antialias")}


def _variants() -> dict[str, dict[str, Any]]:
    linear = {"interpolation": "bilinear", "antialias": False}
    smooth = {"interpolation": "bilinear", "antialias": True}
    cubic = {"interpolation": "bicubic", "antialias": True}
    area = {"interpolation": "area", "antialias": False}
    smaller, half, uneven, double = (6 / 7, 6 / 7), (0.5, 0.5), (0.45, 0.6), (2, 2)
    return {
        "nearest x0.86": {"interpolation": "nearest", "antialias": False, "factor": smaller},
        "bilinear x0.86": linear | {"factor": smaller},
        "bilinear x0.5": linear | {"factor": half},
        "bilinear x0.45 x0.6": linear | {"factor": uneven},
        "bilinear x2": linear | {"factor": double},
        "bilinear x0.5 four channels": linear | {"factor": half, "channels": 4},
        "bilinear x0.86 grey": linear | {"factor": smaller, "channels": 1},
        "bilinear x0.5 grey": linear | {"factor": half, "channels": 1},
        "bilinear x2 grey": linear | {"factor": double, "channels": 1},
        "antialiased x0.86": smooth | {"factor": smaller},
        "antialiased x0.45 x0.6": smooth | {"factor": uneven},
        "antialiased x2": smooth | {"factor": double},
        "antialiased x0.45 x0.6 grey": smooth | {"factor": uneven, "channels": 1},
        "bicubic antialiased x0.45 x0.6": cubic | {"factor": uneven},
        "area x0.5": area | {"factor": half},
        "area x0.45 x0.6": area | {"factor": uneven},
    }


FACTORS = ("x0.86", "x0.5", "x0.5 grey", "x0.5 four channels", "x0.45 x0.6", "x2")

# One grey level; a few pixels of PyTorch's antialiased bytes, whose weights are coarser, are two off.
RESIZE = Op(
    "resize",
    _variants(),
    agreement=Agreement(tolerance=1, strays=0.001),
    work=Resizing,
    goals={f"bilinear {factor} uint8": times(1.5, "opencv") for factor in FACTORS},
)
OPS = [RESIZE]


def _is(**wanted: Any) -> Callable[[Work], bool]:
    return lambda work: all(work.options[name] == value for name, value in wanted.items())


@RESIZE.by(OURS)
def _ours(work: Any) -> Call:
    return lambda: resize(work.images, work.result_size, out=work.out, **work.how)


@RESIZE.by("opencv", when=_is(antialias=False))
def _opencv(work: Any) -> Call:
    cv2 = peers.load("opencv")
    flags = {
        "nearest": cv2.INTER_NEAREST_EXACT,
        "bilinear": cv2.INTER_LINEAR,
        "area": cv2.INTER_AREA,
    }[work.options["interpolation"]]
    size = work.result_size[::-1]

    def call() -> Any:
        for image, out in work.pairs:
            cv2.resize(image, size, out, 0, 0, flags)
        return work.out

    return call


def _in_pillow(work: Any) -> bool:
    grey_float = work.shape[3] == 1
    return bool(work.options["antialias"]) and (work.dtype == "uint8" or grey_float)


@RESIZE.by("pillow", when=_in_pillow)
def _pillow(work: Any) -> Call:
    image_module = peers.load("pillow", "Image")
    plain: list[npt.NDArray[Any]] = [i[..., 0] if i.shape[2] == 1 else i for i in work.images]
    images = [image_module.fromarray(image) for image in plain]
    method = getattr(image_module.Resampling, work.options["interpolation"].upper())
    size, shape = work.result_size[::-1], work.out.shape[1:]

    def call() -> Any:
        return [image.resize(size, method) for image in images]

    return call if shape[2] > 1 else lambda: [np.asarray(image).reshape(shape) for image in call()]


@RESIZE.by("torch", when=lambda work: work.options["interpolation"] in ("bilinear", "bicubic"))
def _torch(work: Any) -> Call:
    functional = peers.load("torch").nn.functional
    images = peers.load("torch").from_numpy(work.images).permute(0, 3, 1, 2)
    mode, antialias = work.options["interpolation"], work.options["antialias"]

    def call() -> Any:
        made = functional.interpolate(images, work.result_size, mode=mode, antialias=antialias)
        return made.permute(0, 2, 3, 1)

    return call
