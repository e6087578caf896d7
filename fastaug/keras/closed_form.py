"""Keras' affine matrices in closed form by Numba: ``csrc/bindings/keras.cpp``, to the same bits."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..backends.numba.jit import kernel
from ..backends.numba.transcendental import sincos_degrees


@kernel
def keras_matrices(
    draws: Array, height: float, width: float, first: float, second: float, rows_first: bool
) -> Array:
    """Draws (8 * n,) in the order of the struct; matrices (n, 6)."""
    n = len(draws) // 8
    matrices = np.empty((n, 6))
    x = 1 if rows_first else 0
    y = 1 - x
    for i in range(n):
        p, m = draws[i::n], matrices[i].reshape(2, 3)
        tx, ty, zx, zy = p[1], p[2], p[4], p[5]
        sin, cos = sincos_degrees(p[0])
        lean_sin, lean_cos = sincos_degrees(p[0] + p[3])
        # One row for each of Keras' coordinates; which of them is x decides where they go.
        one, two = m[x], m[y]
        one[x] = cos * zx
        one[y] = -lean_sin * zy
        two[x] = sin * zx
        two[y] = lean_cos * zy
        one[2] = (cos * tx - sin * ty) - (one[x] * first + one[y] * second) + first
        two[2] = (sin * tx + cos * ty) - (two[x] * first + two[y] * second) + second
        if p[6] != 0.0:
            for row in (one, two):
                row[2] += row[0] * (width - 1.0)
                row[0] = -row[0]
        if p[7] != 0.0:
            for row in (one, two):
                row[2] += row[1] * (height - 1.0)
                row[1] = -row[1]
    return matrices
