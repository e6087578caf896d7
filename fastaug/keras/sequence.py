"""Batches for `model.fit` from arrays or files and any function of a batch."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import operator
import secrets
from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

import keras
import numpy as np

from ..pipeline import Compose
from ..random import WORD, permutation
from ..transforms.composition import ROOT
from ..transforms.mixing import Mixing
from .checks import as_shard, whole
from .sources import Index, as_source

# What a transform may ask for, by naming it.
_KEYWORDS = ("y", "index", "epoch", "seed")


class Sequence(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """Batches of augmented samples that depend on seed and epoch alone, in any worker.

    Args:
        x: samples: an array (N, …); a list of arrays of one shape; a list of N image files; an
            object with ``len(x)`` and ``x[array of indices]``, such as an array on a disk; or, for
            models of several inputs, a tuple or dictionary of these.
        y: labels, in any of these forms but files; None for none.
        batch_size: samples in a batch; the last one of an epoch may have fewer.
        transform: changes a batch: ``transform(images)`` returns the new images. A function whose
            signature names them also gets, by keyword, `index` (N-th sample of `x`, int64 array of
            shape (B,)), `epoch` and `seed`, so that it can be a pure function of these: every
            noise op of `fastaug` is one. Those that `functools.partial` has set already stay. One
            that names `y` gets the labels of the batch as well, and returns ``(images, y)``. It
            may change the arrays it gets, which are copies. A `fastaug.Compose` is one, too; its
            own seed is what it draws from, or `seed` where it has none.
        shuffle: whether every epoch has another order, `fastaug.random.permutation` of seed and
            epoch. Pass ``shuffle=False`` to `model.fit` then, which would otherwise shuffle the
            batches once more, and not by this seed.
        seed: 0 to 2**64 - 1; None draws one, which is then found in the attribute `seed`.
        sample_weight: weight of each sample, shape (N,); needs `y`.
        load: turns one item of `x` into an array; by default files are decoded by Pillow into
            uint8 RGB arrays. Samples of different shapes go to `transform` as a list of arrays, for
            it to bring them to one.
        drop_last: whether to leave out the samples that do not fill a batch. In every shard alike,
            so that all have equally many batches.
        shard: ``(i, count)`` for the i-th of `count` equal parts of every epoch, where several
            machines share the work; they need the same seed.
        workers: how many threads or processes `model.fit` makes batches with. With 2 or more, or
            with processes, Keras on JAX and PyTorch loses the first batch to building a model's
            loss and metrics; a `model.evaluate` of one sample before has them built.
        use_multiprocessing: whether they are processes. Keras starts them anew for every epoch.
            Where they are spawned rather than forked, each loads Keras first, which takes seconds,
            and `transform` and `load` must be picklable.
        max_queue_size: how many batches are made ahead.

    Attributes:
        epoch: which epoch batches are made for. It goes on by one when an epoch that `model.fit`,
            or a loop ``for batch in sequence``, has begun has come to its last batch, and
            `on_epoch_end` is called, which `model.fit` does. In any other loop, and to go on
            where a training stopped, call `set_epoch`.
        n: number of samples in `x`.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if lengths do not fit, or a number is out of range.

    Examples:
        >>> import functools
        >>> import numpy as np, fastaug
        >>> from fastaug.keras import Sequence
        >>> x, y = np.full((10, 32, 32, 3), 128, np.uint8), np.arange(10)
        >>> noise = functools.partial(fastaug.gaussian_noise, std=10.0)  # gets seed, epoch, index
        >>> train = Sequence(x, y, batch_size=4, transform=noise, seed=1)
        >>> len(train)
        3
        >>> images, labels = train[0]
        >>> images.shape, images.dtype, labels.tolist()
        ((4, 32, 32, 3), dtype('uint8'), [7, 4, 5, 0])
        >>> train.set_epoch(1)
        >>> train[0][1].tolist()
        [0, 4, 8, 5]

        Labels that change along with the images, such as the angle of a steering wheel:

        >>> import fastaug.random
        >>> def flip_some(images, *, y, index, epoch, seed):
        ...     chosen = fastaug.random.uniform(seed, index, epoch=epoch)[:, 0] < 0.5
        ...     return fastaug.flip(images, horizontal=chosen), np.where(chosen, -y, y)
        >>> Sequence(x, y, batch_size=4, transform=flip_some, seed=1)[0][1].tolist()
        [-7, -4, 5, 0]
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        *,
        batch_size: int = 32,
        transform: Callable[..., Any] | None = None,
        shuffle: bool = True,
        seed: int | None = None,
        sample_weight: Any = None,
        load: Callable[[Any], Any] | None = None,
        drop_last: bool = False,
        shard: tuple[int, int] | None = None,
        workers: int = 1,
        use_multiprocessing: bool = False,
        max_queue_size: int = 10,
    ) -> None:
        super().__init__(workers, use_multiprocessing, max_queue_size)
        for name, function in (("transform", transform), ("load", load)):
            if function is not None and not callable(function):
                raise TypeError(f"`{name}` must be callable. Received: {function!r}")
        if sample_weight is not None and y is None:
            raise ValueError("`sample_weight` needs `y`. Received: y=None")
        self._x = as_source(x, "x", files=True, load=load)
        self._y = None if y is None else as_source(y, "y")
        self._weight = None if sample_weight is None else as_source(sample_weight, "sample_weight")
        self.n = len(self._x)
        for name, other in (("y", self._y), ("sample_weight", self._weight)):
            if other is not None and len(other) != self.n:
                raise ValueError(
                    f"`x` and `{name}` must have the same length. "
                    f"Received: {self.n} and {len(other)}"
                )
        self.batch_size = whole("batch_size", batch_size, 1)
        self.shuffle = bool(shuffle)
        self.seed = secrets.randbits(63) if seed is None else whole("seed", seed, 0, 2**64 - 1)
        self.drop_last = bool(drop_last)
        self.shard = as_shard(shard)
        if isinstance(transform, Compose) and transform.seed is None:
            # Else each worker would draw one for itself.
            transform = dataclasses.replace(transform, seed=self.seed)
        self.transform = transform
        self._change = transform
        if y is not None and _mixes(transform):
            self._change = functools.partial(_mixed, transform)
        self._asked = _asked_for(self._change)
        # Keras ends an epoch before the first one, and on some backends begins one to see a batch.
        self._begun = self._finished = False
        self.set_epoch(0)

    @property
    def epoch(self) -> int:
        return self._now[0]

    def set_epoch(self, epoch: int) -> None:
        """Makes the batches of this epoch, 0 to 2**32 - 1, from now on."""
        epoch = whole("epoch", epoch, 0, WORD)
        # One assignment, so that a thread never sees the epoch of one and the order of another.
        self._now = (epoch, self._order(epoch))
        self._begun = self._finished = False

    def on_epoch_begin(self) -> None:
        """Called by `model.fit`."""
        self._begun = True

    def on_epoch_end(self) -> None:
        """Goes on to the next epoch if this one was begun and its last batch was asked for."""
        elsewhere = self.use_multiprocessing and self.workers > 0  # not seen from here
        if self._begun and (self._finished or elsewhere):
            self.set_epoch(self.epoch + 1)
        self._begun = self._finished = False

    def __len__(self) -> int:
        index, count = self.shard
        if self.drop_last:
            return self.n // count // self.batch_size
        return -(-len(range(index, self.n, count)) // self.batch_size)

    def __iter__(self) -> Iterator[Any]:
        self._begun = True
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: int) -> Any:
        batches = len(self)
        place = operator.index(index)
        if not -batches <= place < batches:
            raise IndexError(f"`index` must be that of one of {batches} batches. Received: {index}")
        place %= batches
        epoch, order = self._now
        batch = self._batch(order[place * self.batch_size : (place + 1) * self.batch_size], epoch)
        if place == batches - 1:
            self._finished = True
        return batch

    def _batch(self, index: Index, epoch: int) -> Any:
        images = self._x.take(index)
        y = None if self._y is None else self._y.take(index)
        is_list = isinstance(images, list)
        if self._change is not None:
            values = {"y": y, "index": index, "epoch": epoch, "seed": self.seed}
            result = self._change(images, **{name: values[name] for name in self._asked})
            if "y" in self._asked:
                if not (isinstance(result, tuple) and len(result) == 2):
                    raise ValueError(
                        "`transform` names `y`, so it must return a pair (images, y). "
                        f"Received: {type(result).__name__}"
                    )
                images, y = result
            else:
                images = result
            self._check_count(images, y, len(index))
        if is_list:
            images = _stacked(images)
        if y is None:
            # Keras takes a tuple of inputs for inputs and labels.
            return images if isinstance(images, np.ndarray) else (images,)
        return (images, y) if self._weight is None else (images, y, self._weight.take(index))

    def _check_count(self, images: Any, y: Any, n: int) -> None:
        """Holds what a transform returned against the labels, and against the batch of `n`."""
        labelled = y is not None or self._y is not None
        if "y" in self._asked and self._weight is None:
            n = next(iter(getattr(y, "shape", ())), n)  # it may make more, or fewer, of both
        if _fits(images, n if labelled else None) and (not labelled or _fits(y, n)):
            return
        wanted = f"{n} images" if labelled else "images"
        if "y" in self._asked and labelled:
            wanted += f" and {n} labels"
        got = _described((images, y) if "y" in self._asked else images)
        raise ValueError(f"`transform` must return {wanted}. Received: {got}")

    def _order(self, epoch: int) -> Index:
        """The samples of this shard, as they come."""
        index, count = self.shard
        order = permutation(self.seed, epoch, self.n) if self.shuffle else np.arange(self.n)
        if self.drop_last:
            order = order[: self.n // count * count]
        return np.ascontiguousarray(order[index::count])


def _mixes(transform: Any) -> TypeGuard[Compose]:
    """Whether it is a pipeline that mixes labels along with images."""
    if not isinstance(transform, Compose):
        return False
    return any(isinstance(leaf, Mixing) for leaf, _ in transform.leaves(ROOT))


def _mixed(pipeline: Compose, images: Any, *, y: Any, index: Any, epoch: int) -> Any:
    """Such a pipeline as a transform of images and labels."""
    mixed = pipeline(images=images, labels=y, index=index, epoch=epoch)
    return mixed["images"], mixed["labels"]


def _asked_for(transform: Callable[..., Any] | None) -> tuple[str, ...]:
    """The keywords that a transform names beyond its first parameter, and has not set itself."""
    if transform is None:
        return ()
    try:
        parameters = list(inspect.signature(transform).parameters.values())
    except (TypeError, ValueError):  # a function of C that does not say
        return ()
    if parameters and parameters[0].kind is not inspect.Parameter.KEYWORD_ONLY:
        parameters = parameters[1:]
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    names = {parameter.name for parameter in parameters if parameter.kind in by_name}
    if isinstance(transform, functools.partial):
        names -= set(transform.keywords)
    return tuple(name for name in _KEYWORDS if name in names)


def _fits(values: Any, n: int | None) -> bool:
    """Whether these are `n` samples, or any number: an array, a list of samples, or several inputs."""
    if isinstance(values, list) and len(values) == n:
        return True
    if isinstance(values, dict):
        values = tuple(values.values())
    if isinstance(values, tuple | list):
        return len(values) > 0 and all(_fits(value, n) for value in values)
    shape: Any = getattr(values, "shape", ())
    return len(shape) > 0 and n in (None, shape[0])


def _described(values: Any) -> str:
    if isinstance(values, tuple | list | dict):
        parts = list(values.values() if isinstance(values, dict) else values)
        some = ", ".join([_described(part) for part in parts[:2]] + ["..."] * (len(parts) > 2))
        return f"a {type(values).__name__} of {len(parts)} ({some})"
    if hasattr(values, "shape"):
        return f"an array of shape {tuple(values.shape)}"
    return "None; does it lack a `return`?" if values is None else type(values).__name__


def _stacked(images: Any) -> Any:
    if not isinstance(images, list):
        return images
    shapes = sorted({np.shape(image) for image in images})
    if len(shapes) > 1:
        raise ValueError(
            "Images of a batch must have one shape, or `transform` or `load` must give them one. "
            f"Received shapes: {', '.join(map(str, shapes[:3]))}"
        )
    return np.stack(images)


__all__ = ["Sequence"]
