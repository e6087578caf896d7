"""Batches of the images in a folder of class folders."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras

from ..checks import refuse_unknown, whole
from ..iterator import Iterator
from .batches import BatchFromFilesMixin, say
from .listing import class_folders, list_classes, mask_names

if TYPE_CHECKING:
    from ..generator import ImageDataGenerator
    from .filenames import FileNames


class DirectoryIterator(BatchFromFilesMixin, Iterator):
    """Augmented batches of image files; what `ImageDataGenerator.flow_from_directory` returns.

    Takes the arguments of that method, and the generator, or None for images as they are.
    `filenames` and `filepaths` are read-only sequences that compare equal to Keras' lists.

    Raises:
        FileNotFoundError: if there is no such folder, of images or of masks.
        ValueError: if a mode, a name or a setting is unknown, or an image has no mask.
    """

    allowed_class_modes = frozenset({"categorical", "binary", "sparse", "input", None})

    def __init__(
        self,
        directory: str | os.PathLike[str],
        image_data_generator: ImageDataGenerator | None,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: str | None = None,
        *,
        mask_directory: str | os.PathLike[str] | None = None,
        mask_cval: int = 0,
        fast_decode: bool = False,
        on_error: str = "raise",
        decode_threads: int | None = None,
        read_ahead: int = 2,
        **kwargs: Any,
    ) -> None:
        refuse_unknown(self.__init__, kwargs)  # type: ignore[misc]
        self.set_processing_attrs(
            image_data_generator,
            target_size,
            color_mode,
            data_format or keras.config.image_data_format(),
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            interpolation,
            keep_aspect_ratio,
        )
        self.set_reading_attrs(fast_decode, on_error, decode_threads, read_ahead)
        if class_mode not in self.allowed_class_modes:
            raise ValueError(
                f"Invalid class_mode: {class_mode}; "
                f"expected one of: {set(self.allowed_class_modes)}"
            )
        if mask_directory is not None and not os.path.isdir(mask_directory):
            raise FileNotFoundError(
                errno.ENOENT, "`mask_directory` is no folder", os.fspath(mask_directory)
            )
        self.mask_cval = whole("mask_cval", mask_cval, 0, 255)
        self.directory = directory
        self.class_mode = class_mode
        self.dtype = dtype or keras.config.floatx()
        folder = os.fspath(directory)
        names = list(classes) if classes else class_folders(folder)
        self.num_classes = len(names)
        self.class_indices = {name: number for number, name in enumerate(names)}
        self.filenames: Sequence[str]
        self.filenames, self.classes = found, _ = list_classes(
            folder, names, self.white_list_formats, self.split, follow_links
        )
        self.samples = len(found)
        self._filepaths: FileNames = found.within(folder)
        say(f"Found {self.samples} images belonging to {self.num_classes} classes.")
        if mask_directory is not None:
            masks = os.fspath(mask_directory)
            self._maskpaths = mask_names(
                found, masks, self.white_list_formats, follow_links
            ).within(masks)
        super().__init__(self.samples, batch_size, shuffle, seed, **kwargs)

    @property
    def filepaths(self) -> Sequence[str]:
        return self._filepaths

    @property
    def labels(self) -> Any:
        """The number of each sample's class, int32, shape (samples,)."""
        return self.classes

    @property
    def sample_weight(self) -> Any:
        """None: files in folders have no weights."""
        return None
