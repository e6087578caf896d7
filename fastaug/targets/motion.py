"""Where the points of images go when a warp moves the images.

A warp reads backwards, from output to input; points go forwards, so the maps are inverted here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import as_array, as_numbers, as_size
from .fields import Fields, Pairs
from .turns import Turns

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

# A map that shrinks some direction by this much against another has no inverse worth the name:
# it makes a line of the image. Products of sines and cosines are seldom exactly singular.
_SINGULAR = 1e-12
# Newton's method mostly needs five steps; fields that fold the picture over take shorter ones.
_STEPS = 30
_CLOSE = 1e-6
_FOLDED = 1e-2


@dataclass(frozen=True, slots=True)
class Motion:
    """How n images were moved: the output at p shows the input at ``maps(p) + fields(p)``.

    Attributes:
        maps: homographies from output to input (x, y) of pixel centres, shape (n, 3, 3). The middle
            of the output is before their horizon; what is behind it shows nothing.
        sizes: (height, width) of the images before, shape (n, 2).
        output_sizes: (height, width) of the images after, shape (n, 2).
        fields: displacements in pixels of the input, given at the pixels of the output.
        turns: which maps are no more than mirrors, quarter turns and shifts.
    """

    maps: Floats
    sizes: Places
    output_sizes: Places
    fields: Fields | None = None
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        if self.projective():
            x, y = (self.output_sizes[:, ::-1].T - 1) / 2
            (g, h, i) = self.maps[:, 2].T
            behind = (g * x + h * y + i < 0)[:, np.newaxis, np.newaxis]
            object.__setattr__(self, "maps", np.where(behind, -self.maps, self.maps))
        object.__setattr__(self, "turns", Turns.of(self.maps))

    def projective(self) -> bool:
        """Whether any map is more than affine."""
        return bool((self.maps[:, 2] != (0, 0, 1)).any())

    @property
    def n(self) -> int:
        """The number of images."""
        return len(self.maps)

    def bent(self) -> Flags:
        """Which images have a field, shape (n,)."""
        if self.fields is None:
            return np.zeros(self.n, bool)
        bent: Flags = self.fields.sizes.prod(axis=1) > 0
        return bent

    def turned(self) -> Flags:
        """Which images are no more than mirrored, turned and shifted, shape (n,)."""
        turned: Flags = self.turns.exact & ~self.bent()
        return turned

    def filled(self) -> Flags:
        """Which of these fill the output with all of the input, shape (n,)."""
        turns = self.turns
        before = np.where(turns.swap[:, np.newaxis], self.sizes[:, ::-1], self.sizes)
        ends = np.where(turns.backwards, self.output_sizes[:, ::-1], 0)
        same = (before == self.output_sizes) & (turns.edge_shift() == ends)[:, ::-1]
        filled: Flags = same.all(axis=1)
        return filled & self.turned()

    def move(self, x: Floats, y: Floats, image: Places) -> tuple[Floats, Floats]:
        """Moves points of the images `image`, shape (p,), given by pixel centres.

        Args:
            x: shape (p,) or (…, p).
            y: the same shape.
            image: the image of each point, shape (p,).

        Returns:
            x and y; NaN or infinite behind the horizon and where a map has no inverse. With a field
            the output shows the input within 1e-6 pixels of the point there. Where a field folds the
            picture over, the point is at one of the places that show it, or, seldom, where the search
            for these ended.
        """
        moved_x, moved_y = self.move_straight(x, y, image)
        if self.fields is not None:
            bent = np.broadcast_to(self.bent()[image], x.shape)
            places = self._unbend(
                moved_x[bent] + 1j * moved_y[bent],
                x[bent] + 1j * y[bent],
                np.broadcast_to(image, x.shape)[bent],
            )
            moved_x[bent], moved_y[bent] = places.real, places.imag
        return moved_x, moved_y

    def move_straight(self, x: Floats, y: Floats, image: Places) -> tuple[Floats, Floats]:
        """As `move`, by the maps alone."""
        exact = self.turns.exact[image]
        if exact.all():
            return self.turns.take(image).move(x, y)
        moved_x, moved_y = self._invert(x, y, image)
        if exact.any():
            turned_x, turned_y = self.turns.take(image).move(x, y)
            return np.where(exact, turned_x, moved_x), np.where(exact, turned_y, moved_y)
        return moved_x, moved_y

    def _invert(self, x: Floats, y: Floats, image: Places) -> tuple[Floats, Floats]:
        """As `move_straight`, but for exactness."""
        rows = _entries(self.maps, image)
        (_, _, r), (_, _, s), (g, h, i) = rows
        projective = self.projective()
        with np.errstate(all="ignore"):
            (a, b), (c, d) = linear = _linear(rows, x, y) if projective else rows[:2, :2]
            determinant = a * d - b * c
            singular = np.abs(determinant) <= _SINGULAR * np.square(np.abs(linear).max(axis=(0, 1)))
            determinant = np.where(singular, np.nan, determinant)
            right, down = x * i - r, y * i - s
            x, y = (d * right - b * down) / determinant, (a * down - c * right) / determinant
            if projective:
                # The denominator, zero but for rounding where a map makes a line of the image.
                sizes = np.abs(g * x) + np.abs(h * y) + np.abs(i)
                behind = ~(g * x + h * y + i > _SINGULAR * sizes)
                x[behind] = y[behind] = np.nan
        return x, y

    def nearness(self, x: Floats, y: Floats, image: Places) -> Floats | None:
        """How far before the horizon points of the input are, in a measure of each image's own.

        It is linear in x and y, zero where the output is infinitely far away, and negative for
        what is not shown. None where no map has a horizon.
        """
        if not self.maps[image, 2, :2].any():
            return None
        with np.errstate(all="ignore"):
            (a, b), (c, d) = _linear(_entries(self.maps, image), x, y)
            near: Floats = (a * d - b * c) * np.sign(np.linalg.det(self.maps))[image]
        return near

    def _unbend(self, start: Pairs, aims: Pairs, image: Places) -> Pairs:
        """Where maps and fields together show the input at `aims`, shape (p,)."""
        found = start.copy()
        misses, steps = self._newton(found, aims, image)
        share = np.ones(len(misses))
        for _ in range(_STEPS):
            # Each point by itself, so that no result depends on what else is in the batch.
            todo = np.flatnonzero(misses > _CLOSE)
            if not todo.size:
                break
            tried = found[todo] + share[todo] * steps[todo]
            its_misses, its_steps = self._newton(tried, aims[todo], image[todo])
            better = its_misses < misses[todo]
            share[todo] = np.where(better, 1, share[todo] / 2)
            nearer = todo[better]
            found[nearer], misses[nearer] = tried[better], its_misses[better]
            steps[nearer] = its_steps[better]
        return found

    def _newton(self, points: Pairs, aims: Pairs, image: Places) -> tuple[Floats, Pairs]:
        """By how many pixels of the input points of the output miss, and the step from there.

        What is missed behind the horizon is NaN.
        """
        assert self.fields is not None
        rows = _entries(self.maps, image)
        with np.errstate(all="ignore"):
            x, y, w = (row[0] * points.real + row[1] * points.imag + row[2] for row in rows)
            w = np.where(w > 0, w, np.nan)
            x, y = x / w, y / w
            shift, by_x, by_y = self.fields.at(points, image)
            missed = aims - shift
            right, down = missed.real - x, missed.imag - y
            (a, b), (c, d) = linear = _linear(rows, x, y) / w
            a, b, c, d = a + by_x.real, b + by_y.real, c + by_x.imag, d + by_y.imag
            determinant = a * d - b * c
            least = _FOLDED * np.square(np.abs(linear).max(axis=(0, 1)))
            folded = np.abs(determinant) < least
            determinant = np.where(folded, np.copysign(least, determinant), determinant)
            steps = (d * right - b * down) / determinant
            return np.hypot(right, down), steps + 1j * ((a * down - c * right) / determinant)


def _entries(maps: Floats, image: Places) -> Floats:
    """The maps of rows, entries first, shape (3, 3, p)."""
    return np.moveaxis(maps, 0, -1)[:, :, image]


def _linear(rows: Floats, x: Floats, y: Floats) -> Floats:
    """How maps change where they give x and y, times their denominator there: ((a, b), (c, d))."""
    (a, b, _), (c, d, _), (g, h, _) = rows
    linear: Floats = np.stack([[a - x * g, b - x * h], [c - y * g, d - y * h]])
    return linear


def as_motion(matrix: Any, mirror: Any, size: Any, output_size: Any, n: int) -> Motion:
    """Checks the maps of `n` images of one size, between (row, column), and mirrors after them.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit, or a matrix entry is not finite.
    """
    maps = _as_maps(matrix, n)
    flags = as_array(mirror, "mirror")
    if flags.dtype != np.bool_ or flags.shape not in ((2,), (n, 2)):
        raise ValueError(f"mirror must be bools of shape (2,) or ({n}, 2), got {mirror!r}")
    before = as_size(size, "size")
    after = before if output_size is None else as_size(output_size, "output_size")
    for axis, last in enumerate((after[1] - 1, after[0] - 1)):
        mirrored = flags[..., 1 - axis, np.newaxis]
        if mirrored.any():
            maps[:, :, 2] += maps[:, :, axis] * (last * mirrored)
            maps[:, :, axis] *= 1 - 2 * mirrored
    return Motion(
        maps, np.broadcast_to(np.array(before), (n, 2)), np.broadcast_to(np.array(after), (n, 2))
    )


def _as_maps(matrix: Any, n: int) -> Floats:
    """Homographies (n, 3, 3) between (x, y), from what is between (row, column), or None."""
    maps = np.empty((n, 3, 3))
    maps[:] = np.eye(3)
    if matrix is None:
        return maps
    given = as_numbers(matrix, "matrix")
    if given.shape not in ((2, 3), (3, 3), (n, 2, 3), (n, 3, 3)):
        raise ValueError(
            f"matrix must have shape (2, 3), (3, 3), ({n}, 3, 3) or ({n}, 2, 3), got {given.shape}"
        )
    if not np.isfinite(given).all():
        raise ValueError(f"matrix must be finite, got {given[~np.isfinite(given)][0]}")
    rows = given.shape[-2]
    maps[:, :rows] = given[..., [1, 0, 2][:rows], :][..., [1, 0, 2]]
    return maps
