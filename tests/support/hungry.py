"""A call that takes memory, for a process of its own, which must be able to import it."""

from __future__ import annotations

import dataclasses

import numpy as np

from fastaug.cli.bench import cases, memory
from fastaug.cli.bench.cases import Case
from fastaug.cli.bench.goals import OURS

ROW = "flip horizontal uint8"


def small_case(row: str) -> Case:
    (case,) = (c for c in cases.cases(size=16, batch=1) if c.row == row)
    return case


def grown_by(size: int) -> int:
    """What is measured of a call that takes so many bytes."""

    def hungry() -> None:
        np.ones(size, np.uint8)  # and gone

    case = dataclasses.replace(small_case(ROW), contenders={OURS: lambda: hungry})
    memory.cases = lambda **how: [case]  # type: ignore[attr-defined,assignment]
    return memory.measure(case.row, 1)
