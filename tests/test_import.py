"""Light to import: NumPy, the extension, and 50 ms of processor time."""

from __future__ import annotations

import statistics

from processes import output_of

import fastaug

HEAVY = (
    "cupy",
    "keras",
    "multiprocessing",
    "numba",
    "pandas",
    "PIL",
    "rich",
    "scipy",
    "tensorflow",
    "typer",
)


def test_nothing_heavy_is_loaded() -> None:
    code = f"""
        import sys, numpy
        before = set(sys.modules)
        import fastaug
        fastaug.build_info()
        if fastaug.build_info()["isa"]:  # the first call of a pure install loads Numba
            fastaug.flip([[1]])
        print(*sorted({{m.partition(".")[0] for m in set(sys.modules) - before}} & set({HEAVY})))
    """
    assert output_of(code) == ""


def test_only_numpy_and_the_standard_library_are_loaded_beside_it() -> None:
    code = """
        import sys, numpy
        before = set(sys.modules)
        import fastaug
        fastaug.build_info()
        new = {m.partition(".")[0] for m in set(sys.modules) - before}
        print(*sorted(new - set(sys.stdlib_module_names)))
    """
    assert set(output_of(code).split()) <= {"fastaug", "numpy"}


def test_importing_takes_less_than_50_ms_beyond_numpy() -> None:
    code = """
        import time, numpy
        start = time.thread_time()  # NumPy's own threads, just begun, go round and round meanwhile
        import fastaug
        fastaug.build_info()  # loads the extension
        print(time.thread_time() - start)
    """
    seconds = [float(output_of(code)) for _ in range(5)]
    assert statistics.median(seconds) < 0.05


def test_what_is_public() -> None:
    assert fastaug.__all__ == sorted(fastaug.__all__)
    for name in fastaug.__all__:
        assert hasattr(fastaug, name)
