"""What a pipeline keeps from one call to the next never shows in a result."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pipelines import digest

import fastaug
import fastaug.transforms as ft
from fastaug.arrays import Array
from fastaug.ops import noise
from fastaug.transforms.base import At
from fastaug.transforms.draws import Values

FIXED = {
    "normalize": ft.Normalize((0.1, 0.5, 0.9), 0.25),
    "rescale": ft.Rescale(1 / 127.5, offset=-1),
    "to float": ft.ToFloat(),
    "invert": ft.RandomInvert(p=1),
    "grayscale": ft.RandomGrayscale(p=1),
    "autocontrast": ft.AutoContrast(),
    "equalize": ft.Equalize(),
}


def images(n: int, height: int, width: int, dtype: str) -> np.ndarray:
    made = np.random.default_rng(n + height).integers(0, 256, (n, height, width, 3))
    return (made / 255).astype(dtype) if dtype == "float32" else made.astype(dtype)


KINDS = [
    (n, height, width, dtype)
    for n in (1, 3)
    for height, width in ((8, 12), (12, 8), (8, 13))
    for dtype in ("uint8", "float32")
]


@pytest.mark.parametrize("transform", FIXED.values(), ids=FIXED)
def test_images_of_any_kind_in_turn(transform: ft.Normalize) -> None:
    assert transform.is_fixed
    whites = (None, (0.0, 200.0))
    kept = [fastaug.Compose([transform], seed=1, value_range=white) for white in whites]
    for _ in range(2):
        for kind in KINDS:
            given = images(*kind)
            for pipeline, white in zip(kept, whites, strict=True):
                anew = fastaug.Compose([copy.deepcopy(transform)], seed=1, value_range=white)
                np.testing.assert_array_equal(pipeline(given), anew(given))


def test_from_many_threads() -> None:
    pipeline = fastaug.Compose(
        [
            ft.RandomFlip(),
            ft.RandomInvert(),
            ft.RandomGrayscale(),
            ft.Normalize(p=0.5),
            ft.ToFloat(),
        ],
        seed=3,
    )
    work = [(index, kind) for index in range(12) for kind in KINDS if kind[0] == 1]

    def made(each: tuple[int, tuple[int, int, int, str]]) -> str:
        index, kind = each
        return digest(pipeline(images(*kind), index=[index]))

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(made, work))
    fresh = pickle.loads(pickle.dumps(pipeline))
    assert results == [digest(fresh(images(*kind), index=[index])) for index, kind in work]


def test_goes_to_no_other_process() -> None:
    pipeline = fastaug.Compose([ft.ColorJitter(), ft.RandAugment(), *FIXED.values()], seed=3)
    before = pickle.dumps(pipeline)
    pipeline(images(2, 8, 12, "uint8"), index=[0, 1])
    assert pickle.dumps(pipeline) == before
    assert copy.deepcopy(pipeline) == pipeline == pickle.loads(before)


def test_arguments_that_change_count() -> None:
    mean = [0.0, 0.0, 0.0]
    pipeline = fastaug.Compose([ft.Normalize(mean, 1.0)], seed=3)  # type: ignore[arg-type]
    white = np.full((1, 2, 2, 3), 255, np.uint8)
    assert pipeline(white).max() == 1
    mean[:] = [1.0, 1.0, 1.0]
    assert pipeline(white).max() == 0


class Noisy(ft.Normalize, abstract=True):
    """One that inherits from what is fixed, and is not."""

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return super().apply(noise.gaussian_noise(images, 20.0, **at.noise), values, at)


def test_what_inherits_is_not_fixed() -> None:
    grey = np.full((2, 16, 16, 3), 128, np.uint8)
    first, second = fastaug.Compose([Noisy()], seed=3)(grey, index=[0, 1])
    assert (first != second).any()
    first, second = fastaug.Compose([ft.Normalize()], seed=3)(grey, index=[0, 1])
    assert (first == second).all()
