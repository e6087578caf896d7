"""The homography through four points.

No LAPACK, whose bits depend on the machine: every operation here is an elementwise one of NumPy's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array, as_numbers

_THIN = (
    2.0**-40
)  # three points are on a line where their triangle is so small a share of the largest


def perspective_matrix(start: npt.ArrayLike, end: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Makes the matrix for `warp_perspective` that moves four points of an image.

    Args:
        start: (4, 2), or (N, 4, 2) for one quadrilateral per image: points (x, y) in pixels, any
            order, no three of them on a line.
        end: where they are to be seen, in the same order; (4, 2) or (N, 4, 2).

    Returns:
        float64 array: (3, 3), or (N, 3, 3) if either argument has a quadrilateral per image. It maps
        output (x, y) to input (x, y), and so `end` to `start`. The last entry is 1, unless output
        (0, 0) lies on the horizon.

    Raises:
        TypeError: if an argument is not an array of numbers.
        ValueError: if a shape does not fit, a value is not finite, three points are on a line, or
            the middle of `end` would lie on the horizon.

    Method:
        Eight linear equations in coordinates about the middle of either quadrilateral, scaled by
        a power of two; Gaussian elimination with partial pivoting, each operation an IEEE-754 one in
        a fixed order, so that the same points give the same bits on every machine. As
        `torchvision.transforms.functional.perspective` and `cv2.getPerspectiveTransform`.

    Examples:
        >>> import fastaug
        >>> square = [(0, 0), (2, 0), (2, 2), (0, 2)]
        >>> fastaug.perspective_matrix(square, [(1, 1), (5, 1), (5, 5), (1, 5)])
        array([[ 0.5,  0. , -0.5],
               [ 0. ,  0.5, -0.5],
               [ 0. ,  0. ,  1. ]])
    """
    sources, targets = _quadrilaterals(start, "start"), _quadrilaterals(end, "end")
    counts = {len(points) for points in (sources, targets) if points.ndim == 3}
    if len(counts) > 1:
        raise ValueError(
            f"start and end must agree on the number of images, got {len(sources)} and {len(targets)}"
        )
    alike = not counts
    n = 1 if alike else counts.pop()
    sources, targets = (np.broadcast_to(points, (n, 4, 2)) for points in (sources, targets))
    near, middle, scale = _about_the_middle(sources)
    far, far_middle, far_scale = _about_the_middle(targets)
    with np.errstate(all="ignore"):
        matrix = _through_points(far, near)
    lost = ~np.isfinite(matrix).all(axis=(1, 2))
    if lost.any():
        raise ValueError(
            "start and end must have corners in an order that keeps the middle of end off the "
            f"horizon, got {sources[lost][0].tolist()} and {targets[lost][0].tolist()}"
        )
    # From there to pixels: output pixels to coordinates about the middle first, and back last.
    matrix[:, :, :2] /= far_scale[:, np.newaxis]
    matrix[:, :, 2] -= matrix[:, :, 0] * far_middle[:, :1] + matrix[:, :, 1] * far_middle[:, 1:]
    for axis in (0, 1):
        moved = matrix[:, 2] * middle[:, axis : axis + 1]
        matrix[:, axis] = matrix[:, axis] * scale + moved
    last = matrix[:, 2, 2]
    matrix /= np.where(last == 0, 1.0, last)[:, np.newaxis, np.newaxis]
    matrix += 0.0  # no zeros with a sign
    return matrix[0] if alike else matrix


def _quadrilaterals(points: Any, name: str) -> npt.NDArray[np.float64]:
    array = as_numbers(points, name)
    if array.ndim not in (2, 3) or array.shape[-2:] != (4, 2):
        raise ValueError(f"{name} must have shape (4, 2) or (N, 4, 2), got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {array[~np.isfinite(array)][0]}")
    each = array.reshape(-1, 4, 2)
    with np.errstate(all="ignore"):
        triangles = np.stack([_doubled_area(np.delete(each, i, axis=1)) for i in range(4)], axis=1)
        straight = ~(triangles.min(axis=1) > _THIN * triangles.max(axis=1))
    if straight.any():
        raise ValueError(
            f"{name} must have no three points on a line, got {each[straight][0].tolist()}"
        )
    return array


def _doubled_area(corners: Array) -> Array:
    """Of triangles (n, 3, 2)."""
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area: Array = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    return area


def _about_the_middle(points: Array) -> tuple[Array, Array, Array]:
    """Points from their mean, divided by a power of two to be about one; the mean and the power."""
    middle = ((points[:, 0] + points[:, 1]) + (points[:, 2] + points[:, 3])) * 0.25
    moved = points - middle[:, np.newaxis]
    _, exponent = np.frexp(np.abs(moved).max(axis=(1, 2)))
    scale = np.ldexp(1.0, exponent)[:, np.newaxis]
    return moved / scale[:, np.newaxis], middle, scale


def _through_points(sources: Array, targets: Array) -> npt.NDArray[np.float64]:
    """Homographies (n, 3, 3) from four points each to four others; the last entries are 1."""
    n = len(sources)
    x, y, u, v = sources[:, :, 0], sources[:, :, 1], targets[:, :, 0], targets[:, :, 1]
    system = np.zeros((n, 8, 9))
    system[:, :4, 0], system[:, :4, 1], system[:, :4, 2] = x, y, 1.0
    system[:, 4:, 3], system[:, 4:, 4], system[:, 4:, 5] = x, y, 1.0
    system[:, :4, 6], system[:, :4, 7], system[:, :4, 8] = -(x * u), -(y * u), u
    system[:, 4:, 6], system[:, 4:, 7], system[:, 4:, 8] = -(x * v), -(y * v), v
    return np.concatenate([_solve(system), np.ones((n, 1))], axis=1).reshape(n, 3, 3)


def _solve(system: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Solutions (n, k) of linear systems (n, k, k + 1), by Gauss and Jordan, in place."""
    n, size, _ = system.shape
    each = np.arange(n)
    for k in range(size):
        pivot = k + np.abs(system[:, k:, k]).argmax(axis=1)
        top = system[each, pivot]
        system[each, pivot] = system[:, k]
        top = top / top[:, k : k + 1]
        system -= system[:, :, k : k + 1] * top[:, np.newaxis]
        system[:, k] = top
    return system[:, :, size]
