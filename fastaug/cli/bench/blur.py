"""Blurs: how each library does them."""

from __future__ import annotations

from typing import Any

from ...ops import blur
from . import peers
from .agree import Agreement, within_margin
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

# Borders differ, and so does the rounding of weights and sums: one grey level inside.
_AGREEMENT = Agreement(tolerance=1, interior=within_margin)
# Of integers SciPy cuts off the fractions, after each direction.
_CUT_OFF = Agreement(tolerance=2, interior=within_margin)

GAUSSIAN = Op(
    "gaussian_blur",
    {
        "3x3": {"k": 3, "margin": 1, "sigma": 0.8},
        "7x7": {"k": 7, "margin": 3, "sigma": 1.5},
        "7x7 one channel": {"k": 7, "margin": 3, "sigma": 1.5, "channels": 1},
        "25x25": {"k": 25, "margin": 12, "sigma": 3.0},
    },
    agreement=_AGREEMENT,
    goals={"7x7 uint8": times(1.5, "opencv")},
)
BOX = Op(
    "box_blur",
    {
        "3x3": {"k": 3, "margin": 1},
        "15x15": {"k": 15, "margin": 7},
        "15x15 one channel": {"k": 15, "margin": 7, "channels": 1},
        "51x51": {"k": 51, "margin": 25},
    },
    agreement=_AGREEMENT,
)
OPS = [GAUSSIAN, BOX]


@GAUSSIAN.by(OURS)
def _gaussian_ours(work: Work) -> Call:
    sigma, size = work.options["sigma"], work.options["k"]
    return lambda: blur.gaussian_blur(work.images, sigma, size=size, out=work.out)


@GAUSSIAN.by("opencv")
def _gaussian_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    sigma, size = work.options["sigma"], (work.options["k"],) * 2

    def call() -> Any:
        for image, out in work.pairs:
            cv2.GaussianBlur(image, size, sigma, out)
        return work.out

    return call


@GAUSSIAN.by("scipy", agreement=_CUT_OFF)
def _gaussian_scipy(work: Work) -> Call:
    ndimage = peers.load("scipy", "ndimage")
    sigma, radius = work.options["sigma"], work.options["k"] // 2
    return lambda: ndimage.gaussian_filter(
        work.images, sigma, radius=radius, axes=(1, 2), output=work.out
    )


@BOX.by(OURS)
def _box_ours(work: Work) -> Call:
    return lambda: blur.box_blur(work.images, work.options["k"], out=work.out)


@BOX.by("opencv")
def _box_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    size = (work.options["k"],) * 2

    def call() -> Any:
        for image, out in work.pairs:
            cv2.blur(image, size, out)
        return work.out

    return call


@BOX.by("scipy", agreement=_CUT_OFF)
def _box_scipy(work: Work) -> Call:
    ndimage = peers.load("scipy", "ndimage")
    size = work.options["k"]
    return lambda: ndimage.uniform_filter(work.images, size, axes=(1, 2), output=work.out)
