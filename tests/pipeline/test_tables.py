"""Ops of single values that follow each other are one table, with the bits of all of them."""

from __future__ import annotations

import numpy as np
import pytest
from extension import needs_extension
from pipelines import photographs

import fastaug
import fastaug.transforms as ft
from fastaug.backends.tables import merged

N = 24
SOME = [
    ft.RandomBrightness(0.4, p=0.7),
    ft.RandomGamma(0.5, p=0.5),
    ft.RandomInvert(p=0.4),
    ft.Solarize(0.6, p=0.5),
    ft.Posterize(4, p=0.5),
]


def with_alpha(images: np.ndarray) -> np.ndarray:
    return np.concatenate([images, images[..., :1]], axis=-1)


@needs_extension
@pytest.mark.parametrize("channels", [3, 4])
def test_one_table_is_all_of_them(channels: int) -> None:
    images = photographs(N, 20)
    images = with_alpha(images) if channels == 4 else images
    index = np.arange(N)
    pipeline = fastaug.Compose(SOME, seed=3)
    result = pipeline(images, index=index)
    expected = images.copy()
    for i, record in enumerate(pipeline.parameters(index)):
        for step in record["transforms"]:
            one = expected[i : i + 1]
            match step["transform"]:
                case "RandomBrightness":
                    one[:] = fastaug.adjust_brightness(one, step["brightness"])
                case "RandomGamma":
                    one[:] = fastaug.adjust_gamma(one, step["gamma"])
                case "RandomInvert":
                    one[:] = fastaug.invert(one)
                case "Solarize":
                    one[:] = fastaug.solarize(one, 255 * step["threshold"])
                case "Posterize":
                    one[:] = fastaug.posterize(one, step["bits"])
    np.testing.assert_array_equal(result, expected)


@needs_extension
@pytest.mark.parametrize(
    ("transforms", "ops"),
    [
        (SOME, ["lookup"]),
        ([ft.RandomBrightness(0.1)], ["point"]),
        ([*SOME, ft.RandomContrast(0.1), *SOME], ["lookup", "point", "lookup"]),
        ([*SOME, ft.GaussianNoise(1), ft.RandomBrightness(0.1)], ["lookup", "noise", "point"]),
    ],
)
def test_which_ops_become_one(
    monkeypatch: pytest.MonkeyPatch, transforms: list[ft.RandomInvert], ops: list[str]
) -> None:
    seen: list[str] = []

    def listening(stages, point):  # type: ignore[no-untyped-def]
        for stage in merged(stages, point):
            seen.append(stage.op)
            yield stage

    monkeypatch.setattr("fastaug.backends.native.merged", listening)
    with fastaug.use_backend("native"):
        fastaug.Compose(transforms, seed=1)(photographs(N, 8))
    assert seen == ops


@needs_extension
def test_floats_have_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    images = photographs(4, 8).astype(np.float32) / 255
    pipeline = fastaug.Compose([ft.RandomBrightness(0.4), ft.RandomInvert(p=1)], seed=3)
    (first, *_) = pipeline.parameters(np.arange(4))
    factor = first["transforms"][0]["brightness"]
    expected = fastaug.invert(fastaug.adjust_brightness(images[:1], factor))
    np.testing.assert_array_equal(pipeline(images, index=np.arange(4))[:1], expected)
