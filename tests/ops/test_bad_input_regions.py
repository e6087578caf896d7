"""Wrong arguments of crops, pads, erased rectangles, channels and mixtures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bad_input import INF, MIXED, NAN, SHAPE, check

import fastaug

FILL_OPS = ["pad", "crop_or_pad"]


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("top", 1, ValueError, "be from 0 to 0, got 1"),
        ("top", -1, ValueError, "be from 0 to 0, got -1"),
        ("top", [0, 1], ValueError, "be from 0 to 0, got 1"),
        ("top", 0.0, TypeError, "be a whole number, got 0.0"),
        ("top", [0, 0, 0], ValueError, r"be a whole number or .* \(2,\), got shape \(3,\)"),
        ("left", 1, ValueError, "be from 0 to 0, got 1"),
        ("left", "0", TypeError, "be a whole number, got '0'"),
        ("height", 5, ValueError, "be from 0 to 4, got 5"),
        ("height", -1, ValueError, "be from 0 to 4, got -1"),
        ("height", 2.0, TypeError, "be a whole number, got 2.0"),
        ("height", [2], TypeError, r"be a whole number, got \[2\]"),
        ("width", 6, ValueError, "be from 0 to 5, got 6"),
        ("width", None, TypeError, "be a whole number, got None"),
    ],
)
def test_crop(argument: str, value: Any, error: type[Exception], message: str) -> None:
    check("crop", error, f"{argument} must {message}", **{argument: value})


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (-1, ValueError, "be from 0 to 1073741824, got -1"),
        ((0, -2), ValueError, r"be from 0 .*, got \(0, -2\)"),
        (2**30 + 1, ValueError, "be from 0 to 1073741824, got 1073741825"),
        (2**30, ValueError, "leave sides of at most 1073741824, got 1073741824 for images of 4 by"),
        (1.0, TypeError, "be whole numbers, got 1.0"),
        (None, TypeError, "be whole numbers, got None"),
        (True, TypeError, "be whole numbers, got True"),
        ((1, 2, 3), ValueError, r"be a whole number, a pair .*, got \(1, 2, 3\)"),
        ([[1, 2]], ValueError, r"be a whole number, a pair .*, got \[\[1, 2\]\]"),
        (((1, 2), 3), ValueError, "be a regular array"),
    ],
)
def test_padding(value: Any, error: type[Exception], message: str) -> None:
    check("pad", error, f"padding must {message}", padding=value)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (5, TypeError, r"be a pair \(height, width\) of whole numbers, got 5"),
        ((4.0, 5), TypeError, "be a pair .*, got"),
        ((-1, 5), ValueError, "be from 0 to 1073741824 on each side"),
    ],
)
def test_size(value: Any, error: type[Exception], message: str) -> None:
    check("crop_or_pad", error, f"size must {message}", size=value)


@pytest.mark.parametrize("op", FILL_OPS)
@pytest.mark.parametrize("value", ["edge", "symmetric", "ignore", "grid-wrap", 0, None])
def test_fill_modes(op: str, value: Any) -> None:
    message = "fill_mode must be one of reflect, constant, nearest, mirror, wrap, got "
    check(op, ValueError, message, fill_mode=value)


@pytest.mark.parametrize(
    ("op", "argument"),
    [*((op, "fill_value") for op in FILL_OPS), ("erase", "value"), ("shuffle_channels", "value")],
)
def test_constants(op: str, argument: str) -> None:
    def wrong(value: Any, error: type[Exception], message: str) -> None:
        check(op, error, f"{argument} must be {message}", **{argument: value})

    wrong("white", TypeError, "a number or an array of numbers, got 'white'")
    wrong(None, TypeError, "a number or an array of numbers, got None")
    wrong([1, 2, 3], ValueError, r"a number or have shape \(2,\), \(1, 3\) or \(2, 3\), got \(3,\)")
    wrong([[1, 2]], ValueError, r"a number or .*, got \(1, 2\)")


@pytest.mark.parametrize(
    ("op", "value", "error", "message"),
    [
        (
            "erase",
            [1, 2, 3, 4],
            ValueError,
            r"be \(top, left, .*shape \(k, 4\) or \(2, k, 4\), got",
        ),
        ("erase", np.zeros((3, 2, 4), int), ValueError, r"be .*, got shape \(3, 2, 4\)"),
        ("erase", [[1, 2, 3]], ValueError, r"be .*, got shape \(1, 3\)"),
        ("erase", [], ValueError, r"be .*, got shape \(0,\)"),
        ("erase", 3, ValueError, r"be .*, got shape \(\)"),
        ("erase", [[0, 0, -1, 2]], ValueError, "have heights and widths of at least 0, got -1"),
        ("erase", [[0, 0, 1.0, 2]], TypeError, "be whole numbers, got float64"),
        ("erase", None, TypeError, "be whole numbers, got object"),
        ("erase", [[0, 0, 2**31 + 1, 2]], ValueError, "be from -2147483648 to 2147483648 pixels"),
        ("erase", [[-(2**31) - 1, 0, 1, 2]], ValueError, "be from .*, got -2147483649"),
        ("erase", [[0, 0, 1], [2]], ValueError, "be a regular array"),
        ("paste", [[1, 2, 3, 4]] * 3, ValueError, r"be .* \(4,\) or \(2, 4\), got shape \(3, 4\)"),
        ("paste", [[[1, 2, 3, 4]]] * 2, ValueError, r"be .*, got shape \(2, 1, 4\)"),
        ("paste", (0, 0, 2, -3), ValueError, "have heights and widths of at least 0, got -3"),
        ("paste", (0, 0, "1", 2), TypeError, "be whole numbers, got <U"),
    ],
)
def test_boxes(op: str, value: Any, error: type[Exception], message: str) -> None:
    check(op, error, f"boxes must {message}", boxes=value)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([0, 1], ValueError, r"have shape \(3,\) or \(2, 3\), got shape \(2,\)"),
        ([[0, 1, 2]] * 3, ValueError, r"have shape .*, got shape \(3, 3\)"),
        ([0, 1, 3], ValueError, "be from -1 to 2, got 3"),
        ([0, 1, -2], ValueError, "be from -1 to 2, got -2"),
        ([0.0, 1, 2], TypeError, "be whole numbers, got"),
        ("rgb", TypeError, "be whole numbers, got 'rgb'"),
    ],
)
def test_order(value: Any, error: type[Exception], message: str) -> None:
    check("shuffle_channels", error, f"order must {message}", order=value)


@pytest.mark.parametrize("op", MIXED)
@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("others", np.zeros(SHAPE), TypeError, "have dtype uint8, got float64"),
        ("others", None, TypeError, "have a boolean, .*, got object"),
        (
            "others",
            np.zeros((2, 4, 5, 1), "u1"),
            ValueError,
            r"have the shape .*, got \(2, 4, 5, 1",
        ),
        (
            "others",
            np.zeros((3, 4, 5, 3), "u1"),
            ValueError,
            r"have the shape \(2, 4, 5, 3\) of im",
        ),
        ("others", np.zeros(5, "u1"), ValueError, r"be \(H, W\), .*, got shape \(5,\)"),
        ("source", [0, 2], ValueError, "be from 0 to 1, got 2"),
        ("source", [0, -1], ValueError, "be from 0 to 1, got -1"),
        ("source", [0.0, 1.0], TypeError, "be a whole number, got"),
        ("source", [0, 1, 1], ValueError, r"be a whole number or .* \(2,\), got shape \(3,\)"),
    ],
)
def test_others(op: str, argument: str, value: Any, error: type[Exception], message: str) -> None:
    check(op, error, f"{argument} must {message}", **{argument: value})


def test_no_others() -> None:
    images, none = np.zeros((2, 4, 5, 3), np.uint8), np.zeros((0, 4, 5, 3), np.uint8)
    with pytest.raises(ValueError, match="others must not be empty"):
        fastaug.blend(images, none, 0.5, source=[0, 0])
    assert fastaug.blend(none, none, 0.5, source=[]).shape == none.shape


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (1.5, ValueError, "be at most 1, got 1.5"),
        ([0.5, -0.5], ValueError, "be at least 0, got -0.5"),
        (NAN, ValueError, "be finite, got nan"),
        ([0, INF], ValueError, "be finite, got inf"),
        ([1, 1, 1], ValueError, r"be a number or .* \(2,\), got \(3,\)"),
        ("half", TypeError, "be a number or an array of numbers, got 'half'"),
    ],
)
def test_weight(value: Any, error: type[Exception], message: str) -> None:
    check("blend", error, f"weight must {message}", weight=value)
