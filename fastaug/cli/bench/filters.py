"""Correlation, motion blur, sharpening and medians: how each library does them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...ops import filters
from . import peers
from .agree import Agreement, within_margin
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

# Borders differ, and so does the rounding of sums: one grey level inside.
_AGREEMENT = Agreement(tolerance=1, interior=within_margin)
_CUT_OFF = Agreement(
    tolerance=2, interior=within_margin
)  # of integers SciPy cuts off the fractions
_UINT8 = ("uint8",)
_ANGLE, _FACTOR = 30.0, 1.7

CORRELATE = Op(
    "correlate",
    {"3x3": {"k": 3, "margin": 1}, "7x7": {"k": 7, "margin": 3}},
    agreement=_AGREEMENT,
)
MOTION = Op(
    "motion_blur",
    {"7": {"k": 7, "margin": 3}, "21": {"k": 21, "margin": 10}},
    agreement=_AGREEMENT,
)
SHARPEN = Op("sharpen", agreement=_AGREEMENT)
MEDIAN = Op(
    "median_blur",
    {
        "3x3": {"k": 3, "margin": 1},
        "5x5": {"k": 5, "margin": 2},
        "7x7": {"k": 7, "margin": 3},
        "15x15": {"k": 15, "margin": 7},
        "31x31": {"k": 31, "margin": 15},
    },
    agreement=Agreement(interior=within_margin),
    goals={"3x3 uint8": times(1, "opencv"), "5x5 uint8": times(1, "opencv")},
)
OPS = [CORRELATE, MOTION, SHARPEN, MEDIAN]


def _kernel(work: Work) -> Array:
    """Weights without symmetry."""
    side = work.options["k"]
    weights = np.random.default_rng(2).uniform(0.2, 1, (side, side))
    kernel: Array = (weights / weights.sum()).astype(np.float32)
    return kernel


def _line(work: Work) -> Array:
    """What a motion blur makes of a bright pixel, turned round: its kernel."""
    side = work.options["k"]
    spot = np.zeros((side, side), np.float32)
    spot[side // 2, side // 2] = 1
    return filters.motion_blur(spot, side, _ANGLE, mode="constant")[::-1, ::-1]


def _by_opencv(op: Op, kernel: Any) -> None:
    @op.by("opencv")
    def _opencv(work: Work) -> Call:
        cv2 = peers.load("opencv")
        weights = kernel(work)

        def call() -> Any:
            for image, out in work.pairs:
                cv2.filter2D(image, -1, weights, out)
            return work.out

        return call


_by_opencv(CORRELATE, _kernel)
_by_opencv(MOTION, _line)


@CORRELATE.by(OURS)
def _correlate_ours(work: Work) -> Call:
    kernel = _kernel(work)
    return lambda: filters.correlate(work.images, kernel, out=work.out)


@CORRELATE.by("scipy", when=lambda work: work.options["k"] == 3, agreement=_CUT_OFF)
def _correlate_scipy(work: Work) -> Call:
    ndimage = peers.load("scipy", "ndimage")
    kernel = _kernel(work)[np.newaxis, :, :, np.newaxis]
    return lambda: ndimage.correlate(work.images, kernel, output=work.out)


@MOTION.by(OURS)
def _motion_ours(work: Work) -> Call:
    size = work.options["k"]
    return lambda: filters.motion_blur(work.images, size, _ANGLE, out=work.out)


@SHARPEN.by(OURS)
def _sharpen_ours(work: Work) -> Call:
    return lambda: filters.sharpen(work.images, _FACTOR, out=work.out)


@SHARPEN.by("pillow", dtypes=_UINT8)
def _sharpen_pillow(work: Work) -> Call:
    image_, enhance = peers.load("pillow", "Image"), peers.load("pillow", "ImageEnhance")

    def call() -> Any:
        for image, out in work.pairs:
            out[...] = enhance.Sharpness(image_.fromarray(image)).enhance(_FACTOR)
        return work.out

    return call


@SHARPEN.by("torchvision")
def _sharpen_torchvision(work: Work) -> Call:
    torch = peers.load("torch")
    functional = peers.load("torchvision", "transforms.v2.functional")
    images = torch.from_numpy(np.ascontiguousarray(np.moveaxis(work.images, -1, 1)))

    def call() -> Any:
        result = functional.adjust_sharpness(images, _FACTOR)
        return result.permute(0, 2, 3, 1).numpy()

    return call


@MEDIAN.by(OURS)
def _median_ours(work: Work) -> Call:
    return lambda: filters.median_blur(work.images, work.options["k"], out=work.out)


@MEDIAN.by("opencv", when=lambda work: work.dtype == "uint8" or work.options["k"] < 7)
def _median_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    size = work.options["k"]

    def call() -> Any:
        for image, out in work.pairs:
            cv2.medianBlur(image, size, out)
        return work.out

    return call


@MEDIAN.by("scipy", when=lambda work: work.options["k"] < 7)
def _median_scipy(work: Work) -> Call:
    ndimage = peers.load("scipy", "ndimage")
    window = (1, work.options["k"], work.options["k"], 1)
    return lambda: ndimage.median_filter(work.images, window, output=work.out)
