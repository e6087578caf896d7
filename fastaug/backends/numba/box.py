"""What rectangles have of an image: the text of ``csrc/ops/box.hpp``."""

from __future__ import annotations

from .jit import inlined


@inlined
def clipped_extent(begin: int, length: int, n: int) -> tuple[int, int]:
    """What a piece of a line of `n` pixels has of it; no sum of these numbers overflows."""
    if length <= 0 or begin >= n:
        return 0, 0
    end = begin + length if begin < 0 or length < n - begin else n
    return max(begin, 0), min(end, n)
