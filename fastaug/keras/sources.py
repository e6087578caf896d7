"""Where the samples of a `Sequence` come from: arrays, what is indexed like one, or files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt

from ..arrays import Array
from .files.filenames import FileNames

Index = npt.NDArray[np.int64]


class Source(Protocol):
    """Samples that are taken by their indices."""

    def __len__(self) -> int: ...

    def take(self, index: Index) -> Any:
        """The samples of these indices as a batch."""


class Arrays:
    """One array, or whatever takes an array of indices as one does."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def take(self, index: Index) -> Any:
        return self.array[index]


class Items:
    """Samples that are loaded one by one."""

    def __init__(self, items: Any, load: Callable[[Any], Any]) -> None:
        self.items = items
        self.load = load

    def __len__(self) -> int:
        return len(self.items)

    def take(self, index: Index) -> Any:
        """One array if all samples have one shape, otherwise a list of arrays."""
        samples = [np.asarray(self.load(self.items[i])) for i in index.tolist()]
        return np.stack(samples) if len({sample.shape for sample in samples}) == 1 else samples


class Several:
    """A tuple or a dictionary of sources, one for each input or output of a model."""

    def __init__(self, parts: tuple[Source, ...] | dict[Any, Source], name: str) -> None:
        self.parts = parts
        each = list(parts.values() if isinstance(parts, dict) else parts)
        if not each:
            raise ValueError(f"`{name}` must not be empty. Received: {parts}")
        lengths = [len(part) for part in each]
        if len(set(lengths)) > 1:
            raise ValueError(
                f"All arrays in `{name}` must have the same length. Received lengths: {lengths}"
            )
        self.length = lengths[0]

    def __len__(self) -> int:
        return self.length

    def take(self, index: Index) -> Any:
        if isinstance(self.parts, dict):
            return {name: part.take(index) for name, part in self.parts.items()}
        return tuple(part.take(index) for part in self.parts)


def load_image(path: str | os.PathLike[str]) -> Array:
    """Decodes a file with Pillow into a uint8 RGB array, in Keras' image data format.

    Raises:
        OSError, ValueError: as `files.decoding.whole_image`; the error names the file.
    """
    from .files.decoding import whole_image

    image = whole_image(os.fspath(path))
    return (
        image if keras.config.image_data_format() == "channels_last" else image.transpose(2, 0, 1)
    )


def as_source(
    given: Any, name: str, *, files: bool = False, load: Callable[[Any], Any] | None = None
) -> Source:
    """Finds out what was given.

    Args:
        given: as `Sequence` takes it.
        name: of the argument.
        files: whether text means files.
        load: turns one item into an array; None for files as `load_image` reads them.

    Raises:
        TypeError: if it is nothing that samples can be taken from.
        ValueError: if it is a list of arrays of several shapes, or the lengths of arrays differ.
    """
    if isinstance(given, tuple):
        each = enumerate(given)
        parts = [as_source(v, f"{name}[{i}]", files=files, load=load) for i, v in each]
        return Several(tuple(parts), name)
    if isinstance(given, dict):
        named = given.items()
        return Several(
            {k: as_source(v, f"{name}[{k!r}]", files=files, load=load) for k, v in named}, name
        )
    if load is not None:
        return Items(_indexed(given, name), load)
    if files and isinstance(given, FileNames):
        return Items(given, load_image)
    if files and _are_paths(given):
        return Items(list(given), load_image)
    return Arrays(_indexed(given, name))


def _are_paths(given: Any) -> bool:
    if isinstance(given, np.ndarray) and given.dtype.kind not in "OUT":
        return False
    known = isinstance(given, list | np.ndarray) or hasattr(given, "iloc")
    return known and len(given) > 0 and all(isinstance(v, str | os.PathLike) for v in given)


def _indexed(given: Any, name: str) -> Any:
    if keras.ops.is_tensor(given):
        return keras.ops.convert_to_numpy(given)
    # A series or data frame of pandas would take the indices for its labels.
    if isinstance(given, list) or hasattr(given, "iloc"):
        try:
            return np.asarray(given)
        except ValueError:
            shapes = [np.shape(v) for v in given[:3]]
            raise ValueError(
                f"`{name}` must be an array, or a list of arrays of one shape. "
                f"Received a list that begins with the shapes {shapes}"
            ) from None
    is_text = isinstance(given, str | bytes)
    if is_text or not (hasattr(given, "__len__") and hasattr(given, "__getitem__")):
        raise TypeError(
            f"`{name}` must be an array, a list, a tuple or dictionary of those, or an object with "
            f"`__len__` and `__getitem__`. Received: {given!r}"
        )
    return given


__all__ = ["Source", "as_source", "load_image"]
