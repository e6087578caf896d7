"""Gamma, posterize and their like against Pillow to the bit, scikit-image, Keras and NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import skimage.exposure
from references import same_bits

import fastaug
from fastaug.ops.tones import IMAGENET_MEAN, IMAGENET_STD

Array = npt.NDArray[Any]

pytestmark = pytest.mark.usefixtures("level")


def kinds(rng: np.random.Generator, shape: tuple[int, ...] = (13, 37, 3)) -> Array:
    """Images that a branch of Pillow's looks for."""
    few = rng.choice([7, 7, 7, 200], shape)
    return np.stack(
        [
            rng.integers(0, 256, shape),
            rng.integers(100, 160, shape),
            np.full(shape, 77),  # one level
            few,
            rng.choice([0, 255], shape),
            np.sort(rng.integers(0, 256, shape) ** 2 // 256, axis=0),
            np.minimum(rng.integers(0, 400, shape), 255),  # most of it in the last level
        ]
    ).astype(np.uint8)


def by_pillow(images: Array, name: str, *arguments: Any) -> Array:
    image = pytest.importorskip("PIL.Image")
    function = getattr(pytest.importorskip("PIL.ImageOps"), name)
    return np.stack([np.asarray(function(image.fromarray(i), *arguments)) for i in images])


@pytest.mark.parametrize("name", ["invert", "autocontrast", "equalize"])
def test_pillow(name: str, rng: np.random.Generator) -> None:
    for shape in ((13, 37, 3), (40, 50, 3), (2, 3, 3), (1, 1, 3)):
        images = kinds(rng, shape)
        same_bits(getattr(fastaug, name)(images), by_pillow(images, name))
    one = kinds(rng)[..., 0]
    same_bits(getattr(fastaug, name)(one[..., None])[..., 0], by_pillow(one, name))


def test_equalize_counts_in_more_memory_where_there_are_more_pixels(
    rng: np.random.Generator,
) -> None:
    """16 bits hold the counts of a quarter of a small image, whatever its columns."""
    for shape in ((65535, 1, 3), (65536, 1, 3), (16384, 16, 3), (65535, 3, 3)):
        images = kinds(rng, shape)
        same_bits(fastaug.equalize(images), by_pillow(images, "equalize"))


def test_pillow_with_an_amount(rng: np.random.Generator) -> None:
    images = kinds(rng)
    for bits in range(1, 9):
        same_bits(fastaug.posterize(images, bits), by_pillow(images, "posterize", bits))
    for threshold in (0, 1, 100, 128, 255, 256):
        same_bits(fastaug.solarize(images, threshold), by_pillow(images, "solarize", threshold))


def test_all_channels_alike(rng: np.random.Generator) -> None:
    images = kinds(rng, (9, 20, 5))
    ops: list[Callable[[Array], Array]] = [
        fastaug.invert,
        fastaug.autocontrast,
        fastaug.equalize,
        lambda x: fastaug.posterize(x, 3),
        lambda x: fastaug.solarize(x, 100),
        lambda x: fastaug.adjust_gamma(x, 2),
        lambda x: fastaug.add_brightness(x, 0.2),
    ]
    for op in ops:
        for channels in (2, 3, 4, 5):
            given = np.ascontiguousarray(images[..., :channels])
            alone = np.stack([op(given[..., c]) for c in range(channels)], -1)
            batch = np.stack([op(image) for image in given])
            same_bits(op(given), batch)
            if op not in (fastaug.autocontrast, fastaug.equalize):
                same_bits(op(given), alone)
            else:
                each = [op(np.ascontiguousarray(given[..., c : c + 1])) for c in range(channels)]
                same_bits(op(given), np.concatenate(each, -1))


GAMMAS = (0.0, 0.01, 0.4, 1.0, 2.2, 7.0, 100.0)


def test_gamma_of_bytes() -> None:
    """Every byte, nearest to the exact power; scikit-image cuts."""
    image = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for gamma in GAMMAS:
        for gain in (1.0, 0.5, 1.5):
            got = fastaug.adjust_gamma(image, gamma, gain)
            exact = np.clip(255 * gain * (image / 255.0) ** gamma, 0, 255)
            assert np.abs(got - exact).max() <= 0.5 + 1e-4
            theirs = skimage.exposure.adjust_gamma(image, gamma, gain)
            if gain <= 1:  # beyond white it wraps
                assert np.abs(got.astype(int) - theirs.astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("float32", 1.2e-7), ("float64", 5e-16), ("uint16", 0.51)]
)
def test_gamma(dtype: str, tolerance: float, rng: np.random.Generator) -> None:
    white = 65535 if dtype == "uint16" else 1
    images = (rng.uniform(0, 1, (3, 40, 50)) ** 3 * white).astype(dtype)
    images.flat[:6] = [0, white, 1, 0, 1, white]
    if dtype != "uint16":
        images.flat[6:10] = [1e-42, 1e-38, np.finfo(dtype).tiny, np.finfo(dtype).eps]
    for gamma in GAMMAS:
        exact = white * (images.astype(np.longdouble) / white) ** gamma
        apart = np.abs(fastaug.adjust_gamma(images, gamma) - exact).max()
        # The share of a uint16 is rounded before its power is taken.
        assert apart <= tolerance + (white > 1) * white * gamma * 2**-24


def test_gamma_of_rows_of_every_length(rng: np.random.Generator) -> None:
    """Whole groups of registers and what is left over, next to what is not to be written."""
    for width in (*range(1, 70), 127, 128, 129):
        row = rng.random((1, 1, width, 1), np.float32)
        around = np.full((1, 1, width + 2, 1), -1, np.float32)
        fastaug.adjust_gamma(row, 1.7, out=around[:, :, 1:-1])
        np.testing.assert_allclose(around[:, :, 1:-1], row.astype(float) ** 1.7, atol=2.7e-7)
        assert (around[:, :, [0, -1]] == -1).all()


def test_gamma_of_what_is_hardly_there() -> None:
    """Numbers that are not normal, and powers that become zero."""
    image = np.array([[0.0, -0.0, 1e-45, 1e-40, 1.17e-38, 1e-30, 0.5, 1.0]], np.float32)
    for gamma in (1e-3, 0.5, 1.0, 3.0, 200.0):
        exact = image.astype(np.longdouble) ** gamma
        got = fastaug.adjust_gamma(image, gamma)
        np.testing.assert_allclose(got, exact.astype(float), rtol=1e-4, atol=1e-37)


def test_gamma_confines_and_keeps_nan() -> None:
    image = np.array([[-2, 0, 1, 3, np.nan, np.inf, -np.inf]], np.float32)
    expected = np.array([[0, 0, 1, 1, np.nan, 1, 0]], np.float32)
    same_bits(fastaug.adjust_gamma(image, 0.5), expected)
    ones = np.array([[1, 1, 1, 1, np.nan, 1, 1]], np.float32)
    same_bits(fastaug.adjust_gamma(image, 0), ones)


def test_channel_shift_is_that_of_keras(rng: np.random.Generator) -> None:
    pytest.importorskip("keras")
    from keras.src.legacy.preprocessing.image import apply_channel_shift

    for images in (kinds(rng).astype(np.float32), rng.normal(0, 90, (3, 9, 23, 4))):
        for shift in (0.0, 12.25, -40.0, 1000.0):
            expected = np.stack([apply_channel_shift(i, shift, 2) for i in images])
            same_bits(fastaug.channel_shift(images, shift), expected.astype(images.dtype))
    images = kinds(rng)
    for shift in (0.0, 12.5, -40.0, 1000.0):
        low, high = (f(images, axis=(1, 2, 3), keepdims=True) for f in (np.min, np.max))
        expected = np.clip(np.rint(images + shift), low, high).astype(np.uint8)
        same_bits(fastaug.channel_shift(images, shift), expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_as_in_torchvision(dtype: str, rng: np.random.Generator) -> None:
    """Its definitions for floats in 0 to 1, written out."""
    images = rng.uniform(0.1, 0.8, (3, 9, 23, 3)).astype(dtype)
    same_bits(fastaug.invert(images), 1 - images)
    same_bits(fastaug.solarize(images, 0.5), np.where(images < 0.5, images, 1 - images))
    for bits in (0, 1, 3, 8, 16):
        levels = images.dtype.type(2**bits)
        expected = np.minimum(np.floor(images * levels), levels - 1) / levels
        same_bits(fastaug.posterize(images, bits), expected)
    low, high = (f(images, axis=(1, 2), keepdims=True) for f in (np.min, np.max))
    np.testing.assert_allclose(
        fastaug.autocontrast(images), (images - low) / (high - low), atol=2e-7
    )
    flat = np.full((4, 5, 3), 0.3, dtype)
    same_bits(fastaug.autocontrast(flat), flat)


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint16"])
def test_equalize_on_256_levels(dtype: str, rng: np.random.Generator) -> None:
    """Levels of bytes come out as those of bytes."""
    images = kinds(rng)
    scaled = images.astype(dtype) * 257 if dtype == "uint16" else images / np.dtype(dtype).type(255)
    white = 65535 if dtype == "uint16" else 1
    got = fastaug.equalize(scaled)
    assert got.dtype == scaled.dtype
    np.testing.assert_allclose(got / white * 255, fastaug.equalize(images), atol=1e-4)


def test_the_last_of_many_levels_is_not_beyond_white() -> None:
    """Pillow's table would go on past 255 here."""
    image = np.append(np.repeat(np.arange(255), 2)[:509], 255).astype(np.uint8)[None]
    same_bits(fastaug.equalize(image), by_pillow(image[None], "equalize")[0])


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("made", ["float32", "float64"])
@pytest.mark.parametrize("channels", [1, 3, 5])
def test_normalize(dtype: str, made: str, channels: int, rng: np.random.Generator) -> None:
    white = {"uint8": 255, "uint16": 65535}.get(dtype, 1)
    images = (rng.uniform(0, 1, (3, 9, 23, channels)) * white).astype(dtype)
    for mean, std in (
        (0.5, 0.25),
        (rng.uniform(0, 1, channels), rng.uniform(0.1, 1, channels)),
        (rng.uniform(0, 1, (3, channels)), rng.uniform(0.1, 1, (3, channels))),
    ):
        m, s = (
            np.asarray(v)[:, None, None] if np.ndim(v) == 2 else np.asarray(v) for v in (mean, std)
        )
        expected = (images.astype(np.float64) / white - m) / s
        got = fastaug.normalize(images, mean, std, dtype=made)
        assert got.dtype == np.dtype(made)
        np.testing.assert_allclose(got, expected, rtol=0, atol=4e-6 if made == "float32" else 1e-13)


def test_normalize_of_imagenet(rng: np.random.Generator) -> None:
    images = kinds(rng)
    got = fastaug.normalize(images, IMAGENET_MEAN, IMAGENET_STD)
    expected = (images / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-6)


def test_to_float(rng: np.random.Generator) -> None:
    images = kinds(rng)
    np.testing.assert_allclose(fastaug.to_float(images), images / 255, rtol=2e-7)
    scaled = fastaug.to_float(images.astype(np.float64), value_range=(-10, 300), dtype="float64")
    np.testing.assert_allclose(scaled, (images + 10.0) / 310, rtol=1e-14)


def test_a_value_range(rng: np.random.Generator) -> None:
    """The same picture on another scale comes out the same."""
    images = rng.uniform(0, 1, (3, 9, 23, 3))
    ops: list[Callable[..., Array]] = [
        fastaug.invert,
        fastaug.autocontrast,
        fastaug.equalize,
        lambda x, **range_: fastaug.posterize(x, 3, **range_),
        lambda x, **range_: fastaug.adjust_gamma(x, 1.7, **range_),
    ]
    for op in ops:
        scaled = op(images * 8 - 3, value_range=(-3, 5))
        np.testing.assert_allclose((scaled + 3) / 8, op(images), atol=1e-12)
    got = fastaug.invert(np.array([[0, 10, 20, 40]], np.uint8), value_range=(10, 30))
    same_bits(got, np.array([[30, 30, 20, 10]], np.uint8))


def test_normalize_into_itself(rng: np.random.Generator) -> None:
    images = rng.uniform(0, 1, (3, 9, 23, 3)).astype(np.float32)
    expected = fastaug.normalize(images, 0.5, 0.2)
    assert fastaug.normalize(images, 0.5, 0.2, out=images) is images
    same_bits(images, expected)


def test_a_range_of_no_whole_numbers_between() -> None:
    """Values beyond a narrow range of bytes end on its ends, at every level."""
    image = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for name in ("adjust_brightness", "adjust_contrast"):
        got = getattr(fastaug, name)(image, 1.0, value_range=(7, 8))
        same_bits(got, np.clip(image, 7, 8))
