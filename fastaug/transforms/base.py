"""What a transform is: an op with a distribution of parameters.

Every class of transforms is a frozen dataclass, by being a subclass. Its fields are its arguments, so
that it prints, compares and is written down by itself; what it adds is how it draws (`draw`) and what
it does (`apply`, or `maps` for those that move pixels).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property, lru_cache, partial
from typing import Any, ClassVar, Literal, NamedTuple, dataclass_transform

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..backends.passes import Form
from ..backends.record import Call, recorded
from .draws import NOBODY, Flags, Floats, Numbers, Samples, Values
from .ranges import Span, as_span

Kind = Literal["resample", "pointwise", "neighbourhood"]

# Every transform by its name, for what was written down.
REGISTRY: dict[str, type[Node]] = {}


class Slot(NamedTuple):
    """A transform in the place that it has for some samples of a batch.

    Attributes:
        transform: what is done.
        place: of its draws in the counter.
        active: whether it is done to each sample, shape (n,).
        values: what it drew for every sample.
    """

    transform: Transform
    place: int
    active: Flags
    values: Values


class At(NamedTuple):
    """Which images a transform is applied to.

    Attributes:
        samples: their coordinates.
        place: of the transform's draws.
        value_range: their (black, white), or None for that of their dtype.
    """

    samples: Samples
    place: int
    value_range: tuple[float, float] | None

    @property
    def noise(self) -> dict[str, Any]:
        """The arguments by which every noise op takes its draws from here."""
        samples = self.samples
        return {
            "seed": samples.seed,
            "index": samples.index,
            "epoch": samples.epoch,
            "stream": self.place,
        }


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
@dataclass(frozen=True, repr=False)
class Node:
    """A transform, or a composition of some."""

    p: float = field(default=1.0, kw_only=True)
    ranges: ClassVar[Mapping[str, Span]] = {}
    _spans: ClassVar[Mapping[str, tuple[float, float]]]  # an instance's own, not a field

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        dataclass(frozen=True, repr=False)(cls)
        if not abstract:
            REGISTRY[cls.__name__] = cls

    def __post_init__(self) -> None:
        spans = {name: as_span(getattr(self, name), name, s) for name, s in self.ranges.items()}
        object.__setattr__(self, "_spans", spans)
        as_span(self.p, "p", Span(least=0, most=1))
        self.check()

    def check(self) -> None:
        """Looks at arguments that are more than ranges."""

    def span(self, name: str) -> tuple[float, float]:
        """The range that an argument stands for."""
        return self._spans[name]

    def places(self) -> int:
        """How many places in the pipeline it takes."""
        return 1

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterable[Slot]:
        """What is done to each of the samples that are `active`, in order."""
        raise NotImplementedError

    def leaves(self, place: int) -> Iterator[tuple[Transform, int]]:
        """The transforms that it is made of, and their places."""
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        """What is worked out from the arguments when it is needed does not go to other processes."""
        kind = type(self)
        return {
            name: value
            for name, value in vars(self).items()
            if not isinstance(getattr(kind, name, None), cached_property)
        }

    def arguments(self) -> dict[str, Any]:
        """The arguments that are not what they are by default."""
        return {
            each.name: getattr(self, each.name)
            for each in sorted(fields(self), key=lambda each: bool(each.kw_only))
            if each.init and not _is_default(each, getattr(self, each.name))
        }

    def __repr__(self) -> str:
        given = (
            repr(value) if name == "transforms" else f"{name}={value!r}"
            for name, value in self.arguments().items()
        )
        return f"{type(self).__name__}({', '.join(given)})"


def _is_default(field: Any, value: Any) -> bool:
    if field.default is MISSING:
        return False
    return type(value) is type(field.default) and bool(np.all(value == field.default))


class Transform(Node, abstract=True):
    """One op with a distribution of parameters."""

    kind: ClassVar[Kind]

    @property
    def outside(self) -> bool:
        """Whether no kernel does it, so that images must leave the native pass."""
        return False

    def leaves(self, place: int) -> Iterator[tuple[Transform, int]]:
        yield self, place

    def draw(self, numbers: Numbers) -> Values:
        """Draws the parameters of all samples of `numbers`, whatever their images are like."""
        return {}

    def applies(self, numbers: Numbers) -> Flags:
        """Whether it is done to each sample: number 0 of its place decides."""
        return numbers.flags(self.p)

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterable[Slot]:
        numbers = Numbers(samples, place)
        chosen = active & self.applies(numbers)
        return [Slot(self, place, chosen, self.draw(numbers))]


class Local(Transform, abstract=True):
    """A transform that leaves pixels where they are.

    Attributes:
        is_fixed: whether it does the same to all images of a form, since it draws nothing.
    """

    is_fixed: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "is_fixed" not in vars(cls) and {"apply", "draw"} & vars(cls).keys():
            cls.is_fixed = False  # what one inherits from is, but this one may be not

    @cached_property
    def fixed(self) -> Callable[[Form, int, tuple[float, float] | None], list[Call]]:
        """What one that is fixed asks of the kernels, for `n` images of a form and their value range.

        It is kept for some of them, unless an argument is a list or an array, that may change.
        """

        def ask(form: Form, n: int, value_range: tuple[float, float] | None) -> list[Call]:
            return recorded(partial(self.apply, values={}, at=At(NOBODY, 0, value_range)), form, n)

        try:
            hash(self)
        except TypeError:
            return ask
        return lru_cache(maxsize=16)(ask)

    def apply(self, images: Array, values: Values, at: At) -> Array:
        """Calls an op, or several one after the other, on images of one size, (n, H, W, C)."""
        raise NotImplementedError

    def groups(self, values: Values) -> Array | None:
        """Which samples `apply` must get by themselves, for ops that take one argument for all.

        Returns:
            Whole numbers, shape (n,), alike where one call does; None where it does all of them.
        """
        return None

    def value_range(
        self, given: tuple[float, float] | None, images: np.dtype[Any], result: np.dtype[Any]
    ) -> tuple[float, float] | None:
        """What black and white are in the result."""
        return given if images == result else None


class Pointwise(Local, abstract=True):
    """A transform that makes each pixel from itself, and from numbers about its image."""

    kind: ClassVar[Kind] = "pointwise"


class Neighbourhood(Local, abstract=True):
    """A transform that makes each pixel from those around it."""

    kind: ClassVar[Kind] = "neighbourhood"


class Style(NamedTuple):
    """How pixels are read between, and beyond the edge; None where it does not matter."""

    interpolation: str | None = None
    fill_mode: str | None = None
    fill_value: float | tuple[float, ...] = 0.0

    def merged(self, other: Style) -> Style | None:
        """What satisfies both, if anything does."""
        if self.interpolation is None and self.fill_mode is None:
            return other
        between = self.interpolation, other.interpolation
        beyond = (self.fill_mode, self.fill_value), (other.fill_mode, other.fill_value)
        if None not in between and between[0] != between[1]:
            return None
        if self.fill_mode and other.fill_mode and beyond[0] != beyond[1]:
            return None
        return Style(between[0] or between[1], *(beyond[0] if self.fill_mode else beyond[1]))


EXACT = Style()


class Geometric(Transform, abstract=True):
    """A transform that moves pixels and leaves their values as they are.

    Attributes:
        antialias: whether what shrinks is smoothed before.
        pads: whether what is beyond the edge must be fill, not what an earlier crop cut off.
    """

    kind: ClassVar[Kind] = "resample"
    antialias: ClassVar[bool] = False
    pads: ClassVar[bool] = False

    def maps(self, values: Values, sizes: npt.NDArray[np.int64]) -> tuple[Floats, Array]:
        """Where the pixels of each result come from.

        Args:
            values: of k samples, as `draw` made them.
            sizes: (k, 2), heights and widths.

        Returns:
            (k, 3, 3) from output (x, y) to input (x, y), and the sizes of the results, (k, 2).
        """
        raise NotImplementedError

    def style(self) -> Style:
        """How pixels are read; by default every pixel of the result is one of the image."""
        return EXACT

    def displacement(self, values: Values, size: tuple[int, int], noise: dict[str, Any]) -> Array:
        """What is added to where the pixels of results come from: (k, height, width, 2), as (x, y).

        Args:
            values: of k samples.
            size: (height, width) of their results.
            noise: arguments of the noise ops for them.
        """
        raise NotImplementedError
