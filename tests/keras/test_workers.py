"""`sampling="counter"`: a sample of an epoch is one picture, whoever makes it, when and with what.

Workers are Keras' own: the adapter that `model.fit` puts around a `PyDataset`.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import run_python

import fastaug
from fastaug.keras import ImageDataGenerator

X = np.random.default_rng(1).integers(0, 256, (23, 8, 7, 3), dtype=np.uint8)
Y = np.arange(23)
ARGUMENTS: dict[str, Any] = dict(
    rotation_range=40,
    width_shift_range=0.2,
    height_shift_range=[1, 2],
    zoom_range=0.3,
    brightness_range=(0.5, 1.5),
    channel_shift_range=30.0,
    horizontal_flip=True,
    rescale=1 / 255,
    gaussian_noise_range=9.0,
)


def flow(
    generator: ImageDataGenerator | None = None,
    *,
    batch_size: int = 4,
    shuffle: bool = True,
    seed: int | None = 5,
    **more: Any,
) -> Any:
    generator = generator or ImageDataGenerator(**ARGUMENTS)
    return generator.flow(X, Y, batch_size, shuffle, seed=seed, sampling="counter", **more)


def epochs_by_index(iterator: Any, count: int = 2) -> list[Any]:
    made = []
    for _ in range(count):
        iterator.on_epoch_begin()
        made.append([iterator[i] for i in range(len(iterator))])
        iterator.on_epoch_end()
    return made


def flow_as_keras(shuffle: bool) -> Any:
    """With Keras' sampling; a function that draws as well, and a list that takes any number of draws."""
    generator = ImageDataGenerator(**ARGUMENTS, preprocessing_function=with_noise)
    return generator.flow(X, Y, 4, shuffle, seed=5)


def with_noise(image: np.ndarray) -> np.ndarray:
    return image + np.random.rand()


def rounds_of_next(iterator: Any, count: int = 2) -> list[Any]:
    return [[next(iterator) for _ in range(len(iterator))] for _ in range(count)]


def epochs_through_keras(iterator: Any, count: int = 2) -> list[Any]:
    from keras.src.trainers.data_adapters.py_dataset_adapter import PyDatasetAdapter

    adapter = PyDatasetAdapter(iterator)
    made = []
    for _ in range(count):
        adapter.on_epoch_begin()
        made.append([tuple(np.asarray(a) for a in b) for b in adapter.get_numpy_iterator()])
        adapter.on_epoch_end()
    return made


def same_epochs(expected: list[Any], got: list[Any]) -> None:
    assert [len(epoch) for epoch in expected] == [len(epoch) for epoch in got]
    for a, b in zip(expected, got, strict=True):
        for (images, labels), (images_, labels_) in zip(a, b, strict=True):
            np.testing.assert_array_equal(labels, labels_)
            np.testing.assert_array_equal(images, images_, strict=True)


def pictures(epoch: list[Any]) -> dict[int, np.ndarray]:
    """Each sample's picture, by its label, which is its number."""
    images = [image for images, _ in epoch for image in images]
    labels = [int(label) for _, labels in epoch for label in labels]
    assert len(set(labels)) == len(labels), "a sample came twice"
    return dict(zip(labels, images, strict=True))


def same_pictures(expected: dict[int, np.ndarray], got: dict[int, np.ndarray]) -> None:
    assert expected.keys() == got.keys()
    for number, picture in expected.items():
        np.testing.assert_array_equal(picture, got[number], strict=True)


@pytest.mark.parametrize("workers", [0, 1, 2, 4])
def test_threads_in_order(workers: int) -> None:
    expected = epochs_by_index(flow(), 3)
    iterator = flow()
    iterator.workers = workers
    same_epochs(expected, epochs_through_keras(iterator, 3))
    assert iterator.epoch == 3


SCRIPT = """
import multiprocessing, sys

if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    sys.path.insert(0, {folder!r})
    import test_workers as here

    expected = here.epochs_by_index(here.flow())
    for workers in {workers}:
        iterator = here.flow()
        iterator.workers, iterator.use_multiprocessing = workers, True
        here.same_epochs(expected, here.epochs_through_keras(iterator))
        for shuffle in (True, False):
            iterator = here.flow_as_keras(shuffle)
            iterator.workers, iterator.use_multiprocessing = workers, True
            iterator[0], iterator[1]  # so does `fit`, to see what batches look like
            iterator.on_epoch_end()
            got = here.epochs_through_keras(iterator)
            here.same_epochs(here.rounds_of_next(here.flow_as_keras(shuffle)), got)
    print("the same")
"""


def check_processes(method: str, workers: tuple[int, ...], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    folder = str(Path(__file__).parent)
    script.write_text(SCRIPT.format(folder=folder, workers=workers, method=method))
    support = str(Path(__file__).parents[1] / "support")
    path = os.pathsep.join(filter(None, [support, os.environ.get("PYTHONPATH")]))
    done = run_python(script, timeout=240, PYTHONPATH=path)
    assert done.stdout.strip().endswith("the same")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_forked_processes_in_order(tmp_path: Path) -> None:
    check_processes("fork", (1, 2, 4), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_started_processes_in_order(method: str, tmp_path: Path) -> None:
    check_processes(method, (2,), tmp_path)


def test_epochs_differ_and_come_again() -> None:
    first, second = epochs_by_index(flow(shuffle=False))
    for (images, labels), (images_, labels_) in zip(first, second, strict=True):
        np.testing.assert_array_equal(labels, labels_)
        for a, b in zip(images, images_, strict=True):
            assert not np.array_equal(a, b)
    shuffled = [np.concatenate([y for _, y in epoch]) for epoch in epochs_by_index(flow(), 4)]
    assert len({tuple(order) for order in shuffled}) == 4
    iterator = flow(shuffle=False)
    iterator.set_epoch(1)
    assert iterator.epoch == 1
    same_epochs([second], epochs_by_index(iterator, 1))
    iterator.set_epoch(0)
    same_epochs([first], epochs_by_index(iterator, 1))


def test_saved_files_are_named_by_sample_and_epoch(tmp_path: Path) -> None:
    before = np.random.get_state()
    iterator = flow(batch_size=23, save_to_dir=tmp_path, save_prefix="a")
    epochs_by_index(iterator)
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {f"a_{i}_{epoch}.png" for i in range(23) for epoch in range(2)}
    assert np.array_equal(before[1], np.random.get_state()[1])
    assert before[2] == np.random.get_state()[2]


@pytest.mark.parametrize("shuffle", [True, False])
def test_walks_are_the_same(shuffle: bool) -> None:
    """By `next`, by index, out of order, again, and after a jump to the epoch."""
    expected = epochs_by_index(flow(shuffle=shuffle), 3)
    iterator = flow(shuffle=shuffle)
    walked = [[next(iterator) for _ in range(len(iterator))] for _ in range(3)]
    same_epochs(expected, walked)
    iterator = flow(shuffle=shuffle)
    iterator.set_epoch(2)
    for i in (5, 0, 3, 3, 5):
        same_epochs([[expected[2][i]]], [[iterator[i]]])
    same_epochs([expected[2][:1]], [[next(iterator)]])


def test_an_epoch_of_next_may_be_ended_by_hand() -> None:
    expected = epochs_by_index(flow(), 3)
    iterator = flow()
    walked = []
    for epoch in range(3):
        assert iterator.epoch == epoch
        walked.append([next(iterator) for _ in range(len(iterator))])
        iterator.on_epoch_end()
    assert iterator.epoch == 3
    same_epochs(expected, walked)
    next(iterator)
    iterator.on_epoch_end()  # in the middle of a round
    assert iterator.epoch == 3


def test_a_thread_draws_for_the_epoch_that_it_was_given_samples_of() -> None:
    """Also if another thread goes on to the next one meanwhile."""
    expected = [epoch[0] for epoch in epochs_by_index(flow(batch_size=23))]
    iterator = flow(batch_size=23)
    begun, done = threading.Event(), threading.Event()
    make = iterator._get_batches_of_transformed_samples

    def wait_and_make(index: Any) -> Any:
        if threading.current_thread() is thread:
            begun.set()
            done.wait(30)
        return make(index)

    iterator._get_batches_of_transformed_samples = wait_and_make
    made: list[Any] = []
    thread = threading.Thread(target=lambda: made.append(next(iterator)))
    thread.start()
    begun.wait(30)
    made.append(next(iterator))
    done.set()
    thread.join()
    same_epochs([expected], [made[::-1]])


def test_a_batch_does_not_depend_on_how_often_one_asks() -> None:
    """Keras takes two batches before the first epoch, to see what they look like."""
    iterator = flow()
    expected = epochs_by_index(flow(), 1)
    for _ in range(3):
        _ = iterator[0], iterator[1]
    same_epochs(expected, epochs_by_index(iterator, 1))


def test_batch_size_and_order_change_no_picture() -> None:
    expected = [pictures(epoch) for epoch in epochs_by_index(flow(shuffle=False))]
    assert set(expected[0]) == set(range(23))
    for batch_size, shuffle in [(1, False), (7, True), (23, True), (64, False)]:
        made = epochs_by_index(flow(batch_size=batch_size, shuffle=shuffle))
        for a, b in zip(expected, made, strict=True):
            same_pictures(a, pictures(b))


@pytest.mark.parametrize("value", [np.float32(0.2), np.float64(0.2), -3, np.int64(-3), 1.5])
@pytest.mark.parametrize("sampling", ["keras", "counter"])
def test_shifts_drawn_evenly(value: Any, sampling: Any) -> None:
    """Whatever `np.random.choice` refuses, as Keras has it."""
    generator = ImageDataGenerator(width_shift_range=value, sampling=sampling)
    if sampling == "counter":
        drawn = [p["ty"] for p in generator.flow(X, seed=5).parameters(range(23))]
    else:
        drawn = [generator.get_random_transform((8, 7, 3))["ty"] for _ in range(23)]
    reach = abs(float(value)) * (7 if value < 1 else 1)
    assert reach / 2 < np.max(np.abs(drawn)) <= reach
    assert len(set(drawn)) == 23


def test_seeds_make_other_pictures() -> None:
    a, b = (pictures(epochs_by_index(flow(seed=seed), 1)[0]) for seed in (5, 6))
    assert not any(np.array_equal(a[i], b[i]) for i in range(23))


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 23, 30])
def test_shards_share_out_an_epoch(count: int, shuffle: bool) -> None:
    """Each sample is in one shard, as the picture that it is without shards."""
    whole = [pictures(epoch) for epoch in epochs_by_index(flow(shuffle=shuffle))]
    shards = [flow(shuffle=shuffle, shard=(i, count)) for i in range(count)]
    made = [epochs_by_index(shard) for shard in shards]
    for epoch, expected in enumerate(whole):
        parts = [pictures(shard[epoch]) for shard in made]
        sizes = [len(part) for part in parts]
        assert sum(sizes) == 23
        assert max(sizes) - min(sizes) <= 1
        same_pictures(expected, {k: v for part in parts for k, v in part.items()})


def test_a_shuffled_shard_sees_other_samples_every_epoch() -> None:
    made = epochs_by_index(flow(shard=(0, 3)), 3)
    assert len({frozenset(pictures(epoch)) for epoch in made}) == 3


@pytest.mark.parametrize("shard", [(2, 2), (-1, 2), (0, 0), (0, -1), (0, 1, 2), (0.5, 2), 3, "ab"])
def test_shards_that_are_none(shard: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="shard"):
        flow(shard=shard)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "5", np.int64(-1)])
def test_seeds_and_epochs_that_are_none(seed: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="`seed` must be"):
        flow(seed=seed)
    iterator = flow(seed=np.uint64(2**64 - 1))
    with pytest.raises((TypeError, ValueError), match="`epoch` must be"):
        iterator.set_epoch(seed)
    assert (iterator.seed, iterator.epoch) == (2**64 - 1, 0)


def test_an_unknown_sampling_is_refused() -> None:
    with pytest.raises(ValueError, match="sampling"):
        ImageDataGenerator().flow(X, sampling="counters")


def test_keras_sampling_is_the_default() -> None:
    a = ImageDataGenerator(**ARGUMENTS).flow(X, Y, 4, seed=5)
    b = ImageDataGenerator(**ARGUMENTS).flow(X, Y, 4, seed=5, sampling="keras")
    same_epochs(epochs_by_index(a), epochs_by_index(b))
    assert not np.array_equal(a[0][0], flow()[0][0])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("seed", [None, 5])
def test_a_whole_training_in_a_process_is_keras_own(seed: int | None, keras_generator: Any) -> None:
    """Only a copy of an iterator of another process is a worker's."""

    def walk(cls: Any, results: Any) -> None:
        np.random.seed(3)
        iterator = cls(rotation_range=40, channel_shift_range=9.0).flow(X, None, 8, seed=seed)
        results.put([iterator[i] for i in (0, 0, 2, 1)])

    context = multiprocessing.get_context("fork")
    made = []
    for cls in (keras_generator, ImageDataGenerator):
        results = context.Queue()
        child = context.Process(target=walk, args=(cls, results))
        child.start()
        try:
            made.append(results.get(timeout=30))
        finally:
            child.kill()
            child.join()
    for theirs, ours in zip(*made, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=0.01)


@pytest.mark.parametrize("workers", [0, 2])
def test_the_global_generator_is_left_alone(workers: int) -> None:
    np.random.seed(3)
    before = np.random.get_state()
    iterator = flow()
    iterator.workers = workers
    epochs_through_keras(iterator)
    next(iterator)
    iterator.set_epoch(9)
    iterator.reset()
    for a, b in zip(before, np.random.get_state(), strict=True):
        np.testing.assert_array_equal(a, b)
    # Nor does it decide anything.
    expected = epochs_by_index(flow(), 1)
    np.random.seed(4)
    same_epochs(expected, epochs_by_index(flow(), 1))


def test_the_number_of_threads_changes_nothing() -> None:
    fastaug.set_num_threads(1)
    expected = epochs_by_index(flow())
    fastaug.set_num_threads(4)
    same_epochs(expected, epochs_by_index(flow()))


def test_a_generator_is_one_image_at_a_time_or_many() -> None:
    """A function of the user's makes batches go image by image; the draws are the same."""
    plain = flow(ImageDataGenerator(**ARGUMENTS | {"rescale": None}))
    stepwise = flow(
        ImageDataGenerator(**ARGUMENTS | {"rescale": None}, preprocessing_function=np.positive)
    )
    same_epochs(epochs_by_index(plain), epochs_by_index(stepwise))


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickled_iterators_go_on_where_they_were(protocol: int) -> None:
    iterator = flow(shard=(1, 2))
    next(iterator)
    iterator.set_epoch(3)
    next(iterator)
    copy = pickle.loads(pickle.dumps(iterator, protocol))
    assert (copy.epoch, copy.batch_index, copy.seed, copy.n) == (
        iterator.epoch,
        iterator.batch_index,
        iterator.seed,
        iterator.n,
    )
    same_epochs([[next(iterator), next(iterator)]], [[next(copy), next(copy)]])
    same_epochs(epochs_by_index(iterator), epochs_by_index(copy))


def test_pickled_iterators_of_keras_sampling() -> None:
    """With a seed they go on as the one they were made from; workers' settings come along."""
    iterator = ImageDataGenerator(**ARGUMENTS).flow(X, Y, 4, seed=5)
    iterator.workers, iterator.use_multiprocessing, iterator.max_queue_size = 3, True, 7
    next(iterator), next(iterator)
    copy = pickle.loads(pickle.dumps(iterator))
    assert (copy.workers, copy.use_multiprocessing, copy.max_queue_size) == (3, True, 7)
    assert copy.total_batches_seen == 2
    same_epochs(
        [[next(iterator) for _ in range(9)]],
        [[next(copy) for _ in range(9)]],
    )
    same_epochs([[iterator[1]]], [[copy[1]]])


def test_pickled_generators() -> None:
    generator = ImageDataGenerator(
        **ARGUMENTS, featurewise_std_normalization=True, featurewise_center=True
    )
    generator.fit(X)
    copy = pickle.loads(pickle.dumps(generator))
    np.testing.assert_array_equal(generator.mean, copy.mean)
    same_epochs(epochs_by_index(flow(generator)), epochs_by_index(flow(copy)))


def test_a_pickle_does_not_hold_what_can_be_made_again() -> None:
    """Buffers and the like would travel to every worker in every epoch."""
    iterator = flow()
    small = len(pickle.dumps(iterator))
    epochs_by_index(iterator)
    assert len(pickle.dumps(iterator)) < small + 2000
    assert small < 1.2 * iterator.x.nbytes + 20_000


def test_folders(tmp_path: Path) -> None:
    from PIL import Image

    for i, image in enumerate(X[:9]):
        (tmp_path / "ab"[i % 2]).mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / "ab"[i % 2] / f"{i}.png")

    def files(batch_size: int, shuffle: bool, **more: Any) -> Any:
        return ImageDataGenerator(**ARGUMENTS).flow_from_directory(
            tmp_path,
            target_size=(9, 6),
            class_mode="sparse",
            batch_size=batch_size,
            shuffle=shuffle,
            seed=5,
            sampling="counter",
            **more,
        )

    expected = epochs_by_index(files(4, True))
    for workers in (0, 2):
        iterator = files(4, True)
        iterator.workers = workers
        same_epochs(expected, epochs_through_keras(iterator))
    in_order = [np.concatenate([x for x, _ in e]) for e in epochs_by_index(files(9, False))]
    one_by_one = [np.concatenate([x for x, _ in e]) for e in epochs_by_index(files(1, False))]
    np.testing.assert_array_equal(in_order, one_by_one)
    parts = [epochs_by_index(files(2, False, shard=(i, 2)), 1)[0] for i in range(2)]
    assert sum(len(labels) for part in parts for _, labels in part) == 9


def test_a_model_learns_the_same_with_any_number_of_workers() -> None:
    """Though `fit` ends an epoch before its first one, having looked at a batch or two."""
    import keras

    weights = []
    for workers in (0, 3):
        keras.utils.set_random_seed(2)
        model = keras.Sequential(
            [keras.Input((8, 7, 3)), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        model.compile(keras.optimizers.SGD(1e-4), "mse")
        iterator = flow()
        iterator.workers = workers
        model.fit(iterator, epochs=3, verbose=0, shuffle=False)
        weights.append(model.get_weights()[0])
    np.testing.assert_array_equal(*weights)


def test_whitening_does_not_depend_on_the_batch() -> None:
    generator = ImageDataGenerator(zca_whitening=True, featurewise_center=True)
    generator.mean = 0.0
    generator.zca_whitening_matrix = np.random.default_rng(2).random((168, 168), np.float32)
    one, all_of_them = (flow(generator, batch_size=n, shuffle=False)[0][0] for n in (3, 23))
    np.testing.assert_array_equal(one, all_of_them[:3])


def test_an_epoch_that_is_set_begins_at_its_first_batch() -> None:
    iterator = flow()
    next(iterator)
    iterator.set_epoch(5)
    fresh = flow()
    fresh.set_epoch(5)
    same_epochs([[next(fresh)]], [[next(iterator)]])
