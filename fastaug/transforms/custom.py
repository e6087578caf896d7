"""Transforms that are functions of the user's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..ops.user_op import UserOp
from .base import At, Kind, Pointwise, Transform
from .draws import Numbers, Range, Values
from .ranges import Span, as_span

Rows = npt.NDArray[np.intp]


class Whole(NamedTuple):
    """A batch between two native passes.

    Attributes:
        images: (H, W, C) each: a list of any sizes, or, mostly where they are alike, one array.
        labels: of the images, the first axis for the samples; None if none were given.
    """

    images: list[Array] | Array
    labels: Array | None


class Outside(Transform, abstract=True):
    """What no kernel does: images leave the native pass for it, and go on in another one."""

    kind: ClassVar[Kind] = "pointwise"

    @property
    def outside(self) -> bool:
        return True

    def run(self, batch: Whole, rows: Rows, values: Values, at: At) -> Whole:
        """What becomes of a whole batch.

        Args:
            batch: the images of all samples.
            rows: which of them it is done to, in increasing order; shape (k,).
            values: what was drawn for these.
            at: the coordinates of these.
        """
        raise NotImplementedError


class Custom(Pointwise, Outside):
    """An op or a function of your own.

    Args:
        function: an op made by `fastaug.pixel_op` or `fastaug.row_op`; or any function, which takes
            an image (H, W, C) that it must not change, and gives another one, of any size and dtype;
            with `draws`, it takes an array of that many numbers from 0 to 1 besides. A pipeline that
            is written down or sent to another process needs one that can be imported.
        draws: how many random numbers a function gets: the same for the same seed, index and epoch.
        parameters: of an op, by name: each a number, or a range (low, high) from which it is drawn
            evenly for each image. Those with a default may be left out.
        p: probability.

    Raises:
        TypeError: if `function` is none, gives what is no image, or does not compile.
        ValueError: if `parameters` are not those of the op.

    Method:
        An op is part of the native pass. For any other function images leave it, one after the other,
        and go on in another pass. Boxes, keypoints and masks stay as they are.

    Examples:
        >>> import numpy as np, fastaug
        >>> import fastaug.transforms as ft
        >>> def tint(image, numbers):
        ...     return (image * numbers).astype(image.dtype)
        >>> pipeline = fastaug.Compose([ft.Custom(tint, draws=3)], seed=1)
        >>> pipeline(np.full((1, 1, 3), 100, np.uint8))
        array([[[71, 87, 65]]], dtype=uint8)
        >>> @fastaug.pixel_op(elementwise=True)
        ... def darker(value, by):
        ...     return value * (1.0 - by)
        >>> pipeline = fastaug.Compose([ft.Custom(darker, parameters={"by": (0.2, 0.4)})], seed=1)
        >>> pipeline(np.full((1, 1, 3), 100, np.uint8))
        array([[[66, 66, 66]]], dtype=uint8)
    """

    function: Callable[..., Array]
    draws: int = 0
    parameters: Mapping[str, Range] | None = None

    @property
    def outside(self) -> bool:
        return not isinstance(self.function, UserOp)

    def check(self) -> None:
        if not callable(self.function):
            raise TypeError(f"function must be a function of an image, got {self.function!r}")
        if not isinstance(self.draws, int) or self.draws < 0:
            raise ValueError(f"draws must be a whole number of at least 0, got {self.draws!r}")
        if self.parameters is not None and not isinstance(self.parameters, Mapping):
            raise TypeError(f"parameters must be a dictionary, got {self.parameters!r}")
        self._spans_of_parameters()
        if isinstance(self.function, UserOp):
            self._check_op(self.function)
        elif self.parameters is not None:
            raise ValueError("parameters are those of an op; a function gets numbers by draws")

    def _check_op(self, op: UserOp) -> None:
        if self.draws:
            raise ValueError("draws must be 0 for an op, which draws its parameters")
        given = self.parameters or {}
        if any(name not in given for name in op.required) or not given.keys() <= {*op.parameters}:
            raise ValueError(f"parameters must be those of {op!r}, got {list(given) or 'none'}")
        if taken := {"transform", "place"} & given.keys():
            raise ValueError(f"parameters must not be called {min(taken)!r}, as in records")

    def _spans_of_parameters(self) -> dict[str, tuple[float, float]]:
        given = (self.parameters or {}).items()
        return {name: as_span(value, f"parameters[{name!r}]", Span()) for name, value in given}

    def draw(self, numbers: Numbers) -> Values:
        if isinstance(self.function, UserOp):
            # In the op's order, whatever that of the dictionary.
            spans = self._spans_of_parameters()
            names = [name for name in self.function.parameters if name in spans]
            return {name: numbers.between(*spans[name]) for name in names}
        drawn = [numbers.uniform() for _ in range(self.draws)]
        return {"numbers": np.stack(drawn, axis=1)} if drawn else {}

    def apply(self, images: Array, values: Values, at: At) -> Array:
        return self.function(images, **values)

    def run(self, batch: Whole, rows: Rows, values: Values, at: At) -> Whole:
        results = list(batch.images)
        for i, row in enumerate(rows):
            seen: Any = results[row].view()
            if hasattr(seen.flags, "writeable"):
                seen.flags.writeable = False
            more = [values["numbers"][i]] if values else []
            result = self.function(seen, *more)
            if getattr(result, "ndim", None) != 3 or result.dtype.kind not in "biuf":
                raise TypeError(
                    "function must give an image (H, W, C) of numbers, got "
                    f"{getattr(result, 'shape', type(result).__name__)} from {self.function!r}"
                )
            if _on_card(result) != _on_card(seen):
                raise TypeError(
                    "function must give an image where it was given one, in memory or on a card; "
                    f"got {type(result).__name__} for {type(seen).__name__} from {self.function!r}"
                )
            results[row] = result
        return batch._replace(images=results)


def _on_card(array: Any) -> bool:
    return hasattr(array, "__cuda_array_interface__")
