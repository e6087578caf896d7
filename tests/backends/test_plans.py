"""A plan gives the bits of its ops one by one, image by image, on any backend."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from emulator import Emulated
from pipelines import everything, photographs
from references import same_bits

import fastaug
from fastaug import backends
from fastaug.backends.passes import Stage, form_of
from fastaug.backends.record import recording

_native = pytest.importorskip("fastaug._native", reason="the others are held to the extension")

Array = npt.NDArray[Any]
# Does an op to images, to each by its number in the plan.
Op: TypeAlias = Callable[[Array, Array], Array]
# An op and the images it is done to, in the order of its rows.
Plan: TypeAlias = list[tuple[Op, list[int]]]

ALL = [4, 0, 2, 5, 1, 3]
LEVELS = _native.available_levels()
BACKENDS = [*(f"native {level}" for level in LEVELS), "numba", "cuda"]


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> Any:
    name, _, level = request.param.partition(" ")
    if name == "cuda":
        if shutil.which("c++") is None:
            pytest.skip("the emulator needs a C++ compiler")
        return Emulated()
    if name == "numba":
        pytest.importorskip("numba")
    else:
        _native.use_level(level)
    return backends._load(name)


on_every_backend = pytest.mark.parametrize("backend", BACKENDS, indirect=True)


def moved(images: Array, at: Array) -> Array:
    return fastaug.flip(images, horizontal=at % 2 == 0, vertical=at % 3 == 0)


def turned(images: Array, at: Array) -> Array:
    return fastaug.rot90(images, 2 * at + 1)


def cut(images: Array, at: Array) -> Array:
    return fastaug.crop(images, at, 1, 12, 15)


def stretched(images: Array, at: Array) -> Array:
    return fastaug.resize(images, (17, 9))


def warped(images: Array, at: Array) -> Array:
    matrices = fastaug.affine_matrix(rotation=12.0 * at, size=images.shape[1:3])
    return fastaug.warp_affine(images, matrices, fill_mode="reflect")


def bent(images: Array, at: Array) -> Array:
    y, x = np.mgrid[: images.shape[1], : images.shape[2]]
    field = np.stack([np.sin(y / 2.0), np.cos(x / 3.0)], axis=-1)
    return fastaug.elastic(images, field * at[:, np.newaxis, np.newaxis, np.newaxis])


def blurred(images: Array, at: Array) -> Array:
    return fastaug.gaussian_blur(images, 0.3 + at / 4)


def opened(images: Array, at: Array) -> Array:
    return fastaug.opening(images, 3)


def erased(images: Array, at: Array) -> Array:
    boxes = np.stack([at, at + 1, at + 3, at + 2], axis=1)
    return fastaug.erase(images, boxes[:, np.newaxis], 77)


def swapped(images: Array, at: Array) -> Array:
    return fastaug.shuffle_channels(images, [2, 0, 1])


def brighter(images: Array, at: Array) -> Array:
    return fastaug.adjust_brightness(images, 0.6 + at / 5)


def inverted(images: Array, at: Array) -> Array:
    return fastaug.invert(images)


def contrasted(images: Array, at: Array) -> Array:
    return fastaug.adjust_contrast(images, 0.4 + at / 3)


def hued(images: Array, at: Array) -> Array:
    return fastaug.adjust_hue(images, at / 20)


def equalized(images: Array, at: Array) -> Array:
    return fastaug.equalize(images)


def noisy(images: Array, at: Array) -> Array:
    return fastaug.gaussian_noise(images, 3.0 + at, seed=9, index=at)


def salted(images: Array, at: Array) -> Array:
    return fastaug.salt_and_pepper(images, 0.2, seed=9, index=at)


def normalized(images: Array, at: Array) -> Array:
    return fastaug.normalize(images, (0.4, 0.5, 0.6), 0.3)


PLANS: dict[str, Plan] = {
    "nothing": [],
    "one op": [(moved, ALL)],
    "two moves": [(warped, ALL), (moved, ALL[::-1])],
    "three moves, none of them to the result": [(bent, ALL), (blurred, ALL), (cut, ALL)],
    "in place alone": [(erased, ALL), (swapped, [5, 0]), (contrasted, ALL), (noisy, [1, 2, 3])],
    "in place after a move": [(opened, ALL), (hued, ALL), (equalized, [2]), (salted, ALL)],
    "in place before a move": [(noisy, ALL), (contrasted, [0, 3]), (stretched, ALL)],
    "a move for some": [(noisy, ALL), (warped, [3, 1]), (contrasted, ALL), (bent, [0, 1])],
    "one table, in part": [(brighter, ALL), (inverted, [1, 5]), (brighter, [5, 4, 0])],
    "another dtype at the end": [(warped, [2, 0]), (inverted, ALL), (normalized, ALL)],
    "another dtype, and on": [(cut, ALL), (normalized, ALL[::-1]), (noisy, [0]), (blurred, ALL)],
    "some in no stage": [(warped, [1, 4]), (salted, [4])],
    "there and back": [(turned, ALL), (noisy, ALL), (turned, ALL), (erased, [0, 1])],
}
# Those from which lists come out in different sizes or dtypes.
UNEVEN: dict[str, Plan] = {
    "some cut": [(noisy, ALL), (cut, [3, 0]), (contrasted, [3]), (contrasted, [5])],
    "some turned": [(turned, [5]), (blurred, [0]), (stretched, [1, 2]), (moved, [1, 5])],
    "some as floats": [(normalized, [3]), (normalized, [5]), (noisy, [3])],
}


def stages_of(plan: Plan, images: list[Array]) -> list[Stage]:
    """The stages of a plan for images (1, H, W, C); those of a stage are of one form."""
    forms = [form_of(image) for image in images]
    stages = []
    for op, rows in plan:
        for form in sorted({forms[row] for row in rows}, key=str):
            those = [row for row in rows if forms[row] == form]
            stand_ins = np.empty((len(those), *form[:3]), form.dtype)
            with recording() as calls:
                op(stand_ins, np.array(those))
            numbers = np.full(len(images), -1, np.int64)
            numbers[those] = np.arange(len(those))
            for name, arguments, before, after in calls:
                stages.append(Stage(name, arguments, numbers, len(those), before, after))
                for row in those:
                    forms[row] = after
    return stages


def one_by_one(plan: Plan, images: list[Array]) -> list[Array]:
    """The same by the functions of the ops, for one image at a time, at the highest level."""
    level, results = fastaug.build_info()["isa"], list(images)
    _native.use_level(LEVELS[-1])
    for op, rows in plan:
        for row in rows:
            results[row] = op(results[row], np.array([row]))
    _native.use_level(level)
    return results


def scattered(shape: tuple[int, ...], dtype: Any) -> tuple[Array, Array]:
    """A result with its channels first, and between other data; and the memory around it."""
    n, height, width, channels = shape
    memory = np.full((n, channels, height + 1, 2 * width), 85, np.uint8).astype(dtype)
    return np.moveaxis(memory[:, :, 1:, ::2], 1, 3), memory


@on_every_backend
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_a_batch(plan: Plan, backend: Any) -> None:
    images = photographs(6, 23)[:, 3:]
    given = images.copy()
    singles = list(images[:, np.newaxis])
    expected, stages = np.concatenate(one_by_one(plan, singles)), stages_of(plan, singles)
    out = np.empty_like(expected)
    backend.run_plan([images], [out], stages)
    same_bits(out, expected)
    view, memory = scattered(expected.shape, expected.dtype)
    backward = images[:, ::-1, ::-1].copy()[:, ::-1, ::-1]
    backend.run_plan([backward], [view], stages)
    same_bits(view, expected)
    view[:] = 85
    assert (memory == 85).all(), "written beside the result"
    same_bits(images, given)


@on_every_backend
@pytest.mark.parametrize("plan", (PLANS | UNEVEN).values(), ids=PLANS | UNEVEN)
def test_a_list_of_sizes(plan: Plan, backend: Any) -> None:
    """Some of them in batches: the images of a plan are numbered through."""
    sizes = [(20, 23), (20, 23), (25, 31), (25, 31), (25, 31), (40, 19)]
    photos = photographs(6, 48)
    images = [photo[np.newaxis, :h, :w] for photo, (h, w) in zip(photos, sizes, strict=True)]
    expected, stages = one_by_one(plan, images), stages_of(plan, images)
    batches = [photos[:2, :20, :23], *(photo[np.newaxis, :25, :31] for photo in photos[2:5])]
    outs = [np.empty_like(result) for result in expected]
    backend.run_plan([*batches, images[5]], outs, stages)
    for got, result in zip(outs, expected, strict=True):
        same_bits(got, result)


@on_every_backend
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_pipeline(data_format: Any, backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it as lowered, in one call and image by image."""
    seen: list[Stage] = []
    images = photographs(8, 48)
    given = np.moveaxis(images, 3, 1) if data_format == "channels_first" else images
    pipeline, index = everything(data_format=data_format), np.arange(100, 108)
    expected = np.stack([pipeline(image, index=i) for image, i in zip(given, index, strict=True)])

    native = backends._load("native")

    class Listening:
        def __getattr__(self, name: str) -> Any:
            return getattr(native, name)

        def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
            seen.extend(stages)
            backend.run_plan(sources, outs, stages)

    monkeypatch.setattr(backends, "_load", lambda _: Listening())
    same_bits(pipeline(given, index=index), expected)
    assert {"warp_affine", "warp_field", "gaussian_blur", "noise", "resize"} <= {s.op for s in seen}
    view, _ = scattered((8, 32, 32, 3), np.float32)
    out = np.moveaxis(view, 3, 1) if data_format == "channels_first" else view
    assert pipeline(list(given), index=index, out=out) is out
    same_bits(out, expected)


@pytest.mark.parametrize(("n", "threads"), [(1, 5), (3, 2), (6, 2)])
@pytest.mark.parametrize("plan", (PLANS | UNEVEN).values(), ids=PLANS | UNEVEN)
def test_threads(plan: Plan, n: int, threads: int) -> None:
    """Few images go by bands of rows, stage by stage, through memory of the thread that called."""
    run_in_threads(plan, list(photographs(n, 112)[:, np.newaxis]), threads)


def test_threads_that_only_move() -> None:
    """Bands are worth it for images of more than 2 MiB only."""
    large = np.tile(photographs(1, 420), (1, 2, 2, 1))
    assert large.size > 2 << 20
    run_in_threads([(moved, [0]), (turned, [0]), (erased, [0]), (moved, [0])], [large], 5)


def run_in_threads(plan: Plan, images: list[Array], threads: int) -> None:
    mine = [(op, [row for row in rows if row < len(images)]) for op, rows in plan]
    plan = [(op, rows) for op, rows in mine if rows]
    expected = one_by_one(plan, images)
    outs = [np.empty_like(result) for result in expected]
    fastaug.set_num_threads(threads)
    backends._load("native").run_plan(images, outs, stages_of(plan, images))
    for got, result in zip(outs, expected, strict=True):
        same_bits(got, result)


@on_every_backend
def test_no_images(backend: Any) -> None:
    backend.run_plan([], [], [])
    backend.run_plan([np.zeros((0, 4, 5, 3), np.uint8)], [np.zeros((0, 9, 9, 3), np.float32)], [])
    empty = np.zeros((2, 0, 5, 3), np.uint8)
    stages = stages_of([(inverted, [1, 0])], [empty[:1], empty[1:]])
    backend.run_plan([empty], [np.zeros((2, 0, 5, 3), np.uint8)], stages)


Change: TypeAlias = Callable[[dict[str, Any]], None]


def changed(**changes: Any) -> Change:
    return lambda given: given.update(changes)


def with_rows(rows: Any, which: int = 0) -> Change:
    def change(given: dict[str, Any]) -> None:
        given["stages"][which] = given["stages"][which]._replace(rows=np.asarray(rows))

    return change


def without(which: int) -> Change:
    return lambda given: given["stages"].pop(which)


U8, F32 = np.uint8, np.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_rows(np.array([0, 1, 3])), "rows is beyond the images of its step"),
        (with_rows(np.array([2**62, 1, 0])), "rows is beyond the images of its step"),
        (with_rows(np.array([1, 3, 0]), 2), "rows is beyond the images of its step"),
        (with_rows(np.zeros(3, np.int32)), "rows has the wrong type or shape"),
        (with_rows(np.zeros(3)), "rows has the wrong type or shape"),
        (with_rows(np.zeros(2, np.int64)), "rows has the wrong type or shape"),
        (with_rows(np.zeros((3, 1), np.int64)), "rows has the wrong type or shape"),
        (with_rows(np.zeros(6, np.int64)[::2]), "rows has the wrong type or shape"),
        (with_rows([0, -1, 1], 1), "steps do not fit one another"),
        (without(1), "steps do not fit one another"),
        (without(2), "outs does not fit the last steps"),
        (changed(sources=[np.zeros((2, 20, 23, 3), U8)]), "outs does not match sources"),
        (changed(sources=[np.zeros((3, 23, 20, 3), U8)]), "steps do not fit one another"),
        (changed(sources=[np.zeros((3, 20, 23, 4), U8)]), "steps do not fit one another"),
        (changed(sources=[np.zeros((3, 20, 23, 3), F32)]), "steps do not fit one another"),
        (changed(sources=[np.zeros((20, 23, 3), U8)]), "sources must have 4 dimensions"),
        (changed(outs=[np.full((4, 12, 15, 3), 7, F32)]), "outs does not match sources"),
        (changed(outs=[np.full((3, 15, 12, 3), 7, F32)]), "outs does not fit the last steps"),
        (changed(outs=[np.full((3, 12, 15, 1), 7, F32)]), "outs does not fit the last steps"),
        (changed(outs=[np.full((3, 12, 15, 3), 7, U8)]), "outs does not fit the last steps"),
        (changed(outs=[np.full((12, 15, 3), 7, F32)]), "outs must have 4 dimensions"),
        (changed(outs=[np.broadcast_to(F32(7), (3, 12, 15, 3))]), "outs is read-only"),
    ],
)
def test_what_does_not_fit_is_refused(change: Change, message: str) -> None:
    """Before any work, by the extension itself: a stage more, and memory would be left."""
    images = photographs(3, 23)[:, 3:]
    plan: Plan = [(noisy, [2, 1, 0]), (cut, [0, 1, 2]), (normalized, [1, 2, 0])]
    stages = stages_of(plan, list(images[:, np.newaxis]))
    given = {"sources": [images], "outs": [np.full((3, 12, 15, 3), 7, F32)], "stages": stages}
    backends._load("native").run_plan(*(dict(given) | {"outs": [given["outs"][0].copy()]}).values())
    change(given)
    before = [out.copy() for out in given["outs"]]
    with pytest.raises(ValueError, match=message):
        backends._load("native").run_plan(*given.values())
    for out, old in zip(given["outs"], before, strict=True):
        same_bits(out, old)


def test_a_step_that_is_none() -> None:
    images = np.zeros((1, 4, 5, 3), np.uint8)
    with pytest.raises(ValueError, match="steps must not be None"):
        _native.run_plan([images], [images.copy()], [(None, np.zeros(1, np.int64))], 1)
