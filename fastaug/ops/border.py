"""What lies outside an image, for the ops that look at neighbours: names and checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..arrays import as_numbers, choice, is_plain

# The codes of the kernels.
BORDERS = {"reflect": 0, "constant": 1, "nearest": 2, "mirror": 3, "wrap": 4, "ignore": 5}


def as_border(mode: Any, cval: Any, modes: Iterable[str]) -> float:
    """The value outside, once it and the mode have been checked.

    Raises:
        TypeError: if `cval` is not a number.
        ValueError: if `mode` is none of `modes`, or `cval` is more than one number.
    """
    if is_plain(cval) and type(mode) is str and mode in modes:
        return float(cval)  # at a tenth of what the checks below cost
    choice(mode, "mode", dict.fromkeys(modes, 0))
    number = as_numbers(cval, "cval")
    if number.ndim != 0:
        raise ValueError(f"cval must be a single number, got shape {number.shape}")
    return float(number)
