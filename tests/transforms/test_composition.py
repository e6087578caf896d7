"""Which transforms are done to which samples, how often and in which order."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

import fastaug
import fastaug.transforms as ft
from fastaug.transforms.base import Node

N = 4000
A, B, C = ft.RandomInvert(p=1), ft.AutoContrast(), ft.RandomBrightness(0.5)


def done(transforms: list[Node], n: int = N) -> list[tuple[str, ...]]:
    """The names of what is done to each of some samples."""
    records = fastaug.Compose(transforms, seed=7).parameters(np.arange(n))
    return [tuple(step["transform"] for step in record["transforms"]) for record in records]


def shares(transforms: list[Node]) -> dict[tuple[str, ...], float]:
    return {names: count / N for names, count in Counter(done(transforms)).items()}


def near(expected: float) -> Any:
    return pytest.approx(expected, abs=4 * np.sqrt(0.25 / N))


ONE, TWO, THREE = (type(each).__name__ for each in (A, B, C))


def test_one_of() -> None:
    assert shares([ft.OneOf([A, B])]) == {(ONE,): near(0.5), (TWO,): near(0.5)}
    weighted = shares([ft.OneOf([A, B, C], weights=(6, 3, 1))])
    assert weighted == {(ONE,): near(0.6), (TWO,): near(0.3), (THREE,): near(0.1)}
    assert shares([ft.OneOf([A, B], weights=(0, 2))]) == {(TWO,): 1}
    assert shares([ft.OneOf([A, B], p=0.2)]) == {
        (): near(0.8),
        (ONE,): near(0.1),
        (TWO,): near(0.1),
    }
    own = shares([ft.OneOf([ft.RandomInvert(p=0.5), B])])
    assert own == {(): near(0.25), (ONE,): near(0.25), (TWO,): near(0.5)}


def test_some_of() -> None:
    pairs = shares([ft.SomeOf([A, B, C], n=2)])
    assert pairs == {(ONE, TWO): near(1 / 3), (ONE, THREE): near(1 / 3), (TWO, THREE): near(1 / 3)}
    counts = Counter(len(names) for names in done([ft.SomeOf([A, B, C], n=(0, 3))]))
    assert [counts[i] / N for i in range(4)] == [near(0.25)] * 4


def test_random_order() -> None:
    orders = shares([ft.RandomOrder([A, B, C])])
    assert len(orders) == 6
    assert list(orders.values()) == [near(1 / 6)] * 6


def test_random_apply_is_all_or_nothing() -> None:
    assert shares([ft.RandomApply([A, B], p=0.3)]) == {(): near(0.7), (ONE, TWO): near(0.3)}


def test_a_pipeline_within_a_pipeline() -> None:
    assert shares([fastaug.Compose([A, B], p=0.3), C]) == {
        (THREE,): near(0.7),
        (ONE, TWO, THREE): near(0.3),
    }
    assert shares([fastaug.Compose([A], p=1)]) == {(ONE,): 1}


def test_probability_of_the_pipeline_itself() -> None:
    records = fastaug.Compose([A], seed=7, p=0.3).parameters(np.arange(N))
    assert np.mean([len(record["transforms"]) for record in records]) == near(0.3)
    both = fastaug.Compose([ft.RandomInvert(p=0.5)], seed=7, p=0.5).parameters(np.arange(N))
    assert np.mean([len(record["transforms"]) for record in both]) == near(0.25)


def test_the_same_transform_twice_draws_twice() -> None:
    turn = ft.RandomRotation(30)
    records = fastaug.Compose([turn, turn], seed=7).parameters(np.arange(200))
    angles = np.array([[step["rotation"] for step in record["transforms"]] for record in records])
    assert abs(np.corrcoef(angles.T)[0, 1]) < 0.25
    assert (angles[:, 0] != angles[:, 1]).all()


def test_probabilities_do_not_change_what_is_drawn() -> None:
    """Number 0 of a place decides; so another `p` leaves the parameters, and all that follows."""
    always, seldom = (
        fastaug.Compose([ft.RandomRotation(30, p=p), ft.RandomZoom(0.2)], seed=7).parameters(
            range(99)
        )
        for p in (1, 0.3)
    )
    for all_, some in zip(always, seldom, strict=True):
        assert all(step in all_["transforms"] for step in some["transforms"])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ft.OneOf([]), ValueError, "transforms must not be empty"),
        (lambda: ft.OneOf([A], weights=(1, 2)), ValueError, "weights must be 1 numbers"),
        (lambda: ft.OneOf([A, B], weights=(-1, 2)), ValueError, "weights must be at least 0"),
        (lambda: ft.OneOf([A, B], weights=(0, 0)), ValueError, "weights must be at least 0"),
        (lambda: ft.SomeOf([A, B], n=3), ValueError, "n must be from 0 to 2"),
        (lambda: ft.SomeOf([A, B], n=(2, 1)), ValueError, "n must be from 0 to 2"),
        (lambda: ft.SomeOf([A, B], n=1.5), TypeError, "n must be a whole number"),
        (lambda: ft.RandomApply([A], p=1.5), ValueError, "p must be at most 1, got 1.5"),
        (lambda: ft.RandomApply([np.negative]), TypeError, "transforms must be made of fastaug's"),
        (lambda: fastaug.Compose(A), TypeError, "transforms must be a list of transforms"),
        (lambda: fastaug.Compose("ab"), TypeError, "transforms must be a list of transforms"),
        (lambda: fastaug.Compose([], seed=2**64), ValueError, "seed must be from 0 to"),
        (lambda: fastaug.Compose([], seed=1.5), TypeError, "seed must be a whole number"),
        (lambda: fastaug.Compose([], data_format="hwc"), ValueError, "data_format must be one of"),
        (lambda: fastaug.Compose([], fuse=1), TypeError, "fuse must be a bool"),
        (lambda: fastaug.Compose([], box_format="corners"), ValueError, "box_format must be"),
        (
            lambda: fastaug.Compose([], min_visibility=2),
            ValueError,
            "min_visibility must be at most 1",
        ),
    ],
)
def test_bad_input(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_records_of_another_pipeline() -> None:
    record = fastaug.Compose([A], seed=1).parameters(0)
    image = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(
        ValueError, match="this pipeline, which has AutoContrast in place 0; got RandomInvert"
    ):
        fastaug.Compose([B]).apply(record, image)
    with pytest.raises(ValueError, match="parameters must be 1, one for each image, got 2"):
        fastaug.Compose([A]).apply([record] * 2, image)
    with pytest.raises(ValueError, match="parameters must have an entry 'seed'"):
        fastaug.Compose([A]).apply({"index": 3}, image)
