"""Two images made into one, each with the one before it in the batch: how each library does it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...ops.mixing import blend, paste
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .windows import Boxed

BLEND = Op("blend", agreement=Agreement(tolerance=1))
PASTE = Op("paste", {"": {"boxes": 1, "side_of_a_box": 0.5}}, work=Boxed)
OPS = [BLEND, PASTE]


def _before(work: Work) -> npt.NDArray[np.int64]:
    return np.arange(-1, work.shape[0] - 1) % work.shape[0]


def _weights(work: Work) -> npt.NDArray[np.float64]:
    return np.random.default_rng(4).uniform(0, 1, work.shape[0])


@BLEND.by(OURS)
def _blend_ours(work: Work) -> Call:
    source, weights = _before(work), _weights(work)
    return lambda: blend(work.images, work.images, weights, source=source, out=work.out)


@BLEND.by("numpy")
def _blend_numpy(work: Work) -> Call:
    sources, weights = _before(work), _weights(work).astype(np.float32)
    first, second = np.empty((2, *work.shape[1:]), np.float32)

    def call() -> Any:
        for (image, out), other, weight in zip(work.pairs, sources, weights, strict=True):
            np.multiply(image, weight, out=first, dtype=np.float32)
            np.multiply(work.images[other], 1 - weight, out=second, dtype=np.float32)
            np.add(first, second, out=first)
            if work.dtype == "uint8":
                np.rint(first, out=first)
            np.copyto(out, first, casting="unsafe")
        return work.out

    return call


@BLEND.by("opencv")
def _blend_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    sources, weights = _before(work).tolist(), _weights(work).tolist()

    def call() -> Any:
        for (image, out), other, weight in zip(work.pairs, sources, weights, strict=True):
            cv2.addWeighted(image, weight, work.images[other], 1 - weight, 0, out)
        return work.out

    return call


@BLEND.by("torch", dtypes=("float32",))
def _blend_torch(work: Work) -> Call:
    torch = peers.load("torch")
    images, out = torch.from_numpy(work.images), torch.from_numpy(work.out)
    weights = torch.tensor(1 - _weights(work), dtype=torch.float32).reshape(-1, 1, 1, 1)
    return lambda: torch.lerp(images, images.roll(1, 0), weights, out=out)


@PASTE.by(OURS)
def _paste_ours(work: Any) -> Call:
    source, boxes = _before(work), work.boxes[:, 0]
    return lambda: paste(work.images, work.images, boxes, source=source, out=work.out)


@PASTE.by("numpy")
def _paste_numpy(work: Any) -> Call:
    sources, boxes = _before(work).tolist(), work.boxes[:, 0].tolist()

    def call() -> Any:
        for (image, out), other, box in zip(work.pairs, sources, boxes, strict=True):
            top, left, height, width = box
            area = slice(top, top + height), slice(left, left + width)
            np.copyto(out, image)
            np.copyto(out[area], work.images[other][area])
        return work.out

    return call


@PASTE.by("torch")
def _paste_torch(work: Any) -> Call:
    torch = peers.load("torch")
    images, out = torch.from_numpy(work.images), torch.from_numpy(work.out)
    sources, boxes = _before(work).tolist(), work.boxes[:, 0].tolist()

    def call() -> Any:
        out.copy_(images)
        for image, other, (top, left, height, width) in zip(out, sources, boxes, strict=True):
            area = slice(top, top + height), slice(left, left + width)
            image[area] = images[other][area]
        return out

    return call
