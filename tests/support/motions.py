"""Maps of images as the drop-in makes them, for what moves along with the images."""

from __future__ import annotations

import numpy as np

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
