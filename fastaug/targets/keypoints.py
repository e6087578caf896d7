"""Keypoints that move along with images."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .motion import Motion, as_motion
from .rows import Rows, as_rows

NOWHERE = -1.0


def warp_keypoints(
    keypoints: Any,
    matrix: npt.ArrayLike | None = None,
    *,
    size: tuple[int, int],
    output_size: tuple[int, int] | None = None,
    mirror: npt.ArrayLike = (False, False),
) -> Any:
    """Moves keypoints as `fastaug.ops.geometry.warp_spline` moves the images they lie on.

    Args:
        keypoints: of a batch of n images: an array (n, k, 2) or (n, k, 3), or a list of n arrays
            (k, 2) or (k, 3), k as it may be. Columns are x and y in pixels, whole numbers at
            pixel centres, and then visibility as in COCO: 0 for points that are not there.
        matrix: (2, 3), or (n, 2, 3) for one per image: maps output (row, column) to input
            (row, column), as `warp_spline` takes it. Or (3, 3), or (n, 3, 3), homographies between
            the same, the middle of the output before their horizon; one that `warp_perspective`
            takes is given as ``matrix[..., [1, 0, 2], :][..., [1, 0, 2]]``. None moves nothing.
        size: (height, width) of the images in pixels.
        output_size: (height, width) of the result of the warp; default `size`.
        mirror: whether the result is then mirrored (upside down, left to right); shape (2,) or
            (n, 2).

    Returns:
        The keypoints in kind, as new arrays: floating dtypes are kept, whole numbers become
        float64. No point is removed, so that they stay in step with a model's outputs. Points
        that leave the image keep the coordinates that say where they went, and their visibility
        becomes 0; without that column their coordinates alone tell. Points whose visibility is 0
        already are left as they are. A point is in the image if -0.5 < x < width - 0.5, and y
        likewise. Where a map has no inverse, and behind the horizon of one, points go to
        (-1, -1), outside.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit, or a number is not finite.

    Method:
        In double precision; an identity returns the bits that came, and a mirror image is
        ``width - 1 - x``.

    Examples:
        >>> import numpy as np
        >>> from fastaug.targets import warp_keypoints
        >>> eyes = np.array([[[10.0, 20.0, 2.0], [30.0, 20.0, 2.0]]])
        >>> warp_keypoints(eyes, size=(64, 64), mirror=(False, True))
        array([[[53., 20.,  2.],
                [33., 20.,  2.]]])
        >>> left_by_20 = [[1, 0, 0], [0, 1, 20]]
        >>> warp_keypoints(eyes, left_by_20, size=(64, 64))
        array([[[-10.,  20.,   0.],
                [ 10.,  20.,   2.]]])
    """
    rows = as_rows(keypoints, "keypoints", (2, 3))
    return _moved(rows, as_motion(matrix, mirror, size, output_size, rows.n))


def move_keypoints(keypoints: Any, motion: Motion) -> Any:
    """Moves keypoints, as those of `warp_keypoints`, as images were moved.

    Raises:
        TypeError: if they are not numbers.
        ValueError: if a shape does not fit, or a number is not finite.
    """
    rows = as_rows(keypoints, "keypoints", (2, 3))
    rows.check_images(motion.n, "keypoints")
    return _moved(rows, motion)


def _moved(rows: Rows, motion: Motion) -> Any:
    x, y = motion.move(rows.values[:, 0], rows.values[:, 1], rows.image)
    lost = ~(np.isfinite(x) & np.isfinite(y))
    x[lost] = y[lost] = NOWHERE
    height, width = motion.output_sizes[rows.image].T
    inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    moved = np.column_stack([x, y, rows.values[:, 2:]])
    if moved.shape[1] == 3:
        absent = rows.values[:, 2] == 0
        moved[~inside, 2] = 0
        moved[absent] = rows.values[absent]
    return rows.restore(moved)


__all__ = ["warp_keypoints"]
