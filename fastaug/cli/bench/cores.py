"""How speed goes with the threads, beside what the machine itself gives for as many cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import perf_counter
from typing import Any

import numpy as np

from ... import threads as own_threads
from . import peers
from .cases import Call, Case, find_op
from .goals import OURS
from .scaling import SIZED, rows

ROWS = (*SIZED, "warp_affine nearest nearest uint8", "copy uint8")
GOAL = 1.9  # two threads against one; a copy shares the memory bus
_FREE_OF_IT = ("copy", "flip")
# Many short rounds: each compares what ran within the same blink, and most of them find nobody else
# on the second core.
_ROUNDS = 41


def threads(ops: list[str], seconds: float, most: int) -> list[dict[str, Any]]:
    """Ours with 1, 2, 4 … `most` threads, on as many cores, and one thread on each of them by itself.

    The latter have a batch each and nothing in common but the memory: no threads of ours could be
    faster. Speeds are told within a round, and the medians of all rounds given.
    """
    counts = sorted({min(2**i, most) for i in range(most.bit_length() + 1)})
    found = []
    with peers.limited(most):
        for case in rows(ROWS, ops):
            found += _of_row(case, counts, seconds)
            case.work.release()
    return found


def _of_row(case: Case, counts: list[int], seconds: float) -> list[dict[str, Any]]:
    op = find_op(case.op, case.variant)
    kind, how = type(case.work), (case.work.shape, case.work.dtype, case.work.options)
    calls = [op.make(OURS, kind(*how)) for _ in range(counts[-1])]
    with ThreadPoolExecutor(counts[-1]) as pool:
        turns: dict[tuple[str, int], Callable[[int], float]] = {}
        for n in counts:
            turns["together", n] = _together(n, calls[0])
            turns["apart", n] = _apart(pool, calls[:n])
        # Images in a second: those of one call, over the seconds that one took.
        taken = _take_turns(turns, seconds)
    speeds = {turn: case.images_per_call / np.array(each) for turn, each in taken.items()}
    one = speeds["together", 1]
    return [
        {
            "row": case.row,
            "threads": n,
            "images_per_second": float(np.median(speeds["together", n])),
            "speedup": float(np.median(speeds["together", n] / one)),
            "quartiles": np.quantile(speeds["together", n] / one, (0.25, 0.75)).tolist(),
            "apart": float(np.median(n * speeds["apart", n] / one)),
            "met": _met(case, n, float(np.median(speeds["together", n] / one))),
        }
        for n in counts
    ]


def _met(case: Case, n: int, speedup: float) -> bool | None:
    return speedup >= GOAL if n == 2 and case.op not in _FREE_OF_IT else None


def _together(n: int, call: Call) -> Callable[[int], float]:
    """So many calls, one after the other, of one batch with `n` threads: the seconds of each."""

    def turn(repeats: int) -> float:
        own_threads.set_num_threads(n)
        start = perf_counter()
        for _ in range(repeats):
            call()
        return (perf_counter() - start) / repeats

    return turn


def _apart(pool: ThreadPoolExecutor, calls: list[Call]) -> Callable[[int], float]:
    """The same of as many batches at once, in one thread of Python each."""
    ready = Barrier(len(calls))

    def alone(call: Call, repeats: int) -> tuple[float, float]:
        ready.wait()
        start = perf_counter()
        for _ in range(repeats):
            call()
        return start, perf_counter()

    def turn(repeats: int) -> float:
        own_threads.set_num_threads(1)
        starts, ends = zip(*pool.map(alone, calls, [repeats] * len(calls)), strict=True)
        seconds: float = max(ends) - min(starts)
        return seconds / repeats

    return turn


def _take_turns(
    turns: dict[tuple[str, int], Callable[[int], float]], seconds: float
) -> dict[tuple[str, int], list[float]]:
    """Seconds of a call, round after round in rotating order; about so many seconds in all for each."""
    once = max(turns["together", 1](1) for _ in range(3))
    repeats = max(1, round(seconds / _ROUNDS / once))
    taken: dict[tuple[str, int], list[float]] = {turn: [] for turn in turns}
    order = list(turns)
    for number in range(_ROUNDS):
        for i in range(len(order)):
            turn = order[(i + number) % len(order)]
            taken[turn].append(turns[turn](repeats))
    return taken
