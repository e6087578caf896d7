"""Which kernel does a resample: a copy where it can be one, else the least that does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..ops.geometry import flip, rot90, warp_affine
from ..ops.perspective import warp_field
from ..ops.resize import resize
from ..ops.windows import crop
from ..transforms import affine
from ..transforms.draws import Flags, Floats
from .moves import ALL, Resample, Rows, Sizes

# What is done to images of one size, once they are there.
Call: TypeAlias = Callable[[Array], Array]
# Places in the rows of a resample, and what is done to them.
Calls: TypeAlias = Iterator[tuple[Rows, Call]]

Make: TypeAlias = Callable[[Rows], Call]
# Which samples can be done in some way, and what does it.
Way: TypeAlias = Callable[[Resample], tuple[Flags, Make]]

# What `warp_affine` takes.
_WARPED = (np.dtype(np.uint8), np.dtype(np.float32))

# By how much images are made smaller, smoothly, before they are warped to less than their size; what
# the warp then leaves out between pixels is less than a fifth.
_LADDER = np.array([1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0])
_SLACK = 1e-9
_LAST_ROW = np.array([[0.0, 0.0, 1.0]])


def _turned() -> npt.NDArray[np.int64]:
    """Twice the quarter turns after a flip, which adds one, by a matrix of -1, 0 and 1 read as a number.

    -1 for those that are something else.
    """
    found = np.full(81, -1)
    one = np.ones((1, 2), np.int64)
    for k in range(4):
        for flipped in (False, True):
            matrix = affine.product(
                affine.turning(one, [k])[0], affine.mirroring(one, flipped, False)
            )
            digits = matrix[0, :2, :2].reshape(4).astype(np.int64)
            found[((digits + 1) * (27, 9, 3, 1)).sum()] = 2 * k + flipped
    return found


_TURNED = _turned()


def calls_for(move: Resample, dtype: np.dtype[Any]) -> Calls:
    """The calls of ops that do a resample; all its images are of one size and this dtype before it."""
    left = _moving(move)
    for way in _ways(move, dtype):
        if not np.count_nonzero(left):
            return
        doable, make = way(move)
        for at in _alike(left & doable, move.after):
            yield at, make(at)
        left &= ~doable


def _ways(move: Resample, dtype: np.dtype[Any]) -> Iterator[Way]:
    """What to try, the cheapest first; the last one can do everything."""
    antialias = np.count_nonzero(move.antialias)
    # A warp copies what moves by whole pixels as it is, but of two dtypes only, turned floats not
    # quite as fast as others do, and what is not to be made smaller first.
    turned = np.count_nonzero(move.matrices[:, 0, 0]) < len(move.rows)
    if antialias or turned or dtype not in _WARPED:
        zeros = move.matrices[:, :2, :2].reshape(-1, 4) == 0
        if (zeros.sum(axis=1) == 2).any():  # lines along an axis stay along one
            yield from (_whole, _parts, *((_boxes,) if antialias else ()))
    if antialias:
        shrinks = _shrinks(move)
        for shrink in np.unique(shrinks[(shrinks > 1).any(axis=1)], axis=0):
            yield partial(_smaller, shrink=shrink, among=(shrinks == shrink).all(axis=1))
    yield from (_affinely, _bent)


def _alike(flags: Flags, sizes: Sizes) -> Iterator[Rows]:
    """Places where the flags are set, those of one size together."""
    places = flags.nonzero()[0]
    if not places.size:
        return
    here = sizes.take(places, axis=0)
    if not np.count_nonzero(here != here[:1]):
        yield ALL if len(places) == len(flags) else places
        return
    for size in sorted({tuple(size) for size in here.tolist()}):
        yield places[(here == size).all(axis=1)]


def _plain(move: Resample) -> Flags:
    """Whether there is neither perspective nor displacement."""
    plain: Flags = (move.matrices[:, 2] == _LAST_ROW).all(axis=1)
    if move.fields:
        plain &= ~move.bent()
    return plain


def _moving(move: Resample) -> Flags:
    """Whether anything moves."""
    still = move.matrices == affine.identity(len(move.rows))
    moving: Flags = ~still.all(axis=(1, 2))
    if move.fields:
        moving |= move.bent()
    resized = move.after != move.before
    if np.count_nonzero(resized):
        moving |= resized.any(axis=1)
    return moving


def _whole(move: Resample) -> tuple[Flags, Make]:
    """Flips and quarter turns of whole images."""
    linear = move.matrices[:, :2, :2].reshape(-1, 4)
    digits = linear.clip(-1.0, 1.0).astype(np.int64)
    number = _TURNED[((digits + 1) * (27, 9, 3, 1)).sum(axis=1)]
    # Where the first pixel comes from: a corner of the image.
    backwards = (digits.reshape(-1, 2, 2) == -1).any(axis=2)
    corner = np.where(backwards, move.before[:, ::-1] - 1, 0)
    turns, flips = number >> 1, (number & 1).astype(np.bool_)
    sizes = np.where((turns & 1).astype(np.bool_)[:, np.newaxis], move.before[:, ::-1], move.before)
    whole = (number >= 0) & (linear == digits).all(axis=1) & _plain(move)
    whole &= (move.matrices[:, :2, 2] == corner).all(axis=1) & (move.after == sizes).all(axis=1)

    def make(at: Rows) -> Call:
        k, mirrored = turns[at], flips[at]
        if not (k % 2).any():  # half a turn is two flips
            half = k == 2
            return lambda images: flip(images, horizontal=mirrored ^ half, vertical=half)
        if not mirrored.any():
            return lambda images: rot90(images, k)
        return lambda images: flip(rot90(images, k), horizontal=mirrored)

    return whole, make


def _parts(move: Resample) -> tuple[Flags, Make]:
    """Rectangles of the images, pixel for pixel."""
    scale = move.matrices[:, :2, :2]
    left, top = np.rint(move.matrices[:, :2, 2]).T.astype(np.int64)
    corner = np.stack([top, left], axis=1)
    cuts = _plain(move) & (scale == np.eye(2)).all(axis=(1, 2))
    cuts &= (corner[:, ::-1] == move.matrices[:, :2, 2]).all(axis=1)
    cuts &= ((corner >= 0) & (corner + move.after <= move.before)).all(axis=1)

    def make(at: Rows) -> Call:
        height, width = move.after[at][0].tolist()
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
        size = tuple(move.after[at][0].tolist())
        between: Any = move.style.interpolation or "bilinear"

        def call(images: Array) -> Array:
            result = resize(images, size, box=boxes[at], interpolation=between)
            if not (down[at].any() or across[at].any()):
                return result
            return flip(result, horizontal=across[at], vertical=down[at])

        return call

    return straight, make


def _shrinks(move: Resample) -> Floats:
    """By how much each image is made smaller before its warp, down and across, shape (k, 2)."""
    linear = move.matrices[:, :2, :2]
    # How far apart neighbours of the output are along each axis of the input.
    x, y = np.sqrt(linear[:, :, 0] ** 2 + linear[:, :, 1] ** 2).T
    steps = np.where(_plain(move) & move.antialias, [y, x], 1.0).T
    found: Floats = _LADDER[np.searchsorted(_LADDER, 1.2 * steps, side="right").clip(min=1) - 1]
    return found


def _smaller(move: Resample, shrink: Floats, among: Flags) -> tuple[Flags, Make]:
    """Maps of images that are made smaller first."""
    before = move.before[:1]
    size = np.maximum(np.rint(before / shrink), 1).astype(np.int64)
    boxes = np.concatenate([np.zeros((1, 2)), size], axis=1)
    # From the image to the smaller one.
    matrices = affine.product(
        np.repeat(affine.resizing(boxes, before), len(among), axis=0), move.matrices
    )

    def make(at: Rows) -> Call:
        moved, options = matrices[at], _options(move, at)
        height, width = size[0].tolist()
        return lambda images: warp_affine(resize(images, (height, width)), moved[:, :2], **options)

    return among, make


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
        fields = [move.fields.get(row) for row in move.rows[at].tolist()]
        if all(field is None for field in fields):
            return lambda images: warp_field(images, matrices, None, **options)
        field = np.stack([still if field is None else field for field in fields])
        return lambda images: warp_field(images, matrices, field, **options)

    return np.ones(len(move.rows), np.bool_), make


def _options(move: Resample, at: Rows) -> dict[str, Any]:
    fill = move.style.fill_value
    return {
        "output_size": tuple(move.after[at][0].tolist()),
        "interpolation": move.style.interpolation or "nearest",
        "fill_mode": move.style.fill_mode or "nearest",
        "fill_value": fill if isinstance(fill, float) else [fill],
    }
