"""Bad input of warps by homographies, coordinates and fields is one clear error, before any work."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from bad_input import INF, NAN, SHAPE, check

import fastaug

SQUARE = [(0, 0), (9, 0), (9, 9), (0, 9)]
fields = pytest.mark.parametrize(
    ("op", "name"), [("remap", "coordinates"), ("elastic", "displacement")]
)
interpolations = pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("matrix", np.eye(3)[:2], ValueError, r"have shape \(3, 3\) or \(2, 3, 3\), got \(2, 3\)"),
        ("matrix", np.zeros((3, 3, 3)), ValueError, r".* \(2, 3, 3\), got \(3, 3, 3\)"),
        ("matrix", 1.0, ValueError, r"have shape .*, got \(\)"),
        ("matrix", np.diag([1, 1, NAN]), ValueError, "be finite, got nan"),
        ("matrix", np.diag([1, -INF, 1]), ValueError, "be finite, got -inf"),
        ("matrix", [[1, 0, 0], [0, 1]], ValueError, "be a regular array, got"),
        ("matrix", None, TypeError, "be a number or an array of numbers, got None"),
        ("matrix", np.eye(3) * 1j, TypeError, "be a number or an array of numbers"),
        ("output_size", 5, TypeError, r"be a pair \(height, width\) .*, got 5"),
        ("output_size", (-1, 6), ValueError, r"be from 0 to 1073741824 .*, got \(-1, 6\)"),
    ],
)  # fmt: skip
def test_warp_perspective(argument: str, value: Any, error: type[Exception], message: str) -> None:
    check("warp_perspective", error, f"{argument} must {message}", **{argument: value})


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("interpolation", "cubic", ValueError, "be one of nearest, bilinear, bicubic, got 'cubic'"),
        ("interpolation", 1, ValueError, "be one of nearest, bilinear, bicubic, got 1"),
        ("fill_mode", "edge", ValueError, "be one of constant, nearest, .*, got 'edge'"),
        ("fill_value", "white", TypeError, "be a number .*, got 'white'"),
        ("fill_value", (1, 2, 3), ValueError, r"be .* \(2,\), \(1, 3\) or \(2, 3\), got \(3,\)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("op", ["warp_perspective", "remap", "elastic"])
def test_how(op: str, argument: str, value: Any, error: type[Exception], message: str) -> None:
    check(op, error, f"{argument} must {message}", **{argument: value})


@fields
def test_fields(op: str, name: str) -> None:
    size = r"\(H, W, 2\) or \(2, H, W, 2\)" if op == "remap" else r"\(4, 5, 2\) or \(2, 4, 5, 2\)"
    for value in (
        np.zeros((4, 5, 3)),
        np.zeros((3, 4, 5, 2)),
        np.zeros((1, 4, 5, 2)),
        np.zeros((5, 2)),
        np.zeros((1, 2, 4, 5, 2)),
        3.0,
    ):
        message = rf"{name} must have shape {size}, got {re.escape(str(np.shape(value)))}"
        check(op, ValueError, message, **{name: value})
    for value in (None, "wide", np.zeros((4, 5, 2), complex), np.zeros((4, 5, 2), bool)):
        check(op, TypeError, f"{name} must be an array of numbers, got dtype", **{name: value})
    check(op, ValueError, f"{name} must be a regular array", **{name: [[1], [2, 3]]})


def test_displacements_of_another_size() -> None:
    for shape in ((4, 6, 2), (2, 5, 4, 2)):
        message = r"displacement must have shape \(4, 5, 2\) or \(2, 4, 5, 2\), got"
        check("elastic", ValueError, message, displacement=np.zeros(shape))


@fields
def test_fields_on_a_card(op: str, name: str) -> None:
    class OnCard:
        __cuda_array_interface__ = None

    message = f"{name} must be in memory, as the images are, got OnCard"
    check(op, TypeError, message, **{name: OnCard()})


@interpolations
def test_no_pixels(interpolation: str) -> None:
    images = np.zeros((2, 0, 5, 3), np.uint8)
    message = r"images has no pixels to warp, got shape \(2, 0, 5, 3\)"
    size = {"output_size": SHAPE[1:3]}
    check("warp_perspective", ValueError, message, images, interpolation=interpolation, **size)
    check("remap", ValueError, message, images, interpolation=interpolation)


@pytest.mark.parametrize("name", ["start", "end"])
def test_perspective_matrix(name: str) -> None:
    right = {"start": SQUARE, "end": SQUARE}
    for value, error, message in (
        (SQUARE[:3], ValueError, r"have shape \(4, 2\) or \(N, 4, 2\), got \(3, 2\)"),
        (3, ValueError, r"have shape .*, got \(\)"),
        ("square", TypeError, "be a number or an array of numbers"),
        ([*SQUARE[:3], (0, NAN)], ValueError, "be finite, got nan"),
        ([(0, 0), (1, 1), (2, 2), (5, 0)], ValueError, "have no three points on a line, got"),
        ([(3, 3)] * 4, ValueError, "have no three points on a line, got"),
        ([SQUARE, [(0, 0), (9, 0), (9, 0), (0, 9)]], ValueError, "have no three points on a line"),
    ):
        with pytest.raises(error) as caught:
            fastaug.perspective_matrix(**(right | {name: value}))
        assert re.match(f"{name} must {message}", str(caught.value)), str(caught.value)


def test_perspective_matrix_of_two_numbers_of_images() -> None:
    with pytest.raises(ValueError, match=r"start and end must agree .*, got 2 and 3"):
        fastaug.perspective_matrix([SQUARE] * 2, [SQUARE] * 3)
