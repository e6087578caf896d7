"""Erosion and its kin: how each library does them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ops import morphology
from . import peers
from .agree import Agreement, within_margin
from .cases import OURS, Call, Op
from .data import Work, ellipse, half_full
from .goals import times

# Borders differ: compared is where the footprint lies inside, and there to the bit.
_AGREEMENT = Agreement(interior=within_margin)
_THREE = {"k": 3, "margin": 1}
_TWICE = {"3x3": {"k": 3, "margin": 2}}

ERODE = Op(
    "erode",
    {
        "3x3": _THREE,
        "3x3 one channel": {**_THREE, "channels": 1},
        "15x15": {"k": 15, "margin": 7},
        "51x51": {"k": 51, "margin": 25},
        "7x7 ellipse": {"k": 7, "margin": 3, "shape": "ellipse"},
        "9x9 half full": {"k": 9, "margin": 4, "shape": "half full"},
        "15x15 diagonal": {"k": 15, "margin": 7, "shape": "diagonal"},
    },
    agreement=_AGREEMENT,
    goals={
        "3x3 uint8": times(2.5, "opencv"),
        "3x3 float32": times(2, "opencv"),
        "3x3 one channel uint8": times(50, "scikit-image"),
        "15x15 uint8": times(3, "opencv"),
        "15x15 float32": times(3, "opencv"),
        "51x51 uint8": times(6, "opencv"),
        "7x7 ellipse uint8": times(2, "opencv"),
    },
)
DILATE = Op("dilate", {"3x3": _THREE}, agreement=_AGREEMENT)
OPENING = Op("opening", _TWICE, agreement=_AGREEMENT)
CLOSING = Op("closing", _TWICE, agreement=_AGREEMENT)
GRADIENT = Op("morphological_gradient", {"3x3": _THREE}, agreement=_AGREEMENT)
WHITE_TOPHAT = Op("white_tophat", _TWICE, agreement=_AGREEMENT)
BLACK_TOPHAT = Op("black_tophat", _TWICE, agreement=_AGREEMENT)
OPS = [ERODE, DILATE, OPENING, CLOSING, GRADIENT, WHITE_TOPHAT, BLACK_TOPHAT]


_SHAPES: dict[str, Callable[[int], npt.NDArray[np.uint8]]] = {
    "ellipse": ellipse,
    "half full": half_full,
    "diagonal": lambda size: np.eye(size, dtype=np.uint8),
}


def _shape(work: Work) -> npt.NDArray[np.uint8] | None:
    """None for a full rectangle."""
    name = work.options.get("shape")
    return None if name is None else _SHAPES[name](work.options["k"])


def _footprint(work: Work) -> npt.NDArray[np.uint8]:
    k, shape = work.options["k"], _shape(work)
    return np.ones((k, k), np.uint8) if shape is None else shape


@ERODE.by(OURS)
def _erode_ours(work: Work) -> Call:
    shape = _shape(work)
    footprint = work.options["k"] if shape is None else shape
    return lambda: morphology.erode(work.images, footprint, out=work.out)


@DILATE.by(OURS)
def _dilate_ours(work: Work) -> Call:
    return lambda: morphology.dilate(work.images, work.options["k"], out=work.out)


@ERODE.by("opencv")
def _erode_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    footprint = _footprint(work)

    def call() -> Any:
        for image, out in work.pairs:
            cv2.erode(image, footprint, out)
        return work.out

    return call


@DILATE.by("opencv")
def _dilate_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    footprint = _footprint(work)

    def call() -> Any:
        for image, out in work.pairs:
            cv2.dilate(image, footprint, out)
        return work.out

    return call


def _scipy(work: Work) -> tuple[Any, dict[str, Any]]:
    """ndimage, and the window for a whole batch: a rectangle goes through its fast, separable path."""
    k, shape = work.options["k"], _shape(work)
    if shape is not None:
        return peers.load("scipy", "ndimage"), {"footprint": shape[np.newaxis, :, :, np.newaxis]}
    return peers.load("scipy", "ndimage"), {"size": (1, k, k, 1)}


@ERODE.by("scipy")
def _erode_scipy(work: Work) -> Call:
    ndimage, window = _scipy(work)
    return lambda: ndimage.minimum_filter(work.images, output=work.out, **window)


@DILATE.by("scipy")
def _dilate_scipy(work: Work) -> Call:
    ndimage, window = _scipy(work)
    return lambda: ndimage.maximum_filter(work.images, output=work.out, **window)


def _skimage(work: Work, function: str) -> Call:
    do = getattr(peers.load("scikit-image", "morphology"), function)
    k = work.options["k"]
    footprint: Any = _footprint(work)[:, :, np.newaxis]
    if _shape(work) is None:  # the separable form, its own way to go fast
        footprint = ((np.ones((k, 1, 1), np.uint8), 1), (np.ones((1, k, 1), np.uint8), 1))

    def call() -> Any:
        for image, out in work.pairs:
            do(image, footprint, out=out)
        return work.out

    return call


@ERODE.by("scikit-image")
def _erode_skimage(work: Work) -> Call:
    return _skimage(work, "erosion")


def _compound(op: Op, opencv: str, scipy: str, skimage: str | None) -> None:
    """Lets the libraries join an op that is made of both, under the names they have for it."""

    @op.by(OURS)
    def _ours(work: Work) -> Call:
        do = getattr(morphology, op.name)
        return lambda: do(work.images, work.options["k"], out=work.out)

    @op.by("opencv")
    def _opencv(work: Work) -> Call:
        cv2 = peers.load("opencv")
        kind, footprint = getattr(cv2, opencv), _footprint(work)

        def call() -> Any:
            for image, out in work.pairs:
                cv2.morphologyEx(image, kind, footprint, out)
            return work.out

        return call

    @op.by("scipy")
    def _of_scipy(work: Work) -> Call:
        ndimage, window = _scipy(work)
        do = getattr(ndimage, scipy)
        return lambda: do(work.images, output=work.out, **window)

    if skimage is not None:
        op.by("scikit-image")(partial(_skimage, function=skimage))


_compound(OPENING, "MORPH_OPEN", "grey_opening", "opening")
_compound(CLOSING, "MORPH_CLOSE", "grey_closing", "closing")
_compound(GRADIENT, "MORPH_GRADIENT", "morphological_gradient", None)  # scikit-image has none
_compound(WHITE_TOPHAT, "MORPH_TOPHAT", "white_tophat", "white_tophat")
_compound(BLACK_TOPHAT, "MORPH_BLACKHAT", "black_tophat", "black_tophat")


@DILATE.by("torch", dtypes=("float32",))
def _dilate_torch(work: Work) -> Call:
    torch = peers.load("torch")
    # Contiguous planes are what its pooling is fastest on.
    images = torch.from_numpy(work.images).permute(0, 3, 1, 2).contiguous()
    k = work.options["k"]
    pool = torch.nn.functional.max_pool2d
    return lambda: pool(images, k, 1, k // 2).permute(0, 2, 3, 1)


# Its rank filter takes milliseconds per image at 3 by 3 and seconds at 51 by 51.
_SMALL = 3


@ERODE.by(
    "pillow",
    dtypes=("uint8",),
    when=lambda work: work.options["k"] <= _SMALL and peers.pillow_can(work),
)
def _erode_pillow(work: Work) -> Call:
    smallest = peers.load("pillow", "ImageFilter").MinFilter(work.options["k"])
    images = peers.pillow_images(work.images)
    return lambda: [image.filter(smallest) for image in images]


# The only footprints it has are ellipses.
@ERODE.by("albumentations", when=lambda work: work.options.get("shape") == "ellipse")
def _erode_albumentations(work: Work) -> Call:
    k = work.options["k"]
    transform = peers.load("albumentations").Morphological((k, k), "erosion", p=1.0)
    return peers.albumentations(transform, work.images)
