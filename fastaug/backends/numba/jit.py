"""Numba's compiler with the options that every kernel needs, and with types.

One IEEE-754 operation for each one written: no fast-math, and no contraction, which LLVM does only
when asked. Numba makes float64 of a float32 and a Python number, and float64 of a uint64 and an
int64, so constants have the width of what they meet, and results are cut to the width that the C++
has.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from numba import njit
from numba.core.compiler_lock import global_compiler_lock

Scalar: TypeAlias = Any  # a number of the width that its place in the arithmetic asks for
Function = TypeVar("Function", bound=Callable[..., Any])

_njit: Any = njit  # what Numba says of its types differs between its versions
OPTIONS = {"nogil": True, "fastmath": False, "error_model": "numpy"}
# What kernels call neither makes arrays nor gives any back, so it need not count who holds them:
# that takes two locked instructions for each array and turn of a loop, far more than a pixel.
BORROWING = {**OPTIONS, "_nrt": False}


_HELPERS = hashlib.sha256()
for _path in sorted(Path(__file__).parent.glob("*.py")):
    _HELPERS.update(_path.read_bytes())


def _stamp(function: Any) -> str:
    """What the machine code is made of; Numba looks at the file of the outermost function alone."""
    digest = _HELPERS.copy()
    digest.update(Path(function.__code__.co_filename).read_bytes())
    return digest.hexdigest()


def kernel(function: Function) -> Function:
    """Compiles at the first call with new types, and keeps the code on disk where it may."""
    try:
        dispatcher: Any = _njit(cache=True, **OPTIONS)(function)
        # A change to a helper in another file must not find the old code.
        with suppress(AttributeError):  # no cache, by NUMBA_DISABLE_JIT
            dispatcher._cache._cache_file._source_stamp = _stamp(function)
    except RuntimeError:  # nowhere to write
        dispatcher = _njit(**OPTIONS)(function)
    result: Function = dispatcher
    return result


def inlined(function: Function) -> Function:
    """Makes a function part of every kernel that calls it, specialised for constant arguments.

    It makes no array but views, and gives none back.
    """
    result: Function = _njit(forceinline=True, **BORROWING)(function)
    return result


def shared(function: Function) -> Function:
    """Makes a function that kernels call, in machine code of its own, under the same rules."""
    result: Function = _njit(**BORROWING)(function)
    return result


def users(function: Function) -> Function:
    """As `inlined`, for what users write, which may make arrays of its own."""
    result: Function = _njit(forceinline=True, **OPTIONS)(function)
    return result


def users_kernel(function: Function) -> Function:
    """As `kernel`, around what users write, and not kept on disk."""
    result: Function = _njit(**OPTIONS)(function)
    return result


# A child forked while another thread compiles would wait for ever for a lock that nobody holds.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=global_compiler_lock.acquire,
        after_in_parent=global_compiler_lock.release,
        after_in_child=global_compiler_lock.release,
    )
