"""Copies, warps, flips and quarter turns: how each library does them."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np

from ... import random
from ...ops.geometry import affine_matrix, flip, rot90, warp_affine
from . import peers
from .agree import Agreement, within_source
from .cases import OURS, Call, Op
from .data import Work
from .goals import A_COPY, times

# Keras-like ranges of the random affine: degrees, share of the size, factor, degrees.
_ROTATION, _SHIFT, _ZOOM, _SHEAR = 20.0, 0.1, 0.1, 5.0

_BILINEAR = {"interpolation": "bilinear", "fill_mode": "constant"}

COPY = Op("copy")
WARP = Op(
    "warp_affine",
    {
        "bilinear constant": _BILINEAR,
        "bilinear nearest": {"interpolation": "bilinear", "fill_mode": "nearest"},
        "nearest constant": {"interpolation": "nearest", "fill_mode": "constant"},
        "nearest nearest": {"interpolation": "nearest", "fill_mode": "nearest"},
        "bilinear constant one channel": {**_BILINEAR, "channels": 1},
        "bilinear constant nine channels": {**_BILINEAR, "channels": 9},
    },
    goals={
        "bilinear constant uint8": times(5, "opencv"),
        "bilinear constant float32": times(2.5, "opencv"),
        "bilinear nearest uint8": times(5, "opencv"),
        "bilinear nearest float32": times(2.5, "opencv"),
        "nearest constant uint8": times(1.5, "opencv"),
        "nearest constant float32": times(1.5, "opencv"),
        "nearest nearest uint8": times(1.5, "opencv"),
        "nearest nearest float32": times(1.5, "opencv"),
        "bilinear constant one channel uint8": times(3, "opencv"),
        "bilinear constant one channel float32": times(3, "opencv"),
        "bilinear constant nine channels float32": times(3, "torch"),
    },
    # One level for uint8; the strays are pixels halfway between two, and OpenCV's coordinates.
    agreement=Agreement(tolerance=1, strays=0.02, interior=within_source),
)
BICUBIC = Op(
    "warp_affine",
    {"bicubic constant": {"interpolation": "bicubic", "fill_mode": "constant"}},
    goals={"bicubic constant uint8": times(6, "opencv")},
    # OpenCV's kernel has a = -3/4.
    agreement=Agreement(tolerance=2, strays=0.02, interior=within_source),
)
SPLINE = Op(
    "warp_spline",
    {
        f"order {order} nearest": {"interpolation": order, "fill_mode": "nearest"}
        for order in (0, 1, 3)
    },
)
RANDOM = Op("random_affine", agreement=Agreement("random", tolerance=0.15))
FLIP = Op(
    "flip",
    {"horizontal": {"horizontal": True}, "vertical": {"vertical": True}},
    goals={
        "horizontal uint8": times(1.7, "opencv"),
        "horizontal float32": times(0.9, A_COPY),
    },
)
ROT90 = Op("rot90", {"": {"turned": True}})
OPS = [COPY, WARP, BICUBIC, SPLINE, RANDOM, FLIP, ROT90]


@COPY.by(OURS)
def _copy_ours(work: Work) -> Call:
    return lambda: flip(work.images, out=work.out)


@COPY.by("numpy")
def _copy_numpy(work: Work) -> Call:
    images, out = work.images, work.out

    def call() -> Any:
        np.copyto(out, images)
        return out

    return call


@COPY.by("torch")
def _copy_torch(work: Work) -> Call:
    torch = peers.load("torch")
    images, out = torch.from_numpy(work.images), torch.from_numpy(work.out)
    return lambda: out.copy_(images)


@WARP.by(OURS)
@BICUBIC.by(OURS)
@SPLINE.by(OURS)
def _warp_ours(work: Work) -> Call:
    options = {name: work.options[name] for name in ("interpolation", "fill_mode")}
    return lambda: warp_affine(work.images, work.matrices, out=work.out, **options)


@WARP.by("opencv")
@BICUBIC.by("opencv")
def _warp_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    flags = (
        cv2.WARP_INVERSE_MAP
        | {
            "nearest": cv2.INTER_NEAREST,
            "bilinear": cv2.INTER_LINEAR,
            "bicubic": cv2.INTER_CUBIC,
        }[work.options["interpolation"]]
    )
    constant = work.options["fill_mode"] == "constant"
    border = cv2.BORDER_CONSTANT if constant else cv2.BORDER_REPLICATE
    matrices, size = work.matrices, work.size[::-1]

    def call() -> Any:
        for (image, out), matrix in zip(work.pairs, matrices, strict=True):
            cv2.warpAffine(image, matrix, size, out, flags, border)
        return work.out

    return call


# It blends the colours of four channels by the fourth.
@WARP.by(
    "pillow",
    dtypes=("uint8",),
    when=lambda work: work.options["fill_mode"] == "constant" and work.shape[3] in (1, 3),
)
def _warp_pillow(work: Work) -> Call:
    image_module, images = peers.load("pillow", "Image"), peers.pillow_images(work.images)
    method = image_module.Transform.AFFINE
    sampling = getattr(image_module.Resampling, work.options["interpolation"].upper())
    # Pillow's coordinates are those of pixel corners, and it reads the middle of each pixel.
    corners = work.matrices.copy()
    corners[:, :, 2] += 0.5 - corners[:, :, :2].sum(axis=2) / 2
    coefficients = [tuple(matrix.ravel()) for matrix in corners]
    size = work.size[::-1]
    return lambda: [
        image.transform(size, method, c, sampling)
        for image, c in zip(images, coefficients, strict=True)
    ]


@WARP.by("torch", dtypes=("float32",))
@BICUBIC.by("torch", dtypes=("float32",))
def _warp_torch(work: Work) -> Call:
    torch = peers.load("torch")
    functional = torch.nn.functional
    images = torch.from_numpy(work.images).permute(0, 3, 1, 2)
    height, width = work.size
    to_pixels = np.array(
        [[(width - 1) / 2, 0, (width - 1) / 2], [0, (height - 1) / 2, (height - 1) / 2], [0, 0, 1]]
    )
    square = np.concatenate([work.matrices, np.tile([[[0, 0, 1]]], (work.shape[0], 1, 1))], axis=1)
    theta = (np.linalg.inv(to_pixels) @ square @ to_pixels)[:, :2]
    theta = torch.tensor(theta, dtype=torch.float32)
    padding = "zeros" if work.options["fill_mode"] == "constant" else "border"
    mode = work.options["interpolation"]

    def call() -> Any:
        grid = functional.affine_grid(theta, list(images.shape), align_corners=True)
        warped = functional.grid_sample(images, grid, mode, padding, align_corners=True)
        return warped.permute(0, 2, 3, 1)

    return call


@WARP.by("scikit-image", dtypes=("float32",))
def _warp_skimage(work: Work) -> Call:
    transform = peers.load("scikit-image", "transform")
    maps = [transform.AffineTransform(np.vstack([m, [0, 0, 1]])) for m in work.matrices]
    order = 1 if work.options["interpolation"] == "bilinear" else 0
    mode = "constant" if work.options["fill_mode"] == "constant" else "edge"
    return lambda: [
        transform.warp(image, m, order=order, mode=mode, preserve_range=True)
        for image, m in zip(work.images, maps, strict=True)
    ]


@SPLINE.by("scipy")
def _spline_scipy(work: Work) -> Call:
    ndimage = peers.load("scipy", "ndimage")
    swapped = work.matrices[:, ::-1][:, :, [1, 0, 2]]
    parts = [
        (image[..., c], out[..., c], matrix[:, :2], matrix[:, 2])
        for (image, out), matrix in zip(work.pairs, swapped, strict=True)
        for c in range(work.shape[3])
    ]
    mode, order = work.options["fill_mode"], work.options["interpolation"]

    def call() -> Any:
        for image, out, matrix, offset in parts:
            ndimage.affine_transform(image, matrix, offset, output=out, order=order, mode=mode)
        return work.out

    return call


@RANDOM.by(OURS)
def _random_ours(work: Work) -> Call:
    n, reach = work.shape[0], np.array(work.size[::-1]) * _SHIFT
    epochs = count()

    def call() -> Any:
        draws = random.uniform(7, np.arange(n), epoch=next(epochs), size=6) * 2 - 1
        matrices = affine_matrix(
            rotation=draws[:, 0] * _ROTATION,
            translation=draws[:, 1:3] * reach,
            scale=1 + draws[:, 3] * _ZOOM,
            shear=draws[:, 4:6] * _SHEAR,
            size=work.size,
        )
        return warp_affine(work.images, matrices, out=work.out)

    return call


@RANDOM.by("opencv")
def _random_opencv(work: Work) -> Call:
    """What one writes by hand: draws from NumPy, a matrix of a few cosines, one warp."""
    cv2 = peers.load("opencv")
    rng = np.random.default_rng(7)
    height, width = work.size
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR

    def call() -> Any:
        for image, out in work.pairs:
            a, sx, sy = np.deg2rad(rng.uniform(-1, 1, 3) * (_ROTATION, _SHEAR, _SHEAR))
            tx, ty, zoom = rng.uniform(-1, 1, 3) * (_SHIFT * width, _SHIFT * height, _ZOOM)
            zoom = 1 / (1 + zoom)
            m00, m01 = np.cos(a) * zoom, (np.sin(a) + np.tan(sx)) * zoom
            m10, m11 = (-np.sin(a) + np.tan(sy)) * zoom, np.cos(a) * zoom
            x, y = (width - 1) / 2, (height - 1) / 2
            matrix = np.array(
                [
                    [m00, m01, x - m00 * (x + tx) - m01 * (y + ty)],
                    [m10, m11, y - m10 * (x + tx) - m11 * (y + ty)],
                ]
            )
            cv2.warpAffine(image, matrix, (width, height), out, flags)
        return work.out

    return call


@RANDOM.by("albumentations")
def _random_albumentations(work: Work) -> Call:
    library = peers.load("albumentations")
    transform = library.Affine(
        rotate=(-_ROTATION, _ROTATION),
        translate_percent=(-_SHIFT, _SHIFT),
        scale=(1 - _ZOOM, 1 + _ZOOM),
        shear=(-_SHEAR, _SHEAR),
        p=1.0,
    )
    return peers.albumentations(transform, work.images)


@RANDOM.by("torchvision")
def _random_torchvision(work: Work) -> Call:
    torch, v2 = peers.load("torch"), peers.load("torchvision", "transforms.v2")
    torch.manual_seed(0)
    transform = v2.RandomAffine(
        _ROTATION,
        (_SHIFT, _SHIFT),
        (1 - _ZOOM, 1 + _ZOOM),
        (-_SHEAR, _SHEAR, -_SHEAR, _SHEAR),
        interpolation=v2.InterpolationMode.BILINEAR,
    )
    images = torch.from_numpy(work.images).permute(0, 3, 1, 2)
    return lambda: [transform(image).permute(1, 2, 0) for image in images]


@FLIP.by(OURS)
def _flip_ours(work: Work) -> Call:
    return lambda: flip(work.images, out=work.out, **work.options)


@FLIP.by("numpy")
@ROT90.by("numpy")
def _turn_numpy(work: Work) -> Call:
    if work.options.get("turned"):
        turned = np.rot90(work.images, axes=(1, 2))
    else:
        turned = np.flip(work.images, 2 if work.options.get("horizontal") else 1)

    def call() -> Any:
        np.copyto(work.out, turned)
        return work.out

    return call


@FLIP.by("opencv")
@ROT90.by("opencv")
def _turn_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    if work.options.get("turned"):
        function, code = cv2.rotate, cv2.ROTATE_90_COUNTERCLOCKWISE
    else:
        function, code = cv2.flip, 1 if work.options.get("horizontal") else 0

    def call() -> Any:
        for image, out in work.pairs:
            function(image, code, out)
        return work.out

    return call


@FLIP.by("torch")
@ROT90.by("torch")
def _turn_torch(work: Work) -> Call:
    torch = peers.load("torch")
    images = torch.from_numpy(work.images)
    if work.options.get("turned"):
        # As it is, what comes back is a view: flipped in memory, and turned by its strides only.
        return lambda: torch.rot90(images, 1, (1, 2)).contiguous()
    return lambda: torch.flip(images, (2 if work.options.get("horizontal") else 1,))


@FLIP.by("pillow", dtypes=("uint8",), when=peers.pillow_can)
@ROT90.by("pillow", dtypes=("uint8",), when=peers.pillow_can)
def _turn_pillow(work: Work) -> Call:
    image_module, images = peers.load("pillow", "Image"), peers.pillow_images(work.images)
    if work.options.get("turned"):
        method = image_module.Transpose.ROTATE_90
    elif work.options.get("horizontal"):
        method = image_module.Transpose.FLIP_LEFT_RIGHT
    else:
        method = image_module.Transpose.FLIP_TOP_BOTTOM
    return lambda: [image.transpose(method) for image in images]


@FLIP.by("albumentations")
def _flip_albumentations(work: Work) -> Call:
    library = peers.load("albumentations")
    flips = library.HorizontalFlip if work.options.get("horizontal") else library.VerticalFlip
    call = peers.albumentations(flips(p=1.0), work.images)
    # Large images it gives back as views, which whoever reads them next would have to turn.
    return lambda: [np.ascontiguousarray(image) for image in call()]


@ROT90.by(OURS)
def _rot90_ours(work: Work) -> Call:
    return lambda: rot90(work.images, out=work.out)
