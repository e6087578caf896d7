"""A pass: several ops on one batch, which a backend may do image by image."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ..arrays import Array

# The name of an op with what the backend's function of that name takes after `images` and `out`.
Step: TypeAlias = tuple[str, tuple[Any, ...]]
# In a pass the first moves pixels from the source to `out`; those that follow change `out` in place.
Steps: TypeAlias = list[Step]


def one_by_one(backend: Any, images: Array, source: Array, out: Array, steps: Steps) -> None:
    """A pass as that many calls, for backends that cannot do better."""
    (name, arguments), *rest = steps
    gathered = np.ascontiguousarray(images[source]).astype(out.dtype, copy=False)
    getattr(backend, name)(gathered, out, *arguments)
    for op, values in rest:
        getattr(backend, op)(out, out, *values)


class Form(NamedTuple):
    """What an image is, whatever is in it."""

    height: int
    width: int
    channels: int
    dtype: np.dtype[Any]


def form_of(images: Array) -> Form:
    """The form of images (n, H, W, C)."""
    _, height, width, channels = images.shape
    return Form(height, width, channels, images.dtype)


# What all stand-ins lie in; a larger one follows when it does not hold an image. Nobody touches it,
# so it is addresses and no memory.
_room = np.empty(0, np.uint8)


@lru_cache(maxsize=64)
def stand_ins(form: Form, n: int) -> Array:
    """Images of a form to look at, but never to read or write: all of them in the same memory."""
    global _room
    size = math.prod(form[:3]) * form.dtype.itemsize
    room = _room
    if room.nbytes < size:
        _room = room = np.empty(max(size, 2 * room.nbytes), np.uint8)
    one: Array = room[:size].view(form.dtype).reshape(form[:3])
    return np.ndarray((n, *form[:3]), form.dtype, one, strides=(0, *one.strides))


class Stage(NamedTuple):
    """An op of a plan, done for some of its images.

    Attributes:
        op: a backend's function, or ``"noise"``.
        arguments: what that takes after `images` and `out`, for `n` images.
        rows: which of those each image of the plan is, shape (n,); -1 where it takes no part.
        n: how many do.
        before: form of what these images are when they get there.
        after: form of what the op makes of them.
    """

    op: str
    arguments: tuple[Any, ...]
    rows: npt.NDArray[np.int64]
    n: int
    before: Form
    after: Form


def for_all(steps: Steps, images: Array) -> list[Stage]:
    """A plan in which all images take part in every step, and keep their form."""
    everyone, form = np.arange(len(images)), form_of(images)
    return [Stage(op, values, everyone, len(images), form, form) for op, values in steps]


def stage_by_stage(
    backend: Any, sources: list[Array], outs: list[Array], stages: list[Stage]
) -> None:
    """A plan as one call for each of its stages, for backends that cannot do better.

    Each list holds batches, whose images are numbered through.
    """
    if stages and len(sources) == len(outs) == 1 and all(map(_has_all, stages)):
        _batch_by_batch(backend, sources[0], outs[0], stages)
        return
    images = [image for batch in sources for image in batch]
    for stage in stages:
        taking_part = np.flatnonzero(stage.rows >= 0)
        places = taking_part[np.argsort(stage.rows[taking_part], kind="stable")]
        gathered = np.stack([images[i] for i in places])  # wherever they are
        made = np.empty_like(gathered, dtype=stage.after.dtype, shape=(stage.n, *stage.after[:3]))
        call(backend, stage, gathered, made)
        for i, image in zip(places, made, strict=True):
            images[i] = image
    for target, image in zip((out for batch in outs for out in batch), images, strict=True):
        target[...] = image


def call(backend: Any, stage: Stage, images: Any, out: Any) -> None:
    """Does a stage by itself, to images in the order of its rows."""
    kind = stage.arguments[: stage.op == "noise"]
    getattr(backend, stage.op)(*kind, images, out, *stage.arguments[len(kind) :])


def _has_all(stage: Stage) -> bool:
    return bool(np.array_equal(stage.rows, np.arange(stage.n)))


def _batch_by_batch(backend: Any, images: Array, out: Array, stages: list[Stage]) -> None:
    """Stages that all images take part in; `out` and other memory take turns, so that it ends there."""
    spare = None
    for left, stage in zip(reversed(range(len(stages))), stages, strict=True):
        if left % 2 == 0 and stage.after == form_of(out):
            made = out
        elif spare is not None and spare is not images and form_of(spare) == stage.after:
            made = spare
        else:
            shape = (stage.n, *stage.after[:3])
            made = spare = np.empty_like(images, dtype=stage.after.dtype, shape=shape)
        call(backend, stage, images, made)
        images = made
