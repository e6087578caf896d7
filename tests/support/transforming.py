"""What the tests of all families of transforms do."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import numpy.typing as npt
from references import same_bits

import fastaug
import fastaug.transforms as ft
from fastaug.pipeline import Compose

Array = npt.NDArray[Any]

MANY = 4000


def once(transform: Any, images: Array, **more: Any) -> Array:
    """A transform done to images whose indices count from 0."""
    result: Array = Compose([transform], seed=5, **more)(images, index=np.arange(len(images)))
    return result


def drawn(transform: Any) -> dict[str, Array]:
    """What a transform draws for many samples, those to which it is done."""
    records = Compose([transform], seed=3).parameters(np.arange(MANY))
    steps = [step for record in records for step in record["transforms"]]
    names = steps[0].keys() - {"transform", "place"}
    return {name: np.array([step[name] for step in steps]) for name in names}


def share(transform: Any) -> float:
    """Of how many samples it is done to."""
    records = Compose([transform], seed=3).parameters(np.arange(MANY))
    return sum(bool(record["transforms"]) for record in records) / MANY


def fills(values: Array, low: float, high: float) -> None:
    """Asserts that numbers are spread evenly over a range."""
    width = high - low
    assert low <= values.min() < low + width / 200
    assert high - width / 200 < values.max() <= high
    assert abs(values.mean() - (low + high) / 2) < 5 * width / np.sqrt(12 * len(values))
    assert abs(values.std() - width / np.sqrt(12)) < width / 40


def fills_whole(values: Array, low: int, high: int) -> None:
    """Asserts that whole numbers are as likely as each other."""
    counts = np.bincount(values - low)
    assert len(counts) == high - low + 1
    expected = len(values) / len(counts)
    assert (abs(counts - expected) < 5 * np.sqrt(expected)).all()


def same_however(transforms: list[Any], images: Array) -> None:
    """Asserts the same bits however a batch is split, on either backend, from records, and each
    alone.
    """
    pipeline = Compose(transforms, seed=9)
    index = np.arange(len(images))
    whole = pipeline(images, index=index, epoch=2)
    assert not np.array_equal(whole, pipeline(images, index=index, epoch=3))
    for i in range(len(images)):
        same_bits(pipeline(images[i], index=i, epoch=2), whole[i])
    back = index[::-1]
    same_bits(pipeline(images[back], index=back, epoch=2), whole[back])
    same_bits(pipeline.apply(pipeline.parameters(index, 2), images), whole)
    if importlib.util.find_spec("numba"):
        with fastaug.use_backend("numba"):
            same_bits(pipeline(images, index=index, epoch=2), whole)


def pastes_back(transform: Any) -> None:
    """Asserts that what is printed makes the same transform again."""
    text = repr(transform)
    again = eval(text, vars(ft).copy())
    assert again == transform
    assert repr(again) == text
