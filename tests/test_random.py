"""Philox against Random123's known answers, and stream v1 as a pure function of its coordinates."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from references import PARAMETERS, block_words, philox

import fastaug.random

# Random123's kat_vectors: rounds, counter, key, result.
KNOWN = """
7  00000000 00000000 00000000 00000000  00000000 00000000  5f6fb709 0d893f64 4f121f81 4f730a48
7  ffffffff ffffffff ffffffff ffffffff  ffffffff ffffffff  5207ddc2 45165e59 4d8ee751 8c52f662
7  243f6a88 85a308d3 13198a2e 03707344  a4093822 299f31d0  4dfccaba 190a87f0 c47362ba b6b5242a
10 00000000 00000000 00000000 00000000  00000000 00000000  6627e8d5 e169c58d bc57ac4c 9b00dbd8
10 ffffffff ffffffff ffffffff ffffffff  ffffffff ffffffff  408f276d 41c83b0e a20bc7c6 6d5451fd
10 243f6a88 85a308d3 13198a2e 03707344  a4093822 299f31d0  d16cfe09 94fdcceb 5001e420 24126ea1
"""
WORDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("line", KNOWN.strip().splitlines())
def test_known_answers(line: str) -> None:
    rounds, *words = line.split()
    counter, key, expected = np.split(np.array([int(w, 16) for w in words]), [4, 6])
    got = fastaug.random.philox4x32(counter[None], key[None], int(rounds))
    assert got.dtype == np.uint32
    np.testing.assert_array_equal(got[0], expected)
    # And the reference that the tests of the noise rely on.
    np.testing.assert_array_equal(philox(counter, key, int(rounds)), expected)


@given(st.lists(st.tuples(*[WORDS] * 6), max_size=5), st.integers(0, 16))
def test_philox_equals_numpy(words: list[tuple[int, ...]], rounds: int) -> None:
    array = np.array(words, np.uint64).reshape(-1, 6)
    got = fastaug.random.philox4x32(array[:, :4], array[:, 4:], rounds)
    np.testing.assert_array_equal(got, philox(array[:, :4], array[:, 4:], rounds))


@given(
    seed=st.integers(0, 2**64 - 1),
    index=WORDS,
    epoch=WORDS,
    stream=st.integers(0, 2**24 - 1),
    size=st.integers(0, 9),
)
def test_the_layout_of_parameters(
    seed: int, index: int, epoch: int, stream: int, size: int
) -> None:
    """53 bits of two words, the upper one second."""
    words = block_words(
        -(-size // 2), seed=seed, index=index, epoch=epoch, stream=stream, purpose=PARAMETERS
    ).reshape(-1, 2)[:size]
    expected = ((words[:, 1] << np.uint64(32) | words[:, 0]) >> np.uint64(11)) * 2.0**-53
    got = fastaug.random.uniform(seed, index, epoch=epoch, stream=stream, size=size)
    np.testing.assert_array_equal(got, expected[None])


def test_a_number_depends_on_its_coordinates_alone() -> None:
    whole = fastaug.random.uniform(7, np.arange(100), epoch=3, stream=9, size=5)
    assert whole.shape == (100, 5)
    assert whole.dtype == np.float64
    order = np.random.default_rng(0).permutation(100)
    np.testing.assert_array_equal(
        fastaug.random.uniform(7, order, epoch=3, stream=9, size=5), whole[order]
    )
    np.testing.assert_array_equal(
        fastaug.random.uniform(7, np.arange(100), epoch=3, stream=9, size=2), whole[:, :2]
    )
    np.testing.assert_array_equal(
        fastaug.random.uniform(
            np.full(100, 7, np.uint8), range(100), epoch=[3] * 100, stream=9, size=np.int16(5)
        ),
        whole,
    )


def test_every_coordinate_matters() -> None:
    plain: dict[str, Any] = {"seed": 1, "index": [2], "epoch": 3, "stream": 4, "size": 8}
    seen = {fastaug.random.uniform(**plain).tobytes()}
    changes = [
        {"seed": 2},
        {"seed": 1 + 2**32},
        {"seed": 1 + 2**63},
        {"index": [3]},
        {"index": [2 + 2**31]},
        {"epoch": 4},
        {"epoch": 3 + 2**31},
        {"stream": 5},
        {"stream": 4 + 2**23},
    ]
    seen |= {fastaug.random.uniform(**plain | change).tobytes() for change in changes}
    assert len(seen) == 1 + len(changes)


def test_seeds_on_both_sides_of_2_to_the_63() -> None:
    """A list that NumPy would make floats of."""
    seeds = [1, 2**63, 2**64 - 1]
    got = fastaug.random.uniform(seeds, [0, 0, 0])
    for i, seed in enumerate(seeds):
        np.testing.assert_array_equal(got[i : i + 1], fastaug.random.uniform(seed, [0]))
    np.testing.assert_array_equal(fastaug.random.uniform(np.array(seeds, np.uint64), [0] * 3), got)


def test_parameters_are_uniform_and_independent() -> None:
    n = 50_000
    numbers = np.stack(
        [
            fastaug.random.uniform(1, np.arange(n), size=3).T,
            fastaug.random.uniform(1, np.arange(n), epoch=1, size=3).T,
            fastaug.random.uniform(1, np.arange(n), stream=1, size=3).T,
            fastaug.random.uniform(2, np.arange(n), size=3).T,
        ]
    ).reshape(12, n)
    for row in numbers:
        assert scipy.stats.kstest(row, "uniform").pvalue > 1e-4
        assert abs(np.corrcoef(row[1:], row[:-1])[0, 1]) < 5 / np.sqrt(n)
    correlation = np.corrcoef(numbers) - np.eye(12)
    assert np.abs(correlation).max() < 5 / np.sqrt(n)
    assert numbers.min() >= 0
    assert numbers.max() < 1


def test_no_samples() -> None:
    assert fastaug.random.uniform(1, []).shape == (0, 1)
    assert fastaug.random.philox4x32(np.empty((0, 4), int), np.empty((0, 2), int)).shape == (0, 4)


def test_parameters_of_stream_v1_are_pinned() -> None:
    numbers = fastaug.random.uniform(20, np.arange(50), epoch=7, stream=3, size=9)
    digest = hashlib.sha256(numbers.astype("<f8").tobytes()).hexdigest()
    assert digest == "50ae55b0da118e59098f82ffbf3a6971cf689403ec779cbd5b8c84016a29df33"


def test_an_order_is_the_sorting_of_draws_of_its_own() -> None:
    numbers = fastaug.random.uniform(5, np.arange(999), epoch=2, stream=2**24 - 1)[:, 0]
    order = fastaug.random.permutation(5, 2, 999)
    assert order.dtype == np.int64
    assert order.tolist() == sorted(range(999), key=lambda i: numbers[i])
    digest = hashlib.sha256(order.astype("<i8").tobytes()).hexdigest()
    assert digest == "b670958c8a7ee22e1b357f04fd1f98192b1fa75ebf3f4e78dbbe959a079b70cf"
    others = {
        fastaug.random.permutation(*c, 999).tobytes() for c in [(5, 3), (6, 2), (5 + 2**32, 2)]
    }
    assert len(others | {order.tobytes()}) == 4
    assert fastaug.random.permutation(2**64 - 1, 2**32 - 1, 1).tolist() == [0]
    assert fastaug.random.permutation(0, 0, 0).shape == (0,)


def test_orders_are_uniform() -> None:
    """Each of the 24 orders of four samples, equally often."""
    orders = [tuple(fastaug.random.permutation(11, epoch, 4)) for epoch in range(2400)]
    _, counts = np.unique(np.array(orders), axis=0, return_counts=True)
    assert len(counts) == 24
    assert scipy.stats.chisquare(counts).pvalue > 1e-4


UNIFORM: dict[str, Any] = {"seed": 1, "index": [0, 1]}
ORDER: dict[str, Any] = {"seed": 1, "epoch": 0, "n": 2}
PHILOX: dict[str, Any] = {"counter": [[0, 0, 0, 0]], "key": [[0, 0]]}


@pytest.mark.parametrize(
    ("function", "argument", "value", "error", "message"),
    [
        ("uniform", "seed", -1, ValueError, "be from 0 to 18446744073709551615, got -1"),
        ("uniform", "seed", 2**64, ValueError, "be from 0 to .*, got 18446744073709551616"),
        ("uniform", "seed", 1.0, TypeError, "be a whole number, got 1.0"),
        ("uniform", "seed", "1", TypeError, "be a whole number, got '1'"),
        ("uniform", "seed", True, TypeError, "be a whole number, got True"),
        ("uniform", "seed", None, TypeError, "be a whole number, got None"),
        ("uniform", "seed", [1, 2, 3], ValueError, r"be .* \(2,\), got shape \(3,\)"),
        ("uniform", "index", [0.5], TypeError, r"be a whole number, got .*0.5"),
        ("uniform", "index", [2**32], ValueError, "be from 0 to 4294967295, got 4294967296"),
        ("uniform", "index", [[1]], ValueError, r"be .*, got shape \(1, 1\)"),
        ("uniform", "index", [[1], [1, 2]], ValueError, "be a regular array, got"),
        ("uniform", "epoch", -1, ValueError, "be from 0 to 4294967295, got -1"),
        ("uniform", "epoch", [1], ValueError, r"be .* \(2,\), got shape \(1,\)"),
        ("uniform", "stream", 2**24, ValueError, "be from 0 to 16777215, got 16777216"),
        ("uniform", "stream", [1, 2], ValueError, r"be .*, got shape \(2,\)"),
        ("uniform", "size", -1, ValueError, "be from 0 to 4294967295, got -1"),
        ("uniform", "size", 1.5, TypeError, "be a whole number, got 1.5"),
        ("uniform", "size", True, TypeError, "be a whole number, got True"),
        ("permutation", "seed", 2**64, ValueError, "be from 0 to .*, got 18446744073709551616"),
        ("permutation", "epoch", 2**32, ValueError, "be from 0 to 4294967295, got 4294967296"),
        ("permutation", "n", 2**32 + 1, ValueError, "be from 0 to 4294967296, got 4294967297"),
        ("permutation", "n", 1.5, TypeError, "be a whole number, got 1.5"),
        ("philox4x32", "counter", [0, 0, 0, 0], ValueError, r"have shape \(N, 4\), got \(4,\)"),
        ("philox4x32", "counter", [[0, 0]], ValueError, r"have shape \(N, 4\), got \(1, 2\)"),
        ("philox4x32", "counter", [[0, 0, 0, -1]], ValueError, "be from 0 to 4294967295, got -1"),
        ("philox4x32", "counter", [[0, 0, 0, 0.5]], TypeError, "be a whole number"),
        ("philox4x32", "key", [[0, 0]] * 2, ValueError, r"have shape \(1, 2\), got \(2, 2\)"),
        ("philox4x32", "key", [[2**32, 0]], ValueError, "be from 0 to 4294967295, got 4294967296"),
        ("philox4x32", "rounds", 17, ValueError, "be from 0 to 16, got 17"),
        ("philox4x32", "rounds", "ten", TypeError, "be a whole number, got 'ten'"),
    ],
)  # fmt: skip
def test_bad_coordinates(
    function: str, argument: str, value: Any, error: type[Exception], message: str
) -> None:
    plain = {"uniform": UNIFORM, "permutation": ORDER, "philox4x32": PHILOX}[function]
    with pytest.raises(error) as caught:
        getattr(fastaug.random, function)(**plain | {argument: value})
    assert re.match(f"{argument} must {message}", str(caught.value)), str(caught.value)
