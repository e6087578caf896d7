"""The table of cases: who does what work. The command, the benchmarks and the tests share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from . import peers
from .agree import EXACT, Agreement
from .data import Shape, Work
from .goals import A_COPY, Goal
from .goals import OURS as OURS  # the files of the ops take it from here

Call = Callable[[], Any]
DTYPES = ("uint8", "float32")
SIZE, BATCH, CHANNELS = 224, 32, 3
_MOST_IMAGES = 256
_BOUND = Agreement("bound")


@dataclass(frozen=True)
class Case:
    """One piece of work and those who can do it.

    `contenders` maps a name to a factory, which imports what it needs and gives back the call to
    time; the call gives back its result. `agreements` says how that must compare with ours.
    """

    op: str
    variant: str
    work: Work
    contenders: dict[str, Callable[[], Call]] = field(repr=False)
    agreements: dict[str, Agreement] = field(repr=False)
    goal: Goal | None = None

    @property
    def images_per_call(self) -> int:
        """How many images the time of one call is for."""
        return self.work.shape[0] // int(self.work.options.get("steps", 1))

    @property
    def row(self) -> str:
        """What it does, whatever the size."""
        return " ".join(filter(None, (self.op, self.variant, self.work.dtype)))

    @property
    def name(self) -> str:
        return f"{self.row} {'x'.join(map(str, self.work.shape[1:]))}"


@dataclass(frozen=True)
class Contender:
    """How one library does an op."""

    name: str
    needs: str | None
    make: Callable[[Work], Call]
    dtypes: tuple[str, ...]
    when: Callable[[Work], bool]
    agreement: Agreement

    def can(self, work: Work) -> bool:
        there = self.needs is None or peers.installed(self.needs)
        return there and work.dtype in self.dtypes and self.when(work)


@dataclass
class Op:
    """An op of the table: its variants and its contenders. Contenders join by decoration.

    `goals` says how fast rows have to be, by variant and dtype: ``{"3x3 uint8": times(2, "opencv")}``.
    They hold for images of the usual size.
    """

    name: str
    variants: dict[str, dict[str, Any]] = field(default_factory=lambda: {"": {}})
    dtypes: tuple[str, ...] = DTYPES
    agreement: Agreement = EXACT
    goals: Mapping[str, Goal] = field(default_factory=dict)
    contenders: list[Contender] = field(default_factory=list)
    work: type[Work] = Work
    channels: int | None = None  # of images that it is for; default any
    by_name_only: bool = False  # too long a run for those who do not ask for it
    copied: bool = True  # whether a plain copy of the images says how fast it can be

    def by(
        self,
        peer: str,
        *,
        name: str | None = None,
        needs: str | None = None,
        dtypes: tuple[str, ...] = DTYPES,
        when: Callable[[Work], bool] = lambda work: True,
        agreement: Agreement | None = None,
    ) -> Callable[[Callable[[Work], Call]], Callable[[Work], Call]]:
        """Registers how `peer` does it; `when` says for which work that is possible."""

        def register(make: Callable[[Work], Call]) -> Callable[[Work], Call]:
            needed = needs or (None if peer == OURS else peer)
            judge = agreement or self.agreement
            self.contenders.append(Contender(name or peer, needed, make, dtypes, when, judge))
            return make

        return register

    def make(self, name: str, work: Work) -> Call:
        """The call of one contender."""
        (contender,) = (c for c in self.contenders if c.name == name and c.can(work))
        return contender.make(work)

    def cases(
        self, size: int, batch: int, channels: int | None, dtypes: Sequence[str]
    ) -> Iterator[Case]:
        if self.channels not in (None, channels or CHANNELS):
            return
        for variant, options in self.variants.items():
            if channels is not None and "channels" in options:
                continue  # other rows have as many as were asked for
            side = options.get("side", size)
            n = batch * options.get("batches", 1)
            shape: Shape = (n, side, side, options.get("channels", channels or CHANNELS))
            usual = size == SIZE and channels in (None, CHANNELS)
            for dtype in (dtype for dtype in self.dtypes if dtype in dtypes):
                work = self.work(shape, dtype, options)
                goal = self.goals.get(f"{variant} {dtype}".strip()) if usual else None
                case = self._case(variant, work, goal)
                if case is not None:
                    yield case

    def _case(self, variant: str, work: Work, goal: Goal | None) -> Case | None:
        able = [contender for contender in self.contenders if contender.can(work)]
        if not able:
            return None
        makers: dict[str, Callable[[], Call]] = {c.name: partial(c.make, work) for c in able}
        agreements = {c.name: c.agreement for c in able}
        if self.copied:
            makers[A_COPY], agreements[A_COPY] = partial(plain_copy, work), _BOUND
        return Case(self.name, variant, work, makers, agreements, goal)


def plain_copy(work: Work) -> Call:
    """Copies so many bytes that as many are read and written as by the work."""
    images, out = work.images, work.out
    same = images.nbytes == out.nbytes
    if same:
        source, target = images, out.view(images.dtype).reshape(images.shape)
    else:
        source, target = np.ones((2, (images.nbytes + out.nbytes) // 2), np.uint8)

    def call() -> Any:
        np.copyto(target, source)
        return target if same else images

    return call


def all_ops() -> list[Op]:
    """Every op of the table, in its order."""
    from . import (
        blur,
        color,
        fields,
        files,
        filters,
        geometry,
        keras_path,
        mixing,
        morphology,
        noise,
        pipeline,
        resize,
        samples,
        training,
        user_op,
        windows,
    )

    modules = (
        geometry,
        fields,
        resize,
        windows,
        mixing,
        morphology,
        blur,
        filters,
        noise,
        color,
        pipeline,
        samples,
        user_op,
        keras_path,
        files,
        training,
    )
    return [op for module in modules for op in module.OPS]


def find_op(name: str, variant: str) -> Op:
    """The op of that name that has the variant; several may share a name."""
    (found,) = (op for op in all_ops() if op.name == name and variant in op.variants)
    return found


def batch_of(size: int, batch: int = BATCH) -> int:
    """Images in a batch that is as large as `batch` images of the usual size, but not of thousands."""
    return min(_MOST_IMAGES, max(1, batch * SIZE**2 // size**2))


def cases(
    *,
    size: int = SIZE,
    batch: int = BATCH,
    ops: Iterable[str] = (),
    channels: int | None = None,
    dtypes: Sequence[str] = DTYPES,
) -> list[Case]:
    """The cases to run.

    Args:
        size: side of the images in pixels.
        batch: images in a batch.
        ops: keep the cases of these ops only; an entry may be any part of a case's name, such as
            ``"uint8"`` or ``"erode 3x3"``. Nothing keeps all but those that take minutes.
        channels: of the images; by default 3, and what rows with a number of their own say.
        dtypes: keep the cases of these only.

    Raises:
        ValueError: if an entry of `ops` fits no case.
    """
    wanted = [entry.strip() for entry in ops if entry.strip()]
    table = [
        case
        for op in all_ops()
        if not op.by_name_only or any(entry.startswith(op.name) for entry in wanted)
        for case in op.cases(size, batch, channels, dtypes)
    ]
    for entry in wanted:
        if not any(entry in case.name for case in table):
            known = [op.name for op in all_ops()]
            if entry in known:
                raise ValueError(
                    f"nothing installed can do {entry!r}; "
                    "what it needs comes with: pip install 'fastaug[bench]'"
                )
            raise ValueError(f"no case is called {entry!r}; the ops are {', '.join(known)}")
    return [c for c in table if not wanted or any(entry in c.name for entry in wanted)]
