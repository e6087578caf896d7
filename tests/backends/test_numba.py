"""The Numba backend gives the bits of the native one, with any threads, after a fork, from a cache."""

from __future__ import annotations

import ast
import os
import re
import textwrap
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import CASES, SAMPLES, Case, pixels
from extension import BUILT, needs_extension
from processes import output_of, run_python
from references import philox as philox_reference
from references import same_bits

import fastaug
import fastaug.random

pytest.importorskip("numba")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

# What compiles slowest and adds nothing but types is left to a slow run.
QUICK = ("uint8", "float32")
# Every number of channels that has a loop of its own, and one that has none; both layouts.
SHAPES = [(1, "channels_last"), (3, "channels_last"), (4, "channels_last"), (5, "channels_first")]

WORK = """
import os, threading
import numpy as np
import fastaug
images = (np.arange(8 * 90 * 90 * 3) % 255).astype(np.uint8).reshape(8, 90, 90, 3)

def work():
    return fastaug.dilate(fastaug.gaussian_noise(images, 9, seed=1), 5)
"""


def special(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    limits = np.finfo(dtype)
    values = [np.nan, np.inf, -np.inf, 0.0, -0.0, limits.smallest_subnormal, limits.max, 1, 250, -3]
    return rng.choice(np.array(values, dtype), shape)


def compare(case: Case, images: np.ndarray, data_format: str, what: str) -> None:
    if data_format == "channels_first":
        images = np.ascontiguousarray(np.moveaxis(images, -1, 1))
    samples = range(len(images))
    with np.errstate(all="ignore"):
        with fastaug.use_backend("native"):
            expected = case(images, samples, data_format=data_format)
        with fastaug.use_backend("numba"):
            got = case(images, samples, data_format=data_format)
    same_bits(got, expected, f"{case} {what}")


def compare_all(case: Case, dtypes: set[str], rng: np.random.Generator) -> None:
    height, width = (31, 31) if "odd" in str(case) else (23, 31)
    for dtype in sorted(dtypes & set(case.dtypes)):
        for channels, data_format in SHAPES:
            shape = (SAMPLES, height, width, channels)
            compare(case, pixels(rng, shape, dtype), data_format, f"{dtype} {shape}")
            if dtype.startswith("float") and dtype != "float16":
                compare(case, special(rng, shape, dtype), data_format, f"special {dtype} {shape}")


@needs_extension
@pytest.mark.parametrize("case", CASES, ids=str)
def test_bits(case: Case, rng: np.random.Generator) -> None:
    compare_all(case, set(QUICK), rng)


@needs_extension
@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
def test_bits_of_every_dtype(case: Case, rng: np.random.Generator) -> None:
    compare_all(case, set(case.dtypes), rng)
    dtype = "float64" if "float64" in case.dtypes else "float32"
    for shape in ((1, 1, 1, 1), (3, 1, 40, 3), (3, 40, 1, 2), (2, 2, 2, 9), (1, 6, 150, 3)):
        if shape[1] == shape[2] or "rot90" not in str(case):
            compare(case, pixels(rng, shape, dtype), "channels_last", f"{dtype} {shape}")


@needs_extension
@pytest.mark.parametrize("dtype", ["float64", "uint16"])
def test_bits_of_other_dtypes(dtype: str, rng: np.random.Generator) -> None:
    """The filter of morphology for integers of 16 bits; for double, the noise it has of its own."""
    for case in CASES:
        if (case.noise and dtype == "float64" and "salt" not in str(case)) or (
            str(case) in ("erode-rectangle", "dilate-lopsided") and dtype == "uint16"
        ):
            compare(case, pixels(rng, (SAMPLES, 9, 11, 3), dtype), "channels_last", dtype)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_threads_and_splits(case: Case, rng: np.random.Generator) -> None:
    """One large image goes by rows, several go by image; any part of a batch gives the same."""
    for shape in ((1, 110, 111, 3), (7, 80, 81, 3)):
        size = (shape[1], shape[1]) if "rot90" in str(case) else shape[1:3]
        images = pixels(rng, (shape[0], *size, 3), case.dtype)
        assert images.size > 32768, "too few for threads"
        fastaug.set_num_threads(1)
        with fastaug.use_backend("native" if BUILT else "numba"):
            expected = case(images, range(len(images)))
        with fastaug.use_backend("numba"):
            for threads in (1, 2, 5):
                fastaug.set_num_threads(threads)
                same_bits(case(images, range(len(images))), expected, f"{threads} threads")
            same_bits(case(images[-3:], range(len(images))[-3:]), expected[-3:], "a part")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_to_do(case: Case) -> None:
    """No images, no pixels and no channels: a result without elements, and nothing to compile."""
    for shape in ((0, 23, 31, 3), (2, 0, 0, 3), (2, 23, 31, 0)):
        if shape[3] or "warp_field" not in str(case):
            images = np.empty(shape, case.dtype)
            with fastaug.use_backend("numba"):
                result = case(images, range(len(images)))
            assert result.size == 0
            assert result.shape[0] == shape[0]
            assert result.shape[3] == shape[3]


@needs_extension
def test_any_memory(rng: np.random.Generator) -> None:
    """Read-only, broadcast, backwards, Fortran, strided and empty; the same for the result."""
    plain = pixels(rng, (4, 12, 14, 3), "uint8")
    read_only = plain.copy()
    read_only.flags.writeable = False
    inputs = [
        read_only,
        np.broadcast_to(plain[:1], plain.shape),
        plain[::-1, ::-1, ::-1, ::-1],
        np.asfortranarray(plain),
        np.repeat(plain, 2, axis=2)[:, :, ::2],
        plain[:, 2:9, 3:5],
        plain[:0],
        plain[:, :0],
        plain[..., :0],
    ]
    outputs: list[Any] = [
        lambda shape: np.empty(shape, np.uint8),
        lambda shape: np.empty(shape, np.uint8, order="F"),
        lambda shape: np.empty((*shape[:3], shape[3] * 2), np.uint8)[..., ::-2],
    ]
    calls: list[Any] = [
        lambda images, out: fastaug.flip(images, horizontal=True, out=out),
        lambda images, out: fastaug.rot90(images, 2, out=out),
        lambda images, out: fastaug.gaussian_noise(images, 9, seed=1, out=out),
        lambda images, out: fastaug.closing(images, (2, 5), out=out),
    ]
    for images in inputs:
        for make in outputs:
            for call in calls:
                results = []
                for name in ("native", "numba"):
                    with fastaug.use_backend(name):
                        results.append(call(images, make(images.shape)))
                same_bits(results[1], results[0])
    with fastaug.use_backend("numba"):
        mapped = fastaug.gaussian_noise(plain, 9, seed=1)
        inside = plain.copy()
        assert fastaug.gaussian_noise(inside, 9, seed=1, out=inside) is inside
    same_bits(inside, mapped)


@pytest.mark.parametrize("shape", [(21, 37), (7, 24), (24, 7), (16, 8), (205, 190)], ids=str)
def test_quarter_turns(shape: tuple[int, int], rng: np.random.Generator) -> None:
    """Squares of bytes and what is left beside them; pixels that are one item, if memory has it so."""
    for channels, offset in ((1, 0), (1, 1), (2, 0), (4, 0), (4, 1), (4, 2)):
        size = 2 * shape[0] * shape[1] * channels
        memory = pixels(rng, (1, 1, 1, size + offset), "uint8").reshape(-1)[offset:]
        images = memory.reshape(2, *shape, channels)
        for k in (1, 2, 3):
            expected = np.rot90(images, k, (1, 2))
            with fastaug.use_backend("numba"):
                for threads in (1, 3):
                    fastaug.set_num_threads(threads)
                    same_bits(fastaug.rot90(images, k), expected, f"{channels} {offset} {k}")
                part = fastaug.rot90(images[:, 1:, :, ::-1], k)
            same_bits(part, np.rot90(images[:, 1:, :, ::-1], k, (1, 2)))


def test_boxes_beside_the_image() -> None:
    """A box that ends left of the first pixel, or above it, has nothing of the image."""
    images = np.zeros((1, 6, 7, 1), np.uint8)
    with fastaug.use_backend("numba"):
        for box in ([0, -5, 4, 3], [-5, 0, 3, 4], [2, -9, 2, 4], [0, 7, 6, 2], [6, 0, 2, 7]):
            assert not fastaug.erase(images, [box], 9).any(), box
            assert not fastaug.paste(images, images + 9, [box]).any(), box


@needs_extension
def test_matrices(rng: np.random.Generator) -> None:
    n = 500
    arguments: dict[str, Any] = {
        "rotation": np.concatenate([np.arange(-720, 720, 15.0), rng.uniform(-1e5, 1e5, n - 96)]),
        "translation": rng.uniform(-99, 99, (n, 2)),
        "scale": rng.uniform(0.01, 9, (n, 2)),
        "shear": rng.uniform(-44, 44, (n, 2)),
        "size": (224, 225),
    }
    with fastaug.use_backend("native"):
        expected = fastaug.affine_matrix(**arguments)
    with fastaug.use_backend("numba"):
        same_bits(fastaug.affine_matrix(**arguments), expected)


def test_random_numbers(rng: np.random.Generator) -> None:
    """Random123's known answers, and those of NumPy for any words and rounds."""
    digits = [
        ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([2**32 - 1] * 4, [2**32 - 1] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    ]
    words = rng.integers(0, 2**32, (50, 6), np.uint64)
    seeds, index = rng.integers(0, 2**64, 50, np.uint64), rng.integers(0, 2**32, 50)
    with fastaug.use_backend("numba"):
        for counter, key, expected in digits:
            got = fastaug.random.philox4x32([counter], [key])
            np.testing.assert_array_equal(got[0], expected)
        for rounds in (0, 7, 10):
            np.testing.assert_array_equal(
                fastaug.random.philox4x32(words[:, :4], words[:, 4:], rounds),
                philox_reference(words[:, :4], words[:, 4:], rounds),
            )
        got = fastaug.random.uniform(seeds, index, epoch=2**32 - 1, stream=2**24 - 1, size=5)
    if BUILT:
        with fastaug.use_backend("native"):
            expected = fastaug.random.uniform(
                seeds, index, epoch=2**32 - 1, stream=2**24 - 1, size=5
            )
        same_bits(got, expected)


def test_no_operation_is_contracted() -> None:
    """LLVM fuses products and sums only when asked, and nobody asks; the CPU may well have it."""
    from numba import njit

    from fastaug.backends.numba import jit
    from fastaug.backends.numba.speckle_noise import speckle_noise

    compiled = njit(**jit.OPTIONS)(speckle_noise.py_func)  # code from the cache cannot be looked at
    ones = np.ones(1, np.float32)
    words = np.zeros(1, np.uint32)
    images = np.ones((1, 8), np.float32)
    limits = np.float32(0), np.float32(1), False
    seed = words.astype(np.uint64)
    compiled(images, images, seed, words, words, ones, ones, 0, *limits, 8, 0, 1, 0, 1)
    (code,) = compiled.inspect_asm().values()
    assert re.search(r"\bv?mul[ps]s\b|\bfmul\b", code), "no product at all"
    assert not re.search(r"\bvfn?m(add|sub)|\bfml[as]\b|\bfn?m(add|sub)\b", code)


def test_the_environment_chooses_it() -> None:
    code = "from fastaug import backends; print(type(backends.current()).__name__)"
    assert output_of(code, FASTAUG_BACKEND="numba") == "Numba"
    code = 'import fastaug, sys; fastaug.build_info(); print("numba" in sys.modules)'
    assert output_of(code, FASTAUG_BACKEND="numba") == "False"


def test_many_callers(rng: np.random.Generator) -> None:
    images = pixels(rng, (8, 90, 91, 3), "uint8")

    def call(_: int) -> np.ndarray:
        with fastaug.use_backend("numba"):  # a choice is the thread's own
            return fastaug.erode(fastaug.gaussian_noise(images, 9, seed=1), 7)

    fastaug.set_num_threads(1)
    expected = call(0)
    fastaug.set_num_threads(3)
    with ThreadPoolExecutor(6) as callers:
        for result in callers.map(call, range(36)):
            same_bits(result, expected)


def test_an_error_in_a_worker_reaches_the_caller() -> None:
    from fastaug.backends.numba import parallel

    done = []

    def fail(unit: parallel.Unit) -> None:
        done.append(unit)
        raise IndexError(unit)

    with pytest.raises(IndexError):
        parallel.spread(fail, [(i, i + 1, 0, 1) for i in range(100)], 3)
    assert len(done) <= 3


def test_no_more_workers_than_threads() -> None:
    code = """
        from concurrent.futures import ThreadPoolExecutor
        def workers():
            return sum(t.name.startswith("fastaug") for t in threading.enumerate())
        counts = []
        for n in (1, 2, 5):
            fastaug.set_num_threads(n)
            fastaug.flip(images[:1, :9, :9])
            counts.append(workers())
            with ThreadPoolExecutor(6) as callers:
                list(callers.map(lambda _: work(), range(24)))
            counts.append(workers() <= n - 1)
        print(*counts)
    """
    done = output_of(WORK + textwrap.dedent(code), FASTAUG_BACKEND="numba")
    assert done == "0 True 0 True 1 True"


@needs_fork
def test_forks() -> None:
    """A child works, with threads of its own, though others were calling, or compiling, just then."""
    code = """
        fastaug.set_num_threads(3)
        fastaug.rot90(images)  # imports Numba, which no other thread may be doing at a fork
        stop = threading.Event()

        def keep_calling():
            while not stop.is_set():
                work()

        callers = [threading.Thread(target=keep_calling) for _ in range(2)]
        for caller in callers:
            caller.start()
        for i in range(12):
            child = os.fork()
            if child == 0:
                ok = fastaug.get_num_threads() == 1
                fastaug.set_num_threads(3)
                first = work()
                fastaug.flip(images)  # compiles, or loads, what the parent has not
                os._exit(0 if ok and (work() == first).all() else 1)
            assert os.waitpid(child, 0)[1] == 0
        stop.set()
        for caller in callers:
            caller.join()
    """
    run_python(WORK + textwrap.dedent(code), FASTAUG_BACKEND="numba", timeout=120)


def test_the_interpreter_ends_while_others_call() -> None:
    code = """
        fastaug.set_num_threads(3)

        def keep_calling():
            while True:
                work()

        work()
        for _ in range(3):
            threading.Thread(target=keep_calling, daemon=True).start()
        work()
        print("done")
    """
    assert output_of(WORK + textwrap.dedent(code), FASTAUG_BACKEND="numba") == "done"


def test_the_gil_is_released() -> None:
    code = """
        import time
        fastaug.set_num_threads(1)
        large = np.zeros((1, 3000, 3000, 3), np.uint8)
        fastaug.gaussian_noise(large[:, :9], 9, seed=1)
        ticks = []
        started, ended = threading.Event(), threading.Event()

        def tick():
            started.wait()
            while not ended.is_set():
                ticks.append(time.perf_counter())
                time.sleep(0.001)

        clock = threading.Thread(target=tick)
        clock.start()
        start = time.perf_counter()
        started.set()
        fastaug.gaussian_noise(large, 9, seed=1)
        end = time.perf_counter()
        ended.set()
        clock.join()
        print(sum(start < t < end for t in ticks))
    """
    assert int(output_of(WORK + textwrap.dedent(code), FASTAUG_BACKEND="numba")) > 5


def test_the_cache_is_used(tmp_path: Path) -> None:
    """A second process compiles nothing; one whose sources differ compiles anew."""
    code = """
        import pathlib
        import numpy as np, fastaug
        read = pathlib.Path.read_bytes
        pathlib.Path.read_bytes = lambda path: read(path) + {stamp!r}.encode()
        from fastaug.backends.numba.flip import flip
        fastaug.flip(np.zeros((3, 4), np.uint8), horizontal=True)
        print(sum(flip.stats.cache_hits.values()), sum(flip.stats.cache_misses.values()))
    """
    environment = {"FASTAUG_BACKEND": "numba", "NUMBA_CACHE_DIR": str(tmp_path)}
    for stamp, expected in (("", "0 1"), ("", "1 0"), ("other", "0 1")):
        assert output_of(code.format(stamp=stamp), **environment) == expected


def test_without_a_place_for_the_cache() -> None:
    """It works, and compiles each time."""
    code = """
        import numba.core.caching as caching
        caching.CacheImpl._locator_classes = []
        import fastaug
        print(*fastaug.flip([[1, 2]], horizontal=True)[0])
    """
    assert output_of(code, FASTAUG_BACKEND="numba") == "2 1"


def test_a_place_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    """As that of a read-only installation: here a folder below a file, which root cannot make."""
    code = """
        import numba.core.caching as caching
        places = caching.CacheImpl._locator_classes
        caching.CacheImpl._locator_classes = [c for c in places if "UserProvided" in c.__name__]
        assert len(caching.CacheImpl._locator_classes) == 1
        import fastaug
        print(*fastaug.flip([[1, 2]], horizontal=True)[0])
    """
    (tmp_path / "file").touch()
    place = str(tmp_path / "file" / "below")
    assert output_of(code, FASTAUG_BACKEND="numba", NUMBA_CACHE_DIR=place) == "2 1"


def test_processes_that_fill_one_cache_at_once(tmp_path: Path) -> None:
    """Both compile, whoever writes last; the next one finds whole code."""
    code = """
        import numpy as np, fastaug
        from fastaug.backends.numba.flip import flip
        made = fastaug.flip(np.arange(12, dtype=np.uint8).reshape(3, 4), horizontal=True)
        print(*made[2], sum(flip.stats.cache_hits.values()))
    """
    environment = {"FASTAUG_BACKEND": "numba", "NUMBA_CACHE_DIR": str(tmp_path)}
    with ThreadPoolExecutor(3) as starters:
        running = [starters.submit(output_of, code, **environment) for _ in range(3)]
        for each in running:
            assert each.result()[:9] == "11 10 9 8"
    assert output_of(code, **environment) == "11 10 9 8 1"


def test_helpers_keep_no_arrays() -> None:
    """They do not count references, so that one which gave an array back would free it twice."""
    folder = Path(str(files("fastaug"))) / "backends" / "numba"
    helpers = [
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and {ast.unparse(d) for d in node.decorator_list} & {"inlined", "shared"}
    ]
    assert len(helpers) > 100
    for helper in helpers:
        assert helper.returns is not None, helper.name
        assert "Array" not in ast.unparse(helper.returns), helper.name
