"""Random numbers of transforms, and the ranges that they are drawn from."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import Array, filled
from . import elementary

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
# What a transform drew: under each name a value for each sample.
Values: TypeAlias = dict[str, Array]
# Either end of a range, or a number whose meaning the transform says.
Range: TypeAlias = float | tuple[float, float]

_AT_ONCE = 8


class Samples:
    """The coordinates of all draws of a batch but their place in the pipeline.

    Attributes:
        seed: shape (n,), uint64.
        index: shape (n,), uint32.
        epoch: shape (n,), uint32.
        n: how many there are.
    """

    __slots__ = ("epoch", "index", "n", "seed")

    def __init__(
        self,
        seed: npt.NDArray[np.uint64],
        index: npt.NDArray[np.uint32],
        epoch: npt.NDArray[np.uint32],
    ) -> None:
        self.seed, self.index, self.epoch = seed, index, epoch
        self.n = len(index)

    def __getitem__(self, rows: Any) -> Samples:
        return Samples(self.seed[rows], self.index[rows], self.epoch[rows])


NOBODY = Samples(np.zeros(0, np.uint64), np.zeros(0, np.uint32), np.zeros(0, np.uint32))


class Numbers:
    """The numbers of one place of a pipeline, taken one after the other; all for every sample."""

    def __init__(self, samples: Samples, place: int) -> None:
        self.samples, self.place, self.n = samples, place, samples.n
        self._drawn: Floats | None = None
        self._next = 0

    def uniform(self) -> Floats:
        """From 0 to 1, without 1; shape (n,)."""
        first = self._next
        return self._upto(first + 1)[:, first]

    def uniforms(self, *shape: int) -> Floats:
        """So many of them, shape (n, *shape)."""
        first = self._next
        drawn = self._upto(first + math.prod(shape))
        return drawn[:, first : self._next].reshape(self.n, *shape)

    def _upto(self, count: int) -> Floats:
        """The first `count` numbers, and perhaps more, shape (n, …); the next one comes after these."""
        if self._drawn is None or count > self._drawn.shape[1]:
            at, size = self.samples, max(self._next + _AT_ONCE, 2 * self._next, count)
            draw = backends.current().uniforms
            self._drawn = draw(at.seed, at.index, at.epoch, self.place, size)
        self._next = count
        return self._drawn

    def between(self, low: float, high: float) -> Floats:
        """Evenly from `low` to `high`."""
        return low + (high - low) * self.uniform()

    def log_between(self, low: float, high: float) -> Floats:
        """From `low` to `high`, as likely to be half as much as to be twice as much."""
        ends = elementary.log([low, high])
        return np.clip(elementary.exp(self.between(*ends)), low, high)

    def whole(self, low: int, high: int) -> npt.NDArray[np.int64]:
        """A whole number from `low` to `high`, both included."""
        return low + (self.uniform() * (high - low + 1)).astype(np.int64)

    def flags(self, probability: float) -> Flags:
        """True as often as that."""
        if not 0.0 < probability < 1.0:  # whatever number it is
            self._next += 1
            return filled(self.n, probability > 0.0, np.bool_)
        return self.uniform() < probability

    def pick(self, weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """One of several, as likely as its weight."""
        sums = np.cumsum(np.asarray(weights, np.float64))
        found = np.searchsorted(sums, self.uniform() * sums[-1], side="right")
        picked: npt.NDArray[np.int64] = np.minimum(found, len(sums) - 1)
        return picked

    def ranks(self, count: int) -> npt.NDArray[np.int64]:
        """An order of `count` things: the place of each in it, shape (n, count)."""
        order = self.uniforms(count).argsort(axis=1, kind="stable")
        return order.argsort(axis=1, kind="stable")

    def beta(self, a: float, b: float) -> Floats:
        """Beta distributed, by rejection (R. Cheng, 1978, algorithm BA).

        How many numbers that takes depends on the other samples, so nothing may be drawn after it.
        """
        both = a + b
        slope = np.sqrt((both - 2) / (2 * a * b - both)) if min(a, b) > 1 else max(1 / a, 1 / b)
        found = np.full(self.n, np.nan)
        while np.isnan(found).any():
            u, w = 1 - self.uniform(), 1 - self.uniform()
            v = slope * elementary.log(np.maximum(u, 2.0**-53) / np.maximum(1 - u, 2.0**-53))
            tried = a * elementary.exp(np.clip(v, -700, 700))
            likely = both * elementary.log(both / (b + tried)) + (a + 1 / slope) * v
            fits = np.isnan(found) & (likely - elementary.log(4.0) >= elementary.log(u * u * w))
            found[fits] = (tried / (b + tried))[fits]
        return found
