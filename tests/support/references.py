"""What SciPy, scikit-image and NumPy say the answers are, and Random123's generator in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy
import scipy.ndimage as ndi
import skimage.morphology

Array = npt.NDArray[Any]
Words = npt.NDArray[np.uint64]

# From 1.18 on SciPy adds up the start of its reflecting filter in another order.
REFLECTS_OTHERWISE = tuple(map(int, scipy.__version__.split(".")[:2])) >= (1, 18)
FILL_MODES = ("constant", "nearest", "reflect", "mirror", "wrap", "grid-wrap", "grid-constant")


def same_bits(got: Array, expected: Array, what: str = "") -> None:
    """Asserts the same dtype, shape and bits; a NaN equals any NaN."""
    assert got.dtype == expected.dtype, what
    assert got.shape == expected.shape, what
    np.testing.assert_array_equal(got, expected, what)
    if got.dtype.kind == "f":
        zero = got == 0
        np.testing.assert_array_equal(np.signbit(got[zero]), np.signbit(expected[zero]), what)


def each_image(matrix: npt.ArrayLike, n: int) -> Array:
    return np.broadcast_to(np.asarray(matrix, np.float64), (n, 2, 3))


def scipy_affine(
    images: Array,
    matrix: npt.ArrayLike,
    *,
    order: int,
    mode: str,
    fill: npt.ArrayLike = 0.0,
    size: Sequence[int] | None = None,
) -> Array:
    """`scipy.ndimage.affine_transform` of (N, H, W, C), image by image and channel by channel."""
    if REFLECTS_OTHERWISE and order > 1 and mode in ("reflect", "nearest"):
        pytest.skip("SciPy 1.18 has other bits for orders 2 to 5 of this mode")
    n, height, width, channels = images.shape
    size = (height, width) if size is None else tuple(size)
    fills = np.broadcast_to(np.asarray(fill, np.float64), (n, channels))
    out = np.empty((n, *size, channels), images.dtype)
    for i, m in enumerate(each_image(matrix, n)):
        for c in range(channels):
            ndi.affine_transform(
                images[i, :, :, c],
                [[m[1, 1], m[1, 0]], [m[0, 1], m[0, 0]]],  # SciPy's axes are (row, column)
                [m[1, 2], m[0, 2]],
                output_shape=size,
                output=out[i, :, :, c],
                order=order,
                mode=mode,
                cval=fills[i, c],
            )
    return out


def source_coordinates(matrix: npt.ArrayLike, size: Sequence[int]) -> tuple[Array, Array]:
    """Input x and y of every output pixel, in long double."""
    m = np.asarray(matrix, np.longdouble)
    y, x = np.indices(tuple(size)).astype(np.longdouble)
    return m[0, 0] * x + m[0, 1] * y + m[0, 2], m[1, 0] * x + m[1, 1] * y + m[1, 2]


def compose(
    rotation: float,
    translation: Sequence[float],
    scale: Sequence[float],
    shear: Sequence[float],
    center: Sequence[float],
) -> Array:
    """The inverse of scale, shear, rotation and translation about a centre, by NumPy alone."""
    a, (tan_x, tan_y) = np.radians(rotation), np.tan(np.radians(shear))

    def shift(x: float, y: float) -> Array:
        return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])

    # The y axis points down: counter-clockwise as seen takes x to -y.
    turn = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    lean = np.array([[1, tan_x, 0], [tan_y, 1, 0], [0, 0, 1]])
    forward = (
        shift(*np.add(center, translation))
        @ turn
        @ lean
        @ np.diag([*scale, 1.0])
        @ shift(*np.negative(center))
    )
    return np.linalg.inv(forward)[:2]


SKIMAGE = {
    "erode": skimage.morphology.erosion,
    "dilate": skimage.morphology.dilation,
    "opening": skimage.morphology.opening,
    "closing": skimage.morphology.closing,
}


def _saturating(a: Array, b: Array) -> Array:
    with np.errstate(invalid="ignore", over="ignore"):
        return a - b if a.dtype.kind == "f" else np.where(a > b, a - b, 0).astype(a.dtype)


def skimage_morphology(
    op: str, image: Array, footprint: Array, mode: str = "reflect", cval: float = 0.0
) -> Array:
    """An op of scikit-image on (H, W); differences of unsigned pixels saturate."""

    def run(name: str) -> Array:
        return SKIMAGE[name](image, footprint, mode=mode, cval=cval)

    if op in SKIMAGE:
        return run(op)
    if op == "morphological_gradient":
        return _saturating(run("dilate"), run("erode"))
    if op == "white_tophat":
        return _saturating(image, run("opening"))
    return _saturating(run("closing"), image)


def philox(counter: Words, key: Words, rounds: int = 10) -> Words:
    """Philox4x32 (Salmon et al., SC'11) on words along the last axis."""
    low = np.uint64(0xFFFFFFFF)
    c0, c1, c2, c3 = (counter[..., i].astype(np.uint64) for i in range(4))
    k0, k1 = (key[..., i].astype(np.uint64) for i in range(2))
    for _ in range(rounds):
        p0, p1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & low, (p0 >> 32) ^ c3 ^ k1, p0 & low
        k0, k1 = (k0 + np.uint64(0x9E3779B9)) & low, (k1 + np.uint64(0xBB67AE85)) & low
    return np.stack([c0, c1, c2, c3], -1)


PARAMETERS, PIXELS, MORE_PIXELS = 0, 1, 2


def block_words(
    blocks: int, *, seed: int, index: int = 0, epoch: int = 0, stream: int = 0, purpose: int
) -> Words:
    """The first blocks of a sample in stream v1: their counter is (block, place, index, epoch)."""
    counter = np.empty((blocks, 4), np.uint64)
    counter[:, 0] = np.arange(blocks)
    counter[:, 1:] = stream << 8 | purpose, index, epoch
    key = np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint64)
    return philox(counter, np.broadcast_to(key, (blocks, 2)))


def stream_words(count: int, *, purpose: int = PIXELS, **where: int) -> Words:
    """The first words of its pixels: word 0 of sixteen blocks, word 1 of the same, and so on."""
    groups = -(-count // 64)
    blocks = block_words(16 * groups, purpose=purpose, **where)
    return blocks.reshape(groups, 16, 4).swapaxes(1, 2).ravel()[:count]


def stream_halves(count: int, **where: int) -> Words:
    """The same in 16-bit pieces, the lower one of each word first."""
    words = stream_words(-(-count // 2), **where)
    return np.stack([words & np.uint64(0xFFFF), words >> np.uint64(16)], -1).ravel()[:count]
