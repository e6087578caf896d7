"""Launches of the noise ops, by name."""

from __future__ import annotations

from typing import Any

from ...arrays import Array
from . import arguments
from .launches import Launches, divide_up, suffix_of

# Words that a thread draws, of each set of draws: they go through shared memory.
_NOISE_WORDS, _NOISE_THREADS = 4, 256


class Noise(Launches):
    """Part of `Cuda`."""

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
        suffix = f"_{suffix_of(images)}"
        if op in ("salt_and_pepper", "pixel_dropout"):
            together = 1 if per_channel else images.shape[3]
            draws = divide_up(elements, 4 * together)
            suffix += f"_{together if together in (1, 3, 4) else 'any'}"
        else:
            halves = suffix == "_u8" and op != "shot_noise"
            draws = divide_up(elements, 8 if halves else 4)
        blocks = len(images) * divide_up(draws, _NOISE_THREADS)
        shared = (2 if op == "shot_noise" else 1) * _NOISE_THREADS * _NOISE_WORDS * 4
        self._start(op, op + suffix, args, blocks, _NOISE_THREADS, shared)
        del alive
