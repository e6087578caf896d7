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


@dataclass(frozen=True)
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
        fields: what is added to where pixels come from: (height, width, 2) each, or None.
    """

    rows: Rows
    matrices: Floats
    before: Sizes
    after: Sizes
    style: Style
    antialias: Flags
    cuts: Flags
    fields: list[Array | None] = field(default_factory=list)

    def part(self, at: Rows) -> Resample:
        """The same of fewer samples, by their places in `rows`."""
        return Resample(
            self.rows[at],
            self.matrices[at],
            self.before[at],
            self.after[at],
            self.style,
            self.antialias[at],
            self.cuts[at],
            [self.fields[i] for i in at],
        )


class Moves:
    """The maps of a batch that are still to be done.

    Attributes:
        sizes: (n, 2), heights and widths of the images once they are.
    """

    def __init__(self, sizes: Sizes) -> None:
        n = len(sizes)
        self.sizes = sizes.copy()
        self._matrices = np.tile(np.eye(3), (n, 1, 1))
        self._before = sizes.copy()
        self._pending = np.zeros(n, np.bool_)
        self._antialias = np.zeros(n, np.bool_)
        self._cuts = np.zeros(n, np.bool_)
        # The number of each sample's style among those that were met.
        self._style = np.zeros(n, np.int64)
        self._styles = [EXACT]
        self._fields: list[Array | None] = [None] * n

    def restart(self, sizes: Any) -> None:
        """Goes on with images of these sizes; there must be nothing to do."""
        self.sizes[:] = sizes
        self._before[:] = sizes

    def add(
        self, transform: Geometric, values: Values, samples: Samples, place: int, rows: Rows
    ) -> list[Resample]:
        """Puts a transform of the samples `rows`, with their values, after what they have.

        Returns:
            What has to be done before, because it cannot become one with the transform.
        """
        matrices, after = transform.maps(values, self.sizes[rows])
        done = self.take(self._apart(transform, rows, after))
        self._style[rows] = [
            self._merged(number, transform.style()) for number in self._style[rows]
        ]
        self._antialias[rows] |= transform.antialias
        self._cuts[rows] |= (after < self.sizes[rows]).any(axis=1)
        for row, matrix, size in zip(rows, matrices, after, strict=True):
            self._fields[row] = _moved(self._fields[row], matrix, size)
        if _bends(transform):
            self._bend(transform, values, samples, place, rows, after)
        self._matrices[rows] = affine.product(self._matrices[rows], matrices)
        self.sizes[rows] = after
        self._pending[rows] = True
        return done

    def take(self, flags: Flags) -> list[Resample]:
        """The resamples of these samples; they have none to do after that."""
        rows = np.flatnonzero(flags & self._pending)
        taken = []
        for number in sorted(set(self._style[rows].tolist())):
            mine = rows[self._style[rows] == number]
            taken.append(
                Resample(
                    mine,
                    self._matrices[mine],
                    self._before[mine],
                    self.sizes[mine],
                    self._styles[number],
                    self._antialias[mine],
                    self._cuts[mine],
                    [self._fields[row] for row in mine],
                )
            )
        self._matrices[rows] = np.eye(3)
        self._before[rows] = self.sizes[rows]
        self._pending[rows] = self._antialias[rows] = self._cuts[rows] = False
        self._style[rows] = 0
        for row in rows:
            self._fields[row] = None
        return taken

    def _apart(self, transform: Geometric, rows: Rows, after: Sizes) -> Flags:
        """Whose moves so far cannot become one with those of a transform; shape (n,)."""
        flags = np.zeros(len(self.sizes), np.bool_)
        style = transform.style()
        flags[rows] |= [self._merged(number, style) < 0 for number in self._style[rows]]
        if transform.pads:  # else what a crop cut off would come back
            flags[rows] |= self._cuts[rows] & (after > self.sizes[rows]).any(axis=1)
        if _bends(transform):
            flags[rows] |= [self._fields[row] is not None for row in rows]
        return flags

    def _merged(self, number: int, style: Style) -> int:
        """The number of the style that satisfies both, -1 if there is none."""
        both = self._styles[number].merged(style)
        if both is None:
            return -1
        if both not in self._styles:
            self._styles.append(both)
        return self._styles.index(both)

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
            for row, displacement in zip(rows[mine], bent, strict=True):
                self._fields[row] = _turned(displacement, self._matrices[row])


def _bends(transform: Geometric) -> bool:
    return type(transform).displacement is not Geometric.displacement


def _moved(field_: Array | None, matrix: Floats, size: Any) -> Array | None:
    """A field as the results of one more map see it."""
    if field_ is None:
        return None
    return warp_perspective(field_, matrix, output_size=tuple(size.tolist()))


def _turned(displacement: Array, matrix: Floats) -> Array:
    """What a displacement of points adds to where a matrix takes them."""
    height, width, _ = displacement.shape
    if (matrix == np.eye(3)).all():
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
