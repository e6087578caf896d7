"""`Sequence`: the same batches in any worker, a pure function of seed and epoch."""

from __future__ import annotations

import functools
import os
import pickle
import random
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras.src.trainers.data_adapters.py_dataset_adapter import OrderedEnqueuer
from processes import output_of

import fastaug
import fastaug.transforms as ft
from fastaug.keras import Sequence
from fastaug.random import permutation

N = 22
X = np.random.default_rng(0).integers(0, 256, (N, 8, 6, 3), np.uint8)
Y = np.arange(N)
NOISE = functools.partial(fastaug.gaussian_noise, std=20.0)


def same(a: Any, b: Any) -> bool:
    """Whether batches, or lists of them, have the same bits."""
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return len(a) == len(b) and all(same(v, w) for v, w in zip(a, b, strict=True))


def expected(epoch: int, seed: int = 5) -> list[Any]:
    order = permutation(seed, epoch, N)
    parts = [order[i : i + 4] for i in range(0, N, 4)]
    return [
        (fastaug.gaussian_noise(X[p], 20.0, seed=seed, index=p, epoch=epoch), Y[p]) for p in parts
    ]


def noisy(**arguments: Any) -> Sequence:
    return Sequence(X, Y, batch_size=4, transform=NOISE, seed=5, **arguments)


def test_batches_are_a_function_of_seed_and_epoch() -> None:
    before = X.copy()
    states = random.getstate(), str(np.random.get_state())
    sequence = noisy()
    assert len(sequence) == 6
    for epoch in (0, 3, 1):
        sequence.set_epoch(epoch)
        assert same(list(sequence), expected(epoch))
        assert same(sequence[-2], expected(epoch)[4])
        assert same(list(pickle.loads(pickle.dumps(sequence))), expected(epoch))
    assert (random.getstate(), str(np.random.get_state())) == states
    assert same(X, before)
    # Without a seed one is drawn, and kept.
    some, other = Sequence(X, Y), Sequence(X, Y)
    assert some.seed != other.seed
    assert same(list(Sequence(X, Y, seed=some.seed)), list(some))


def test_epochs_that_are_counted() -> None:
    sequence = noisy()
    sequence.on_epoch_end()  # Keras does so before the first one
    assert sequence.epoch == 0
    for epoch in range(3):
        assert same(list(sequence), expected(epoch))
        sequence.on_epoch_end()
    assert sequence.epoch == 3
    # Keras begins an epoch to see one batch.
    sequence.on_epoch_begin()
    sequence[0]
    sequence.on_epoch_end()
    assert sequence.epoch == 3


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # forks beside threads
@pytest.mark.parametrize(("workers", "processes"), [(1, False), (4, False), (1, True), (2, True)])
def test_workers_make_the_same_batches(workers: int, processes: bool) -> None:
    if processes and not hasattr(os, "fork"):
        pytest.skip("this system does not fork")
    sequence = noisy(workers=workers, use_multiprocessing=processes)
    for epoch in range(2):
        sequence.set_epoch(epoch)
        enqueuer = OrderedEnqueuer(
            sequence, workers=workers, use_multiprocessing=processes, max_queue_size=3
        )
        enqueuer.start()
        batches = enqueuer.get()
        got = [next(batches) for _ in range(len(sequence))]
        enqueuer.stop()
        assert same(got, expected(epoch))


WORKERS = """
import functools, multiprocessing, sys
import numpy as np
import fastaug
from fastaug.keras import Sequence
from keras.src.trainers.data_adapters.py_dataset_adapter import OrderedEnqueuer

multiprocessing.set_start_method({method!r})
multiprocessing.set_forkserver_preload(["fastaug.keras"])
noise = functools.partial(fastaug.gaussian_noise, std=20.0)
sequence = Sequence(np.zeros((10, 8, 8, 1), np.uint8), np.arange(10), batch_size=4, transform=noise)
for epoch in range({epochs}):
    sequence.set_epoch(epoch + 1)
    enqueuer = OrderedEnqueuer(sequence, workers={workers}, use_multiprocessing=True)
    enqueuer.start()
    batches = enqueuer.get()
    for (images, labels), (one, other) in zip(batches, list(sequence), strict=False):
        np.testing.assert_array_equal(images, one)
        np.testing.assert_array_equal(labels, other)
        if len(labels) < 4:
            break
    enqueuer.stop()
print("same")
"""


@pytest.mark.parametrize(
    ("method", "workers", "epochs"),
    [
        ("forkserver", 2, 2),
        pytest.param("spawn", 2, 2, marks=pytest.mark.slow),  # each worker loads Keras
    ],
)
def test_workers_that_are_not_forked(method: str, workers: int, epochs: int) -> None:
    code = WORKERS.format(method=method, workers=workers, epochs=epochs)
    assert output_of(code, timeout=200) == "same"


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # forks beside threads
@pytest.mark.parametrize("processes", [False, True])
def test_pipelines(processes: bool) -> None:
    """A pipeline gets sample and epoch numbers, and the seed if it has none, in whatever worker."""
    pipeline = fastaug.Compose([ft.RandomRotation(30), ft.GaussianNoise(20)])
    sequence = Sequence(X, Y, batch_size=4, transform=pipeline, seed=5)
    seeded = fastaug.Compose(pipeline.transforms, seed=5)
    assert pipeline.seed is None
    for epoch in range(2):
        sequence.set_epoch(epoch)
        enqueuer = OrderedEnqueuer(sequence, workers=2, use_multiprocessing=processes)
        enqueuer.start()
        batches = enqueuer.get()
        got = [next(batches) for _ in range(len(sequence))]
        enqueuer.stop()
        order = permutation(5, epoch, N)
        assert same([y for _, y in got], [order[i : i + 4] for i in range(0, N, 4)])
        made = np.concatenate([images for images, _ in got])
        assert same(made, seeded(X[order], index=order, epoch=epoch))


def test_pipelines_that_mix_labels() -> None:
    mixing = ft.MixUp(num_classes=N)
    parts = [ft.RandomFlip(), ft.RandomApply([mixing], p=1)]
    sequence = Sequence(X, Y, batch_size=4, transform=fastaug.Compose(parts), seed=5)
    order = permutation(5, 0, N)[:4]
    mixed = fastaug.Compose(parts, seed=5)(images=X[order], labels=Y[order], index=order)
    assert same(sequence[0], (mixed["images"], mixed["labels"]))
    assert ((sequence[0][1] > 0).sum(axis=1) == 2).all()
    assert same(
        Sequence(X, batch_size=4, transform=fastaug.Compose(parts), seed=5)[0], mixed["images"]
    )


def test_pipelines_of_files_of_any_sizes(tmp_path: Path) -> None:
    images = [X[i, : 4 + i % 4] for i in range(6)]
    files = [tmp_path / f"{i}.npy" for i in range(6)]
    for file, image in zip(files, images, strict=True):
        np.save(file, image)
    own = fastaug.Compose([ft.RandomResizedCrop(4)], seed=9)
    sequence = Sequence(files, batch_size=4, transform=own, load=np.load, shuffle=False, seed=5)
    assert same(sequence[1], own(images[4:], index=[4, 5]))  # its own seed stays


FIT = """
import functools
import keras
import numpy as np
import fastaug
from fastaug.keras import Sequence

def tag(images, *, index, epoch, seed):
    return np.stack([index, np.full(len(index), epoch), np.full(len(index), seed)], 1)

def sequence(**arguments):
    x, y = np.zeros((22, 3), "float32"), np.zeros(22, "float32")
    return Sequence(x, y, batch_size=4, transform=tag, **arguments)

class Spy(keras.Sequential):
    def call(self, x, training=None, **rest):
        if training and "Symbolic" not in str(type(x)) and "KerasTensor" not in str(type(x)):
            seen.append(np.asarray(keras.ops.convert_to_numpy(x)).astype(int).tolist())
        return super().call(keras.ops.cast(x, "float32"), **rest)

for workers, processes in [(0, False), (1, False), (2, False), (2, True)]:
    train = sequence(seed=3, workers=workers, use_multiprocessing=processes)
    model = Spy([keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    model.evaluate(np.zeros((1, 3)), np.zeros(1), verbose=0)
    seen = []
    model.fit(train, epochs=2, shuffle=False, verbose=0, validation_data=sequence(shuffle=False))
    model.fit(train, epochs=1, shuffle=False, verbose=0)
    expected, alone = [], sequence(seed=3)
    for epoch in range(3):
        alone.set_epoch(epoch)
        expected += [batch[0].astype(int).tolist() for batch in alone]
    assert seen == expected, (workers, processes, seen, expected)
    assert train.epoch == 3
print("same")
"""


@pytest.mark.parametrize("backend", ["tensorflow", pytest.param("torch", marks=pytest.mark.slow)])
def test_fit(backend: str) -> None:
    pytest.importorskip(backend)
    got = output_of(FIT, timeout=200, KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3")
    assert got == "same"


class OnADisk:
    """Takes arrays of indices, as a file of HDF5 does, and is no array."""

    def __len__(self) -> int:
        return N

    def __getitem__(self, index: np.ndarray) -> np.ndarray:
        assert isinstance(index, np.ndarray)
        return X[index]


def test_what_samples_come_from(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    plain = list(Sequence(X, Y, seed=1))
    labels = pandas.Series(Y, index=Y[::-1])
    for x, y in [
        (list(X), Y.tolist()),
        (OnADisk(), labels),
        (keras.ops.convert_to_tensor(X), keras.ops.convert_to_tensor(Y)),
    ]:
        assert same(list(Sequence(x, y, seed=1)), plain)
    # Several inputs, several outputs, weights.
    weight = np.linspace(0, 1, N)
    both = Sequence((X, Y), {"a": Y, "b": weight}, sample_weight=weight, seed=1)
    (images, numbers), outputs, weights = both[0]
    assert same(images, plain[0][0])
    assert same(numbers, outputs["a"])
    assert same(weights, weight[numbers])
    assert same(weights, outputs["b"])
    assert isinstance(Sequence(X)[0], np.ndarray)
    (inputs,) = Sequence((X, Y))[0]
    assert isinstance(inputs, tuple)
    (inputs,) = Sequence({"image": X})[0]
    assert list(inputs) == ["image"]
    # Files.
    paths = [tmp_path / f"{i}.png" for i in range(N)]
    for path, image in zip(paths, X, strict=True):
        keras.utils.save_img(path, image, scale=False)
    assert same(list(Sequence(paths, Y, seed=1)), plain)
    assert same(list(Sequence(pandas.Series([str(p) for p in paths]), Y, seed=1)), plain)
    loaded = Sequence(np.arange(N), Y, load=functools.partial(np.take, X, axis=0), seed=1)
    assert same(list(loaded), plain)


def test_images_of_several_sizes() -> None:
    pictures = [np.full((i + 1, 4, 3), i, np.uint8) for i in range(6)]
    arguments: dict[str, Any] = {"load": pictures.__getitem__, "batch_size": 3, "shuffle": False}
    crop = Sequence(range(6), transform=lambda images: [i[:1] for i in images], **arguments)
    assert crop[1].shape == (3, 1, 4, 3)
    with pytest.raises(ValueError, match=r"one shape.*\(1, 4, 3\), \(2, 4, 3\)"):
        Sequence(range(6), **arguments)[0]


def test_what_a_transform_asks_for() -> None:
    def got(transform: Any, **arguments: Any) -> Any:
        return Sequence(
            X, Y, shuffle=False, batch_size=N, seed=9, transform=transform, **arguments
        )[0]

    assert got(lambda images: 255 - images)[0].tobytes() == (255 - X).tobytes()
    assert same(got(np.negative), (np.negative(X), Y))  # says nothing about its parameters
    assert same(got(lambda images, **others: images + len(others)), (X, Y))
    assert same(got(lambda seed, epoch=None: seed + epoch), (X, Y))  # the first is the images
    images, labels = got(lambda images, y, index: (images, y * 2 + index))
    assert same((images, labels), (X, 3 * Y))
    own = functools.partial(NOISE, seed=1)
    assert same(got(own)[0], fastaug.gaussian_noise(X, 20.0, seed=1))
    with pytest.raises(ValueError, match="`transform` names `y`, so it must return a pair"):
        got(lambda images, y: images)

    def in_place(images: np.ndarray) -> np.ndarray:
        images[:] = 0
        return images

    before = X.copy()
    assert not got(in_place)[0].any()
    assert same(X, before)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("drop_last", [False, True])
def test_shards(count: int, drop_last: bool) -> None:
    arguments: dict[str, Any] = {"seed": 1, "drop_last": drop_last, "batch_size": 3}
    shards = [Sequence(X, Y, shard=(i, count), **arguments) for i in range(count)]
    for epoch in range(2):
        for shard in shards:
            shard.set_epoch(epoch)
        labels = [[y.tolist() for _, y in shard] for shard in shards]
        assert [len(batches) for batches in labels] == [len(shard) for shard in shards]
        seen = sorted(y for batches in labels for batch in batches for y in batch)
        assert len(set(seen)) == len(seen)
        if drop_last:
            assert {len(batches) for batches in labels} == {N // count // 3}
            assert all(len(batch) == 3 for batches in labels for batch in batches)
        else:
            assert seen == list(range(N))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"x": 5}, TypeError, "`x` must be an array, a list"),
        ({"x": "a.png"}, TypeError, "`x` must be an array, a list"),
        ({"x": [X[0], X[0, 0]]}, ValueError, r"`x` must be .* shapes \[\(8, 6, 3\), \(6, 3\)\]"),
        ({"x": (X, Y[:3])}, ValueError, r"arrays in `x` must .* Received lengths: \[22, 3\]"),
        ({"x": ()}, ValueError, r"`x` must not be empty"),
        ({"y": Y[:3]}, ValueError, "`x` and `y` must have the same length. Received: 22 and 3"),
        ({"sample_weight": Y[:3]}, ValueError, "`x` and `sample_weight` must .* 22 and 3"),
        ({"y": None, "sample_weight": Y}, ValueError, "`sample_weight` needs `y`"),
        ({"batch_size": 0}, ValueError, "`batch_size` must be at least 1. Received: 0"),
        ({"batch_size": 2.0}, TypeError, "`batch_size` must be a whole number. Received: 2.0"),
        ({"seed": -1}, ValueError, "`seed` must be from 0 to 18446744073709551615"),
        ({"shard": 2}, TypeError, r"`shard` must be a pair \(index, count\). Received: 2"),
        ({"shard": (2, 2)}, ValueError, r"`shard` must be .* Received: \(2, 2\)"),
        ({"transform": 3}, TypeError, "`transform` must be callable. Received: 3"),
        ({"load": "png"}, TypeError, "`load` must be callable. Received: 'png'"),
    ],
)  # fmt: skip
def test_errors(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        Sequence(**{"x": X, "y": Y} | arguments)
    assert re.search(message, str(caught.value)), str(caught.value)


def test_errors_of_batches_and_epochs() -> None:
    sequence = noisy()
    for index in (6, -7):
        with pytest.raises(IndexError, match=f"one of 6 batches. Received: {index}"):
            sequence[index]
    with pytest.raises(ValueError, match=r"`epoch` must be from 0 to 4294967295\. Received: -1"):
        sequence.set_epoch(-1)


def test_files_that_cannot_be_read_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those of the iterators over files are."""
    from PIL import Image

    good = tmp_path / "good.jpg"
    keras.utils.save_img(good, np.random.default_rng(0).integers(0, 256, (40, 30, 3)))
    contents = {"half.jpg": good.read_bytes()[:300], "empty.png": b"", "text.jpg": b"hello"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    for name in [*contents, "gone.png"]:
        with pytest.raises(OSError, match=re.escape(name)):
            Sequence([tmp_path / name])[0]
    for limit in (1199, 100):  # Pillow itself would warn, and give an error without the name
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        with pytest.raises(ValueError, match=r"good\.jpg.* decompression bomb"):
            Sequence([good])[0]
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1200)
    assert Sequence([good])[0].shape == (1, 40, 30, 3)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16", "RGB"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_files_have_the_pixels_of_load_img(mode: str, data_format: str, tmp_path: Path) -> None:
    from PIL import Image

    pixels = Image.fromarray(X[0])
    image = Image.fromarray(X[0, ..., 0].astype("uint16") * 200) if "I" in mode else pixels
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    (image if "I" in mode else image.convert(mode)).save(path)
    before = keras.config.image_data_format()
    keras.config.set_image_data_format(data_format)
    try:
        wanted = keras.utils.img_to_array(keras.utils.load_img(path), dtype="uint8")
        got = []
        Sequence([path], transform=lambda images: (got.append(images[0]), images)[1])[0]
    finally:
        keras.config.set_image_data_format(before)
    assert same(got[0], wanted)


def test_what_a_transform_returns_is_held_against_the_batch() -> None:
    def first(transform: Any, x: Any = X, y: Any = Y, **arguments: Any) -> Any:
        return Sequence(x, y, batch_size=4, transform=transform, **arguments)[0]

    for wrong, received in (
        (lambda images: None, r"None; does it lack a `return`\?"),
        (lambda images: images[:2], r"an array of shape \(2, 8, 6, 3\)"),
        (lambda images: images.mean(), r"an array of shape \(\)"),
        (lambda images: (images, images[1:]), r"a tuple of 2 \(.* \(4, .* \(3, "),
        (lambda images: list(images)[:3], r"a list of 3 \(an array of shape \(8, 6, 3\), .*\.\.\."),
        (lambda images: {}, r"a dict of 0"),
        (lambda images: "done", r"str"),
    ):
        with pytest.raises(
            ValueError, match=f"`transform` must return 4 images. Received: {received}"
        ):
            first(wrong)
    with pytest.raises(ValueError, match=r"`transform` must return images\. Received: None"):
        first(lambda images: None, y=None)
    for wrong, received in (
        (lambda images, y: (images, y[:3]), r"\(4, 8, 6, 3\), an array of shape \(3,\)"),
        (lambda images, y: (images[:3], y), r"\(3, 8, 6, 3\), an array of shape \(4,\)"),
        (lambda images, y: (images, None), r"\(4, 8, 6, 3\), None"),
        (lambda images, y: (None, y), r"None.*\(4,\)"),
    ):
        with pytest.raises(ValueError, match=f"must return . images and . labels.*{received}"):
            first(wrong)
    with pytest.raises(ValueError, match="must return 4 images and 4 labels"):
        first(lambda images, y: (images[:2], y[:2]), sample_weight=Y)

    # What is right.
    assert len(first(lambda images, y: (images[:2], y[:2]))[1]) == 2
    assert first(lambda images: np.concatenate([images, images]), y=None).shape[0] == 8
    assert first(lambda images, y: (images, None), y=None).shape[0] == 4
    assert first(lambda images, y: (images, images), y=None)[1].shape == (4, 8, 6, 3)
    assert len(first(lambda images: [images, images])[0]) == 2  # inputs
    assert first(lambda images: {"a": images, "b": images[:, 0]})[0]["b"].shape == (4, 6, 3)
    assert first(lambda images: keras.ops.convert_to_tensor(images))[0].shape[0] == 4
    outputs = first(lambda images, y: (images, [y["a"], y["a"] + 1]), y={"a": Y})[1]
    assert (outputs[1] - outputs[0]).tolist() == [1] * 4
