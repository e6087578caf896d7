"""Ops of users' own: Python functions that run inside the native pass."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import Array, DataFormat, PerSample, as_batch, as_output, per_sample
from ..backends.user_op import UserFunction

DTYPES = ("uint8", "uint16", "float32", "float64")
_OURS = ("images", "data_format", "out")


class UserOp:
    """An op made of a Python function; see `pixel_op` and `row_op`.

    Attributes:
        function: what it was made of.
        parameters: the names of the function's parameters, without what it gets of the image.
        required: those without a default.
    """

    def __init__(self, function: Callable[..., Any], kind: str, given: int) -> None:
        maker = "row_op" if kind == "row" else "pixel_op"
        if not inspect.isfunction(function):
            raise TypeError(f"{maker} must be given a Python function, got {function!r}")
        self._signature = _parameters(function, given, maker)
        self.parameters = tuple(self._signature.parameters)
        self.required = tuple(
            name for name, each in self._signature.parameters.items() if each.default is each.empty
        )
        self.function = function
        self.__qualname__ = function.__qualname__
        self._user = UserFunction(function, kind, len(self.parameters))
        functools.update_wrapper(self, function)

    def __call__(
        self,
        images: npt.ArrayLike,
        *numbers: PerSample,
        data_format: DataFormat = "channels_last",
        out: Array | None = None,
        **named: PerSample,
    ) -> Array:
        """Does it to images.

        Args:
            images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, uint16, float32
                or float64.
            numbers: the function's parameters: a number each, or one per image, shape (N,).
            data_format: ``"channels_last"`` or ``"channels_first"``.
            out: array for the result; may be `images` itself.
            named: parameters by name.

        Returns:
            Array of the images' dtype and shape.

        Raises:
            TypeError: if an argument has the wrong type, is missing or unknown, `images` has another
                dtype, or the function does not compile for such images; Numba's reason comes first.
            ValueError: if a shape does not fit.
            RuntimeError: if Numba is not installed, or the function raised an exception.
        """
        try:
            bound = self._signature.bind(*numbers, **named)
        except TypeError as error:
            raise TypeError(f"{self._user.name}: {error}; it takes {self._signature}") from None
        bound.apply_defaults()
        batch = as_batch(images, data_format, DTYPES)
        given = [per_sample(value, batch.n, name) for name, value in bound.arguments.items()]
        table = np.stack(given, axis=1) if given else np.empty((batch.n, 0))
        result = as_output(out, batch, may_be_input=True)
        backends.of(batch).user_op(batch.pixels, result.pixels, self._user, table)
        return result.finish()

    def __reduce__(self) -> str:
        return self.__qualname__  # that of a module's function, whose place it took

    def __repr__(self) -> str:
        kind = "row_op" if self._user.kind == "row" else "pixel_op"
        return f"<fastaug.{kind} {self.__module__}.{self.__qualname__}{self._signature}>"


def _parameters(function: Callable[..., Any], given: int, maker: str) -> inspect.Signature:
    """The signature without the first parameters, which are what it gets of the image."""
    what = "(row, y, height, ...)" if given == 3 else "(pixel, ...)"
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
    if len(parameters) < given or any(each.kind is not plain for each in parameters):
        raise TypeError(
            f"a function for {maker} must take {what}, each a plain parameter; "
            f"{function.__qualname__} takes {signature}"
        )
    for each in parameters[given:]:
        if each.name in _OURS:
            raise TypeError(f"{function.__qualname__} must not call a parameter {each.name!r}")
    return inspect.Signature(parameters[given:])


@overload
def pixel_op(function: Callable[..., Any]) -> UserOp: ...
@overload
def pixel_op(*, elementwise: bool = ...) -> Callable[[Callable[..., Any]], UserOp]: ...
def pixel_op(
    function: Callable[..., Any] | None = None, *, elementwise: bool = False
) -> UserOp | Callable[[Callable[..., Any]], UserOp]:
    """Makes an op of a Python function of one pixel.

    Args:
        function: takes a pixel, a tuple of its channels, and parameters, which are numbers; gives as
            many channels. Compiled by Numba when it is first called for images of a kind.
        elementwise: whether the function takes one number, and gives one, for each channel of each
            pixel by itself. For uint8 that becomes a table, and one table with its neighbours in a
            pipeline.

    Returns:
        An op, to be called as ``op(images, *parameters)``, each parameter a number or one per image;
        see `UserOp.__call__`. In a pipeline it stands in `fastaug.transforms.Custom`.

    Raises:
        TypeError: if it is no function, or its parameters do not fit.

    Method:
        Channels and parameters are float32, for images of float64 float64, and so is every constant
        with a decimal point; a whole number makes float64 of what it meets, as ever in Numba. Values
        are on the images' own scale. What the function gives is converted to that type; for integers
        it is then rounded half to even and saturates. Nothing is contracted or reordered, and division
        by zero gives infinity or NaN: native and Numba give the same bits. On a card see
        ``docs/pipelines.md``. Ops compiled by Numba are not kept on disk.

    Examples:
        >>> import numpy as np, fastaug
        >>> @fastaug.pixel_op
        ... def warmer(pixel, by):
        ...     red, green, blue = pixel
        ...     return red * (1.0 + by), green, blue * (1.0 - by)
        >>> warmer(np.full((1, 2, 3), 100, np.uint8), 0.2)
        array([[[120, 100,  80],
                [120, 100,  80]]], dtype=uint8)
    """
    kind = "element" if elementwise else "pixel"
    if function is None:
        return lambda function: UserOp(function, kind, 1)
    return UserOp(function, kind, 1)


def row_op(function: Callable[..., Any]) -> UserOp:
    """Makes an op of a Python function that changes one row of an image.

    Args:
        function: takes a row, an array (width, channels) which it changes in place, its number `y`,
            counted from the top, the `height` of the image, and parameters, which are numbers;
            returns nothing. It sees no other row, and indices beyond the row's edges are not checked.

    Returns:
        An op, as `pixel_op` does.

    Raises:
        TypeError: if it is no function, or its parameters do not fit.

    Method:
        As for `pixel_op`.

    Examples:
        >>> import numpy as np, fastaug
        >>> @fastaug.row_op
        ... def blinds(row, y, height, factor):
        ...     if y % 2:
        ...         row *= factor
        >>> blinds(np.full((4, 3), 100, np.uint8), 0.5)
        array([[100, 100, 100],
               [ 50,  50,  50],
               [100, 100, 100],
               [ 50,  50,  50]], dtype=uint8)
    """
    return UserOp(function, "row", 3)


__all__ = ["UserOp", "pixel_op", "row_op"]
