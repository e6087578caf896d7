"""Which image files lie in a folder of class folders, in the order that Keras lists them in."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from .filenames import FileNames, part, terminated


def class_folders(directory: str) -> list[str]:
    """The names of the folders in a folder, sorted: its classes."""
    with os.scandir(directory) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir())


def list_classes(
    directory: str,
    classes: Sequence[str],
    formats: tuple[str, ...],
    split: tuple[float, float] | None,
    follow_links: bool,
) -> tuple[FileNames, npt.NDArray[np.int32]]:
    """Lists the images of each class and takes its share of them.

    Args:
        directory: the folder that holds one folder for each class.
        classes: the names of the class folders, in order; one that is not there has no images.
        formats: endings of the files that count, in lower case.
        split: from where to where the images of each class are taken, as shares; None for all.
        follow_links: whether to go into folders that are symbolic links.

    Returns:
        The names relative to `directory`, and the number of each one's class, shape (n,).
    """
    # Threads are for folders on a network, which answer slowly.
    with ThreadPoolExecutor() as pool:
        listed = list(
            pool.map(
                lambda name: _list_class(directory, name, formats, split, follow_links), classes
            )
        )
    if any(tiff for _, tiff in listed):
        warnings.warn(
            'Using ".tiff" files with multiple bands will cause distortion. '
            "Please verify your output.",
            stacklevel=4,
        )
    counts = [text.count(b"\0") for text, _ in listed]
    names = FileNames.from_text(b"".join(text for text, _ in listed))
    return names, np.repeat(np.arange(len(classes), dtype=np.int32), counts)


def _list_class(
    directory: str,
    name: str,
    formats: tuple[str, ...],
    split: tuple[float, float] | None,
    follow_links: bool,
) -> tuple[bytes, bool]:
    """The text of the names of one class, and whether one of all its files ends in .tiff."""
    top = os.path.join(directory, name)
    found: list[tuple[str, bytes]] = []
    tiff = False
    for root, _, files in os.walk(top, followlinks=follow_links):
        valid = sorted(file for file in files if file.lower().endswith(formats))
        tiff = tiff or any(file.lower().endswith(".tiff") for file in files)
        inside = os.path.normpath(os.path.join(name, os.path.relpath(root, top)))
        found.append((root, terminated(valid, os.path.join(inside, ""))))
    # By the whole path as text, so that "a-b" comes before "a/b".
    text = b"".join(names for _, names in sorted(found))
    if split:
        n = text.count(b"\0")
        text = part(text, int(split[0] * n), int(split[1] * n))
    return text, tiff


def mask_names(
    filenames: Sequence[str], directory: str, formats: tuple[str, ...], follow_links: bool
) -> FileNames:
    """Finds the mask of each image: the file of the same name but for its ending, in another tree.

    Args:
        filenames: names of the images, relative to their folder.
        directory: the folder of the masks.
        formats: endings of the files that count, in lower case.
        follow_links: whether a mask may lie in a folder that is a symbolic link.

    Returns:
        The names of the masks relative to `directory`, in the order of the images.

    Raises:
        ValueError: if an image has no mask there, or more than one that could be meant.
    """
    masks: list[str] = []
    folder: str | None = None
    there: dict[str, list[str]] = {}
    for name in filenames:
        inside, file = os.path.split(name)
        if inside != folder:  # the images of one folder follow one another
            folder = inside
            there = _by_stem(os.path.join(directory, inside), formats, follow_links)
        candidates = there.get(os.path.splitext(file)[0], [])
        if file in candidates:
            candidates = [file]
        if len(candidates) != 1:
            problem = f"several masks: {', '.join(candidates)}" if candidates else "no mask"
            raise ValueError(
                f"The image {name!r} has {problem} in `mask_directory` {directory!r}; "
                "a mask has its image's name, with the ending of any image format."
            )
        masks.append(os.path.join(inside, candidates[0]))
    return FileNames(masks)


def _by_stem(folder: str, formats: tuple[str, ...], follow_links: bool) -> dict[str, list[str]]:
    if not os.path.isdir(folder) or (os.path.islink(folder) and not follow_links):
        return {}
    stems: dict[str, list[str]] = {}
    for file in sorted(os.listdir(folder)):
        if file.lower().endswith(formats):
            stems.setdefault(os.path.splitext(file)[0], []).append(file)
    return stems
