"""The backends: each offers the same kernels under the same names, on (N, H, W, C) views.

``native`` is C++, ``cuda`` CUDA C++, and ``numba`` the same arithmetic compiled at first use. Choosing
one that is not there says what to install.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from ..arrays import Array, Batch
from .passes import Stage, Steps
from .record import listening
from .user_op import UserFunction

NAMES = ("native", "numba", "cuda")
_MODULES = {"native": ".native", "numba": ".numba", "cuda": ".cuda.card"}
_chosen: ContextVar[str | None] = ContextVar("fastaug_backend", default=None)
# Once: asking the environment takes as long as all else that a call does to find its backend.
asked = os.environ.get("FASTAUG_BACKEND")


class Backend(Protocol):
    """What every backend offers; arguments are checked before they get here."""

    def affine_matrices(self, parameters: Array) -> Array: ...
    def copies(self, matrices: Array, before: Array, after: Array) -> Array: ...
    def products(self, first: Array, second: Array) -> Array: ...
    def warp_affine(
        self, images: Array, out: Array, matrices: Array, fill: Array, interpolation: int, mode: int
    ) -> None: ...
    def warp_field(
        self,
        images: Array,
        out: Array,
        matrices: Array,
        field: Array | None,
        fill: Array,
        interpolation: int,
        mode: int,
    ) -> None: ...
    def warp_spline(
        self,
        images: Array,
        out: Array,
        matrices: Array,
        fill: Array,
        mirror: Array,
        order: int,
        mode: int,
    ) -> None: ...
    def flip(self, images: Array, out: Array, horizontal: Array, vertical: Array) -> None: ...
    def rot90(self, images: Array, out: Array, k: Array) -> None: ...
    def window(
        self, images: Array, out: Array, offsets: Array, fill: Array, border: int
    ) -> None: ...
    def erase(self, images: Array, out: Array, boxes: Array, fill: Array) -> None: ...
    def shuffle_channels(self, images: Array, out: Array, order: Array, fill: Array) -> None: ...
    def blend(
        self,
        images: Array,
        out: Array,
        others: Array,
        weight: Array,
        source: Array | None = None,
    ) -> None: ...
    def paste(
        self,
        images: Array,
        out: Array,
        others: Array,
        boxes: Array,
        source: Array | None = None,
    ) -> None: ...
    def resize(
        self, images: Array, out: Array, edges: Array, kernel: int, antialias: bool
    ) -> None: ...
    def morphology(
        self,
        images: Array,
        out: Array,
        op: int,
        sizes: Array | None,
        runs: Array | None,
        border: int,
        cval: float,
    ) -> None: ...
    def gaussian_weights(self, sigma: Array, radii: Array, like: Array) -> tuple[Array, Array]: ...
    def gaussian_blur(
        self, images: Array, out: Array, weights: Array, radii: Array, border: int, cval: float
    ) -> None: ...
    def box_blur(
        self, images: Array, out: Array, sizes: Array, border: int, cval: float
    ) -> None: ...
    def correlate(
        self,
        images: Array,
        out: Array,
        offsets: Array,
        weights: Array,
        spans: Array,
        border: int,
        cval: float,
    ) -> None: ...
    def median_blur(
        self, images: Array, out: Array, sizes: Array, border: int, cval: float
    ) -> None: ...
    def sharpen(
        self, images: Array, out: Array, factor: Array, low: float, high: float, keeps_alpha: bool
    ) -> None: ...
    def noise(self, op: str, images: Array, out: Array, *arguments: Any) -> None: ...
    def photometric(
        self,
        images: Array,
        out: Array,
        channel_shift: Array | None,
        brightness: int,
        factor: Array | None,
        white: float,
        rescale: float,
        samplewise_center: bool,
        samplewise_std: bool,
        center: Array | None,
        scale: Array | None,
    ) -> None: ...
    def point(
        self,
        images: Array,
        out: Array,
        op: int,
        first: Array,
        second: Array,
        low: float,
        high: float,
        keeps_alpha: bool,
    ) -> None: ...
    def normalize(self, images: Array, out: Array, scale: Array, shift: Array) -> None: ...
    def saturation(
        self, images: Array, out: Array, factor: Array, low: float, high: float
    ) -> None: ...
    def hue(self, images: Array, out: Array, turn: Array, low: float, high: float) -> None: ...
    def levels(self, images: Array, out: Array, op: int, low: float, high: float) -> None: ...
    def user_op(
        self, images: Array, out: Array, function: UserFunction, numbers: Array
    ) -> None: ...
    def run_pass(self, images: Array, source: Array, out: Array, steps: Steps) -> None: ...
    def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None: ...
    def uniforms(self, seed: Array, index: Array, epoch: Array, place: int, size: int) -> Array: ...
    def philox(self, counters: Array, keys: Array, rounds: int) -> Array: ...


def unavailable(name: str) -> str | None:
    """Why a backend cannot be used here, or None if it can."""
    return {"native": _native_missing, "numba": _numba_missing, "cuda": _cuda_missing}[name]()


def _native_missing() -> str | None:
    try:
        import_module("fastaug._native")
    except ModuleNotFoundError:
        otherwise = ", or let Numba compile the kernels: pip install 'fastaug[numba]'"
        or_numba = "" if _numba_missing() is None else otherwise
        if Path(__file__).parents[2].joinpath("setup.py").exists():
            return (
                "this is its source tree, in which the extension is not built; leave this folder "
                "to use an installed fastaug, or build it here: python setup.py build_ext --inplace"
                + or_numba
            )
        return (
            "the extension was not built: there was no C++ compiler at install time, or "
            "FASTAUG_PURE=1 was set; install a C++17 compiler and reinstall fastaug with "
            "pip's --force-reinstall --no-cache-dir" + or_numba
        )
    except ImportError as error:
        return str(error)
    return None


def _numba_missing() -> str | None:
    if find_spec("numba") is None:
        return "Numba is not installed; install it with: pip install 'fastaug[numba]'"
    return None


def _cuda_missing() -> str | None:
    if find_spec("cupy") is None:
        return "CuPy is not installed; install it with: pip install 'fastaug[cuda13x]' (or cuda12x)"
    runtime = import_module("cupy").cuda.runtime
    try:
        cards = runtime.getDeviceCount()
    except runtime.CUDARuntimeError as error:
        return f"CuPy finds no CUDA device: {error}"
    return None if cards else "CuPy finds no CUDA device"


def of(batch: Batch) -> Backend:
    """The backend for these images: cuda for those on a card, else the `current` one."""
    recorder: Any = listening.get()
    if recorder is not None:
        backend: Backend = recorder
        return backend
    return _load("cuda") if batch.on_card else current()


def current() -> Backend:
    """The backend for NumPy arrays: `use_backend`, else what ``FASTAUG_BACKEND`` was, else native.

    Where the extension was not built, and Numba is installed, the last is numba.

    Raises:
        ValueError: if the name is unknown, or ``"cuda"``.
        RuntimeError: if the backend is not available; says why and what to do.
    """
    return _for_numpy(_chosen.get() or asked or _default())


@cache
def _default() -> str:
    try:
        import_module("fastaug._native")
    except ModuleNotFoundError:
        return "numba" if _numba_missing() is None else "native"
    except ImportError:  # one that is there and fails says so when it is used
        pass
    return "native"


def use_backend(name: str) -> AbstractContextManager[None]:
    """Chooses the backend for NumPy arrays within a ``with`` block.

    Args:
        name: ``"native"`` or ``"numba"``. Images on a card are always worked on there, by cuda.

    Returns:
        A context manager; without ``with`` nothing is chosen.

    Raises:
        ValueError: if there is no such backend for NumPy arrays.
        RuntimeError: if it is not available here; the message says why.

    Examples:
        >>> import numpy as np, fastaug
        >>> with fastaug.use_backend("native"):
        ...     fastaug.flip(np.arange(3, dtype=np.uint8)[None], horizontal=True)
        array([[2, 1, 0]], dtype=uint8)
    """
    _for_numpy(name)  # now, not when the block is entered
    return _chosen_within(name)


@contextmanager
def _chosen_within(name: str) -> Iterator[None]:
    token = _chosen.set(name)
    try:
        yield
    finally:
        _chosen.reset(token)


def _for_numpy(name: str) -> Backend:
    if name not in NAMES or name == "cuda":
        names = ", ".join(n for n in NAMES if n != "cuda")
        raise ValueError(
            f"backend must be one of {names} (cuda is chosen by arrays on a card), got {name!r}"
        )
    return _load(name)


@cache
def _load(name: str) -> Backend:
    reason = unavailable(name)
    if reason is not None:
        raise RuntimeError(f"the {name} backend is not available: {reason}")
    backend: Backend = import_module(_MODULES[name], __name__).BACKEND
    return backend
