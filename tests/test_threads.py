"""The number of threads, calls from many of them, and what a fork or a worker process finds."""

from __future__ import annotations

import os
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import CASES, pixels
from extension import needs_extension
from processes import output_of, run_python
from references import same_bits

import fastaug

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

# What a child has to get right, and how it says so.
WORK = """
import os, sys, threading
import numpy as np
import fastaug
try:
    from fastaug import _native
except ImportError:
    pass  # a pure install
images = (np.arange(8 * 90 * 90 * 3) % 255).astype(np.uint8).reshape(8, 90, 90, 3)

def work():
    return fastaug.dilate(fastaug.gaussian_noise(images, 9, seed=1), 5)
"""


def test_set_and_get() -> None:
    for n in (1, 3, np.int64(7), 65536):
        fastaug.set_num_threads(n)
        assert fastaug.get_num_threads() == n
        assert type(fastaug.get_num_threads()) is int
    assert fastaug.build_info()["threads"] == 65536


@pytest.mark.parametrize(
    ("n", "error", "message"),
    [
        (0, ValueError, "n must be from 1 to 65536, got 0"),
        (-3, ValueError, "n must be from 1 to 65536, got -3"),
        (2**16 + 1, ValueError, "n must be from 1 to 65536, got 65537"),
        (2**70, ValueError, "n must be from 1 to 65536, got 1180591620717411303424"),
        (2.0, TypeError, "n must be a whole number, got 2.0"),
        (True, TypeError, "n must be a whole number, got True"),
        ("4", TypeError, "n must be a whole number, got '4'"),
        (None, TypeError, "n must be a whole number, got None"),
        ([2, 3], TypeError, "n must be a whole number, got [2, 3]"),
    ],
)
def test_bad_numbers(n: Any, error: type[Exception], message: str) -> None:
    fastaug.set_num_threads(3)
    with pytest.raises(error) as caught:
        fastaug.set_num_threads(n)
    assert str(caught.value) == message
    assert fastaug.get_num_threads() == 3


def test_the_default_is_what_the_process_may_use() -> None:
    code = "import fastaug; print(fastaug.get_num_threads())"
    n = int(output_of(code))
    assert 1 <= n <= (os.cpu_count() or 1)
    if hasattr(os, "sched_setaffinity"):
        one = f"import os; os.sched_setaffinity(0, {{{min(os.sched_getaffinity(0))}}}); {code}"
        assert output_of(one) == "1"


def test_the_environment_sets_the_default() -> None:
    code = """
        import fastaug
        print(fastaug.get_num_threads())
        fastaug.set_num_threads(2)
        print(fastaug.get_num_threads())
    """
    assert output_of(code, FASTAUG_NUM_THREADS="7").split() == ["7", "2"]


@pytest.mark.parametrize("setting", ["0", "-1", "two", "1.5", "65537", "9" * 30, " "])
def test_a_bad_environment(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastaug.threads, "_chosen", None)
    monkeypatch.setattr(fastaug.threads, "_asked", setting)
    with pytest.raises(ValueError, match="FASTAUG_NUM_THREADS must be a whole number") as caught:
        fastaug.flip([[1]])
    assert str(caught.value).endswith(f"from 1 to 65536, got {setting!r}")


def test_an_empty_environment_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastaug.threads, "_chosen", None)
    monkeypatch.setattr(fastaug.threads, "_asked", "")
    assert fastaug.get_num_threads() >= 1


@needs_extension
def test_no_more_workers_than_threads() -> None:
    """The one that calls works as well; none at all for one thread or little work."""
    code = """
        from concurrent.futures import ThreadPoolExecutor
        counts = []
        for n in (1, 2, 5):
            fastaug.set_num_threads(n)
            fastaug.flip(images[:1, :9, :9])
            counts.append(_native.worker_count())
            with ThreadPoolExecutor(6) as callers:
                list(callers.map(lambda _: work(), range(24)))
            counts.append(_native.worker_count())
        print(*counts)
    """
    assert output_of(WORK + textwrap.dedent(code)) == "0 0 0 1 1 4"


@needs_extension
def test_importing_starts_no_thread() -> None:
    code = "import fastaug, threading; from fastaug import _native; print(_native.worker_count())"
    assert output_of(code) == "0"


def test_many_callers_get_their_own_results(rng: np.random.Generator) -> None:
    images = pixels(rng, (4, 60, 61, 3), "uint8")
    square = pixels(rng, (4, 60, 60, 3), "uint8")
    jobs = [
        (case, (square if "rot90" in case.name else images).astype(case.dtype)) for case in CASES
    ]
    fastaug.set_num_threads(1)
    expected = [case(batch, range(4)) for case, batch in jobs]
    fastaug.set_num_threads(3)
    order = rng.permutation(np.tile(np.arange(len(jobs)), 4)).tolist()
    with ThreadPoolExecutor(8) as callers:
        results = list(callers.map(lambda i: jobs[i][0](jobs[i][1], range(4)), order))
    for i, result in zip(order, results, strict=True):
        same_bits(result, expected[i], str(jobs[i][0]))


def test_threads_may_change_while_others_call(rng: np.random.Generator) -> None:
    images = pixels(rng, (4, 70, 71, 3), "uint8")
    expected = fastaug.erode(images, 7)

    def call(n: int) -> None:
        fastaug.set_num_threads(n % 5 + 1)
        same_bits(fastaug.erode(images, 7), expected)

    with ThreadPoolExecutor(8) as callers:
        list(callers.map(call, range(80)))


@needs_extension
@needs_fork
def test_a_forked_child_works_and_has_one_thread() -> None:
    code = """
        fastaug.set_num_threads(3)
        expected = work()
        assert _native.worker_count() == 2
        child = os.fork()
        if child == 0:
            ok = fastaug.get_num_threads() == 1 and _native.worker_count() == 0
            ok = ok and (work() == expected).all() and _native.worker_count() == 0
            fastaug.set_num_threads(4)
            ok = ok and (work() == expected).all() and _native.worker_count() == 3
            grandchild = os.fork()
            if grandchild == 0:
                ok = fastaug.get_num_threads() == 1 and (work() == expected).all()
                os._exit(0 if ok else 1)
            ok = ok and os.waitpid(grandchild, 0)[1] == 0
            os._exit(0 if ok else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert fastaug.get_num_threads() == 3
        assert (work() == expected).all()
    """
    run_python(WORK + textwrap.dedent(code))


@needs_fork
def test_a_fork_while_others_call_does_not_hang() -> None:
    """The pool's locks may be held at that moment, by threads that the child does not have."""
    code = """
        fastaug.set_num_threads(3)
        expected = work()
        stop = threading.Event()

        def keep_calling():
            while not stop.is_set():
                assert (work() == expected).all()

        callers = [threading.Thread(target=keep_calling) for _ in range(4)]
        for caller in callers:
            caller.start()
        for _ in range(25):
            child = os.fork()
            if child == 0:
                fastaug.set_num_threads(3)
                os._exit(0 if (work() == expected).all() else 1)
            assert os.waitpid(child, 0)[1] == 0
        stop.set()
        for caller in callers:
            caller.join()
    """
    run_python(WORK + textwrap.dedent(code), timeout=60)


@needs_fork
def test_the_environment_holds_in_a_forked_child() -> None:
    code = """
        import os, fastaug
        fastaug.set_num_threads(3)
        child = os.fork()
        if child == 0:
            os._exit(fastaug.get_num_threads())
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    assert output_of(code, FASTAUG_NUM_THREADS="5") == "5"


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_worker_process_has_one_thread(method: str, tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import multiprocessing
            import sys

            def threads(_):
                import fastaug
                return fastaug.get_num_threads()

            if __name__ == "__main__":
                if {method!r} not in multiprocessing.get_all_start_methods():
                    print(1)
                    sys.exit()
                import fastaug
                fastaug.set_num_threads(3)
                with multiprocessing.get_context({method!r}).Pool(1) as pool:
                    print(*pool.map(threads, [0]))
            """
        )
    )
    assert output_of(script) == "1"


def test_the_interpreter_ends_while_others_call() -> None:
    """Workers that wait, and callers in the background, keep nobody from leaving."""
    code = """
        fastaug.set_num_threads(3)

        def keep_calling():
            while True:
                work()

        for _ in range(3):
            threading.Thread(target=keep_calling, daemon=True).start()
        work()
        print("done")
    """
    assert output_of(WORK + textwrap.dedent(code)) == "done"


def test_the_gil_is_released() -> None:
    """Another Python thread runs while a kernel does."""
    code = """
        import time
        fastaug.set_num_threads(1)
        large = np.random.default_rng(1).integers(0, 256, (1, 3000, 3000, 3), np.uint8)
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
        fastaug.median_blur(large, 15)  # which takes long
        end = time.perf_counter()
        ended.set()
        clock.join()
        print(sum(start < t < end for t in ticks))
    """
    assert int(output_of(WORK + textwrap.dedent(code))) > 5
