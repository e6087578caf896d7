"""Wrong arguments of colours and tones."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from bad_input import COLOURS, INF, NAN, SHAPE, check

import fastaug


@pytest.mark.parametrize(
    ("op", "argument", "least", "most"),
    [
        ("adjust_brightness", "factor", 0, None),
        ("add_brightness", "delta", None, None),
        ("adjust_contrast", "factor", 0, None),
        ("adjust_saturation", "factor", 0, None),
        ("adjust_hue", "delta", -0.5, 0.5),
        ("adjust_gamma", "gamma", 0, None),
        ("adjust_gamma", "gain", None, None),
        ("channel_shift", "value", None, None),
        ("solarize", "threshold", None, None),
    ],
)
def test_amounts_of_colour(op: str, argument: str, least: float | None, most: float | None) -> None:
    def wrong(value: Any, error: type[Exception], message: str) -> None:
        check(op, error, f"{argument} must be {message}", **{argument: value})

    wrong("much", TypeError, "a number or an array of numbers, got 'much'")
    wrong(None, TypeError, "a number or an array of numbers, got None")
    wrong([1, 2, 3], ValueError, r"a number or an array of shape \(2,\), got \(3,\)")
    wrong([[1, 1]], ValueError, r"a number or an array of shape \(2,\), got \(1, 2\)")
    wrong([0.5, NAN], ValueError, "finite, got nan")
    wrong(-INF, ValueError, "finite, got -inf")
    if least is not None:
        wrong([0.5, -0.75], ValueError, f"at least {least}, got -0.75")
    if most is not None:
        wrong(0.75, ValueError, f"at most {most}, got 0.75")


@pytest.mark.parametrize("op", [op for op in COLOURS if op not in ("photometric", "channel_shift")])
@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (5, ValueError, r"be a pair \(black, white\), got 5"),
        ((0, 1, 2), ValueError, r"be a pair .*, got \(0, 1, 2\)"),
        ((9, 5), ValueError, r"be finite and increasing, got \(9, 5\)"),
        ((0, INF), ValueError, "be finite and increasing"),
        ("01", TypeError, "be a number or an array of numbers, got '01'"),
    ],
)
def test_value_ranges(op: str, value: Any, error: type[Exception], message: str) -> None:
    check(op, error, f"value_range must {message}", value_range=value)


@pytest.mark.parametrize(("dtype", "most"), [("uint8", 255), ("uint16", 65535)])
def test_value_ranges_of_integers(dtype: str, most: int) -> None:
    images = np.zeros(SHAPE, dtype)
    for value in ((0, most + 1), (-1, most), (0, 1.5)):
        with pytest.raises(ValueError, match=f"value_range must be whole numbers from 0 to {most}"):
            fastaug.invert(images, value_range=value)


@pytest.mark.parametrize("channels", [0, 2, 5])
@pytest.mark.parametrize("op", ["adjust_saturation", "adjust_hue", "to_grayscale"])
def test_images_without_colours(op: str, channels: int) -> None:
    images = np.zeros((2, 4, 5, channels), np.uint8)
    got = re.escape(f"got {channels} in shape {images.shape}")
    check(op, ValueError, f"images must have 3 channels, 4 of .*, or 1, {got}", images, out=None)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (9, ValueError, "be from 0 to 8, got 9"),
        ([1, -1], ValueError, "be from 0 to 8, got -1"),
        (2.0, TypeError, "be a whole number, got 2.0"),
        ([1, 2, 3], ValueError, r"be a whole number or .* \(2,\), got shape \(3,\)"),
    ],
)
def test_posterize(value: Any, error: type[Exception], message: str) -> None:
    check("posterize", error, f"bits must {message}", bits=value)


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("mean", [1, 2], ValueError, r"be a number or .* \(3,\) or \(2, 3\), got \(2,\)"),
        ("mean", np.zeros((3, 3)), ValueError, r"be a number or .*, got \(3, 3\)"),
        ("mean", [1, NAN, 3], ValueError, "be finite, got nan"),
        ("mean", "grey", TypeError, "be a number or an array of numbers, got 'grey'"),
        ("std", 0, ValueError, "be more than 0, got 0.0"),
        ("std", [1, -2, 3], ValueError, "be more than 0, got -2.0"),
        ("std", INF, ValueError, "be finite, got inf"),
        ("dtype", "uint8", TypeError, "be float32 or float64, got uint8"),
        ("dtype", np.float16, TypeError, "be float32 or float64, got float16"),
    ],
)
def test_normalize(argument: str, value: Any, error: type[Exception], message: str) -> None:
    check("normalize", error, f"{argument} must {message}", **{argument: value})
