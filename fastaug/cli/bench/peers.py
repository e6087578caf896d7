"""The libraries to compare with: which are installed, and how to load them quietly on few threads."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

from ... import threads as own_threads
from ...arrays import Array
from .data import Work

# Peer -> (module, the distributions that may hold it).
PEERS = {
    "numpy": ("numpy", ("numpy",)),
    "opencv": ("cv2", ("opencv-python-headless", "opencv-python", "opencv-contrib-python")),
    "scipy": ("scipy", ("scipy",)),
    "scikit-image": ("skimage", ("scikit-image",)),
    "pillow": ("PIL", ("pillow", "pillow-simd")),
    "torch": ("torch", ("torch",)),
    "torchvision": ("torchvision", ("torchvision",)),
    "albumentations": ("albumentations", ("albumentationsx", "albumentations")),
    "keras": ("keras", ("keras",)),
}

# Those that come with fastaug[bench]; the others are compared with where they happen to be.
BROUGHT = ("opencv", "scipy", "scikit-image", "pillow", "keras")

# Whose threads are those of another one.
_BUILT_ON = {"albumentations": "opencv", "torchvision": "torch"}

# What keeps them from talking on import, and from asking the network for news.
_QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "ALBUMENTATIONS_NO_TELEMETRY": "1",
    "ALBUMENTATIONS_OFFLINE": "1",
    "NO_ALBUMENTATIONS_UPDATE": "1",
}

_limit: int | None = None
_undo: dict[str, Callable[[], None]] = {}


@cache
def installed(peer: str) -> bool:
    """Whether a peer is there to be imported; imports nothing."""
    return find_spec(PEERS[peer][0]) is not None


def versions() -> dict[str, str]:
    """The versions of the peers that are installed."""
    found = {}
    for peer, (_, distributions) in PEERS.items():
        for name in distributions if installed(peer) else ():
            with suppress(metadata.PackageNotFoundError):
                found[peer] = metadata.version(name)
                break
    return found


def missing() -> list[str]:
    """The peers that are not installed."""
    return [peer for peer in PEERS if not installed(peer)]


def load(peer: str, submodule: str = "") -> Any:
    """Imports a peer, or a module of it, and holds it to the number of threads in force."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if peer in _BUILT_ON:
        load(_BUILT_ON[peer])
    module = PEERS[peer][0]
    with warnings.catch_warnings(), _muted(peer == "keras" and module not in sys.modules):
        warnings.simplefilter("ignore")
        top = import_module(module)
        if _limit is not None and peer not in _undo:
            _undo[peer] = _hold(peer, top, _limit)
        return import_module(f"{module}.{submodule}") if submodule else top


def albumentations(transform: Any, images: Array) -> Callable[[], Any]:
    """A transform of Albumentations on every image: made once, without a way to say where to put it."""
    return lambda: [transform(image=image)["image"] for image in images]


def pillow_images(images: Array) -> list[Any]:
    """uint8 images as Pillow's; grey ones have no axis of channels there."""
    make = load("pillow", "Image").fromarray
    return [make(image[..., 0] if image.shape[2] == 1 else image) for image in images]


def pillow_can(work: Work) -> bool:
    """Whether Pillow has images of so many channels."""
    return work.shape[3] in (1, 3, 4)


@contextmanager
def _muted(wanted: bool) -> Iterator[None]:
    """Holds back what C++ writes to standard error, unless something goes wrong.

    TensorFlow greets from C++ before any setting of its own can stop it.
    """
    if not wanted:
        yield
        return
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        except BaseException:
            said.seek(0)
            os.write(kept, said.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@contextmanager
def limited(threads: int) -> Iterator[None]:
    """Holds this library and the peers loaded within to so many threads, on as many cores."""
    global _limit
    chosen = own_threads._chosen  # get_num_threads() would not tell a choice from the default
    hold(threads)
    release = _pin(threads)
    try:
        yield
    finally:
        release()
        own_threads._chosen = chosen
        _limit = None
        for undo in _undo.values():
            undo()
        _undo.clear()


def hold(threads: int) -> None:
    """Holds this whole process, and the peers it loads, to so many threads."""
    global _limit
    _limit = threads
    own_threads.set_num_threads(threads)


def _pin(threads: int) -> Callable[[], None]:
    """Keeps this thread, and those it starts, on as many cores: the last, which are busy least."""
    if not hasattr(os, "sched_setaffinity"):
        return lambda: None
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[-threads:]))
    return lambda: os.sched_setaffinity(0, before)


def _hold(peer: str, module: Any, threads: int) -> Callable[[], None]:
    """Tells a peer how many threads to use; gives back what undoes it."""
    if peer == "opencv":
        before = module.getNumThreads()
        module.setNumThreads(threads)
        return lambda: module.setNumThreads(before)
    if peer == "torch":
        before = module.get_num_threads()
        module.set_num_threads(threads)
        return lambda: module.set_num_threads(before)
    if peer == "keras" and module.backend.backend() == "tensorflow":
        config = import_module("tensorflow").config.threading
        with suppress(RuntimeError):  # TensorFlow is running already: only the cores hold it
            config.set_intra_op_parallelism_threads(threads)
            config.set_inter_op_parallelism_threads(threads)
    return lambda: None
