"""From what is done to the calls of kernels that do it."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from ..arrays import filled
from ..backends.passes import Form, Stage
from ..backends.record import Call, recorded
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
        value_range = None if value_range is None else (value_range[0], value_range[1])
        self.samples = samples
        self.stages: list[Stage] = []
        self._everyone = np.arange(samples.n)
        self._states: list[State] = []
        # The number of each image's state among those.
        if forms and forms.count(forms[0]) == len(forms):  # as they mostly are
            self._state = filled(len(forms), self._number(State(forms[0], value_range)), np.intp)
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
            self._state[row] = self._number(State(form, self._states[self._state[row]].value_range))

    def take(self) -> list[Stage]:
        """The stages so far; those that follow begin anew."""
        taken, self.stages = self.stages, []
        return taken

    def resample(self, move: Resample) -> None:
        """Adds the stages of a resample."""
        for at in self.alike(move.rows):
            part = move.part(at)
            state = self._state_of(part.rows)
            for places, calls in calls_for(part, state.form):
                self._add(part.rows[places], state, calls)

    def change(self, change: Change) -> None:
        """Adds the stages of a transform of values."""
        for at in self.alike(change.rows):
            for part in _by_group(change, at):
                self._change(change, part)

    def alike(self, rows: Rows) -> list[Rows]:
        """Places in `rows` of images in one state."""
        numbers = self._state.take(rows)
        found = set(numbers.tolist()) if len(self._states) > 1 else ()
        if len(found) < 2:
            return [ALL]
        return [(numbers == number).nonzero()[0] for number in sorted(found)]

    def at(self, change: Change, rows: Rows) -> At:
        """The coordinates of samples in one state."""
        samples = self.samples if len(rows) == self.samples.n else self.samples[rows]
        return At(samples, change.place, self._state_of(rows).value_range)

    def _change(self, change: Change, at: Rows) -> None:
        rows, transform = change.rows[at], change.transform
        assert isinstance(transform, Local)
        before = self._state_of(rows)
        if transform.is_fixed:
            calls = transform.fixed(before.form, len(rows), before.value_range)
        else:
            values, where = subset(change.values, at), self.at(change, rows)
            calls = recorded(
                partial(transform.apply, values=values, at=where), before.form, len(rows)
            )
        after = self._add(rows, before, calls)
        left = transform.value_range(before.value_range, before.form.dtype, after.form.dtype)
        if left != after.value_range:
            self._put(rows, State(after.form, left))

    def _add(self, rows: Rows, state: State, calls: list[Call]) -> State:
        """Adds calls for images of one state, and says in which it leaves them."""
        numbers = self._everyone
        if len(rows) < len(numbers):
            numbers = np.full(self.samples.n, -1, np.int64)
            numbers[rows] = np.arange(len(rows))
        for op, arguments, before, after in calls:
            self.stages.append(Stage(op, arguments, numbers, len(rows), before, after))
        if calls and calls[-1].after != state.form:
            state = State(calls[-1].after, state.value_range)
            self._put(rows, state)
        return state

    def _state_of(self, rows: Rows) -> State:
        state: State = self._states[self._state[rows[0]]]
        return state

    def _put(self, rows: Rows, state: State) -> None:
        self._state[ALL if len(rows) == len(self._state) else rows] = self._number(state)

    def _number(self, state: State) -> int:
        if state not in self._states:
            self._states.append(state)
        return self._states.index(state)


def _by_group(change: Change, at: Rows) -> list[Rows]:
    """The places `at`, those together that one call of the transform does."""
    transform = change.transform
    groups = transform.groups(change.values) if isinstance(transform, Local) else None
    if groups is None:
        return [at]
    places = np.arange(len(groups))[at]
    return [places[groups[places] == group] for group in np.unique(groups[places])]
