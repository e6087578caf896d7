"""The parameters of images as Keras draws them, or as functions of (seed, epoch, sample).

Keras draws from NumPy's global generator, in an order of its own. With ranges of floats an image
takes a fixed number of draws, so those of a whole batch are made at once; shifts by whole pixels or
from a list are drawn by rejection and go image by image.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from ..random import uniform

Floats = npt.NDArray[np.float64]
Numbers = Any  # an array of shape (n,) or one number for all images

# Whose behaviour: that of Keras 3, of Keras 2, or what the names of the arguments promise.
Compat: TypeAlias = Literal["keras", "keras2", "fixed"]
COMPATS = ("keras", "keras2", "fixed")

# The place of a generator's parameters in the stream of a seed; part of what a seed means.
PLACE = 2**23
# The numbers of one sample under `sampling="counter"`, by their place among its draws.
_ORDER = (
    "theta",
    "tx",
    "tx sign",
    "ty",
    "ty sign",
    "shear",
    "zx",
    "zy",
    "flip_horizontal",
    "flip_vertical",
    "channel_shift_intensity",
    "brightness",
)
_NAMES = (
    "theta",
    "tx",
    "ty",
    "shear",
    "zx",
    "zy",
    "flip_horizontal",
    "flip_vertical",
    "channel_shift_intensity",
    "brightness",
)


class Ranges(Protocol):
    """What of a generator decides its draws."""

    rotation_range: float | None
    width_shift_range: Any
    height_shift_range: Any
    shear_range: float | None
    zoom_range: Any
    horizontal_flip: bool
    vertical_flip: bool
    channel_shift_range: float
    brightness_range: Any
    compat: Compat


@dataclass(
    slots=True, eq=False
)  # frozen, making one takes 2 µs, a tenth of Python's part of a batch
class Draws:
    """The parameters of n images; None for the colours that are switched off."""

    n: int
    theta: Numbers
    tx: Numbers
    ty: Numbers
    shear: Numbers
    zx: Numbers
    zy: Numbers
    flip_horizontal: Numbers
    flip_vertical: Numbers
    channel_shift_intensity: Numbers | None
    brightness: Numbers | None
    coins: Floats  # (n, 2): what the flips were decided by, in Keras' order
    white: float | None = None  # what brightness is clipped to where that is not Keras'

    @property
    def key(self) -> npt.NDArray[np.uint64]:
        """A 64-bit seed for each image, for what Keras does not have.

        Made from the two draws that Keras makes for every image whatever is switched on, so that
        our own transforms are as reproducible as Keras' and do not move its stream.
        """
        whole = (self.coins * 2.0**53).astype(np.uint64)
        return (whole[:, 0] << np.uint64(11)) ^ whole[:, 1]

    def as_dict(self, i: int = 0) -> dict[str, Any]:
        """Keras' dictionary for one image."""
        white = {} if self.white is None else {"white": self.white}
        return {name: _number(getattr(self, name), i) for name in _NAMES} | white

    def one_by_one(self) -> list[Draws]:
        """The draws of each image by itself."""
        return [
            replace(Draws.from_dict(self.as_dict(i)), coins=self.coins[i : i + 1])
            for i in range(self.n)
        ]

    def under(self, compat: Compat) -> Draws:
        """With the shifts named as `compat` names them.

        Keras draws "tx" from the height range. It moves columns in Keras 3, rows in Keras 2; in
        `"fixed"` what is drawn from the height range is "ty".
        """
        return replace(self, tx=self.ty, ty=self.tx) if compat == "fixed" else self

    @classmethod
    def from_dict(cls, parameters: dict[str, Any]) -> Draws:
        """One image's draws from Keras' dictionary, with its defaults for what is missing."""
        get = parameters.get
        return cls(
            n=1,
            theta=get("theta", 0),
            tx=get("tx", 0),
            ty=get("ty", 0),
            shear=get("shear", 0),
            zx=get("zx", 1),
            zy=get("zy", 1),
            flip_horizontal=get("flip_horizontal", False),
            flip_vertical=get("flip_vertical", False),
            channel_shift_intensity=get("channel_shift_intensity"),
            brightness=get("brightness"),
            coins=np.zeros((1, 2)),
            white=get("white"),
        )


def draw_batch(ranges: Ranges, n: int, height: int, width: int) -> Draws:
    """Draws the parameters of `n` images of this size from NumPy's global generator."""
    down, across = ranges.height_shift_range, ranges.width_shift_range
    if not (_is_float_or_off(down) and _is_float_or_off(across)):
        return join([draw_one(ranges, height, width) for _ in range(n)])
    columns = _columns(
        float(ranges.rotation_range or 0),
        float(down or 0),
        float(across or 0),
        float(ranges.shear_range or 0),
        *(ranges.zoom_range if _zooms(ranges) else (None, None)),
        bool(ranges.horizontal_flip),
        bool(ranges.vertical_flip),
        float(ranges.channel_shift_range),
        *(ranges.brightness_range or (None, None)),
        height,
        width,
    )
    # One call gives the numbers that as many single calls would, and `np.random.uniform` scales
    # them like this.
    numbers = np.random.random_sample((n, len(columns.low)))
    numbers *= columns.span
    numbers += columns.low
    coins = numbers[:, columns.coins]
    flips = coins < columns.heads
    if columns.factor is not None:
        numbers *= columns.factor
    theta, tx, ty, shear, zx, zy, shift, factor = [
        off if place is None else numbers[:, place] for place, off in columns.places
    ]
    return Draws(
        n, theta, tx, ty, shear, zx, zy, flips[:, 0], flips[:, 1], shift, factor, coins
    ).under(ranges.compat)


@dataclass(frozen=True, slots=True)
class _Columns:
    """How the draws of an image become its parameters: what there is for each draw, in their order."""

    low: Floats
    span: Floats
    factor: Floats | None  # from shares of the size to pixels
    coins: slice
    heads: Floats  # what the coins of the two flips are less than if there is one
    places: tuple[tuple[int | None, int | None], ...]  # else what stands for a parameter


@lru_cache(maxsize=64)
def _columns(
    rotation: float,
    height_shift: float,
    width_shift: float,
    shear: float,
    zoom_low: float | None,
    zoom_high: float | None,
    horizontal_flip: bool,
    vertical_flip: bool,
    channel_shift: float,
    darkest: float | None,
    brightest: float | None,
    height: int,
    width: int,
) -> _Columns:
    zoom = None if zoom_low is None else (zoom_low, zoom_high)
    # In the order of Keras' draws; None for what is off and not drawn.
    limits = (
        _around_zero(rotation),
        _around_zero(height_shift),
        _around_zero(width_shift),
        _around_zero(shear),
        zoom,
        zoom,
        (0.0, 1.0),
        (0.0, 1.0),
        _around_zero(channel_shift),
        None if darkest is None else (darkest, brightest),
    )
    drawn = [pair for pair in limits if pair is not None]
    low, high = np.array(drawn, np.float64).T
    places = list(accumulate(pair is not None for pair in limits))
    at = [None if pair is None else place - 1 for pair, place in zip(limits, places, strict=True)]
    factor = np.ones(len(drawn))
    for place, shift, side in ((at[1], height_shift, height), (at[2], width_shift, width)):
        if place is not None:
            factor[place] = _in_pixels(1.0, shift, side)
    first = places[6] - 1
    return _Columns(
        low.copy(),
        high - low,
        None if (factor == 1).all() else factor,
        slice(first, first + 2),
        np.array([0.5 if flip else -1.0 for flip in (horizontal_flip, vertical_flip)]),
        tuple(zip(at[:6] + at[8:], (0, 0, 0, 0, 1, 1, None, None), strict=True)),
    )


def _around_zero(value: float) -> tuple[float, float] | None:
    return (-value, value) if value else None


def draw_one(ranges: Ranges, height: int, width: int) -> Draws:
    """Draws the parameters of one image, by the calls that Keras makes."""
    random = np.random
    angle, lean, value = ranges.rotation_range, ranges.shear_range, ranges.channel_shift_range
    theta = random.uniform(-angle, angle) if angle else 0
    tx = _draw_shift(ranges.height_shift_range, height)
    ty = _draw_shift(ranges.width_shift_range, width)
    shear = random.uniform(-lean, lean) if lean else 0
    low, high = ranges.zoom_range
    zx, zy = random.uniform(low, high, 2) if _zooms(ranges) else (1, 1)
    sideways, upside_down = random.random(), random.random()
    return Draws(
        1,
        theta,
        tx,
        ty,
        shear,
        zx,
        zy,
        (sideways < 0.5) * ranges.horizontal_flip,
        (upside_down < 0.5) * ranges.vertical_flip,
        random.uniform(-value, value) if value != 0 else None,
        None if ranges.brightness_range is None else random.uniform(*ranges.brightness_range),
        np.array([[sideways, upside_down]]),
    ).under(ranges.compat)


def draw_counted(
    ranges: Ranges, seed: int, epoch: int, index: npt.ArrayLike, height: int, width: int
) -> Draws:
    """The parameters of these samples in that epoch: a pure function of its arguments."""
    drawn = uniform(seed, index, epoch=epoch, stream=PLACE, size=len(_ORDER))
    numbers = dict(zip(_ORDER, drawn.T, strict=True))

    def around_zero(name: str, value: float | None) -> Numbers:
        return _scaled(numbers[name], -value, value) if value else 0

    def shift(name: str, value: Any, side: int) -> Numbers:
        if not value:
            return 0
        if _is_float_or_off(value):
            moved = around_zero(name, value)
        else:  # a number of pixels, or a list to choose from
            choices = np.arange(value) if np.ndim(value) == 0 else np.asarray(value)
            moved = choices[(numbers[name] * len(choices)).astype(np.int64)]
            moved = moved * np.where(numbers[f"{name} sign"] < 0.5, -1, 1)
        return _in_pixels(moved, value, side)

    zooms = _zooms(ranges)
    brightness = ranges.brightness_range
    sideways, upside_down = numbers["flip_horizontal"], numbers["flip_vertical"]
    return Draws(
        len(drawn),
        around_zero("theta", ranges.rotation_range),
        shift("tx", ranges.height_shift_range, height),
        shift("ty", ranges.width_shift_range, width),
        around_zero("shear", ranges.shear_range),
        _scaled(numbers["zx"], *ranges.zoom_range) if zooms else 1,
        _scaled(numbers["zy"], *ranges.zoom_range) if zooms else 1,
        (sideways < 0.5) * ranges.horizontal_flip,
        (upside_down < 0.5) * ranges.vertical_flip,
        around_zero("channel_shift_intensity", ranges.channel_shift_range)
        if ranges.channel_shift_range != 0
        else None,
        None if brightness is None else _scaled(numbers["brightness"], *brightness),
        np.stack([sideways, upside_down], axis=1),
    ).under(ranges.compat)


def join(draws: list[Draws]) -> Draws:
    """One batch from the draws of single images."""
    nothing = Draws.from_dict({})
    first = draws[0] if draws else nothing

    def all_of(name: str) -> Any:
        if getattr(first, name) is None:
            return None
        return np.array([np.reshape(getattr(d, name), ()) for d in draws])

    coins = np.concatenate([d.coins for d in draws]) if draws else nothing.coins[:0]
    return Draws(n=len(draws), **{name: all_of(name) for name in _NAMES}, coins=coins)


def _zooms(ranges: Ranges) -> bool:
    return not (ranges.zoom_range[0] == 1 and ranges.zoom_range[1] == 1)


def _is_float_or_off(value: Any) -> bool:
    """Whether it is drawn evenly from -value to value, as Keras draws negative integers, too."""
    if isinstance(value, int | np.integer):
        return bool(value <= 0)
    return value is None or isinstance(value, float | np.floating)


def _number(value: Any, i: int) -> Any:
    """The number of image `i`; floats as Python's, which do not widen a dtype they meet."""
    one = value[i] if np.ndim(value) else value
    return float(one) if isinstance(one, np.floating) else one


def _scaled(numbers: Floats, low: float, high: float) -> Floats:
    """`np.random.uniform`, given its draws."""
    return low + (high - low) * numbers


def _in_pixels(shift: Any, value: Any, side: int) -> Any:
    if not value:
        return shift
    most = value if isinstance(value, float) else np.max(value)
    return shift * side if most < 1 else shift


def _draw_shift(value: Any, side: int) -> Any:
    if not value:
        return 0
    try:  # a number of pixels, or a list to choose from
        shift = np.random.choice(value)
        shift *= np.random.choice([-1, 1])
    except ValueError:  # a float
        shift = np.random.uniform(-value, value)
    return _in_pixels(shift, value, side)
