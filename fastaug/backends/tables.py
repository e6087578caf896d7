"""Ops of single values on bytes, several made one: what each makes of the table of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .passes import Stage

# The kinds of `point` that need not see the image: as in csrc/arguments.hpp, without contrast and
# channel_shift.
_BLIND = range(4)
# What an op of single values does to images, as the backend has it.
Point = Callable[..., None]


def merged(stages: list[Stage], point: Point) -> Iterator[Stage]:
    """The same stages, but for ops of single values that follow each other: these become one."""
    run: list[Stage] = []
    for stage in stages:
        if run and not _goes_on(run[-1], stage):
            yield from _as_one(run, point)
            run = []
        if _is_table(stage):
            run.append(stage)
        else:
            yield stage
    yield from _as_one(run, point)


def _is_table(stage: Stage) -> bool:
    return stage.op == "point" and stage.before.dtype == np.uint8 and stage.arguments[0] in _BLIND


def _goes_on(last: Stage, stage: Stage) -> bool:
    return _is_table(stage) and last.after == stage.before and _alpha(last) == _alpha(stage)


def _alpha(stage: Stage) -> bool:
    return bool(stage.arguments[-1]) and stage.before.channels == 4


def _as_one(run: list[Stage], point: Point) -> Iterator[Stage]:
    if len(run) < 2:
        yield from run
        return
    taking_part = np.max([stage.rows for stage in run], axis=0) >= 0
    images = np.flatnonzero(taking_part)
    tables = np.tile(np.arange(256, dtype=np.uint8), (len(images), 1))
    for stage in run:
        mine = np.flatnonzero(stage.rows[images] >= 0)
        row = stage.rows[images[mine]]
        before = np.empty((stage.n, 1, 256, 1), np.uint8)
        before[row, 0, :, 0] = tables[mine]
        after = np.empty_like(before)
        point(before, after, *stage.arguments[:-1], False)  # a table has no alpha
        tables[mine] = after[row, 0, :, 0]
    rows = np.full(len(taking_part), -1, np.int64)
    rows[images] = np.arange(len(images))
    first = run[0]
    yield Stage("lookup", (tables, _alpha(first)), rows, len(images), first.before, first.after)
