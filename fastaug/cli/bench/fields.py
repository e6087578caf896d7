"""Homographies, maps of coordinates and elastic displacements: how each library warps by them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ops.homography import perspective_matrix
from ...ops.perspective import elastic, remap, warp_perspective
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

_ORDERS = {"nearest": 0, "bilinear": 1}
_BILINEAR = {"interpolation": "bilinear", "fill_mode": "constant"}
_VARIANTS: dict[str, dict[str, Any]] = {
    "bilinear constant": _BILINEAR,
    "bilinear constant one channel": {**_BILINEAR, "channels": 1},
    "nearest constant": {"interpolation": "nearest", "fill_mode": "constant"},
}


class Warped(Work):
    """Every image has a homography, and a smooth field, of its own."""

    @cached_property
    def homographies(self) -> npt.NDArray[np.float64]:
        height, width = self.size
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64) - 0.5
        reach = 0.15 * np.array([width, height])
        moved = np.random.default_rng(1).uniform(-reach, reach, (self.shape[0], 4, 2))
        return perspective_matrix(corners, corners + moved)

    @cached_property
    def displacements(self) -> npt.NDArray[np.float32]:
        """Waves of a few pixels."""
        n, (height, width) = self.shape[0], self.size
        y, x = np.indices((height, width), np.float32)
        waves, phases = np.random.default_rng(1).uniform(0.02, 0.2, (2, n, 4)).astype(np.float32)
        fields = np.empty((n, height, width, 2), np.float32)
        for field, k, p in zip(fields, waves, phases * 30, strict=True):
            field[..., 0] = 5 * np.sin(k[0] * x + k[1] * y + p[0])
            field[..., 1] = 5 * np.cos(k[2] * x - k[3] * y + p[1])
        return fields

    @cached_property
    def coordinates(self) -> npt.NDArray[np.float32]:
        y, x = np.indices(self.size, np.float32)
        return np.ascontiguousarray(self.displacements + np.stack([x, y], -1))


def within_image(work: Any) -> npt.NDArray[np.bool_]:
    """Pixels that a map takes from at least one pixel inside the image."""
    height, width = work.size
    at = work.coordinates
    return _between(at[..., 0], at[..., 1], height, width)


def within_view(work: Any) -> npt.NDArray[np.bool_]:
    """The same of a homography."""
    height, width = work.size
    y, x = np.indices((height, width), np.float64)
    m = work.homographies[:, :, :, np.newaxis, np.newaxis]
    u, v, w = (m[:, i, 0] * x + m[:, i, 1] * y + m[:, i, 2] for i in range(3))
    return _between(u / w, v / w, height, width)


def _between(x: Any, y: Any, height: int, width: int) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = (x >= 1) & (x <= width - 2) & (y >= 1) & (y <= height - 2)
    return inside


_GOALS = {f"bilinear constant {dtype}": times(2, "opencv") for dtype in ("uint8", "float32")}
# One level for uint8; the strays are pixels halfway between two, and OpenCV's coordinates.
PERSPECTIVE = Op(
    "warp_perspective",
    _VARIANTS,
    agreement=Agreement(tolerance=1, strays=0.02, interior=within_view),
    work=Warped,
    goals=_GOALS,
)
BICUBIC = Op(
    "warp_perspective",
    {"bicubic constant": {"interpolation": "bicubic", "fill_mode": "constant"}},
    # OpenCV's kernel has a = -3/4.
    agreement=Agreement(tolerance=2, strays=0.02, interior=within_view),
    work=Warped,
)
REMAP = Op(
    "remap",
    _VARIANTS,
    agreement=Agreement(tolerance=1, strays=0.02, interior=within_image),
    work=Warped,
    goals=_GOALS,
)
ELASTIC = Op(
    "elastic",
    {"bilinear constant": _BILINEAR},
    agreement=Agreement(tolerance=1, strays=0.02, interior=within_image),
    work=Warped,
)
OPS = [PERSPECTIVE, BICUBIC, REMAP, ELASTIC]


def _how(work: Work) -> dict[str, Any]:
    return {name: work.options[name] for name in ("interpolation", "fill_mode")}


@PERSPECTIVE.by(OURS)
@BICUBIC.by(OURS)
def _perspective_ours(work: Any) -> Call:
    how = _how(work)
    return lambda: warp_perspective(work.images, work.homographies, out=work.out, **how)


@REMAP.by(OURS)
def _remap_ours(work: Any) -> Call:
    how = _how(work)
    return lambda: remap(work.images, work.coordinates, out=work.out, **how)


@ELASTIC.by(OURS)
def _elastic_ours(work: Any) -> Call:
    how = _how(work)
    return lambda: elastic(work.images, work.displacements, out=work.out, **how)


def _flag(work: Work) -> int:
    cv2 = peers.load("opencv")
    flags = {
        "nearest": cv2.INTER_NEAREST,
        "bilinear": cv2.INTER_LINEAR,
        "bicubic": cv2.INTER_CUBIC,
    }
    flag: int = flags[work.options["interpolation"]]
    return flag


@PERSPECTIVE.by("opencv")
@BICUBIC.by("opencv")
def _perspective_opencv(work: Any) -> Call:
    cv2 = peers.load("opencv")
    flags, size = _flag(work) | cv2.WARP_INVERSE_MAP, work.size[::-1]

    def call() -> Any:
        for (image, out), matrix in zip(work.pairs, work.homographies, strict=True):
            cv2.warpPerspective(image, matrix, size, out, flags)
        return work.out

    return call


@REMAP.by("opencv")
def _remap_opencv(work: Any) -> Call:
    cv2, flag = peers.load("opencv"), _flag(work)

    def call() -> Any:
        for (image, out), at in zip(work.pairs, work.coordinates, strict=True):
            cv2.remap(image, at, None, flag, out)
        return work.out

    return call


# As albumentations does it: the field and the grid are added up first.
@ELASTIC.by("opencv")
def _elastic_opencv(work: Any) -> Call:
    cv2, flag = peers.load("opencv"), _flag(work)
    y, x = np.indices(work.size, np.float32)
    grid = np.ascontiguousarray(np.stack([x, y], -1))

    def call() -> Any:
        for (image, out), field in zip(work.pairs, work.displacements, strict=True):
            cv2.remap(image, grid + field, None, flag, out)
        return work.out

    return call


@PERSPECTIVE.by("scikit-image", dtypes=("float32",))
def _perspective_skimage(work: Any) -> Call:
    transform = peers.load("scikit-image", "transform")
    maps = [transform.ProjectiveTransform(matrix) for matrix in work.homographies]
    order = _ORDERS[work.options["interpolation"]]
    return lambda: [
        transform.warp(image, m, order=order, mode="constant", preserve_range=True)
        for image, m in zip(work.images, maps, strict=True)
    ]


@REMAP.by("torch", dtypes=("float32",))
def _remap_torch(work: Any) -> Call:
    torch = peers.load("torch")
    images = torch.from_numpy(work.images).permute(0, 3, 1, 2)
    height, width = work.size
    scale = np.array([2 / (width - 1), 2 / (height - 1)], np.float32)
    grid = torch.from_numpy(work.coordinates * scale - 1)
    mode = work.options["interpolation"]

    def call() -> Any:
        sample = torch.nn.functional.grid_sample
        return sample(images, grid, mode, "zeros", align_corners=True).permute(0, 2, 3, 1)

    return call


@REMAP.by("scipy", dtypes=("float32",), when=lambda work: work.shape[3] == 1)
def _remap_scipy(work: Any) -> Call:
    ndimage = peers.load("scipy", "ndimage")
    order = _ORDERS[work.options["interpolation"]]
    at = np.ascontiguousarray(np.moveaxis(work.coordinates[..., ::-1], -1, 1))

    def call() -> Any:
        for (image, out), where in zip(work.pairs, at, strict=True):
            ndimage.map_coordinates(image[..., 0], where, out[..., 0], order, "constant")
        return work.out

    return call
