"""What is measured: ops of fastaug on a batch of images on a card, and how fast they have to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

import fastaug
import fastaug.transforms as ft

POINTWISE, LOCAL, NOISE = 0.9, 0.75, 0.6  # of the copy bandwidth


@dataclass(frozen=True)
class Work:
    """A call on a batch, and the share of the copy bandwidth it has to reach, by dtype."""

    call: Callable[[Any], Any]
    goals: Mapping[str, float] = field(default_factory=dict)


def angles(n: int) -> np.ndarray:
    return np.linspace(-30, 30, n)


def training() -> fastaug.Compose:
    """The fused pass: one resampling, and what follows it."""
    return fastaug.Compose(
        [
            ft.RandomAffine(rotation=20, translation=0.1, scale=0.2, shear=10),
            ft.RandomFlip("horizontal"),
            ft.RandomBrightness(0.2),
            ft.RandomContrast(0.2),
            ft.GaussianNoise(10),
            ft.Normalize(),
        ],
        seed=1,
    )


def works(n: int, size: int, dtype: str) -> dict[str, Work]:
    """Every family of ops, on n images of this size with values from 0 to 255."""
    affine = fastaug.affine_matrix(rotation=angles(n), size=(size, size))
    square = np.array([(0, 0), (size, 0), (size, size), (0, size)], float)
    inwards = np.array([(9, 4), (-5, 8), (-7, -3), (2, -6)]) * size / 224
    bent = fastaug.perspective_matrix(square, square + inwards)
    rng = np.random.default_rng(1)
    coarse = rng.uniform(-8, 8, (size, size, 2)).astype(np.float32)
    displacement = import_module("cupy").asarray(coarse)
    boxes = np.array([[size // 4, size // 4, size // 2, size // 2]])
    kernel = rng.uniform(-1, 1, (3, 3))
    index = np.arange(n)
    range_255 = {"value_range": (0, 255)}
    pipeline = training()
    half = np.full(n, 0.5)

    def every(share: float) -> dict[str, float]:
        return {"uint8": share, "float32": share}

    def pointwise(op: Callable[..., Any], *given: Any, **more: Any) -> Work:
        return Work(lambda x: op(x, *given, **more), every(POINTWISE))

    def noise(op: Callable[..., Any], *given: Any, **more: Any) -> Work:
        return Work(lambda x: op(x, *given, seed=1, **more), {"float32": NOISE})

    def plain(op: Callable[..., Any], *given: Any, **more: Any) -> Work:
        return Work(lambda x: op(x, *given, **more))

    def local(op: Callable[..., Any], *given: Any, **more: Any) -> Work:
        return Work(lambda x: op(x, *given, **more), every(LOCAL))

    return {
        "fused pass": Work(lambda x: pipeline(x, index=index), every(LOCAL)),
        "flip, horizontal": pointwise(fastaug.flip, horizontal=True),
        "flip, vertical": pointwise(fastaug.flip, vertical=True),
        "rot90": plain(fastaug.rot90),
        "warp_affine, bilinear": local(fastaug.warp_affine, affine),
        "warp_affine, nearest": plain(fastaug.warp_affine, affine, interpolation="nearest"),
        "warp_affine, bicubic": plain(fastaug.warp_affine, affine, interpolation="bicubic"),
        "warp_affine, spline 3": plain(fastaug.warp_affine, affine, interpolation=3),
        "warp_perspective": plain(fastaug.warp_perspective, bent),
        "elastic": plain(fastaug.elastic, displacement),
        "resize to half": plain(fastaug.resize, (size // 2, size // 2)),
        "crop": plain(fastaug.crop, 1, 1, size - 2, size - 2),
        "pad": plain(fastaug.pad, 2, fill_mode="reflect"),
        "erase": plain(fastaug.erase, boxes, value=7),
        "shuffle_channels": plain(fastaug.shuffle_channels, np.array([2, 1, 0])),
        "blend": Work(lambda x: fastaug.blend(x, x, half), every(POINTWISE)),
        "paste": plain_with_itself(fastaug.paste, boxes[0]),
        "erode 3x3": local(fastaug.erode, 3),
        "erode 15x15": plain(fastaug.erode, 15),
        "white_tophat 3x3": plain(fastaug.white_tophat, 3),
        "gaussian_blur, sigma 1.5": plain(fastaug.gaussian_blur, 1.5),
        "box_blur 5x5": plain(fastaug.box_blur, 5),
        "median_blur 3x3": plain(fastaug.median_blur, 3),
        "motion_blur 9": plain(fastaug.motion_blur, 9, angle=30),
        "correlate 3x3": plain(fastaug.correlate, kernel),
        "sharpen": plain(fastaug.sharpen, 1.5, **range_255),
        "gaussian_noise": noise(fastaug.gaussian_noise, 10.0),
        "uniform_noise": noise(fastaug.uniform_noise, 10.0),
        "speckle_noise": noise(fastaug.speckle_noise, 0.1),
        "shot_noise": Work(lambda x: fastaug.shot_noise(x, 60, seed=1, **range_255)),
        "salt_and_pepper": noise(fastaug.salt_and_pepper, 0.1),
        "pixel_dropout": noise(fastaug.pixel_dropout, 0.1),
        "adjust_brightness": pointwise(fastaug.adjust_brightness, 1.2, **range_255),
        "adjust_gamma": pointwise(fastaug.adjust_gamma, 0.8, **range_255),
        "solarize": pointwise(fastaug.solarize, 128, **range_255),
        "adjust_saturation": pointwise(fastaug.adjust_saturation, 0.5, **range_255),
        "adjust_hue": pointwise(fastaug.adjust_hue, 0.1, **range_255),
        "normalize": pointwise(fastaug.normalize, 0.5, 0.25),
        # These look at the whole image before they change it.
        "adjust_contrast": plain(fastaug.adjust_contrast, 1.2, **range_255),
        "equalize": plain(fastaug.equalize, **({} if dtype == "uint8" else range_255)),
    }


def plain_with_itself(op: Callable[..., Any], *given: Any) -> Work:
    return Work(lambda x: op(x, x, *given))
