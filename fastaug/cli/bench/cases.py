"""The table of cases: who does what work. The command, the benchmarks and the tests share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from . import peers
from .agree import EXACT, Agreement
from .data import Shape, Work

Call = Callable[[], Any]
OURS = "fastaug"
_DTYPES = ("uint8", "float32")


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

    @property
    def images_per_call(self) -> int:
        """How many images the time of one call is for."""
        return self.work.shape[0] // int(self.work.options.get("steps", 1))

    @property
    def name(self) -> str:
        size = "x".join(map(str, self.work.shape[1:]))
        return " ".join(filter(None, (self.op, self.variant, self.work.dtype, size)))


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
    """An op of the table: its variants and its contenders. Contenders join by decoration."""

    name: str
    variants: dict[str, dict[str, Any]] = field(default_factory=lambda: {"": {}})
    dtypes: tuple[str, ...] = _DTYPES
    agreement: Agreement = EXACT
    contenders: list[Contender] = field(default_factory=list)
    work: type[Work] = Work
    by_name_only: bool = False  # too long a run for those who do not ask for it

    def by(
        self,
        peer: str,
        *,
        name: str | None = None,
        needs: str | None = None,
        dtypes: tuple[str, ...] = _DTYPES,
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

    def cases(self, size: int, batch: int) -> Iterator[Case]:
        for variant, options in self.variants.items():
            side = options.get("side", size)
            n = batch * options.get("batches", 1)
            shape: Shape = (n, side, side, options.get("channels", 3))
            for dtype in self.dtypes:
                work = self.work(shape, dtype, options)
                able = [c for c in self.contenders if c.can(work)]
                if able:
                    yield Case(
                        self.name,
                        variant,
                        work,
                        {c.name: partial(c.make, work) for c in able},
                        {c.name: c.agreement for c in able},
                    )


def all_ops() -> list[Op]:
    """Every op of the table, in its order."""
    from . import color, files, geometry, keras_path, morphology, noise, training

    modules = (geometry, morphology, noise, color, keras_path, files, training)
    return [op for module in modules for op in module.OPS]


def cases(*, size: int = 224, batch: int = 32, ops: Iterable[str] = ()) -> list[Case]:
    """The cases to run.

    Args:
        size: side of the images in pixels.
        batch: images in a batch.
        ops: keep the cases of these ops only; an entry may be any part of a case's name, such as
            ``"uint8"`` or ``"erode 3x3"``. Nothing keeps all but those that take minutes.

    Raises:
        ValueError: if an entry of `ops` fits no case.
    """
    wanted = [entry.strip() for entry in ops if entry.strip()]
    table = [
        case
        for op in all_ops()
        if not op.by_name_only or any(entry.startswith(op.name) for entry in wanted)
        for case in op.cases(size, batch)
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
