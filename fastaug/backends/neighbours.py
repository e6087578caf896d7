"""Saturation and hue of bytes, made one where they follow each other for the same images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from .passes import Stage

_COLOURS = {"saturation", "hue"}
_BYTE = np.dtype(np.uint8)


def joined(stages: Iterable[Stage]) -> Iterator[Stage]:
    """The same stages, but for these."""
    last: Stage | None = None
    for stage in stages:
        if last is not None and _fit(last, stage):
            yield _as_one(last, stage)
            last = None
            continue
        if last is not None:
            yield last
        last = stage
    if last is not None:
        yield last


def _fit(first: Stage, second: Stage) -> bool:
    return (
        {first.op, second.op} == _COLOURS
        and first.before.dtype == _BYTE
        and first.arguments[1:] == second.arguments[1:]
        and first.n == second.n
        and np.array_equal(first.rows, second.rows)
    )


def _as_one(first: Stage, second: Stage) -> Stage:
    (one, *limits), (other, *_) = first.arguments, second.arguments
    hue_first = first.op == "hue"
    factor, turn = (other, one) if hue_first else (one, other)
    arguments = (factor, turn, hue_first, *limits)
    return first._replace(op="saturation_hue", arguments=arguments, after=second.after)
