"""A plan as few launches: steps that need a pixel and no other are done between one read and one write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ...arrays import Array
from ..passes import Form, Stage, call
from . import arguments
from .deferred import Deferred, Launch, Layout
from .launches import SHARED_BYTES, divide_up
from .steps import (
    HEADS,
    THREADS,
    Step,
    drawn,
    is_step,
    load,
    looks,
    name_of,
    source_of,
    step_of,
    store,
)

Images = npt.NDArray[np.int64]  # numbers of images in the plan

# How many pixels a thread makes, the best first.
_ROUNDS = (4, 2, 1)
# Steps of a list: more than these, and their arguments might be more than the 4096 bytes that any
# card takes.
_LONGEST = 13
# Shared memory for the numbers that a list draws for a pixel.
_DRAWN_BYTES = 64


class Pending(NamedTuple):
    """A stage that is still to be done.

    Attributes:
        stage: what is.
        rows: which of its images those are that it is to be done to; -1 for others.
        launch: of its op, where that looked at whole images and left numbers.
    """

    stage: Stage
    rows: Images
    launch: Launch | None


class Plan:
    """Stages on their way to launches, which `backend` makes on a device that waits."""

    def __init__(
        self, backend: Any, device: Deferred, sources: list[Array], outs: list[Array]
    ) -> None:
        self._backend = backend
        self._device = device
        self._like = sources[0]
        self._sources = sources
        self._layouts: list[Layout] = []
        self._forms: list[Form] = []
        # Of every image: where it lies and how, and what the pending steps make of it, if any do.
        self._place, self._layout = self._places(sources)
        self._outs = self._places(outs)
        self._form = np.array([self._form_of(number) for number in self._layout], np.int64)
        self._changed = np.zeros(len(self._place), np.bool_)
        self._pending: list[Pending] = []
        self._held: list[Array] = []

    def add(self, stage: Stage) -> None:
        """One stage more."""
        images = np.flatnonzero(stage.rows >= 0)
        if not images.size:
            return
        if not is_step(stage):
            self._alone(stage, images)
            return
        launch = self._look(stage, images) if looks(stage) and all(stage.before[:3]) else None
        if stage.op in HEADS:
            self._settle(images[self._changed[images]])
        waiting = [each.stage for each in self._pending]
        too_much = sum(map(drawn, [*waiting, stage])) > _DRAWN_BYTES
        if waiting and (too_much or len(waiting) == _LONGEST):
            self._settle(np.flatnonzero(self._changed))
        self._pending.append(Pending(stage, stage.rows.copy(), launch))
        self._changed[images] = True
        self._form[images] = _number(self._forms, stage.after)

    def finish(self) -> None:
        """Brings all images where they belong."""
        self._flush(np.arange(len(self._place)), *self._outs)

    def _alone(self, stage: Stage, images: Images) -> None:
        """An op that needs more than one pixel."""
        given, made = self._together(stage, images), self._empty(stage.n, stage.after)
        call(self._backend, stage, given, made)
        self._moved(images, made, stage.rows[images])

    def _look(self, stage: Stage, images: Images) -> Launch:
        """Does all that a stage launches but the last, which is kept for a step."""
        given = self._together(stage, images)
        call(self._backend, stage, given, given)
        return self._device.launches.pop()

    def _together(self, stage: Stage, images: Images) -> Array:
        """The images of a stage in one array, in the order of its rows."""
        rows = stage.rows[images]
        ordered = images[np.argsort(rows)]
        if not self._changed[images].any():
            first = 0
            for batch in self._sources:  # perhaps they are so already
                own = np.arange(first, first + len(batch))
                if np.array_equal(ordered, own) and self._lie_in(batch, own):
                    return batch
                first += len(batch)
        made = self._empty(stage.n, stage.before)
        self._flush(images, *self._spread(made, rows))
        self._moved(images, made, rows)
        return made

    def _lie_in(self, batch: Array, images: Images) -> bool:
        places, _ = self._places([batch])
        return np.array_equal(self._place[images], places)

    def _settle(self, images: Images) -> None:
        """Does what is pending for some images."""
        for number in np.unique(self._form[images]):
            those = images[self._form[images] == number]
            made = self._empty(len(those), self._forms[number])
            rows = np.arange(len(those))
            self._flush(those, *self._spread(made, rows))
            self._moved(those, made, rows)

    def _moved(self, images: Images, array: Array, rows: Images) -> None:
        """Images now lie in an array."""
        self._place[images], self._layout[images] = self._spread(array, rows)
        self._form[images] = self._form_of(int(self._layout[images[0]]))

    def _flush(self, images: Images, places: Images, layouts: Images) -> None:
        """Does what is pending for some images, to other places; those alike in one launch."""
        alike = [self._layout[images], layouts, self._form[images]]
        for stage, rows, _ in self._pending:
            if stage.before.dtype != stage.after.dtype:
                alike.append(rows[images] >= 0)
        for group in _groups(np.stack(alike)):
            self._launch(images[group], places[group], self._layouts[layouts[group[0]]])
        for _, rows, _ in self._pending:
            rows[images] = -1
        self._pending = [each for each in self._pending if (each.rows >= 0).any()]
        self._changed[images] = False

    def _launch(self, images: Images, places: Images, target: Layout) -> None:
        """One kernel for images that are alike."""
        _, h, w, c = target.shape
        if not h * w * c:
            return
        source = self._layouts[self._layout[images[0]]]
        listed: list[tuple[Step, Images]] = []
        moved = np.zeros(len(images), np.bool_)
        for pending in self._pending:
            rows = pending.rows[images]
            launch = self._launch_of(pending, source) if (rows >= 0).any() else None
            if launch is not None:
                listed.append((step_of(pending.stage, launch, source), rows))
                moved |= (rows >= 0) & (pending.stage.op in HEADS)
        if not moved.all():
            listed.insert(0, (load(source), np.where(moved, -1, 0)))
        listed.append((store(target), np.zeros(len(images), np.int64)))

        steps = [step for step, _ in listed]
        table = np.stack([self._place[images], places], axis=1)
        addresses, _ = self._device.upload(table, *(rows for _, rows in listed))
        given: list[Any] = [addresses[0], h, w]
        for address, step in zip(addresses[1:], steps, strict=True):
            given += [address, step.arguments]
        struct = arguments.fused(*(type(step.arguments) for step in steps))
        pixel = sum(step.shared for step in steps)
        rounds = next(r for r in _ROUNDS if r * THREADS * pixel <= SHARED_BYTES)
        blocks = len(images) * divide_up(h * w, rounds * THREADS)
        kernel = source_of(steps, c, rounds)
        self._device.launch(
            kernel, kernel.name, struct(*given), blocks, THREADS, rounds * THREADS * pixel
        )

    def _launch_of(self, pending: Pending, source: Layout) -> Launch | None:
        """What an op would launch last by itself, from images that lie so; None if nothing."""
        stage, launch = pending.stage, pending.launch
        if launch is not None:
            return launch
        before = source if stage.op in HEADS else Layout.of(stage.before, stage.n)
        after = Layout.of(stage.after, stage.n, address=1)
        mark = len(self._device.launches)
        call(self._backend, stage, before, after)
        made, self._device.launches[mark:] = self._device.launches[mark:], []
        return made[-1] if made and made[-1].source.name == name_of(stage) else None

    def _places(self, batches: list[Array]) -> tuple[Images, Images]:
        """Addresses of images, and the numbers of their layouts."""
        spread = [self._spread(batch, np.arange(len(batch))) for batch in batches]
        places, layouts = zip(*spread, strict=True)
        return np.concatenate(places), np.concatenate(layouts)

    def _spread(self, array: Array, rows: Images) -> tuple[Images, Images]:
        """The same of some images of an array."""
        layout = Layout((1, *array.shape[1:]), (0, *array.strides[1:]), array.dtype)
        number = _number(self._layouts, layout)
        places = self._device.address(array) + rows * array.strides[0]
        return places, np.full(len(rows), number)

    def _form_of(self, layout: int) -> int:
        """The number of the form of images that lie so."""
        found = self._layouts[layout]
        return _number(self._forms, Form(*found.shape[1:], found.dtype))

    def _empty(self, n: int, form: Form) -> Array:
        made = np.empty_like(self._like, dtype=form.dtype, shape=(n, *form[:3]))
        self._held.append(made)
        return made


def _number(known: list[Any], item: Any) -> int:
    """The place of an item in a list, to which it is added if need be."""
    if item not in known:
        known.append(item)
    return known.index(item)


def _groups(keys: Images) -> Iterator[Images]:
    """Which columns are alike."""
    if not keys.shape[1]:
        return
    if (keys == keys[:, :1]).all():
        yield np.arange(keys.shape[1])
        return
    _, inverse = np.unique(keys, axis=1, return_inverse=True)
    for number in range(inverse.max() + 1):
        yield np.flatnonzero(inverse == number)
