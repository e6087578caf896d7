"""Iterators over augmented batches, with the seeding, order and attributes of Keras' own."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import threading
from collections.abc import Iterator as Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import keras
import numpy as np

from ..arrays import Array
from ..random import WORD, permutation
from .augment import make_batch, white_of
from .checks import as_shard, whole
from .draws import Draws, draw_batch, draw_counted, draw_one
from .recycle import Recycler

if TYPE_CHECKING:
    from .generator import ImageDataGenerator

Sampling: TypeAlias = Literal["keras", "counter"]
SAMPLINGS = ("keras", "counter")
# Files are decoded to bytes, unless they are deeper than that.
_BYTES = np.empty(0, np.uint8)
# What a process makes for itself.
_OWN = ("lock", "index_generator", "_drawing", "_whole")


class Iterator(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """Batches of samples in Keras' order, by index (what `model.fit` uses) or for ever.

    Args:
        n: number of samples.
        batch_size: samples in a batch.
        shuffle: whether every epoch has another order.
        seed: with ``sampling="keras"`` set on NumPy's global generator, plus the number of batches
            made so far, before each batch; None leaves the generator as it is. With ``"counter"``
            what all draws are a function of; None takes one from the system.
        sampling: ``"keras"`` draws Keras' stream from NumPy's global generator. ``"counter"`` makes
            sample i of epoch e a pure function of seed, e and i, whatever the size of batches,
            their order, and who makes them; the global generator is left alone.
        shard: (index, count): this iterator takes every `count`-th sample of an epoch's order, from
            `index` on; the shards of an epoch do not overlap. Only with ``sampling="counter"``.
        **kwargs: of `keras.utils.PyDataset`: `workers`, `use_multiprocessing`, `max_queue_size`.

    Attributes:
        epoch: which epoch batches belong to, from 0. `on_epoch_end` after its last batch, and
            `next` at the end of a round, go to the next one. On TensorFlow `model.fit` looks at
            two batches before it begins, so that one of fewer begins with epoch 1.

    Raises:
        TypeError, ValueError: if `sampling` or `shard` is not one of these; or `seed`, with
            ``sampling="counter"``, not a whole number from 0 to 2**64 - 1.
    """

    white_list_formats = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")

    def __init__(
        self,
        n: int,
        batch_size: int,
        shuffle: bool,
        seed: int | None,
        *,
        sampling: Sampling = "keras",
        shard: tuple[int, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sampling, self.shard = _checked_sampling(sampling, shard)
        self._total = n
        self.n = n if shard is None else len(range(shard[0], n, shard[1]))
        self.batch_size = batch_size
        self.seed = seed
        if sampling == "counter":
            self.seed = secrets.randbits(63) if seed is None else whole("seed", seed, 0, 2**64 - 1)
        self.shuffle = shuffle
        self.batch_index = 0
        self.total_batches_seen = 0
        self.epoch = 0
        self.index_array: Array | None = None
        self._memory = Recycler()
        # Keras ends an epoch before the first one, and looks at a batch outside of any.
        self._begun = self._finished = self._round_ended = False
        # What stands in for a seed in worker processes, which would all draw the same otherwise.
        self._own_seed = secrets.randbits(31)
        self._process = os.getpid()
        self._start()

    def _start(self) -> None:
        self.lock = threading.Lock()
        self._drawing = threading.local()
        self.index_generator = self._flow_index()
        self._whole: tuple[int, Array] | None = None  # an epoch, and its order of all shards

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in _OWN}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    def __len__(self) -> int:
        return (self.n + self.batch_size - 1) // self.batch_size

    def __getitem__(self, index: int) -> Any:
        if index >= len(self):
            raise ValueError(
                f"Asked to retrieve element {index}, but the Sequence has length {len(self)}"
            )
        self._finished |= index == len(self) - 1
        if self.sampling == "keras" and self._in_worker_process():
            return self._worker_batch(index)
        self._seed_batch()
        self.total_batches_seen += 1
        if self.index_array is None:
            self._set_index_array()
        assert self.index_array is not None
        return self._get_batches_of_transformed_samples(self._part(self.index_array, index))

    def _in_worker_process(self) -> bool:
        """Whether this is a copy in a child process; where a whole training is in one, it is not."""
        return multiprocessing.parent_process() is not None and os.getpid() != self._process

    def _part(self, order: Array, index: int) -> Array:
        return order[self.batch_size * index : self.batch_size * (index + 1)]

    def _worker_batch(self, index: int) -> Any:
        """Keras' batch of an epoch, as it comes out when `next` makes them one after the other.

        Keras' own workers start from one state, count for themselves, and so repeat each other and
        every epoch the last.
        """
        first = self._first_seed()
        np.random.seed(first)
        if self.index_array is None:
            self._set_index_array()
        elif self.shuffle and index == 0:  # it goes on in the state that the order leaves
            np.random.permutation(self.n)
        if index != 0:
            np.random.seed(first + index)
        assert self.index_array is not None
        return self._get_batches_of_transformed_samples(self._part(self.index_array, index))

    def _first_seed(self) -> int:
        """Of the first batch of this epoch, as Keras counts."""
        seed = self._own_seed if self.seed is None else self.seed
        return seed + self.epoch * len(self)

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        with self.lock:
            index_array = next(self.index_generator)
            # Another thread may go to the next epoch before this one draws.
            self._drawing.epoch = self.epoch
        # The images themselves are made outside the lock, so that threads can share the work.
        try:
            return self._get_batches_of_transformed_samples(index_array)
        finally:
            vars(self._drawing).pop("epoch", None)

    def next(self) -> Any:
        """The next batch, as Keras 2 spells it."""
        return next(self)

    def on_epoch_begin(self) -> None:
        """Called by `model.fit`."""
        self._begun = True

    def on_epoch_end(self) -> None:
        """Goes to the next epoch if this one came to its last batch; with `shuffle` to a new order."""
        elsewhere = self.use_multiprocessing and self.workers > 0  # batches are not seen from here
        ended = self._finished or self._round_ended or (elsewhere and self._begun)
        self.set_epoch(self.epoch + ended)

    def set_epoch(self, epoch: int) -> None:
        """Goes to an epoch. With ``sampling="counter"`` its batches are those it always has.

        Args:
            epoch: from 0 to 2**32 - 1.

        Raises:
            TypeError, ValueError: if it is not.
        """
        self.epoch = whole("epoch", epoch, 0, WORD)
        self._begun = self._finished = self._round_ended = False
        if self.sampling == "counter":
            self.batch_index = 0  # `next` begins it, too
        elif self.seed is not None and self.use_multiprocessing and self.workers > 0:
            # The workers' batches do not move this process' generator, which Keras would go on with.
            np.random.seed(self._first_seed())
        self._set_index_array()

    def reset(self) -> None:
        """Starts the next round of `next` at the first batch."""
        self.batch_index = 0
        self._round_ended = False

    def parameters(
        self, index: Any, *, epoch: int | None = None, size: tuple[int, int] | None = None
    ) -> list[dict[str, Any]]:
        """What is drawn for these samples, as dictionaries for `apply_transform`.

        Args:
            index: samples, whole numbers.
            epoch: default the current one.
            size: (height, width) in pixels of the images, which shifts by shares of it depend on;
                default those of this iterator.

        Raises:
            ValueError: unless ``sampling="counter"``: Keras' draws depend on what came before.
        """
        if self.sampling != "counter":
            raise ValueError('`parameters` needs sampling="counter"')
        height, width = size or self._image_size()
        at = self.epoch if epoch is None else epoch
        samples = np.atleast_1d(index)
        generator = self._generator()
        draws = draw_counted(generator, self.seed or 0, at, samples, height, width)
        if draws.brightness is not None:
            draws = replace(draws, white=self._white())
        return [generator.as_dict(draws, i) for i in range(draws.n)]

    def _generator(self) -> ImageDataGenerator:
        generator: ImageDataGenerator = self.image_data_generator
        return generator

    def _white(self) -> float | None:
        """What brightness clips the images to, where Keras does not decide."""
        return white_of(self._generator(), _BYTES)

    def _image_size(self) -> tuple[int, int]:
        """Height and width of the images."""
        raise NotImplementedError

    def _epoch_drawn(self) -> int:
        """The epoch of the batch that this thread is making."""
        epoch: int = getattr(self._drawing, "epoch", self.epoch)
        return epoch

    def _draw(self, index_array: Array, one: bool = False) -> Draws:
        """The parameters of these samples; of just one by the very calls that Keras makes."""
        generator = self._generator()
        height, width = self._image_size()
        if self.sampling == "counter":
            epoch = self._epoch_drawn()
            return draw_counted(generator, self.seed or 0, epoch, index_array, height, width)
        if one:
            return draw_one(generator, height, width)
        return draw_batch(generator, len(index_array), height, width)

    def _augmented(
        self, samples: Array, source: Array, places: Array, dtype: Any, cuts: bool
    ) -> tuple[Array, Draws]:
        """A finished batch, and how it was drawn.

        Args:
            samples: their numbers, shape (n,).
            source: images of any number, as they are.
            places: where among them those of the samples are, shape (n,).
            dtype: that they are augmented in.
            cuts: whether they are cut to integers after that.
        """
        out = self._memory.take((len(samples), *source.shape[1:]), dtype)
        generator = self._generator()
        draws = make_batch(
            generator,
            source,
            places,
            self._draw,
            samples,
            out,
            counted=self.sampling == "counter",
            cuts=cuts,
            white=self._white() if generator.brightness_range is not None else None,
        )
        return out, draws

    def _seed_batch(self) -> None:
        if self.seed is not None and self.sampling == "keras":
            np.random.seed(self.seed + self.total_batches_seen)

    def _file_number(self, most: int) -> int:
        """The last number in the name of a file that is saved."""
        if self.sampling == "counter":
            return self._epoch_drawn()
        # Keras draws it from the generator it augments with, and so must we.
        return int(np.random.randint(most))

    def _set_index_array(self) -> None:
        if self.sampling == "keras":
            self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)
            return
        first, step = self.shard or (0, 1)
        order = self._counted_order(self.epoch)
        self._whole = self.epoch, order
        self.index_array = order[first::step]

    def _counted_order(self, epoch: int) -> Array:
        """The samples of all shards in the order of an epoch, with ``sampling="counter"``."""
        if not self.shuffle:
            return np.arange(self._total)
        assert self.seed is not None
        order: Array = permutation(self.seed, epoch, self._total)
        return order

    def _order_drawn(self) -> Array | None:
        """The whole order of the epoch whose batch this thread is making; None before the first."""
        if self.sampling == "keras":
            return self.index_array
        epoch, whole = self._epoch_drawn(), self._whole
        if whole is None or whole[0] != epoch:
            self._whole = whole = epoch, self._counted_order(epoch)
        return whole[1]

    def _flow_index(self) -> Generator[Array]:
        while True:
            self._seed_batch()
            if self.batch_index == 0:
                self.epoch += self._round_ended
                self._set_index_array()
            start = (self.batch_index * self.batch_size) % self.n if self.n else 0
            self._round_ended = not self.n > start + self.batch_size
            self.batch_index = 0 if self._round_ended else self.batch_index + 1
            self.total_batches_seen += 1
            assert self.index_array is not None
            yield self.index_array[start : start + self.batch_size]

    def _next_index_array(self, index_array: Array) -> Array | None:
        """The samples that are likely to be asked for after these, or None at an epoch's end."""
        order = self.index_array
        if order is None or not len(index_array) or not np.shares_memory(order, index_array):
            return None
        offset = index_array.ctypes.data - order.ctypes.data
        start = offset // order.strides[0] + len(index_array)
        following = order[start : start + self.batch_size]
        return following if len(following) else None

    def _get_batches_of_transformed_samples(self, index_array: Array) -> Any:
        """Makes the batch of these samples."""
        raise NotImplementedError


def _checked_sampling(sampling: Any, shard: Any) -> tuple[Sampling, tuple[int, int] | None]:
    if sampling not in SAMPLINGS:
        raise ValueError(
            f"`sampling` should be one of {', '.join(SAMPLINGS)}. Received: {sampling}"
        )
    if shard is not None and sampling != "counter":
        raise ValueError('`shard` needs sampling="counter".')
    return sampling, None if shard is None else as_shard(shard)


__all__ = ["SAMPLINGS", "Iterator", "Sampling"]
