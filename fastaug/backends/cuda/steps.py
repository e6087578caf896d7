"""What each op is as a step of a fused kernel: a type of ``csrc/cuda/fused_*.hpp``."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import Structure
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from ...arrays import Array
from ..passes import Form, Stage
from . import arguments
from .compiler import Source
from .deferred import Deferred, Launch, Layout
from .launches import SHARED_BYTES, divide_up, rows_are_plain, start_blocks

# Ops that say for each pixel where it comes from: the first of a list, or none.
HEADS = frozenset({"flip", "rot90", "window", "warp_affine", "warp_field"})
# Kinds of `point` that look at the whole image first.
_LOOKING = (4, 5)
_MOST_CHANNELS = 6

_MOVES, _WARP, _COLOURS, _NOISE = (
    f"fused_{part}.hpp" for part in ("moves", "warp", "colours", "noise")
)
# Ops that can be steps, by their files, to the header and the type of the step: of T, or from T to U.
TYPES = {
    "flip": (_MOVES, "FusedMove<Tile, {T}, FlipMap>"),
    "rot90": (_MOVES, "FusedMove<Tile, {T}, Rot90Map>"),
    "window": (_MOVES, "FusedMove<Tile, {T}, WindowMap>"),
    "warp_affine": (_WARP, "FusedWarp<Tile, {T}, AffineMap, {kind}<{T}>, {plain}>"),
    "warp_field": (_WARP, "FusedWarp<Tile, {T}, FieldMap, {kind}<{T}>, {plain}>"),
    "point": (_COLOURS, "FusedValues<Tile, {T}, {T}, PointOp<{T}, {kind}>>"),
    "levels": (_COLOURS, "FusedValues<Tile, {T}, {T}, LevelsOp<{T}>>"),
    "normalize": (_COLOURS, "FusedValues<Tile, {T}, {U}, NormalizeChannels<{T}, {U}, {c}>>"),
    "saturation": (_COLOURS, "FusedColours<Tile, {T}, Saturate<{T}>>"),
    "hue": (_COLOURS, "FusedColours<Tile, {T}, Turn<{T}>>"),
    "shuffle_channels": (_COLOURS, "FusedShuffle<Tile, {T}>"),
    "erase": (_COLOURS, "FusedErase<Tile, {T}>"),
    "gaussian_noise": (_NOISE, "FusedNoise<Tile, {T}, MakeGaussian<{T}>>"),
    "speckle_noise": (_NOISE, "FusedNoise<Tile, {T}, MakeSpeckle<{T}>>"),
    "uniform_noise": (_NOISE, "FusedNoise<Tile, {T}, MakeUniform<{T}>>"),
    "shot_noise": (_NOISE, "FusedShots<Tile, {T}, CountPhotons<{T}>>"),
    "salt_and_pepper": (_NOISE, "FusedDecision<Tile, {T}, Salt<{T}>, {kind}>"),
    "pixel_dropout": (_NOISE, "FusedDecision<Tile, {T}, Dropout<{T}>, {kind}>"),
}


THREADS = 256
CHAIN_BYTES = 2048  # of shared memory, for what the steps need for an image
_TEXT = """// One pass.
#define FASTAUG_FUSED
{includes}
FASTAUG_BEGIN

using Tile = FusedTile<{channels}, {rounds}>;
using Pass = Fused<Tile{types}>;

FASTAUG_END

FASTAUG_KERNEL({name}, Pass)
"""


# Steps of a list: with more, their arguments might be more than the 4096 bytes that every card takes.
LONGEST = 13
# What the steps of a list may draw for a pixel, so that there is room for pixels, too.
DRAWN_BYTES = 80
# Steps that a kernel may have more than it needs, rather than to compile another one.
_MOST_IDLE = 3
# How many pixels a thread makes, the best first.
_ROUNDS = (4, 2, 1)


class Step(NamedTuple):
    """A step of a list.

    Attributes:
        type: in C++.
        files: that have to be included.
        arguments: of its ``Args``.
        shared: bytes of shared memory for each pixel of a block.
        channels: of the images.
        is_head: whether it says where pixels come from.
    """

    type: str
    files: tuple[str, ...]
    arguments: Structure
    shared: int
    channels: int
    is_head: bool = False


def is_step(stage: Stage) -> bool:
    """Whether an op can be one."""
    same = stage.before[:3] == stage.after[:3]
    return name_of(stage) in TYPES and (stage.op in HEADS or same)


def joined(first: Stage, second: Stage) -> Stage | None:
    """One stage for the images of both, which are others; None where more than numbers differ."""
    if (first.op, first.before, first.after) != (second.op, second.before, second.after):
        return None
    arguments: list[Any] = []
    for one, other in zip(first.arguments, second.arguments, strict=True):
        if _per_image(one, first.n) and _per_image(other, second.n):
            if one.shape[1:] != other.shape[1:]:
                return None
            arguments.append(np.concatenate([one, other]))
        elif one is other or (np.isscalar(one) and np.isscalar(other) and one == other):
            arguments.append(one)
        else:
            return None
    return first._replace(arguments=tuple(arguments), n=first.n + second.n)


def _per_image(argument: Any, n: int) -> bool:
    return isinstance(argument, np.ndarray) and len(argument) == n


def looks(stage: Stage) -> bool:
    """Whether its op has to know of whole images first."""
    return stage.op == "levels" or (stage.op == "point" and stage.arguments[0] in _LOOKING)


def fits(form: Form) -> bool:
    """Whether fused kernels take images of this form."""
    sizes = form.height * form.width < 2**31 and form.channels <= _MOST_CHANNELS
    return sizes and form.dtype.itemsize in (1, 2, 4, 8)


def drawn(stage: Stage) -> int:
    """Bytes of shared memory that its op draws for each pixel."""
    name, channels = name_of(stage), stage.before.channels
    if stage.op != "noise":
        return 0
    if name in ("salt_and_pepper", "pixel_dropout"):
        return 4 * channels if stage.arguments[-1] else 4
    if name == "shot_noise":
        return 8 * channels
    return (2 if stage.before.dtype.itemsize == 1 else 4) * channels


def step_of(stage: Stage, launch: Launch, source: Layout, is_head: bool) -> Step:
    """The step that does what a launch of its op would."""
    op = launch.source.name
    header, text = TYPES[op]
    made = text.format(
        T=element_type(stage.before.dtype),
        U=element_type(stage.after.dtype),
        c=stage.before.channels,
        plain=str(rows_are_plain(source)).lower(),
        kind=_kind(stage),
    )
    files = (f"{op}.cu", header)
    return Step(made, files, launch.arguments, drawn(stage), stage.before.channels, is_head)


def name_of(stage: Stage) -> str:
    """The file of its op."""
    return str(stage.arguments[0]) if stage.op == "noise" else stage.op


# Steps of a list, each with which of its images every image is, or -1; None for a step that is done to
# none of them.
Listed: TypeAlias = list[tuple[Step, Array | None]]


def within(listed: Listed, known: list[Listed]) -> Listed:
    """The same list with a few idle steps, if there is a kernel for that; else it becomes known."""
    fitting = (_filled_up(other, listed) for other in known)
    found = min((each for each in fitting if each), key=len, default=None)
    if found is None or len(found) > len(listed) + _MOST_IDLE:
        known.append([(_idle(step), None) for step, _ in listed])
        return listed
    return found


def _filled_up(longer: Listed, listed: Listed) -> Listed | None:
    """The longer list with what the other one does; None if that is not a part of it, in order."""
    left = list(listed)
    made: Listed = []
    for step, _ in longer:
        same = left and left[0][0].type == step.type
        made.append(left.pop(0) if same else (step, None))
    return None if left or listed[-1][0].channels != longer[-1][0].channels else made


def _idle(step: Step) -> Step:
    return step._replace(arguments=type(step.arguments)())


def start(device: Deferred, listed: Listed, places: Array, target: Layout) -> None:
    """Launches a list of steps.

    Args:
        device: that waits.
        listed: steps, the last of them a store.
        places: where every image lies, and where it belongs, shape (n, 2).
        target: how it lies there.
    """
    _, h, w, c = target.shape
    steps = [step for step, _ in listed]
    given: list[Any] = [*device.upload(places)[0], h, w]
    for step, rows in listed:
        given += [None if rows is None else device.upload(rows)[0][0], step.arguments]
    args = arguments.fused(*(type(step.arguments) for step in steps))(*given)
    pixel = THREADS * sum(step.shared for step in steps)
    rounds = next(r for r in _ROUNDS if CHAIN_BYTES + r * pixel <= SHARED_BYTES)
    source = _source(steps, c, rounds)
    blocks = len(places) * divide_up(h * w, rounds * THREADS)
    start_blocks(device, source, source.name, args, blocks, THREADS, CHAIN_BYTES + rounds * pixel)


def _source(steps: Sequence[Step], channels: int, rounds: int) -> Source:
    """A kernel of these steps, whose threads make so many pixels each."""
    files = dict.fromkeys(file for step in steps for file in step.files)
    ops = [file.removesuffix(".cu") for step in steps for file in step.files[:-1]]
    name = "_".join(["fused", *ops])
    includes = "".join(f'#include "{file}"\n' for file in files)
    types = "".join(f",\n                   {step.type}" for step in steps)
    return Source(
        name,
        _TEXT.format(includes=includes, channels=channels, rounds=rounds, types=types, name=name),
    )


def load(layout: Layout) -> Step:
    """Pixels as they are."""
    return _memory("FusedLoad", layout)


def store(layout: Layout) -> Step:
    """The last step."""
    return _memory("FusedStore", layout)


def _memory(name: str, layout: Layout) -> Step:
    text = f"{name}<Tile, {element_type(layout.dtype)}>"
    batch = arguments.batch(0, layout.shape, layout.strides, layout.dtype)
    shared = layout.shape[3] * layout.dtype.itemsize
    return Step(text, (_MOVES,), arguments.Memory(batch), shared, layout.shape[3])


def _kind(stage: Stage) -> int | str:
    """What of the arguments a kernel is made for."""
    if stage.op == "point":
        return int(stage.arguments[0])
    if stage.op in ("warp_affine", "warp_field"):
        return ("NearestWarp", "BilinearWarp", "BicubicWarp")[stage.arguments[-2]]
    return "true" if stage.op == "noise" and stage.arguments[-1] else "false"


def element_type(dtype: np.dtype[np.generic]) -> str:
    """In C++; of what is only moved, any of that size."""
    if dtype.kind == "f" and dtype.itemsize > 2:
        return "float" if dtype.itemsize == 4 else "double"
    return f"uint{8 * dtype.itemsize}_t"
