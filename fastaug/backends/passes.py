"""A pass: several ops on one batch, which a backend may do image by image."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from ..arrays import Array

# Names of ops with what the backend's function of that name takes after `images` and `out`. The
# first moves pixels from the source to `out`; those that follow change `out` in place.
Steps: TypeAlias = list[tuple[str, tuple[Any, ...]]]


def one_by_one(backend: Any, images: Array, source: Array, out: Array, steps: Steps) -> None:
    """A pass as that many calls, for backends that cannot do better."""
    (name, arguments), *rest = steps
    gathered = np.ascontiguousarray(images[source]).astype(out.dtype, copy=False)
    getattr(backend, name)(gathered, out, *arguments)
    for op, values in rest:
        getattr(backend, op)(out, out, *values)


def in_turn(backend: Any, images: Array, out: Array, steps: Steps) -> None:
    """Ops of which the first takes `images` as they are, as that many calls."""
    for op, values in steps:
        getattr(backend, op)(images, out, *values)
        images = out
