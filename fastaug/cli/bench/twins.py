"""Numba against the extension: the same calls in turns, which give the same bits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from ... import backends
from .agree import EXACT
from .cases import Call, Case
from .goals import OURS, times

NATIVE = "native"
MOST = 4  # times as long as the extension, at its lowest level


def missing() -> str | None:
    """Why the two cannot be compared here, or None."""
    return backends.unavailable("numba") or backends.unavailable("native")


def twins(cases: Iterable[Case]) -> list[Case]:
    """The cases with two contenders: ours on Numba, and as the peer ours on the extension.

    What has no kernels in it, or times itself, is left out.
    """
    return [_twins(case) for case in cases if OURS in case.contenders and not _apart(case)]


def _apart(case: Case) -> bool:
    return case.op in ("directory", "training") or "Keras" in case.variant


def _twins(case: Case) -> Case:
    make = case.contenders[OURS]
    return replace(
        case,
        contenders={OURS: partial(_on, "numba", make), NATIVE: partial(_on, "native", make)},
        agreements={OURS: EXACT, NATIVE: EXACT},
        goal=times(1 / MOST, NATIVE),
    )


def _on(backend: str, make: Callable[[], Call]) -> Call:
    with backends.use_backend(backend):
        call = make()

    def turn() -> Any:
        with backends.use_backend(backend):
            return call()

    return turn
