"""Mirrors, quarter turns and shifts: what moves points by a sum alone, and keeps the sides of boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_ONES = np.eye(3)[:, :2]


@dataclass(frozen=True, slots=True)
class Turns:
    """The maps of images, or of their rows, as far as they are mirrors, quarter turns and shifts.

    Attributes:
        exact: whether a map is no more than that, shape (n,); the rest holds for these only.
        swap: whether output x is made of input y, and the other way round, shape (n,).
        backwards: whether output x, and y, run against the axis they are made of, shape (n, 2).
        shift: what is added to output x, and y, of a pixel centre, shape (n, 2).
    """

    exact: Flags
    swap: Flags
    backwards: Flags
    shift: Floats

    @classmethod
    def of(cls, maps: Floats) -> Turns:
        """Those among homographies (n, 3, 3) from output to input (x, y)."""
        swap = maps[:, 0, 0] == 0
        # The input axis that each output axis is made of comes first then, and is all there is.
        rows = np.where(swap[:, np.newaxis, np.newaxis], maps[:, [1, 0, 2]], maps)
        signs = rows[:, [0, 1], [0, 1]]
        exact = (np.abs(rows[:, :, :2]) == _ONES).all(axis=(1, 2)) & (rows[:, 2, 2] == 1)
        return cls(exact, swap, signs < 0, -signs * rows[:, :2, 2])

    def take(self, chosen: npt.NDArray[np.intp] | Flags) -> Turns:
        """Those of rows, by the images they belong to."""
        return Turns(
            self.exact[chosen], self.swap[chosen], self.backwards[chosen], self.shift[chosen]
        )

    def move(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Moves pixel centres, shape (…, n), where the maps are exact."""
        first, second = np.where(self.swap, y, x), np.where(self.swap, x, y)
        (back_x, back_y), (shift_x, shift_y) = self.backwards.T, self.shift.T
        return added(shift_x, first, back_x), added(shift_y, second, back_y)

    def edge_shift(self) -> Floats:
        """What is added to x, and y, of an edge: they lie half a pixel off the centres."""
        return self.shift + self.backwards


def added(shift: Floats, values: Floats, backwards: Flags) -> Floats:
    """Values, or what is opposite to them, moved by `shift`; with their bits where that is zero."""
    forwards = np.where(shift == 0, values, values + shift)  # -0.0 + 0.0 would be 0.0
    moved: Floats = np.where(backwards, shift - values, forwards)
    return moved
