"""Crops, pads, erased rectangles and channels in another order: how each library does them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...arrays import Array
from ...ops.channels import shuffle_channels
from ...ops.erasing import erase
from ...ops.windows import crop, crop_or_pad, pad
from . import peers
from .cases import OURS, Call, Op
from .data import Work


class Framed(Work):
    """Results have a size of their own: a share of the images' sides is cut off or added around."""

    @property
    def margin(self) -> int:
        return round(self.size[0] * float(self.options["margin"]))

    @cached_property
    def out(self) -> Array:
        n, h, w, c = self.shape
        return np.full((n, h + 2 * self.margin, w + 2 * self.margin, c), 1, self.dtype)

    @cached_property
    def corners(self) -> npt.NDArray[np.int64]:
        """Where each image is cut, somewhere of its own."""
        return np.random.default_rng(2).integers(0, -2 * self.margin + 1, (2, self.shape[0]))


class Boxed(Work):
    """Every image has rectangles of its own."""

    @cached_property
    def boxes(self) -> npt.NDArray[np.int64]:
        rng, count = np.random.default_rng(3), self.options["boxes"]
        side = round(self.size[0] * float(self.options["side_of_a_box"]))
        boxes = np.full((self.shape[0], count, 4), side)
        boxes[..., :2] = rng.integers(0, self.size[0] - side, (self.shape[0], count, 2))
        return boxes


CROP = Op("crop", {"x0.86": {"margin": -0.07}}, work=Framed)
PAD = Op(
    "pad",
    {
        "constant": {"margin": 0.07, "fill_mode": "constant"},
        "nearest": {"margin": 0.07, "fill_mode": "nearest"},
        "mirror": {"margin": 0.07, "fill_mode": "mirror"},
    },
    work=Framed,
)
CROP_OR_PAD = Op(
    "crop_or_pad", {"x0.86": {"margin": -0.07}, "x1.14": {"margin": 0.07}}, work=Framed
)
ERASE = Op(
    "erase",
    {
        "one box": {"boxes": 1, "side_of_a_box": 0.4},
        "sixteen boxes": {"boxes": 16, "side_of_a_box": 0.1},
    },
    work=Boxed,
)
# One channel has no other order, and four have a row of their own.
CHANNELS = Op("shuffle_channels", {"of three": {}, "of four": {"channels": 4}}, channels=3)
OPS = [CROP, PAD, CROP_OR_PAD, ERASE, CHANNELS]


@CROP.by(OURS)
def _crop_ours(work: Any) -> Call:
    (top, left), (height, width) = work.corners, work.out.shape[1:3]
    return lambda: crop(work.images, top, left, height, width, out=work.out)


@CROP.by("numpy")
def _crop_numpy(work: Any) -> Call:
    height, width = work.out.shape[1:3]
    corners = work.corners.T.tolist()

    def call() -> Any:
        for (image, out), (top, left) in zip(work.pairs, corners, strict=True):
            np.copyto(out, image[top : top + height, left : left + width])
        return work.out

    return call


@CROP.by("opencv")
def _crop_opencv(work: Any) -> Call:
    cv2 = peers.load("opencv")
    height, width = work.out.shape[1:3]
    corners = work.corners.T.tolist()

    def call() -> Any:
        for (image, out), (top, left) in zip(work.pairs, corners, strict=True):
            cv2.copyTo(image[top : top + height, left : left + width], None, out)
        return work.out

    return call


@CROP.by("pillow", dtypes=("uint8",), when=peers.pillow_can)
def _crop_pillow(work: Any) -> Call:
    images, (height, width) = peers.pillow_images(work.images), work.out.shape[1:3]
    corners = work.corners.T.tolist()
    return lambda: [
        image.crop((left, top, left + width, top + height))
        for image, (top, left) in zip(images, corners, strict=True)
    ]


@PAD.by(OURS)
def _pad_ours(work: Any) -> Call:
    mode = work.options["fill_mode"]
    return lambda: pad(work.images, work.margin, fill_mode=mode, out=work.out)


@PAD.by("numpy")
def _pad_numpy(work: Any) -> Call:
    names = {"constant": "constant", "nearest": "edge", "mirror": "reflect"}
    mode: Any = names[work.options["fill_mode"]]
    sides = (0, 0), (work.margin, work.margin), (work.margin, work.margin), (0, 0)
    return lambda: np.pad(work.images, sides, mode)


@PAD.by("opencv")
def _pad_opencv(work: Any) -> Call:
    cv2 = peers.load("opencv")
    codes = {
        "constant": cv2.BORDER_CONSTANT,
        "nearest": cv2.BORDER_REPLICATE,
        "mirror": cv2.BORDER_REFLECT_101,
    }
    mode, by = codes[work.options["fill_mode"]], work.margin

    def call() -> Any:
        for image, out in work.pairs:
            cv2.copyMakeBorder(image, by, by, by, by, mode, out)
        return work.out

    return call


@PAD.by("torch", dtypes=("float32",))
def _pad_torch(work: Any) -> Call:
    torch = peers.load("torch")
    names = {"constant": "constant", "nearest": "replicate", "mirror": "reflect"}
    mode, by = names[work.options["fill_mode"]], work.margin
    images = torch.from_numpy(work.images).permute(0, 3, 1, 2)
    padded = torch.nn.functional.pad
    return lambda: padded(images, (by, by, by, by), mode).permute(0, 2, 3, 1)


@CROP_OR_PAD.by(OURS)
def _crop_or_pad_ours(work: Any) -> Call:
    height, width = work.out.shape[1:3]
    return lambda: crop_or_pad(work.images, (height, width), out=work.out)


@CROP_OR_PAD.by("numpy")
def _crop_or_pad_numpy(work: Any) -> Call:
    by = abs(work.margin)
    if work.margin > 0:
        return lambda: np.pad(work.images, ((0, 0), (by, by), (by, by), (0, 0)))

    def call() -> Any:
        np.copyto(work.out, work.images[:, by:-by, by:-by])
        return work.out

    return call


@CROP_OR_PAD.by("opencv", when=lambda work: work.options["margin"] > 0)
def _crop_or_pad_opencv(work: Any) -> Call:
    cv2, by = peers.load("opencv"), work.margin

    def call() -> Any:
        for image, out in work.pairs:
            cv2.copyMakeBorder(image, by, by, by, by, cv2.BORDER_CONSTANT, out)
        return work.out

    return call


@ERASE.by(OURS)
def _erase_ours(work: Any) -> Call:
    return lambda: erase(work.images, work.boxes, out=work.out)


@ERASE.by("numpy")
def _erase_numpy(work: Any) -> Call:
    boxes = work.boxes.tolist()

    def call() -> Any:
        for (image, out), areas in zip(work.pairs, boxes, strict=True):
            np.copyto(out, image)
            for top, left, height, width in areas:
                out[top : top + height, left : left + width] = 0
        return work.out

    return call


@ERASE.by("opencv", when=lambda work: work.shape[3] <= 4)
def _erase_opencv(work: Any) -> Call:
    cv2, boxes = peers.load("opencv"), work.boxes.tolist()
    black = (0,) * work.shape[3]

    def call() -> Any:
        for (image, out), areas in zip(work.pairs, boxes, strict=True):
            cv2.copyTo(image, None, out)
            for top, left, height, width in areas:
                cv2.rectangle(out, (left, top, width, height), black, cv2.FILLED)
        return work.out

    return call


def _order(work: Work) -> list[int]:
    return list(range(work.shape[3]))[::-1]


@CHANNELS.by(OURS)
def _channels_ours(work: Work) -> Call:
    order = _order(work)
    return lambda: shuffle_channels(work.images, order, out=work.out)


@CHANNELS.by("numpy")
def _channels_numpy(work: Work) -> Call:
    shuffled = work.images[..., ::-1]

    def call() -> Any:
        np.copyto(work.out, shuffled)
        return work.out

    return call


@CHANNELS.by("opencv", when=lambda work: 1 < work.shape[3] <= 4)
def _channels_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    pairs = [number for to, of in enumerate(_order(work)) for number in (of, to)]

    def call() -> Any:
        for image, out in work.pairs:
            cv2.mixChannels([image], [out], pairs)
        return work.out

    return call
