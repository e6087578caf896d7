"""Checks of arguments that more than one kind of data set takes."""

from __future__ import annotations

import contextlib
import operator
from typing import Any

import numpy as np


def as_shard(shard: Any) -> tuple[int, int]:
    """The pair (index, count) of a share in the samples; all of them for None."""
    if shard is None:
        return 0, 1
    try:
        index, count = (operator.index(v) for v in shard)
    except (TypeError, ValueError):
        raise TypeError(f"`shard` must be a pair (index, count). Received: {shard!r}") from None
    if not 0 <= index < count:
        raise ValueError(f"`shard` must be (index, count), index < count. Received: {shard!r}")
    return index, count


def whole(name: str, value: Any, least: int, most: float = np.inf) -> int:
    """A whole number in its range."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"`{name}` must be a whole number. Received: {value!r}") from None
    if not least <= number <= most:
        limits = f"at least {least}" if most == np.inf else f"from {least} to {most}"
        raise ValueError(f"`{name}` must be {limits}. Received: {value!r}")
    return number


def real(name: str, value: Any) -> float:
    """A number, which may be infinite or NaN."""
    if not isinstance(value, str | bytes) and np.ndim(value) == 0:
        with contextlib.suppress(TypeError):
            return float(value)
    raise TypeError(f"`{name}` must be a number. Received: {value!r}")
