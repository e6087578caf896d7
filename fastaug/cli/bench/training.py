"""A small network in training: the time of a step, with batches ready and with a generator feeding."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from ...arrays import Array
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .keras_path import GEOMETRY, PIXELS, generators

_CLASSES = 10
_STEPS = 110
# Steps of a run that are not counted: the first wait for threads and queues to fill.
_WARM_UP = 10

TRAINING = Op(
    "training",
    {"thumbnail": {"side": 64, "batches": _STEPS, "steps": _STEPS, "patience": 60}},
    dtypes=("float32",),
    agreement=PIXELS,
    by_name_only=True,
    copied=False,
)
OPS = [TRAINING]


class Run:
    """A call that trains through all batches once; `took` is the mean time of a counted step."""

    def __init__(self, work: Work, make_data: Callable[[Array, Array, int], Any]) -> None:
        keras = peers.load("keras")
        n, height, width, channels = work.shape
        self._size = n // work.options["steps"]
        images, labels = work.images, np.arange(n) % _CLASSES
        self._data = make_data(images, labels, self._size)
        self.took = 0.0
        keras.utils.set_random_seed(7)
        layers = keras.layers
        self._model = keras.Sequential(
            [
                keras.Input((height, width, channels)),
                layers.Conv2D(8, 3, activation="relu"),
                layers.MaxPooling2D(),
                layers.Conv2D(16, 3, activation="relu"),
                layers.MaxPooling2D(),
                layers.Conv2D(16, 3, activation="relu"),
                layers.GlobalAveragePooling2D(),
                layers.Dense(_CLASSES),
            ]
        )
        self._model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))

    def __call__(self) -> Array:
        """Gives back the last batch of images."""
        keras = peers.load("keras")
        ends: list[float] = []
        tick = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs=None: ends.append(perf_counter())
        )
        self._model.fit(self._data, epochs=1, shuffle=False, verbose=0, callbacks=[tick])
        first = min(_WARM_UP, len(ends) - 2)
        self.took = (ends[-1] - ends[first]) / (len(ends) - 1 - first)
        last: Array = self._data[len(self._data) - 1][0]
        return last


def _flow(who: str, work: Work) -> Call:
    generator = generators(who).ImageDataGenerator(**GEOMETRY)
    return Run(
        work,
        lambda x, y, size: generator.flow(x, y, batch_size=size, shuffle=False, seed=7),
    )


@TRAINING.by(OURS, needs="keras")
def _train_ours(work: Work) -> Call:
    return _flow(OURS, work)


@TRAINING.by("keras", name="keras generator", when=lambda work: peers.installed("scipy"))
def _train_keras(work: Work) -> Call:
    return _flow("keras", work)


@TRAINING.by("keras", name="ready batches", agreement=Agreement("bound"))
def _train_ready(work: Work) -> Call:
    keras = peers.load("keras")

    class Ready(keras.utils.PyDataset):  # type: ignore[misc, name-defined]  # Keras has no types
        def __init__(self, x: Array, y: Array, size: int) -> None:
            super().__init__()
            self._x, self._y, self._size = x, y, size

        def __len__(self) -> int:
            return len(self._x) // self._size

        def __getitem__(self, i: int) -> tuple[Array, Array]:
            part = slice(i * self._size, (i + 1) * self._size)
            return self._x[part], self._y[part]

    return Run(work, Ready)
