"""A pipeline that is called for one image after the other, as the data sets of PyTorch call it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import Array
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

# Not ImageNet's, of which little is left in the mean: that is compared.
_MEAN, _DEVIATION = (0.2, 0.2, 0.2), (0.229, 0.224, 0.225)


class Cropped(Work):
    """Results are an eighth smaller than the images, as float32."""

    @property
    def side(self) -> int:
        return self.size[0] - self.size[0] // 8

    @cached_property
    def out(self) -> Array:
        n, _, _, channels = self.shape
        return np.full((n, self.side, self.side, channels), 1, np.float32)


SAMPLES = Op(
    "pipeline",
    {"one icon at a time": {"side": 32}, "one image at a time": {}},
    dtypes=("uint8",),
    agreement=Agreement("random", tolerance=0.6),
    goals={
        "one icon at a time uint8": times(1, "albumentations", "torchvision"),
        "one image at a time uint8": times(1, "albumentations", "torchvision"),
    },
    work=Cropped,
)
OPS = [SAMPLES]


@SAMPLES.by(OURS)
def _ours(work: Any) -> Call:
    from ... import transforms as ft
    from ...pipeline import Compose

    pipeline = Compose(
        [ft.RandomFlip(), ft.RandomCrop(work.side), ft.Normalize(_MEAN, _DEVIATION)], seed=7
    )
    return lambda: [pipeline(image, index=i) for i, image in enumerate(work.images)]


@SAMPLES.by("albumentations")
def _albumentations(work: Any) -> Call:
    album = peers.load("albumentations")
    transform = album.Compose(
        [
            album.HorizontalFlip(p=0.5),
            album.RandomCrop(work.side, work.side),
            album.Normalize(_MEAN, _DEVIATION),
        ],
        seed=7,
    )
    return lambda: [transform(image=image)["image"] for image in work.images]


@SAMPLES.by("torchvision")
def _torchvision(work: Any) -> Call:
    torch, v2 = peers.load("torch"), peers.load("torchvision", "transforms.v2")
    transform = v2.Compose(
        [
            v2.RandomHorizontalFlip(),
            v2.RandomCrop(work.side),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(_MEAN, _DEVIATION),
        ]
    )
    # Channels first, in memory as torchvision has it.
    images = [torch.from_numpy(np.moveaxis(image, -1, 0).copy()) for image in work.images]
    return lambda: [np.moveaxis(transform(image).numpy(), 0, -1) for image in images]
