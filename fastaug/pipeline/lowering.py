"""From what is done to the calls of kernels that do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..backends.passes import Form, Stage
from ..backends.record import recording
from ..transforms.base import At, Local
from ..transforms.draws import Samples
from .moves import ALL, Resample, Rows
from .planner import Change, subset
from .resampling import calls_for

Limits = tuple[float, float] | None


class State(NamedTuple):
    """What is known of an image at some point of the plan."""

    form: Form
    value_range: Limits


class Lowering:
    """Stages for the images of a batch."""

    def __init__(self, samples: Samples, forms: list[Form], value_range: Limits) -> None:
        self.samples = samples
        self.stages: list[Stage] = []
        self._stand_ins: dict[Form, Array] = {}
        self._everyone = np.arange(samples.n)
        self._states: list[State] = []
        # The number of each image's state among those.
        if forms and forms.count(forms[0]) == len(forms):  # as they mostly are
            self._state = np.full(len(forms), self._number(State(forms[0], value_range)))
        else:
            states = (State(form, value_range) for form in forms)
            self._state = np.array([self._number(state) for state in states], np.intp)

    @property
    def forms(self) -> list[Form]:
        """What the stages so far make of each image."""
        forms = [state.form for state in self._states]
        return [forms[number] for number in self._state.tolist()]

    def restart(self, forms: list[Form]) -> None:
        """Goes on with images of these forms."""
        for row, form in enumerate(forms):
            self._put(row, State(form, self._states[self._state[row]].value_range))

    def take(self) -> list[Stage]:
        """The stages so far; those that follow begin anew."""
        taken, self.stages = self.stages, []
        return taken

    def resample(self, move: Resample) -> None:
        """Adds the stages of a resample."""
        for at in self.alike(move.rows):
            part = move.part(at)
            dtype = self._states[self._state[part.rows[0]]].form.dtype
            for places, call in calls_for(part, dtype):
                self.record(part.rows[places], call)

    def change(self, change: Change) -> None:
        """Adds the stages of a transform of values."""
        for at in self.alike(change.rows):
            for part in _by_group(change, at):
                self._change(change, part)

    def alike(self, rows: Rows) -> Iterator[Rows]:
        """Places in `rows` of images in one state."""
        if len(self._states) == 1:
            yield ALL
            return
        numbers = self._state[rows]
        if (numbers == numbers[0]).all():
            yield ALL
            return
        for number in np.unique(numbers):
            yield np.flatnonzero(numbers == number)

    def record(self, rows: Rows, call: Any) -> None:
        """Adds what `call` does to the images `rows`, which are of one form."""
        state = self._states[self._state[rows[0]]]
        images = self._images(state.form, len(rows))
        with recording() as calls:
            call(images)
        numbers = self._everyone
        if len(rows) < len(numbers):
            numbers = np.full(self.samples.n, -1, np.int64)
            numbers[rows] = np.arange(len(rows))
        for op, arguments, before, after in calls:
            self.stages.append(Stage(op, arguments, numbers, len(rows), before, after))
            if after != before:
                self._put(rows, state._replace(form=after))

    def at(self, change: Change, rows: Rows) -> At:
        """The coordinates of samples in one state."""
        value_range = self._states[self._state[rows[0]]].value_range
        return At(self.samples[rows], change.place, value_range)

    def _change(self, change: Change, at: npt.NDArray[np.intp]) -> None:
        rows, transform = change.rows[at], change.transform
        assert isinstance(transform, Local)
        where, before = self.at(change, rows), self._states[self._state[rows[0]]]
        values = subset(change.values, at)
        self.record(rows, lambda images: transform.apply(images, values, where))
        after = self._states[self._state[rows[0]]].form
        left = transform.value_range(before.value_range, before.form.dtype, after.dtype)
        if left != before.value_range:
            self._put(rows, State(after, left))

    def _put(self, rows: Any, state: State) -> None:
        self._state[rows] = self._number(state)

    def _number(self, state: State) -> int:
        if state not in self._states:
            self._states.append(state)
        return self._states.index(state)

    def _images(self, form: Form, n: int) -> Array:
        """Images of a form, for ops to look at but never to read."""
        if form not in self._stand_ins:
            self._stand_ins[form] = np.empty(form[:3], form.dtype)
        one = self._stand_ins[form]
        return np.ndarray((n, *form[:3]), form.dtype, one, strides=(0, *one.strides))


def _by_group(change: Change, at: npt.NDArray[np.intp]) -> Iterator[npt.NDArray[np.intp]]:
    """The places `at`, those together that one call of the transform does."""
    transform = change.transform
    groups = transform.groups(change.values) if isinstance(transform, Local) else None
    if groups is None:
        yield at
        return
    places = np.arange(len(groups))[at]
    for group in np.unique(groups[places]):
        yield places[groups[places] == group]
