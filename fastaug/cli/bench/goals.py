"""What a row of the table is held to, and whether it got there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

OURS = "fastaug"
A_COPY = "a copy"  # of as many bytes as the work reads and writes: the memory allows no more

# Whoever is this close to a plain copy is done, however fast the peers are.
ENOUGH_OF_A_COPY = 0.8


@dataclass(frozen=True)
class Goal:
    """So many times the speed of the fastest of these peers. See `times`."""

    ratio: float
    peers: tuple[str, ...]

    def describe(self) -> str:
        """As it stands in a table: ``5x opencv``."""
        return f"{self.ratio:g}x {' or '.join(self.peers)}"


@dataclass(frozen=True)
class Verdict:
    """How a row did: how many times the peer's speed it reached, and what share of a copy's."""

    state: Literal["met", "met by the copy", "missed", "not measured"]
    reached: float | None = None
    against: str | None = None

    @property
    def met(self) -> bool:
        return self.state.startswith("met")


def times(ratio: float, *peers: str) -> Goal:
    """A goal: `ratio` times as fast as the fastest of `peers` that are there.

    A peer may be `A_COPY`. Against the others, `ENOUGH_OF_A_COPY` of a copy's speed is enough.
    """
    return Goal(ratio, peers)


def judge(goal: Goal, speeds: Mapping[str, float]) -> Verdict:
    """Whether a goal was met, from everybody's images per second."""
    there = [name for name in goal.peers if name in speeds]
    if OURS not in speeds or not there:
        return Verdict("not measured")
    best = max(there, key=speeds.__getitem__)
    reached = speeds[OURS] / speeds[best]
    if reached >= goal.ratio:
        return Verdict("met", reached, best)
    share = share_of_copy(speeds)
    if A_COPY not in goal.peers and share is not None and share >= ENOUGH_OF_A_COPY:
        return Verdict("met by the copy", reached, best)
    return Verdict("missed", reached, best)


def share_of_copy(speeds: Mapping[str, float]) -> float | None:
    """Our speed in copies' speeds."""
    if OURS not in speeds or A_COPY not in speeds:
        return None
    return speeds[OURS] / speeds[A_COPY]
