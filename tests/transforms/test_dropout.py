"""Transforms that leave something out: against the formulas of their peers, and what they draw."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from references import same_bits
from transforming import drawn, fills, fills_whole, once, pastes_back, same_however, share

import fastaug
import fastaug.transforms as ft
from fastaug.pipeline import Compose

Array = npt.NDArray[Any]


def with_steps(transform: Any, images: Array) -> list[tuple[Array, Array, Any]]:
    """Each image before and after a transform that is done to all, with what was drawn for it."""
    pipeline = Compose([transform], seed=5)
    results = pipeline(images, index=np.arange(len(images)))
    records = pipeline.parameters(np.arange(len(images)))
    steps = [record["transforms"][0] for record in records]
    return list(zip(images.copy(), results, steps, strict=True))


def many(photographs: Array, n: int = 40) -> Array:
    return photographs[np.arange(n) % len(photographs)]


@pytest.mark.parametrize("value", [0, 300, (1, 20, 255)])
def test_erasing(value: Any, photographs: Array) -> None:
    erasing = ft.RandomErasing((0.02, 0.4), (0.3, 3.3), value=value, p=1.0)
    areas = []
    for image, got, step in with_steps(erasing, many(photographs)):
        rows, columns, _ = image.shape
        # As in torchvision, where h and w are not more than the image's.
        area = rows * columns * step["scale"]
        h = min(round(math.sqrt(area * step["ratio"])), rows)
        w = min(round(math.sqrt(area / step["ratio"])), columns)
        i, j = int(step["y"] * (rows - h + 1)), int(step["x"] * (columns - w + 1))
        image[i : i + h, j : j + w] = np.minimum(value, 255)
        same_bits(got, image)
        areas.append((i, j, h, w))
    assert len(set(areas)) > 30


def test_what_does_not_fit_is_narrowed() -> None:
    images = np.ones((3, 10, 40, 1), np.float32)
    tall = once(ft.RandomErasing(0.5, (8, 8), p=1.0), images)
    assert ((tall == 0).all(axis=1).sum(axis=1) == 5).all()
    assert (tall == 0).sum() == 3 * 10 * 5
    assert (once(ft.RandomErasing(1.0, 4.0, p=1.0), images) == 0).sum() == 3 * 10 * 10
    assert (once(ft.RandomErasing(1.0, (0.25, 0.25), p=1.0), images) == 0).all()


def test_holes(photographs: Array) -> None:
    dropout = ft.CoarseDropout((2, 6), (0.1, 0.3), value=(7, 8, 9))
    counts = set()
    for image, got, step in with_steps(dropout, many(photographs)):
        size = np.array(image.shape[:2])
        counts.add(step["holes"])
        for share_, place in list(zip(step["size"], step["corner"], strict=True))[: step["holes"]]:
            h, w = (size * share_).astype(int)
            i, j = (np.array(place) * (size - (h, w) + 1)).astype(int)
            image[i : i + h, j : j + w] = (7, 8, 9)
        same_bits(got, image)
    assert counts == {2, 3, 4, 5, 6}


def test_holes_have_a_pixel_at_least() -> None:
    results = once(ft.CoarseDropout(1, 0.0), np.ones((20, 5, 6, 1), np.uint8))
    assert ((results == 0).sum(axis=(1, 2, 3)) == 1).all()
    assert len(np.unique(np.argmin(results.reshape(20, -1), axis=1))) > 8


@pytest.mark.parametrize(("ratio", "cells"), [(0.5, (6, 7)), (0.9, 8), (0.01, (1, 4)), (1.0, 2)])
def test_grid_of_albumentations(ratio: float, cells: Any, photographs: Array) -> None:
    functional = pytest.importorskip("albumentations.augmentations.dropout.functional")
    rows, columns = (cells, cells) if isinstance(cells, int) else cells
    got = once(ft.GridDropout(ratio, cells, random_offset=False), photographs)
    expected = photographs.copy()
    rng = np.random.default_rng(0)
    grid = (rows, columns), ratio, False, (0, 0), rng
    for x0, y0, x1, y1 in functional.generate_grid_holes(photographs.shape[1:3], *grid):
        expected[:, y0:y1, x0:x1] = 0
    same_bits(got, expected)


def test_grid_with_offsets(photographs: Array) -> None:
    dropout = ft.GridDropout((0.3, 0.8), (5, 3), value=250)
    for image, got, step in with_steps(dropout, many(photographs, 12)):
        rows, columns, _ = image.shape
        down, across = np.arange(6) * rows // 5, np.arange(4) * columns // 3
        for r in range(5):
            for c in range(3):
                cell = np.array([down[r + 1] - down[r], across[c + 1] - across[c]])
                h, w = (step["ratio"] * cell).astype(int)
                y, x = (np.array(step["corner"][r][c]) * (cell - (h, w) + 1)).astype(int)
                top, left = down[r] + y, across[c] + x
                assert top + h <= down[r + 1]
                assert left + w <= across[c + 1]
                image[top : top + h, left : left + w] = 250
        same_bits(got, image)


def test_more_cells_than_pixels() -> None:
    images = np.ones((2, 3, 20, 1), np.uint8)
    same_bits(once(ft.GridDropout(0.5, (9, 2)), images), images)


@pytest.mark.parametrize("per_channel", [False, True])
def test_pixels(per_channel: bool, photographs: Array) -> None:
    dropout = ft.PixelDropout((0.05, 0.4), per_channel, 9)
    for i, (image, got, step) in enumerate(with_steps(dropout, many(photographs, 12))):
        options = dict(per_channel=per_channel, seed=5, index=[i], stream=step["place"])
        same_bits(got, fastaug.pixel_dropout(image, step["amount"], value=9, **options))
        dropped = got == 9
        n = dropped.size if per_channel else dropped[..., 0].size
        spread = 5 * np.sqrt(step["amount"] / n)
        assert abs(dropped.mean() - step["amount"]) < spread + (image == 9).mean()
        if not per_channel:
            same_bits(got[dropped.all(axis=2)], np.full((dropped.all(axis=2).sum(), 3), 9, "u1"))
            same_bits(got[~dropped.all(axis=2)], image[~dropped.all(axis=2)])


@pytest.mark.parametrize("value", [0, (9, 8, 7, 6, 5)])
def test_channels(value: Any) -> None:
    images = np.arange(100, 105, dtype=np.uint8) * np.ones((600, 2, 3, 1), np.uint8)
    constant = np.broadcast_to(np.array(value), 5)
    dropped = np.zeros(5)
    for image, got, step in with_steps(ft.ChannelDropout((0, 3), value=value), images):
        gone = (got == constant).all(axis=(0, 1))
        assert gone.sum() == step["channels"]
        same_bits(got, np.where(gone, constant, image).astype(np.uint8))
        dropped += gone
    fills_whole(np.repeat(np.arange(5), dropped.astype(int)), 0, 4)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_orders_of_channels(channels: int) -> None:
    images = np.arange(channels, dtype=np.uint8) * np.ones((2400, 2, 2, 1), np.uint8)
    got = once(ft.ChannelShuffle(), images)
    assert (got == got[:, :1, :1]).all()
    orders, counts = np.unique(got[:, 0, 0], axis=0, return_counts=True)
    assert len(orders) == math.factorial(channels)
    assert (np.sort(orders, axis=1) == np.arange(channels)).all()
    assert (abs(counts - counts.mean()) < 5 * np.sqrt(counts.mean())).all()


def test_whether_and_which_are_independent() -> None:
    images = np.arange(3, dtype=np.uint8) * np.ones((2400, 1, 1, 1), np.uint8)
    got = once(ft.ChannelShuffle(p=0.5), images)[:, 0, 0]
    _, counts = np.unique(got[(got != np.arange(3)).any(axis=1)], axis=0, return_counts=True)
    assert len(counts) == 5
    assert (abs(counts - 200) < 5 * np.sqrt(200)).all()


def test_images_of_different_sizes(photographs: Array) -> None:
    images = [photographs[0], photographs[1][:30], photographs[2][:, :17]]
    pipeline = Compose([*FAMILY], seed=3)
    for i, result in enumerate(pipeline(images, index=[0, 1, 2])):
        same_bits(result, pipeline(images[i], index=i))


@pytest.mark.parametrize(
    ("transform", "name", "low", "high"),
    [
        (ft.RandomErasing((0.1, 0.2)), "scale", 0.1, 0.2),
        (ft.RandomErasing(), "y", 0, 1),
        (ft.RandomErasing(), "x", 0, 1),
        (ft.CoarseDropout(2, (0.1, 0.4)), "size", 0.1, 0.4),
        (ft.CoarseDropout(2), "corner", 0, 1),
        (ft.GridDropout((0.2, 0.6), 2), "ratio", 0.2, 0.6),
        (ft.GridDropout(cells=2), "corner", 0, 1),
        (ft.PixelDropout((0.1, 0.2)), "amount", 0.1, 0.2),
    ],
    ids=repr,
)
def test_ranges(transform: Any, name: str, low: float, high: float) -> None:
    fills(drawn(transform)[name].reshape(-1), low, high)


def test_ratios_are_as_often_the_other_way_round() -> None:
    fills(np.log(drawn(ft.RandomErasing(ratio=(0.25, 4)))["ratio"]), -np.log(4), np.log(4))


def test_whole_numbers() -> None:
    fills_whole(drawn(ft.CoarseDropout((2, 5)))["holes"], 2, 5)
    fills_whole(drawn(ft.ChannelDropout((1, 3)))["channels"], 1, 3)


FAMILY = [
    ft.RandomErasing(value=(1, 2, 3)),
    ft.CoarseDropout((1, 4), p=0.5),
    ft.GridDropout(0.3, (4, 5), p=0.5),
    ft.GridDropout(0.3, 3, random_offset=False, value=9, p=0.5),
    ft.PixelDropout(0.1, per_channel=True, value=5, p=0.5),
    ft.ChannelDropout((1, 2), value=8, p=0.5),
    ft.ChannelShuffle(p=0.5),
]


@pytest.mark.parametrize("transform", FAMILY, ids=repr)
def test_probabilities(transform: Any) -> None:
    assert abs(share(transform) - 0.5) < 5 * np.sqrt(0.25 / 4000)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_same_however_it_is_done(dtype: Any, photographs: Array) -> None:
    same_however(FAMILY, many(photographs, 8).astype(dtype))


@pytest.mark.parametrize("transform", [*FAMILY, ft.RandomErasing(p=1.0)], ids=repr)
def test_what_is_printed(transform: Any) -> None:
    pastes_back(transform)


@pytest.mark.parametrize("transform", FAMILY, ids=repr)
def test_they_are_pointwise(transform: Any) -> None:
    plan = Compose([ft.RandomInvert(), transform]).plan((20, 30, 3))
    assert [each.kind for each in plan.passes] == ["pointwise"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ft.RandomErasing(1.5), ValueError, "scale must be at most 1, got 1.5"),
        (lambda: ft.RandomErasing(ratio=0), ValueError, "ratio must be more than 0, got 0"),
        (lambda: ft.RandomErasing(value=np.nan), ValueError, "value must be a finite number"),
        (lambda: ft.RandomErasing(value="random"), TypeError, "value must be a number"),
        (lambda: ft.CoarseDropout(0), ValueError, "holes must be at least 1, got 0"),
        (lambda: ft.CoarseDropout(1.5), ValueError, "holes must be whole, got 1.5"),
        (lambda: ft.CoarseDropout(size=(0.5, 20)), ValueError, "size must be at most 1"),
        (lambda: ft.GridDropout(1.5), ValueError, "ratio must be at most 1, got 1.5"),
        (lambda: ft.GridDropout(0), ValueError, "ratio must be more than 0, got 0"),
        (lambda: ft.GridDropout(cells=(3, 0)), ValueError, "cells must be at least 1 each way"),
        (lambda: ft.GridDropout(cells=2.5), TypeError, "cells must be a pair"),
        (lambda: ft.GridDropout(random_offset=1), TypeError, "random_offset must be a bool"),
        (lambda: ft.PixelDropout(1.1), ValueError, "amount must be at most 1, got 1.1"),
        (lambda: ft.PixelDropout(0.1, 1), TypeError, "per_channel must be a bool, got 1"),
        (lambda: ft.PixelDropout(0.1, value=(1, 2)), ValueError, "value must be a finite number"),
        (lambda: ft.ChannelDropout(-1), ValueError, "channels must be at least 0, got -1"),
        (lambda: ft.ChannelDropout((1, 1.5)), ValueError, "channels must be whole"),
    ],
)
def test_bad_input(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_images_that_do_not_fit(photographs: Array) -> None:
    with pytest.raises(ValueError, match="channels must be fewer than the 3 of the images, got 3"):
        once(ft.ChannelDropout(3), photographs)
    with pytest.raises(ValueError, match=r"value must be a number or have shape \(4,\), \(1, 3\)"):
        once(ft.CoarseDropout(value=(1, 2)), photographs)


def test_batches_of_nothing(photographs: Array) -> None:
    assert Compose(FAMILY, seed=1)(photographs[:0]).shape == (0, 48, 56, 3)
