"""Launches of morphology: tiles of an image under one or two filters."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from . import arguments
from .launches import SHARED_BYTES, TILES, Launches, divide_up, suffix_of

# What the seven ops are made of: whether the first filter erodes; whether a second one of the other
# kind follows it or stands beside it; and what the result is: 0 the second itself, 1 its excess over
# the other image, 2 the other image's excess over it.
_PASSES: tuple[tuple[bool, str | None, int], ...] = (
    (True, None, 0),  # erode
    (False, None, 0),  # dilate
    (True, "after", 0),  # opening
    (False, "after", 0),  # closing
    (True, "beside", 1),  # morphological_gradient
    (True, "after", 2),  # white_tophat
    (False, "after", 1),  # black_tophat
)


class Morphology(Launches):
    """Part of `Cuda`."""

    def morphology(
        self,
        images: Array,
        out: Array,
        op: int,
        sizes: Array | None,
        runs: Array | None,
        border: int,
        cval: float,
    ) -> None:
        footprint = sizes if runs is None else runs
        assert footprint is not None
        (address,), alive = self._device.upload(footprint)
        erode, second, difference = _PASSES[op]
        stage = out if second is None else self._device.empty_like(images)
        one_pass = _Pass(self, images, sizes, runs, address, border, cval)
        one_pass.run(images, stage, erode, reflected=False)
        if second == "after":
            # The second filter looks at what the first one made, under the mirrored footprint.
            one_pass.run(stage, out, not erode, reflected=True, difference=difference, other=images)
        elif second == "beside":
            one_pass.run(
                images, out, not erode, reflected=False, difference=difference, other=stage
            )
        del alive


class _Pass:
    """One filter of a morphological op after the other, over the same footprints."""

    def __init__(
        self,
        launches: Launches,
        images: Array,
        sizes: Array | None,
        runs: Array | None,
        address: int,
        border: int,
        cval: float,
    ) -> None:
        self._launches = launches
        self._images = images
        self._sizes = sizes
        self._runs = runs
        self._address = address
        self._border = border
        self._cval = cval

    def run(
        self,
        source: Array,
        target: Array,
        erode: bool,
        *,
        reflected: bool,
        difference: int = 0,
        other: Array | None = None,
    ) -> None:
        n, h, w, c = source.shape
        top, height, left, width = _bounds(self._sizes, self._runs, (h, w), reflected)
        item = source.dtype.itemsize
        for tile_w, tile_h in TILES:
            rows = tile_h + height - 1
            shared = rows * (tile_w + (width - 1) * c) * item
            shared += rows * tile_w * item if self._runs is None else 0
            if shared <= SHARED_BYTES:
                kind = "tile"
                break
        else:
            kind, shared = "direct", 0
        batch = self._launches._batch
        args = arguments.MorphologyPass(
            batch(source),
            batch(target),
            batch(source if other is None else other),
            erode,
            reflected,
            difference,
            self._border,
            self._cval,
            self._address if self._runs is None else None,
            None if self._runs is None else self._address,
            0 if self._runs is None else len(self._runs),
            top,
            height,
            left,
            width,
            tile_w,
            tile_h,
        )
        blocks = n * divide_up(w * c, tile_w) * divide_up(h, tile_h)
        name = f"{'erode' if erode else 'dilate'}_{kind}_{suffix_of(source)}"
        self._launches._start("morphology", name, args, blocks, 256, shared)


def _bounds(
    sizes: Array | None, runs: Array | None, side: tuple[int, int], reflected: bool
) -> tuple[int, int, int, int]:
    """(top, height, left, width) of a rectangle around the footprints of all images."""
    if runs is not None:
        first = np.stack([runs[:, 0], runs[:, 1]], axis=1)
        last = np.stack([runs[:, 0], runs[:, 1] + runs[:, 2] - 1], axis=1)
        if reflected:
            first, last = -last, -first
        low, high = first.min(axis=0), last.max(axis=0)
        return int(low[0]), int(high[0] - low[0] + 1), int(low[1]), int(high[1] - low[1] + 1)
    assert sizes is not None
    spans = []
    for axis in (0, 1):
        # As `window_of` in csrc/ops/morphology.hpp; windows beyond `all` see every pixel anyway.
        size, all_ = sizes[:, axis], 4 * side[axis] + 1
        length = np.where(size <= all_ + 1, size, all_ + (size + 1) % 2)
        start = -(length // 2) if reflected else -((length - 1) // 2)
        low = int(start.min())
        spans += [low, int((start + length).max()) - low]
    return spans[0], spans[1], spans[2], spans[3]
