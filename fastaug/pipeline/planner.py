"""From what was drawn for each sample to what is done: as few resamples as possible, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..arrays import filled
from ..transforms.base import Geometric, Local, Slot
from ..transforms.custom import Outside
from ..transforms.draws import Samples, Values
from .moves import Moves, Resample, Rows


@dataclass(frozen=True)
class Change:
    """A transform of the values of some samples.

    Attributes:
        rows: which samples, in increasing order; shape (k,).
        transform: what is done, natively or outside.
        values: what it drew for them.
        place: of its draws in the counter.
    """

    rows: Rows
    transform: Local | Outside
    values: Values
    place: int


Action: TypeAlias = Resample | Change


def plan_batch(
    slots: Iterable[Slot], samples: Samples, moves: Moves, *, fuse: bool
) -> Iterator[Action]:
    """What to do, in order.

    Args:
        slots: what was drawn, in order.
        samples: the samples.
        moves: where what is still to be done is kept; it has nothing yet.
        fuse: whether moves that follow each other become one.
    """
    everyone = filled(samples.n, True, np.bool_)
    for transform, place, active, values in slots:
        rows = active.nonzero()[0]
        if not rows.size:
            continue
        mine = values if rows.size == samples.n else subset(values, rows)
        if isinstance(transform, Geometric):
            yield from moves.add(transform, mine, samples, place, rows)
            if not fuse:
                yield from moves.take(active)
        else:
            assert isinstance(transform, Local | Outside)
            # What is done outside may look at the whole batch.
            yield from moves.take(everyone if transform.outside else active)
            yield Change(rows, transform, mine, place)
    yield from moves.take(everyone)


def subset(values: Values, rows: Rows) -> Values:
    """What some of the samples drew."""
    return {name: value[rows] for name, value in values.items()}
