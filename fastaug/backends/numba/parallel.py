"""A batch as units of work, and the threads that do them.

A small pool of our own: Numba's own layers abort after a fork, or under several Python threads. It
is made at the first use, and forgotten in a forked child.
"""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeAlias

import numpy as np

from ...arrays import Array
from ...threads import get_num_threads

# Images [first, last), rows [begin, end) of each.
Unit: TypeAlias = tuple[int, int, int, int]

_WORTH_A_THREAD = 32768  # elements; below, waking a thread costs more than it saves
_LEAST_ROWS = 8

_lock = threading.Lock()
_pool: ThreadPoolExecutor | None = None
_workers = 0


def run(
    kernel: Callable[..., None],
    images: Array,
    out: Array,
    each: Sequence[Array],
    rest: Sequence[Any],
    *,
    splits: bool = True,
) -> None:
    """Calls `kernel` for all rows of `out`.

    Args:
        kernel: takes images and out as (N, elements), what follows, and a unit of work.
        images: (N, H, W, C), in any layout.
        out: the same, with a height and width of its own.
        each: arrays with an entry for each image.
        rest: numbers that all images share.
        splits: whether bands of rows of one image may be made apart.
    """
    threads = get_num_threads()  # first: a bad setting is an error whatever the images
    if out.size == 0:
        return
    out = np.asarray(out)  # not a subclass, which Numba would not know
    each = [writeable(np.ascontiguousarray(a)) for a in each]
    if images.flags.c_contiguous and out.flags.c_contiguous:
        source, target = flat(writeable(images)), flat(out)

        def work(unit: Unit) -> None:
            kernel(source, target, *each, *rest, *unit)

    else:
        splits = False  # every band would fetch the whole image

        def work(unit: Unit) -> None:
            for i in range(unit[0], unit[1]):
                source = writeable(np.ascontiguousarray(images[i : i + 1]))
                direct = out[i : i + 1].flags.c_contiguous
                target = out[i : i + 1] if direct else np.empty(out[i : i + 1].shape, out.dtype)
                one = [a[i : i + 1] for a in each]
                kernel(flat(source), flat(target), *one, *rest, 0, 1, 0, out.shape[1])
                if not direct:
                    out[i : i + 1] = target

    threads = threads if out.size >= _WORTH_A_THREAD else 1
    spread(work, _units(len(out), out.shape[1], threads, splits), threads)


def flat(array: Array) -> Array:
    """A contiguous array as (N, elements), of which there may be none."""
    return array.reshape(len(array), math.prod(array.shape[1:]))


class _Memory:
    """The memory of an array, under NumPy's protocol."""

    def __init__(self, array: Array) -> None:
        self.array = array
        self.__array_interface__ = {
            **array.__array_interface__,
            "data": (array.__array_interface__["data"][0], False),
        }


def writeable(array: Array) -> Array:
    """A view that Numba takes for the type of all other arrays; no kernel writes to its input."""
    return array if array.flags.writeable else np.asarray(_Memory(array))


def _units(n: int, rows: int, threads: int, splits: bool) -> list[Unit]:
    if threads == 1:
        return [(0, n, 0, rows)]
    if splits and n < 2 * threads:
        bands = min(-(-4 * threads // n), -(-rows // _LEAST_ROWS))
        edges = [rows * b // bands for b in range(bands + 1)]
        return [(i, i + 1, edges[b], edges[b + 1]) for i in range(n) for b in range(bands)]
    ranges = min(n, 4 * threads)
    return [(n * r // ranges, n * (r + 1) // ranges, 0, rows) for r in range(ranges)]


class _Job:
    """Units that several threads share out among themselves."""

    def __init__(self, work: Callable[[Unit], None], units: Sequence[Unit]) -> None:
        self._work = work
        self._left = deque(units)
        self._changed = threading.Condition()
        self._busy = 0
        self._over = False
        self._error: BaseException | None = None

    def help(self) -> None:
        """Does units until none is left; nothing if the caller has left already."""
        with self._changed:
            if self._over:
                return
            self._busy += 1
        try:
            while (unit := self._take()) is not None:
                self._work(unit)
        except BaseException as error:
            self._left.clear()
            self._error = error
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _take(self) -> Unit | None:
        try:
            return self._left.popleft()
        except IndexError:
            return None

    def finish(self) -> None:
        """Does its share and waits for those that help; not for those that never came to it."""
        self.help()
        with self._changed:
            self._over = True
            self._changed.wait_for(lambda: self._busy == 0)
        if self._error is not None:
            raise self._error


def spread(work: Callable[[Unit], None], units: Sequence[Unit], threads: int) -> None:
    """Calls `work` for every unit, on at most so many threads, of which the caller is one."""
    helpers = min(threads, len(units)) - 1
    if helpers < 1:
        for unit in units:
            work(unit)
        return
    job = _Job(work, units)
    _start(job.help, helpers)
    job.finish()


def _start(work: Callable[[], None], count: int) -> None:
    global _pool, _workers
    with _lock:
        if _pool is None or _workers < count:
            if _pool is not None:
                _pool.shutdown(wait=False)  # once it has done what it was given
            _pool, _workers = ThreadPoolExecutor(count, "fastaug"), count
        # Refused where the interpreter is about to end, or there is no thread left for us.
        with suppress(RuntimeError):
            for _ in range(count):
                _pool.submit(work)


def _forget() -> None:
    global _lock, _pool, _workers
    _lock, _pool, _workers = threading.Lock(), None, 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
