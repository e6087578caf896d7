"""The upright boxes around boxes that were moved, by way of points on their edges."""

from __future__ import annotations

import numpy as np

from .motion import Flags, Floats, Motion, Places

# Points on each side of a box that a displacement field bends: for boxes of up to so many pixels,
# and for larger ones.
_SMALL, _FEW, _MANY = 64, 16, 32
# What is cut off before the horizon, as a share of how far the box reaches: it is a million times as
# far away as the rest, so never in the image, and not so far that rounding moves it there.
_HORIZON = 1e-6


def around(edges: Floats, motion: Motion, image: Places) -> tuple[Floats, Flags]:
    """The upright boxes around boxes that were moved.

    Args:
        edges: (x_min, y_min, x_max, y_max) on the edges of pixels, shape (m, 4).
        motion: of the images.
        image: which one a box is in, shape (m,).

    Returns:
        Boxes like `edges`, all zeros where they are nowhere; and which of them are without end, as
        they reach the horizon: they go as far as anything can matter. Shapes (m, 4) and (m,).
    """
    if motion.fields is None:
        return _around(edges, motion, image, 1)
    moved, endless = np.zeros_like(edges), np.zeros(len(edges), bool)
    bent = motion.bent()[image]
    small = (edges[:, 2:] - edges[:, :2]).max(axis=1, initial=0) <= _SMALL
    # Corners say it all where lines stay lines.
    for chosen, points in ((~bent, 1), (bent & small, _FEW), (bent & ~small, _MANY)):
        if chosen.any():
            moved[chosen], endless[chosen] = _around(edges[chosen], motion, image[chosen], points)
    return moved, endless


def _around(edges: Floats, motion: Motion, image: Places, points: int) -> tuple[Floats, Flags]:
    # Edges lie half a pixel outside of the centres that the map is about.
    left, top, right, bottom = edges.T - 0.5
    x = _ring(np.stack([left, right, right, left]), points)
    y = _ring(np.stack([top, top, bottom, bottom]), points)
    moved = np.stack(motion.move(x, y, image))
    boxes = np.stack([np.fmin.reduce(moved, axis=1), np.fmax.reduce(moved, axis=1)])
    endless = np.zeros(len(edges), bool)
    nearness = motion.nearness(x, y, image)
    if nearness is not None:
        hidden = nearness.min(axis=0) <= 0
        endless = hidden & (nearness.max(axis=0) > 0)
    if nearness is not None and endless.any():
        chosen = np.flatnonzero(endless)
        ends = _ends(x[:, chosen], y[:, chosen], nearness[:, chosen], motion, image[chosen])
        boxes[0][:, chosen] = np.fmin(boxes[0][:, chosen], np.fmin.reduce(ends, axis=1))
        boxes[1][:, chosen] = np.fmax(boxes[1][:, chosen], np.fmax.reduce(ends, axis=1))
    upright = boxes.reshape(4, -1).T + 0.5
    upright[~np.isfinite(upright).all(axis=1)] = 0
    return upright, endless


def _ring(corners: Floats, points: int) -> Floats:
    """So many points on each of the four sides, from (4, m) corners one after another."""
    if points == 1:
        return corners
    along = (np.arange(points) / points)[:, np.newaxis]
    sides = np.roll(corners, -1, axis=0) - corners
    ring: Floats = corners[:, np.newaxis] + along * sides[:, np.newaxis]
    return ring.reshape(4 * points, -1)


def _ends(x: Floats, y: Floats, nearness: Floats, motion: Motion, image: Places) -> Floats:
    """Where rings of points go towards the horizon, shape (2, ring, m); NaN where they do not."""
    least = _HORIZON * nearness.max(axis=0)
    shown = nearness > least
    following = np.roll(nearness, -1, axis=0)
    with np.errstate(all="ignore"):
        share = np.where(
            shown != np.roll(shown, -1, axis=0), (nearness - least) / (nearness - following), np.nan
        )
    x = x + share * (np.roll(x, -1, axis=0) - x)
    y = y + share * (np.roll(y, -1, axis=0) - y)
    return np.stack(motion.move_straight(x, y, image))
