"""Which kernel does a resample: a copy where it can be one, else the least that does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..ops.geometry import flip, rot90, warp_affine
from ..ops.perspective import warp_field
from ..ops.resize import resize
from ..ops.windows import crop
from ..transforms import affine
from ..transforms.draws import Flags
from .moves import Resample, Rows, Sizes

# What is done to images of one size, once they are there.
Call: TypeAlias = Callable[[Array], Array]
# Places in the rows of a resample, and what is done to them.
Calls: TypeAlias = Iterator[tuple[npt.NDArray[np.intp], Call]]

Make: TypeAlias = Callable[[Rows], Call]

_SLACK = 1e-9


def calls_for(move: Resample) -> Calls:
    """The calls of ops that do a resample; all its images are of one size before it."""
    left = ~_still(move)
    for way in (_whole, _parts, _boxes, _affinely, _bent):
        doable, make = way(move)
        for at in _alike(left & doable, move.after):
            yield at, make(at)
        left &= ~doable


def _alike(flags: Flags, sizes: Sizes) -> Iterator[npt.NDArray[np.intp]]:
    """Places where the flags are set, those of one size together."""
    places = np.flatnonzero(flags)
    for size in sorted({tuple(size) for size in sizes[places].tolist()}):
        yield places[(sizes[places] == size).all(axis=1)]


def _plain(move: Resample) -> Flags:
    """Whether there is neither perspective nor displacement."""
    bent = np.array([field is not None for field in move.fields], np.bool_)
    plain: Flags = (move.matrices[:, 2] == (0.0, 0.0, 1.0)).all(axis=1)
    plain &= ~bent
    return plain


def _still(move: Resample) -> Flags:
    """Whether nothing moves."""
    still: Flags = (move.matrices == np.eye(3)).all(axis=(1, 2)) & _plain(move)
    still &= (move.after == move.before).all(axis=1)
    return still


def _whole(move: Resample) -> tuple[Flags, Make]:
    """Flips and quarter turns of whole images."""
    n, plain = len(move.rows), _plain(move)
    turns, flips = np.full(n, -1), np.zeros(n, np.bool_)
    for k in range(4):
        turned, sizes = affine.turning(move.before, np.full(n, k))
        for flipped in (False, True):
            mirror = affine.mirroring(sizes, np.full(n, flipped), np.zeros(n, np.bool_))
            same = plain & (move.matrices == affine.product(turned, mirror)).all(axis=(1, 2))
            same &= (move.after == sizes).all(axis=1)
            turns[same], flips[same] = k, flipped

    def make(at: Rows) -> Call:
        k, mirrored = turns[at], flips[at]
        if not (k % 2).any():  # half a turn is two flips
            half = k == 2
            return lambda images: flip(images, horizontal=mirrored ^ half, vertical=half)
        if not mirrored.any():
            return lambda images: rot90(images, k)
        return lambda images: flip(rot90(images, k), horizontal=mirrored)

    return turns >= 0, make


def _parts(move: Resample) -> tuple[Flags, Make]:
    """Rectangles of the images, pixel for pixel."""
    scale = move.matrices[:, :2, :2]
    left, top = np.rint(move.matrices[:, :2, 2]).T.astype(np.int64)
    corner = np.stack([top, left], axis=1)
    cuts = _plain(move) & (scale == np.eye(2)).all(axis=(1, 2))
    cuts &= (corner[:, ::-1] == move.matrices[:, :2, 2]).all(axis=1)
    cuts &= ((corner >= 0) & (corner + move.after <= move.before)).all(axis=1)

    def make(at: Rows) -> Call:
        height, width = move.after[at[0]].tolist()
        return lambda images: crop(images, top[at], left[at], height, width)

    return cuts, make


def _boxes(move: Resample) -> tuple[Flags, Make]:
    """Boxes within the images, stretched, and mirrored if need be."""
    a, d = move.matrices[:, 0, 0], move.matrices[:, 1, 1]
    scale = np.stack([d, a], axis=1)
    straight = _plain(move) & move.antialias & (scale != 0).all(axis=1)
    straight &= (move.matrices[:, 0, 1] == 0) & (move.matrices[:, 1, 0] == 0)
    # Where the first edge of the output, half a pixel out, and the last one come from.
    first = move.matrices[:, [1, 0], 2] + 0.5 - 0.5 * scale
    last = first + scale * move.after
    low, high = np.minimum(first, last), np.maximum(first, last)
    slack = _SLACK * move.before
    straight &= ((low >= -slack) & (high <= move.before + slack)).all(axis=1)
    low = np.clip(low, 0, move.before)
    boxes = np.concatenate([low, np.clip(high, 0, move.before) - low], axis=1)
    down, across = (scale < 0).T

    def make(at: Rows) -> Call:
        size = tuple(move.after[at[0]].tolist())
        between: Any = move.style.interpolation or "bilinear"

        def call(images: Array) -> Array:
            result = resize(images, size, box=boxes[at], interpolation=between)
            if not (down[at].any() or across[at].any()):
                return result
            return flip(result, horizontal=across[at], vertical=down[at])

        return call

    return straight, make


def _affinely(move: Resample) -> tuple[Flags, Make]:
    """Maps that keep straight lines parallel."""

    def make(at: Rows) -> Call:
        matrices, options = move.matrices[at], _options(move, at)
        return lambda images: warp_affine(images, matrices[:, :2], **options)

    return _plain(move), make


def _bent(move: Resample) -> tuple[Flags, Make]:
    """Everything else."""

    def make(at: Rows) -> Call:
        matrices, options = move.matrices[at], _options(move, at)
        size = options["output_size"]
        still = np.zeros((*size, 2), np.float32)
        fields = [move.fields[i] for i in at]
        field = np.stack([still if field is None else field for field in fields])
        bends = any(field is not None for field in fields)
        return lambda images: warp_field(images, matrices, field if bends else None, **options)

    return np.ones(len(move.rows), np.bool_), make


def _options(move: Resample, at: Rows) -> dict[str, Any]:
    return {
        "output_size": tuple(move.after[at[0]].tolist()),
        "interpolation": move.style.interpolation or "nearest",
        "fill_mode": move.style.fill_mode or "nearest",
        "fill_value": np.atleast_2d(np.asarray(move.style.fill_value, np.float64)),
    }
