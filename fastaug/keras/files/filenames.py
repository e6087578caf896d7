"""The names of very many files, as few Python objects as possible."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

import numpy as np
import numpy.typing as npt

# Any string survives this, also the names that the file system could not decode.
_CODEC = ("utf-8", "surrogatepass")

# It is a sequence, but TensorFlow takes every `Sequence` apart that is no list: it would make a data
# set of one element with a component for each name.
if TYPE_CHECKING:
    _Sequence = Sequence[str]
else:
    _Sequence = object


class FileNames(_Sequence):
    """A read-only list of file names, kept as one piece of text and made into strings on demand.

    A million names take their own length and nine bytes each, not the hundred of a list of strings,
    and workers forked from this process share them: no reference count is written to. It compares
    equal to the list of its names; slices, sums, multiples and copies of it are lists, and what takes
    arrays takes it as one of text. What asks for a list itself, such as `json`, needs ``list(names)``.

    Args:
        names: the names, in order.

    Raises:
        ValueError: if a name holds a null character, as no file's can.

    Examples:
        >>> from fastaug.keras.files.filenames import FileNames
        >>> names = FileNames(["cats/1.jpg", "dogs/2.jpg"])
        >>> names[1], len(names), names == ["cats/1.jpg", "dogs/2.jpg"]
        ('dogs/2.jpg', 2, True)
        >>> names.within("data")[0]
        'data/cats/1.jpg'
    """

    __slots__ = ("_folder", "_starts", "_text")
    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have none either

    def __init__(self, names: Iterable[str] = ()) -> None:
        listed = names if isinstance(names, list) else list(names)
        text = terminated(listed)
        if text.count(b"\0") != len(listed):
            wrong = next(name for name in listed if "\0" in name)
            raise ValueError(f"A file name holds a null character: {wrong!r}")
        self._set(text, _starts(text), None)

    def _set(self, text: bytes, starts: npt.NDArray[np.int64], folder: str | None) -> None:
        self._text = text
        self._starts = starts
        self._folder = folder

    @classmethod
    def from_text(cls, text: bytes) -> FileNames:
        """The names in a text made by `terminated`."""
        return cls._make(text, _starts(text), None)

    @classmethod
    def _make(cls, text: bytes, starts: npt.NDArray[np.int64], folder: str | None) -> FileNames:
        new = cls.__new__(cls)
        new._set(text, starts, folder)
        return new

    def within(self, folder: str) -> FileNames:
        """The same names, each joined to this folder; the text is shared."""
        return self._make(self._text, self._starts, folder)

    def _name(self, start: int) -> str:
        name = self._text[start : self._text.index(b"\0", start)].decode(*_CODEC)
        return name if self._folder is None else os.path.join(self._folder, name)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self._name(start) for start in self._starts[index].tolist()]
        return self._name(int(self._starts[index]))

    def __iter__(self) -> Iterator[str]:
        for start in self._starts:
            yield self._name(int(start))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FileNames):
            if self._folder == other._folder and self._text == other._text:
                return bool(np.array_equal(self._starts, other._starts))
        elif not isinstance(other, list):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __add__(self, other: Sequence[str]) -> list[str]:
        return [*self, *other]

    def __radd__(self, other: Sequence[str]) -> list[str]:
        return [*other, *self]

    def __mul__(self, times: SupportsIndex) -> list[str]:
        return list(self) * times

    __rmul__ = __mul__

    def copy(self) -> list[str]:
        """The names as a list, which may be changed."""
        return list(self)

    if not TYPE_CHECKING:
        index = Sequence.index
        count = Sequence.count
        __contains__ = Sequence.__contains__
        __reversed__ = Sequence.__reversed__

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        if copy is False:
            raise ValueError("Unable to avoid copy: file names are no array")
        return np.array(list(self), str if dtype is None else dtype)

    def __repr__(self) -> str:
        more = f", … {len(self)} names" if len(self) > 3 else ""
        return f"FileNames([{', '.join(map(repr, self[:3]))}{more}])"

    def __reduce__(self) -> tuple[Any, ...]:
        return FileNames._make, (self._text, self._starts, self._folder)


def terminated(names: list[str], folder: str = "") -> bytes:
    """The names as one text, each begun with `folder` and ended by a null character."""
    if not names:
        return b""
    return (folder + ("\0" + folder).join(names) + "\0").encode(*_CODEC)


def part(text: bytes, first: int, last: int) -> bytes:
    """The names from number `first` up to `last` of a text made by `terminated`."""
    bounds = np.append(_starts(text), len(text))
    return text[bounds[first] : bounds[last]]


def _starts(text: bytes) -> npt.NDArray[np.int64]:
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == 0)
    starts = np.zeros(len(ends), np.int64)
    starts[1:] = ends[:-1] + 1
    return starts
