"""What this door alone has in the extension, and what stands in for it where that was not built."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import Array

try:
    from .._native import keras_matrices, pick_pixels
except ImportError:

    def keras_matrices(
        draws: Array, height: float, width: float, first: float, second: float, rows_first: bool
    ) -> npt.NDArray[np.float64]:
        """The same bits by Numba."""
        backends.current()  # says what to install where there is no Numba either
        from . import closed_form

        return closed_form.keras_matrices(draws, height, width, first, second, rows_first)

    def pick_pixels(
        pixels: object, height: int, width: int, rows: Array, columns: Array, out: Array
    ) -> bool:
        """Nothing: Pillow's own resize picks the same pixels, and nearly as fast."""
        return False


__all__ = ["keras_matrices", "pick_pixels"]
