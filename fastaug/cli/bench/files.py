"""From a folder of photographs to augmented batches, and what decoding alone costs."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ... import threads
from ...arrays import Array
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .keras_path import GEOMETRY, PIXELS, generators

_FILE_SIZE = 375, 500  # height and width
_BATCHES = 4
_QUALITY = 90
# Photographs that are large enough, of those that ship inside scikit-image.
_PHOTOGRAPHS = ("astronaut", "coffee", "rocket")


class FolderWork(Work):
    """JPEG files in a temporary folder; `images` are the files as they are decoded."""

    @cached_property
    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        folder = tempfile.TemporaryDirectory(prefix="fastaug-bench-")
        make_files(Path(folder.name), self.shape[0])
        return folder

    @property
    def folder(self) -> str:
        return self._folder.name

    @property
    def files(self) -> list[str]:
        """In the order of the iterators: by class, then by name."""
        return [str(path) for path in sorted(Path(self.folder).rglob("*.jpg"))]

    @property
    def images(self) -> Array:
        return np.stack([*map(decoder(self.size), self.files)])

    def release(self) -> None:
        super().release()
        folder = self.__dict__.pop("_folder", None)
        if folder is not None:
            folder.cleanup()


DIRECTORY = Op(
    "directory",
    {"jpeg": {"batches": _BATCHES, "patience": 10}},
    dtypes=("float32",),
    agreement=PIXELS,
    work=FolderWork,
    copied=False,
)
OPS = [DIRECTORY]


def _can(work: Work) -> bool:
    return peers.installed("pillow") and (
        find_spec("sklearn") is not None or peers.installed("scikit-image")
    )


def photographs() -> list[Array]:
    """The photographs that ship inside scikit-learn and scikit-image, as far as these are there."""
    found: list[Array] = []
    if find_spec("sklearn") is not None:
        found += import_module("sklearn.datasets").load_sample_images().images
    if peers.installed("scikit-image"):
        data = peers.load("scikit-image", "data")
        found += [getattr(data, name)() for name in _PHOTOGRAPHS]
    return found


def make_files(folder: Path, n: int) -> None:
    """Writes n JPEG files, in folders of two classes: random parts of photographs, some mirrored.

    Their pixels are those of the photographs, not resized, so that decoding them costs what it does.
    """
    image = peers.load("pillow", "Image")
    rng = np.random.default_rng(0)
    sources = photographs()
    height, width = _FILE_SIZE
    for i in range(n):
        source = sources[i % len(sources)]
        top, left = (rng.integers(0, source.shape[k] - _FILE_SIZE[k] + 1) for k in (0, 1))
        part = source[top : top + height, left : left + width]
        if rng.random() < 0.5:
            part = part[:, ::-1]
        path = folder / f"class-{2 * i // n}" / f"{i:04}.jpg"
        path.parent.mkdir(exist_ok=True)
        image.fromarray(np.ascontiguousarray(part)).save(path, quality=_QUALITY)


def decoder(size: tuple[int, int]) -> Callable[[str], Array]:
    """What Keras does to a file before it augments the image, and no more."""
    image = peers.load("pillow", "Image")

    def decode(path: str) -> Array:
        with image.open(path) as file:
            pixels = file if file.mode == "RGB" else file.convert("RGB")
            return np.asarray(pixels.resize(size[::-1], image.Resampling.NEAREST))

    return decode


def _flow(who: str, work: Work) -> Call:
    assert isinstance(work, FolderWork)
    generator = generators(who).ImageDataGenerator(**GEOMETRY)
    with redirect_stdout(io.StringIO()):  # both say how many files they found
        batches = generator.flow_from_directory(
            work.folder,
            target_size=work.size,
            batch_size=work.shape[0] // _BATCHES,
            class_mode="sparse",
            shuffle=False,
            seed=7,
        )

    def epoch() -> Any:
        # A whole one, since nothing is read ahead over its end: no work is left to others' time.
        for _ in range(_BATCHES):
            images, _labels = next(batches)
        return images

    return epoch


@DIRECTORY.by(OURS, needs="keras", when=_can)
def _directory_ours(work: Work) -> Call:
    return _flow(OURS, work)


@DIRECTORY.by(
    "keras", name="keras generator", when=lambda work: _can(work) and peers.installed("scipy")
)
def _directory_keras(work: Work) -> Call:
    return _flow("keras", work)


@DIRECTORY.by("pillow", name="pillow, decoding only", when=_can, agreement=Agreement("bound"))
def _decode_pillow(work: Work) -> Call:
    assert isinstance(work, FolderWork)
    files, decode = work.files, decoder(work.size)
    batch, workers = len(files) // _BATCHES, threads.get_num_threads()
    pool = ThreadPoolExecutor(workers)

    def epoch() -> Any:
        run = map if workers == 1 else pool.map
        decoded: list[Array] = []
        for i, pixels in enumerate(run(decode, files)):
            if i % batch == 0:
                decoded = []
            decoded.append(pixels)
        return decoded

    return epoch
