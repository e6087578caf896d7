"""Transforms that mix images and labels: by the formulas of torchvision and Keras."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats
from references import same_bits
from transforming import drawn, fills, pastes_back, share

import fastaug
import fastaug.transforms as ft
from fastaug.pipeline import Compose

Array = npt.NDArray[Any]

N = 8
INDEX = np.arange(N)
LABELS = np.array([0, 3, 1, 2, 2, 0, 1, 3])
ONE_HOT = np.eye(4, dtype=np.float32)[LABELS]


@pytest.fixture
def images(photographs: Array) -> Array:
    many = np.concatenate([photographs, photographs[:, ::-1]])
    assert len(many) == N
    return many


def steps(pipeline: Compose, name: str, n: int = N) -> Array:
    records = pipeline.parameters(np.arange(n))
    return np.array([record["transforms"][-1][name] for record in records])


def another(index: int) -> Array:
    """An image that has nothing to do with the batch."""
    rng = np.random.default_rng(index)
    result: Array = rng.integers(0, 256, (48, 56, 3)).astype(np.uint8)
    return result


def another_with_number(index: int) -> tuple[Array, int]:
    return another(index), index % 4


def another_with_shares(index: int) -> tuple[Array, list[float]]:
    return another(index), [0.25, 0.5, 0.25, 0.0]


def column(shares: Array) -> Array:
    return shares.reshape(-1, 1, 1, 1)


def test_mixup(images: Array) -> None:
    pipeline = Compose([ft.MixUp(0.8, num_classes=4)], seed=5)
    got = pipeline(images=images, labels=LABELS, index=INDEX)
    own = steps(pipeline, "share")
    # As in torchvision: the batch rolled by one, times 1 - lambda, plus the batch times lambda.
    rolled = np.roll(images.astype(float), 1, axis=0)
    exact = rolled * (1 - column(own)) + images * column(own)
    assert abs(got["images"] - exact).max() < 0.501
    same_bits(got["images"], fastaug.blend(images, np.roll(images, 1, axis=0), own))
    assert got["labels"].dtype == np.float32
    mixed = np.roll(ONE_HOT, 1, axis=0) * (1 - own[:, np.newaxis]) + ONE_HOT * own[:, np.newaxis]
    np.testing.assert_allclose(got["labels"], mixed, rtol=0, atol=1e-7)


def test_mixup_of_keras(images: Array) -> None:
    keras = pytest.importorskip("keras")
    pipeline = Compose([ft.MixUp(0.8)], seed=5)
    floats = (images / 255).astype(np.float32)
    got = pipeline(images=floats, labels=ONE_HOT, index=INDEX)
    layer = keras.layers.MixUp()
    own = steps(pipeline, "share").astype(np.float32)
    drawn_ = {"mix_weight": own, "permutation_order": INDEX - 1 + N * (INDEX == 0)}
    expected = np.asarray(layer.transform_images(floats, drawn_))
    np.testing.assert_allclose(got["images"], expected, rtol=0, atol=2e-7)
    expected = np.asarray(layer.transform_labels(ONE_HOT, drawn_))
    np.testing.assert_allclose(got["labels"], expected, rtol=0, atol=1e-7)


def test_cutmix(images: Array) -> None:
    pipeline = Compose([ft.CutMix(num_classes=4)], seed=5)
    n = 4 * N
    many, hot = np.tile(images, (4, 1, 1, 1)), np.tile(ONE_HOT, (4, 1))
    got = pipeline(images=many, labels=np.tile(LABELS, 4), index=np.arange(n))
    rows, columns = images.shape[1:3]
    own, middle = steps(pipeline, "share", n), steps(pipeline, "middle", n)
    clipped = 0
    for i in range(n):
        # As in torchvision.
        r_y, r_x = int(middle[i, 0] * rows), int(middle[i, 1] * columns)
        r = 0.5 * np.sqrt(1.0 - own[i])
        y1, y2 = max(r_y - int(r * rows), 0), min(r_y + int(r * rows), rows)
        x1, x2 = max(r_x - int(r * columns), 0), min(r_x + int(r * columns), columns)
        clipped += y1 == 0 or x1 == 0 or y2 == rows or x2 == columns
        expected = many[i].copy()
        expected[y1:y2, x1:x2] = many[i - 1][y1:y2, x1:x2]
        same_bits(got["images"][i], expected)
        lam = 1 - (x2 - x1) * (y2 - y1) / (rows * columns)
        np.testing.assert_allclose(
            got["labels"][i], lam * hot[i] + (1 - lam) * hot[i - 1], rtol=0, atol=1e-7
        )
    assert 0 < clipped < n


@pytest.mark.parametrize("kind", [ft.MixUp, ft.CutMix])
@pytest.mark.parametrize("alpha", [0.2, 1.0, 3.0])
def test_shares_are_beta_distributed(kind: Any, alpha: float) -> None:
    shares = drawn(kind(alpha))["share"]
    assert scipy.stats.kstest(shares, scipy.stats.beta(alpha, alpha).cdf).pvalue > 1e-4


def test_middles_are_anywhere() -> None:
    fills(drawn(ft.CutMix())["middle"].reshape(-1), 0, 1)


@pytest.mark.parametrize("kind", [ft.MixUp, ft.CutMix])
def test_probability(kind: Any, images: Array) -> None:
    assert abs(share(kind(p=0.3)) - 0.3) < 5 * np.sqrt(0.21 / 4000)
    pipeline = Compose([kind(num_classes=4, p=0.5)], seed=2)
    got = pipeline(images=images, labels=LABELS, index=INDEX)
    done = np.array([bool(record["transforms"]) for record in pipeline.parameters(INDEX)])
    assert 0 < done.sum() < N
    same_bits(got["images"][~done], images[~done])
    same_bits(got["labels"][~done], ONE_HOT[~done])
    none = Compose([kind(num_classes=4, p=0.0)], seed=2)(images=images, labels=LABELS)
    same_bits(none["labels"], ONE_HOT)
    same_bits(none["images"], images)


@pytest.mark.parametrize("kind", [ft.MixUp, ft.CutMix])
@pytest.mark.parametrize("partner", [another_with_number, another_with_shares])
def test_partners_by_a_function(kind: Any, partner: Any, images: Array) -> None:
    mixing = [ft.RandomFlip(), kind(partner=partner, num_classes=4, p=0.7), ft.GaussianNoise(4)]
    pipeline = Compose(mixing, seed=4)
    whole = pipeline(images=images, labels=LABELS, index=INDEX, epoch=3)
    for rows in ([0], [5, 2], [7, 6, 4, 3, 1]):
        part = pipeline(images=images[rows], labels=LABELS[rows], index=rows, epoch=3)
        same_bits(part["images"], whole["images"][rows])
        same_bits(part["labels"], whole["labels"][rows])
    one = pipeline(images=images[5], labels=LABELS[5], index=5, epoch=3)
    same_bits(one["images"], whole["images"][5])
    same_bits(one["labels"], whole["labels"][5])


def test_what_partners_are_mixed_into(images: Array) -> None:
    pipeline = Compose([ft.MixUp(2.0, another_with_number, 4)], seed=4)
    got = pipeline(images=images, labels=LABELS, index=INDEX + 20)
    records = pipeline.parameters(INDEX + 20)
    own = np.array([record["transforms"][0]["share"] for record in records])
    others = np.stack([another(i + 20) for i in INDEX])
    same_bits(got["images"], fastaug.blend(images, others, own))
    mixed = ONE_HOT * own[:, np.newaxis] + np.eye(4)[INDEX % 4] * (1 - own[:, np.newaxis])
    np.testing.assert_allclose(got["labels"], mixed, rtol=0, atol=1e-7)
    same_bits(Compose([ft.MixUp(2.0, another)], seed=4)(images, index=INDEX + 20), got["images"])


@pytest.mark.parametrize("kind", [ft.MixUp, ft.CutMix])
def test_again_from_records_and_by_numba(kind: Any, images: Array) -> None:
    parts = [ft.RandomRotation(20, p=0.5), kind(0.9, num_classes=4, p=0.6), ft.GaussianNoise(4)]
    pipeline = Compose([*parts, ft.OneOf([ft.MixUp(num_classes=4), ft.CutMix()])], seed=4)
    whole = pipeline(images=images, labels=LABELS, index=INDEX)
    records = json.loads(json.dumps(pipeline.parameters(INDEX)))
    again = pipeline.apply(records, images=images, labels=LABELS)
    same_bits(again["images"], whole["images"])
    same_bits(again["labels"], whole["labels"])
    if importlib.util.find_spec("numba"):
        with fastaug.use_backend("numba"):
            again = pipeline(images=images, labels=LABELS, index=INDEX)
        same_bits(again["images"], whole["images"])
        same_bits(again["labels"], whole["labels"])


def test_the_sample_before_is_as_it_is_at_that_place(images: Array) -> None:
    pipeline = Compose([ft.RandomFlip(p=1.0), ft.MixUp(1.0)], seed=4)
    own = np.array([r["transforms"][1]["share"] for r in pipeline.parameters(INDEX)])
    flipped = images[:, :, ::-1]
    got = pipeline(images, index=INDEX)
    same_bits(got, fastaug.blend(flipped, np.roll(flipped, 1, axis=0), own))
    alone = pipeline(images[3], index=3)
    same_bits(alone, flipped[3])


@pytest.mark.parametrize(
    ("labels", "dtype"),
    [
        (ONE_HOT, np.float32),
        (ONE_HOT.astype(np.float64), np.float64),
        (ONE_HOT.astype(np.float16), np.float32),
        (ONE_HOT.astype(np.int64), np.float32),
        (LABELS / 10, np.float64),
    ],
)
def test_kinds_of_labels(labels: Array, dtype: Any, images: Array) -> None:
    pipeline = Compose([ft.MixUp(0.8)], seed=5)
    given = labels.copy()
    got = pipeline(images=images, labels=labels, index=INDEX)["labels"]
    same_bits(labels, given)
    assert got.dtype == dtype
    own = steps(pipeline, "share").reshape(-1, *[1] * (labels.ndim - 1))
    np.testing.assert_allclose(
        got, labels * own + np.roll(labels, 1, axis=0) * (1 - own), atol=1e-3
    )


@pytest.mark.parametrize("kind", [ft.MixUp, ft.CutMix])
@pytest.mark.parametrize("partner", [None, another])
def test_channels_first(kind: Any, partner: Any, images: Array) -> None:
    last = Compose([kind(1.0, partner)], seed=4)(images, index=INDEX)
    first = Compose([kind(1.0, partner)], seed=4, data_format="channels_first")
    same_bits(first(np.moveaxis(images, 3, 1), index=INDEX), np.moveaxis(last, 3, 1))


def test_written_down() -> None:
    pastes_back(ft.MixUp(0.3, num_classes=7, p=0.5))
    pastes_back(ft.CutMix())
    pipeline = Compose([ft.MixUp(partner=np.eye)], seed=1)
    assert pipeline.to_dict()["transforms"] == [{"transform": "MixUp", "partner": "numpy:eye"}]
    assert Compose.from_dict(pipeline.to_dict()) == pipeline


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ft.MixUp(0), ValueError, "alpha must be a number of more than 0, got 0"),
        (lambda: ft.MixUp((0.1, 1)), ValueError, "alpha must be a number of more than 0"),
        (lambda: ft.CutMix(np.inf), ValueError, "alpha must be a number of more than 0"),
        (lambda: ft.CutMix("1"), TypeError, "alpha must be a number"),
        (lambda: ft.CutMix(partner=3), TypeError, "partner must be a function of an index, got 3"),
        (
            lambda: ft.CutMix(num_classes=0),
            ValueError,
            "num_classes must be a whole number above 0",
        ),
    ],
)
def test_bad_input(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("mixing", "labels", "message"),
    [
        (ft.MixUp(p=0.0), LABELS, "MixUp needs num_classes to mix labels that are whole numbers"),
        (ft.CutMix(num_classes=3), LABELS, "labels must be from 0 to 2, got 3"),
        (ft.CutMix(num_classes=4), LABELS - 1, "labels must be from 0 to 3, got -1"),
        (ft.CutMix(num_classes=5), ONE_HOT, r"labels must be of num_classes=5, got shape \(8, 4\)"),
        (ft.MixUp(), ONE_HOT[..., np.newaxis], r"labels must be numbers of shape \(N,\) or"),
        (ft.MixUp(), np.array(["a"] * N), "labels must be numbers .* got <U1"),
        (ft.MixUp(partner=another), ONE_HOT, r"partner must give \(image, label\) where there"),
        (
            ft.MixUp(partner=lambda i: (another(i), [1, 2])),
            ONE_HOT,
            r"partner must give labels of shape \(4,\), got int64 of shape \(2,\)",
        ),
        (ft.MixUp(partner=lambda i: (another(i), 4)), ONE_HOT, "labels must be from 0 to 3, got 4"),
    ],
)
def test_labels_that_do_not_fit(mixing: Any, labels: Array, message: str, images: Array) -> None:
    with pytest.raises(ValueError, match=message):
        Compose([mixing], seed=1)(images=images, labels=labels)


def test_what_cannot_be_mixed(images: Array) -> None:
    several = [images[0], images[1][:30]]
    with pytest.raises(
        ValueError, match=r"images must be of one size to be mixed, got .*30, 56, 3"
    ):
        Compose([ft.MixUp()], seed=1)(several)
    assert Compose([ft.Resize(16), ft.MixUp()], seed=1)(several).shape == (2, 16, 16, 3)
    for partner in (lambda _: images[0][:9], lambda _: images[0] / 2, lambda _: "cat"):
        with pytest.raises(
            ValueError, match=r"partner must give images as they are here, \(48, 56"
        ):
            Compose([ft.CutMix(partner=partner)], seed=1)(images)
    pipeline = Compose([ft.CutMix(p=0.0)], seed=1)
    with pytest.raises(ValueError, match="masks cannot be mixed; CutMix mixes images and"):
        pipeline(images=images, masks=images[..., 0])
    with pytest.raises(ValueError, match="boxes cannot be mixed"):
        pipeline(images=images, boxes=[np.zeros((0, 4))] * N)
    with pytest.raises(ValueError, match="keypoints cannot be mixed"):
        pipeline(images=images, keypoints=[np.zeros((0, 2))] * N)


def test_batches_of_nothing(images: Array) -> None:
    pipeline = Compose([ft.MixUp(num_classes=4), ft.CutMix()], seed=1)
    got = pipeline(images=images[:0], labels=LABELS[:0])
    assert got["images"].shape == (0, 48, 56, 3)
    assert got["labels"].shape == (0, 4)
