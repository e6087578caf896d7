"""What all tests share: hypothesis profiles, how hard to try, and a clean state after each test."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import numpy as np
import pytest
from extension import BUILT

import fastaug
from fastaug import threads

if BUILT:
    from fastaug import _native

hypothesis.settings.register_profile(
    "quick", max_examples=25, deadline=None, derandomize=True, database=None
)
# pytest --hypothesis-profile=thorough -m "slow or not slow"
hypothesis.settings.register_profile("thorough", max_examples=300, deadline=None)
hypothesis.settings.load_profile("quick")


def pytest_report_header() -> str:
    isa = fastaug.build_info()["isa"]
    built = f"instruction set {isa}" if isa else "without the extension"
    return f"fastaug {fastaug.__version__} from {fastaug.__path__[0]}, {built}"


@pytest.fixture(scope="session")
def trials() -> int:
    """How many random cases a loop over NumPy's generator makes: 20, or 500 in a thorough run."""
    return 20 if hypothesis.settings().max_examples < 100 else 500


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Numbers of a test's own, the same in every run and in any order of the tests."""
    return np.random.default_rng(list(request.node.nodeid.encode()))


@pytest.fixture(params=fastaug.build_info()["isa_available"] or ["numba"])
def level(request: pytest.FixtureRequest) -> str:
    """Runs a test at every instruction-set level; once without the extension."""
    if BUILT:
        _native.use_level(request.param)
    return str(request.param)


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts back the number of threads and the instruction-set level."""
    level = fastaug.build_info()["isa"]
    monkeypatch.setattr(threads, "_chosen", threads._chosen)
    yield
    if BUILT:
        _native.use_level(level)
