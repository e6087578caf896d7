"""Maps of images as the drop-in makes them, for what moves along with the images."""

from __future__ import annotations

import numpy as np
import scipy.ndimage

import fastaug

H, W = 60, 80


def some_maps(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Maps between (row, column) of images of H by W, from output to input, and mirrors."""
    xy = fastaug.affine_matrix(
        rotation=rng.uniform(-180, 180, n),
        translation=rng.uniform(-10, 10, (n, 2)),
        scale=rng.uniform(0.7, 1.4, (n, 2)),
        shear=rng.uniform(-20, 20, (n, 2)),
        size=(H, W),
    )
    return xy[:, ::-1][:, :, [1, 0, 2]], rng.random((n, 2)) < 0.5


# Written out once more: (x_min, y_min, x_max, y_max) in pixels of an image of `h` by `w`.
FORMATS = {
    "xyxy": lambda a, b, c, d, h, w: (a, b, c, d),
    "yxyx": lambda a, b, c, d, h, w: (b, a, d, c),
    "xywh": lambda a, b, c, d, h, w: (a, b, c - a, d - b),
    "center_xywh": lambda a, b, c, d, h, w: ((a + c) / 2, (b + d) / 2, c - a, d - b),
    "center_yxhw": lambda a, b, c, d, h, w: ((b + d) / 2, (a + c) / 2, d - b, c - a),
    "rel_xyxy": lambda a, b, c, d, h, w: (a / w, b / h, c / w, d / h),
    "rel_yxyx": lambda a, b, c, d, h, w: (b / h, a / w, d / h, c / w),
    "rel_xywh": lambda a, b, c, d, h, w: (a / w, b / h, (c - a) / w, (d - b) / h),
    "rel_center_xywh": lambda a, b, c, d, h, w: (
        (a + c) / 2 / w, (b + d) / 2 / h, (c - a) / w, (d - b) / h
    ),
}  # fmt: skip


def written(boxes: np.ndarray, name: str, size: tuple[int, int] = (H, W)) -> np.ndarray:
    """Boxes (x_min, y_min, x_max, y_max) in another format."""
    return np.stack(FORMATS[name](*np.moveaxis(boxes, -1, 0), *size), axis=-1)


def some_views(rng: np.random.Generator, n: int, distortion: float = 0.3) -> np.ndarray:
    """Homographies (n, 3, 3) from output to input (x, y): the corners of H by W, pushed about."""
    corners = np.array([[0, 0], [W - 1, 0], [W - 1, H - 1], [0, H - 1]], float)
    views = np.empty((n, 3, 3))
    for view in views:
        u, v = (corners + distortion * rng.uniform(-1, 1, (4, 2)) * [W / 2, H / 2]).T
        x, y = corners.T
        zero, one = np.zeros(4), np.ones(4)
        equations = np.concatenate(
            [
                np.stack([x, y, one, zero, zero, zero, -x * u, -y * u], axis=1),
                np.stack([zero, zero, zero, x, y, one, -x * v, -y * v], axis=1),
            ]
        )
        view.flat = [*np.linalg.solve(equations, np.concatenate([u, v])), 1]
    return views


def seen(
    sources: tuple[np.ndarray, np.ndarray], box: np.ndarray, samples: int
) -> np.ndarray | None:
    """Where the picture of a box is found, from what each sample of the output shows.

    Args:
        sources: input x and y of pixel centres, of `samples` by `samples` for each output pixel.
        box: x_min, y_min, x_max, y_max in whole pixels.
        samples: for each pixel, along each axis.
    """
    left, top, right, bottom = np.asarray(box).astype(int)
    picture = np.zeros((H, W))
    picture[top:bottom, left:right] = 1
    x, y = sources
    shown = scipy.ndimage.map_coordinates(picture, [y, x], order=0, mode="grid-constant")
    rows, columns = np.nonzero(shown)
    if not len(rows):
        return None
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / samples


def fine_grid(height: int, width: int, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """x and y of samples of an output, in pixel centres."""
    y, x = (np.mgrid[: height * samples, : width * samples] + 0.5) / samples - 0.5
    return x, y
