"""The kernels of ``csrc`` once more, compiled by Numba: no C++ compiler needed, and the same bits.

Each module is the neighbour of a header of its name in ``csrc/ops``, which stays the authority on
the arithmetic. The loops are simpler than those of ``csrc/cpu``: kernels take contiguous images,
others are copied one by one, and what vector code there is, LLVM finds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ..passes import Stage, Steps, one_by_one, stage_by_stage
from ..user_op import UserFunction
from . import parallel
from .affine_matrix import affine_matrices
from .blend import blend
from .box_blur import box_blur
from .correlate import correlate
from .erase import erase
from .flip import flip
from .gaussian_blur import gaussian_blur, gaussian_weights
from .gaussian_noise import gaussian_noise
from .hue import hue
from .items import items, whole_pixels
from .levels import levels
from .maps import copies, products
from .median_blur import median_blur
from .morphology import morphology
from .normalize import normalize
from .paste import paste
from .philox import philox
from .photometric import photometric
from .pixel_dropout import pixel_dropout
from .point import limits, point_all
from .resize import resize
from .rot90 import rot90
from .rounding import constant_pixels
from .salt_and_pepper import salt_and_pepper
from .saturation import saturation
from .sharpen import sharpen
from .shot_noise import shot_noise
from .shuffle_channels import shuffle_channels
from .speckle_noise import speckle_noise
from .stream import uniforms
from .uniform_noise import uniform_noise
from .user_op import user_op
from .warp_affine import warp_affine
from .warp_field import warp_field
from .warp_spline import warp_spline
from .window import window


class Numba:
    def affine_matrices(self, parameters: Array) -> Array:
        matrices = np.empty((len(parameters), 2, 3))
        affine_matrices(parallel.writeable(parameters), matrices)
        return matrices

    def copies(self, matrices: Array, before: Array, after: Array) -> Array:
        found = np.empty((len(matrices), 3), np.int64)
        copies(matrices, before, after, found)
        return found

    def products(self, first: Array, second: Array) -> Array:
        matrices = np.empty((len(first), 3, 3))
        products(first, second, matrices)
        return matrices

    def warp_affine(
        self, images: Array, out: Array, matrices: Array, fill: Array, interpolation: int, mode: int
    ) -> None:
        each = (matrices, fill.reshape(len(images), images.shape[3]))
        rest = (interpolation, mode, *images.shape[1:], *out.shape[1:3])
        parallel.run(warp_affine, images, out, each, rest)

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
        n = len(images)
        shared = field is None or len(field) == 1
        which = np.zeros(n, np.int64) if shared else np.arange(n)
        # One field of no shifts stands for none.
        shifts = np.empty((1, 0), np.float32)
        if field is not None:
            shifts = field.reshape(len(field), field[:1].size)
        each = (matrices, fill.reshape(n, images.shape[3]), which)
        rest = (parallel.writeable(shifts), interpolation, mode, *images.shape[1:], *out.shape[1:3])
        parallel.run(warp_field, images, out, each, rest)

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
        each = (matrices, fill.reshape(len(images), images.shape[3]), mirror)
        rest = (order, mode, *images.shape[1:], *out.shape[1:3])
        # From order 2 on every band of rows would have to filter the whole image first.
        parallel.run(warp_spline, images, out, each, rest, splits=order < 2)

    def flip(self, images: Array, out: Array, horizontal: Array, vertical: Array) -> None:
        parallel.run(flip, items(images), items(out), (horizontal, vertical), images.shape[1:])

    def rot90(self, images: Array, out: Array, k: Array) -> None:
        images, out = whole_pixels(images, out)
        rest = (*images.shape[1:3], *out.shape[2:])
        parallel.run(rot90, images, out, (k,), rest)

    def window(self, images: Array, out: Array, offsets: Array, fill: Array, border: int) -> None:
        rest = (border, *images.shape[1:3], *out.shape[2:])
        parallel.run(window, items(images), items(out), (offsets, items(fill)), rest)

    def erase(self, images: Array, out: Array, boxes: Array, fill: Array) -> None:
        each = (boxes, items(fill))
        parallel.run(erase, items(images), items(out), each, images.shape[1:])

    def shuffle_channels(self, images: Array, out: Array, order: Array, fill: Array) -> None:
        each = (order, items(fill))
        parallel.run(shuffle_channels, items(images), items(out), each, images.shape[2:])

    def blend(
        self,
        images: Array,
        out: Array,
        others: Array,
        weight: Array,
        source: Array | None = None,
    ) -> None:
        # The shares as `shares_of` in csrc/ops/blend.hpp.
        real = np.float64 if images.dtype == np.float64 else np.float32
        shares = weight.astype(real), (1 - weight).astype(real)
        each = (_gathered(others, source), *shares)
        parallel.run(blend, images, out, each, (out.shape[2] * out.shape[3],))

    def paste(
        self,
        images: Array,
        out: Array,
        others: Array,
        boxes: Array,
        source: Array | None = None,
    ) -> None:
        each = (items(_gathered(others, source)), boxes)
        parallel.run(paste, items(images), items(out), each, images.shape[1:])

    def resize(self, images: Array, out: Array, edges: Array, kernel: int, antialias: bool) -> None:
        resize(images, out, edges, kernel, antialias)

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
        morphology(images, out, op, sizes, runs, border, cval)

    def gaussian_weights(self, sigma: Array, radii: Array, like: Array) -> tuple[Array, Array]:
        return gaussian_weights(sigma, radii, like)

    def gaussian_blur(
        self, images: Array, out: Array, weights: Array, radii: Array, border: int, cval: float
    ) -> None:
        gaussian_blur(images, out, weights, radii, border, cval)

    def box_blur(self, images: Array, out: Array, sizes: Array, border: int, cval: float) -> None:
        box_blur(images, out, sizes, border, cval)

    def correlate(self, images: Array, out: Array, *arguments: Any) -> None:
        correlate(images, out, *arguments)

    def median_blur(
        self, images: Array, out: Array, sizes: Array, border: int, cval: float
    ) -> None:
        median_blur(images, out, sizes, border, cval)

    def sharpen(
        self, images: Array, out: Array, factor: Array, low: float, high: float, keeps_alpha: bool
    ) -> None:
        sharpen(images, out, factor, limits(out, low, high), keeps_alpha)

    def noise(self, op: str, images: Array, out: Array, *arguments: Any) -> None:
        seed, index, epoch, place, low, high, clip, first, second, per_channel = arguments
        where = (seed, index, epoch)
        length = images.shape[2] * images.shape[3]
        rest: tuple[Any, ...]
        if op in ("salt_and_pepper", "pixel_dropout"):
            # One decision a pixel serves all its channels; one an element, just that.
            together = 1 if per_channel else max(images.shape[3], 1)
            pixels = (together, length // together)
            if op == "pixel_dropout":
                value = constant_pixels(second, images.dtype)
                parallel.run(pixel_dropout, images, out, (*where, first, value), (place, *pixels))
                return
            extremes = images.dtype.type(low), images.dtype.type(high)
            rest = (place, *extremes, *pixels)
            parallel.run(salt_and_pepper, images, out, (*where, first, second), rest)
            return
        # The type of the arithmetic, as `Compute` in csrc/ops/round.hpp.
        real = np.float64 if images.dtype == np.float64 else np.float32
        limits = (real(low), real(high), bool(clip), length)
        if op == "shot_noise":
            rest = (place, float(low), float(high), *limits)
            parallel.run(shot_noise, images, out, (*where, first), rest)
            return
        rest = (place, *limits)
        with np.errstate(over="ignore"):
            first, second = first.astype(real), second.astype(real)
        if op == "uniform_noise":
            parallel.run(uniform_noise, images, out, (*where, first), rest)
        else:
            kernel = {"gaussian_noise": gaussian_noise, "speckle_noise": speckle_noise}[op]
            parallel.run(kernel, images, out, (*where, first, second), rest)

    def photometric(self, images: Array, out: Array, *arguments: Any) -> None:
        photometric(images, out, *arguments)

    def point(self, images: Array, out: Array, *arguments: Any) -> None:
        point_all(images, out, *arguments)

    def normalize(self, images: Array, out: Array, scale: Array, shift: Array) -> None:
        n, _, width, channels = out.shape
        with np.errstate(over="ignore", under="ignore"):
            each = tuple(a.reshape(n, channels).astype(out.dtype) for a in (scale, shift))
        parallel.run(normalize, images, out, each, (channels, width))

    def saturation(self, images: Array, out: Array, factor: Array, low: float, high: float) -> None:
        _, _, width, channels = out.shape
        black, white = limits(out, low, high)
        parallel.run(saturation, images, out, (factor,), (black, white, channels, width))

    def hue(self, images: Array, out: Array, turn: Array, low: float, high: float) -> None:
        _, _, width, channels = out.shape
        black, white = limits(out, low, high)
        parallel.run(hue, images, out, (turn,), (black, white, channels, width))

    def levels(self, images: Array, out: Array, op: int, low: float, high: float) -> None:
        rest = (*limits(out, low, high), op == 1, out.shape[3])
        parallel.run(levels, images, out, (), rest, splits=False)

    def user_op(self, images: Array, out: Array, function: UserFunction, numbers: Array) -> None:
        user_op(images, out, function, numbers)

    def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
        stage_by_stage(self, sources, outs, stages)

    def run_pass(self, images: Array, source: Array, out: Array, steps: Steps) -> None:
        one_by_one(self, images, source, out, steps)

    def uniforms(self, seed: Array, index: Array, epoch: Array, place: int, size: int) -> Array:
        numbers = np.empty((len(seed), size))
        uniforms(seed, index, epoch, place, numbers)
        return numbers

    def philox(self, counters: Array, keys: Array, rounds: int) -> Array:
        words = np.empty((len(counters), 4), np.uint32)
        philox(counters, keys, words, rounds)
        return words


def _gathered(others: Array, source: Array | None) -> Array:
    """The other image of each, as (n, elements)."""
    gathered = np.ascontiguousarray(others if source is None else others[source])
    return parallel.flat(np.asarray(gathered))


BACKEND = Numba()
