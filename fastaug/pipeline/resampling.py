"""Which kernel does a resample: a copy where it can be one, else the least that does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..backends.passes import Form
from ..backends.record import Call, recorded
from ..ops.geometry import flip, warp_affine
from ..ops.perspective import warp_field
from ..ops.resize import resize
from ..ops.windows import FILL_MODES
from ..transforms import affine
from ..transforms.draws import Flags, Floats
from .moves import ALL, Resample, Rows, Sizes

# Places in the rows of a resample, and what is asked of the kernels for them.
Calls: TypeAlias = Iterator[tuple[Rows, list[Call]]]

Make: TypeAlias = Callable[[Rows, Form], list[Call]]
# Which samples can be done in some way, and what does it.
Way: TypeAlias = Callable[[Resample], tuple[Flags, Make]]

# By how much images are made smaller, smoothly, before they are warped to less than their size; what
# the warp then leaves out between pixels is less than a fifth.
_LADDER = np.array([1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0])
_SLACK = 1e-9
_LAST_ROW = np.array([[0.0, 0.0, 1.0]])


def calls_for(move: Resample, form: Form) -> Calls:
    """The calls that do a resample; all its images are of one form before it."""
    whole = _all(move.after == move.before)
    left = _moving(move, whole)
    for way in _ways(move, whole):
        if not np.count_nonzero(left):
            return
        doable, make = way(move)
        for at in _alike(left & doable, move.after):
            yield at, make(at, form)
        left &= ~doable


def _ways(move: Resample, whole: Flags) -> Iterator[Way]:
    """What to try, the cheapest first; the last one can do everything."""
    antialias, linear = np.count_nonzero(move.antialias), move.matrices[:, :2, :2]
    if np.count_nonzero(linear) < linear.size:  # lines along an axis may stay along one
        uncut = np.count_nonzero(whole)
        if uncut:
            yield _flips
        if np.count_nonzero(linear[:, 0, 0]) < len(linear):
            yield _turns
        if uncut < len(whole):
            yield _parts
        if antialias:
            yield _boxes
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
    plain: Flags = _all(move.matrices[:, 2] == _LAST_ROW)
    if move.fields:
        plain &= ~move.bent()
    return plain


def _are(move: Resample, matrices: Floats) -> Flags:
    """Whether maps are these, to the last bit."""
    same = _all((move.matrices == matrices).reshape(-1, 9))
    if move.fields:
        same &= ~move.bent()
    return same


def _all(flags: Flags) -> Flags:
    """Whether all of a row are set; in half the time of the method, which calls Python's."""
    every: Flags = np.logical_and.reduce(flags, axis=1)
    return every


def _moving(move: Resample, whole: Flags) -> Flags:
    """Whether anything moves; `whole` are images that keep their size."""
    if not np.count_nonzero(whole):
        return ~whole
    return ~(whole & _are(move, affine.identity(len(move.rows))))


def _flips(move: Resample) -> tuple[Flags, Make]:
    """Flips of whole images, half turns among them."""
    across, down = np.signbit(move.matrices[:, 0, 0]), np.signbit(move.matrices[:, 1, 1])

    def make(at: Rows, form: Form) -> list[Call]:
        return [Call("flip", (_bytes(across[at]), _bytes(down[at])), form, form)]

    same = _are(move, affine.mirroring(move.before, across, down))
    return same & _all(move.after == move.before), make


def _turns(move: Resample) -> tuple[Flags, Make]:
    """Quarter turns of whole images, and perhaps a flip after it."""
    k = np.where(move.matrices[:, 0, 1] > 0, 3, 1)
    mirrored = move.matrices[:, 0, 1] == move.matrices[:, 1, 0]
    turned, after = affine.turning(move.before, k)
    turned = affine.product(turned, affine.mirroring(after, mirrored, False))

    def make(at: Rows, form: Form) -> list[Call]:
        result = form._replace(height=form.width, width=form.height)
        calls = [Call("rot90", (np.ascontiguousarray(k[at]),), form, result)]
        if np.count_nonzero(mirrored[at]):
            across = _bytes(mirrored[at])
            calls.append(Call("flip", (across, np.zeros_like(across)), result, result))
        return calls

    return _are(move, turned) & _all(move.after == after), make


def _parts(move: Resample) -> tuple[Flags, Make]:
    """Rectangles of the images, pixel for pixel."""
    corner = np.rint(move.matrices[:, 1::-1, 2])  # top, left
    inside = (corner >= 0) & (corner <= move.before - move.after)

    def make(at: Rows, form: Form) -> list[Call]:
        corners, none = corner[at].astype(np.int64, "C"), FILL_MODES["constant"]
        fill = np.zeros((len(corners), form.channels), form.dtype)
        return [Call("window", (corners, fill, none), form, _resized(form, move.after[at]))]

    return _are(move, affine.window(corner)) & _all(inside), make


def _bytes(flags: Flags) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(flags, np.uint8)


def _resized(form: Form, sizes: Sizes) -> Form:
    """Of results that are all of the first of these sizes."""
    height, width = sizes[0].tolist()
    return Form(height, width, form.channels, form.dtype)


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

    def make(at: Rows, form: Form) -> list[Call]:
        size = tuple(move.after[at][0].tolist())
        between: Any = move.style.interpolation or "bilinear"

        def ops(images: Array) -> Array:
            result = resize(images, size, box=boxes[at], interpolation=between)
            if not (down[at].any() or across[at].any()):
                return result
            return flip(result, horizontal=across[at], vertical=down[at])

        return recorded(ops, form, len(boxes[at]))

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

    def make(at: Rows, form: Form) -> list[Call]:
        moved, options = matrices[at], _options(move, at)
        height, width = size[0].tolist()

        def ops(images: Array) -> Array:
            return warp_affine(resize(images, (height, width)), moved[:, :2], **options)

        return recorded(ops, form, len(moved))

    return among, make


def _affinely(move: Resample) -> tuple[Flags, Make]:
    """Maps that keep straight lines parallel."""

    def make(at: Rows, form: Form) -> list[Call]:
        matrices, options = move.matrices[at], _options(move, at)
        warp = partial(warp_affine, matrix=matrices[:, :2], **options)
        return recorded(warp, form, len(matrices))

    return _plain(move), make


def _bent(move: Resample) -> tuple[Flags, Make]:
    """Everything else."""

    def make(at: Rows, form: Form) -> list[Call]:
        matrices, options = move.matrices[at], _options(move, at)
        size, n = options["output_size"], len(matrices)
        still = np.zeros((*size, 2), np.float32)
        fields = [move.fields.get(row) for row in move.rows[at].tolist()]
        if all(field is None for field in fields):
            return recorded(lambda images: warp_field(images, matrices, None, **options), form, n)
        field = np.stack([still if field is None else field for field in fields])
        return recorded(lambda images: warp_field(images, matrices, field, **options), form, n)

    return np.ones(len(move.rows), np.bool_), make


def _options(move: Resample, at: Rows) -> dict[str, Any]:
    fill = move.style.fill_value
    return {
        "output_size": tuple(move.after[at][0].tolist()),
        "interpolation": move.style.interpolation or "nearest",
        "fill_mode": move.style.fill_mode or "nearest",
        "fill_value": fill if isinstance(fill, float) else [fill],
    }
