"""Ops of single values on bytes, several made one: what each makes of the table of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .passes import Stage

# The kinds of `point` that need not see the image: as in csrc/arguments.hpp, without contrast and
# channel_shift.
_BLIND = range(4)

_BYTE = np.dtype(np.uint8)  # which a dtype is compared with in a tenth of the time

Tables = npt.NDArray[np.uint8]  # (n, 256)


def merged(stages: list[Stage], backend: Any) -> Iterator[Stage]:
    """The same stages, but for ops of single values that follow each other: these become one."""
    run: list[Stage] = []
    for stage in stages:
        if run and not _goes_on(run[-1], stage):
            yield from _as_one(run, backend)
            run = []
        if _is_table(stage):
            run.append(stage)
        else:
            yield stage
    yield from _as_one(run, backend)


def _is_table(stage: Stage) -> bool:
    if stage.before.dtype != _BYTE:
        return False
    if stage.op == "user_op":
        return bool(stage.arguments[0].kind == "element")
    return stage.op == "point" and stage.arguments[0] in _BLIND


def _goes_on(last: Stage, stage: Stage) -> bool:
    return _is_table(stage) and last.after == stage.before and _alpha(last) == _alpha(stage)


def _alpha(stage: Stage) -> bool:
    """Whether the fourth channel stays as it is."""
    return stage.op == "point" and bool(stage.arguments[-1]) and stage.before.channels == 4


def _as_one(run: list[Stage], backend: Any) -> Iterator[Stage]:
    if len(run) < 2:
        yield from run
        return
    taking_part = np.max([stage.rows for stage in run], axis=0) >= 0
    images = np.flatnonzero(taking_part)
    tables = _tables(len(images))
    for stage in run:
        mine = np.flatnonzero(stage.rows[images] >= 0)
        row = stage.rows[images[mine]]
        all_of_them = _tables(stage.n)
        all_of_them[row] = tables[mine]
        # A table has no alpha.
        arguments = stage.arguments if stage.op == "user_op" else (*stage.arguments[:-1], False)
        tables[mine] = _through(all_of_them, getattr(backend, stage.op), *arguments)[row]
    rows = np.full(len(taking_part), -1, np.int64)
    rows[images] = np.arange(len(images))
    first = run[0]
    yield Stage("lookup", (tables, _alpha(first)), rows, len(images), first.before, first.after)


def _tables(n: int) -> Tables:
    """Tables that leave every value as it is."""
    return np.tile(np.arange(256, dtype=np.uint8), (n, 1))


def _through(tables: Tables, op: Callable[..., None], *arguments: Any) -> Tables:
    """What an op makes of tables."""
    before = tables.reshape(-1, 1, 256, 1)
    after = np.empty_like(before)
    op(before, after, *arguments)
    return after.reshape(-1, 256)
