"""Another version of a peer, from a folder of its own, in a process of its own, in turns with the rest.

Two versions of a library cannot be loaded into one process: ``pip install --target FOLDER`` puts the
other one where only that process looks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from . import peers
from .agree import as_array
from .cases import Call, Case, find_op
from .children import child
from .data import Shape

_TURN = 0.02  # seconds, as a turn of the others is about
_call: Call | None = None


class Also:
    """The peer of another version, which joins the cases that the peer is in."""

    def __init__(self, peer: str, pool: Executor) -> None:
        self.peer = peer
        self._pool = pool
        self.name = f"{peer} {pool.submit(_version, peer).result()}"

    def join(self, case: Case) -> Case:
        """The case with one contender more, if the peer can do it."""
        if self.peer not in case.contenders:
            return case
        makers = case.contenders | {self.name: partial(_Remote, self._pool, self.peer, case)}
        agreements = case.agreements | {self.name: case.agreements[self.peer]}
        return replace(case, contenders=makers, agreements=agreements)


@contextmanager
def started(folders: Mapping[str, Path], threads: int) -> Iterator[list[Also]]:
    """One process for every folder, of the peer it is given for."""
    with ExitStack() as stack:
        pools = {
            peer: stack.enter_context(child(start=_start, arguments=(str(folder), threads)))
            for peer, folder in folders.items()
        }
        yield [Also(peer, pool) for peer, pool in pools.items()]


class _Remote:
    """A call that is made over there, where its time is taken, too."""

    def __init__(self, pool: Executor, peer: str, case: Case) -> None:
        self._pool = pool
        work = case.work
        self._result = pool.submit(
            _prepare, case.op, case.variant, peer, work.shape, work.dtype
        ).result()
        self.took = 0.0

    def __call__(self) -> Any:
        self.took = self._pool.submit(_turn).result()
        return self._result


# What follows runs over there.


def _start(folder: str, threads: int) -> None:
    sys.path.insert(0, folder)
    peers.hold(threads)


def _version(peer: str) -> str:
    return peers.versions()[peer]


def _prepare(op: str, variant: str, peer: str, shape: Shape, dtype: str) -> Any:
    global _call
    _call = None  # its arrays go before others come
    found = find_op(op, variant)
    _call = found.make(peer, found.work(shape, dtype, found.variants[variant]))
    return as_array(_call())


def _turn() -> float:
    assert _call is not None
    start, calls = perf_counter(), 0
    while perf_counter() - start < _TURN or not calls:
        _call()
        calls += 1
    return (perf_counter() - start) / calls
