"""Takes the time of the contenders of a case, turn by turn, so that a slow minute hits them all."""

from __future__ import annotations

import gc
import math
import statistics
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from .agree import DisagreementError, as_array, check_moved
from .cases import Call, Case
from .goals import A_COPY, OURS, Verdict, judge, share_of_copy

ROUNDS = 15
DISAGREES = "does other work"
_FEWEST = 3


@dataclass
class Timing:
    """Seconds per call of one contender, one entry for each round."""

    calls: int
    turns: int
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass
class Outcome:
    """What came of a case: the timings, and why contenders were left out."""

    case: Case
    timings: dict[str, Timing]
    left_out: dict[str, str]

    def images_per_second(self, name: str) -> float:
        return self.case.images_per_call / self.timings[name].median

    @property
    def speeds(self) -> dict[str, float]:
        """Everybody's images per second."""
        return {name: self.images_per_second(name) for name in self.timings}

    @property
    def share_of_copy(self) -> float | None:
        """Our speed in that of a plain copy."""
        return share_of_copy(self.speeds)

    @property
    def verdict(self) -> Verdict | None:
        """Whether the goal was met, if there is one."""
        return judge(self.case.goal, self.speeds) if self.case.goal else None

    @property
    def bound(self) -> str | None:
        """Who does a part of the work only, and so says what the rest of it costs."""
        parts = (name for name in self.timings if self._is_bound(name) and name != A_COPY)
        return next(parts, None)

    @property
    def best_peer(self) -> str | None:
        others = [name for name in self.timings if name != OURS and not self._is_bound(name)]
        return max(others, key=self.images_per_second, default=None)

    def _is_bound(self, name: str) -> bool:
        return self.case.agreements[name].kind == "bound"

    def times_the_bound(self) -> dict[str, float]:
        """How many times as long as the bound the others take."""
        if self.bound is None:
            return {}
        alone = self.timings[self.bound].median
        others = [name for name in self.timings if name != self.bound]
        return {name: self.timings[name].median / alone for name in others}

    @property
    def ratio(self) -> float | None:
        """How many times as fast as the best peer we are; less than 1 is a loss."""
        best = self.best_peer
        if best is None or OURS not in self.timings:
            return None
        return self.images_per_second(OURS) / self.images_per_second(best)


def prepare(case: Case) -> tuple[dict[str, Call], dict[str, str]]:
    """The calls of a case, each checked against ours, and the contenders that had to be left out."""
    calls: dict[str, Call] = {}
    reasons: dict[str, str] = {}
    ours = None
    # Ours first: the others are measured against it.
    for name in sorted(case.contenders, key=lambda name: name != OURS):
        # What a contender does not write must not pass for its result.
        case.work.out.fill(1)
        try:
            with _hushed():
                call = case.contenders[name]()
                given = call()
                result = as_array(given).copy()
            if name == OURS:
                ours = result
            elif ours is not None:
                case.agreements[name].check(case.work, ours, result)
                if case.agreements[name].kind != "bound":
                    check_moved(case.work.images, given)
        except DisagreementError as error:
            reasons[name] = f"{DISAGREES}: {error}"
        except Exception as error:  # a peer that is broken here must not stop the others
            reasons[name] = f"{type(error).__name__}: {error}".splitlines()[0]
        else:
            calls[name] = call
    return calls, reasons


def run(case: Case, seconds: float, clock: Callable[[], float] = perf_counter) -> Outcome:
    """Checks and times the contenders of a case, about so many seconds for each."""
    calls, reasons = prepare(case)
    try:
        seconds *= case.work.options.get("patience", 1)
        return Outcome(case, take_turns(calls, seconds, clock), reasons)
    finally:
        case.work.release()


def take_turns(
    calls: dict[str, Call], seconds: float, clock: Callable[[], float] = perf_counter
) -> dict[str, Timing]:
    """Times calls that have been made once already, about so many seconds each."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        with _hushed():
            timings = {name: _plan(call, seconds, clock) for name, call in calls.items()}
            for name, turn in _order(timings):
                call = calls[name]
                start = clock()
                for _ in range(turn.calls):
                    call()
                elapsed = (clock() - start) / turn.calls
                # One that knows better which part of it counts says so, and is called once a turn.
                turn.seconds.append(getattr(call, "took", elapsed))
    finally:
        if collecting:
            gc.enable()
    return timings


@contextmanager
def _hushed() -> Iterator[None]:
    """Peers warn of their own affairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _plan(call: Call, seconds: float, clock: Callable[[], float]) -> Timing:
    """How many rounds a contender takes part in, and its calls in each."""
    turn = seconds / ROUNDS
    spent, once = 0.0, math.inf
    while spent == 0.0 or (spent < turn and not hasattr(call, "took")):
        start = clock()
        call()  # the first few find the caches as others left them
        took = max(clock() - start, 1e-7)
        spent, once = spent + took, min(once, took)
    calls = 1 if hasattr(call, "took") else max(1, int(turn / once))
    return Timing(calls, int(np.clip(seconds / once / calls, _FEWEST, ROUNDS)))


def _order(timings: dict[str, Timing]) -> Iterable[tuple[str, Timing]]:
    """Whose turn it is: rounds in rotating order, the slow ones' few turns spread over them."""
    names = list(timings)
    for number in range(ROUNDS):
        for i in range(len(names)):
            name = names[(i + number) % len(names)]
            turns = timings[name].turns
            if (number + 1) * turns // ROUNDS > number * turns // ROUNDS:
                yield name, timings[name]
