"""Transforms that are functions of the user's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from .base import At, Kind, Transform
from .draws import Numbers, Values

Rows = npt.NDArray[np.intp]


class Whole(NamedTuple):
    """A batch between two native passes.

    Attributes:
        images: (H, W, C), of any sizes.
        labels: of the images, the first axis for the samples; None if none were given.
    """

    images: list[Array]
    labels: Array | None


class Outside(Transform, abstract=True):
    """What no kernel does: images leave the native pass for it, and go on in another one."""

    kind: ClassVar[Kind] = "pointwise"

    def run(self, batch: Whole, rows: Rows, values: Values, at: At) -> Whole:
        """What becomes of a whole batch.

        Args:
            batch: the images of all samples.
            rows: which of them it is done to, in increasing order; shape (k,).
            values: what was drawn for these.
            at: the coordinates of these.
        """
        raise NotImplementedError


class Custom(Outside):
    """Any function of an image.

    Args:
        function: takes an image (H, W, C), which it must not change, and gives another one, of any
            size and dtype; and, with `draws`, an array of that many numbers from 0 to 1 besides. A
            pipeline that is written down or sent to another process needs one that can be imported.
        draws: how many random numbers it gets: the same for the same seed, index and epoch.
        p: probability.

    Raises:
        TypeError: if `function` is none, or gives what is no image.

    Method:
        Images leave the native pass for it, one after the other, and go on in another pass. Boxes,
        keypoints and masks stay as they are.

    Examples:
        >>> import numpy as np, fastaug
        >>> import fastaug.transforms as ft
        >>> def tint(image, numbers):
        ...     return (image * numbers).astype(image.dtype)
        >>> pipeline = fastaug.Compose([ft.Custom(tint, draws=3)], seed=1)
        >>> pipeline(np.full((1, 1, 3), 100, np.uint8))
        array([[[83, 51, 25]]], dtype=uint8)
    """

    function: Callable[..., Array]
    draws: int = 0

    def check(self) -> None:
        if not callable(self.function):
            raise TypeError(f"function must be a function of an image, got {self.function!r}")
        if not isinstance(self.draws, int) or self.draws < 0:
            raise ValueError(f"draws must be a whole number of at least 0, got {self.draws!r}")

    def draw(self, numbers: Numbers) -> Values:
        drawn = [numbers.uniform() for _ in range(self.draws)]
        return {"numbers": np.stack(drawn, axis=1)} if drawn else {}

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
            results[row] = result
        return batch._replace(images=results)
