"""Bad input gets one clear error that names the argument, before anything is written."""

from __future__ import annotations

import importlib.util
import re
from typing import Any

import numpy as np
import pytest
from bad_input import (
    BLURS,
    COPY_DTYPES,
    IMAGES,
    IN_PLACE,
    INF,
    MORPHOLOGY,
    MORPHOLOGY_DTYPES,
    NAN,
    NOISE_DTYPES,
    NOISES,
    OPS,
    PHOTOMETRIC_DTYPES,
    SHAPE,
    WARP_DTYPES,
    check,
    dtype_of,
    ops,
)
from references import FILL_MODES

import fastaug
from fastaug.ops.geometry import warp_spline

# What all ops share.


@ops
@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        (None, TypeError, "images must .*, got object"),
        ("cat.png", TypeError, "images must .*, got <U7"),
        (np.zeros(SHAPE, complex), TypeError, "images must .*, got complex128"),
        (np.zeros(SHAPE, "M8[s]"), TypeError, r"images must .*, got datetime64\[s\]"),
        (np.zeros(SHAPE, object), TypeError, "images must .*, got object"),
        (np.zeros(SHAPE, [("r", "u1")]), TypeError, r"images must .*, got \[\('r', 'u1'\)\]"),
        ([[1, 2], [3]], ValueError, r"images must be a regular array, got \[\[1, 2\], \[3\]\]"),
    ],
    ids=["None", "text", "complex", "dates", "objects", "records", "ragged"],
)
def test_what_is_no_image(op: str, images: Any, error: type[Exception], message: str) -> None:
    check(op, error, message, images)


@ops
@pytest.mark.parametrize("shape", [(), (3,), (1, 2, 4, 5, 3)], ids=str)
def test_dimensions(op: str, shape: tuple[int, ...]) -> None:
    got = re.escape(f"got shape {shape}")
    images = np.zeros(shape, dtype_of(op))
    check(op, ValueError, rf"images must be \(H, W\), \(H, W, C\) or a batch .*, {got}", images)
    check(
        op,
        ValueError,
        rf"images must be \(H, W\), \(C, H, W\) or a batch .*, {got}",
        images,
        data_format="channels_first",
    )


@ops
def test_dtypes(op: str) -> None:
    known = OPS[op][1]
    wrong = {
        WARP_DTYPES: ("int8", "uint16", "float16", "float64", "bool"),
        COPY_DTYPES: ("longdouble",) if np.dtype("longdouble").itemsize > 8 else (),
        MORPHOLOGY_DTYPES: ("int8", "int64", "float16", "bool"),
        NOISE_DTYPES: ("int8", "uint16", "float16", "bool"),
        PHOTOMETRIC_DTYPES: ("uint8", "uint16", "float16", "float64", "bool"),
    }[known]
    for dtype in wrong:
        name = np.dtype(dtype).name
        check(op, TypeError, f"images must .*{known}, got {name}", np.zeros(SHAPE, dtype))


@ops
def test_sides_too_long_for_coordinates(op: str) -> None:
    images = np.broadcast_to(np.zeros((), dtype_of(op)), (2**30 + 1, 1))
    check(
        op, ValueError, r"images must have no side over 1073741824, got .*\(1073741825, 1\)", images
    )


@ops
@pytest.mark.parametrize("value", ["NHWC", None, 1, ["channels_last"], np.array(["a", "b"])])
def test_data_formats(op: str, value: Any) -> None:
    message = "data_format must be 'channels_last' or 'channels_first', got "
    check(op, ValueError, message + re.escape(repr(value)), data_format=value)


@ops
def test_out(op: str) -> None:
    dtype = dtype_of(op)
    images = np.full(SHAPE, 50, dtype)
    check(op, TypeError, "out must be a NumPy array, got list", images, out=[1])
    check(op, TypeError, "out must be a NumPy array, got bytearray", images, out=bytearray(120))
    wrong = np.full(SHAPE, 7, np.int8)
    check(op, TypeError, f"out must have dtype {dtype}, got int8", images, out=wrong)
    assert (wrong == 7).all()
    for shape in ((2, 4, 5, 1), (4, 5, 3), (2, 5, 4, 3), (2, 4, 5, 3, 1)):
        got = re.escape(f"out must have shape {SHAPE}, got {shape}")
        wrong = np.full(shape, 7, dtype)
        check(op, ValueError, got, images, out=wrong)
        assert (wrong == 7).all()
    wrong = np.full(SHAPE, 7, dtype)
    wrong.flags.writeable = False
    check(op, ValueError, "out is read-only; expected an array that can be written", out=wrong)
    assert (wrong == 7).all()
    plain = np.zeros(SHAPE, np.float32)
    swapped = np.zeros(SHAPE, np.dtype(np.float32).newbyteorder("S"))
    check(op, TypeError, "out must have dtype float32, got [<>]f4", plain, out=swapped)


@ops
def test_out_that_overlaps(op: str) -> None:
    memory = np.arange(400).astype(dtype_of(op))
    images = memory[:120].reshape(SHAPE)
    overlaps = [memory[1:121].reshape(SHAPE), images[::-1], images[:, ::-1], images[:, :, ::-1]]
    if op not in IN_PLACE:
        overlaps.append(images)
    for out in overlaps:
        check(op, ValueError, "out must not share memory with images", images, out=out)


@pytest.mark.skipif(importlib.util.find_spec("cupy") is not None, reason="CuPy is there")
@ops
def test_arrays_of_a_card_without_cupy(op: str) -> None:
    class OnCard:
        __cuda_array_interface__ = None

    check(op, RuntimeError, ".*needs CuPy; install it with: pip install 'fastaug", OnCard())


# Warps, flips, turns.


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("matrix", np.eye(3), ValueError, r"have shape \(2, 3\) or \(2, 2, 3\), got \(3, 3\)"),
        ("matrix", np.zeros((3, 2, 3)), ValueError, r".* \(2, 2, 3\), got \(3, 2, 3\)"),
        ("matrix", 1.0, ValueError, r"have shape .*, got \(\)"),
        ("matrix", [[1, 0, NAN], [0, 1, 0]], ValueError, "be finite, got nan"),
        ("matrix", [[1, 0, 0], [0, -INF, 0]], ValueError, "be finite, got -inf"),
        ("matrix", [[1, 0, 0], [0, 1]], ValueError, "be a regular array, got"),
        ("matrix", None, TypeError, "be a number or an array of numbers, got None"),
        ("matrix", [["a"] * 3] * 2, TypeError, "be a number or an array of numbers"),
        ("matrix", np.eye(2, 3) * 1j, TypeError, "be a number or an array of numbers"),
        ("output_size", 5, TypeError, r"be a pair \(height, width\) .*, got 5"),
        ("output_size", (5,), TypeError, r"be a pair .*, got \(5,\)"),
        ("output_size", (5, 6, 3), TypeError, r"be a pair .*, got \(5, 6, 3\)"),
        ("output_size", (5.0, 6), TypeError, r"be a pair .*, got \(5.0, 6\)"),
        ("output_size", "44", TypeError, "be a pair .*, got '44'"),
        ("output_size", (-1, 6), ValueError, r"be from 0 to 1073741824 .*, got \(-1, 6\)"),
        ("output_size", (4, 2**30 + 1), ValueError, "be from 0 .*, got"),
        ("output_size", (4, 2**70), ValueError, "be from 0 .*, got"),
        ("interpolation", "cubic", ValueError, "be one of nearest, bilinear, bicubic, got 'cubic'"),
        ("interpolation", 6, ValueError, "be .* a spline order, 0 to 5, got 6"),
        ("interpolation", -1, ValueError, "be .* a spline order, 0 to 5, got -1"),
        ("interpolation", -1, ValueError, "be .*, got -1"),
        ("interpolation", 1.0, ValueError, "be .*, got 1.0"),
        ("interpolation", True, ValueError, "be .*, got True"),
        ("interpolation", None, ValueError, "be .*, got None"),
        ("interpolation", [0, 1], ValueError, r"be .*, got \[0, 1\]"),
        ("interpolation", np.array([0, 1]), ValueError, r"be .*, got array\(\[0, 1\]\)"),
        ("fill_mode", "edge", ValueError, f"be one of {', '.join(FILL_MODES)}, got 'edge'"),
        ("fill_mode", 0, ValueError, "be one of .*, got 0"),
        ("fill_mode", ["wrap"], ValueError, r"be one of .*, got \['wrap'\]"),
        ("fill_value", "white", TypeError, "be a number .*, got 'white'"),
        ("fill_value", None, TypeError, "be a number .*, got None"),
        ("fill_value", (1, 2, 3), ValueError, r"be .* \(2,\), \(1, 3\) or \(2, 3\), got \(3,\)"),
        ("fill_value", [[1, 2]], ValueError, r"be .*, got \(1, 2\)"),
        ("fill_value", np.zeros((2, 3, 1)), ValueError, r"be .*, got \(2, 3, 1\)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", 0, 1])
def test_warp_affine(
    interpolation: Any, argument: str, value: Any, error: type[Exception], message: str
) -> None:
    change = {"interpolation": interpolation} | {argument: value}
    check("warp_affine", error, f"{argument} must {message}", **change)


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("order", 6, ValueError, "be 0 to 5, got 6"),
        ("order", -1, ValueError, "be 0 to 5, got -1"),
        ("order", 3.0, ValueError, "be 0 to 5, got 3.0"),
        ("order", "cubic", ValueError, "be 0 to 5, got 'cubic'"),
        ("order", True, ValueError, "be 0 to 5, got True"),
        ("mirror", True, ValueError, r"be bools of shape \(2,\) or \(2, 2\), got True"),
        ("mirror", (0, 1), ValueError, r"be bools .*, got \(0, 1\)"),
        ("mirror", [[True, False]], ValueError, "be bools .*, got"),
    ],
)  # fmt: skip
def test_warp_spline(argument: str, value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        warp_spline(IMAGES, np.eye(2, 3), **{argument: value})
    assert re.match(f"{argument} must {message}", str(caught.value)), str(caught.value)


def test_warp_affine_of_no_pixels() -> None:
    images = np.zeros((2, 0, 5, 3), np.uint8)
    message = r"images has no pixels to warp, got shape \(2, 0, 5, 3\)"
    for interpolation in ("nearest", "bilinear", "bicubic", 0, 1):
        check(
            "warp_affine",
            ValueError,
            message,
            images,
            output_size=SHAPE[1:3],
            interpolation=interpolation,
        )


def test_results_too_large() -> None:
    size = (2**30, 2**30)
    images = np.zeros((8, 1, 1, 2), np.uint8)
    with pytest.raises(ValueError, match=r"too large for memory, got shape \(8, 1073741824, .*, 2"):
        fastaug.warp_affine(images, np.eye(3)[:2], output_size=size)
    with pytest.raises(MemoryError):
        fastaug.warp_affine(images[:1], np.eye(3)[:2], output_size=size)


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("horizontal", 1, TypeError, "be a bool or an array of bools, got 1"),
        ("horizontal", None, TypeError, "be a bool .*, got None"),
        ("horizontal", [0, 1], TypeError, r"be a bool .*, got \[0, 1\]"),
        ("horizontal", [True], ValueError, r"be a bool or .* \(2,\), got shape \(1,\)"),
        ("horizontal", [[True], []], ValueError, "be a regular array"),
        ("vertical", "yes", TypeError, "be a bool .*, got 'yes'"),
        ("vertical", [True] * 3, ValueError, r"be .* \(2,\), got shape \(3,\)"),
        ("vertical", [], ValueError, r"be .* \(2,\), got shape \(0,\)"),
    ],
)  # fmt: skip
def test_flip(argument: str, value: Any, error: type[Exception], message: str) -> None:
    check("flip", error, f"{argument} must {message}", **{argument: value})


@pytest.mark.parametrize(
    ("k", "error", "message"),
    [
        (1.0, TypeError, "k must be a whole number, got 1.0"),
        (True, TypeError, "k must be a whole number, got True"),
        ("1", TypeError, "k must be a whole number, got '1'"),
        ([1, 2, 3], ValueError, r"k must be a whole number or .* \(2,\), got shape \(3,\)"),
        ([[1], [2]], ValueError, r"k must be .*, got shape \(2, 1\)"),
        ([1, 2], ValueError, "k must be all even or all odd .*, got both for images of 4 by 5"),
        (2**63, ValueError, f"k must be from -{2**62} to {2**62}, got {2**63}"),
        (-(2**90), ValueError, "k must be from .*, got -1237940039285380274899124224"),
    ],
)  # fmt: skip
def test_rot90(k: Any, error: type[Exception], message: str) -> None:
    check("rot90", error, message, k=k)


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("size", 5.0, TypeError, r"be a pair \(height, width\) of whole numbers, got 5.0"),
        ("size", None, TypeError, "be a pair .*, got None"),
        ("size", (5,), TypeError, r"be a pair .*, got \(5,\)"),
        ("size", "44", TypeError, "be a pair .*, got '44'"),
        ("size", -1, ValueError, r"be from 0 to 1073741824 .*, got \(-1, -1\)"),
        ("size", (4, 2**30 + 1), ValueError, "be from 0 .*, got"),
        ("interpolation", "cubic", ValueError, "be one of nearest, bilinear, bicubic, area, got"),
        ("interpolation", 1, ValueError, "be one of .*, got 1"),
        ("antialias", 1, TypeError, "be a bool, got 1"),
        ("antialias", None, TypeError, "be a bool, got None"),
        ("box", 3, ValueError, r"be \(top, left, height, width\) .*, got shape \(\)"),
        ("box", (0, 0, 4), ValueError, r"be .* have shape \(2, 4\), got shape \(3,\)"),
        ("box", np.ones((3, 4)), ValueError, r"be .*, got shape \(3, 4\)"),
        ("box", "all", TypeError, "be a number or an array of numbers, got 'all'"),
        ("box", (0, 0, 4.5, 5), ValueError, r"lie within the images of 4 by 5 .* \(0.0, 0.0, 4.5"),
        ("box", (0, 0, 4, 5.5), ValueError, "lie within .* and not be empty, got"),
        ("box", (-0.1, 0, 4, 5), ValueError, r"lie within .*, got \(-0.1, 0"),
        ("box", (0, 0, 0, 5), ValueError, "lie within .* not be empty, got"),
        ("box", (0, 3, 4, -1), ValueError, "lie within .* not be empty, got"),
        ("box", (0, 3, 4, 1e-9), ValueError, "lie within .* not be empty, got"),
        ("box", (0, 0, 4, NAN), ValueError, "lie within .*, got"),
        ("box", (0, 0, INF, 5), ValueError, "lie within .*, got"),
        ("box", [(0, 0, 4, 5), (1, 1, 4, 4)], ValueError, r"lie .*, got \(1.0, 1.0, 4.0, 4.0\)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("antialias", [True, False])
def test_resize(
    antialias: bool, argument: str, value: Any, error: type[Exception], message: str
) -> None:
    check(
        "resize", error, f"{argument} must {message}", **{"antialias": antialias, argument: value}
    )


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("size", 5, TypeError, r"be a pair \(height, width\) of whole numbers, got 5"),
        ("size", (5, -1), ValueError, r"be from 0 to .*, got \(5, -1\)"),
        ("rotation", NAN, ValueError, "be finite, got nan"),
        ("rotation", "90", TypeError, "be a number .*, got '90'"),
        ("rotation", [[1]], ValueError, r"be a number or an array .*, got \(1, 1\)"),
        ("translation", 3, ValueError, r"be a pair \(x, y\) .*, got shape \(\)"),
        ("translation", (1, 2, 3), ValueError, r"be a pair .*, got shape \(3,\)"),
        ("translation", (1, INF), ValueError, "be finite, got inf"),
        ("translation", ("a", 1), TypeError, "be a number or an array of numbers"),
        ("scale", 0, ValueError, "not be 0, got 0"),
        ("scale", (1, 0), ValueError, "not be 0"),
        ("scale", (1, 2, 3), ValueError, r"be a pair \(x, y\) .*, got shape \(3,\)"),
        ("scale", (1, "b"), TypeError, "be a number or an array of numbers"),
        ("scale", NAN, ValueError, "be finite, got nan"),
        ("scale", np.ones((2, 3)), ValueError, r"be a pair .*, got shape \(2, 3\)"),
        ("scale", np.ones((2, 2, 1)), ValueError, r"be a number .*, got \(2, 2, 1\)"),
        ("shear", 5, ValueError, r"be a pair .*, got shape \(\)"),
        ("center", (1,), ValueError, r"be a pair .*, got shape \(1,\)"),
        ("center", [[1, 2], [3]], ValueError, "be a regular array"),
    ],
)  # fmt: skip
def test_affine_matrix(argument: str, value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        fastaug.affine_matrix(**({"size": (4, 5)} | {argument: value}))
    assert re.match(f"{argument} must {message}", str(caught.value)), str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"scale": 1e-320},
        {"shear": (90, 0)},
        {"shear": (0, -270)},
        {"shear": (45, 45)},
        {"shear": (30, 60)},
        {"shear": [(0, 0), (100, -10)], "scale": 2},
    ],
    ids=str,
)
def test_affine_matrix_without_inverse(change: dict[str, Any]) -> None:
    scale = np.broadcast_to(change.get("scale", 1), 2).tolist()
    shear = np.atleast_2d(change.get("shear", (0, 0)))[-1].tolist()
    got = re.escape(f"got scale {tuple(map(float, scale))} and shear {tuple(map(float, shear))}")
    with pytest.raises(ValueError, match=f"^scale and shear must leave an image .*, {got}$"):
        fastaug.affine_matrix(**change, size=(4, 5))


def test_affine_matrix_of_so_many_samples_and_so_many() -> None:
    message = "^rotation, scale must agree on the number of samples, got 2, 3$"
    with pytest.raises(ValueError, match=message):
        fastaug.affine_matrix(rotation=[1, 2], scale=[1, 2, 3], size=(4, 5))
    with pytest.raises(ValueError, match=r"^shear, center must agree .*, got 1, 4$"):
        fastaug.affine_matrix(center=np.ones((4, 2)), shear=np.ones((1, 2)), size=(4, 5))


def test_affine_matrix_wants_a_size() -> None:
    with pytest.raises(TypeError, match="size"):
        fastaug.affine_matrix()


# Morphology.


@pytest.mark.parametrize("op", MORPHOLOGY)
@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("footprint", 0, ValueError, "have a size of at least 1, got 0"),
        ("footprint", (3, -1), ValueError, "have a size of at least 1, got -1"),
        ("footprint", 2**30 + 1, ValueError, "have a size of at most 1073741824, got 1073741825"),
        ("footprint", np.uint64(2**63), ValueError, "have a size of at most .*, got 922337203685"),
        ("footprint", 3.0, TypeError, "be made of whole numbers, got 3.0"),
        ("footprint", True, TypeError, "be made of whole numbers, got True"),
        ("footprint", (3, 3.5), TypeError, r"be made of whole numbers, got \[3.0, 3.5\]"),
        ("footprint", None, TypeError, "be made of whole numbers, got None"),
        ("footprint", "disk", TypeError, "be made of whole numbers, got 'disk'"),
        ("footprint", (), ValueError, r"be a pair \(height, width\), got \(\)"),
        ("footprint", (3, 3, 3), ValueError, r"be a pair .*, got \(3, 3, 3\)"),
        ("footprint", np.array([3, 3, 3]), ValueError, r"be .* 2 sizes, got .* \(3,\)"),
        ("footprint", np.ones((3, 3, 3), int), ValueError, r"be .*, got .* \(3, 3, 3\)"),
        ("footprint", np.zeros((3, 3)), ValueError, "hold at least one 1, got zeros only"),
        ("footprint", np.zeros((0, 3)), ValueError, "hold at least one 1"),
        ("footprint", [[0, 2]], ValueError, "hold zeros and ones only"),
        ("footprint", [[0, NAN]], ValueError, "hold zeros and ones only"),
        ("footprint", [["a"]], ValueError, "hold zeros and ones only"),
        ("footprint", [[1], [1, 1]], ValueError, "be a regular array"),
        ("mode", "edge", ValueError, "be one of reflect, constant, .*, max, min, got 'edge'"),
        ("mode", None, ValueError, "be one of .*, got None"),
        ("cval", "0", TypeError, "be a number .*, got '0'"),
        ("cval", None, TypeError, "be a number .*, got None"),
        ("cval", 1j, TypeError, "be a number .*, got 1j"),
        ("cval", 10**400, TypeError, "be a number .*, got 10"),
        ("cval", [1, 2], ValueError, r"be a single number, got shape \(2,\)"),
    ],
)  # fmt: skip
def test_morphology(
    op: str, argument: str, value: Any, error: type[Exception], message: str
) -> None:
    check(op, error, f"{argument} must {message}", **{argument: value})


# Blurs.


@pytest.mark.parametrize("op", BLURS)
@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("mode", "edge", ValueError, "be one of reflect, constant, .*, wrap, got 'edge'"),
        ("mode", "ignore", ValueError, "be one of reflect, constant, .*, wrap, got 'ignore'"),
        ("cval", "0", TypeError, "be a number .*, got '0'"),
        ("cval", [1, 2], ValueError, r"be a single number, got shape \(2,\)"),
        ("size", 1.5, TypeError, "be .*whole number.*, got 1.5"),
        ("size", "3", TypeError, "be .*whole number.*, got '3'"),
        ("size", (1.5, 3), TypeError, r"be made of whole numbers, got \(1.5, 3\)"),
        ("size", [[1], [1, 1]], ValueError, "be a regular array"),
        ("size", [[3, 3]], ValueError, r".*, got (\[\[3, 3\]\]|shape \(1, 2\))"),
        ("size", (3, 3, 3), ValueError, r".*, got (\(3, 3, 3\)|shape \(3,\))"),
        ("size", 0, ValueError, ".*from 1 to 65535, got 0"),
        ("size", (3, -1), ValueError, ".*from 1 to 65535, got -1"),
        ("size", 2**16 + 1, ValueError, ".*from 1 to 65535, got 65537"),
    ],
)  # fmt: skip
def test_blurs(op: str, argument: str, value: Any, error: type[Exception], message: str) -> None:
    check(op, error, f"{argument} must {message}", **{argument: value})


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("sigma", -0.5, ValueError, "be at least 0.0, got -0.5"),
        ("sigma", 8192, ValueError, "be at most 8191.75, got 8192.0"),
        ("sigma", NAN, ValueError, "be finite, got nan"),
        ("sigma", [1, 2, 3], ValueError, r"be a number or an array of shape \(2,\)"),
        ("sigma", None, TypeError, "be a number"),
        ("size", 4, ValueError, "be odd, got 4"),
    ],
)
def test_gaussian_blur(argument: str, value: Any, error: type[Exception], message: str) -> None:
    check("gaussian_blur", error, f"{argument} must {message}", **{argument: value})


# Noise.


@pytest.mark.parametrize("op", NOISES)
@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("seed", -1, ValueError, "be from 0 to 18446744073709551615, got -1"),
        ("seed", 2**64, ValueError, "be from 0 to .*, got 18446744073709551616"),
        ("seed", 0.5, TypeError, "be a whole number, got 0.5"),
        ("seed", None, TypeError, "be a whole number, got None"),
        ("seed", [1, 2, 3], ValueError, r"be a whole number or .* \(2,\), got shape \(3,\)"),
        ("index", [0, -1], ValueError, "be from 0 to 4294967295, got -1"),
        ("index", [0, 2**32], ValueError, "be from 0 to 4294967295, got 4294967296"),
        ("index", [0, 1, 2], ValueError, r"be .* \(2,\), got shape \(3,\)"),
        ("index", [0.0, 1.0], TypeError, "be a whole number, got"),
        ("epoch", 2**32, ValueError, "be from 0 to 4294967295, got 4294967296"),
        ("epoch", "1", TypeError, "be a whole number, got '1'"),
        ("stream", 2**24, ValueError, "be from 0 to 16777215, got 16777216"),
        ("stream", -1, ValueError, "be from 0 to 16777215, got -1"),
        ("stream", [0, 1], ValueError, r"be .*, got shape \(2,\)"),
        ("value_range", 5, ValueError, r"be a pair \(black, white\), got 5"),
        ("value_range", (1, 2, 3), ValueError, r"be a pair .*, got \(1, 2, 3\)"),
        ("value_range", "01", TypeError, "be a number .*, got '01'"),
        ("value_range", (0, 10**400), TypeError, "be a number or an array of numbers"),
        ("value_range", (5, 5), ValueError, r"be finite and increasing, got \(5, 5\)"),
        ("value_range", (9, 5), ValueError, r"be finite and increasing, got \(9, 5\)"),
        ("value_range", (0, INF), ValueError, "be finite and increasing"),
        ("value_range", (NAN, 1), ValueError, "be finite and increasing"),
        ("value_range", (0, 256), ValueError, r"be whole numbers .* for uint8 .*, got \(0, 256\)"),
        ("value_range", (-1, 9), ValueError, "be whole numbers from 0 to 255"),
        ("value_range", (0, 1.5), ValueError, "be whole numbers from 0 to 255"),
    ],
)  # fmt: skip
def test_noise(op: str, argument: str, value: Any, error: type[Exception], message: str) -> None:
    if op == "pixel_dropout" and argument == "value_range":
        pytest.skip("it clips nothing")
    check(op, error, f"{argument} must {message}", **{argument: value})


@pytest.mark.parametrize(
    ("op", "argument", "least", "most"),
    [
        ("gaussian_noise", "std", 0, None),
        ("gaussian_noise", "mean", None, None),
        ("speckle_noise", "std", 0, None),
        ("speckle_noise", "mean", None, None),
        ("uniform_noise", "amplitude", 0, None),
        ("shot_noise", "photons", 0, None),
        ("salt_and_pepper", "amount", 0, 1),
        ("salt_and_pepper", "salt_ratio", 0, 1),
        ("pixel_dropout", "amount", 0, 1),
        ("pixel_dropout", "value", None, None),
    ],
)
def test_amounts_of_noise(op: str, argument: str, least: float | None, most: float | None) -> None:
    def wrong(value: Any, error: type[Exception], message: str) -> None:
        check(op, error, f"{argument} must be {message}", **{argument: value})

    wrong("much", TypeError, "a number or an array of numbers, got 'much'")
    wrong(None, TypeError, "a number or an array of numbers, got None")
    wrong(1j, TypeError, "a number or an array of numbers, got 1j")
    wrong([1, 2, 3], ValueError, r"a number or an array of shape \(2,\), got \(3,\)")
    wrong([[1, 1]], ValueError, r"a number or an array of shape \(2,\), got \(1, 2\)")
    wrong(NAN, ValueError, "finite, got nan")
    wrong([0.5, INF], ValueError, "finite, got inf")
    if least is not None:
        wrong([0.5, -0.25], ValueError, "at least 0, got -0.25")
    if most is not None:
        wrong(1.5, ValueError, "at most 1, got 1.5")


def test_no_photons_at_all() -> None:
    check("shot_noise", ValueError, "photons must be more than 0, got 0", photons=0)
    check("shot_noise", ValueError, "photons must be more than 0, got 0", photons=[1, 0])


@pytest.mark.parametrize("op", ["salt_and_pepper", "pixel_dropout"])
@pytest.mark.parametrize("value", [1, "yes", None, [True, False]])
def test_per_channel(value: Any, op: str) -> None:
    message = re.escape(f"per_channel must be a bool, got {value!r}")
    check(op, TypeError, message, per_channel=value)


@pytest.mark.parametrize("op", NOISES)
def test_images_with_more_elements_than_a_counter(op: str) -> None:
    images = np.broadcast_to(np.uint8(0), (2**18, 2**17))
    check(op, ValueError, "images must have at most 17179869184 elements each", images, out=None)


@pytest.mark.parametrize("op", NOISES)
def test_a_seed_is_needed(op: str) -> None:
    arguments = {k: v for k, v in OPS[op][0].items() if k != "seed"}
    with pytest.raises(TypeError, match="seed"):
        getattr(fastaug, op)(np.zeros((2, 2), np.uint8), **arguments)


# Values.


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("channel_shift", [1, 2, 3], ValueError, r"be a number or .* \(2,\), got \(3,\)"),
        ("channel_shift", NAN, ValueError, "be finite, got nan"),
        ("channel_shift", "5", TypeError, "be a number .*, got '5'"),
        ("brightness", [[1], [2]], ValueError, r"be a number or .* \(2,\), got \(2, 1\)"),
        ("brightness", [1, INF], ValueError, "be finite, got inf"),
        ("brightness", "bright", TypeError, "be a number .*, got 'bright'"),
        ("brightness_mode", "keras", ValueError, "be one of grey_levels, stretched, multiplied, g"),
        ("brightness_mode", 1, ValueError, "be one of .*, got 1"),
        ("brightness_mode", None, ValueError, "be one of .*, got None"),
        ("white", 0, ValueError, "be more than 0, got 0.0"),
        ("white", -255, ValueError, "be more than 0, got -255.0"),
        ("white", 1e-200, ValueError, "be more than 0, got 1e-200"),
        ("white", INF, ValueError, "be finite, got inf"),
        ("white", [255, 255], ValueError, r"be a single number, got shape \(2,\)"),
        ("white", "white", TypeError, "be a number .*, got 'white'"),
        ("rescale", None, TypeError, "be a number .*, got None"),
        ("rescale", [1, 2], ValueError, r"be a single number, got shape \(2,\)"),
        ("rescale", NAN, ValueError, "be finite, got nan"),
        ("samplewise_center", 1, TypeError, "be a bool, got 1"),
        ("samplewise_center", None, TypeError, "be a bool, got None"),
        ("samplewise_std_normalization", "yes", TypeError, "be a bool, got 'yes'"),
        ("mean", [1, 2], ValueError, r"be a number or .* \(3,\), got \(2,\)"),
        ("mean", np.zeros((1, 1, 3)), ValueError, r"be a number .*, got \(1, 1, 3\)"),
        ("mean", [1, NAN, 3], ValueError, "be finite, got nan"),
        ("mean", "grey", TypeError, "be a number .*, got 'grey'"),
        ("std", 0, ValueError, "be more than 0, got 0.0"),
        ("std", [1, -2, 3], ValueError, "be more than 0, got -2.0"),
        ("std", [1, 2, 3, 4], ValueError, r"be a number or .* \(3,\), got \(4,\)"),
        ("std", INF, ValueError, "be finite, got inf"),
    ],
)  # fmt: skip
def test_photometric(argument: str, value: Any, error: type[Exception], message: str) -> None:
    check("photometric", error, f"{argument} must {message}", **{argument: value})


# Colours and tones.
