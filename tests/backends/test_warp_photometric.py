"""A warp that hands grey levels over to brightness gives what the two give one after the other.

The warp alone is held to SciPy's bits, the colours alone to Keras' and Pillow's; both together to
Keras' generator. Here are the ways that the two take when they know of each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from references import same_bits
from sklearn.datasets import load_sample_image

import fastaug

_native = pytest.importorskip("fastaug._native", reason="other backends do one op at a time")

Array = npt.NDArray[Any]

LEVELS = _native.available_levels()
NEAREST, CONSTANT = 1, 0
PHOTOGRAPH = load_sample_image("china.jpg")


def matrices(kind: str, size: tuple[int, int], n: int = 6) -> Array:
    """Maps of (row, column): to the last bit doubtful ones, ordinary ones, and far away ones."""
    h, w = size
    eye = np.array([1.0, 0, 0, 0, 1, 0])
    made = np.tile(eye, (n, 1))
    if kind == "turned":
        turned = fastaug.affine_matrix(
            rotation=np.linspace(-170, 190, n), scale=np.linspace(0.5, 2, n), size=size
        )
        made = turned.reshape(n, 6)[:, [4, 3, 5, 1, 0, 2]].copy()
    elif kind == "halves":  # whole grey levels by the thousand
        made[:, [0, 4]] = np.array([0.5, 0.25, 1.5, -0.5, 1, 2])[:, None]
        made[:, [2, 5]] = np.array([0.5, 0, -0.25, h / 2, 3, 0.125])[:, None]
    elif kind == "nearly whole":  # on either side of them by less than a float can tell
        made[:, 2] = np.array([1e-9, -1e-9, 3 + 1e-12, 2 - 1e-12, 1e-7, -1e-7])
        made[:, 5] = made[::-1, 2]
    elif kind == "beyond":
        made[:, 2] = np.array([h - 1, h, 5 * h, -1, -h, 1e7])
        made[:, 5] = np.array([0, w, -0.5, -1.5, 1e7, -(10.0**12)])
        made[:, 1] = 0.1
    elif kind == "squeezed":
        made[:, [0, 4]] = np.array([7.3, 20, 0.01, -4, 1e3, 0])[:, None]
        made[:, [2, 5]] = 0.3
    return made


KINDS = ("same", "turned", "halves", "nearly whole", "beyond", "squeezed")


def pictures(channels: int, dtype: str, size: tuple[int, int] = (47, 150)) -> Array:
    """Noise, and parts of a photograph, whose sky has patches of one colour."""
    rng = np.random.default_rng(8)
    h, w = size
    photograph = np.stack([PHOTOGRAPH[y : y + h, 60 : 60 + w] for y in (20, 130, 330)])
    photograph = np.concatenate([photograph, photograph[..., :2]], -1)[..., :channels]
    noise = rng.integers(0, 256, (2, h, w, channels))
    whole = np.concatenate([photograph, noise, rng.random((1, h, w, channels)) * 255])
    return whole.astype(dtype)


def both_ways(
    images: Array, maps: Array, mode: int, shift: Array | None, *, fill: float = 0.0, **changed: Any
) -> tuple[Array, Array]:
    """The result of two steps, and of one for both."""
    n, h, w, c = images.shape
    mirror = np.arange(2 * n, dtype=np.uint8).reshape(n, 2) % 3 // 2
    fills = np.full((n, c) if c > 1 else (n,), fill)
    factor = np.asarray(changed.pop("factor", np.linspace(0, 2.1, n)))
    source = np.arange(n)[::-1].copy()
    each = np.linspace(0.1, 0.6, c)
    arguments = {"rescale": 1 / 255, "center": each, "deviation": True, "kind": 1} | changed
    colours = (
        shift,
        arguments["kind"],
        factor if arguments["kind"] else None,
        0.0,
        arguments["rescale"],
        arguments["deviation"],
        arguments["deviation"],
        arguments["center"],
        each,
    )
    apart = np.empty((n, h, w, c), np.float32)
    moved = (maps, fills, mirror, 1, mode)
    warp = _native.warp_spline(images, apart, *moved, source)
    _native.run([warp, _native.photometric(apart, apart, *colours)], 1)
    together = np.full((n, h, w, c), np.nan, np.float32)
    _native.run([_native.warp_photometric(images, together, *moved, source, *colours)], 1)
    return apart, together


@pytest.fixture(params=LEVELS, autouse=True)
def level(request: pytest.FixtureRequest) -> str:
    _native.use_level(request.param)
    name: str = request.param
    return name


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("channels", [1, 3, 4, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_levels(kind: str, channels: int, dtype: str) -> None:
    images = pictures(channels, dtype)
    maps = matrices(kind, images.shape[1:3])
    for mode in (NEAREST, 3, CONSTANT):
        for shift in (None, np.linspace(-90, 40.3, 6)):
            same_bits(*reversed(both_ways(images, maps, mode, shift)), f"{mode}")


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 15, 16, 17, 127, 128, 129, 132, 256, 263])
def test_widths(width: int) -> None:
    for channels in (1, 3, 4):
        images = pictures(channels, "uint8", (9, width))
        for kind in ("turned", "nearly whole"):
            maps = matrices(kind, (9, width))
            same_bits(*reversed(both_ways(images, maps, NEAREST, np.linspace(-9, 9, 6))))


@pytest.mark.parametrize("mode", range(7))
@pytest.mark.parametrize("dtype", ["uint16", "float64"])
def test_modes_and_dtypes(dtype: str, mode: int) -> None:
    images = pictures(3, dtype)
    same_bits(*reversed(both_ways(images, matrices("turned", (47, 150)), mode, None)))


@pytest.mark.parametrize("value", [255.0001, -0.0001, 1e6, np.nan, np.inf, -np.inf, -0.0])
@pytest.mark.parametrize("row", [0, 20, 46])
def test_numbers_that_are_no_grey_levels(row: int, value: float) -> None:
    """One such pixel, which a warp may come across after most of the image is made."""
    images = pictures(3, "float32")
    images[:, row, 77, 1] = value
    for kind in ("turned", "squeezed"):
        maps = matrices(kind, (47, 150))
        for mode in (NEAREST, 2):
            same_bits(*reversed(both_ways(images, maps, mode, np.linspace(-60, 60, 6))))


@pytest.mark.parametrize("fill", [0.0, 7.3, 255.0, 256.0, -1.0, np.nan])
@pytest.mark.parametrize("mode", [CONSTANT, 6])
def test_fills(mode: int, fill: float) -> None:
    images = pictures(3, "uint8")
    same_bits(*reversed(both_ways(images, matrices("turned", (47, 150)), mode, None, fill=fill)))


@pytest.mark.parametrize(
    "shift", [0.0, 3.0, 0.5, 255.0, -256.0, 256.1, 1e9, -1e9, 7.0001, -3e-5, 6.999999, 1e-9]
)
def test_shifts(shift: float) -> None:
    images = pictures(3, "uint8")
    maps = matrices("turned", (47, 150))
    same_bits(*reversed(both_ways(images, maps, NEAREST, np.full(6, shift))))


@pytest.mark.parametrize(
    "rescale",
    [
        1.0,
        -1 / 127.5,
        0.1,
        2.0**-90 / 255,
        1e-44,
        0.0,
        3e38,
        np.inf,
        np.nan,
        *np.linspace(0.9, 2, 40),
    ],
)
def test_numbers_that_levels_are_multiplied_by(rescale: float) -> None:
    """Their sums have one order where that matters; the table of a sum has no room for some."""
    images = pictures(3, "uint8", (30, 40))
    maps = matrices("turned", (30, 40))
    same_bits(*reversed(both_ways(images, maps, NEAREST, None, rescale=float(np.float32(rescale)))))


@pytest.mark.parametrize(
    "changed",
    [
        {"deviation": False},
        {"deviation": False, "center": None},
        {"rescale": 1.0},
        {"kind": 0},
        {"kind": 2},
        {"kind": 3},
    ],
    ids=str,
)
def test_what_follows(changed: dict[str, Any]) -> None:
    images = pictures(3, "float32")
    maps = matrices("turned", (47, 150))
    same_bits(*reversed(both_ways(images, maps, NEAREST, np.linspace(-60, 60, 6), **changed)))


def test_deviations_that_the_last_bit_decides() -> None:
    """Noise whose deviation is nearly half way between two floats, the worst of 60,000 pictures.

    There sums in another order than that of ops/photometric.hpp may round the other way.
    """
    size = (64, 64)
    seeds = (57884, 146, 46197)
    images = np.stack([np.random.default_rng(s).integers(0, 256, (*size, 1)) for s in seeds])
    maps = matrices("same", size, 6)[:3]
    ways = both_ways(images.astype(np.uint8), maps, NEAREST, None, factor=np.ones(3))
    same_bits(*reversed(ways))
