"""Which kernel does a resample: a copy where it can be one, else the least that does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import Array, as_batch
from ..backends.passes import Form, stand_ins
from ..backends.record import Call, recorded
from ..ops.geometry import affine_arguments, flip, warp_affine, warped_size
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
Way: TypeAlias = tuple[Flags, Make]

# What a map may be: `Copied` in csrc/ops/maps.hpp.
_STILL, _FLIPPED, _TURNED, _PART, _STRAIGHT, _BENT = range(6)

# By how much images are made smaller, smoothly, before they are warped to less than their size; what
# the warp then leaves out between pixels is less than a fifth.
_LADDER = np.array([1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0])
_SLACK = 1e-9


def calls_for(move: Resample, form: Form) -> Calls:
    """The calls that do a resample; all its images are of one form before it."""
    maps = np.ascontiguousarray(move.matrices).reshape(-1, 9)
    found = backends.current().copies(maps, move.before, move.after)
    kinds = found[:, 0]
    if move.fields:
        kinds[move.bent()] = _BENT
    for kind in sorted(set(kinds.tolist()) - {_STILL}):
        places = (kinds == kind).nonzero()[0]
        if kind in _COPIES:
            for at in _alike(places, move.after):
                yield at, _COPIES[kind](found[at, 1:], form, move.after[at])
        elif kind == _STRAIGHT and np.count_nonzero(move.antialias):
            yield from _smoothly(move, places, form)
        else:
            make = _affinely if kind == _STRAIGHT else _bent
            for at in _alike(places, move.after):
                yield at, make(move, at, form)


def _flipped(flags: Sizes, form: Form, sizes: Sizes) -> list[Call]:
    """Flips of whole images, half turns among them; left to right, upside down."""
    return [Call("flip", (_bytes(flags[:, 0]), _bytes(flags[:, 1])), form, form)]


def _turned(turns: Sizes, form: Form, sizes: Sizes) -> list[Call]:
    """Quarter turns of whole images, and whether they are mirrored after it."""
    result = _resized(form, sizes)
    calls = [Call("rot90", (np.ascontiguousarray(turns[:, 0]),), form, result)]
    if np.count_nonzero(turns[:, 1]):
        across = _bytes(turns[:, 1])
        calls.append(Call("flip", (across, np.zeros_like(across)), result, result))
    return calls


def _part(corners: Sizes, form: Form, sizes: Sizes) -> list[Call]:
    """Rectangles of the images, pixel for pixel, from these rows and columns on."""
    fill = np.zeros((len(corners), form.channels), form.dtype)
    arguments = np.ascontiguousarray(corners), fill, FILL_MODES["constant"]
    return [Call("window", arguments, form, _resized(form, sizes))]


_COPIES = {_FLIPPED: _flipped, _TURNED: _turned, _PART: _part}


def _smoothly(move: Resample, places: Rows, form: Form) -> Calls:
    """Maps of which some make images smaller, the cheapest way first."""
    left = np.zeros(len(move.rows), np.bool_)
    left[places] = True
    for doable, make in (_boxes(move), *_smaller_ones(move)):
        for at in _alike((left & doable).nonzero()[0], move.after):
            yield at, make(at, form)
        left &= ~doable
    for at in _alike(left.nonzero()[0], move.after):
        yield at, _affinely(move, at, form)


def _smaller_ones(move: Resample) -> Iterator[Way]:
    shrinks = _shrinks(move)
    for shrink in np.unique(shrinks[(shrinks > 1).any(axis=1)], axis=0):
        yield _smaller(move, shrink, (shrinks == shrink).all(axis=1))


def _alike(places: Rows, sizes: Sizes) -> Iterator[Rows]:
    """Places, those of one size together."""
    if not places.size:
        return
    here = sizes.take(places, axis=0)
    if len(places) == 1 or not np.count_nonzero(here != here[:1]):
        yield ALL if len(places) == len(sizes) else places
        return
    for size in sorted({tuple(size) for size in here.tolist()}):
        yield places[(here == size).all(axis=1)]


def _bytes(flags: Array) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(flags, np.uint8)


def _resized(form: Form, sizes: Sizes) -> Form:
    """Of results that are all of the first of these sizes."""
    height, width = sizes[0].tolist()
    return Form(height, width, form.channels, form.dtype)


def _boxes(move: Resample) -> Way:
    """Boxes within the images, stretched, and mirrored if need be."""
    a, d = move.matrices[:, 0, 0], move.matrices[:, 1, 1]
    scale = np.stack([d, a], axis=1)
    straight = move.antialias & (scale != 0).all(axis=1)
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
    steps = np.where(move.antialias, [y, x], 1.0).T
    found: Floats = _LADDER[np.searchsorted(_LADDER, 1.2 * steps, side="right").clip(min=1) - 1]
    return found


def _smaller(move: Resample, shrink: Floats, among: Flags) -> Way:
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


def _affinely(move: Resample, at: Rows, form: Form) -> list[Call]:
    """Maps that keep straight lines parallel."""
    maps, options = move.matrices[at, :2], _options(move, at)
    batch = as_batch(stand_ins(form, len(maps)), dtypes=("uint8", "float32"))
    height, width = warped_size(batch, options.pop("output_size"))
    result = Form(height, width, form.channels, form.dtype)
    return [Call("warp_affine", affine_arguments(batch, maps, **options), form, result)]


def _bent(move: Resample, at: Rows, form: Form) -> list[Call]:
    """Everything else."""
    matrices, options = move.matrices[at], _options(move, at)
    fields = [move.fields.get(row) for row in move.rows[at].tolist()]
    field = None
    if any(each is not None for each in fields):
        still = np.zeros((*options["output_size"], 2), np.float32)
        field = np.stack([still if each is None else each for each in fields])
    warp = partial(warp_field, matrix=matrices, field=field, **options)
    return recorded(warp, form, len(matrices))


def _options(move: Resample, at: Rows) -> dict[str, Any]:
    fill = move.style.fill_value
    return {
        "output_size": tuple(move.after[at][0].tolist()),
        "interpolation": move.style.interpolation or "nearest",
        "fill_mode": move.style.fill_mode or "nearest",
        "fill_value": fill if isinstance(fill, float) else [fill],
    }
