"""How speed goes with the size of the images, and what an image costs in itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from . import timing
from .cases import CHANNELS, Case, batch_of, cases, find_op
from .data import Work
from .goals import A_COPY, OURS

SIZES = (28, 64, 224, 512, 1024, 4096)
SIZED = (
    "warp_affine bilinear constant uint8",
    "warp_affine bilinear constant float32",
    "flip horizontal uint8",
    "erode 3x3 uint8",
    "erode 15x15 uint8",
    "gaussian_noise uint8",
)
# What is made ready anew for every image costs most where images are small.
SMALL_ROWS = (
    *SIZED,
    "erode 7x7 ellipse uint8",
    "box_blur 15x15 uint8",
    "gaussian_blur 7x7 uint8",
    "resize bilinear x0.86 uint8",
    "adjust_contrast uint8",
    "equalize uint8",
)

# The same pixels as many small images and as one: 256 * 28 * 28 = 7168 * 28 = 448 * 448.
SMALL, IMAGES, LARGE = 28, 256, 448
PER_IMAGE_GOAL = 1e-6  # seconds
# Slow peers would take minutes on the large images.
_IN_CURVES = (OURS, A_COPY, "opencv", "albumentations")


def rows(names: Iterable[str], ops: list[str], **how: Any) -> list[Case]:
    """The cases of rows by their names, those that `ops` names a part of."""
    found = {case.row: case for case in cases(**how)}
    wanted = (name for name in names if not ops or any(entry in name for entry in ops))
    return [found[name] for name in wanted if name in found]


def sizes(ops: list[str], seconds: float) -> list[dict[str, Any]]:
    """Nanoseconds per pixel at every size, in batches of about as many pixels."""
    sets = [rows(SIZED, ops, size=side, batch=batch_of(side)) for side in SIZES]
    found = []
    for case in chain(*sets):
        few = {n: make for n, make in case.contenders.items() if n in _IN_CURVES}
        calls, _ = timing.prepare(replace(case, contenders=few))
        pixels = case.work.shape[0] * case.work.shape[1] * case.work.shape[2]
        for name, taken in timing.take_turns(calls, seconds).items():
            found.append(
                {
                    "row": case.row,
                    "side": case.work.shape[1],
                    "batch": case.work.shape[0],
                    "contender": name,
                    "nanoseconds_per_pixel": taken.median / pixels * 1e9,
                }
            )
        del calls  # and their arrays, before the next are made
        case.work.release()
    return found


def gentle(kind: type[Work]) -> type[Work]:
    """Work whose warps hardly turn, so that a narrow image of any height stays in the picture."""

    class Gentle(kind):  # type: ignore[misc, valid-type]
        @cached_property
        def matrices(self) -> npt.NDArray[np.float64]:
            return np.tile([[0.96, 1e-4, 0.5], [0, 0.97, 0.3]], (self.shape[0], 1, 1))

    return Gentle


def per_image(ops: list[str], seconds: float) -> list[dict[str, Any]]:
    """What each of many small images costs beyond the arithmetic.

    That is what one image of the same rows costs. Beside it: a large one of as many pixels, which
    spares the beginnings and ends of so many rows, too.
    """
    shapes = {
        "small": (IMAGES, SMALL, SMALL, CHANNELS),
        "rows": (1, IMAGES * SMALL, SMALL, CHANNELS),
        "large": (1, LARGE, LARGE, CHANNELS),
    }
    found = []
    for case in rows(SMALL_ROWS, ops):
        op, how = find_op(case.op, case.variant), (case.work.dtype, case.work.options)
        calls = {
            name: op.make(OURS, gentle(op.work)(shape, *how)) for name, shape in shapes.items()
        }
        for call in calls.values():
            call()
        timings = timing.take_turns(calls, seconds)
        taken = {name: timings[name].median for name in shapes}
        each = (taken["small"] - taken["rows"]) / IMAGES
        found.append(
            {
                "row": case.row,
                "seconds": taken,
                "seconds_per_image": each,
                "seconds_per_image_beyond_large": (taken["small"] - taken["large"]) / IMAGES,
                "met": each < PER_IMAGE_GOAL,
            }
        )
    return found
