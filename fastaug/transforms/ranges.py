"""Arguments that say what a parameter may be: a range, or one number that stands for a range."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..arrays import as_numbers


class Span(NamedTuple):
    """What a single number means, and what ends are allowed.

    Attributes:
        about: a number x means from `about` - x to `about` + x; None: x itself.
        least: of either end.
        most: of either end.
        above: what either end must exceed.
        whole: whether either end must be a whole number.
    """

    about: float | None = None
    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    whole: bool = False


def as_span(value: Any, name: str, span: Span) -> tuple[float, float]:
    """(low, high) of an argument.

    Raises:
        TypeError: if it is not a number or a pair of numbers.
        ValueError: if it is not finite, out of bounds, or its ends are the wrong way round.
    """
    numbers = as_numbers(value, name)
    if numbers.shape not in ((), (2,)):
        raise ValueError(f"{name} must be a number or a pair (low, high), got {value!r}")
    if numbers.shape == (2,):
        low, high = numbers.tolist()
    elif span.about is None:
        low = high = float(numbers)
    else:
        if numbers < 0:
            raise ValueError(
                f"{name} must be at least 0 as a number, which stands for a range about "
                f"{span.about:g}, or a pair (low, high), got {value!r}"
            )
        # A factor of 1 - x is one no longer where that is not above 0.
        low = max(span.about - float(numbers), span.least)
        high = span.about + float(numbers)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"{name} must be finite, got {value!r}")
    if span.whole and not (low.is_integer() and high.is_integer()):
        raise ValueError(f"{name} must be whole, got {value!r}")
    if low > high:
        raise ValueError(f"{name} must be a pair (low, high) with low <= high, got {value!r}")
    if low <= span.above:
        raise ValueError(f"{name} must be more than {span.above:g}, got {value!r}")
    if low < span.least:
        raise ValueError(f"{name} must be at least {span.least:g}, got {value!r}")
    if high > span.most:
        raise ValueError(f"{name} must be at most {span.most:g}, got {value!r}")
    return low, high
