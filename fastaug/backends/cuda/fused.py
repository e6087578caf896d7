"""A plan as few launches: ops that need one pixel and no other are done between one read and one write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ...arrays import Array
from ..passes import Form, Stage, call
from .deferred import Deferred, Launch, Layout
from .steps import (
    DRAWN_BYTES,
    HEADS,
    LONGEST,
    Listed,
    drawn,
    is_step,
    joined,
    load,
    looks,
    name_of,
    start,
    step_of,
    store,
    within,
)

Images = npt.NDArray[Any]  # numbers of images in the plan, or one of something for each


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
    """Stages on their way to launches, which `backend` makes on a device that waits.

    What an op would launch by itself says what a step is given: its method is called in any case, and
    what it launches last is not started, where that becomes a step.
    """

    def __init__(
        self,
        backend: Any,
        device: Deferred,
        sources: list[Array],
        outs: list[Array],
        known: list[Listed],
    ) -> None:
        self._backend = backend
        self._known = known
        self._device = device
        self._sources = sources
        self._outs = outs
        self._layouts: list[Layout] = []
        self._forms: list[Form] = []
        self._pending: list[Pending] = []
        # Of every image: where it lies and how, where it belongs and how, what the pending stages make
        # of it, and whether there are any.
        self._place, self._layout = self._places(sources)
        self._target, self._target_layout = self._places(outs)
        self._form = np.array([self._form_of(i) for i in range(len(self._layouts))])[self._layout]
        self._changed = np.zeros(len(self._place), np.bool_)

    def run(self, stages: list[Stage]) -> None:
        """All of them."""
        last = np.full(len(self._place), -1)  # stage of every image
        for number, stage in enumerate(stages):
            last[stage.rows >= 0] = number
        for number, stage in enumerate(stages):
            images = np.flatnonzero(stage.rows >= 0)
            if images.size and is_step(stage):
                self._add(stage, images)
            elif images.size:
                self._alone(stage, images, bool((last[images] == number).all()))
        left = np.flatnonzero(self._changed | (self._place != self._target))
        self._flush(left, self._target[left], self._target_layout[left])

    def _add(self, stage: Stage, images: Images) -> None:
        """A stage that becomes a step."""
        launch = None
        if looks(stage) and all(stage.before[:3]):
            given = self._together(stage, images)
            call(self._backend, stage, given, given)
            launch = self._device.last(len(self._device.launches) - 1)
        if stage.op in HEADS:
            self._settle(images[self._changed[images]])
        if launch is not None or not self._join(stage, images):
            waiting = [each.stage for each in self._pending]
            if len(waiting) == LONGEST or sum(map(drawn, [*waiting, stage])) > DRAWN_BYTES:
                self._settle(np.flatnonzero(self._changed))
            self._pending.append(Pending(stage, stage.rows.copy(), launch))
        self._changed[images] = True
        self._form[images] = _number(self._forms, stage.after)

    def _join(self, stage: Stage, images: Images) -> bool:
        """Makes a stage one with a pending one for other images, if nothing comes between for these."""
        for number in reversed(range(len(self._pending))):
            other, rows, launch = self._pending[number]
            if (rows[images] >= 0).any():
                return False
            both = joined(other, stage) if launch is None else None
            if both is not None:
                taking_part = stage.rows >= 0
                rows[taking_part] = stage.rows[taking_part] + other.n
                self._pending[number] = Pending(both, rows, None)
                return True
        return False

    def _alone(self, stage: Stage, images: Images, is_last: bool) -> None:
        """An op that needs more than one pixel."""
        given = self._together(stage, images)
        whole = self._whole(self._outs, self._target, stage, images) if is_last else None
        made = self._empty(stage.n, stage.after) if whole is None else whole
        call(self._backend, stage, given, made)
        self._moved(images, made, stage.rows[images])

    def _together(self, stage: Stage, images: Images) -> Array:
        """The images of a stage in one array, in the order of its rows."""
        if not self._changed[images].any():
            whole = self._whole(self._sources, self._place, stage, images)
            if whole is not None:
                return whole
        made, rows = self._empty(stage.n, stage.before), stage.rows[images]
        self._flush(images, *self._spread(made, rows))
        self._moved(images, made, rows)
        return made

    def _whole(
        self, batches: list[Array], places: Images, stage: Stage, images: Images
    ) -> Array | None:
        """The batch that has the images of a stage, all in the order of its rows, if there is one."""
        ordered = places[images[np.argsort(stage.rows[images])]]
        for batch in batches:
            if len(batch) == stage.n:
                own, _ = self._spread(batch, np.arange(stage.n))
                if np.array_equal(ordered, own):
                    return batch
        return None

    def _settle(self, images: Images) -> None:
        """Does what is pending for some images."""
        for number in np.unique(self._form[images]):
            those = images[self._form[images] == number]
            made, rows = self._empty(len(those), self._forms[number]), np.arange(len(those))
            self._flush(those, *self._spread(made, rows))
            self._moved(those, made, rows)

    def _moved(self, images: Images, array: Array, rows: Images) -> None:
        """Images now lie in an array."""
        self._place[images], self._layout[images] = self._spread(array, rows)
        self._form[images] = self._form_of(int(self._layout[images[0]]))

    def _flush(self, images: Images, places: Images, layouts: Images) -> None:
        """Does what is pending for some images, to other places; to those alike in one launch."""
        alike = [self._layout[images], layouts, self._form[images]]
        for stage, rows, _ in self._pending:
            if stage.before.dtype != stage.after.dtype:
                alike.append((rows[images] >= 0).astype(np.int64))
        for group in _groups(np.stack(alike)):
            self._launch(images[group], places[group], self._layouts[layouts[group[0]]])
        for _, rows, _ in self._pending:
            rows[images] = -1
        self._pending = [each for each in self._pending if (each.rows >= 0).any()]
        self._changed[images] = False

    def _launch(self, images: Images, places: Images, target: Layout) -> None:
        """One kernel for images that are alike."""
        if not target.size:
            return
        source = self._layouts[self._layout[images[0]]]
        listed: Listed = []
        moved = np.zeros(len(images), np.bool_)
        for pending in self._pending:
            rows = pending.rows[images]
            launch = self._launch_of(pending, source) if (rows >= 0).any() else None
            if launch is not None:
                is_head = pending.stage.op in HEADS
                listed.append((step_of(pending.stage, launch, source, is_head), rows))
                moved |= (rows >= 0) & is_head
        # Of each image first; for the kernel it is all the same, and their order depends on draws.
        listed.sort(key=lambda each: each[0].type if each[0].is_head else "~")
        if not moved.all():
            listed.insert(0, (load(source), np.where(moved, -1, 0)))
        listed.append((store(target), np.zeros(len(images), np.int64)))
        listed = within(listed, self._known)
        start(self._device, listed, np.stack([self._place[images], places], 1), target)

    def _launch_of(self, pending: Pending, source: Layout) -> Launch | None:
        """What an op would launch last by itself, of images that lie so; None if nothing."""
        stage, launch = pending.stage, pending.launch
        if launch is not None:
            return launch
        before = source if stage.op in HEADS else Layout.of(stage.before, stage.n)
        after = Layout.of(stage.after, stage.n, address=1)
        mark = len(self._device.launches)
        call(self._backend, stage, before, after)
        launch = self._device.last(mark)
        return launch if launch is not None and launch.source.name == name_of(stage) else None

    def _places(self, batches: list[Array]) -> tuple[Images, Images]:
        """Addresses of images, and the numbers of their layouts."""
        spread = [self._spread(batch, np.arange(len(batch))) for batch in batches]
        places, layouts = zip(*spread, strict=True)
        return np.concatenate(places), np.concatenate(layouts)

    def _spread(self, array: Array, rows: Images) -> tuple[Images, Images]:
        """The same of some images of an array."""
        layout = Layout((1, *array.shape[1:]), (0, *array.strides[1:]), array.dtype)
        places = self._device.address(array) + rows * array.strides[0]
        return places, np.full(len(rows), _number(self._layouts, layout))

    def _form_of(self, layout: int) -> int:
        """The number of the form of images that lie so."""
        (_, h, w, c), dtype = self._layouts[layout].shape, self._layouts[layout].dtype
        return _number(self._forms, Form(h, w, c, dtype))

    def _empty(self, n: int, form: Form) -> Array:
        return self._device.empty((n, *form[:3]), form.dtype)


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
