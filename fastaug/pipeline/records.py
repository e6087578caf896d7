"""What was drawn for a sample, as plain numbers that can be kept and done again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..transforms.base import Slot, Transform
from ..transforms.composition import ROOT, Composition
from ..transforms.draws import Samples

# What a sample's parameters are, one entry for each transform that is done to it.
Record = dict[str, Any]
_OWN = ("transform", "place")


def as_records(slots: Sequence[Slot], samples: Samples) -> list[Record]:
    """One record for each sample."""
    return [
        {
            "seed": int(samples.seed[i]),
            "index": int(samples.index[i]),
            "epoch": int(samples.epoch[i]),
            "transforms": [
                {
                    "transform": type(slot.transform).__name__,
                    "place": slot.place,
                    **{name: value[i].tolist() for name, value in slot.values.items()},
                }
                for slot in slots
                if slot.active[i]
            ],
        }
        for i in range(samples.n)
    ]


def from_records(
    records: Sequence[Mapping[str, Any]], pipeline: Composition
) -> tuple[Samples, list[Slot]]:
    """The samples of some records, and their transforms again.

    Raises:
        TypeError, ValueError: if a record is not one of this pipeline's.
    """
    samples = Samples(
        np.array([_entry(record, "seed") for record in records], np.uint64),
        np.array([_entry(record, "index") for record in records], np.uint32),
        np.array([_entry(record, "epoch") for record in records], np.uint32),
    )
    left = [list(_entry(record, "transforms"))[::-1] for record in records]
    known = {place: transform for transform, place in pipeline.leaves(ROOT)}
    slots = []
    while any(left):
        # The first place that is next for any sample, so that all do it together: what is made
        # of a batch needs it as it was when this was drawn.
        heads = {i: each[-1] for i, each in enumerate(left) if each}
        place = min(_entry(step, "place") for step in heads.values())
        mine = {i: step for i, step in heads.items() if step["place"] == place}
        for i in mine:
            left[i].pop()
        slots.append(_slot(known, place, mine, len(records)))
    return samples, slots


def _slot(known: Mapping[int, Transform], place: int, steps: dict[int, Any], n: int) -> Slot:
    transform = known.get(place)
    for step in steps.values():
        name = _entry(step, "transform")
        if transform is None or type(transform).__name__ != name:
            here = "nothing" if transform is None else type(transform).__name__
            raise ValueError(
                f"parameters must be of this pipeline, which has {here} in place {place}; "
                f"got {name}"
            )
    assert transform is not None
    rows = np.array(list(steps))
    active = np.zeros(n, np.bool_)
    active[rows] = True
    values = {}
    first = next(iter(steps.values()))
    for name in first:
        if name in _OWN:
            continue
        given = np.array([_entry(step, name) for step in steps.values()])
        values[name] = np.zeros((n, *given.shape[1:]), given.dtype)
        values[name][rows] = given
    return Slot(transform, place, active, values)


def _entry(record: Any, name: str) -> Any:
    if not isinstance(record, Mapping) or name not in record:
        raise ValueError(f"parameters must have an entry {name!r}, got {record!r}")
    return record[name]
