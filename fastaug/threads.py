"""How many threads the kernels use: a rule for the process, not for the backend."""

from __future__ import annotations

import operator
import os
import sys
from functools import cache
from pathlib import Path

MOST = 2**16
_asked = os.environ.get("FASTAUG_NUM_THREADS", "")
_chosen: int | None = None
_forked = False


def get_num_threads() -> int:
    """Returns the most threads that one call uses, the calling one included.

    It is what `set_num_threads` was given, else ``FASTAUG_NUM_THREADS`` as it was when fastaug was
    imported, else 1 inside a worker process (`multiprocessing`, a data loader), else the CPUs this
    process may use.

    Raises:
        ValueError: if ``FASTAUG_NUM_THREADS`` is not a whole number from 1 to 65536.

    Examples:
        >>> import fastaug
        >>> fastaug.get_num_threads() >= 1
        True
    """
    if _chosen is not None:
        return _chosen
    if _asked:
        if not (_asked.isdecimal() and 1 <= int(_asked) <= MOST):
            raise ValueError(
                f"FASTAUG_NUM_THREADS must be a whole number from 1 to {MOST}, got {_asked!r}"
            )
        return int(_asked)
    return 1 if _in_worker_process() else _usable_cpus()


def set_num_threads(n: int) -> None:
    """Sets the most threads that one call uses, the calling one included.

    Results never depend on it. A process forked later starts anew, with one thread.

    Args:
        n: a whole number from 1 to 65536.

    Raises:
        TypeError: if `n` is not a whole number.
        ValueError: if it is out of its range.

    Examples:
        >>> import fastaug
        >>> fastaug.set_num_threads(2)
        >>> fastaug.get_num_threads()
        2
    """
    global _chosen
    try:
        if isinstance(n, bool):
            raise TypeError
        whole = operator.index(n)
    except TypeError:
        raise TypeError(f"n must be a whole number, got {n!r}") from None
    if not 1 <= whole <= MOST:
        raise ValueError(f"n must be from 1 to {MOST}, got {whole}")
    _chosen = whole


def _in_worker_process() -> bool:
    if _forked:
        return True
    # A spawned child has this module loaded before it loads ours; importing it here would cost time.
    process = sys.modules.get("multiprocessing.process")
    return process is not None and process.parent_process() is not None


def _usable_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        cpus = len(os.sched_getaffinity(0))
    else:
        cpus = os.cpu_count() or 1
    return max(1, min(cpus, _cgroup_cpus()))


@cache
def _cgroup_cpus() -> int:
    """CPUs that a container's quota amounts to, rounded up."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return -(-int(quota) // int(period))
    except (OSError, ValueError):  # no such file, or no limit ("max")
        return sys.maxsize


def _after_fork() -> None:
    global _chosen, _forked
    _chosen, _forked = None, True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
