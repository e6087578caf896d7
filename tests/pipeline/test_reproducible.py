"""One sample of one epoch is one picture: in any batch, order, thread, process and backend."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from extension import needs_extension
from pipeline_worker import augment
from pipelines import digest, everything, photographs
from processes import output_of

import fastaug
import fastaug.transforms as ft

N, SIZE, EPOCH = 64, 48, 3


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return photographs(N, SIZE)


@pytest.fixture(scope="module")
def expected(images: np.ndarray) -> np.ndarray:
    return np.asarray(everything()(images, index=np.arange(N), epoch=EPOCH))


@pytest.mark.parametrize("batch", [1, 7, 64])
def test_any_batch(images: np.ndarray, expected: np.ndarray, batch: int) -> None:
    pipeline = everything()
    for first in range(0, N, batch):
        index = np.arange(first, min(first + batch, N))
        result = pipeline(images[index], index=index, epoch=EPOCH)
        np.testing.assert_array_equal(result, expected[index])


def test_one_image(images: np.ndarray, expected: np.ndarray) -> None:
    result = everything()(images[41], index=41, epoch=EPOCH)
    np.testing.assert_array_equal(result, expected[41])


def test_a_list_of_images(images: np.ndarray, expected: np.ndarray) -> None:
    result = everything()(list(images), index=np.arange(N), epoch=EPOCH)
    np.testing.assert_array_equal(result, expected)


def test_any_order(images: np.ndarray, expected: np.ndarray, rng: np.random.Generator) -> None:
    order = rng.permutation(N)
    result = everything()(images[order], index=order, epoch=EPOCH)
    np.testing.assert_array_equal(result, expected[order])


@pytest.mark.parametrize("n", [1, 2, 3, N])
def test_any_number_of_threads(images: np.ndarray, expected: np.ndarray, n: int) -> None:
    """Few images are cut into bands of rows, many are shared out."""
    fastaug.set_num_threads(3)
    result = everything()(images[:n], index=np.arange(n), epoch=EPOCH)
    np.testing.assert_array_equal(result, expected[:n])


def test_bands_of_large_images() -> None:
    large = photographs(1, 400)
    pipeline = fastaug.Compose([*everything().transforms[:6], ft.GaussianBlur(1.0)], seed=1)
    for epoch in range(6):
        fastaug.set_num_threads(1)
        alone = pipeline(large, index=[0], epoch=epoch)
        fastaug.set_num_threads(4)
        np.testing.assert_array_equal(pipeline(large, index=[0], epoch=epoch), alone)


def test_from_several_threads_at_once(images: np.ndarray, expected: np.ndarray) -> None:
    pipeline = everything()
    parts = np.array_split(np.arange(N), 8)
    with ThreadPoolExecutor(4) as pool:
        results = pool.map(lambda i: pipeline(images[i], index=i, epoch=EPOCH), parts)
        np.testing.assert_array_equal(np.concatenate(list(results)), expected)


def test_numba(images: np.ndarray, expected: np.ndarray) -> None:
    pytest.importorskip("numba")
    with fastaug.use_backend("numba"):
        result = everything()(images[:12], index=np.arange(12), epoch=EPOCH)
    np.testing.assert_array_equal(result, expected[:12])


@needs_extension
@pytest.mark.parametrize("level", fastaug.build_info()["isa_available"])
def test_every_level(images: np.ndarray, expected: np.ndarray, level: str) -> None:
    from fastaug import _native

    _native.use_level(level)
    result = everything()(images, index=np.arange(N), epoch=EPOCH)
    np.testing.assert_array_equal(result, expected)


def test_a_fresh_process(expected: np.ndarray) -> None:
    code = f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parents[1] / "support")!r})
        import numpy as np
        from pipelines import digest, everything, photographs
        print(digest(everything()(photographs({N}, {SIZE}), index=np.arange({N}), epoch={EPOCH})))
        """
    assert output_of(code) == digest(expected)


@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_workers(images: np.ndarray, expected: np.ndarray, start: str) -> None:
    parts = np.array_split(np.arange(N), 5)
    tasks = [(everything(), images[i], i, EPOCH) for i in parts]
    with ProcessPoolExecutor(2, mp_context=get_context(start)) as pool:
        results = list(pool.map(augment, tasks))
    np.testing.assert_array_equal(np.concatenate(results), expected)


def test_parameters_are_enough(images: np.ndarray, expected: np.ndarray) -> None:
    pipeline = everything()
    lines = [json.dumps(record) for record in pipeline.parameters(np.arange(N), EPOCH)]
    assert not any("\n" in line for line in lines)
    result = pipeline.apply([json.loads(line) for line in lines], images)
    np.testing.assert_array_equal(result, expected)
    alone = pipeline.apply(json.loads(lines[9]), images[9])
    np.testing.assert_array_equal(alone, expected[9])


def test_parameters_do_not_depend_on_who_asks() -> None:
    pipeline = everything()
    many = pipeline.parameters(np.arange(N), EPOCH)
    assert pipeline.parameters(17, EPOCH) == many[17]
    assert pipeline.parameters([17, 3], EPOCH) == [many[17], many[3]]


def test_seeds_epochs_and_samples_differ(images: np.ndarray) -> None:
    one = np.repeat(images[:1], 2, axis=0)
    pipeline = everything()
    results = [
        *pipeline(one, index=[0, 1]),
        pipeline(one[0], index=0, epoch=1),
        fastaug.Compose(pipeline.transforms, seed=2)(one[0], index=0),
    ]
    assert len({digest(result) for result in results}) == len(results)


def test_without_an_index_it_counts(images: np.ndarray, expected: np.ndarray) -> None:
    pipeline = everything()
    halves = [pipeline(images[:20], epoch=EPOCH)]
    again = pickle.loads(pickle.dumps(pipeline))
    assert again.count == 20
    halves.append(again(images[20:], epoch=EPOCH))
    np.testing.assert_array_equal(np.concatenate(halves), expected)
    assert pipeline.count == 20


def test_a_seed_is_drawn_once(images: np.ndarray) -> None:
    pipeline = fastaug.Compose([ft.GaussianNoise(20)])
    first = pipeline(images[:2], index=[0, 1])
    np.testing.assert_array_equal(pipeline(images[:2], index=[0, 1]), first)
    assert isinstance(pipeline.seed, int)
    other = fastaug.Compose([ft.GaussianNoise(20)])
    assert (other(images[:2], index=[0, 1]) != first).any()
