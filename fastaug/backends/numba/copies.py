"""Elements from one place to another: what a slice assigned to a slice does, without its questions.

Numba asks there whether both overlap, and then copies twice.
"""

from __future__ import annotations

from ...arrays import Array
from .jit import inlined


@inlined
def copy(a: Array, to: Array) -> None:
    """All elements of `to`, of the first of `a`."""
    for k in range(len(to)):
        to[k] = a[k]


@inlined
def copy_from(p: Array, at: int, q: Array, t: int, count: int) -> None:
    """So many elements: those of `p` from `at` on to those of `q` from `t` on."""
    copy(p[at : at + count], q[t : t + count])


@inlined
def repeat(pixel: Array, to: Array) -> None:
    """A pixel over and over; `to` has room for whole ones."""
    channels = len(pixel)
    if channels == 1:
        for k in range(len(to)):
            to[k] = pixel[0]
        return
    for k in range(min(channels, len(to))):
        to[k] = pixel[k]
    for k in range(channels, len(to)):
        to[k] = to[k - channels]
