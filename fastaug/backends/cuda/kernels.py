"""Which kernel does what, on how many blocks: the same whether a card or an emulator launches it."""

from __future__ import annotations

from ctypes import Structure
from typing import Any, Protocol

import numpy as np

from ...arrays import Array
from ..passes import Stage, Steps, in_turn, stage_by_stage
from . import arguments
from .neighbours import Neighbours

# Names of the element types in the names of kernels.
_SUFFIX = {"uint8": "u8", "uint16": "u16", "float32": "f32", "float64": "f64"}
# Words that a thread draws, of each set of draws: they go through shared memory.
_NOISE_WORDS, _NOISE_THREADS = 4, 256
_FLIP_PIXELS = (1, 2, 3, 4, 6, 8, 12, 16)
_SHARED_BYTES = 48 * 1024
_PADDED = (1, 6)  # the fill modes nearest and grid-constant
_NEAREST, _BILINEAR = 0, 1  # filters of resize
# What ops of `point` have to know of whole images first.
_LOOKS = {4: "sums", 5: "extremes"}
_SUM_LANES = 16  # threads to a row of photometric, and rows to a block


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
# The type in which a Gaussian blur sums, where it is not float32, and the bytes of what comes
# between the two directions of a blur.
_GAUSSIAN_SUMS: dict[str, Any] = {"u8": np.int32, "f64": np.float64}
_GAUSSIAN_STAGES = {"u8": 2, "u16": 4, "f32": 4, "f64": 8}
_BOX_STAGES = {"u8": 4, "u16": 4, "f32": 4, "f64": 8}
_TILES = ((128, 16), (128, 8), (64, 8), (32, 8))  # elements across and down, the best first


class Device(Protocol):
    """Who holds the memory and starts the blocks."""

    def upload(self, *parameters: Array) -> tuple[list[int], Any]:
        """Addresses of copies of the arrays, and what keeps them alive."""

    def address(self, array: Array) -> int: ...

    def empty_like(self, array: Array) -> Array: ...

    def doubles(self, shape: tuple[int, ...]) -> Array:
        """A new contiguous array of float64, contents undefined."""

    def memory(self, size: int) -> tuple[int, Any]:
        """The address of so many bytes, and what keeps them alive."""

    def launch(
        self, source: str, name: str, arguments: Structure, blocks: int, threads: int, shared: int
    ) -> None: ...


class Cuda(Neighbours):
    """The kernels of ``csrc/cuda`` as a backend."""

    def __init__(self, device: Device) -> None:
        self._device = device

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
        address = None if field is None else self._device.address(field)
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
        del alive

    def _warp(self, op: str, images: Array, out: Array, args: Structure) -> None:
        """A few pixels to a thread, a tile of the output to a block."""
        together = 4 if images.dtype.itemsize == 1 else 1
        tiles = _divide_up(out.shape[2], 32 * together) * _divide_up(out.shape[1], 8)
        plain = _rows_are_plain(images) and _rows_are_plain(out) and images.shape[3] in (1, 3, 4)
        kind = images.shape[3] if plain else "any"
        self._launch(op, f"_{_suffix(images)}_{kind}", args, len(out) * tiles, 256)

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
        source, name = "warp_spline", f"warp_spline_{_suffix(out)}"
        if order > 1 and out.size:
            images = self._filtered(images, given, order, mode)
            source, name = "warp_spline_filtered", f"warp_filtered_{_suffix(out)}_{order}"
        args = arguments.WarpSpline(
            self._batch(images), self._batch(out), None, *given, order, mode
        )
        tiles = _divide_up(out.shape[2], 32) * _divide_up(out.shape[1], 8)
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
        source, columns = "warp_spline_filtered", f"filter_columns_{_suffix(images)}"
        self._start(source, columns, args, n * _divide_up(w * c, 128), 128, 0)
        if w > 1:
            self._start(source, "filter_rows", args, n * _divide_up(h * c, 128), 128, 0)
        return filtered

    def flip(self, images: Array, out: Array, horizontal: Array, vertical: Array) -> None:
        given, alive = self._device.upload(horizontal, vertical)
        args = arguments.Flip(self._batch(images), self._batch(out), None, *given)
        _, h, w, c = images.shape
        size = c * images.dtype.itemsize
        group = 16 * (1 if size % 3 else 3) // size if size in _FLIP_PIXELS else 0
        if group and w % group == 0 and self._in_quads(images) and self._in_quads(out):
            blocks = len(images) * _divide_up(h * (w // group), 128)
            self._launch("flip", f"_pixel_{size}", args, blocks, 128)
        else:
            blocks = len(images) * _divide_up(h * w * c, 256)
            self._launch("flip", f"_item_{images.dtype.itemsize}", args, blocks, 256)
        del alive

    def rot90(self, images: Array, out: Array, k: Array) -> None:
        given, alive = self._device.upload(k)
        args = arguments.Rot90(self._batch(images), self._batch(out), *given)
        tiles = _divide_up(out.shape[2], 16) * _divide_up(out.shape[1], 16)
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
        parts = max(_divide_up(int(tall) * int(wide) * channels, 32 * 256), 1)
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
        blocks = n * _divide_up(h * w * c, count * 256)
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
        self._map_elements("blend", f"_{_suffix(images)}", args, images)
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
            first = second = f"resize_{_suffix(images)}"
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

    def gaussian_blur(
        self, images: Array, out: Array, weights: Array, radii: Array, border: int, cval: float
    ) -> None:
        sums = _GAUSSIAN_SUMS.get(_suffix(images), np.float32)
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
        suffix, item = _suffix(images), images.dtype.itemsize
        args.top, args.left = map(int, start)
        args.height, args.width = map(int, size)
        for args.tile_w, args.tile_h in _TILES:
            tall = args.tile_h + args.height - 1
            wide = args.tile_w + (args.width - 1) * c
            shared = wide * (args.tile_h * stages[suffix] + tall * item)
            if shared <= _SHARED_BYTES:
                blocks = n * _divide_up(w * c, args.tile_w) * _divide_up(h, args.tile_h)
                self._start(op, f"{op}_tile_{suffix}", args, blocks, 256, shared)
                return
        args.stage, alive = self._device.memory(max(images.size, 1) * stages[suffix])
        for name in ("down", "across"):
            self._launch(op, f"_{name}_{suffix}", args, _divide_up(images.size, 256), 256)
        del alive

    def noise(self, op: str, images: Array, out: Array, *given: Any) -> None:
        seed, index, epoch, place, low, high, clip, first, second, per_channel = given
        addresses, alive = self._device.upload(seed, index, epoch, first, second)
        args = arguments.Noise(
            self._batch(images),
            self._batch(out),
            *addresses[:3],
            place,
            low,
            high,
            clip,
            *addresses[3:],
            per_channel,
        )
        elements = images.shape[1] * images.shape[2] * images.shape[3]
        suffix = f"_{_suffix(images)}"
        if op in ("salt_and_pepper", "pixel_dropout"):
            together = 1 if per_channel else images.shape[3]
            draws = _divide_up(elements, 4 * together)
            suffix += f"_{together if together in (1, 3, 4) else 'any'}"
        else:
            halves = suffix == "_u8" and op != "shot_noise"
            draws = _divide_up(elements, 8 if halves else 4)
        blocks = len(images) * _divide_up(draws, _NOISE_THREADS)
        shared = (2 if op == "shot_noise" else 1) * _NOISE_THREADS * _NOISE_WORDS * 4
        self._start(op, op + suffix, args, blocks, _NOISE_THREADS, shared)
        del alive

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
            blocks = n * _divide_up(height, _SUM_LANES)
            shared = 3 * 8 * _SUM_LANES**2
            name = f"point_{looks}_{_suffix(images)}"
            self._start("point", name, args, blocks, _SUM_LANES**2, shared)
            self._start("point", "point_found", args, _divide_up(n, 32), 32, 0)
        self._map_elements("point", f"_{_suffix(images)}", args, images)
        del alive, alive_rows, alive_found

    def normalize(self, images: Array, out: Array, scale: Array, shift: Array) -> None:
        given, alive = self._device.upload(scale, shift)
        args = arguments.Normalize(self._batch(images), self._batch(out), *given)
        self._map_elements("normalize", f"_{_suffix(images)}_{_suffix(out)}", args, images)
        del alive

    def color_matrix(
        self, images: Array, out: Array, matrices: Array, low: float, high: float
    ) -> None:
        given, alive = self._device.upload(matrices)
        batches = self._batch(images), self._batch(out)
        self._map_colours(
            "color_matrix", arguments.ColorMatrix(*batches, *given, low, high), images
        )
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
        self._start("levels", f"levels_{looks}_{_suffix(images)}", args, channels, 256, shared)
        self._map_elements("levels", f"_{_suffix(images)}", args, images)
        del alive_found, alive_level

    def run_chain(self, images: Array, out: Array, steps: Steps) -> None:
        in_turn(self, images, out, steps)

    def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
        stage_by_stage(self, sources, outs, stages)

    def _map_elements(self, op: str, suffix: str, args: Structure, images: Array) -> None:
        """Four elements to a thread."""
        n, h, w, c = images.shape
        self._launch(op, suffix, args, n * _divide_up(h * w * c, 4 * 256), 256)

    def _each_element(self, op: str, args: Structure, out: Array) -> None:
        """An element to a thread."""
        self._launch(op, f"_{_suffix(out)}", args, _divide_up(out.size, 256), 256)

    def _map_colours(self, op: str, args: Structure, images: Array) -> None:
        """A pixel to a thread."""
        n, h, w, _ = images.shape
        self._launch(op, f"_{_suffix(images)}", args, n * _divide_up(h * w, 256), 256)

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
            blocks = n * _divide_up(height, _SUM_LANES)
            shared = 2 * 8 * _SUM_LANES**2
            self._start("photometric", f"photometric_{name}", args, blocks, _SUM_LANES**2, shared)

        def of_images(name: str) -> None:
            self._start("photometric", f"photometric_image_{name}", args, _divide_up(n, 32), 32, 0)

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

    def _mixing(self, source: Array | None, how: Array) -> tuple[tuple[int | None, int], Any]:
        if source is None:
            (address,), alive = self._device.upload(how)
            return (None, address), alive
        (sources, address), alive = self._device.upload(source, how)
        return (sources, address), alive

    def _same_place(self, images: Array, out: Array) -> bool:
        same: bool = self._device.address(images) == self._device.address(out)
        return same

    def _batch(self, array: Array) -> arguments.Batch:
        return arguments.batch(self._device.address(array), array.shape, array.strides, array.dtype)

    def _in_quads(self, array: Array) -> bool:
        """Whether every row starts at a multiple of 16 bytes."""
        steps = (self._device.address(array), *array.strides[:2])
        return _rows_are_plain(array) and all(step % 16 == 0 for step in steps)

    def _launch(self, op: str, suffix: str, args: Structure, blocks: int, threads: int) -> None:
        self._start(op, op + suffix, args, blocks, threads, 0)

    def _start(
        self, source: str, name: str, args: Structure, blocks: int, threads: int, shared: int
    ) -> None:
        if blocks >= 2**31:
            raise ValueError(f"images is too large for one launch: {blocks} blocks of threads")
        if blocks:
            self._device.launch(source, name, args, blocks, threads, shared)


class _Line:
    """The resizing of one axis after the other, from the same boxes."""

    def __init__(
        self, cuda: Cuda, address: int, edges: Array, kernel: int, antialias: bool
    ) -> None:
        self._cuda = cuda
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
        device = self._cuda._device
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
        start = self._cuda._start
        if self._kernel == _NEAREST:
            start("resize", "resize_table_nearest", args, _divide_up(boxes, 32), 32, 0)
        else:
            start("resize", "resize_table", args, boxes * _divide_up(size, 64), 64, 0)
        elements = target.h * target.w * target.c
        start("resize", name, args, target.n * _divide_up(elements, 256), 256, 0)
        del alive_taps, alive_weight


class _Pass:
    """One filter of a morphological op after the other, over the same footprints."""

    def __init__(
        self,
        cuda: Cuda,
        images: Array,
        sizes: Array | None,
        runs: Array | None,
        address: int,
        border: int,
        cval: float,
    ) -> None:
        self._cuda = cuda
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
        for tile_w, tile_h in _TILES:
            rows = tile_h + height - 1
            shared = rows * (tile_w + (width - 1) * c) * item
            shared += rows * tile_w * item if self._runs is None else 0
            if shared <= _SHARED_BYTES:
                kind = "tile"
                break
        else:
            kind, shared = "direct", 0
        batch = self._cuda._batch
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
        blocks = n * _divide_up(w * c, tile_w) * _divide_up(h, tile_h)
        name = f"{'erode' if erode else 'dilate'}_{kind}_{_suffix(source)}"
        self._cuda._start("morphology", name, args, blocks, 256, shared)


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


def _suffix(images: Array) -> str:
    return _SUFFIX[images.dtype.name]


def _divide_up(a: int, b: int) -> int:
    return -(-a // b)


def _rows_are_plain(array: Array) -> bool:
    _, _, w, c = array.shape
    item = array.dtype.itemsize
    return (c == 1 or array.strides[3] == item) and (w == 1 or array.strides[2] == c * item)
