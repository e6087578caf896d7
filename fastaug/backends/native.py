"""The C++ kernels, called with the process' number of threads."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _native
from ..arrays import Array
from ..threads import get_num_threads
from .neighbours import joined
from .passes import Stage, Steps, stand_ins
from .tables import merged
from .user_op import UserFunction


class Native:
    def affine_matrices(self, parameters: Array) -> Array:
        return _native.affine_matrices(parameters)

    def copies(self, matrices: Array, before: Array, after: Array) -> Array:
        return _native.copies(matrices, before, after)

    def products(self, first: Array, second: Array) -> Array:
        return _native.products(first, second)

    def warp_affine(
        self, images: Array, out: Array, matrices: Array, fill: Array, interpolation: int, mode: int
    ) -> None:
        _run(_native.warp_affine(images, out, matrices, fill, interpolation, mode))

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
        _run(_native.warp_field(images, out, matrices, field, fill, interpolation, mode))

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
        _run(_native.warp_spline(images, out, matrices, fill, mirror, order, mode))

    def flip(self, images: Array, out: Array, horizontal: Array, vertical: Array) -> None:
        _run(_native.flip(images, out, horizontal, vertical))

    def rot90(self, images: Array, out: Array, k: Array) -> None:
        _run(_native.rot90(images, out, k))

    def window(self, images: Array, out: Array, offsets: Array, fill: Array, border: int) -> None:
        _run(_native.window(images, out, offsets, fill, border))

    def erase(self, images: Array, out: Array, boxes: Array, fill: Array) -> None:
        _run(_native.erase(images, out, boxes, fill))

    def shuffle_channels(self, images: Array, out: Array, order: Array, fill: Array) -> None:
        _run(_native.shuffle_channels(images, out, order, fill))

    def blend(
        self,
        images: Array,
        out: Array,
        others: Array,
        weight: Array,
        source: Array | None = None,
    ) -> None:
        _run(_native.blend(images, out, others, weight, source))

    def paste(
        self,
        images: Array,
        out: Array,
        others: Array,
        boxes: Array,
        source: Array | None = None,
    ) -> None:
        _run(_native.paste(images, out, others, boxes, source))

    def resize(self, images: Array, out: Array, edges: Array, kernel: int, antialias: bool) -> None:
        _run(_native.resize(images, out, edges, kernel, antialias))

    def photometric(self, images: Array, out: Array, *arguments: Any) -> None:
        _run(_native.photometric(images, out, *arguments))

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
        _run(_native.morphology(images, out, op, sizes, runs, border, cval))

    def gaussian_weights(self, sigma: Array, radii: Array, like: Array) -> tuple[Array, Array]:
        return _native.gaussian_weights(sigma, radii, like)

    def gaussian_blur(
        self, images: Array, out: Array, weights: Array, radii: Array, border: int, cval: float
    ) -> None:
        _run(_native.gaussian_blur(images, out, weights, radii, border, cval))

    def box_blur(self, images: Array, out: Array, sizes: Array, border: int, cval: float) -> None:
        _run(_native.box_blur(images, out, sizes, border, cval))

    def correlate(self, images: Array, out: Array, *arguments: Any) -> None:
        _run(_native.correlate(images, out, *arguments))

    def median_blur(
        self, images: Array, out: Array, sizes: Array, border: int, cval: float
    ) -> None:
        _run(_native.median_blur(images, out, sizes, border, cval))

    def sharpen(self, images: Array, out: Array, *arguments: Any) -> None:
        _run(_native.sharpen(images, out, *arguments))

    def point(self, images: Array, out: Array, *arguments: Any) -> None:
        _run(_native.point(images, out, *arguments))

    def normalize(self, images: Array, out: Array, scale: Array, shift: Array) -> None:
        _run(_native.normalize(images, out, scale, shift))

    def saturation(self, images: Array, out: Array, factor: Array, low: float, high: float) -> None:
        _run(_native.saturation(images, out, factor, low, high))

    def hue(self, images: Array, out: Array, turn: Array, low: float, high: float) -> None:
        _run(_native.hue(images, out, turn, low, high))

    def levels(self, images: Array, out: Array, op: int, low: float, high: float) -> None:
        _run(_native.levels(images, out, op, low, high))

    def noise(self, op: str, images: Array, out: Array, *arguments: Any) -> None:
        _run(getattr(_native, op)(images, out, *arguments))

    def user_op(self, images: Array, out: Array, function: UserFunction, numbers: Array) -> None:
        failed = np.zeros(1, np.int32)
        _run(_user_op(images, out, function, numbers, failed))
        function.finish(failed)

    def run_pass(self, images: Array, source: Array, out: Array, steps: Steps) -> None:
        (name, arguments), *rest = steps
        if name == "warp_spline" and [op for op, _ in rest] == ["photometric"]:
            both = (*arguments, source, *rest[0][1])
            _run(_native.warp_photometric(images, out, *both))
            return
        first = getattr(_native, name)(images, out, *arguments, source)
        _run(first, *(getattr(_native, op)(out, out, *values) for op, values in rest))

    def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
        steps, users = [], []
        for stage in joined(merged(stages, self)):
            # Where images really are is known to each thread.
            images, out = stand_ins(stage.before, stage.n), stand_ins(stage.after, stage.n)
            op, arguments = stage.op, stage.arguments
            if op == "user_op":
                function, numbers = arguments
                failed = np.zeros(1, np.int32)
                users.append((function, failed))
                step = _user_op(images, out, function, numbers, failed)
            elif op == "noise":
                step = getattr(_native, arguments[0])(images, out, *arguments[1:])
            else:
                step = getattr(_native, op)(images, out, *arguments)
            steps.append((step, stage.rows))
        _native.run_plan(sources, outs, steps, get_num_threads())
        for function, failed in users:
            function.finish(failed)

    def uniforms(self, seed: Array, index: Array, epoch: Array, place: int, size: int) -> Array:
        return _native.uniforms(seed, index, epoch, place, size)

    def philox(self, counters: Array, keys: Array, rounds: int) -> Array:
        return _native.philox(counters, keys, rounds)


def _user_op(
    images: Array, out: Array, function: UserFunction, numbers: Array, failed: Array
) -> _native.Step:
    address = function.code_for(images, ".numba.user_op", "entry").address
    given = function.numbers(numbers, images.dtype).reshape(-1)
    return _native.user_op(images, out, address, function.code, given, function.count, failed)


def _run(*steps: Any) -> None:
    _native.run(steps, get_num_threads())


BACKEND = Native()
