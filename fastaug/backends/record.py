"""A backend that does nothing, and remembers what it was asked to do.

A plan finds out by it what a call of an op would give the kernels: the op's own function checks the
arguments and prepares them, and what it then says to its backend becomes a stage.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token
from typing import Any, NamedTuple

from ..arrays import Array
from .passes import Form, Stage, call, form_of, stand_ins


class Call(NamedTuple):
    """What a backend was asked to do to some images."""

    op: str
    arguments: tuple[Any, ...]
    before: Form
    after: Form


class Recorder:
    """Takes calls that form a chain: each but the first works on the result of the last one.

    Within ``with recording() as calls`` ops are not done; `calls` is what they would have done.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._last: Array | None = None
        self._before: Token[Recorder | None]

    def __enter__(self) -> list[Call]:
        self._before = listening.set(self)
        return self.calls

    def __exit__(self, *_: object) -> None:
        listening.reset(self._before)

    def __getattr__(self, op: str) -> Callable[..., None]:
        def record(images: Array, out: Array, *arguments: Any) -> None:
            if self._last is not None and not _same(images, self._last):
                raise ValueError(
                    "a transform must do one op to the images, and each further one to the result "
                    f"of the last; {op} was given other images"
                )
            self._last = out
            self.calls.append(Call(op, arguments, form_of(images), form_of(out)))

        return record

    def noise(self, op: str, images: Array, out: Array, *arguments: Any) -> None:
        self.__getattr__("noise")(images, out, op, *arguments)

    def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
        [images], [out] = sources, outs
        for stage in stages:
            call(self, stage, images, out)
            images = out


def _same(a: Array, b: Array) -> bool:
    if a is b:
        return True
    addresses = (array.__array_interface__["data"][0] for array in (a, b))
    return len(set(addresses)) == 1


listening: ContextVar[Recorder | None] = ContextVar("fastaug_recorder", default=None)


recording = Recorder


def recorded(ops: Callable[[Array], Any], form: Form, n: int) -> list[Call]:
    """What `ops`, called with `n` images of a form, ask of the kernels."""
    with recording() as calls:
        ops(stand_ins(form, n))
    return calls
