"""Pipelines on arrays that are as strict as CuPy's: results there, with the bits of NumPy's."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest
from emulator import Emulated
from extension import needs_extension
from pipelines import everything, photographs
from pretend_cupy import Array, asarray, install
from references import same_bits

import fastaug
import fastaug.transforms as ft

pytestmark = [
    needs_extension,
    pytest.mark.skipif(shutil.which("c++") is None, reason="the emulator needs a C++ compiler"),
]

INDEX = np.arange(8)


@pytest.fixture(autouse=True)
def card(monkeypatch: pytest.MonkeyPatch) -> Emulated:
    return install(monkeypatch)


def agree(pipeline: fastaug.Compose, *array: Any, **given: Any) -> None:
    """What is given as NumPy's arrays gives the same, in kind, as arrays on the card."""
    expected = pipeline(*array, index=INDEX, **given)
    got = pipeline(
        *map(sent, array), index=INDEX, **{name: sent(each) for name, each in given.items()}
    )
    same(got, expected)


def sent(value: Any) -> Any:
    if isinstance(value, list):
        return [sent(each) for each in value]
    return asarray(value) if isinstance(value, np.ndarray) and value.ndim > 1 else value


def same(got: Any, expected: Any) -> None:
    if isinstance(expected, dict):
        assert list(got) == list(expected)
        for name, value in expected.items():
            if name == "labels":
                np.testing.assert_array_equal(got[name], value)
            else:
                same(got[name], value)
    elif isinstance(expected, list):
        for one, other in zip(got, expected, strict=True):
            same(one, other)
    else:
        assert isinstance(got, Array), type(got)
        same_bits(got.get(), expected)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_everything(data_format: Any, card: Emulated) -> None:
    images = photographs(8, 48)
    images = np.moveaxis(images, 3, 1) if data_format == "channels_first" else images
    pipeline = everything(data_format=data_format)
    agree(pipeline, images)
    agree(pipeline, list(images))
    assert any("warp_field" in name for name in card.host.started)
    out = asarray(np.zeros((8, 32, 32, 3), np.float32))
    if data_format == "channels_first":
        out = asarray(np.zeros((8, 3, 32, 32), np.float32))
    assert pipeline(sent(list(images)), index=INDEX, out=out) is out
    same_bits(out.get(), pipeline(images, index=INDEX))


def test_lists_of_sizes() -> None:
    images = [image[: 20 + i, : 30 - i] for i, image in enumerate(photographs(8, 40))]
    agree(fastaug.Compose([ft.RandomRotation(30), ft.RandomContrast(0.3)], seed=1), images)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int16", "int64", "float32"])
def test_masks(dtype: str, rng: np.random.Generator) -> None:
    images = photographs(8, 40)
    masks = rng.integers(0, 100, (8, 40, 40)).astype(dtype)
    moves = [ft.ElasticTransform(40, 4, fill_mode="constant"), ft.RandomFlip(), ft.RandomCrop(30)]
    pipeline = fastaug.Compose(moves, seed=1, mask_fill=1)
    agree(pipeline, images=images, masks=masks)
    agree(pipeline, images=list(images), masks=list(masks))


def test_mixtures_and_functions() -> None:
    images = photographs(8, 24)
    pipeline = fastaug.Compose(
        [
            ft.RandomBrightness(0.3),
            ft.MixUp(num_classes=4, p=0.7),
            ft.Custom(lambda image: image[:, ::-1]),
            ft.CutMix(num_classes=4),
            ft.RandomRotation(20),
        ],
        seed=5,
    )
    agree(pipeline, images=images, labels=INDEX % 4)


def test_what_is_not_on_the_card_is_refused() -> None:
    images = list(photographs(2, 16))
    flips = fastaug.Compose([ft.RandomFlip()], seed=1)
    with pytest.raises(TypeError, match="images must be all on a CUDA device, or all in memory"):
        flips([asarray(images[0]), images[1]])
    with pytest.raises(TypeError, match="out must be on the images' CUDA device"):
        flips(sent(images), out=np.stack(images))
    brought_home = fastaug.Compose([ft.Custom(lambda image: image.get())], seed=1)
    with pytest.raises(TypeError, match="function must give an image where it was given one"):
        brought_home(asarray(np.stack(images)))
