"""What it means to do as Keras does: the same action on two classes, and all that can be seen of it.

An action is a function of a generator class that returns whatever it makes. `agree` runs it with
the referee's class and with ours and compares what came back, NumPy's global generator afterwards,
the warnings, and the error if there was one.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# Grey levels, on the 0-255 scale.
PROMISE = 0.01

Action = Callable[[Any], Any]


@dataclass
class Seen:
    """All that an action showed."""

    result: Any = None
    state: tuple[Any, ...] = ()
    warned: set[tuple[type[Warning], frozenset[str]]] = field(default_factory=set)
    error: Exception | None = None


@dataclass
class Largest:
    """The largest difference of pixels so far, for the summary of a run."""

    comparisons: int = 0
    levels: float = 0.0
    where: str = ""

    def note(self, levels: float, where: str) -> None:
        self.comparisons += 1
        if levels > self.levels:
            self.levels, self.where = levels, where


LARGEST = Largest()


def watch(action: Action, cls: Any, seed: int = 99) -> Seen:
    """Runs an action after seeding the global generator."""
    seen = Seen()
    caught: list[tuple[type[Warning], str]] = []
    # What the action before this one read ahead may still be at work.
    strangers = set(threading.enumerate()) - {threading.current_thread()}

    def note(message: Warning | str, category: type[Warning], *_: Any) -> None:
        if threading.current_thread() not in strangers:
            caught.append((category, str(message)))

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = note
        np.random.seed(seed)
        try:
            seen.result = action(cls)
        except Exception as error:  # whatever it is, it is what we compare
            seen.error = error
    seen.state = np.random.get_state()
    for category, message in caught:
        # The referees import SciPy by an old name, and hand Pillow an old argument.
        if issubclass(category, UserWarning | DeprecationWarning) and not re.search(
            r"`affine_transform`|'mode' parameter", message
        ):
            seen.warned.add((category, frozenset(re.findall(r"`(\w+)`", message))))
    return seen


def agree(
    referee: Any,
    ours: Any,
    action: Action,
    *,
    tolerance: float | Callable[[Any], float] | None = PROMISE,
    what: str = "",
) -> Seen:
    """Fails unless both classes do the same; gives what the referee showed.

    Args:
        referee: Keras' class, or one like it.
        ours: the class to judge.
        action: what to do with each.
        tolerance: of arrays of floats, absolute, or what gives it for the referee's result; None
            wants the same bits. Numbers, and arrays of anything else, are equal in any case.
        what: names the case in the summary.
    """
    expected, got = watch(action, referee), watch(action, ours)
    if expected.error is not None or got.error is not None:
        same_error(expected.error, got.error)
        return expected
    if callable(tolerance):
        tolerance = tolerance(expected.result)
    same(expected.result, got.result, tolerance=tolerance, what=what)
    assert expected.warned == got.warned, f"{got.warned} instead of {expected.warned}"
    same_state(expected.state, got.state)
    return expected


def same_error(expected: Exception | None, got: Exception | None) -> None:
    """The same type; where the referee runs into what a library beneath it says, a plainer one."""
    if expected is None:
        assert got is not None
        raise got
    assert got is not None, f"no error here, but {expected!r}"
    plain = isinstance(got, ValueError | TypeError)
    if type(expected) in (ValueError, TypeError):
        assert isinstance(got, type(expected)), f"{got!r} instead of {expected!r}"
    else:
        assert plain or type(got) is type(expected), f"{got!r} instead of {expected!r}"


def same_state(expected: tuple[Any, ...], got: tuple[Any, ...]) -> None:
    """NumPy's global generator was left as the referee leaves it."""
    for a, b in zip(expected, got, strict=True):
        np.testing.assert_array_equal(a, b, err_msg="the global generator's state")


def same(expected: Any, got: Any, *, tolerance: float | None = None, what: str = "") -> None:
    """Arrays, and what holds arrays: the same types, shapes, dtypes and values."""
    if isinstance(expected, np.ndarray):
        assert isinstance(got, np.ndarray), f"{what}: {type(got)} instead of an array"
        assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
        if tolerance is None or expected.dtype.kind not in "fc":
            np.testing.assert_array_equal(expected, got)
        else:
            difference = np.abs(expected.astype(np.float64) - got)
            finite = np.isfinite(expected)
            np.testing.assert_array_equal(expected[~finite], got[~finite])
            largest = float(difference[finite].max(initial=0.0))
            if largest:
                LARGEST.note(largest / tolerance * PROMISE if tolerance else np.inf, what)
            else:
                LARGEST.note(0.0, what)
            assert largest <= tolerance, f"{largest} apart, {tolerance} allowed"
    elif isinstance(expected, Mapping):
        assert list(expected) == list(got)
        for key in expected:
            same(expected[key], got[key], tolerance=tolerance, what=f"{what} {key}".strip())
    elif isinstance(expected, tuple | list):
        assert type(expected) is type(got), f"{what}: {got!r:.300} instead of {expected!r:.300}"
        assert len(expected) == len(got)
        for a, b in zip(expected, got, strict=True):
            same(a, b, tolerance=tolerance, what=what)
    else:
        assert expected == got, f"{what}: {got!r} instead of {expected!r}"
