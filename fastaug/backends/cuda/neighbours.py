"""Launches of the kernels that have a thread for each element, which looks at those around it."""

from __future__ import annotations

from abc import abstractmethod
from ctypes import Structure
from typing import Any

from ...arrays import Array
from . import arguments


class Neighbours:
    """Part of `Cuda`."""

    _device: Any

    @abstractmethod
    def _batch(self, array: Array) -> arguments.Batch: ...

    @abstractmethod
    def _each_element(self, op: str, args: Structure, out: Array) -> None: ...

    def correlate(
        self,
        images: Array,
        out: Array,
        offsets: Array,
        weights: Array,
        spans: Array,
        border: int,
        cval: float,
    ) -> None:
        given, alive = self._device.upload(offsets, weights, spans)
        batches = self._batch(images), self._batch(out)
        self._each_element("correlate", arguments.Correlate(*batches, *given, border, cval), out)
        del alive

    def median_blur(
        self, images: Array, out: Array, sizes: Array, border: int, cval: float
    ) -> None:
        given, alive = self._device.upload(sizes)
        batches = self._batch(images), self._batch(out)
        self._each_element("median_blur", arguments.MedianBlur(*batches, *given, border, cval), out)
        del alive

    def sharpen(
        self, images: Array, out: Array, factor: Array, low: float, high: float, keeps_alpha: bool
    ) -> None:
        given, alive = self._device.upload(factor)
        batches = self._batch(images), self._batch(out)
        args = arguments.Sharpen(*batches, *given, low, high, keeps_alpha)
        self._each_element("sharpen", args, out)
        del alive
