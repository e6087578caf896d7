"""Users' functions as Numba gets them: their constants, what they must give, and why they do not compile."""

from __future__ import annotations

import re
import types as python
from collections.abc import Callable
from typing import Any

import numba as _numba
import numpy as np
from numba.core.errors import NumbaError

from ..user_op import UserFunction
from .jit import users

numba: Any = _numba  # what it says of its types differs between its versions
types = numba.types


def number_type(real: np.dtype[Any]) -> Any:
    """Numba's name of the type of the arithmetic."""
    return types.float64 if real == np.float64 else types.float32


def narrowed(function: Callable[..., Any], real: np.dtype[Any]) -> Callable[..., Any]:
    """The function with its constants in the type of the arithmetic, as NumPy takes Python's floats.

    Numba takes them for float64, and then everything that meets them.
    """

    def narrow(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(narrow, value))
        return real.type(value) if type(value) is float else value

    code = function.__code__
    names = {name: narrow(v) for name, v in function.__globals__.items() if name in code.co_names}
    cells = tuple(python.CellType(narrow(c.cell_contents)) for c in function.__closure__ or ())
    return python.FunctionType(
        code.replace(co_consts=tuple(map(narrow, code.co_consts))),
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        cells,
    )


def checked(function: UserFunction, real: np.dtype[Any], channels: int) -> Any:
    """The function itself, to become part of whatever calls it; seen to compile.

    Raises:
        TypeError: if it does not; Numba's reason first.
    """
    user: Any = users(narrowed(function.function, real))
    number = number_type(real)
    given = {
        "element": (number,),
        "pixel": (types.UniTuple(number, channels),),
        "row": (types.Array(number, 2, "C"), types.int64, types.int64),
    }[function.kind]
    try:
        user.compile((*given, *[number] * function.count))
    except NumbaError as error:
        raise TypeError(f"{reason_of(error)}\n{_where(function, real, channels)}") from error
    made = user.nopython_signatures[-1].return_type
    expected = {
        "element": "a number",
        "pixel": f"a tuple of {channels} numbers",
        "row": "nothing, and change its row",
    }[function.kind]
    if not _fits(function.kind, made, channels):
        raise TypeError(
            f"{function.name} must give {expected}, got {made}\n{_where(function, real, channels)}"
        )
    return user


def results(user: Any, channels: int) -> list[str]:
    """How each channel of what a function of pixels gave is spelt."""
    if isinstance(user.nopython_signatures[-1].return_type, types.BaseTuple):
        return [f"made[{c}]" for c in range(channels)]
    return ["made"]


def reason_of(error: NumbaError) -> str:
    """Numba's reason, without the stage in which it was found."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    return re.sub(r"^Failed in \w+ mode pipeline \(step: [^)]*\)\n", "", text).strip()


def _where(function: UserFunction, real: np.dtype[Any], channels: int) -> str:
    kind = f"with {channels} channels " if function.kind != "element" else ""
    return f"({function.name} was compiled by Numba for images {kind}in {real} arithmetic)"


def _fits(kind: str, made: Any, channels: int) -> bool:
    number = (types.Integer, types.Float, types.Boolean)
    if kind == "row":
        return isinstance(made, types.NoneType)
    if isinstance(made, types.BaseTuple) and kind == "pixel":
        return len(made) == channels and all(isinstance(each, number) for each in made)
    return isinstance(made, number) and channels == 1
