"""Launches of the blurs that go down and then across."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import arguments
from .launches import SHARED_BYTES, TILES, Launches, divide_up, suffix_of

# The type in which a Gaussian blur sums, where it is not float32, and the bytes of what comes
# between the two directions of a blur.
_GAUSSIAN_SUMS: dict[str, Any] = {"u8": np.int32, "f64": np.float64}
_GAUSSIAN_STAGES = {"u8": 2, "u16": 4, "f32": 4, "f64": 8}
_BOX_STAGES = {"u8": 4, "u16": 4, "f32": 4, "f64": 8}


class Blurs(Launches):
    """Part of `Cuda`."""

    def gaussian_blur(
        self, images: Array, out: Array, weights: Array, radii: Array, border: int, cval: float
    ) -> None:
        sums = _GAUSSIAN_SUMS.get(suffix_of(images), np.float32)
        given, alive = self._device.upload(weights.astype(sums), radii)
        reach = radii.max(axis=0, initial=0)
        args = self._blur_arguments(images, out, given, weights.shape[2], border, cval)
        self._blur("gaussian_blur", images, args, -reach, 2 * reach + 1, _GAUSSIAN_STAGES)
        del alive

    def box_blur(self, images: Array, out: Array, sizes: Array, border: int, cval: float) -> None:
        (reach,), alive = self._device.upload(sizes)
        args = self._blur_arguments(images, out, [None, reach], 0, border, cval)
        most = sizes.max(axis=0, initial=1)
        self._blur("box_blur", images, args, -(most // 2), most, _BOX_STAGES)
        del alive

    def _blur_arguments(
        self,
        images: Array,
        out: Array,
        given: list[Any],
        taps: int,
        border: int,
        cval: float,
    ) -> arguments.BlurPass:
        return arguments.BlurPass(self._batch(images), self._batch(out), *given, taps, border, cval)

    def _blur(
        self,
        op: str,
        images: Array,
        args: arguments.BlurPass,
        start: Array,
        size: Array,
        stages: dict[str, int],
    ) -> None:
        """Down and across under windows within those of this start and size."""
        n, h, w, c = images.shape
        suffix, item = suffix_of(images), images.dtype.itemsize
        args.top, args.left = map(int, start)
        args.height, args.width = map(int, size)
        for args.tile_w, args.tile_h in TILES:
            tall = args.tile_h + args.height - 1
            wide = args.tile_w + (args.width - 1) * c
            shared = wide * (args.tile_h * stages[suffix] + tall * item)
            if shared <= SHARED_BYTES:
                blocks = n * divide_up(w * c, args.tile_w) * divide_up(h, args.tile_h)
                self._start(op, f"{op}_tile_{suffix}", args, blocks, 256, shared)
                return
        args.stage, alive = self._device.memory(max(images.size, 1) * stages[suffix])
        for name in ("down", "across"):
            self._launch(op, f"_{name}_{suffix}", args, n * divide_up(h * w * c, 256), 256)
        del alive
