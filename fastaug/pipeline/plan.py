"""What a pipeline does to one kind of image, for people to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..backends.passes import Form
from ..transforms.base import Geometric, Kind, Local, Transform
from ..transforms.composition import ROOT, Composition
from ..transforms.custom import Outside
from ..transforms.draws import Numbers, Samples
from .lowering import Lowering
from .moves import Moves
from .planner import Change


@dataclass(frozen=True)
class Pass:
    """Transforms that are done in one go.

    Attributes:
        kind: ``"resample"``: pixels move, all transforms by one interpolation; ``"pointwise"``: each
            pixel is made from itself; ``"neighbourhood"``: from those around it.
        transforms: what is done, in order.
        form: of the images after it.
    """

    kind: Kind
    transforms: tuple[Transform, ...]
    form: Form

    def __str__(self) -> str:
        names = ", ".join(type(transform).__name__ for transform in self.transforms)
        height, width, channels, dtype = self.form
        return f"{self.kind}: {names} -> {height} x {width} x {channels} {dtype}"


@dataclass(frozen=True)
class Plan:
    """The passes of a pipeline; each image goes through all of them before the next one.

    Attributes:
        passes: in order.
        form: of the images before.
    """

    passes: tuple[Pass, ...]
    form: Form

    def __str__(self) -> str:
        height, width, channels, dtype = self.form
        lines = [f"{height} x {width} x {channels} {dtype}"]
        lines += [f"{i}. {each}" for i, each in enumerate(self.passes, 1)]
        return "\n".join(lines)

    __repr__ = __str__


def describe(
    pipeline: Composition, form: Form, value_range: tuple[float, float] | None, fuse: bool
) -> Plan:
    """The plan for images of a form to which every transform is done."""
    one = Samples(np.zeros(1, np.uint64), np.zeros(1, np.uint32), np.zeros(1, np.uint32))
    moves = Moves(np.array([form[:2]], np.int64))
    lowering = Lowering(one, [form], value_range)
    all_, first = np.ones(1, np.bool_), np.zeros(1, np.intp)
    passes: list[Pass] = []

    def close(group: list[Transform]) -> None:
        for move in moves.take(all_):
            lowering.resample(move)
        if group:
            passes.append(Pass(group[0].kind, tuple(group), lowering.forms[0]))
            group.clear()

    group: list[Transform] = []
    for transform, place in pipeline.leaves(ROOT):
        values = transform.draw(Numbers(one, place))
        if isinstance(transform, Geometric):
            if group and not isinstance(group[-1], Geometric):
                close(group)
            for move in moves.add(transform, values, one, place, first):
                lowering.resample(move)
                passes.append(Pass("resample", tuple(group), lowering.forms[0]))
                group.clear()
            group.append(transform)
            if not fuse:
                close(group)
            continue
        if (group and group[-1].kind != transform.kind) or transform.kind == "neighbourhood":
            close(group)
        assert isinstance(transform, Local | Outside)
        if not transform.outside:
            lowering.change(Change(first, transform, values, place))
        group.append(transform)
    close(group)
    return Plan(tuple(passes), form)
