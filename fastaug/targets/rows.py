"""Targets of a batch as one table: a ragged list of arrays, or one padded array, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array, as_array

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of all images, one after another, and how they came.

    Attributes:
        values: float64, shape (rows, columns).
        image: which image each row belongs to, shape (rows,).
        arrays: what was given: one array (k, columns) for each image, or a single (n, k, columns).
        padded: whether it was a single array.
    """

    values: npt.NDArray[np.float64]
    image: npt.NDArray[np.intp]
    arrays: list[Array]
    padded: bool

    @property
    def n(self) -> int:
        """The number of images."""
        return len(self.arrays[0]) if self.padded else len(self.arrays)

    def check_images(self, n: int, name: str) -> None:
        """An error unless there are so many images."""
        if self.n != n:
            raise ValueError(f"{name} must be those of {n} images, got those of {self.n}")

    def epsilon(self) -> npt.NDArray[np.float64]:
        """The relative rounding of each row as it came, shape (rows,)."""
        steps = np.array(
            [np.finfo(_floating(array.dtype)).eps for array in self.arrays], np.float64
        )
        return np.full(len(self.values), steps[0]) if self.padded else steps[self.image]

    def restore(self, values: Array, kept: Flags | None = None) -> Any:
        """These values in kind: ragged lists without the rows not `kept`, padded arrays with all.

        Floating dtypes are kept; whole numbers become float64.
        """
        if self.padded:
            given = self.arrays[0]
            return values.reshape(given.shape).astype(_floating(given.dtype))
        parts = split(values, self.image, self.n, kept)
        return [
            part.astype(_floating(array.dtype))
            for part, array in zip(parts, self.arrays, strict=True)
        ]

    def flags(self, kept: Flags) -> Any:
        """Flags of rows as an array (n, k), or a list of n arrays (k,), as the rows came."""
        if self.padded:
            return kept.reshape(self.arrays[0].shape[:2])
        return split(kept, self.image, self.n)

    def place(self, row: int) -> str:
        """Where a row is, for an error."""
        image = int(self.image[row])
        within = row - int(np.searchsorted(self.image, image))
        return f"row {within} of image {image}"


def as_rows(given: Any, name: str, columns: tuple[int, ...]) -> Rows:
    """Checks the targets of a batch.

    Args:
        given: array (n, k, columns), or a list of n arrays (k, columns).
        name: of the argument.
        columns: how many columns there may be.

    Raises:
        TypeError: if it is not made of numbers.
        ValueError: if its shape does not fit, or a number is not finite.
    """
    ragged = isinstance(given, list | tuple)
    array = None if ragged else as_array(given, name)
    wide = " or ".join(str(c) for c in columns)
    if array is not None and array.dtype != object:
        if array.ndim != 3 or array.shape[2] not in columns:
            raise ValueError(
                f"{name} must be an array of shape (n, k, {wide}) or a list of n arrays "
                f"(k, {wide}), got shape {array.shape}"
            )
        _check_numbers(array, name, name)
        n, k, width = array.shape
        rows = Rows(
            array.reshape(n * k, width).astype(np.float64),
            np.repeat(np.arange(n), k),
            [array],
            padded=True,
        )
    else:
        arrays = [_one(row, f"{name}[{i}]", name, columns) for i, row in enumerate(given)]
        widths = {array.shape[1] for array in arrays if array.size}
        if len(widths) > 1:
            raise ValueError(
                f"{name} must have as many columns for one image as for another, "
                f"got {' and '.join(str(w) for w in sorted(widths))}"
            )
        width = widths.pop() if widths else columns[0]
        arrays = [a if a.size else np.empty((0, width), a.dtype) for a in arrays]
        values = np.concatenate([np.empty((0, width)), *arrays])
        counts = np.array([len(array) for array in arrays], np.intp)
        image = np.repeat(np.arange(len(arrays)), counts)
        rows = Rows(values, image, arrays, padded=False)
    bad = ~np.isfinite(rows.values).all(axis=1)
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"{name} must be finite, got {rows.values[row]} in {rows.place(row)}")
    return rows


def split(values: Array, image: Array, n: int, kept: Flags | None = None) -> list[Array]:
    """The rows of each of `n` images, those not `kept` left out."""
    if kept is not None:
        values, image = values[kept], image[kept]
    ends = np.searchsorted(image, np.arange(n + 1)).tolist()
    return [values[i:j] for i, j in pairwise(ends)]


def _one(given: Any, where: str, name: str, columns: tuple[int, ...]) -> Array:
    array = as_array(given, where)
    if array.dtype == object:  # a row of an array of objects
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise TypeError(f"{where} must be an array of numbers, got {given!r}") from None
    _check_numbers(array, name, where)
    if not array.size and array.shape[0] == 0:  # an empty list is an image without any
        return array
    if array.ndim != 2 or array.shape[1] not in columns:
        wide = " or ".join(str(c) for c in columns)
        raise ValueError(f"{where} must have shape (k, {wide}), got {array.shape}")
    return array


def _check_numbers(array: Array, name: str, where: str) -> None:
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{where} must be an array of numbers, got dtype {array.dtype}")


def _floating(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype.newbyteorder("=") if dtype.kind == "f" else np.dtype(np.float64)
