"""Transforms of colour, tones and scales: against their peers, and what they draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import skimage.exposure
from references import same_bits
from transforming import drawn, fills, fills_whole, once, pastes_back, same_however, share

import fastaug
import fastaug.transforms as ft
from fastaug.ops.tones import rescale
from fastaug.pipeline import Compose

Array = npt.NDArray[Any]


def exactly(value: float) -> tuple[float, float]:
    """The range of one number."""
    return value, value


def by_pillow(images: Array, module: str, name: str, *arguments: Any) -> Array:
    image = pytest.importorskip("PIL.Image")
    function = getattr(pytest.importorskip(f"PIL.{module}"), name)

    def change(one: Any) -> Any:
        if module == "ImageEnhance":
            return function(one).enhance(*arguments)
        return function(one, *arguments)

    return np.stack([np.asarray(change(image.fromarray(i))) for i in images])


def within(got: Array, expected: Array, levels: int) -> None:
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    assert abs(got.astype(int) - expected).max() <= levels


@pytest.mark.parametrize("factor", [0.0, 0.4, 1.3, 2.0])
@pytest.mark.parametrize(
    ("kind", "op", "peer"),
    [
        (ft.RandomBrightness, fastaug.adjust_brightness, "Brightness"),
        (ft.RandomContrast, fastaug.adjust_contrast, "Contrast"),
        (ft.RandomSaturation, fastaug.adjust_saturation, "Color"),
    ],
)
def test_factors(kind: Any, op: Any, peer: str, factor: float, photographs: Array) -> None:
    got = once(kind(exactly(factor)), photographs)
    same_bits(got, op(photographs, factor))
    within(got, by_pillow(photographs, "ImageEnhance", peer, factor), 1)


def test_brightness_and_then_contrast(photographs: Array) -> None:
    got = once(ft.RandomBrightnessContrast(exactly(1.4), exactly(0.6)), photographs)
    one = fastaug.adjust_brightness(photographs, 1.4)
    same_bits(got, fastaug.adjust_contrast(one, 0.6))
    bright = by_pillow(photographs, "ImageEnhance", "Brightness", 1.4)
    within(got, by_pillow(bright, "ImageEnhance", "Contrast", 0.6), 2)


@pytest.mark.parametrize("turn", [-0.5, -0.1, 0.2])
def test_hue(turn: float, photographs: Array) -> None:
    tf = pytest.importorskip("tensorflow")
    got = once(ft.RandomHue(exactly(turn)), photographs)
    same_bits(got, fastaug.adjust_hue(photographs, turn))
    within(got, tf.image.adjust_hue(photographs, turn).numpy(), 1)


def test_grey(photographs: Array) -> None:
    got = once(ft.RandomGrayscale(p=1.0), photographs)
    same_bits(got, fastaug.to_grayscale(photographs))
    image = pytest.importorskip("PIL.Image")
    for i, one in enumerate(photographs):
        grey = np.asarray(image.fromarray(one).convert("L"))
        within(got[i], np.repeat(grey[..., np.newaxis], 3, axis=2), 1)


def test_jitter_does_the_four_in_the_order_that_it_drew(photographs: Array) -> None:
    ops = {
        "RandomBrightness": fastaug.adjust_brightness,
        "RandomContrast": fastaug.adjust_contrast,
        "RandomSaturation": fastaug.adjust_saturation,
        "RandomHue": fastaug.adjust_hue,
    }
    pipeline = Compose([ft.ColorJitter(0.5, 0.5, 0.5, 0.2)], seed=1)
    images = photographs[np.arange(24) % 4]
    got = pipeline(images, index=np.arange(24))
    orders = set()
    for i, record in enumerate(pipeline.parameters(np.arange(24))):
        image = images[i]
        for step in record["transforms"]:
            (value,) = (step[n] for n in step if n not in ("transform", "place"))
            image = ops[step["transform"]](image, value)
        same_bits(got[i], image)
        orders.add(tuple(step["transform"] for step in record["transforms"]))
    assert all(sorted(order) == sorted(ops) for order in orders)
    assert len(orders) > 12


def test_jitter_draws_every_order_alike() -> None:
    records = Compose([ft.ColorJitter(p=0.75)], seed=2).parameters(np.arange(4000))
    orders = ["".join(s["transform"][6] for s in r["transforms"]) for r in records]
    names, counts = np.unique([order for order in orders if order], return_counts=True)
    assert len(names) == 24
    assert abs(counts.sum() / 4000 - 0.75) < 0.03
    assert (abs(counts - counts.mean()) < 5 * np.sqrt(counts.mean())).all()
    steps = [step for record in records for step in record["transforms"]]
    fills(np.array([s["hue"] for s in steps if "hue" in s]), -0.05, 0.05)
    fills(np.array([s["contrast"] for s in steps if "contrast" in s]), 0.8, 1.2)


def test_jitter_leaves_out_what_does_nothing(photographs: Array) -> None:
    pipeline = Compose([ft.ColorJitter(0.3, 0, 0, 0), ft.GaussianNoise(3)], seed=1)
    kinds = [type(transform).__name__ for transform, _ in pipeline.leaves(-1)]
    assert kinds == ["RandomBrightness", "GaussianNoise"]
    same_bits(once(ft.ColorJitter(0, 0, 0, 0), photographs), photographs)


@pytest.mark.parametrize(
    ("transform", "name", "arguments"),
    [
        (ft.RandomInvert(p=1.0), "invert", ()),
        (ft.Posterize(3), "posterize", (3,)),
        (ft.Solarize(100 / 255), "solarize", (100,)),
        (ft.Solarize(), "solarize", (128,)),
        (ft.AutoContrast(), "autocontrast", ()),
        (ft.Equalize(), "equalize", ()),
    ],
    ids=repr,
)
def test_pillow(transform: Any, name: str, arguments: tuple[Any, ...], photographs: Array) -> None:
    got = once(transform, photographs)
    same_bits(got, by_pillow(photographs, "ImageOps", name, *arguments))
    same_bits(got, getattr(fastaug, name)(photographs, *arguments))


def test_gamma(photographs: Array) -> None:
    got = once(ft.RandomGamma(exactly(1.7)), photographs)
    same_bits(got, fastaug.adjust_gamma(photographs, 1.7))
    within(got, skimage.exposure.adjust_gamma(photographs, 1.7), 1)


@pytest.mark.parametrize("shift", [-37.0, 20.0])
def test_channel_shift(shift: float, photographs: Array) -> None:
    image = pytest.importorskip("keras.src.legacy.preprocessing.image")
    got = once(ft.ChannelShift(exactly(shift)), photographs)
    for i, one in enumerate(photographs):
        expected = image.apply_channel_shift(one.astype(np.float64), shift, channel_axis=2)
        same_bits(got[i], expected.astype(np.uint8))


def test_thresholds_are_shares_of_white(photographs: Array) -> None:
    floats = (photographs / 255).astype(np.float32)
    same_bits(once(ft.Solarize(0.3), floats), fastaug.solarize(floats, 0.3))
    wide = photographs.astype(np.float32)
    got = once(ft.Solarize(0.3), wide, value_range=(0, 200))
    same_bits(got, fastaug.solarize(wide, 60.0, value_range=(0, 200)))


def test_scales(photographs: Array) -> None:
    keras = pytest.importorskip("keras")
    tf = pytest.importorskip("tensorflow")
    for scale, offset in ((1 / 255, 0.0), (1 / 127.5, -1.0), (-2.5, 7.0)):
        got = once(ft.Rescale(scale, offset), photographs)
        same_bits(got, rescale(photographs, scale, offset))
        same_bits(got, np.asarray(keras.layers.Rescaling(scale, offset)(photographs)))
    expected = tf.image.convert_image_dtype(photographs, tf.float32).numpy()
    same_bits(once(ft.ToFloat(), photographs), expected)
    got = once(ft.Normalize(), photographs)
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    np.testing.assert_allclose(got, (photographs / 255 - mean) / std, rtol=0, atol=3e-6)
    same_bits(got, fastaug.normalize(photographs, mean, std))


def test_scales_of_albumentations(photographs: Array) -> None:
    peers = pytest.importorskip("albumentations")
    for ours, peer in ((ft.Normalize(), peers.Normalize()), (ft.ToFloat(), peers.ToFloat(255))):
        for i, got in enumerate(once(ours, photographs)):
            expected = peer(image=photographs[i])["image"]
            np.testing.assert_allclose(got, expected, rtol=2e-7, atol=3e-6)


def test_what_follows_a_new_scale_knows_black_and_white(photographs: Array) -> None:
    pipeline = Compose([ft.Rescale(1 / 127.5, -1), ft.RandomInvert(p=1.0)])
    scaled = rescale(photographs, 1 / 127.5, -1)
    same_bits(pipeline(photographs), fastaug.invert(scaled, value_range=(-1, 1)))
    floats = photographs.astype(np.float32)
    pipeline = Compose([ft.ToFloat(), ft.RandomInvert(p=1.0)], value_range=(0, 255))
    expected = fastaug.invert(fastaug.to_float(floats, value_range=(0, 255)))
    same_bits(pipeline(floats), expected)
    pipeline = Compose([ft.Rescale(1 / 255), ft.GaussianNoise(0.5)], seed=1)
    assert pipeline(photographs).max() > 1  # as after ToFloat


@pytest.mark.parametrize(
    ("transform", "name", "low", "high"),
    [
        (ft.RandomBrightness(0.3), "brightness", 0.7, 1.3),
        (ft.RandomBrightness(3), "brightness", 0, 4),
        (ft.RandomContrast((0.5, 0.9)), "contrast", 0.5, 0.9),
        (ft.RandomBrightnessContrast(0.1, 0.4), "brightness", 0.9, 1.1),
        (ft.RandomBrightnessContrast(0.1, 0.4), "contrast", 0.6, 1.4),
        (ft.RandomSaturation(0.5), "saturation", 0.5, 1.5),
        (ft.RandomHue(0.1), "hue", -0.1, 0.1),
        (ft.RandomHue((0.1, 0.3)), "hue", 0.1, 0.3),
        (ft.RandomGamma(0.2), "gamma", 0.8, 1.2),
        (ft.Solarize((0.2, 0.7)), "threshold", 0.2, 0.7),
        (ft.ChannelShift(30), "shift", -30, 30),
    ],
    ids=repr,
)
def test_ranges(transform: Any, name: str, low: float, high: float) -> None:
    fills(drawn(transform)[name], low, high)


def test_bits_are_whole() -> None:
    fills_whole(drawn(ft.Posterize((2, 6)))["bits"], 2, 6)


@pytest.mark.parametrize(
    ("transform", "p"),
    [
        (ft.RandomGrayscale(), 0.1),
        (ft.RandomInvert(), 0.5),
        (ft.Equalize(p=0.8), 0.8),
        (ft.RandomHue(0.1, p=0.3), 0.3),
        (ft.Normalize(), 1.0),
        (ft.AutoContrast(p=0.0), 0.0),
    ],
    ids=repr,
)
def test_probabilities(transform: Any, p: float) -> None:
    assert abs(share(transform) - p) <= 5 * np.sqrt(p * (1 - p) / 4000)


FAMILY = [
    ft.ColorJitter(0.3, (0.5, 1.2), 0.4, 0.1),
    ft.RandomBrightness(0.3, p=0.7),
    ft.RandomBrightnessContrast(p=0.7),
    ft.RandomContrast((0.7, 1.4)),
    ft.RandomSaturation(0.5),
    ft.RandomHue(0.2),
    ft.RandomGamma((0.7, 1.5), p=0.5),
    ft.RandomGrayscale(p=0.3),
    ft.RandomInvert(),
    ft.Posterize((3, 7), p=0.5),
    ft.Solarize((0.3, 1.0), p=0.5),
    ft.AutoContrast(p=0.5),
    ft.Equalize(p=0.3),
    ft.ChannelShift(20),
]
SCALES = [ft.Rescale(0.5, -3), ft.Normalize((0.5, 0.4, 0.3), 0.25), ft.ToFloat()]


@pytest.mark.parametrize("scale", SCALES, ids=repr)
def test_the_same_however_it_is_done(scale: Any, photographs: Array) -> None:
    same_however([*FAMILY, scale], photographs)


@pytest.mark.parametrize("transform", [*FAMILY, *SCALES, ft.Rescale(1 / 255)], ids=repr)
def test_what_is_printed(transform: Any) -> None:
    pastes_back(transform)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ft.RandomBrightness(-0.1), "brightness must be at least 0"),
        (lambda: ft.RandomContrast((1.2, 0.8)), "contrast must be a pair .* got"),
        (lambda: ft.RandomBrightnessContrast(0.1, (-1, 1)), "contrast must be at least 0"),
        (lambda: ft.RandomHue(0.6), "hue must be at (least|most)"),
        (lambda: ft.RandomHue((-0.7, 0)), "hue must be at least -0.5"),
        (lambda: ft.ColorJitter(saturation=(1, 2, 3)), "saturation must be a number or a pair"),
        (lambda: ft.ColorJitter(hue=np.inf), "hue must be finite"),
        (lambda: ft.RandomGamma((-1, 1)), "gamma must be at least 0"),
        (lambda: ft.Posterize(2.5), "bits must be whole, got 2.5"),
        (lambda: ft.Posterize(17), "bits must be at most 16, got 17"),
        (lambda: ft.Solarize(128), "threshold must be at most 1, got 128"),
        (lambda: ft.ChannelShift(-5), "shift must be at least 0"),
        (lambda: ft.Rescale(0), "scale must not be 0"),
        (lambda: ft.Rescale((1, 2)), "scale must be a finite number"),
        (lambda: ft.Rescale(1, np.nan), "offset must be a finite number"),
        (lambda: ft.Normalize(std=(1, 0, 1)), "std must be more than 0"),
        (lambda: ft.Normalize(mean=[[1]]), "mean must be a finite number, or one for each"),
        (lambda: ft.RandomGrayscale(p=1.1), "p must be at most 1, got 1.1"),
    ],
)
def test_bad_values(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ft.RandomBrightness("much"), "brightness must be a number"),
        (lambda: ft.ColorJitter(hue="red"), "hue must be a number"),
        (lambda: ft.Rescale("1"), "scale must be a number"),
        (lambda: ft.Normalize("imagenet"), "mean must be a number"),
    ],
)
def test_bad_types(make: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make()
