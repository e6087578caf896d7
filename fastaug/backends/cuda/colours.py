"""Launches of the kernels that change values: by themselves, by their image, by their pixel."""

from __future__ import annotations

from ...arrays import Array
from . import arguments
from .launches import Launches, divide_up, suffix_of

# What ops of `point` have to know of whole images first.
_LOOKS = {4: "sums", 5: "extremes"}
_SUM_LANES = 16  # threads to a row of photometric, and rows to a block


class Colours(Launches):
    """Part of `Cuda`."""

    def point(
        self,
        images: Array,
        out: Array,
        op: int,
        first: Array,
        second: Array,
        low: float,
        high: float,
        keeps_alpha: bool,
    ) -> None:
        n, height = images.shape[:2]
        if out.size == 0:
            return
        given, alive = self._device.upload(first, second)
        looks = _LOOKS.get(op)
        rows, alive_rows = self._device.memory(24 * n * height if looks else 0)
        found, alive_found = self._device.memory(16 * n if looks else 0)
        batches = self._batch(images), self._batch(out)
        args = arguments.PointPass(
            arguments.Point(*batches, op, *given, low, high, keeps_alpha), rows, found
        )
        if looks:
            blocks = n * divide_up(height, _SUM_LANES)
            shared = 3 * 8 * _SUM_LANES**2
            name = f"point_{looks}_{suffix_of(images)}"
            self._start("point", name, args, blocks, _SUM_LANES**2, shared)
            self._start("point", "point_found", args, divide_up(n, 32), 32, 0)
        self._map_elements("point", f"_{suffix_of(images)}", args, images)
        del alive, alive_rows, alive_found

    def normalize(self, images: Array, out: Array, scale: Array, shift: Array) -> None:
        given, alive = self._device.upload(scale, shift)
        args = arguments.Normalize(self._batch(images), self._batch(out), *given)
        self._map_elements("normalize", f"_{suffix_of(images)}_{suffix_of(out)}", args, images)
        del alive

    def saturation(self, images: Array, out: Array, factor: Array, low: float, high: float) -> None:
        given, alive = self._device.upload(factor)
        batches = self._batch(images), self._batch(out)
        self._map_colours("saturation", arguments.Saturation(*batches, *given, low, high), images)
        del alive

    def hue(self, images: Array, out: Array, turn: Array, low: float, high: float) -> None:
        given, alive = self._device.upload(turn)
        batches = self._batch(images), self._batch(out)
        self._map_colours("hue", arguments.Hue(*batches, *given, low, high), images)
        del alive

    def levels(self, images: Array, out: Array, op: int, low: float, high: float) -> None:
        if out.size == 0:
            return
        channels = len(images) * images.shape[3]
        found, alive_found = self._device.memory(16 * channels)
        level, alive_level = self._device.memory(256 * channels)
        batches = self._batch(images), self._batch(out)
        args = arguments.LevelsPass(arguments.Levels(*batches, op, low, high), found, level)
        looks, shared = ("count", 256 * 8) if op else ("extremes", 256 * 16)
        self._start("levels", f"levels_{looks}_{suffix_of(images)}", args, channels, 256, shared)
        self._map_elements("levels", f"_{suffix_of(images)}", args, images)
        del alive_found, alive_level

    def photometric(
        self,
        images: Array,
        out: Array,
        channel_shift: Array | None,
        brightness: int,
        factor: Array | None,
        white: float,
        rescale: float,
        samplewise_center: bool,
        samplewise_std: bool,
        center: Array | None,
        scale: Array | None,
    ) -> None:
        n, height = out.shape[:2]
        if out.size == 0:
            return
        optional = (channel_shift, factor, center, scale)
        addresses, alive = self._device.upload(*(a for a in optional if a is not None))
        left = iter(addresses)
        shift, factors, centers, scales = (None if a is None else next(left) for a in optional)
        rows, alive_rows = self._device.memory(16 * n * height)
        found, alive_found = self._device.memory(16 * n)
        args = arguments.PhotometricPass(
            arguments.Photometric(
                self._batch(images),
                self._batch(out),
                shift,
                brightness,
                factors,
                white,
                rescale,
                samplewise_center,
                samplewise_std,
                centers,
                scales,
            ),
            rows,
            found,
        )

        def of_rows(name: str) -> None:
            blocks = n * divide_up(height, _SUM_LANES)
            shared = 2 * 8 * _SUM_LANES**2
            self._start("photometric", f"photometric_{name}", args, blocks, _SUM_LANES**2, shared)

        def of_images(name: str) -> None:
            self._start("photometric", f"photometric_image_{name}", args, divide_up(n, 32), 32, 0)

        if channel_shift is not None or factor is not None:
            of_rows("extremes")
            of_images("extremes")
        of_rows("colours")
        if samplewise_center or samplewise_std:
            of_images("mean")
            if samplewise_std:
                of_rows("deviations")
                of_images("deviation")
            of_rows("standards")
        del alive, alive_rows, alive_found
