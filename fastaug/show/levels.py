"""From the numbers of an image to levels that a screen can show."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from ..arrays import Array

# Black and white: a number each, or one for each channel.
Limits: TypeAlias = tuple[Any, Any]

# Values are taken to be meant for these limits unless more than a few lie far beyond them.
_FAR, _FEW = 0.25, 0.01


def levels(pixels: Array, limits: Limits) -> tuple[Array, str]:
    """uint8 pixels of an image (H, W, C), with 1, 2, 3 or 4 channels of which an even last one is alpha.

    Args:
        pixels: of any dtype. What is not finite is shown as black.
        limits: which values are black and white.

    Returns:
        The pixels, and what has to be said about them, or nothing: images of more than 4 channels are
        their first three, and values far from the limits are spread from black to white.
    """
    notes = []
    channels = pixels.shape[-1]
    if channels > 4:
        pixels = pixels[..., :3]
        limits = tuple(end if np.ndim(end) == 0 else end[:3] for end in limits)
        notes.append(f"first 3 of {channels} channels")
    black, white = limits
    if pixels.dtype == np.uint8 and np.all(black == 0) and np.all(white == 255):
        return pixels, ", ".join(notes)
    finite = np.isfinite(pixels)
    values = np.where(finite, pixels.astype(np.float64), black)
    span = np.subtract(white, black, dtype=np.float64)
    shares = (values - black) / np.where(span == 0, 1, span)
    far = (shares < -_FAR) | (shares > 1 + _FAR)
    if np.mean(far) > _FEW:
        low, high = values[finite].min(), values[finite].max()
        notes.append(f"{low:.3g} to {high:.3g} as black to white")
        shares = np.where(finite, values - low, 0) / (high - low or 1)
    return np.rint(255 * shares.clip(0, 1)).astype(np.uint8), ", ".join(notes)
