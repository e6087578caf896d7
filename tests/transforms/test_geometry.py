"""Transforms that move pixels against the peers that define them, and what they draw."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from pipelines import photographs
from scipy import ndimage

import fastaug
import fastaug.transforms as ft
from fastaug.transforms.base import Geometric

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
SIZE = 64
# Bilinear both, but the layers add up in float32 at coordinates in float32.
ONE_LEVEL = 1.0


def applied(transform: Geometric, image: np.ndarray, **options: Any) -> np.ndarray:
    return np.asarray(fastaug.Compose([transform], seed=5, **options)(image, index=0))


def drawn(transform: Geometric, n: int = 2000) -> dict[str, np.ndarray]:
    """What a transform draws, by its names."""
    records = fastaug.Compose([transform], seed=5).parameters(np.arange(n))
    steps = [step for record in records for step in record["transforms"]]
    names = [name for name in steps[0] if name not in ("transform", "place")]
    return {name: np.array([step[name] for step in steps]) for name in names}


@pytest.fixture(scope="module")
def layers() -> Any:
    return pytest.importorskip("keras").layers


KERAS: dict[str, tuple[Callable[[Any], Any], Geometric]] = {
    "rotation": (
        lambda layers: layers.RandomRotation((0.1, 0.1), fill_mode="constant"),
        ft.RandomRotation((36, 36)),
    ),
    "zoom": (
        lambda layers: layers.RandomZoom((-0.2, -0.2), fill_mode="constant"),
        ft.RandomZoom((1 / 0.8, 1 / 0.8)),
    ),
    "translation": (
        lambda layers: layers.RandomTranslation((0.11, 0.11), (0.11, 0.11), fill_mode="constant"),
        ft.RandomTranslation((0.11, 0.11)),
    ),
    "nearest": (
        lambda layers: layers.RandomRotation((0.1, 0.1), fill_mode="nearest"),
        ft.RandomRotation((36, 36), fill_mode="nearest"),
    ),
    "reflect": (
        lambda layers: layers.RandomZoom((0.4, 0.4), fill_mode="reflect"),
        ft.RandomZoom((1 / 1.4, 1 / 1.4), fill_mode="reflect"),
    ),
}


@pytest.mark.parametrize("name", KERAS)
def test_keras_layers(layers: Any, name: str) -> None:
    make, transform = KERAS[name]
    image = photographs(1, SIZE)[0].astype(np.float32)
    theirs = np.asarray(make(layers)(image[np.newaxis], training=True))[0]
    ours = applied(transform, image)
    # What is beyond the edge begins half a pixel further out there.
    both = ndimage.binary_erosion((theirs.max(axis=-1) > 0) & (ours.max(axis=-1) > 0), iterations=2)
    assert both.mean() > 0.4
    assert np.abs(theirs - ours)[both].max() <= ONE_LEVEL


def test_keras_flips_and_crops(layers: Any) -> None:
    image = photographs(1, SIZE)[0]
    crop = np.asarray(layers.CenterCrop(30, 41)(image[np.newaxis]))[0]
    np.testing.assert_array_equal(applied(ft.CenterCrop((30, 41)), image), crop)
    flipped = applied(ft.RandomFlip("horizontal_and_vertical", p=1), image)
    np.testing.assert_array_equal(flipped, image[::-1, ::-1])


@pytest.mark.parametrize("size", [(20, 90), (90, 20), (30, 31), (80, 97), (64, 64)])
def test_crop_or_pad(size: tuple[int, int]) -> None:
    tf = pytest.importorskip("tensorflow")
    image = photographs(1, SIZE)[0]
    expected = tf.image.resize_with_crop_or_pad(image, *size).numpy()
    np.testing.assert_array_equal(applied(ft.PadOrCrop(size), image), expected)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
def test_crops_that_are_stretched_are_pillows(interpolation: str) -> None:
    image = photographs(1, SIZE)[0]
    transform = ft.RandomResizedCrop((40, 50), interpolation=interpolation)
    pipeline = fastaug.Compose([transform], seed=5)
    method = getattr(Image.Resampling, interpolation.upper())
    for index in range(20):
        (step,) = pipeline.parameters(index)["transforms"]
        area = step["scale"] * SIZE * SIZE
        height = min(round((area / step["ratio"]) ** 0.5), SIZE)
        width = min(round((area * step["ratio"]) ** 0.5), SIZE)
        top, left = (int(step[name] * (SIZE - n + 1)) for name, n in (("y", height), ("x", width)))
        box = (left, top, left + width, top + height)
        expected = np.asarray(Image.fromarray(image).resize((50, 40), method, box))
        np.testing.assert_array_equal(pipeline(image, index=index), expected)


def test_resize_is_pillows() -> None:
    image = photographs(1, SIZE)[0]
    expected = np.asarray(Image.fromarray(image).resize((30, 100), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(applied(ft.Resize((100, 30)), image), expected)


def test_affine_is_what_is_seen_to_happen() -> None:
    """Against OpenCV: scaled, sheared, turned counter-clockwise and shifted, about the middle."""
    image = photographs(1, SIZE)[0]
    transform = ft.RandomAffine((20, 20), (0.1, 0.1), (1.2, 1.2), (8, 8))
    middle = (SIZE - 1) / 2
    lean = np.array([[1, np.tan(np.radians(8)), 0], [0, 1, 0], [0, 0, 1]])
    to_middle = np.array([[1, 0, -middle], [0, 1, -middle], [0, 0, 1]])
    turn = np.vstack([cv2.getRotationMatrix2D((0, 0), 20, 1.0), [0, 0, 1]])
    scale = np.diag([1.2, 1.2, 1])
    shift = np.array([[1, 0, 0.1 * SIZE + middle], [0, 1, 0.1 * SIZE + middle], [0, 0, 1]])
    forwards = shift @ turn @ lean @ scale @ to_middle
    expected = cv2.warpAffine(image, forwards[:2], (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    ours = applied(transform, image)
    inside = ndimage.binary_erosion(
        (expected > 0).any(axis=-1) & (ours > 0).any(axis=-1), iterations=2
    )
    difference = np.abs(expected.astype(int) - ours)[inside]
    assert inside.mean() > 0.5
    assert difference.mean() < 0.6  # OpenCV's weights have five bits
    assert np.quantile(difference, 0.99) <= 4


def test_perspective_moves_corners_inwards() -> None:
    image = photographs(1, SIZE)[0]
    transform = ft.RandomPerspective(0.4, p=1)
    pipeline = fastaug.Compose([transform], seed=5)
    (step,) = pipeline.parameters(0)["transforms"]
    corners = np.array([[0, 0], [SIZE - 1, 0], [SIZE - 1, SIZE - 1], [0, SIZE - 1]], np.float32)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * step["corners"] * SIZE / 2
    assert (np.abs(inwards) <= 0.4 * SIZE / 2).all()
    forwards = cv2.getPerspectiveTransform(corners, (corners + inwards).astype(np.float32))
    expected = cv2.warpPerspective(image, forwards, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    ours = pipeline(image, index=0)
    inside = ndimage.binary_erosion((expected > 0).any(axis=-1), iterations=2)
    difference = np.abs(expected.astype(int) - ours)[inside]
    assert difference.mean() < 0.6
    assert np.quantile(difference, 0.99) <= 5


def test_elastic_is_smoothed_noise() -> None:
    """SciPy smooths what `fastaug.uniform_noise` draws for this sample and place, and looks it up."""
    image = photographs(1, SIZE)[0].astype(np.float32)
    where = {"seed": 5, "index": [0], "epoch": 0, "stream": 0}
    noise = fastaug.uniform_noise(np.zeros((1, SIZE, SIZE, 2), np.float32), 30.0, **where)[0]
    moved = [ndimage.gaussian_filter(noise[..., axis], 4.0) for axis in (1, 0)]
    y, x = np.mgrid[:SIZE, :SIZE]
    at = [y + moved[0], x + moved[1]]
    expected = np.stack(
        [ndimage.map_coordinates(image[..., c], at, order=1, mode="nearest") for c in range(3)],
        axis=-1,
    )
    transform = ft.ElasticTransform(alpha=30, sigma=4.0, fill_mode="nearest")
    np.testing.assert_allclose(applied(transform, image), expected, atol=0.01)
    assert np.abs(np.array(moved)).max() > 1


@pytest.mark.parametrize(
    ("transform", "ends"),
    [
        (ft.RandomRotation(20), {"rotation": (-20, 20)}),
        (ft.RandomRotation((5, 9)), {"rotation": (5, 9)}),
        (ft.RandomZoom(0.2), {"zoom": (0.8, 1.2)}),
        (ft.RandomTranslation(0.1), {"translation_x": (-0.1, 0.1), "translation_y": (-0.1, 0.1)}),
        (ft.RandomShear(10), {"shear_x": (-10, 10), "shear_y": (-10, 10)}),
        (
            ft.RandomAffine(30, 0.1, (0.5, 2), (0, 5)),
            {
                "rotation": (-30, 30),
                "scale": (0.5, 2),
                "shear": (0, 5),
                "translation_x": (-0.1, 0.1),
            },
        ),
        (ft.ShiftScaleRotate(p=1), {"rotation": (-45, 45), "scale": (0.9, 1.1)}),
        (ft.RandomResizedCrop(8), {"scale": (0.08, 1), "x": (0, 1), "y": (0, 1)}),
        (ft.ElasticTransform((10, 20)), {"alpha": (10, 20)}),
    ],
    ids=repr,
)
def test_what_is_drawn_fills_its_range(
    transform: Geometric, ends: dict[str, tuple[float, float]]
) -> None:
    values = drawn(transform)
    for name, (low, high) in ends.items():
        assert low <= values[name].min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < values[name].max() <= high
        assert values[name].mean() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))


def test_ratios_are_as_likely_wide_as_tall() -> None:
    ratio = drawn(ft.RandomResizedCrop(8, ratio=(0.5, 2)))["ratio"]
    assert ratio.min() >= 0.5
    assert ratio.max() <= 2
    assert np.log2(ratio).mean() == pytest.approx(0, abs=0.05)


def test_flips_and_turns_are_even() -> None:
    flips = drawn(ft.RandomFlip("horizontal_and_vertical"))
    assert flips["horizontal"].mean() == pytest.approx(0.5, abs=0.05)
    assert (flips["horizontal"] & flips["vertical"]).mean() == pytest.approx(0.25, abs=0.05)
    assert not drawn(ft.RandomFlip("vertical"))["horizontal"].any()
    counts = np.bincount(drawn(ft.RandomRotate90())["k"])
    assert counts / 2000 == pytest.approx([0.25] * 4, abs=0.05)


def test_crops_come_from_everywhere() -> None:
    image = np.arange(36, dtype=np.uint8).reshape(6, 6, 1)
    pipeline = fastaug.Compose([ft.RandomCrop((4, 5))], seed=2)
    first = {int(pipeline(image, index=i)[0, 0, 0]) for i in range(200)}
    assert first == {0, 1, 6, 7, 12, 13}
    padded = fastaug.Compose([ft.RandomCrop((8, 5), fill_value=99)], seed=2)(image, index=0)
    assert (padded[0] == 99).all()
    assert (padded[-1] == 99).all()
    assert not (padded[1:-1] == 99).any()


def test_fill_values_of_channels() -> None:
    shifted = ft.RandomTranslation((0.5, 0.5), fill_value=(1, 2, 3))
    result = applied(shifted, photographs(1, SIZE)[0])
    np.testing.assert_array_equal(result[3, 3], [1, 2, 3])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ft.RandomRotation("far"), "rotation must be a number"),
        (
            lambda: ft.RandomRotation((1, 2, 3)),
            r"rotation must be a number or a pair \(low, high\)",
        ),
        (lambda: ft.RandomRotation((9, 2)), "low <= high"),
        (lambda: ft.RandomRotation(np.nan), "rotation must be finite"),
        (lambda: ft.RandomRotation(-5), "rotation must be at least 0 as a number"),
        (lambda: ft.RandomZoom(1), "zoom must be more than 0, got 1"),
        (lambda: ft.RandomZoom((0, 1)), "zoom must be more than 0"),
        (lambda: ft.RandomShear(80), "shear must be at most 44, got 80"),
        (lambda: ft.RandomFlip("sideways"), "mode must be one of horizontal"),
        (lambda: ft.RandomAffine(fill_mode="black"), "fill_mode must be one of"),
        (lambda: ft.RandomAffine(interpolation="lanczos"), "interpolation must be one of"),
        (lambda: ft.RandomPerspective(1.5), "distortion must be at most 1"),
        (lambda: ft.Resize(0), "size must be at least 1 on each side"),
        (lambda: ft.Resize((3, 4, 5)), "size must be a pair"),
        (lambda: ft.RandomResizedCrop(9, scale=(0, 1)), "scale must be more than 0"),
        (lambda: ft.RandomFlip(p=-0.1), "p must be at least 0"),
    ],
)
def test_bad_input(make: Callable[[], Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make()
