"""From what is done to the calls of kernels that do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..backends.passes import Form, Stage
from ..backends.record import recording
from ..transforms.base import At, Local
from ..transforms.draws import Samples
from .moves import Resample, Rows
from .planner import Change, subset
from .resampling import calls_for

Limits = tuple[float, float] | None


class Lowering:
    """Stages for the images of a batch.

    Attributes:
        forms: of each image as the stages so far leave it.
    """

    def __init__(self, samples: Samples, forms: list[Form], value_range: Limits) -> None:
        self.samples, self.forms = samples, list(forms)
        self._ranges: list[Limits] = [value_range] * len(forms)
        self._stand_ins: dict[Form, Array] = {}
        self.stages: list[Stage] = []

    def take(self) -> list[Stage]:
        """The stages so far; those that follow begin anew."""
        taken, self.stages = self.stages, []
        return taken

    def resample(self, move: Resample) -> None:
        """Adds the stages of a resample."""
        for at in self.alike(move.rows):
            part = move.part(at)
            for places, call in calls_for(part):
                self.record(part.rows[places], call)

    def change(self, change: Change) -> None:
        """Adds the stages of a transform of values."""
        for at in self.alike(change.rows, self._ranges):
            for part in _by_group(change, at):
                self._change(change, part)

    def alike(self, rows: Rows, also: list[Any] | None = None) -> Iterator[Rows]:
        """Places in `rows` of images of one form, and of one value of `also`."""
        groups: dict[Any, list[int]] = {}
        for at, row in enumerate(rows):
            key = self.forms[row] if also is None else (self.forms[row], also[row])
            groups.setdefault(key, []).append(at)
        for group in groups.values():
            yield np.array(group)

    def record(self, rows: Rows, call: Any) -> None:
        """Adds what `call` does to the images `rows`, which are of one form."""
        images = self._images(self.forms[rows[0]], len(rows))
        with recording() as calls:
            call(images)
        numbers = np.full(len(self.forms), -1, np.int64)
        numbers[rows] = np.arange(len(rows))
        for op, arguments, before, after in calls:
            self.stages.append(Stage(op, arguments, numbers, len(rows), before, after))
            for row in rows:
                self.forms[row] = after

    def at(self, change: Change, rows: Rows) -> At:
        """The coordinates of samples of one value range."""
        return At(self.samples[rows], change.place, self._ranges[rows[0]])

    def _change(self, change: Change, at: npt.NDArray[np.intp]) -> None:
        rows, transform = change.rows[at], change.transform
        assert isinstance(transform, Local)
        value_range = self._ranges[rows[0]]
        before = self.forms[rows[0]]
        where = self.at(change, rows)
        values = subset(change.values, at)
        self.record(rows, lambda images: transform.apply(images, values, where))
        left = transform.value_range(value_range, before.dtype, self.forms[rows[0]].dtype)
        for row in rows:
            self._ranges[row] = left

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
    for group in np.unique(groups[at]):
        yield at[groups[at] == group]
