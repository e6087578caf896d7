"""Compositions of transforms: what is done, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from .base import Node, Slot, Transform
from .draws import Flags, Numbers, Samples

# The place of the composition that is the pipeline itself: its first transform has place 0.
ROOT = -1


class Composition(Node, abstract=True):
    """Transforms that belong together."""

    transforms: Sequence[Node]

    def check(self) -> None:
        if isinstance(self.transforms, str | bytes) or not isinstance(self.transforms, Sequence):
            raise TypeError(f"transforms must be a list of transforms, got {self.transforms!r}")
        for transform in self.transforms:
            if not isinstance(transform, Node):
                raise TypeError(
                    "transforms must be made of fastaug's transforms (fastaug.transforms.Custom "
                    f"makes one of a function), got {transform!r}"
                )

    def places(self) -> int:
        return 1 + sum(child.places() for child in self.transforms)

    def children(self, place: int) -> list[tuple[Node, int]]:
        """The transforms and their places, which follow the composition's own."""
        found = []
        place += 1
        for child in self.transforms:
            found.append((child, place))
            place += child.places()
        return found

    def leaves(self, place: int) -> Iterator[tuple[Transform, int]]:
        for child, where in self.children(place):
            yield from child.leaves(where)


class RandomApply(Composition):
    """All of some transforms, or none of them.

    Args:
        transforms: done in this order, each with its own probability on top.
        p: probability of all of them.

    Method:
        `RandomApply` of torchvision and `Sequential` of Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomApply([ft.GaussianBlur(1.0), ft.GaussianNoise(5)], p=0.3)
        RandomApply([GaussianBlur(sigma=1.0), GaussianNoise(std=5)], p=0.3)
    """

    p: float = field(default=0.5, kw_only=True)

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterator[Slot]:
        chosen = active & Numbers(samples, place).flags(self.p)
        for child, where in self.children(place):
            yield from child.slots(samples, where, chosen)


class OneOf(Composition):
    """One of some transforms.

    Args:
        transforms: of which one is chosen for each sample; it is then done with its own probability.
        weights: how likely each of them is against the others, at least 0; default all alike.
        p: probability that one is chosen at all.

    Method:
        `RandomChoice` of torchvision. `OneOf` of Albumentations takes the transforms' own `p` for
        the weights.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.OneOf([ft.GaussianBlur(1.0), ft.MedianBlur(3)], weights=(2, 1))
        OneOf([GaussianBlur(sigma=1.0), MedianBlur(size=3)], weights=(2, 1))
    """

    weights: Sequence[float] | None = None

    def check(self) -> None:
        super().check()
        if not self.transforms:
            raise ValueError("transforms must not be empty, got []")
        if self.weights is None:
            return
        weights = np.asarray(self.weights, np.float64)
        if weights.shape != (len(self.transforms),):
            raise ValueError(
                f"weights must be {len(self.transforms)} numbers, one for each transform, "
                f"got {self.weights!r}"
            )
        if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
            raise ValueError(f"weights must be at least 0, and not all 0, got {self.weights!r}")

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterator[Slot]:
        numbers = Numbers(samples, place)
        chosen = active & numbers.flags(self.p)
        weights = [1.0] * len(self.transforms) if self.weights is None else self.weights
        picked = numbers.pick(weights)
        for i, (child, where) in enumerate(self.children(place)):
            yield from child.slots(samples, where, chosen & (picked == i))


class SomeOf(Composition):
    """A few of some transforms, in the order in which they are listed.

    Args:
        transforms: of which some are chosen for each sample, none twice.
        n: how many; a number, or a pair (fewest, most).
        p: probability that some are chosen at all.

    Method:
        `SomeOf` of Albumentations with ``replace=False``.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.SomeOf([ft.RandomInvert(), ft.RandomFlip(), ft.Equalize()], n=2)
        SomeOf([RandomInvert(), RandomFlip(), Equalize()], n=2)
    """

    n: int | tuple[int, int] = 1

    def check(self) -> None:
        super().check()
        fewest, most = self._ends()
        if not 0 <= fewest <= most <= len(self.transforms):
            raise ValueError(
                f"n must be from 0 to {len(self.transforms)}, the number of transforms, "
                f"or a pair (fewest, most), got {self.n!r}"
            )

    def _ends(self) -> tuple[int, int]:
        pair: Any = (self.n, self.n) if isinstance(self.n, int | np.integer) else self.n
        try:
            fewest, most = (end.__index__() for end in pair)
        except (TypeError, ValueError, AttributeError):
            raise TypeError(
                f"n must be a whole number or a pair of whole numbers, got {self.n!r}"
            ) from None
        return fewest, most

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterator[Slot]:
        numbers = Numbers(samples, place)
        chosen = active & numbers.flags(self.p)
        count = numbers.whole(*self._ends())
        ranks = numbers.ranks(len(self.transforms))
        for i, (child, where) in enumerate(self.children(place)):
            yield from child.slots(samples, where, chosen & (ranks[:, i] < count))


class RandomOrder(Composition):
    """All of some transforms, in any order.

    Args:
        transforms: each is done with its own probability.
        p: probability of all of them.

    Method:
        `RandomOrder` of torchvision and Albumentations.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.RandomOrder([ft.RandomFlip(), ft.GaussianBlur(1.0)])
        RandomOrder([RandomFlip(), GaussianBlur(sigma=1.0)])
    """

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterator[Slot]:
        numbers = Numbers(samples, place)
        chosen = active & numbers.flags(self.p)
        ranks = numbers.ranks(len(self.transforms))
        made = [list(child.slots(samples, where, chosen)) for child, where in self.children(place)]
        for turn in range(len(made)):
            for i, slots in enumerate(made):
                now = ranks[:, i] == turn
                for slot in slots if np.count_nonzero(now) else ():
                    yield slot._replace(active=slot.active & now)
