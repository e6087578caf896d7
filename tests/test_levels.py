"""Every instruction-set level and every number of threads gives the same bits."""

from __future__ import annotations

import numpy as np
import pytest
from cases import CASES, Case, pixels
from processes import output_of, run_python
from references import same_bits

import fastaug

_native = pytest.importorskip("fastaug._native", reason="levels are the extension's")

LEVELS = _native.available_levels()
# Each is a branch of some kernel, or stands for all those that have none of their own.
CHANNELS = (1, 2, 3, 4, 5, 9)
# Neither a multiple of a vector nor square, and for one image wide enough to have an inside.
SHAPES = ((3, 19, 37), (1, 6, 150))


def results(case: Case, images: np.ndarray) -> np.ndarray:
    return case(images, range(len(images)))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_levels(case: Case, rng: np.random.Generator) -> None:
    for dtype in case.dtypes:
        for channels in CHANNELS:
            for shape in SHAPES:
                images = pixels(rng, (*shape, channels), dtype)
                _native.use_level(LEVELS[0])
                expected = results(case, images)
                for level in LEVELS[1:]:
                    _native.use_level(level)
                    same_bits(results(case, images), expected)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("channels", [1, 3, 4, 5])
def test_levels_of_long_windows(channels: int, dtype: str, rng: np.random.Generator) -> None:
    """Windows along rows are doubled pass by pass: how often depends on registers and pixels."""
    images = pixels(rng, (2, 19, 70, channels), dtype)
    for length in (4, 6, 7, 8, 15, 16, 24, 31, 32, 33, 51, 63, 64, 65, 101, 240):
        for mode in ("reflect", "wrap"):
            _native.use_level(LEVELS[0])
            expected = fastaug.erode(images, (2, length), mode=mode)
            for level in LEVELS[1:]:
                _native.use_level(level)
                same_bits(fastaug.erode(images, (2, length), mode=mode), expected)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_levels_on_special_values(case: Case, rng: np.random.Generator) -> None:
    """NaN, infinities, zeros of both signs, tiny and enormous floats."""
    for dtype in {"float32", "float64"} & set(case.dtypes):
        limits = np.finfo(dtype)
        special = [np.nan, np.inf, -np.inf, 0.0, -0.0, limits.smallest_subnormal, limits.max]
        images = rng.choice(np.array([*special, 1.0, 250.0, -3.5], dtype), (3, 19, 37, 3))
        _native.use_level(LEVELS[0])
        with np.errstate(all="ignore"):
            expected = results(case, images)
        for level in LEVELS[1:]:
            _native.use_level(level)
            same_bits(results(case, images), expected)


@pytest.mark.parametrize("channels", [1, 3, 5])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_threads(case: Case, channels: int, rng: np.random.Generator) -> None:
    """Images enough to be worth threads: many small ones go by image, one large one by rows."""
    side = {1: 190, 3: 110, 5: 83}[channels]
    for shape in ((1, side, side + 1, channels), (7, 80, 81, channels)):
        if case.name == "rot90-odd" and channels == 5:
            shape = (shape[0], shape[1], shape[1], channels)
        for dtype in set(case.dtypes) & {"uint8", "float32"}:
            images = pixels(rng, shape, dtype)
            assert images.size > 32768, "too few for threads"
            fastaug.set_num_threads(1)
            expected = results(case, images)
            for threads in (2, 5):
                fastaug.set_num_threads(threads)
                same_bits(results(case, images), expected)


def test_levels_are_told() -> None:
    assert LEVELS
    assert fastaug.build_info()["isa_available"] == LEVELS
    for level in LEVELS:
        _native.use_level(level)
        assert fastaug.build_info()["isa"] == level


def test_an_unknown_level() -> None:
    with pytest.raises(ValueError, match=r"level must be one of .*, got 'v9'"):
        _native.use_level("v9")


def test_the_best_level_is_the_default() -> None:
    code = "import fastaug; print(fastaug.build_info()['isa'])"
    assert output_of(code) == LEVELS[-1]
    assert output_of(code, FASTAUG_ISA="") == LEVELS[-1]


@pytest.mark.parametrize("level", LEVELS)
def test_a_forced_level(level: str) -> None:
    code = "import fastaug; print(fastaug.build_info()['isa'])"
    assert output_of(code, FASTAUG_ISA=level) == level


def test_a_wrong_level_is_an_error_at_the_first_call() -> None:
    code = "import fastaug; fastaug.flip([[1]])"
    done = run_python(code, check=False, FASTAUG_ISA="v9")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("RuntimeError: the native backend is not available: FASTAUG_ISA must be")
    assert last.endswith("got 'v9'")
    assert all(level in last for level in LEVELS)
