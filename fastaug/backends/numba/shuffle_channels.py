"""Channels in another order, as ``csrc/cpu/shuffle_channels.cpp``."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from ...arrays import Array
from .copies import copy_from
from .jit import Scalar, inlined, kernel

Scalars: TypeAlias = tuple[Scalar, ...]
_PIXELS = 1024  # at a time; they stay in the closest cache


@inlined
def one_of(k: int, pixel: tuple[Scalar, ...], fill: Scalar) -> Scalar:
    """Channel `k` of three or four, or the fill value: selected, so that lanes can do it."""
    v = pixel[0] if k == 0 else fill
    v = pixel[1] if k == 1 else v
    return pixel[2] if k == 2 else v


@inlined
def three(p: Array, q: Array, t: int, count: int, order: Scalars, fill: Scalars) -> None:
    """So many pixels of three channels, to element `t` on."""
    k0, k1, k2 = order
    f0, f1, f2 = fill
    to = q[t : t + 3 * count]
    for x in range(count):
        at = np.uint64(3 * x)
        v = p[at], p[at + np.uint64(1)], p[at + np.uint64(2)]
        to[at] = one_of(k0, v, f0)
        to[at + np.uint64(1)] = one_of(k1, v, f1)
        to[at + np.uint64(2)] = one_of(k2, v, f2)


@inlined
def four(p: Array, q: Array, t: int, count: int, order: Scalars, fill: Scalars) -> None:
    """So many pixels of four channels."""
    k0, k1, k2, k3 = order
    f0, f1, f2, f3 = fill
    to = q[t : t + 4 * count]
    for x in range(count):
        at = np.uint64(4 * x)
        last = p[at + np.uint64(3)]
        v = p[at], p[at + np.uint64(1)], p[at + np.uint64(2)]
        to[at] = last if k0 == 3 else one_of(k0, v, f0)
        to[at + np.uint64(1)] = last if k1 == 3 else one_of(k1, v, f1)
        to[at + np.uint64(2)] = last if k2 == 3 else one_of(k2, v, f2)
        to[at + np.uint64(3)] = last if k3 == 3 else one_of(k3, v, f3)


@inlined
def any_number(p: Array, q: Array, t: int, count: int, order: Array, fill: Array) -> None:
    """So many pixels of any number of channels."""
    channels = len(order)
    to = q[t : t + count * channels]
    for c in range(channels):
        k = order[c]
        for x in range(count):
            at = np.uint64(x * channels)
            to[at + np.uint64(c)] = fill[c] if k < 0 else p[at + np.uint64(k)]


@kernel
def shuffle_channels(
    images: Array,
    out: Array,
    order: Array,
    fill: Array,
    width: int,
    channels: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of images [first, last), elements of any kind of that size."""
    # Read all of it before any is written: both may be the same.
    some = np.empty(_PIXELS * channels, images.dtype)
    for i in range(first, last):
        p, q, which, value = images[i], out[i], order[i], fill[i]
        for x in range(begin * width, end * width, _PIXELS):
            at, count = x * channels, min(_PIXELS, end * width - x)
            copy_from(p, at, some, 0, count * channels)
            if channels == 3:
                k3 = which[0], which[1], which[2]
                three(some, q, at, count, k3, (value[0], value[1], value[2]))
            elif channels == 4:
                k4 = which[0], which[1], which[2], which[3]
                four(some, q, at, count, k4, (value[0], value[1], value[2], value[3]))
            else:
                any_number(some, q, at, count, which, value)
