"""Does what was drawn: to images, and to all that belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .. import backends
from ..arrays import Array
from ..backends.passes import form_of
from ..transforms.base import Slot, Style
from ..transforms.custom import Outside, Whole
from ..transforms.draws import Samples
from .images import Images
from .lowering import Limits, Lowering
from .moves import Moves, Resample
from .planner import Change, plan_batch
from .targets import Targets


class Track:
    """Images on their way through the passes."""

    def __init__(self, given: Images, samples: Samples, value_range: Limits) -> None:
        self.given = given
        self.lowering = Lowering(samples, given.forms, value_range)
        self._sources = given.sources

    def resample(self, move: Resample) -> None:
        self.lowering.resample(move)

    def outside(self, change: Change, labels: Array | None) -> Array | None:
        """Does a transform that no kernel does; gives the labels after it."""
        assert isinstance(change.transform, Outside)
        images = self._so_far()
        at = self.lowering.at(change, change.rows)
        batch = change.transform.run(Whole(images, labels), change.rows, change.values, at)
        made = batch.images
        self._sources = [i[np.newaxis] for i in made] if isinstance(made, list) else [made]
        self.lowering.restart([form_of(image[np.newaxis]) for image in made])
        return batch.labels

    def finish(self, name: str, out: Array | None = None) -> Any:
        """The results, in the kind of what was given."""
        outs, finish = self.given.results(self.lowering.forms, name, out)
        self._pass(outs)
        return finish()

    def _so_far(self) -> list[Array] | Array:
        """The images as the stages so far leave them: in one array, if they are alike."""
        if self.lowering.stages:
            like, forms = self._sources[0], self.lowering.forms
            n, parts = (len(forms), forms[:1]) if len(set(forms)) == 1 else (1, forms)
            outs = [np.empty_like(like, dtype=f.dtype, shape=(n, *f[:3])) for f in parts]
            self._pass(outs)
            self._sources = outs
        if len(self._sources) == 1:
            return self._sources[0]
        return [image for batch in self._sources for image in batch]

    def _pass(self, outs: list[Array]) -> None:
        if self.given.batches:
            backend = backends.of(self.given.batches[0])
            backend.run_plan(self._sources, outs, self.lowering.take())


class Masks(Track):
    """Masks on their way, read between pixels and beyond the edge in a way of their own."""

    def __init__(
        self, given: Images, samples: Samples, interpolation: str, fill_value: float
    ) -> None:
        super().__init__(given, samples, None)
        self._interpolation, self._fill_value = interpolation, fill_value

    def resample(self, move: Resample) -> None:
        style = Style(self._interpolation, move.style.fill_mode, self._fill_value)
        sharp = np.zeros(len(move.rows), np.bool_)
        self.lowering.resample(replace(move, style=style, antialias=sharp))


def run(
    slots: Sequence[Slot],
    samples: Samples,
    images: Track,
    masks: Masks | None,
    targets: Targets,
    *,
    fuse: bool,
) -> None:
    """Takes images, masks and targets as far as what is left to do natively."""
    moves = Moves(images.given.sizes)
    for action in plan_batch(slots, samples, moves, fuse=fuse):
        if isinstance(action, Resample):
            images.resample(action)
            if masks is not None:
                masks.resample(action)
            targets.move(action)
        elif action.transform.outside:
            targets.labels = images.outside(action, targets.labels)
            moves.restart([form[:2] for form in images.lowering.forms])
        else:
            images.lowering.change(action)
