"""Every op with arguments that are right, and the check that a wrong one is an error before any work."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import fastaug
from fastaug.ops.photometric import photometric

Array = npt.NDArray[Any]

SHAPE = (2, 4, 5, 3)
INF, NAN = np.inf, np.nan
COPY_DTYPES = "boolean, integer or floating dtype of at most 8 bytes"
WARP_DTYPES = "uint8 or float32"
MORPHOLOGY_DTYPES = "uint8 or uint16 or float32 or float64"
NOISE_DTYPES = "uint8 or float32 or float64"
PHOTOMETRIC_DTYPES = "float32"
COLOUR_DTYPES = "uint8 or uint16 or float32 or float64"

OTHERS = np.full(SHAPE, 80, np.uint8)

# Arguments that are right, and the dtypes that the error names.
OPS: dict[str, tuple[dict[str, Any], str]] = {
    "warp_affine": ({"matrix": np.eye(3)[:2]}, WARP_DTYPES),
    "warp_perspective": ({"matrix": np.eye(3)}, WARP_DTYPES),
    "remap": ({"coordinates": np.ones((*SHAPE[1:3], 2))}, WARP_DTYPES),
    "elastic": ({"displacement": np.ones((*SHAPE[1:3], 2))}, WARP_DTYPES),
    "flip": ({"horizontal": True}, COPY_DTYPES),
    "rot90": ({"k": 2}, COPY_DTYPES),
    "crop": ({"top": 0, "left": 0, "height": SHAPE[1], "width": SHAPE[2]}, COPY_DTYPES),
    "pad": ({"padding": 0}, COPY_DTYPES),
    "crop_or_pad": ({"size": SHAPE[1:3]}, COPY_DTYPES),
    "erase": ({"boxes": [[1, 1, 2, 2]]}, COPY_DTYPES),
    "shuffle_channels": ({"order": [2, 0, 1]}, COPY_DTYPES),
    "blend": ({"others": OTHERS, "weight": 0.5}, COLOUR_DTYPES),
    "paste": ({"others": OTHERS, "boxes": [1, 1, 2, 2]}, COPY_DTYPES),
    "resize": ({"size": SHAPE[1:3]}, MORPHOLOGY_DTYPES),
    "erode": ({}, MORPHOLOGY_DTYPES),
    "dilate": ({}, MORPHOLOGY_DTYPES),
    "opening": ({}, MORPHOLOGY_DTYPES),
    "closing": ({}, MORPHOLOGY_DTYPES),
    "morphological_gradient": ({}, MORPHOLOGY_DTYPES),
    "white_tophat": ({}, MORPHOLOGY_DTYPES),
    "black_tophat": ({}, MORPHOLOGY_DTYPES),
    "box_blur": ({"size": 3}, MORPHOLOGY_DTYPES),
    "gaussian_blur": ({"sigma": 1.5}, MORPHOLOGY_DTYPES),
    "correlate": ({"kernel": np.ones((3, 3))}, MORPHOLOGY_DTYPES),
    "motion_blur": ({"size": 3, "angle": 20}, MORPHOLOGY_DTYPES),
    "median_blur": ({}, MORPHOLOGY_DTYPES),
    "sharpen": ({"factor": 1.5}, COLOUR_DTYPES),
    "gaussian_noise": ({"std": 9, "seed": 1}, NOISE_DTYPES),
    "speckle_noise": ({"std": 0.5, "seed": 1}, NOISE_DTYPES),
    "uniform_noise": ({"amplitude": 9, "seed": 1}, NOISE_DTYPES),
    "shot_noise": ({"photons": 9, "seed": 1}, NOISE_DTYPES),
    "salt_and_pepper": ({"amount": 0.5, "seed": 1}, NOISE_DTYPES),
    "pixel_dropout": ({"amount": 0.5, "seed": 1}, NOISE_DTYPES),
    "photometric": ({"brightness": 1.5}, PHOTOMETRIC_DTYPES),
    "adjust_brightness": ({"factor": 1.5}, COLOUR_DTYPES),
    "add_brightness": ({"delta": 0.5}, COLOUR_DTYPES),
    "adjust_contrast": ({"factor": 1.5}, COLOUR_DTYPES),
    "adjust_saturation": ({"factor": 1.5}, COLOUR_DTYPES),
    "adjust_hue": ({"delta": 0.1}, COLOUR_DTYPES),
    "to_grayscale": ({}, COLOUR_DTYPES),
    "adjust_gamma": ({"gamma": 2}, COLOUR_DTYPES),
    "channel_shift": ({"value": 20}, COLOUR_DTYPES),
    "invert": ({}, COLOUR_DTYPES),
    "posterize": ({"bits": 3}, COLOUR_DTYPES),
    "solarize": ({"threshold": 30}, COLOUR_DTYPES),
    "autocontrast": ({}, COLOUR_DTYPES),
    "equalize": ({}, COLOUR_DTYPES),
    "normalize": ({"mean": 0.5, "std": 0.2}, COLOUR_DTYPES),
    "to_float": ({}, COLOUR_DTYPES),
}
NOISES = [name for name in OPS if "seed" in OPS[name][0]]
MIXED = [name for name in OPS if "others" in OPS[name][0]]
BLURS = ["box_blur", "gaussian_blur"]
COLOURS = list(OPS)[list(OPS).index("photometric") :]
MORPHOLOGY = list(OPS)[list(OPS).index("erode") : list(OPS).index("black_tophat") + 1]
IN_PLACE = {*NOISES, *COLOURS, *MIXED, "erase", "shuffle_channels"}
ops = pytest.mark.parametrize("op", OPS)


IMAGES = np.full(SHAPE, 50, np.uint8)


def dtype_of(op: str) -> str:
    """One that the op knows."""
    floats = OPS[op][1] == PHOTOMETRIC_DTYPES or op in ("normalize", "to_float")
    return "float32" if floats else "uint8"


def check(
    op: str, error: type[Exception], message: str, images: Any = IMAGES, **change: Any
) -> None:
    """Calls an op with one wrong argument; the output it is given must stay as it is."""
    images = IMAGES.astype(dtype_of(op)) if images is IMAGES else images
    small = isinstance(images, np.ndarray) and images.size < 10**6
    before = images.copy() if small else None
    untouched = np.full(SHAPE, 7, dtype_of(op))
    arguments = {"out": untouched} | OPS[op][0] | change
    plain = isinstance(images, np.ndarray) and images.dtype.kind in "buif"
    if op in MIXED and "others" not in change and plain:  # they have to match the images
        arguments["others"] = np.broadcast_to(np.ones((), images.dtype), images.shape)
    with pytest.raises(error) as caught:
        (photometric if op == "photometric" else getattr(fastaug, op))(images, **arguments)
    assert re.match(message, str(caught.value)), str(caught.value)
    assert (untouched == 7).all(), "the output was written to"
    if before is not None:
        np.testing.assert_array_equal(images, before, "the images were written to")
