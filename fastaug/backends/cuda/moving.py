"""Launches of the kernels that move elements, and compute none or mix two."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import arguments
from .launches import Launches, divide_up, rows_are_plain, suffix_of

# Bytes of the pixels that are moved as whole words.
_FLIP_PIXELS = (1, 2, 3, 4, 6, 8, 12, 16)


class Moving(Launches):
    """Part of `Cuda`."""

    def flip(self, images: Array, out: Array, horizontal: Array, vertical: Array) -> None:
        given, alive = self._device.upload(horizontal, vertical)
        args = arguments.Flip(self._batch(images), self._batch(out), None, *given)
        _, h, w, c = images.shape
        size = c * images.dtype.itemsize
        group = 16 * (1 if size % 3 else 3) // size if size in _FLIP_PIXELS else 0
        if group and w % group == 0 and self._in_quads(images) and self._in_quads(out):
            blocks = len(images) * divide_up(h * (w // group), 128)
            self._launch("flip", f"_pixel_{size}", args, blocks, 128)
        else:
            blocks = len(images) * divide_up(h * w * c, 256)
            self._launch("flip", f"_item_{images.dtype.itemsize}", args, blocks, 256)
        del alive

    def _in_quads(self, array: Array) -> bool:
        """Whether every row starts at a multiple of 16 bytes."""
        steps = (self._device.address(array), *array.strides[:2])
        return rows_are_plain(array) and all(step % 16 == 0 for step in steps)

    def rot90(self, images: Array, out: Array, k: Array) -> None:
        given, alive = self._device.upload(k)
        args = arguments.Rot90(self._batch(images), self._batch(out), *given)
        tiles = divide_up(out.shape[2], 16) * divide_up(out.shape[1], 16)
        self._launch("rot90", f"_item_{images.dtype.itemsize}", args, len(out) * tiles, 256)
        del alive

    def window(self, images: Array, out: Array, offsets: Array, fill: Array, border: int) -> None:
        given, alive = self._device.upload(offsets, fill)
        args = arguments.Window(self._batch(images), self._batch(out), *given, border)
        self._map_elements("window", f"_item_{images.dtype.itemsize}", args, out)
        del alive

    def erase(self, images: Array, out: Array, boxes: Array, fill: Array) -> None:
        if not self._same_place(images, out):
            never = np.zeros(len(images), np.uint8)
            self.flip(images, out, never, never)
        given, alive = self._device.upload(boxes, fill)
        n, height, width, channels = out.shape
        # Of the largest box, so that no thread fills more than a few dozen elements.
        tall, wide = np.minimum(boxes[..., 2:].max(axis=(0, 1), initial=0), (height, width))
        parts = max(divide_up(int(tall) * int(wide) * channels, 32 * 256), 1)
        batches = self._batch(images), self._batch(out)
        args = arguments.ErasePass(
            arguments.Erase(*batches, given[0], boxes.shape[1], given[1]), parts
        )
        blocks = n * boxes.shape[1] * parts if out.size else 0
        self._launch("erase", f"_item_{out.dtype.itemsize}", args, blocks, 256)
        del alive

    def shuffle_channels(self, images: Array, out: Array, order: Array, fill: Array) -> None:
        n, h, w, c = images.shape
        kind, count = (c, 4 * c) if c in (3, 4) else ("any", 1)
        source = images
        if kind == "any" and self._same_place(images, out):
            source = self._device.empty_like(images)
            never = np.zeros(n, np.uint8)
            self.flip(images, source, never, never)
        given, alive = self._device.upload(order, fill)
        args = arguments.ShuffleChannels(self._batch(source), self._batch(out), *given)
        blocks = n * divide_up(h * w * c, count * 256)
        self._launch("shuffle_channels", f"_item_{images.dtype.itemsize}_{kind}", args, blocks, 256)
        del alive, source

    def blend(
        self,
        images: Array,
        out: Array,
        others: Array,
        weight: Array,
        source: Array | None = None,
    ) -> None:
        given, alive = self._mixing(source, weight)
        args = arguments.Blend(self._batch(images), self._batch(out), self._batch(others), *given)
        self._map_elements("blend", f"_{suffix_of(images)}", args, images)
        del alive

    def paste(
        self,
        images: Array,
        out: Array,
        others: Array,
        boxes: Array,
        source: Array | None = None,
    ) -> None:
        given, alive = self._mixing(source, boxes)
        args = arguments.Paste(self._batch(images), self._batch(out), self._batch(others), *given)
        self._map_elements("paste", f"_item_{images.dtype.itemsize}", args, images)
        del alive

    def _mixing(self, source: Array | None, how: Array) -> tuple[tuple[int | None, int], Any]:
        if source is None:
            (address,), alive = self._device.upload(how)
            return (None, address), alive
        (sources, address), alive = self._device.upload(source, how)
        return (sources, address), alive
