"""What is moved and not computed: elements, or whole pixels, as unsigned integers of their size."""

from __future__ import annotations

from ...arrays import Array


def items(array: Array) -> Array:
    """Each element as one."""
    return array.view(f"u{array.dtype.itemsize}")


def whole_pixels(*arrays: Array) -> list[Array]:
    """Each pixel as one where all of the arrays allow that, else each element."""
    size, channels = arrays[0].itemsize, arrays[0].shape[3]
    if size * channels in (2, 4, 8) and all(a.strides[3] == size for a in arrays):
        whole = [a.view(f"u{size * channels}") for a in arrays]
        if all(a.flags.aligned for a in whole):
            return whole
    return [items(a) for a in arrays]
