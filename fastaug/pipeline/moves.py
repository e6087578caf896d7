"""Geometry that has not been done yet: for each sample one map, made of all that came one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..ops.perspective import warp_perspective
from ..transforms import affine
from ..transforms.base import EXACT, Geometric, Style
from ..transforms.draws import Flags, Floats, Samples, Values

Sizes = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

_NO_MOVE = np.eye(3)


# The places of all rows: arrays cut by it are not copied.
ALL: Any = slice(None)


@dataclass(slots=True)  # freezing costs a call of Python's for every field
class Resample:
    """One resample of some samples.

    Attributes:
        rows: which samples, in increasing order; shape (k,).
        matrices: (k, 3, 3), from output (x, y) to input (x, y).
        before: (k, 2), heights and widths.
        after: (k, 2).
        style: how pixels are read.
        antialias: whether what shrinks is smoothed before; shape (k,).
        cuts: whether parts were cut off that must not come back; shape (k,).
        fields: what is added to where pixels come from, (height, width, 2), of the rows that have it.
    """

    rows: Rows
    matrices: Floats
    before: Sizes
    after: Sizes
    style: Style
    antialias: Flags
    cuts: Flags
    fields: dict[int, Array] = field(default_factory=dict)

    def part(self, at: Rows) -> Resample:
        """The same of some of the samples, by their places in `rows`."""
        if at is ALL:
            return self
        return Resample(
            self.rows[at],
            self.matrices[at],
            self.before[at],
            self.after[at],
            self.style,
            self.antialias[at],
            self.cuts[at],
            self.fields,
        )

    def bent(self) -> Flags:
        """Whether anything is added, shape (k,)."""
        return (
            np.isin(self.rows, list(self.fields))
            if self.fields
            else np.zeros(len(self.rows), np.bool_)
        )


class Moves:
    """The maps of a batch that are still to be done.

    Attributes:
        sizes: (n, 2), heights and widths of the images once they are.
    """

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self._styles = [EXACT]
        self._fields: dict[int, Array] = {}
        self._is_new = True  # nothing was added since there was nothing to do
        self._waits = False  # whether any is pending

    def restart(self, sizes: Any) -> None:
        """Goes on with images of these sizes; there must be nothing to do."""
        self.sizes = np.array(sizes, np.int64)
        self._is_new = True

    def add(
        self, transform: Geometric, values: Values, samples: Samples, place: int, rows: Rows
    ) -> list[Resample]:
        """Puts a transform of the samples `rows`, with their values, after what they have.

        Returns:
            What has to be done before, because it cannot become one with the transform.
        """
        at = ALL if len(rows) == len(self.sizes) else rows
        matrices, after = transform.maps(values, self.sizes.take(rows, axis=0))
        if self._is_new:
            self._begin()
        style, done = transform.style(), []
        merged = self._with_style(at, style)
        if self._waits and (done := self.take(self._apart(transform, merged, at, after))):
            if self._is_new:
                self._begin()
            merged = self._with_style(at, style)
        self._style[at] = merged
        if transform.antialias:
            self._antialias[at] = True
        smaller = after < self.sizes[at]
        if np.count_nonzero(smaller):
            self._cuts[at] |= smaller[:, 0] | smaller[:, 1]
        if self._fields:
            for row, matrix, size in zip(rows.tolist(), matrices, after, strict=True):
                if row in self._fields:
                    self._fields[row] = _moved(self._fields[row], matrix, size)
        if _bends(transform):
            self._bend(transform, values, samples, place, rows, after)
        if self._waits:
            matrices = affine.product(self._matrices[at], matrices)
        self._matrices[at] = matrices
        self.sizes[at] = after
        self._pending[at] = self._waits = True
        return done

    def take(self, flags: Flags) -> list[Resample]:
        """The resamples of these samples; they have none to do after that."""
        if not self._waits:
            return []
        rows = (flags & self._pending).nonzero()[0]
        if not rows.size:
            return []
        styles = self._style.take(rows)
        found = sorted(set(styles.tolist()))
        taken = [
            self._resample(rows if len(found) == 1 else rows[styles == number], number)
            for number in found
        ]
        if len(rows) == len(self.sizes):
            self._is_new, self._waits = True, False
        else:
            self._matrices[rows] = _NO_MOVE
            self._before[rows] = self.sizes[rows]
            self._pending[rows] = self._antialias[rows] = self._cuts[rows] = False
            self._waits = bool(self._pending.any())
            self._style[rows] = 0
        for row in rows.tolist() if self._fields else ():
            self._fields.pop(row, None)
        return taken

    def _begin(self) -> None:
        """There is nothing to do yet; what was done is left to those who have it."""
        n, self._is_new = len(self.sizes), False
        self.sizes, self._before = self.sizes.copy(), self.sizes.copy()
        self._matrices = affine.identity(n)
        self._pending = np.zeros(n, np.bool_)
        self._antialias = np.zeros(n, np.bool_)
        self._cuts = np.zeros(n, np.bool_)
        # The number of each sample's style among those that were met.
        self._style = np.zeros(n, np.int64)

    def _resample(self, rows: Rows, style: int) -> Resample:
        """What is to be done to samples of one style."""
        at = ALL if len(rows) == len(self.sizes) else rows
        bent = self._fields.keys() & set(rows.tolist()) if self._fields else ()
        fields = {row: self._fields[row] for row in bent}
        return Resample(
            rows,
            self._matrices[at],
            self._before[at],
            self.sizes[at],
            self._styles[style],
            self._antialias[at],
            self._cuts[at],
            fields,
        )

    def _apart(self, transform: Geometric, styles: Any, at: Rows, after: Sizes) -> Flags:
        """Whose moves so far cannot become one with those of a transform; shape (n,)."""
        flags = np.zeros(len(self.sizes), np.bool_)
        flags[at] = styles < 0
        if transform.pads and np.count_nonzero(self._cuts):
            # What a crop cut off would come back.
            flags[at] |= self._cuts[at] & (after > self.sizes[at]).any(axis=1)
        if self._fields and _bends(transform):
            flags[list(self._fields)] = True
        return flags

    def _with_style(self, at: Rows, style: Style) -> Any:
        """The numbers of the styles that satisfy those of the rows and another one, -1 for none.

        One number where it is the same for all, as it mostly is.
        """
        numbers = self._style[at].tolist()
        merged = {
            number: self._number(self._styles[number].merged(style)) for number in set(numbers)
        }
        if len(merged) == 1:
            return merged.popitem()[1]
        return np.array([merged[number] for number in numbers])

    def _number(self, style: Style | None) -> int:
        if style is None:
            return -1
        if style not in self._styles:
            self._styles.append(style)
        return self._styles.index(style)

    def _bend(
        self,
        transform: Geometric,
        values: Values,
        samples: Samples,
        place: int,
        rows: Rows,
        after: Sizes,
    ) -> None:
        """Adds what a transform displaces, turned by the maps that come before it."""
        for size in sorted({tuple(size) for size in after.tolist()}):
            mine = np.flatnonzero((after == size).all(axis=1))
            subset: dict[str, Any] = {name: value[mine] for name, value in values.items()}
            at = samples[rows[mine]]
            noise = {"seed": at.seed, "index": at.index, "epoch": at.epoch, "stream": place}
            bent = transform.displacement(subset, size, noise)
            for row, displacement in zip(rows[mine].tolist(), bent, strict=True):
                self._fields[row] = _turned(displacement, self._matrices[row])


def _bends(transform: Geometric) -> bool:
    return type(transform).displacement is not Geometric.displacement


def _moved(field_: Array, matrix: Floats, size: Any) -> Array:
    """A field as the results of one more map see it."""
    return warp_perspective(field_, matrix, output_size=tuple(size.tolist()))


def _turned(displacement: Array, matrix: Floats) -> Array:
    """What a displacement of points adds to where a matrix takes them."""
    height, width, _ = displacement.shape
    if (matrix == _NO_MOVE).all():
        moved = displacement
    else:
        x, y = (
            np.arange(width, dtype=np.float64),
            np.arange(height, dtype=np.float64)[:, np.newaxis],
        )
        there = _map(matrix, x + displacement[..., 0], y + displacement[..., 1])
        here = _map(matrix, x, y)
        moved = np.stack([a - b for a, b in zip(there, here, strict=True)], axis=-1)
    return np.ascontiguousarray(moved, np.float32)


def _map(matrix: Floats, x: Array, y: Array) -> tuple[Array, Array]:
    a, b, c = ((row[0] * x + row[1] * y) + row[2] for row in matrix)
    return a / c, b / c
