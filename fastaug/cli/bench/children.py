"""Processes of our own for what one process cannot do twice: a level, a version, a fresh memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any


@contextmanager
def child(
    variables: Mapping[str, str] | None = None,
    start: Callable[..., None] | None = None,
    arguments: tuple[Any, ...] = (),
) -> Iterator[ProcessPoolExecutor]:
    """A process started anew, with these environment variables; `start` is called in it first."""
    before = dict(os.environ)
    os.environ.update(variables or {})
    try:
        with ProcessPoolExecutor(1, get_context("spawn"), start, arguments) as pool:
            pool.submit(os.getpid).result()  # it is there, and has read its environment
            yield pool
    finally:
        os.environ.clear()
        os.environ.update(before)
