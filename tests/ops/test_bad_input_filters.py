"""Bad input of filters gets one clear error, before any work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bad_input import IMAGES, check

import fastaug

NAN = float("nan")


@pytest.mark.parametrize("op", ["correlate", "motion_blur", "median_blur"])
@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("mode", "edge", ValueError, "be one of reflect, constant, .*, wrap, got 'edge'"),
        ("mode", "ignore", ValueError, "be one of reflect, constant, .*, wrap, got 'ignore'"),
        ("cval", "0", TypeError, "be a number .*, got '0'"),
        ("cval", [1, 2], ValueError, r"be a single number, got shape \(2,\)"),
    ],
)
def test_borders(op: str, argument: str, value: Any, error: type[Exception], message: str) -> None:
    check(op, error, f"{argument} must {message}", **{argument: value})


@pytest.mark.parametrize("op", ["motion_blur", "median_blur"])
@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (4, ValueError, "be odd, got 4"),
        ([3, 6], ValueError, "be odd, got 6"),
        (0, ValueError, "be from 1 to 255, got 0"),
        (257, ValueError, "be from 1 to 255, got 257"),
        (3.0, TypeError, "be a whole number, got 3.0"),
        ("3", TypeError, "be a whole number, got '3'"),
        ([3, 3, 3], ValueError, r"be a whole number or an array of shape \(2,\)"),
    ],
)
def test_sizes(op: str, value: Any, error: type[Exception], message: str) -> None:
    check(op, error, f"size must {message}", size=value)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("ones", TypeError, "be a number or an array of numbers, got 'ones'"),
        ([[1], [1, 1]], ValueError, "be a regular array"),
        ([1, 2, 1], ValueError, r"have shape \(h, w\) or \(2, h, w\), got \(3,\)"),
        (np.ones((3, 3, 3)), ValueError, r"have shape .*, got \(3, 3, 3\)"),
        (np.ones((2, 1, 3, 3)), ValueError, r"have shape .*, got \(2, 1, 3, 3\)"),
        (np.ones((0, 3)), ValueError, r"have sides from 1 to 1023, got shape \(0, 3\)"),
        (np.ones((1, 1024)), ValueError, r"have sides from 1 to 1023, got shape \(1, 1024\)"),
        ([[1, NAN]], ValueError, "be finite, got nan"),
        ([[1, 1e39]], ValueError, r"be finite, got 1e\+39"),
    ],
)
def test_kernels(value: Any, error: type[Exception], message: str) -> None:
    check("correlate", error, f"kernel must {message}", kernel=value)


def test_large_weights_of_doubles() -> None:
    """What is too much for float32 may do for float64."""
    assert fastaug.correlate(np.ones((1, 1)), [[1e39]])[0, 0] == 1e39


@pytest.mark.parametrize(
    ("op", "argument", "value", "error", "message"),
    [
        ("motion_blur", "angle", NAN, ValueError, "be finite, got nan"),
        ("motion_blur", "angle", "up", TypeError, "be a number"),
        ("motion_blur", "direction", 1.1, ValueError, "be at most 1.0, got 1.1"),
        ("motion_blur", "direction", -1.1, ValueError, "be at least -1.0, got -1.1"),
        ("sharpen", "factor", -0.1, ValueError, "be at least 0, got -0.1"),
        ("sharpen", "factor", NAN, ValueError, "be finite, got nan"),
        ("sharpen", "factor", [1, 2, 3], ValueError, r"be a number or an array of shape \(2,\)"),
        ("sharpen", "value_range", (5, 5), ValueError, "be finite and increasing"),
    ],
)
def test_parameters(
    op: str, argument: str, value: Any, error: type[Exception], message: str
) -> None:
    check(op, error, f"{argument} must {message}", **{argument: value})


@pytest.mark.parametrize("op", ["correlate", "motion_blur", "median_blur", "sharpen"])
def test_the_output_is_not_the_input(op: str) -> None:
    images = IMAGES.copy()
    check(op, ValueError, "out must not share memory with images", images, out=images)
