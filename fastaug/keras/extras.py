"""What `ImageDataGenerator` here has beside Keras' arguments: morphology and noise.

Their parameters come from a counter-based generator keyed by each image's own key, so switching
them on moves none of Keras' draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array, DataFormat
from ..ops.morphology import DTYPES as MORPHOLOGY
from ..ops.morphology import dilate, erode
from ..ops.noise import DTYPES as NOISE
from ..ops.noise import gaussian_noise, salt_and_pepper
from ..random import uniform
from .checks import real

# Places in the stream of an image's key; part of what a seed means.
NAMES = ("erosion", "dilation", "gaussian_noise", "salt_and_pepper")
_OFF = {"erosion": 1, "dilation": 1, "gaussian_noise": 0.0, "salt_and_pepper": 0.0}


@dataclass(frozen=True, slots=True)
class Range:
    """Where a parameter is drawn from, and how often; `None` bounds mean it is off."""

    low: float
    high: float
    probability: float


class Extras:
    """The four extra transforms of a generator."""

    def __init__(self, ranges: dict[str, tuple[Any, Any]], value_range: Any) -> None:
        self.value_range = _checked_value_range(value_range)
        self.ranges: dict[str, Range] = {}
        for name, (given, probability) in ranges.items():
            share = _checked_probability(name, probability)
            if given is not None:
                self.ranges[name] = _range(name, given, share)

    def draw(self, key: npt.NDArray[np.uint64]) -> dict[str, Array]:
        """Parameters of each image, shape (n,); those that change nothing for images left out."""
        if not self.ranges:
            return {}
        numbers = uniform(key, np.zeros(len(key), np.uint32), size=2 * len(NAMES))
        drawn: dict[str, Array] = {}
        for name, given in self.ranges.items():
            place = 2 * NAMES.index(name)
            applied = numbers[:, place] < given.probability
            span = given.high - given.low
            value: Array
            if name in ("erosion", "dilation"):
                value = (given.low + np.floor(numbers[:, place + 1] * (span + 1))).astype(np.int64)
            else:
                value = given.low + numbers[:, place + 1] * span
            drawn[name] = np.where(applied, value, _OFF[name])
        drawn["noise_seed"] = key
        return drawn

    def apply(self, images: Array, drawn: dict[str, Array], data_format: DataFormat) -> Array:
        """Images (n, …) with the transforms applied, in place where that is possible.

        Raises:
            TypeError: if one of them has no such images; it names the generator's `dtype`.
        """
        for name in NAMES:
            if name in drawn:
                known = MORPHOLOGY if name in ("erosion", "dilation") else NOISE
                if images.dtype.name not in known:
                    raise TypeError(
                        f"`{name}_range` needs a `dtype` that is one of {', '.join(known)}. "
                        f"Received: {images.dtype}"
                    )
                images = self._apply_one(name, images, drawn, data_format)
        return images

    def _apply_one(
        self, name: str, images: Array, drawn: dict[str, Array], data_format: DataFormat
    ) -> Array:
        values = drawn[name]
        chosen = np.flatnonzero(values != _OFF[name])
        if not len(chosen):
            return images
        # Images that were not drawn are left alone, which a value range would not do.
        some = images if len(chosen) == len(images) else images[chosen]
        changed = self._functions()[name](
            some, values[chosen], drawn["noise_seed"][chosen], data_format
        )
        if some is images:
            return changed
        images[chosen] = changed
        return images

    def _functions(self) -> dict[str, Callable[[Array, Array, Array, DataFormat], Array]]:
        limits = self.value_range
        return {
            "erosion": lambda x, size, seed, layout: erode(x, size, data_format=layout),
            "dilation": lambda x, size, seed, layout: dilate(x, size, data_format=layout),
            "gaussian_noise": lambda x, std, seed, layout: gaussian_noise(
                x, std, seed=seed, index=0, stream=1, value_range=limits, data_format=layout, out=x
            ),
            "salt_and_pepper": lambda x, amount, seed, layout: salt_and_pepper(
                x,
                amount,
                seed=seed,
                index=0,
                stream=2,
                value_range=limits,
                data_format=layout,
                out=x,
            ),
        }


def _checked_probability(name: str, probability: Any) -> float:
    share = real(f"{name}_probability", probability)
    if not 0 <= share <= 1:
        raise ValueError(f"`{name}_probability` must be from 0 to 1. Received: {probability}")
    return share


def _range(name: str, given: Any, probability: float) -> Range:
    argument = f"{name}_range"
    sizes = name in ("erosion", "dilation")
    kind = int | np.integer if sizes else int | float | np.integer | np.floating
    if isinstance(given, tuple | list) and len(given) == 2:
        low, high = given
    else:
        low, high = (min(2, given) if sizes and isinstance(given, kind) else 0.0), given
    most = 1 if name == "salt_and_pepper" else np.inf
    numbers = "a number from 0 to 1" if most == 1 else "a number of at least 0"
    expected = "a footprint size of at least 1" if sizes else numbers
    expected += " or a pair of them"
    if not all(isinstance(v, kind) and not isinstance(v, bool) for v in (low, high)):
        raise TypeError(f"`{argument}` must be {expected}. Received: {given!r}")
    if not (1 if sizes else 0) <= low <= high <= most or not np.isfinite(high):
        raise ValueError(f"`{argument}` must be {expected}, in order. Received: {given!r}")
    return Range(float(low), float(high), probability)


def _checked_value_range(value_range: Any) -> tuple[float, float]:
    try:
        low, high = (float(v) for v in value_range)
    except (TypeError, ValueError):
        raise TypeError(
            f"`value_range` must be a pair (black, white). Received: {value_range!r}"
        ) from None
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"`value_range` must be finite and increasing. Received: {value_range!r}")
    return low, high
