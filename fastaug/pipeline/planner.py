"""From what was drawn for each sample to what is done: as few resamples as possible, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..transforms.base import Geometric, Local, Slot, Transform
from ..transforms.draws import Samples, Values
from .moves import Moves, Resample, Rows, Sizes


@dataclass(frozen=True)
class Change:
    """A transform of the values of some samples.

    Attributes:
        rows: which samples, in increasing order; shape (k,).
        transform: what is done.
        values: what it drew for them.
        place: of its draws in the counter.
    """

    rows: Rows
    transform: Local
    values: Values
    place: int


Action: TypeAlias = Resample | Change


def plan_batch(
    slots: Iterable[Slot], samples: Samples, sizes: Sizes, *, fuse: bool
) -> tuple[list[Action], Sizes]:
    """What to do, and the sizes of the results.

    Args:
        slots: what was drawn, in order.
        samples: the samples.
        sizes: (n, 2), heights and widths of their images.
        fuse: whether moves that follow each other become one.
    """
    moves = Moves(sizes)
    actions: list[Action] = []
    for transform, place, active, values in slots:
        rows = np.flatnonzero(active)
        if not rows.size:
            continue
        mine = subset(values, rows)
        if isinstance(transform, Geometric):
            actions += moves.add(transform, mine, samples, place, rows)
            if not fuse:
                actions += moves.take(active)
        else:
            actions += moves.take(active)
            actions.append(Change(rows, _local(transform), mine, place))
    actions += moves.take(np.ones(samples.n, np.bool_))
    return actions, moves.sizes


def subset(values: Values, rows: Rows) -> Values:
    """What some of the samples drew."""
    return {name: value[rows] for name, value in values.items()}


def _local(transform: Transform) -> Local:
    assert isinstance(transform, Local)
    return transform
