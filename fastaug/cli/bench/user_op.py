"""Ops made of Python functions, in a pipeline, against the same op built in."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from ... import transforms as ft
from ...ops.user_op import pixel_op
from ...pipeline import Compose
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

BUILT_IN = "built in"

USER_OP = Op(
    "pixel_op",
    {
        "saturation in a pipeline": {"made": "float32"},
        "invert in a pipeline": {"made": "float32", "inverts": True},
    },
    dtypes=("uint8",),
    channels=3,
    agreement=Agreement(
        "exact", tolerance=0.03
    ),  # a grey level, normalized; ties may round either way
    goals={
        f"{name} in a pipeline uint8": times(1 / 1.3, BUILT_IN) for name in ("saturation", "invert")
    },
    copied=False,
)
OPS = [USER_OP]


@pixel_op
def _saturation(pixel: Any, factor: Any) -> Any:
    red, green, blue = pixel
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return (
        grey + (red - grey) * factor,
        grey + (green - grey) * factor,
        grey + (blue - grey) * factor,
    )


@pixel_op(elementwise=True)
def _inverted(value: Any) -> Any:
    return 255.0 - value


def _pipeline(work: Work, middle: ft.Custom | ft.RandomSaturation | ft.RandomInvert) -> Call:
    pipeline = Compose([ft.RandomRotation(20), middle, ft.Normalize()], seed=7)
    index = np.arange(len(work.images))
    return lambda: pipeline(work.images, index=index, out=work.out)


@USER_OP.by(OURS, when=lambda _: find_spec("numba") is not None)
def _ours(work: Work) -> Call:
    if not work.options.get("inverts"):
        return _pipeline(work, ft.Custom(_saturation, parameters={"factor": (0.5, 1.5)}))
    return _pipeline(work, ft.Custom(_inverted, p=0.5))


@USER_OP.by(OURS, name=BUILT_IN)
def _built_in(work: Work) -> Call:
    if not work.options.get("inverts"):
        return _pipeline(work, ft.RandomSaturation(0.5))
    return _pipeline(work, ft.RandomInvert(p=0.5))
