"""Randomness as a counter: (seed, epoch, sample, place in the pipeline) -> numbers.

Nothing here has a state. The generator is Philox4x32-10 and the layout of its counter is
"stream v1"; ``docs/design.md`` writes it down with examples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import backends
from .arrays import Array, as_array, per_sample_integers

WORD = 2**32 - 1
PLACES = 2**24 - 1
# The place of the draws that order samples: the last one, which no pipeline gets to by counting.
ORDER = PLACES
# That of a whole pipeline, whose transforms are counted from 0.
PIPELINE = PLACES - 1


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Which draws belong to which sample, checked and as the kernels take them."""

    seed: npt.NDArray[np.uint64]
    index: npt.NDArray[np.uint32]
    epoch: npt.NDArray[np.uint32]
    place: int


def coordinates(seed: Any, index: Any, epoch: Any, stream: Any, n: int) -> Coordinates:
    """Checks the coordinates of the draws of `n` samples."""
    if index is None:
        index = np.arange(n, dtype=np.uint32)
    place = per_sample_integers(stream, 1, "stream", np.int64, 0, PLACES)
    return Coordinates(
        seed=per_sample_integers(seed, n, "seed", np.uint64, 0, 2**64 - 1),
        index=per_sample_integers(index, n, "index", np.uint32, 0, WORD),
        epoch=per_sample_integers(epoch, n, "epoch", np.uint32, 0, WORD),
        place=int(place[0]),
    )


def uniform(
    seed: Any, index: Any, *, epoch: Any = 0, stream: int = 0, size: int = 1
) -> npt.NDArray[np.float64]:
    """Draws the parameters of samples: the same for the same coordinates, whenever and wherever.

    Args:
        seed: 64-bit seed, 0 to 2**64 - 1, or one for each sample.
        index: sample indices, shape (N,), 0 to 2**32 - 1.
        epoch: 0 to 2**32 - 1, or one for each sample.
        stream: place in a pipeline, 0 to 2**24 - 1; other places give independent numbers.
        size: how many numbers each sample gets.

    Returns:
        float64 array of shape (N, size), values in [0, 1) with 53 random bits. The first numbers
        of a sample do not depend on `size`.

    Raises:
        TypeError, ValueError: if a coordinate is not a whole number in its range.

    Method:
        Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11.

    Examples:
        >>> import fastaug.random
        >>> a = fastaug.random.uniform(7, [3, 4, 5], epoch=12)
        >>> b = fastaug.random.uniform(7, [4], epoch=12)
        >>> bool(a[1] == b[0])
        True
    """
    indices = np.atleast_1d(as_array(index, "index"))
    where = coordinates(seed, indices, epoch, stream, len(indices))
    count = int(per_sample_integers(size, 1, "size", np.int64, 0, WORD)[0])
    return backends.current().uniforms(where.seed, where.index, where.epoch, where.place, count)


def permutation(seed: int, epoch: int, n: int) -> npt.NDArray[np.int64]:
    """Shuffles samples: the same order for the same seed and epoch, on any machine.

    Args:
        seed: 64-bit seed, 0 to 2**64 - 1.
        epoch: 0 to 2**32 - 1.
        n: how many samples, 0 to 2**32.

    Returns:
        int64 array of shape (n,): the numbers 0 to n - 1, in another order for every epoch.

    Raises:
        TypeError, ValueError: if an argument is not a whole number in its range.

    Method:
        Each sample draws one number with `uniform`, at the last place (2**24 - 1), and the samples
        are sorted by their numbers; among equal ones the lower index is first.

    Examples:
        >>> import fastaug.random
        >>> fastaug.random.permutation(7, 0, 5).tolist()
        [4, 0, 3, 2, 1]
        >>> fastaug.random.permutation(7, 1, 5).tolist()
        [1, 4, 2, 0, 3]
    """
    one = {"seed": (seed, 2**64 - 1), "epoch": (epoch, WORD), "n": (n, WORD + 1)}
    whole = {
        name: int(per_sample_integers(value, 1, name, np.uint64, 0, most)[0])
        for name, (value, most) in one.items()
    }
    numbers = uniform(whole["seed"], np.arange(whole["n"]), epoch=whole["epoch"], stream=ORDER)
    return np.argsort(numbers[:, 0], kind="stable")


def philox4x32(counter: npt.ArrayLike, key: npt.ArrayLike, rounds: int = 10) -> Array:
    """The Philox4x32 block function itself.

    Args:
        counter: 32-bit words, shape (N, 4).
        key: 32-bit words, shape (N, 2).
        rounds: 10 is what this library uses; 7 is the fewest that pass BigCrush; 0 to 16.

    Returns:
        uint32 array of shape (N, 4).

    Raises:
        TypeError: if an argument is not made of whole numbers.
        ValueError: if a shape does not fit or a number is out of its range.

    Method:
        Salmon et al., SC'11; equal to Random123's known answers.

    Examples:
        >>> import numpy as np, fastaug.random
        >>> words = fastaug.random.philox4x32(np.zeros((1, 4), np.uint32), np.zeros((1, 2), np.uint32))
        >>> [f"{w:08x}" for w in words[0]]
        ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    counters, keys = as_array(counter, "counter"), as_array(key, "key")
    if counters.ndim != 2 or counters.shape[1] != 4:
        raise ValueError(f"counter must have shape (N, 4), got {counters.shape}")
    if keys.shape != (len(counters), 2):
        raise ValueError(f"key must have shape ({len(counters)}, 2), got {keys.shape}")
    count = int(per_sample_integers(rounds, 1, "rounds", np.int64, 0, 16)[0])
    return backends.current().philox(_words(counters, "counter"), _words(keys, "key"), count)


def _words(array: Array, name: str) -> Array:
    return per_sample_integers(array.ravel(), array.size, name, np.uint32, 0, WORD).reshape(
        array.shape
    )
