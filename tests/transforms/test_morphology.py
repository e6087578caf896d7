"""Transforms of morphology against scikit-image, SciPy and OpenCV to the bit, and what they draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage as ndi
import skimage.morphology
from references import same_bits
from transforming import drawn, fills_whole, once, pastes_back, same_however, share

import fastaug
import fastaug.transforms as ft
from fastaug.pipeline import Compose
from fastaug.transforms.morphology import cross, disk

Array = npt.NDArray[Any]

ALL = ("square", "disk", "cross")
PEERS = [
    (ft.RandomErosion, skimage.morphology.erosion, fastaug.erode),
    (ft.RandomDilation, skimage.morphology.dilation, fastaug.dilate),
    (ft.RandomOpening, skimage.morphology.opening, fastaug.opening),
    (ft.RandomClosing, skimage.morphology.closing, fastaug.closing),
    (
        ft.RandomMorphologicalGradient,
        lambda image, footprint: ndi.morphological_gradient(image, footprint=footprint),
        fastaug.morphological_gradient,
    ),
]
FAMILY = [
    ft.RandomErosion((1, 5), ALL),
    ft.RandomDilation((2, 6), ("disk", "square"), p=0.6),
    ft.RandomOpening(3, "cross", p=0.6),
    ft.RandomClosing((3, 5), p=0.7),
    ft.RandomMorphologicalGradient((1, 4), ALL, p=0.3),
]


def footprint(shape: str, size: int) -> Array:
    """What the peers make."""
    if shape == "disk":
        return skimage.morphology.disk(size // 2)
    if shape == "cross":
        cv2 = pytest.importorskip("cv2")
        made: Array = cv2.getStructuringElement(cv2.MORPH_CROSS, (size, size))
        return made
    return np.ones((size, size), np.uint8)


def by_peer(peer: Any, image: Array, shape: str, size: int) -> Array:
    cells = footprint(shape, size)
    return np.stack([peer(image[..., c], cells) for c in range(3)], axis=2)


@pytest.mark.parametrize("shape", ALL)
@pytest.mark.parametrize(("kind", "peer", "op"), PEERS, ids=lambda x: getattr(x, "__name__", ""))
def test_peers(kind: Any, peer: Any, op: Any, shape: str, photographs: Array) -> None:
    for size in (1, 3, 7):
        got = once(kind(size, shape), photographs)
        same_bits(got, op(photographs, footprint(shape, size)))
        for i, image in enumerate(photographs):
            same_bits(got[i], by_peer(peer, image, shape, size))


def test_disks_and_crosses() -> None:
    for size in range(1, 40, 2):
        np.testing.assert_array_equal(disk(size), skimage.morphology.disk(size // 2))
        np.testing.assert_array_equal(cross(size), footprint("cross", size))
    for size in range(1, 40):
        assert disk(size).shape == cross(size).shape == (size, size)
        np.testing.assert_array_equal(disk(size), disk(size)[::-1, ::-1])
        assert disk(size).sum() < disk(size + 1).sum()
        # Each pixel is under its own footprint, of even sizes the upper left of the middle.
        assert disk(size)[(size - 1) // 2, (size - 1) // 2]
        assert cross(size)[(size - 1) // 2, (size - 1) // 2]
        assert cross(size).sum() == 2 * size - 1


def test_each_sample_by_what_it_drew(photographs: Array) -> None:
    """Samples of one batch with footprints of many kinds, in stages of their own."""
    images = photographs[np.arange(40) % 4]
    pipeline = Compose([ft.RandomErosion((1, 3), ALL, p=0.9)], seed=4)
    got = pipeline(images, index=np.arange(40))
    kinds = set()
    for i, record in enumerate(pipeline.parameters(np.arange(40))):
        if not record["transforms"]:
            same_bits(got[i], images[i])
            continue
        (step,) = record["transforms"]
        kinds.add((step["shape"], step["size"]))
        make = {"disk": disk, "cross": cross, "square": lambda size: size}[step["shape"]]
        same_bits(got[i], fastaug.erode(images[i], make(step["size"])))
    assert len(kinds) == 9


def test_one_call_for_squares_of_all_sizes() -> None:
    squares = ft.RandomErosion((1, 9))
    values = {"size": np.arange(1, 10), "shape": np.array(["square"] * 9)}
    assert len(np.unique(squares.groups(values))) == 1
    shapes, sizes = np.repeat(ALL, 9), np.tile(np.arange(1, 10), 3)
    groups = squares.groups({"size": sizes, "shape": shapes})
    assert len(np.unique(groups)) == 1 + 9 + 9


@pytest.mark.parametrize(("kind", "_peer", "_op"), PEERS, ids=lambda x: getattr(x, "__name__", ""))
def test_what_is_drawn(kind: Any, _peer: Any, _op: Any) -> None:
    values = drawn(kind((2, 6), ALL))
    fills_whole(values["size"], 2, 6)
    fills_whole(np.array([ALL.index(shape) for shape in values["shape"]]), 0, 2)
    both = values["size"] * 3 + [ALL.index(shape) for shape in values["shape"]]
    fills_whole(both, 6, 20)  # the shape says nothing about the size
    values = drawn(kind(4, "disk"))
    assert set(values["size"]) == {4}
    assert set(values["shape"]) == {"disk"}
    assert share(kind(3)) == 1.0
    assert abs(share(kind(3, p=0.4)) - 0.4) < 0.04


def test_the_same_however_it_is_done(photographs: Array) -> None:
    same_however(FAMILY, photographs)
    same_however(FAMILY, photographs.astype(np.float32))


@pytest.mark.parametrize("transform", [*FAMILY, ft.RandomErosion(shape=["disk"])], ids=repr)
def test_what_is_printed(transform: Any) -> None:
    pastes_back(transform)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ft.RandomErosion(0), ValueError, "size must be at least 1, got 0"),
        (lambda: ft.RandomErosion(2.5), ValueError, "size must be whole, got 2.5"),
        (lambda: ft.RandomErosion((5, 3)), ValueError, "size must be a pair"),
        (lambda: ft.RandomErosion(2000), ValueError, "size must be at most 1000"),
        (lambda: ft.RandomDilation("big"), TypeError, "size must be a number"),
        (lambda: ft.RandomOpening(3, "star"), ValueError, "shape must be one of .*, got 'star'"),
        (lambda: ft.RandomClosing(3, ("disk", 1)), ValueError, "shape must be one of .*, got 1"),
        (lambda: ft.RandomClosing(3, ()), ValueError, "shape must not be empty"),
    ],
)
def test_bad_input(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
