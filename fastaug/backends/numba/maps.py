"""Which maps move whole pixels, and products of maps: ``csrc/ops/maps.hpp``."""

from __future__ import annotations

from ...arrays import Array
from .jit import kernel

# The kinds, as in `Copied`.
_STILL, _FLIPPED, _TURNED, _PART, _STRAIGHT, _BENT = range(6)


@kernel
def copies(matrices: Array, before: Array, after: Array, found: Array) -> None:
    """Maps (n, 9), sizes (n, 2); found (n, 3), a kind and its two numbers."""
    for i in range(len(matrices)):
        m, height, width = matrices[i], before[i, 0], before[i, 1]
        x, y = m[2], m[5]
        found[i, 0], found[i, 1], found[i, 2] = _STRAIGHT, 0, 0
        if not (m[6] == 0.0 and m[7] == 0.0 and m[8] == 1.0):
            found[i, 0] = _BENT
        elif m[1] == 0.0 and m[3] == 0.0:
            across, down = m[0] == -1.0, m[4] == -1.0
            if not ((across or m[0] == 1.0) and (down or m[4] == 1.0)):
                continue
            whole = height == after[i, 0] and width == after[i, 1]
            left = width - 1.0 if across else 0.0
            top = height - 1.0 if down else 0.0
            if whole and x == left and y == top:
                found[i, 0] = _FLIPPED if across or down else _STILL
                found[i, 1], found[i, 2] = across, down
                continue
            fits = x >= 0.0 and y >= 0.0 and x + after[i, 1] <= width and y + after[i, 0] <= height
            if not across and not down and fits and int(x) == x and int(y) == y:
                found[i, 0], found[i, 1], found[i, 2] = _PART, int(y), int(x)
        elif m[0] == 0.0 and m[4] == 0.0 and abs(m[1]) == 1.0 and abs(m[3]) == 1.0:
            whole = height == after[i, 1] and width == after[i, 0]
            left = width - 1.0 if m[1] < 0.0 else 0.0
            top = height - 1.0 if m[3] < 0.0 else 0.0
            if whole and x == left and y == top:
                found[i, 0], found[i, 1] = _TURNED, 1 if m[1] < 0.0 else 3
                found[i, 2] = m[1] == m[3]


@kernel
def products(first: Array, second: Array, matrices: Array) -> None:
    """Maps (n, 9) each; their products (n, 3, 3)."""
    for n in range(len(first)):
        a, b, m = first[n], second[n], matrices[n]
        for i in range(3):
            for j in range(3):
                both = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j]
                m[i, j] = both + a[3 * i + 2] * b[6 + j]
