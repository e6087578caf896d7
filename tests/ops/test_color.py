"""Brightness, contrast, saturation, hue and grey against Pillow, scikit-image, tf.image and NumPy."""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import skimage.color
from references import same_bits

import fastaug
from fastaug import backends
from fastaug.ops.color import color_jitter

Array = npt.NDArray[Any]

pytestmark = pytest.mark.usefixtures("level")

FACTORS = (0.0, 0.3, 0.5, 1.0, 1.25, 2.0)
WHITE = {"uint8": 255, "uint16": 65535, "float32": 1.0, "float64": 1.0}
FLOATS = {"float32": 1e-6, "float64": 1e-14}
BACKENDS = [name for name in ("native", "numba") if backends.unavailable(name) is None]
dtypes = pytest.mark.parametrize("dtype", WHITE)


def make(rng: np.random.Generator, dtype: str = "uint8", channels: int = 3) -> Array:
    """Images of every brightness: full range, dark and flat, and 0, 1 or white."""
    shape = (13, 37, channels)  # a last vector that is not full
    shares = np.stack(
        [
            rng.uniform(0, 1, shape),
            rng.uniform(0.2, 0.4, shape),
            rng.choice([0, 1 / 255, 1.0], shape),
        ]
    )
    white = WHITE[dtype]
    return (np.rint(shares * white) if white > 1 else shares).astype(dtype)


def each(images: Array, function: Callable[[Array], Array]) -> Array:
    return np.stack([function(image) for image in images])


def rounded(values: Array, dtype: str) -> Array:
    """Exact values as pixels."""
    values = np.clip(values, 0, WHITE[dtype])
    return (np.rint(values) if dtype.startswith("u") else values).astype(dtype)


def close(got: Array, expected: Array, dtype: str) -> None:
    """Of integers at most a tie may fall the other way."""
    assert got.dtype == expected.dtype
    apart = np.abs(got.astype(np.float64) - expected.astype(np.float64))
    if dtype in FLOATS:
        assert apart.max() <= FLOATS[dtype]
    else:
        assert apart.max() <= 1
        assert (apart > 0).mean() < 0.1


def within_a_level(got: Array, expected: Array) -> None:
    assert got.dtype == expected.dtype == np.uint8
    np.testing.assert_allclose(got.astype(int), expected.astype(int), rtol=0, atol=1)


def grey(images: Array) -> Array:
    return images[..., :3].astype(np.float64) @ [0.299, 0.587, 0.114]


@dtypes
def test_brightness(dtype: str, rng: np.random.Generator) -> None:
    images = make(rng, dtype)
    for factor in FACTORS:
        got = fastaug.adjust_brightness(images, factor)
        close(got, rounded(images.astype(np.float64) * factor, dtype), dtype)


@dtypes
def test_added_brightness(dtype: str, rng: np.random.Generator) -> None:
    images = make(rng, dtype)
    for delta in (-1.0, -0.3, 0.0, 0.1, 2.0):
        got = fastaug.add_brightness(images, delta)
        close(got, rounded(images.astype(np.float64) + delta * WHITE[dtype], dtype), dtype)


@dtypes
@pytest.mark.parametrize("channels", [1, 3, 4, 5])
def test_contrast(dtype: str, channels: int, rng: np.random.Generator) -> None:
    images = make(rng, dtype, channels)
    given = images.astype(np.float64)
    shades = grey(images) if channels in (3, 4) else given
    mean = shades.reshape(len(images), -1).mean(1)[:, None, None, None]
    for factor in FACTORS:
        expected = rounded(mean + factor * (given - mean), dtype)
        if channels == 4:
            expected[..., 3] = images[..., 3]
        close(fastaug.adjust_contrast(images, factor), expected, dtype)


@dtypes
@pytest.mark.parametrize("channels", [3, 4])
def test_saturation_and_grey(dtype: str, channels: int, rng: np.random.Generator) -> None:
    images = make(rng, dtype, channels)
    shades = grey(images)[..., None]
    for factor in FACTORS:
        expected = rounded(shades + factor * (images - shades), dtype)
        expected[..., 3:] = images[..., 3:]
        close(fastaug.adjust_saturation(images, factor), expected, dtype)
    greys = fastaug.to_grayscale(images)
    expected = rounded(np.broadcast_to(shades, images.shape), dtype)
    expected[..., 3:] = images[..., 3:]
    close(greys, expected, dtype)
    for other in (1, 2):
        same_bits(greys[..., other], greys[..., 0])


@pytest.mark.parametrize("limits", [None, (16, 235)])
@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0, 1.2, 2.5, 1e8, 1e300])
def test_brightness_of_bytes_to_the_bit(factor: float, limits: tuple[int, int] | None) -> None:
    """A product and a sum in float32, whether they are computed or, if enormous, looked up."""
    low, high = limits or (0, 255)
    with np.errstate(over="ignore", invalid="ignore"):
        by, add = np.float32(factor), np.float32(low * (1 - factor))
        value = np.arange(256, dtype=np.float32) * by + add
        clipped = np.where(value > low, np.minimum(value, high), low)  # NaN becomes black
        table = np.rint(clipped).astype(np.uint8)
    for count in (*range(1, 70), 256, 1000):
        image = np.resize(np.arange(255, -1, -1, dtype=np.uint8), (1, count))
        got = fastaug.adjust_brightness(image, factor, value_range=limits)
        np.testing.assert_array_equal(got, table[image])


@pytest.mark.parametrize("limits", [None, (16, 235), (200, 201)])
def test_large_images_of_bytes_to_the_bit(
    limits: tuple[int, int] | None, rng: np.random.Generator
) -> None:
    """Where a product and a sum in 16 bits are looked for that do the same, or not found: of ties."""
    low, high = limits or (0, 255)
    image = np.resize(rng.permutation(256).astype(np.uint8), (1, 40_001))
    value = np.arange(256, dtype=np.float32)
    factors = (0.0, 1e-3, 0.5, 0.75, 1.0, 1.5, 1.999999, 2.0, 3.1, *rng.uniform(0, 2, 60))
    for factor in factors:
        made = value * np.float32(factor) + np.float32(low * (1 - factor))
        table = np.rint(np.clip(made, low, high)).astype(np.uint8)
        got = fastaug.adjust_brightness(image, factor, value_range=limits)
        np.testing.assert_array_equal(got, table[image])
    for delta in (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, *rng.uniform(-1.2, 1.2, 40)):
        made = value + np.float32(delta * (high - low))
        table = np.rint(np.clip(made, low, high)).astype(np.uint8)
        got = fastaug.add_brightness(image, delta, value_range=limits)
        np.testing.assert_array_equal(got, table[image])


def test_inversion_of_bytes_to_the_bit() -> None:
    image = np.resize(np.arange(256, dtype=np.uint8), (3, 301))
    np.testing.assert_array_equal(fastaug.invert(image), 255 - image)
    got = fastaug.invert(image, value_range=(0, 200))
    np.testing.assert_array_equal(got, np.maximum(200 - image.astype(int), 0))


def test_grey_and_coloured_images_in_a_batch(rng: np.random.Generator) -> None:
    images = rng.integers(0, 256, (3, 5, 23, 4), np.uint8)
    got = fastaug.adjust_saturation(images, [0.0, 1.0, 0.0])
    same_bits(got[1], images[1])
    same_bits(got[::2], fastaug.to_grayscale(images[::2]))
    for i in (0, 2):
        apart = got[i, ..., :3] - grey(images[i])[..., np.newaxis]
        assert np.abs(apart).max() < 0.52
        same_bits(got[i, ..., 1:3], got[i, ..., :2])
    same_bits(got[..., 3], images[..., 3])


@pytest.mark.parametrize("channels", [3, 4])
def test_pillow(channels: int, rng: np.random.Generator) -> None:
    """It cuts to whole numbers, and takes the grey of contrast in them."""
    image_, enhance = pytest.importorskip("PIL.Image"), pytest.importorskip("PIL.ImageEnhance")
    images = make(rng, "uint8", channels)
    for ours, theirs in (
        (fastaug.adjust_brightness, enhance.Brightness),
        (fastaug.adjust_contrast, enhance.Contrast),
        (fastaug.adjust_saturation, enhance.Color),
    ):
        for factor in FACTORS:
            by = each(images, lambda i: theirs(image_.fromarray(i)).enhance(factor))  # noqa: B023
            within_a_level(ours(images, factor), by)
    by = each(images, lambda i: image_.fromarray(i[..., :3]).convert("L"))
    within_a_level(fastaug.to_grayscale(images)[..., 0], by)


DELTAS = (-0.5, -0.31, -1 / 6, 0.0, 1e-3, 0.1, 0.25, 1 / 3, 0.5)


@dtypes
def test_hue(dtype: str, rng: np.random.Generator) -> None:
    images = make(rng, dtype)
    colours = skimage.color.rgb2hsv(images.astype(np.float64) / WHITE[dtype])
    for delta in DELTAS:
        turned = colours.copy()
        turned[..., 0] = (turned[..., 0] + delta) % 1
        expected = rounded(skimage.color.hsv2rgb(turned) * WHITE[dtype], dtype)
        close(fastaug.adjust_hue(images, delta), expected, dtype)


def test_hue_of_every_kind_of_colour() -> None:
    """All orders of the channels, equal ones and greys among them, in all sixths."""
    levels = np.array([0.0, 0.2, 0.5, 0.5000001, 1.0])
    image = np.stack(np.meshgrid(levels, levels, levels), -1).reshape(1, -1, 3)
    for delta in DELTAS:
        got = fastaug.adjust_hue(image, delta)
        for pixel, made in zip(image[0], got[0], strict=True):
            h, s, v = colorsys.rgb_to_hsv(*pixel)
            np.testing.assert_allclose(made, colorsys.hsv_to_rgb((h + delta) % 1, s, v), atol=1e-12)


def turned(images: Array, delta: float) -> Array:
    """In double, from the corners of the hexagon of hues: the exact values but for 1e-11."""
    v = images.astype(np.float64)
    most, least = v.max(-1), v.min(-1)
    chroma = most - least
    red, green, blue = np.moveaxis(v, -1, 0)
    towards = np.where(
        most == red,
        green - blue,
        np.where(most == green, blue - red + 2 * chroma, red - green + 4 * chroma),
    )
    hue = towards / np.where(chroma == 0, 1, chroma) + 6 * delta
    from_each = np.stack([(hue + n) % 6 for n in (5, 3, 1)], -1)
    share = np.clip(np.minimum(from_each, 4 - from_each), 0, 1)
    return np.asarray(most[..., None] - chroma[..., None] * share)


def saturated(images: Array, factor: float) -> Array:
    shades = grey(images)[..., None]
    return np.asarray(np.clip(shades + factor * (images - shades), 0, 255))


def nearest(got: Array, exact: Array, slack: float, strays: float) -> None:
    """Rounded to the nearest level, but for so few, which are hardly nearer to the next one."""
    apart = np.abs(got - exact)
    assert apart.max() <= 0.5 + slack
    assert (apart > 0.5 + 1e-9).mean() <= strays


def colours_of_bytes(step: int) -> Array:
    levels = np.arange(0, 256, step, dtype=np.uint8)
    return np.stack(np.meshgrid(levels, levels, levels), -1).reshape(1, len(levels), -1, 3)


@pytest.mark.parametrize("delta", [*DELTAS, *np.linspace(-0.49, 0.47, 7)])
def test_bytes_are_turned_to_the_nearest_level(delta: float) -> None:
    images = colours_of_bytes(5)
    nearest(fastaug.adjust_hue(images, delta), turned(images, delta), 0.008, 0.004)


@pytest.mark.parametrize("factor", [*FACTORS, 0.1, 0.77, 1.4, 1.9])
def test_bytes_are_saturated_to_the_nearest_level(factor: float) -> None:
    images = colours_of_bytes(5)
    nearest(fastaug.adjust_saturation(images, factor), saturated(images, factor), 0.02, 0.01)


@pytest.mark.parametrize("factor", [2.0 + 1e-9, 2.5, 10.0, 1e3])
def test_bytes_are_saturated_by_large_factors(factor: float) -> None:
    images = colours_of_bytes(5)
    exact = saturated(images, factor)
    nearest(fastaug.adjust_saturation(images, factor), exact, 1e-4 * factor, 2e-3 + 1e-5 * factor)


@pytest.mark.slow
@pytest.mark.parametrize("amount", [0.1, -0.23, 0.4999])
def test_every_colour_of_bytes(amount: float) -> None:
    images = colours_of_bytes(1)
    for row in range(0, 256, 16):  # 2**20 colours at a time
        some = np.ascontiguousarray(images[:, row : row + 16])
        nearest(fastaug.adjust_hue(some, amount), turned(some, amount), 0.008, 0.004)
        factor = 1 + 2 * amount
        nearest(fastaug.adjust_saturation(some, factor), saturated(some, factor), 0.02, 0.01)


def test_half_a_turn_and_back(rng: np.random.Generator) -> None:
    """Without rounding between, whole sixths of a turn lose nothing."""
    images = make(rng)
    same_bits(fastaug.adjust_hue(fastaug.adjust_hue(images, 0.5), -0.5), images)
    same_bits(fastaug.adjust_hue(images, 0.0), images)


def test_alpha_stays(rng: np.random.Generator) -> None:
    for dtype in WHITE:
        images = make(rng, dtype, 4)
        for op, amount in (
            (fastaug.adjust_brightness, 0.5),
            (fastaug.adjust_contrast, 0.5),
            (fastaug.adjust_saturation, 0.5),
            (fastaug.adjust_hue, 0.2),
        ):
            got = op(images, amount)
            same_bits(got[..., 3], images[..., 3])
            assert (got[..., :3] != images[..., :3]).any()
            if op is not fastaug.adjust_contrast:
                same_bits(got[..., :3], op(np.ascontiguousarray(images[..., :3]), amount))


def test_one_channel_has_no_colour(rng: np.random.Generator) -> None:
    images = make(rng, "uint8", 1)
    for got in (
        fastaug.adjust_saturation(images, 0.5),
        fastaug.adjust_hue(images, 0.2),
        fastaug.to_grayscale(images),
    ):
        same_bits(got, images)
        assert not np.shares_memory(got, images)


def test_tensorflow(rng: np.random.Generator) -> None:
    image = pytest.importorskip("tensorflow").image
    images = make(rng, "float32")
    for ours, theirs, amounts in (
        (fastaug.adjust_saturation, None, ()),
        (fastaug.adjust_hue, image.adjust_hue, (-0.4, 0.1, 0.5)),
        (fastaug.add_brightness, image.adjust_brightness, (-0.4, 0.1)),
    ):
        for amount in amounts:
            expected = np.clip(theirs(images, amount).numpy(), 0, 1)
            np.testing.assert_allclose(ours(images, amount), expected, atol=2e-6)


def test_a_value_range(rng: np.random.Generator) -> None:
    """The same picture on another scale comes out the same."""
    images = make(rng, "float64")
    for op, amount in (
        (fastaug.adjust_brightness, 1.5),
        (fastaug.add_brightness, 0.2),
        (fastaug.adjust_contrast, 1.5),
        (fastaug.adjust_saturation, 1.5),
        (fastaug.adjust_hue, 0.2),
    ):
        scaled = op(images * 8 - 3, amount, value_range=(-3, 5))
        np.testing.assert_allclose((scaled + 3) / 8, op(images, amount), atol=1e-12)
        assert scaled.min() >= -3
        assert scaled.max() <= 5


@pytest.mark.parametrize("channels", [1, 3, 4])
@dtypes
def test_jitter_is_the_four_in_turn(dtype: str, channels: int, rng: np.random.Generator) -> None:
    images = make(rng, dtype, channels)
    amounts = {
        "brightness": [0.5, 1.2, 1.0],
        "contrast": [1.4, 0.3, 1.0],
        "saturation": [0.0, 2.0, 1.3],
        "hue": [-0.2, 0.5, 0.1],
    }
    expected = images
    for op, amount in zip(
        (
            fastaug.adjust_brightness,
            fastaug.adjust_contrast,
            fastaug.adjust_saturation,
            fastaug.adjust_hue,
        ),
        amounts.values(),
        strict=True,
    ):
        expected = op(expected, amount)
    same_bits(color_jitter(images, **amounts), expected)
    out = images.copy()
    assert color_jitter(out, **amounts, out=out) is out
    same_bits(out, expected)
    some = color_jitter(images, **amounts, order=["contrast", "brightness"])
    expected = fastaug.adjust_contrast(images, amounts["contrast"])
    same_bits(some, fastaug.adjust_brightness(expected, amounts["brightness"]))
    same_bits(color_jitter(images, **amounts, order=()), images)


@pytest.mark.parametrize("limits", [None, (16, 235)])
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("order", [("saturation", "hue"), ("hue", "saturation", "contrast")])
def test_saturation_and_hue_in_one(
    order: tuple[str, ...],
    channels: int,
    limits: tuple[int, int] | None,
    rng: np.random.Generator,
) -> None:
    """Next to each other, in every way round, with factors that only floats have room for."""
    images = np.concatenate([make(rng, "uint8", channels)] * 3)
    amounts = {
        "contrast": rng.uniform(0, 2, 9),
        "saturation": [0.0, 1.0, 2.0, 2.5, 1e6, 1e300, 0.3, 1.4, 1.9],
        "hue": [0.5, -0.5, 0.0, 0.1, -0.1, 1 / 3, -0.3, 0.49, 1 / 12],
    }
    ops = {
        "contrast": fastaug.adjust_contrast,
        "saturation": fastaug.adjust_saturation,
        "hue": fastaug.adjust_hue,
    }
    expected = images
    for name in order:
        expected = ops[name](expected, amounts[name], value_range=limits)
    same_bits(color_jitter(images, **amounts, order=order, value_range=limits), expected)
    out = images.copy()[:, :, ::-1]
    color_jitter(images[:, :, ::-1], **amounts, order=order, value_range=limits, out=out)
    same_bits(out, expected[:, :, ::-1])


def test_jitter_of_what_is_unknown() -> None:
    image = np.zeros((4, 5, 3), np.uint8)
    with pytest.raises(ValueError, match=r"order must be made of brightness, .*, got \['gamma'\]"):
        color_jitter(image, order=["gamma"])
    with pytest.raises(ValueError, match="saturation must be at least 0, got -1"):
        color_jitter(image, saturation=-1)


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_steps_in_turn(count: int, name: str, rng: np.random.Generator) -> None:
    """On all threads, in place and not, with steps that look at whole images after one that does not."""
    from fastaug.backends.passes import Steps, for_all

    backend = backends._load(name)
    images = np.stack([make(rng)] * 3).reshape(9, 13, 37, 3)
    turn, factors = np.linspace(0, 6, 9), np.linspace(0, 2, 9)
    steps: Steps = [
        ("hue", (turn, 0.0, 255.0)),
        ("point", (4, factors, factors, 0.0, 255.0, True)),
        ("levels", (1, 0.0, 255.0)),
        ("point", (0, factors, factors, 0.0, 255.0, True)),
    ][:count]
    expected = images
    for op, values in steps:
        given, expected = expected, np.empty_like(images)
        getattr(backend, op)(given, expected, *values)
    for threads in (1, 3):
        fastaug.set_num_threads(threads)
        got = np.empty_like(images)
        for given in (images.copy(), got):
            got[:] = images
            backend.run_plan([given], [got], for_all(steps, images))
            same_bits(got, expected)
