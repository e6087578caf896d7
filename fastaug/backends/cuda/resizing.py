"""Launches of `resize`: one axis after the other."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from . import arguments
from .launches import Launches, divide_up, suffix_of

_NEAREST, _BILINEAR = 0, 1  # filters of resize


class Resizing(Launches):
    """Part of `Cuda`."""

    def resize(self, images: Array, out: Array, edges: Array, kernel: int, antialias: bool) -> None:
        if out.size == 0:
            return
        n, height, width, channels = images.shape
        lost_rows, lost_columns = height - out.shape[1], width - out.shape[2]
        # As `columns_first` in csrc/ops/resize.hpp.
        down_first = lost_rows > 0 and lost_rows > 2 * lost_columns
        dtype = images.dtype
        if kernel == _NEAREST:
            first = second = f"resize_item_{dtype.itemsize}"
        elif dtype.name != "uint8":
            first = second = f"resize_{suffix_of(images)}"
        elif kernel == _BILINEAR and not antialias:
            first, second = "resize_lerp_first", "resize_lerp_second"
            down_first, dtype = False, np.dtype(np.int16)
        else:
            first = second = "resize_fixed"
        middle = (out.shape[1], width) if down_first else (height, out.shape[2])
        shape = (n, *middle, channels)
        strides = [dtype.itemsize * int(np.prod(shape[k + 1 :])) for k in range(4)]
        address, alive = self._device.memory(shape[0] * strides[0])
        between = arguments.batch(address, shape, tuple(strides), dtype)
        (given,), alive_edges = self._device.upload(edges)
        line = _Line(self, given, edges, kernel, antialias)
        line.run(first, self._batch(images), between, down=down_first)
        line.run(second, between, self._batch(out), down=not down_first)
        del alive, alive_edges


class _Line:
    """The resizing of one axis after the other, from the same boxes."""

    def __init__(
        self, launches: Launches, address: int, edges: Array, kernel: int, antialias: bool
    ) -> None:
        self._launches = launches
        self._address = address
        self._edges = edges
        self._kernel = kernel
        self._antialias = antialias

    def run(
        self, name: str, source: arguments.Batch, target: arguments.Batch, *, down: bool
    ) -> None:
        size, longest = (target.h, source.h) if down else (target.w, source.w)
        near, far = self._edges[:, 0 if down else 2], self._edges[:, 1 if down else 3]
        # Room for the taps of any pixel, and more, as `resize_most` in csrc/ops/resize.hpp has it.
        scale = max(float((far - near).max()) / size, 1.0)
        most = min(2 * (int(2.0 * scale) + 2) + 1, longest)
        boxes = len(self._edges)
        device = self._launches._device
        taps, alive_taps = device.memory(16 * boxes * size)
        weight, alive_weight = device.memory(8 * boxes * size * most)
        args = arguments.ResizePass(
            source,
            target,
            self._address,
            down,
            self._kernel,
            self._antialias,
            taps,
            weight,
            most,
            boxes,
        )
        start = self._launches._start
        if self._kernel == _NEAREST:
            start("resize", "resize_table_nearest", args, divide_up(boxes, 32), 32, 0)
        else:
            start("resize", "resize_table", args, boxes * divide_up(size, 64), 64, 0)
        elements = target.h * target.w * target.c
        start("resize", name, args, target.n * divide_up(elements, 256), 256, 0)
        del alive_taps, alive_weight
