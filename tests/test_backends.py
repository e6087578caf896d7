"""Choosing a backend, and what is said when it is not there."""

from __future__ import annotations

import re
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from extension import BUILT, needs_extension
from processes import output_of, run_python

import fastaug
from fastaug import backends

IMAGE = np.array([[1, 2, 3]], np.uint8)
THERE = "native" if BUILT else "numba"
NAMES = "backend must be one of native, numba .*, got "

# A wheel without the extension, as one gets without a compiler, and without Numba.
WITHOUT_EXTENSION = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name == "fastaug._native":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
sys.modules["numba"] = None
import fastaug
"""


@needs_extension
def test_native_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "asked", None)
    assert type(backends.current()).__name__ == "Native"
    monkeypatch.setattr(backends, "asked", "")
    assert type(backends.current()).__name__ == "Native"


@needs_extension
def test_native_can_be_chosen() -> None:
    with fastaug.use_backend("native"):
        np.testing.assert_array_equal(fastaug.flip(IMAGE, horizontal=True), [[3, 2, 1]])


@needs_extension
def test_a_backend_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "Numba is not installed; install it with: pip install 'fastaug[numba]'"
    message = re.escape(f"the numba backend is not available: {reason}")
    monkeypatch.setitem(sys.modules, "numba", None)
    backends._load.cache_clear()
    assert fastaug.build_info()["backends"]["numba"] == reason
    with pytest.raises(RuntimeError, match=message), fastaug.use_backend("numba"):
        pass
    monkeypatch.setattr(backends, "asked", "numba")
    with pytest.raises(RuntimeError, match=message):
        fastaug.flip(IMAGE)
    with fastaug.use_backend("native"):  # it comes before the environment
        fastaug.flip(IMAGE)


def test_numba_takes_the_place_of_a_missing_extension() -> None:
    """It is loaded by the first call, not by the import."""
    pytest.importorskip("numba")
    code = """
        print("numba" in sys.modules, fastaug.build_info()["backends"]["numba"])
        print(fastaug.flip([[1, 2]], horizontal=True), type(fastaug.backends.current()).__name__)
    """
    code = WITHOUT_EXTENSION.replace('sys.modules["numba"] = None\n', "") + textwrap.dedent(code)
    assert output_of(code) == "False None\n[[2 1]] Numba"


@pytest.mark.parametrize("name", ["gpu", "Native", "", None, 3, [], "cuda"])
def test_no_backends_for_numpy_arrays(name: Any) -> None:
    with pytest.raises(ValueError, match=NAMES) as caught, fastaug.use_backend(name):
        pass
    assert str(caught.value).endswith(f", got {name!r}")


@pytest.mark.parametrize("name", ["gpu", "cuda"])
def test_no_backend_in_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "asked", name)
    out = np.full_like(IMAGE, 7)
    with pytest.raises(ValueError, match=NAMES + f"'{name}'"):
        fastaug.flip(IMAGE, out=out)
    assert (out == 7).all()


def test_a_choice_ends_with_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an error as well, and for the thread that made it alone."""
    monkeypatch.setattr(backends, "asked", "gpu")
    with pytest.raises(KeyError), fastaug.use_backend(THERE), fastaug.use_backend(THERE):
        raise KeyError
    with pytest.raises(ValueError, match=NAMES):
        fastaug.flip(IMAGE)

    errors = []

    def call() -> None:
        try:
            fastaug.flip(IMAGE)
        except ValueError as error:
            errors.append(error)

    with fastaug.use_backend(THERE):
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
    # A new thread starts from the environment, but where threads inherit the context (3.14t).
    assert len(errors) in (0, 1)
    fastaug.use_backend(THERE)  # a choice that is never entered changes nothing
    with pytest.raises(ValueError, match=NAMES):
        fastaug.flip(IMAGE)


def test_a_wrong_choice_is_refused_before_its_block() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        fastaug.use_backend("nonsense")


def test_without_the_extension_the_first_call_says_what_to_install() -> None:
    done = run_python(WITHOUT_EXTENSION + "print('imported')\nfastaug.flip([[1]])", check=False)
    assert done.stdout.strip() == "imported"
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("RuntimeError: the native backend is not available")
    if (Path(fastaug.__path__[0]).parent / "setup.py").exists():  # in a checkout, another way helps
        assert "build it here: python setup.py build_ext --inplace" in last
    else:
        assert "there was no C++ compiler at install time, or FASTAUG_PURE=1 was set" in last
        assert "install a C++17 compiler and reinstall fastaug" in last
    assert last.endswith("or let Numba compile the kernels: pip install 'fastaug[numba]'")


@pytest.mark.parametrize(
    "call",
    [
        "fastaug.warp_affine(np.zeros((2, 2), np.uint8), np.eye(3)[:2])",
        "fastaug.affine_matrix(size=(3, 3))",
        "fastaug.erode(np.zeros((2, 2)))",
        "fastaug.gaussian_noise(np.zeros((2, 2)), 1, seed=1)",
        "fastaug.random.uniform(1, [1])",
        "fastaug.use_backend('native').__enter__()",
    ],
)
def test_without_the_extension_every_op_says_so(call: str) -> None:
    code = f"""
import numpy as np, fastaug.random
try:
    {call}
except RuntimeError as error:
    print(error)
"""
    assert output_of(WITHOUT_EXTENSION + code).startswith("the native backend is not available")


def test_build_info_without_the_extension() -> None:
    code = """
    info = fastaug.build_info()
    print("not built" in info["backends"]["native"])
    print(info["isa"], info["isa_available"], info["compiler"], info["flags"])
    """
    assert output_of(WITHOUT_EXTENSION + textwrap.dedent(code)).splitlines() == [
        "True",
        "None [] None None",
    ]


def test_build_info() -> None:
    info = fastaug.build_info()
    assert list(info) == [
        "version",
        "backends",
        "isa",
        "isa_available",
        "threads",
        "compiler",
        "flags",
    ]
    assert info["version"] == fastaug.__version__
    assert list(info["backends"]) == ["native", "numba", "cuda"]
    assert info["threads"] == fastaug.get_num_threads()
    if not BUILT:
        return
    assert info["backends"]["native"] is None
    assert info["isa"] in info["isa_available"]
    assert info["compiler"]
    # One arithmetic, to the bit: no build may leave these out.
    assert "-ffp-contract=off" in info["flags"]
    assert "-ffast-math" not in info["flags"]
