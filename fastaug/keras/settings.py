"""What the settings of `ImageDataGenerator` may be, when it is made and whenever one is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..ops.geometry import FILL_MODES, SPLINE_ORDERS, FillMode
from .checks import real
from .draws import COMPATS
from .iterator import SAMPLINGS

# What SciPy calls one thing by two names.
SAME_MODES: dict[str, FillMode] = {"grid-mirror": "reflect"}


def checked(name: str, value: Any) -> Any:
    """The value as the generator keeps it.

    Args:
        name: of the setting; those without a rule may be anything.
        value: what came.

    Raises:
        TypeError, ValueError: if it makes no sense; they name the setting.
    """
    rule = _RULES.get(name)
    return value if rule is None else rule(name, value)


def _finite(name: str, value: Any) -> Any:
    number = real(name, value)
    if not np.isfinite(number):
        raise ValueError(f"`{name}` should be finite. Received: {value!r}")
    return value


def _finite_or_none(name: str, value: Any) -> Any:
    return None if value is None else _finite(name, value)


def _number(name: str, value: Any) -> Any:
    real(name, value)
    return value


def _shift(name: str, value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = value.tolist()  # the truth of an array is asked for
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for number in value:
            _finite(name, number)
        return value
    return _finite_or_none(name, value)


def _zoom(name: str, value: Any) -> list[float]:
    if isinstance(value, float | int):
        _finite(name, value)
        return [1 - value, 1 + value]
    expected = "a float or a tuple or list of two floats"
    if not hasattr(value, "__len__"):
        raise TypeError(f"`{name}` should be {expected}. Received: {value!r}")
    return list(_pair(name, value, expected))


def _brightness(name: str, value: Any) -> Any:
    return None if value is None else _pair(name, value, "tuple or list of two floats")


def _pair(name: str, value: Any, expected: str) -> Any:
    pair = tuple(value) if isinstance(value, np.ndarray) and value.ndim == 1 else value
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise ValueError(f"`{name}` should be {expected}. Received: {value}")
    for number in pair:
        if not isinstance(number, float | int | np.number):
            raise ValueError(f"`{name}` should be {expected}. Received: {value}")
        if not np.isfinite(number):
            raise ValueError(f"`{name}` should be finite. Received: {value}")
    return pair


def _share(name: str, value: Any) -> Any:
    if value and not 0 < real("validation_split", value) < 1:
        raise ValueError(
            f"`validation_split` must be strictly between 0 and 1. Received: {value!r}"
        )
    return value


def _function(name: str, value: Any) -> Any:
    if value and not callable(value):
        raise TypeError(f"`{name}` should be a function of an image. Received: {value!r}")
    return value


def _one_of(options: Iterable[Any]) -> Callable[[str, Any], Any]:
    known = tuple(options)

    def rule(name: str, value: Any) -> Any:
        if value not in known:
            listed = ", ".join(map(str, known))
            raise ValueError(f"`{name}` should be one of {listed}. Received: {value!r}")
        return value

    return rule


def _fill_mode(name: str, value: Any) -> Any:
    known = SAME_MODES.get(value, value) if isinstance(value, str) else value
    return _one_of(FILL_MODES)(name, known)


_RULES: dict[str, Callable[[str, Any], Any]] = {
    "zca_epsilon": _finite_or_none,
    "rotation_range": _finite_or_none,
    "width_shift_range": _shift,
    "height_shift_range": _shift,
    "brightness_range": _brightness,
    "shear_range": _finite_or_none,
    "zoom_range": _zoom,
    "channel_shift_range": _finite,
    "fill_mode": _fill_mode,
    "cval": _number,
    "rescale": _finite_or_none,
    "preprocessing_function": _function,
    "data_format": _one_of(("channels_last", "channels_first")),
    "_validation_split": _share,
    "interpolation_order": _one_of(SPLINE_ORDERS),
    "compat": _one_of(COMPATS),
    "sampling": _one_of(SAMPLINGS),
}
