"""Launches of the kernels that look between pixels, and beyond the edge."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from . import arguments
from .launches import Launches, divide_up, rows_are_plain, suffix_of

_PADDED = (1, 6)  # the fill modes nearest and grid-constant


class Warps(Launches):
    """Part of `Cuda`."""

    def warp_affine(
        self, images: Array, out: Array, matrices: Array, fill: Array, interpolation: int, mode: int
    ) -> None:
        given, alive = self._device.upload(matrices, fill)
        args = arguments.WarpAffine(
            self._batch(images), self._batch(out), None, *given, interpolation, mode
        )
        self._warp("warp_affine", images, out, args)
        del alive

    def warp_field(
        self,
        images: Array,
        out: Array,
        matrices: Array,
        field: Array | None,
        fill: Array,
        interpolation: int,
        mode: int,
    ) -> None:
        given, alive = self._device.upload(matrices, fill)
        address, alive_field = None, None
        if isinstance(field, np.ndarray):  # as a plan has it, which is drawn in memory
            (address,), alive_field = self._device.upload(field)
        elif field is not None:
            address = self._device.address(field)
        stride = 0 if field is None or len(field) == 1 else field[0].size
        args = arguments.WarpField(
            self._batch(images),
            self._batch(out),
            given[0],
            address,
            stride,
            given[1],
            interpolation,
            mode,
        )
        self._warp("warp_field", images, out, args)
        del alive, alive_field

    def _warp(
        self, op: str, images: Array, out: Array, args: arguments.WarpAffine | arguments.WarpField
    ) -> None:
        """A tile of the output to a block, of bytes four pixels to a thread where words pay."""
        plain = rows_are_plain(images) and rows_are_plain(out) and images.shape[3] in (1, 3, 4)
        kind = images.shape[3] if plain else "any"
        how = ("nearest", "bilinear", "bicubic")[args.interpolation]
        together = 4 if plain and images.dtype.itemsize == 1 and how != "bicubic" else 1
        tiles = divide_up(out.shape[2], 32 * together) * divide_up(out.shape[1], 8)
        self._launch(op, f"_{how}_{suffix_of(images)}_{kind}", args, len(out) * tiles, 256)

    def warp_spline(
        self,
        images: Array,
        out: Array,
        matrices: Array,
        fill: Array,
        mirror: Array,
        order: int,
        mode: int,
    ) -> None:
        given, alive = self._device.upload(matrices, fill, mirror)
        source, name = "warp_spline", f"warp_spline_{suffix_of(out)}"
        if order > 1 and out.size:
            images = self._filtered(images, given, order, mode)
            source, name = "warp_spline_filtered", f"warp_filtered_{suffix_of(out)}_{order}"
        args = arguments.WarpSpline(
            self._batch(images), self._batch(out), None, *given, order, mode
        )
        tiles = divide_up(out.shape[2], 32) * divide_up(out.shape[1], 8)
        self._start(source, name, args, len(out) * tiles, 256, 0)
        del alive

    def _filtered(self, images: Array, given: list[int], order: int, mode: int) -> Array:
        """The images as the spline orders from 2 on read them: padded, filtered, in double."""
        n, h, w, c = images.shape
        padding = 12 if mode in _PADDED else 0  # as `spline_padding` in csrc/ops
        filtered: Array = self._device.doubles((n, h + 2 * padding, w + 2 * padding, c))
        _, h, w, _ = filtered.shape
        args = arguments.WarpSpline(
            self._batch(images), self._batch(filtered), None, *given, order, mode
        )
        source, columns = "warp_spline_filtered", f"filter_columns_{suffix_of(images)}"
        self._start(source, columns, args, n * divide_up(w * c, 128), 128, 0)
        if w > 1:
            self._start(source, "filter_rows", args, n * divide_up(h * c, 128), 128, 0)
        return filtered
