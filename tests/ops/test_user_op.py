"""pixel_op and row_op: NumPy's arithmetic, on native and Numba alike."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cases import pixels
from references import same_bits

import fastaug
from fastaug import backends

pytest.importorskip("numba")

Array = npt.NDArray[Any]
DTYPES = ("uint8", "uint16", "float32", "float64")
BACKENDS = [name for name in ("native", "numba") if backends.unavailable(name) is None]


@pytest.fixture(params=BACKENDS, autouse=True)
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    with fastaug.use_backend(request.param):
        yield request.param


WHITE = 255.0


@fastaug.pixel_op
def warmer(pixel, by):
    red, green, blue = pixel
    return red * (1.0 + by), green - 0.5, WHITE - blue * (1.0 - by)


@fastaug.pixel_op(elementwise=True)
def reciprocal(value, over, plus):
    return over / value + plus


@fastaug.row_op
def shade(row, y, height, strength=0.5):
    width, channels = row.shape
    for x in range(width):
        for c in range(channels):
            row[x, c] = row[x, c] * (1.0 - strength) + np.float32(10 * y - height + c)


@fastaug.row_op
def failing(row, y, height):
    if y == 3:
        raise ValueError("the third row")


def stored(values: Array, dtype: str) -> Array:
    """What NumPy makes of computed values."""
    if dtype.startswith("float"):
        return values
    most = np.iinfo(dtype).max
    return np.rint(np.clip(np.nan_to_num(values, nan=0, posinf=most), 0, most)).astype(dtype)


def real(dtype: str) -> Any:
    return np.float64 if dtype == "float64" else np.float32


def numpy_warmer(images: Array, by: Array, dtype: str) -> Array:
    one, by = real(dtype)(1), by.astype(real(dtype))[:, np.newaxis, np.newaxis]
    red, green, blue = np.moveaxis(images.astype(real(dtype)), -1, 0)
    made = red * (one + by), green - real(dtype)(0.5), real(dtype)(255) - blue * (one - by)
    return stored(np.stack(made, -1), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_pixels(dtype: str, rng: np.random.Generator) -> None:
    by = np.array([0.1, 0.7, -0.3])
    for width in (1, 15, 16, 17, 100):
        images = pixels(rng, (3, 5, width, 3), dtype)
        same_bits(warmer(images, by), numpy_warmer(images, by, dtype))


@pytest.mark.parametrize("dtype", DTYPES)
def test_elements(dtype: str, rng: np.random.Generator) -> None:
    """Large enough for a table, small enough to do without one; and division by zero."""
    over, plus = np.array([1.0, 300.0]), np.array([0.25, -1.0])
    for shape in ((2, 3, 7, 3), (2, 29, 31, 2)):
        images = pixels(rng, shape, dtype)
        images.flat[0] = 0
        given = (a.astype(real(dtype))[:, np.newaxis, np.newaxis, np.newaxis] for a in (over, plus))
        numerator, more = given
        with np.errstate(divide="ignore"):
            expected = stored(numerator / images.astype(real(dtype)) + more, dtype)
        same_bits(reciprocal(images, over=over, plus=plus), expected)


@pytest.mark.parametrize(("dtype", "channels"), [*((d, 3) for d in DTYPES), ("uint8", 5)])
def test_rows(dtype: str, channels: int, rng: np.random.Generator) -> None:
    images = pixels(rng, (2, 9, 13, channels), dtype)
    y, c = np.arange(9)[:, np.newaxis, np.newaxis], np.arange(channels)
    half, plus = real(dtype)(0.5), (10 * y - 9 + c).astype(np.float32)
    expected = stored(images.astype(real(dtype)) * half + plus.astype(real(dtype)), dtype)
    same_bits(shade(images), expected)
    kept = np.array([1.0, 0.5])
    same_bits(shade(images, 1.0 - kept)[1], expected[1])


def test_other_numbers_of_channels(rng: np.random.Generator) -> None:
    @fastaug.pixel_op
    def turned(pixel):
        return pixel[::-1]

    for channels in (4, 5):
        images = pixels(rng, (2, 5, 21, channels), "uint8")
        np.testing.assert_array_equal(turned(images), images[..., ::-1])


def test_a_number_for_one_channel() -> None:
    @fastaug.pixel_op
    def doubled(pixel):
        return pixel[0] * 2.0

    np.testing.assert_array_equal(doubled(np.uint8([[3, 200]])), [[6, 255]])


def test_layouts(rng: np.random.Generator) -> None:
    images = pixels(rng, (3, 7, 20, 3), "uint8")
    by = np.array([0.1, 0.7, -0.3])
    expected, shaded, divided = warmer(images, by), shade(images), reciprocal(images, 900.0, by)
    wide = np.zeros((3, 14, 40, 3), np.uint8)
    wide[:, ::2, ::2] = images
    fixed = images.copy()
    fixed.flags.writeable = False
    turned = images[:, ::-1, ::-1].copy()[:, ::-1, ::-1]
    for view in (np.asfortranarray(images), wide[:, ::2, ::2], turned, fixed):
        np.testing.assert_array_equal(warmer(view, by), expected)
        np.testing.assert_array_equal(shade(view), shaded)
        np.testing.assert_array_equal(reciprocal(view, 900.0, by), divided)
    first = np.moveaxis(images, -1, 1)
    got = warmer(first, by, data_format="channels_first")
    np.testing.assert_array_equal(np.moveaxis(got, 1, -1), expected)
    out = np.zeros((3, 7, 40, 3), np.uint8)[:, :, ::2]
    assert warmer(images, by, out=out) is out
    np.testing.assert_array_equal(out, expected)
    for op, given in ((warmer, (0.2,)), (shade, (0.2,)), (reciprocal, (900.0, 0.2))):
        mine, result = images.copy(), op(images, *given)
        op(mine, *given, out=mine)
        np.testing.assert_array_equal(mine, result)


def test_no_pixels() -> None:
    for shape in ((0, 4, 4, 3), (2, 0, 4, 3), (2, 4, 0, 3)):
        assert warmer(np.zeros(shape, np.uint8), 0.1).shape == shape
        assert reciprocal(np.zeros(shape, np.float32), 1, 2).shape == shape
        assert shade(np.zeros(shape, np.uint8)).shape == shape


@pytest.mark.parametrize("threads", [1, 3])
def test_threads(threads: int, rng: np.random.Generator) -> None:
    images = pixels(rng, (5, 64, 120, 3), "uint8")
    by = np.linspace(-0.4, 0.4, 5)
    before = fastaug.get_num_threads()
    fastaug.set_num_threads(threads)
    try:
        same_bits(warmer(images, by), numpy_warmer(images, by, "uint8"))
        for i in range(5):  # bands of one image
            same_bits(shade(images[i]), shade(images)[i])
    finally:
        fastaug.set_num_threads(before)


def test_what_is_not_a_number_stays_or_is_black() -> None:
    values = np.array([[0.0, np.nan, -np.inf]], np.float32)
    same_bits(reciprocal(values, 1.0, 0.0), np.array([[np.inf, np.nan, 0.0]], np.float32))

    @fastaug.pixel_op(elementwise=True)
    def undefined(value):
        return value * 0.0 / 0.0

    np.testing.assert_array_equal(undefined(np.full((40, 40), 7, np.uint8)), 0)


def test_constants_are_as_wide_as_the_images() -> None:
    """As NumPy takes Python's floats; Numba would compute in float64."""

    @fastaug.pixel_op(elementwise=True)
    def tenths(value):
        return value * 0.1 + 0.1 - 0.3

    values = np.linspace(0, 1, 97, dtype=np.float32)[np.newaxis]
    single = values * np.float32(0.1) + np.float32(0.1) - np.float32(0.3)
    assert (single != (values * 0.1 + 0.1 - np.float64(0.3)).astype(np.float32)).any()
    same_bits(tenths(values), single)
    double = values.astype(np.float64)
    same_bits(tenths(double), double * 0.1 + 0.1 - 0.3)


def test_an_exception_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"failing raised an exception.*`function`"):
        failing(np.zeros((4, 8, 3), np.uint8))
    failing(np.zeros((3, 8, 3), np.uint8))  # which has no such row
    with pytest.raises(ValueError, match="the third row"):
        failing.function(np.zeros((8, 3), np.float32), 3, 4)


def test_numba_s_reason_comes_first() -> None:
    @fastaug.pixel_op
    def wrong(pixel):
        return pixel[0].shade

    with pytest.raises(
        TypeError, match=r"(?s)\AUnknown attribute 'shade' of type float32\n.*wrong"
    ):
        wrong(np.zeros((4, 4, 3), np.uint8))

    @fastaug.row_op
    def unknown(row, y, height):
        row[:] = darkness  # noqa: F821

    with pytest.raises(TypeError, match=r"(?s)\A.*name 'darkness' is not defined"):
        unknown(np.zeros((4, 4, 3), np.uint8))


def test_what_a_function_must_give() -> None:
    @fastaug.pixel_op
    def two(pixel):
        return pixel[0], pixel[1]

    with pytest.raises(TypeError, match="two must give a tuple of 3 numbers, got UniTuple"):
        two(np.zeros((4, 4, 3), np.uint8))

    @fastaug.pixel_op(elementwise=True)
    def text(value):
        return "white"

    with pytest.raises(TypeError, match="text must give a number, got"):
        text(np.zeros((4, 4), np.uint8))

    @fastaug.row_op
    def gives(row, y, height):
        return row

    with pytest.raises(TypeError, match="gives must give nothing, and change its row, got"):
        gives(np.zeros((4, 4), np.uint8))


def test_bad_arguments() -> None:
    images = np.zeros((2, 4, 4, 3), np.uint8)
    with pytest.raises(TypeError, match=r"warmer: missing a required argument: 'by'"):
        warmer(images)
    with pytest.raises(TypeError, match=r"warmer: .*'than'.*it takes \(by\)"):
        warmer(images, 0.1, than=3)
    with pytest.raises(ValueError, match=r"by must .*\(2,\)"):
        warmer(images, [0.1, 0.2, 0.3])
    with pytest.raises(TypeError, match="images must be uint8 or uint16"):
        warmer(images.astype(np.int64), 0.1)
    with pytest.raises(TypeError, match="pixel_op must be given a Python function, got <built-in"):
        fastaug.pixel_op(abs)
    with pytest.raises(
        TypeError, match=r"row_op must take \(row, y, height, ...\).*<lambda> takes"
    ):
        fastaug.row_op(lambda row, y: None)
    with pytest.raises(TypeError, match=r"must take \(pixel, ...\), each a plain parameter"):
        fastaug.pixel_op(lambda pixel, *rest: pixel)
    with pytest.raises(TypeError, match="must not call a parameter 'out'"):
        fastaug.pixel_op(lambda pixel, out: pixel)


def test_it_is_the_function_to_those_who_look() -> None:
    assert warmer.__name__ == "warmer"
    assert warmer.parameters == ("by",)
    assert (shade.parameters, shade.required) == (("strength",), ())
    assert repr(shade).endswith("test_user_op.shade(strength=0.5)>")


def test_pickle(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, as functions do."""
    import sys
    import types

    module = types.ModuleType("users_ops")
    monkeypatch.setitem(sys.modules, "users_ops", module)
    exec("def darker(pixel):\n    return pixel", module.__dict__)
    module.darker = fastaug.pixel_op(module.darker)
    assert pickle.loads(pickle.dumps(module.darker)) is module.darker


def test_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    from fastaug.backends import user_op

    @fastaug.pixel_op
    def same(pixel):
        return pixel

    monkeypatch.setattr(user_op, "find_spec", lambda _: None)
    with pytest.raises(RuntimeError, match=r"same needs Numba.*pip install 'fastaug\[numba\]'"):
        same(np.zeros((4, 4, 3), np.uint8))
