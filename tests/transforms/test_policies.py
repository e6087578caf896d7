"""Policies: torchvision's ops and magnitudes, done by Pillow and by our own functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from references import same_bits
from transforming import MANY, pastes_back, same_however

import fastaug
import fastaug.transforms as ft
from fastaug.pipeline import Compose
from fastaug.transforms.composition import ROOT

Array = npt.NDArray[Any]

# By torchvision's names.
NAMES = {
    "AxisShear/0": "ShearX",
    "AxisShear/1": "ShearY",
    "AxisShift/0": "TranslateX",
    "AxisShift/1": "TranslateY",
    "RandomRotation": "Rotate",
    "RandomBrightness": "Brightness",
    "RandomSaturation": "Color",
    "RandomContrast": "Contrast",
    "RandomSharpness": "Sharpness",
    "Posterize": "Posterize",
    "Solarize": "Solarize",
    "AutoContrast": "AutoContrast",
    "Equalize": "Equalize",
}
OPS = list(NAMES)
MOVES = OPS[:5]


def rand_augment(name: str, k: int, bins: int, size: tuple[int, int]) -> float:
    """The magnitude in torchvision's table for `RandAugment`."""
    height, width = size
    if name == "Posterize":
        return 8 - round(k / ((bins - 1) / 4))
    if name == "Solarize":
        return float(np.linspace(255.0, 0.0, bins)[k])
    most = {"ShearX": 0.3, "ShearY": 0.3, "Rotate": 30.0}
    most |= {"TranslateX": 150 / 331 * width, "TranslateY": 150 / 331 * height}
    return float(np.linspace(0.0, most.get(name, 0.9), bins)[k])


def trivial_augment(name: str, k: int, bins: int) -> float:
    """The magnitude in torchvision's table for `TrivialAugmentWide`."""
    if name == "Posterize":
        return 8 - round(k / ((bins - 1) / 6))
    if name == "Solarize":
        return float(np.linspace(255.0, 0.0, bins)[k])
    most = {"Rotate": 135.0, "TranslateX": 32.0, "TranslateY": 32.0}
    return float(np.linspace(0.0, most.get(name, 0.99), bins)[k])


def named(pipeline: Compose, records: Any) -> Iterator[list[tuple[str, Any]]]:
    """For each record, the ops that it has, and what they drew."""
    at = {place: leaf for leaf, place in pipeline.leaves(ROOT)}
    for record in records:
        steps = []
        for step in record["transforms"]:
            axis = getattr(at[step["place"]], "axis", None)
            name = step["transform"] if axis is None else f"{step['transform']}/{axis}"
            values = [v for n, v in step.items() if n not in ("transform", "place")]
            steps.append((name, values[0] if values else None))
        yield steps


def by_pillow(image: Array, op: str, value: Any) -> Array:
    pillow = pytest.importorskip("PIL.Image")
    ops, enhance = pytest.importorskip("PIL.ImageOps"), pytest.importorskip("PIL.ImageEnhance")
    name, one = NAMES[op], pillow.fromarray(image)
    if name in ("Brightness", "Color", "Contrast", "Sharpness"):
        return np.asarray(getattr(enhance, name)(one).enhance(value))
    if name in ("AutoContrast", "Equalize"):
        return np.asarray(getattr(ops, name.lower())(one))
    if name == "Posterize":
        return np.asarray(ops.posterize(one, value))
    if name == "Solarize":
        return np.asarray(ops.solarize(one, 255 * value))
    if name == "Rotate":
        return np.asarray(one.rotate(value))
    maps = {
        "ShearX": (1, value, 0, 0, 1, 0),
        "ShearY": (1, 0, 0, value, 1, 0),
        "TranslateX": (1, 0, -value, 0, 1, 0),
        "TranslateY": (1, 0, 0, 0, 1, -value),
    }
    return np.asarray(one.transform(one.size, pillow.Transform.AFFINE, maps[name]))


def by_fastaug(image: Array, op: str, value: Any) -> Array:
    height, width = image.shape[:2]
    name = NAMES[op]
    if op not in MOVES:
        functions = {"Color": "adjust_saturation", "Sharpness": "sharpen"}
        functions |= {"Brightness": "adjust_brightness", "Contrast": "adjust_contrast"}
        function = getattr(fastaug, functions.get(name, name.lower()))
        if value is None:
            return function(image)
        return function(image, 255 * value if name == "Solarize" else value)
    return nearest(image, matrix(op, value, height, width))


def nearest(image: Array, whole: Array) -> Array:
    options: Any = dict(interpolation="nearest", fill_mode="grid-constant")
    return fastaug.warp_affine(image, whole[:2], **options)


def matrix(op: str, value: float, height: int, width: int) -> Array:
    whole = np.eye(3)
    name = NAMES[op]
    if name == "Rotate":
        whole[:2] = fastaug.affine_matrix(rotation=value, size=(height, width))
    elif name == "TranslateX":
        whole[0, 2] = -int(value * width)
    elif name == "TranslateY":
        whole[1, 2] = -int(value * height)
    elif name == "ShearX":
        whole[0, 1:] = value, value / 2
    else:
        whole[1, 0], whole[1, 2] = value, value / 2
    return whole


@pytest.mark.parametrize("magnitude", [3, 9, 30])
def test_one_op_of_rand_augment_by_pillow(magnitude: int, photographs: Array) -> None:
    pipeline = Compose([ft.RandAugment(1, magnitude)], seed=1)
    index = np.arange(240)
    images = photographs[index % 4]
    results = pipeline(images, index=index)
    height, width = images.shape[1:3]
    met = set()
    for steps, image, got in zip(
        named(pipeline, pipeline.parameters(index)), images, results, strict=True
    ):
        if not steps:
            same_bits(got, image)
            continue
        ((op, value),) = steps
        met.add((op, value))
        if NAMES[op].startswith("Translate"):
            value = int(value * (width if op.endswith("0") else height))
        expected = by_pillow(image, op, value)
        off = abs(got.astype(int) - expected)
        if op in MOVES:  # where a pixel's centre falls on an edge between two
            assert (off > 0).any(axis=2).mean() < 0.005, op
        else:
            assert off.max() <= 1, op
    assert {op for op, _ in met} == set(OPS)
    signed = OPS[: OPS.index("Posterize")]
    assert len(met) == 2 * len(signed) + 4


@pytest.mark.parametrize(("magnitude", "bins"), [(9, 31), (0, 31), (30, 31), (5, 11), (1, 2)])
def test_magnitudes_of_rand_augment(magnitude: int, bins: int) -> None:
    pipeline = Compose([ft.RandAugment(2, magnitude, num_magnitude_bins=bins)], seed=1)
    size = (200, 300)
    signs = []
    for steps in named(pipeline, pipeline.parameters(np.arange(300))):
        for op, value in steps:
            if value is None:
                continue
            name = NAMES[op]
            strength = rand_augment(name, magnitude, bins, size)
            value *= {"TranslateX": 300, "TranslateY": 200, "Solarize": 255}.get(name, 1)
            if name in ("Posterize", "Solarize"):
                assert value == pytest.approx(strength, abs=1e-9)
                continue
            signed = value if op in MOVES else value - 1
            assert abs(signed) == pytest.approx(strength, abs=1e-9)
            signs.append(signed > 0)
    if magnitude:
        assert abs(np.mean(signs) - 0.5) < 5 * 0.5 / np.sqrt(len(signs))


def test_bits_round_as_in_torchvision() -> None:
    for bins in range(2, 33):
        for k in range(bins):
            pipeline = Compose([ft.RandAugment(1, k, num_magnitude_bins=bins)], seed=1)
            (op,) = (op for op in pipeline.transforms[0]._ops if op.name == "bits")
            got = op.values(np.array([k / (bins - 1)]), np.ones(1))["bits"]
            assert got == rand_augment("Posterize", k, bins, (1, 1))


@pytest.mark.parametrize("width", [28, 331, 662, 400])
def test_shifts_are_whole_pixels(width: int) -> None:
    images = np.zeros((60, 1, width, 1), np.uint8)
    images[:, :, width // 2] = 1
    seen = 0
    for k in range(31):
        pipeline = Compose([ft.RandAugment(1, k)], seed=1)
        index = np.arange(60)
        results = pipeline(images, index=index)
        for steps, got in zip(named(pipeline, pipeline.parameters(index)), results, strict=True):
            if steps and steps[0][0] == "AxisShift/0":
                sign = np.sign(steps[0][1])
                assert got[0].argmax() - width // 2 == sign * (
                    Fraction(150 * k * width, 331 * 30) // 1
                )
                seen += 1
    assert seen > 60


def test_trivial_augment_draws_every_op_and_magnitude_alike() -> None:
    pipeline = Compose([ft.TrivialAugment()], seed=1)
    counts: dict[str, list[float]] = {}
    none = 0
    for steps in named(pipeline, pipeline.parameters(np.arange(MANY))):
        if not steps:
            none += 1
            continue
        ((op, value),) = steps
        counts.setdefault(op, []).append(value)
    assert set(counts) == set(OPS)
    expected = MANY / 14
    for number in (none, *map(len, counts.values())):
        assert abs(number - expected) < 5 * np.sqrt(expected)
    for op, values in counts.items():
        if values[0] is None:
            continue
        scale = 255 if op == "Solarize" else 1
        table = {trivial_augment(NAMES[op], k, 31) for k in range(31)}
        if op not in ("Posterize", "Solarize"):
            start = 0 if op in MOVES else 1
            table = {start + sign * strength for strength in table for sign in (-1, 1)}
        got = np.unique(np.round(np.array(values) * scale, 9))
        assert set(got) <= set(np.round(sorted(table), 9))
        assert len(got) > 0.9 * len(table)


def test_rand_augment_draws_each_op_alike() -> None:
    pipeline = Compose([ft.RandAugment(3)], seed=2)
    steps = list(named(pipeline, pipeline.parameters(np.arange(2000))))
    expected = 6000 / 14
    names, counts = np.unique([op for each in steps for op, _ in each], return_counts=True)
    assert set(names) == set(OPS)
    assert (abs(counts - expected) < 5 * np.sqrt(expected)).all()
    # As likely with itself as with any other.
    twice = sum(len(each) == 3 and len({op for op, _ in each}) == 1 for each in steps)
    assert abs(twice - 2000 * 13 / 14**3) < 5 * np.sqrt(2000 * 13 / 14**3)


def test_ops_are_done_one_after_the_other(photographs: Array) -> None:
    pipeline = Compose([ft.RandAugment(3, 12)], seed=1, fuse=False)
    index = np.arange(60)
    images = photographs[index % 4]
    results = pipeline(images, index=index)
    records = pipeline.parameters(index)
    for steps, image, got in zip(named(pipeline, records), images, results, strict=True):
        for op, value in steps:
            image = by_fastaug(image, op, value)
        same_bits(got, image)


def test_moves_in_a_row_are_one_resample(photographs: Array) -> None:
    pipeline = Compose([ft.RandAugment(2, 12)], seed=1)
    index = np.arange(60)
    images = photographs[index % 4]
    height, width = images.shape[1:3]
    results = pipeline(images, index=index)
    records = pipeline.parameters(index)
    fused = 0
    for steps, image, got in zip(named(pipeline, records), images, results, strict=True):
        if [op in MOVES for op, _ in steps] != [True, True]:
            continue
        fused += 1
        first, second = (matrix(op, value, height, width) for op, value in steps)
        off = (got != nearest(image, first @ second)).any(axis=2)
        assert off.mean() < 0.005
    assert fused > 3


def test_shifts_of_trivial_augment_are_pixels() -> None:
    images = np.zeros((400, 5, 100, 1), np.uint8)
    images[:, :, 50] = 255
    pipeline = Compose([ft.TrivialAugment()], seed=1)
    index = np.arange(400)
    results = pipeline(images, index=index)
    records = pipeline.parameters(index)
    seen = 0
    for steps, got in zip(named(pipeline, records), results, strict=True):
        for op, value in steps:
            if op == "AxisShift/0":
                assert got[0].argmax() == 50 + int(value)
                seen += 1
    assert seen > 10


def test_how_pixels_are_read(photographs: Array) -> None:
    plain = Compose([ft.RandAugment(1, 30, fill_value=200)], seed=1)
    smooth = Compose([ft.RandAugment(1, 30, interpolation="bilinear", fill_mode="reflect")], seed=1)
    index = np.arange(40)
    images = photographs[index % 4]
    filled, reflected = plain(images, index=index), smooth(images, index=index)
    steps = list(named(plain, plain.parameters(index)))
    shifts = [i for i in index if steps[i] and steps[i][0][0] == "AxisShift/0"]
    assert shifts
    for i in shifts:
        value = steps[i][0][1]
        edge = 0 if value > 0 else -1
        assert (filled[i][:, edge] == 200).all()
        assert not (reflected[i][:, edge] == 200).all()
        whole = matrix("AxisShift/0", value, *images.shape[1:3])[:2]
        expected = fastaug.warp_affine(images[i], whole, fill_mode="reflect")
        same_bits(reflected[i], expected)


@pytest.mark.parametrize("policy", [ft.RandAugment(p=0.25), ft.TrivialAugment(p=0.25)], ids=repr)
def test_probability(policy: Any) -> None:
    records = Compose([policy], seed=3).parameters(np.arange(MANY))
    done = sum(bool(record["transforms"]) for record in records) / MANY
    none = (1 / 14) ** policy.turns()
    assert abs(done - 0.25 * (1 - none)) < 5 * np.sqrt(0.19 / MANY)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_same_however_it_is_done(dtype: Any, photographs: Array) -> None:
    images = photographs[np.arange(24) % 4].astype(dtype)
    policies = [ft.RandAugment(2, 15), ft.TrivialAugment(interpolation="bilinear")]
    if dtype == np.uint8:
        same_however(policies, images)
    else:
        same_however([*policies, ft.GaussianNoise(0.1)], images / np.float32(255))


def test_images_of_different_sizes(photographs: Array) -> None:
    images = [photographs[i % 4][: 20 + i, : 50 - i] for i in range(24)]
    pipeline = Compose([ft.RandAugment(2, 15), ft.TrivialAugment()], seed=3)
    for i, result in enumerate(pipeline(images, index=np.arange(24))):
        same_bits(result, pipeline(images[i], index=i))


def test_masks_move_along(photographs: Array) -> None:
    pipeline = Compose([ft.RandAugment(2, 20), ft.TrivialAugment()], seed=1)
    index = np.arange(80)
    images = photographs[index % 4]
    got = pipeline(images=images, masks=images, index=index)
    records = pipeline.parameters(index)
    alike = [all(op in MOVES for op, _ in steps) for steps in named(pipeline, records)]
    assert sum(alike) > 3
    same_bits(got["masks"][alike], got["images"][alike])


def test_written_down() -> None:
    for policy in (
        ft.RandAugment(3, 4, fill_value=(1, 2, 3)),
        ft.TrivialAugment(),
        ft.RandAugment(),
    ):
        pastes_back(policy)
        pipeline = Compose([ft.RandomFlip(), policy, ft.Normalize()], seed=1)
        again = Compose.from_dict(json.loads(json.dumps(pipeline.to_dict())))
        assert again == pipeline
        assert again.parameters(5) == pipeline.parameters(5)
    plan = Compose([ft.RandAugment(1)]).plan((20, 30, 3))
    kinds = [each.kind for each in plan.passes]
    assert kinds == ["resample", "pointwise", "neighbourhood", "pointwise"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ft.RandAugment(-1), ValueError, "num_ops must be from 0 to 100, got -1"),
        (lambda: ft.RandAugment(1.5), TypeError, "num_ops must be a whole number, got 1.5"),
        (lambda: ft.RandAugment(2, 31), ValueError, "magnitude must be from 0 to 30, got 31"),
        (lambda: ft.RandAugment(2, (1, 2)), TypeError, "magnitude must be a whole number"),
        (
            lambda: ft.TrivialAugment(num_magnitude_bins=1),
            ValueError,
            "num_magnitude_bins must be from",
        ),
        (
            lambda: ft.TrivialAugment(interpolation="best"),
            ValueError,
            "interpolation must be one of",
        ),
        (lambda: ft.RandAugment(fill_mode="black"), ValueError, "fill_mode must be one of"),
    ],
)
def test_bad_input(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
