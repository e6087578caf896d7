"""Checks of arguments that more than one kind of data set takes."""

from __future__ import annotations

import contextlib
import difflib
import inspect
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

# What every iterator takes; the last three are of `keras.utils.PyDataset`.
OF_ITERATORS = ("sampling", "shard", "workers", "use_multiprocessing", "max_queue_size")


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


def image_size(name: str, value: Any) -> tuple[int, int]:
    """A pair (height, width) in pixels."""
    pair = None
    if not isinstance(value, str | bytes):
        with contextlib.suppress(TypeError):
            pair = tuple(operator.index(side) for side in value)
    if pair is None or len(pair) != 2:
        raise TypeError(
            f"`{name}` must be a pair (height, width) of whole numbers. Received: {value!r}"
        )
    if min(pair) < 1:
        raise ValueError(f"`{name}` must be at least 1 x 1. Received: {value!r}")
    return pair[0], pair[1]


def real(name: str, value: Any) -> float:
    """A number, which may be infinite or NaN."""
    if not isinstance(value, str | bytes) and np.ndim(value) == 0:
        with contextlib.suppress(TypeError):
            return float(value)
    raise TypeError(f"`{name}` must be a number. Received: {value!r}")


def refuse_unknown(function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Python's error for an argument that neither a function nor every iterator takes."""
    for name in arguments:
        if name not in OF_ITERATORS:
            known = [*inspect.signature(function).parameters, *OF_ITERATORS]
            raise TypeError(
                f"{function.__qualname__}() got an unexpected keyword argument {name!r}"
                f"{did_you_mean(name, known)}"
            )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of an error about a name; nothing if none of those known is like it."""
    close = difflib.get_close_matches(name, known, 1, 0.75)
    return f"; did you mean {close[0]!r}?" if close else ""
