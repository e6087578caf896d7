"""Keras' affine matrices, for a whole batch at once.

`affine_matrices` composes them by the products that Keras makes, to its bits; `quick_matrices` in
closed form, which is several times cheaper and right to the last bits of a double.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .draws import Compat, Draws, Numbers

Matrices = npt.NDArray[np.float64]


def moving(draws: Draws) -> npt.NDArray[np.bool_] | bool:
    """Which images are resampled: Keras leaves the pixels of others alone. One bool for all.

    Numbers that are drawn from floats count as moving; shifts by whole pixels may be none.
    """
    drawn = ((draws.theta, 0), (draws.shear, 0), (draws.zx, 1), (draws.zy, 1))
    if any(isinstance(v, np.ndarray) and v.ndim and v.dtype.kind == "f" for v, _ in drawn):
        return draws.n > 0
    moved = np.zeros(draws.n, bool)
    for v, still in (*drawn, (draws.tx, 0), (draws.ty, 0)):
        moved |= np.asarray(v) != still
    return moved if moved.any() and not moved.all() else bool(moved.all() and draws.n)


def affine_matrices(
    draws: Draws, height: int, width: int, compat: Compat = "keras"
) -> Matrices | None:
    """The (n, 2, 3) maps from output to input (row, column), or None if nothing moves."""
    product = _product(draws)
    if product is None:
        return None
    row, column = _centre(height, width, compat)
    product = np.asarray(_shift(row, column) @ product @ _shift(-row, -column))
    if compat == "keras2":
        return np.ascontiguousarray(product[:, :2])
    matrices = np.empty((draws.n, 2, 3))
    matrices[:, :, :2] = product[:, 1::-1, 1::-1]
    matrices[:, :, 2] = product[:, 1::-1, 2]
    return matrices


def quick_matrices(
    draws: Draws, height: int, width: int, compat: Compat, mirror: npt.NDArray[np.bool_]
) -> Matrices:
    """The (n, 2, 3) maps from output to input (x, y), mirrored images included."""
    # Small arrays: what costs is the number of calls, so the two rows of a column go together.
    n = draws.n
    # Rotation times shear is a rotation by both angles in its second column.
    angles = np.empty((2, n))
    angles[0] = draws.theta
    angles[1] = draws.theta + draws.shear
    np.deg2rad(angles, out=angles)
    turns = np.empty((2, 3, n))  # for each angle: -sin, cos, sin
    np.cos(angles, out=turns[:, 1])
    np.sin(angles, out=turns[:, 2])
    np.negative(turns[:, 2], out=turns[:, 0])
    centre = np.array(_centre(height, width, compat))[:, np.newaxis]
    columns = np.empty((3, 2, n))
    np.multiply(turns[0, 1:], draws.zx, out=columns[0])
    np.multiply(turns[1, :2], draws.zy, out=columns[1])
    shift = turns[0, 1:] * draws.tx + turns[0, :2] * draws.ty
    columns[2] = shift - (columns[0] * centre[0] + columns[1] * centre[1]) + centre
    if compat == "keras2":  # its matrix is between (row, column)
        columns = columns[[1, 0, 2], ::-1]
    for axis, last in ((1, height - 1), (0, width - 1)):
        flipped = mirror[:, 1 - axis]
        if flipped.any():
            columns[2] += columns[axis] * (last * flipped)
            columns[axis] *= 1 - 2 * flipped
    return np.ascontiguousarray(columns.transpose(2, 1, 0))


def _centre(height: int, width: int, compat: Compat) -> tuple[float, float]:
    """What stays in place, in the coordinates in which the matrix is made.

    Keras makes the matrix between (x, y) but gives the centre as (row, column), so that images that
    are not square turn about a point beside their centre. Keras 2 makes it between (row, column),
    about a point one pixel off.
    """
    if compat == "keras2":
        return height / 2 + 0.5, width / 2 + 0.5
    if compat == "fixed":
        return width / 2 - 0.5, height / 2 - 0.5
    return height / 2 - 0.5, width / 2 - 0.5


def _product(draws: Draws) -> Matrices | None:
    """The product of what is switched on, in Keras' order.

    A factor that is the identity for some images of the batch changes no bit of their product.
    """
    product: Matrices | None = None
    for factor in _factors(draws):
        product = factor if product is None else np.asarray(product @ factor)
    return product


def _factors(draws: Draws) -> list[Matrices]:
    factors = []
    if _is_on(draws.theta):
        angle = np.deg2rad(draws.theta)
        rotation = _identities(draws.n)
        rotation[:, 0, 0] = rotation[:, 1, 1] = np.cos(angle)
        rotation[:, 1, 0] = np.sin(angle)
        rotation[:, 0, 1] = -rotation[:, 1, 0]
        factors.append(rotation)
    if _is_on(draws.tx) or _is_on(draws.ty):
        shift = _identities(draws.n)
        shift[:, 0, 2] = draws.tx
        shift[:, 1, 2] = draws.ty
        factors.append(shift)
    if _is_on(draws.shear):
        angle = np.deg2rad(draws.shear)
        shear = _identities(draws.n)
        shear[:, 0, 1] = -np.sin(angle)
        shear[:, 1, 1] = np.cos(angle)
        factors.append(shear)
    if _is_on(draws.zx, 1) or _is_on(draws.zy, 1):
        zoom = _identities(draws.n)
        zoom[:, 0, 0] = draws.zx
        zoom[:, 1, 1] = draws.zy
        factors.append(zoom)
    return factors


def _is_on(values: Numbers, still: int = 0) -> bool:
    return bool((values != still).any() if isinstance(values, np.ndarray) else values != still)


_IDENTITY = np.eye(3)


def _identities(n: int) -> Matrices:
    matrices = np.empty((n, 3, 3))
    matrices[:] = _IDENTITY
    return matrices


def _shift(row: float, column: float) -> Matrices:
    return np.array([[1.0, 0.0, row], [0.0, 1.0, column], [0.0, 0.0, 1.0]])
