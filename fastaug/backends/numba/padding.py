"""The borders of rows that are worked on with their surroundings."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .jit import Scalar, shared


@shared
def pad_row(
    row: Array, across: Array, inside: int, width: int, channels: int, outside: Scalar
) -> None:
    """Fills in what lies on both sides of a row of `width` pixels, the first of them pixel `inside`.

    `across` says which of them stands for each, -1 for the value `outside`.
    """
    for side in range(2):
        begin, end = (inside + width, len(across)) if side else (0, inside)
        for x in range(begin, end):
            at = (inside + across[x]) * channels
            for c in range(channels):
                v = outside if across[x] < 0 else row[np.uint64(at + c)]
                row[np.uint64(x * channels + c)] = v
