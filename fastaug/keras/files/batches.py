"""What the iterators over files have in common: from sample numbers to batches."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from ...arrays import Array
from ..checks import image_size
from ..draws import Draws
from ..targets import Motion, combined, warp_masks

if TYPE_CHECKING:
    from ..generator import ImageDataGenerator
    from .decoding import Decoder
    from .reading import Batch, Files, Reader

_ON_ERROR = ("raise", "skip")


class BatchFromFilesMixin:
    """Makes batches of samples that lie in files; Keras' class of this name, and its attributes.

    A class that has it says where the samples are (`filepaths`, and `_maskpaths` if there are
    masks), what their `labels` are and what `sample_weight`, and calls `set_processing_attrs`, and
    `set_reading_attrs` if it has other settings than the default ones.
    """

    white_list_formats = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")

    # What `Iterator` and the class with the samples bring along.
    dtype: str
    class_mode: str | None
    class_indices: dict[str, int]
    classes: Any
    index_array: Array | None
    _augmented: Callable[[Array, Array, Array, Any, bool], tuple[Array, Draws]]
    _next_index_array: Callable[[Array], Array | None]
    _file_number: Callable[[int], int]
    _order_drawn: Callable[[], Array | None]
    _maskpaths: Sequence[str] | None = None
    mask_cval: int = 0

    def set_processing_attrs(
        self,
        image_data_generator: ImageDataGenerator | None,
        target_size: tuple[int, int],
        color_mode: str,
        data_format: str,
        save_to_dir: str | None,
        save_prefix: str,
        save_format: str,
        subset: str | None,
        interpolation: str,
        keep_aspect_ratio: bool,
    ) -> None:
        """Sets how files become batches, under Keras' names.

        Args:
            image_data_generator: what augments the images; None to leave them as they are.
            target_size: (height, width) in pixels.
            color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
            data_format: ``"channels_last"`` or ``"channels_first"``.
            save_to_dir: folder to save every augmented image to.
            save_prefix: of the file names there.
            save_format: of the files there, by their ending.
            subset: ``"training"`` or ``"validation"`` if the generator has a `validation_split`.
            interpolation: Pillow's filter for the resize.
            keep_aspect_ratio: whether to cut the middle in the shape of `target_size` first.

        Raises:
            ValueError: if one of the names is unknown.
        """
        self.image_data_generator = image_data_generator
        height, width = self.target_size = image_size("target_size", target_size)
        self.keep_aspect_ratio = keep_aspect_ratio
        self.color_mode = color_mode
        self.data_format = data_format
        self.interpolation = interpolation
        self.set_reading_attrs()
        channels = self._decoder.channels
        self.image_shape = (
            (height, width, channels)
            if data_format == "channels_last"
            else (channels, height, width)
        )
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        self.split: tuple[float, float] | None = None
        if subset is not None:
            if subset not in ("training", "validation"):
                raise ValueError(
                    f'Invalid subset name: {subset}; expected "training" or "validation"'
                )
            share = getattr(image_data_generator, "_validation_split", None)
            if share is None:
                raise ValueError(
                    "`subset` needs an image_data_generator with a validation_split. "
                    f"Received: subset={subset!r}, image_data_generator={image_data_generator!r}"
                )
            self.split = (0, share) if subset == "validation" else (share, 1)
        self.subset = subset

    def set_reading_attrs(
        self,
        fast_decode: bool = False,
        on_error: str = "raise",
        decode_threads: int | None = None,
        read_ahead: int = 2,
    ) -> None:
        """Sets how the files are read: what Keras has no names for.

        Args:
            fast_decode: whether to decode JPEG files at a part of their size where that is still
                no less than `target_size`. Faster, and other pixels.
            on_error: ``"raise"``; or ``"skip"`` to put another sample in the place of one that
                cannot be read, with a warning for each file: the one half an epoch on in the order
                of the epoch, or the next that can be read.
            decode_threads: the most files decoded at once; default `fastaug.get_num_threads()`.
            read_ahead: the most batches that are decoded before they are asked for, while they are
                asked for in order; 0 for none. So many batches, and one more, are in memory.

        Raises:
            ValueError, TypeError: if a setting is none of these.
        """
        from .reading import Reader

        if on_error not in _ON_ERROR:
            raise ValueError(f'`on_error` must be "raise" or "skip". Received: {on_error!r}')
        self.fast_decode = fast_decode
        self.on_error = on_error
        self.decode_threads = decode_threads
        self.read_ahead = read_ahead
        self._reader: Reader = Reader(self._decoder, decode_threads, read_ahead)
        self._unreadable: set[int] = set()

    @property
    def _decoder(self) -> Decoder:
        """What reads one file, by the attributes as they are now: Keras reads them for every batch."""
        from .decoding import Decoder

        return Decoder(
            image_size("target_size", self.target_size),
            self.color_mode,  # type: ignore[arg-type]  # checked there
            self.interpolation,
            self.keep_aspect_ratio,
            self.fast_decode,
        )

    @property
    def filepaths(self) -> Sequence[str]:
        """Paths of the images of all samples."""
        raise NotImplementedError(f"`filepaths` is not implemented in {type(self).__name__}.")

    @property
    def labels(self) -> Any:
        """Labels of all samples."""
        raise NotImplementedError(f"`labels` is not implemented in {type(self).__name__}.")

    @property
    def sample_weight(self) -> Any:
        """Weights of all samples, or None."""
        raise NotImplementedError(f"`sample_weight` is not implemented in {type(self).__name__}.")

    def _get_batches_of_transformed_samples(self, index_array: Array) -> Any:
        batch = self._read(np.asarray(index_array))
        # Other samples may have taken the place of those that cannot be read.
        index_array = batch.index
        source, masks = batch.images, batch.masks
        if self.data_format == "channels_first":
            source = source.transpose(0, 3, 1, 2)
            masks = None if masks is None else masks.transpose(0, 3, 1, 2)
        if self.image_data_generator is None:
            images = source.astype(self.dtype)
            masks = None if masks is None else masks.copy()
        else:
            # Keras augments files in its floatx, whatever the dtype of the batch.
            places, floatx = np.arange(len(source)), keras.config.floatx()
            cuts = np.dtype(self.dtype).kind in "iu"
            augmented, draws = self._augmented(index_array, source, places, floatx, cuts)
            images = augmented.astype(self.dtype, copy=False)
            if masks is not None:
                motion = Motion.of(self.image_data_generator, draws, self._image_size())
                masks = warp_masks(masks, self.image_data_generator, motion, cval=self.mask_cval)
        if self.save_to_dir:
            self._save(images, index_array)
        labels = None if self.class_mode is None else self._batch_labels(images, index_array)
        if masks is not None:
            labels = combined(labels, {"masks": masks})
        if labels is None:
            return images
        if self.sample_weight is None:
            return images, labels
        return images, labels, self.sample_weight[index_array]

    def _image_size(self) -> tuple[int, int]:
        return image_size("target_size", self.target_size)

    def _batch_labels(self, images: Array, index_array: Array) -> Any:
        if self.class_mode == "input":
            return images.copy()
        if self.class_mode == "multi_output":
            return [output[index_array] for output in self.labels]
        if self.class_mode == "raw":
            return self.labels[index_array]
        classes = [self.classes[i] for i in index_array]
        if self.class_mode in ("binary", "sparse"):
            return np.array(classes, self.dtype)
        one_hot = np.zeros((len(classes), len(self.class_indices)), self.dtype)
        for row, label in zip(one_hot, classes, strict=True):
            row[label] = 1  # one number, or a list of several
        return one_hot

    def _save(self, images: Array, index_array: Array) -> None:
        assert self.save_to_dir is not None
        for image, index in zip(images, index_array, strict=True):
            picture = keras.utils.array_to_img(image, self.data_format, scale=True)
            number = self._file_number(10_000_000)
            name = f"{self.save_prefix}_{index}_{number}.{self.save_format}"
            picture.save(os.path.join(self.save_to_dir, name))

    def _files(self) -> Files:
        from .reading import Files

        return Files(self.filepaths, self._maskpaths)

    def _read(self, index_array: Array) -> Batch:
        from .reading import Reader

        upcoming: list[Array] = []
        following: Array | None = index_array
        while len(upcoming) < self.read_ahead and following is not None:
            following = self._next_index_array(following)
            if following is not None:
                upcoming.append(following)
        files = self._files()
        settings = self._decoder, self.decode_threads, self.read_ahead
        reader = self._reader
        if (reader.decoder, reader.threads, reader.read_ahead) != settings:  # one was changed
            reader = self._reader = Reader(*settings)
        batch = reader.read(index_array, files, upcoming)
        if batch.errors:
            self._mend(batch, files)
        return batch

    def _mend(self, batch: Batch, files: Files) -> None:
        """Raises the first error, or puts other samples in the places of those with errors.

        The other sample is the one half an epoch on in the order of this epoch, or the first after
        that which can be read. So it depends on that order alone, that of all shards, and neither on
        the batch nor on who makes it; and samples that follow one another get different ones.
        """
        errors = dict(sorted(batch.errors.items()))
        for place, error in errors.items():
            if self.on_error == "raise" or not isinstance(error, Exception):
                raise error
            self._warn_once(int(batch.index[place]), error)
        batch.index = batch.index.copy()
        order = self._order_drawn()
        order = np.arange(len(files.images)) if order is None else order
        for place in errors:
            sample, image, mask = self._instead_of(int(batch.index[place]), order, files)
            batch.index[place] = sample
            batch.put(place, image, mask)
        batch.errors.clear()

    def _instead_of(
        self, sample: int, order: Array, files: Files
    ) -> tuple[int, Array, Array | None]:
        place = int(np.argmax(order == sample)) + len(order) // 2
        for i in range(place, place + len(order)):
            other = int(order[i % len(order)])
            if other in self._unreadable:
                continue
            try:
                image = self._decoder.image(files.images[other])
                mask = None if files.masks is None else self._decoder.mask(files.masks[other])
            except Exception as error:
                self._warn_once(other, error)
            else:
                return other, image, mask
        raise OSError(f"None of the {len(files.images)} image files can be read.")

    def _warn_once(self, sample: int, error: Exception) -> None:
        if sample not in self._unreadable:
            self._unreadable.add(sample)
            warnings.warn(f"{error} Another sample takes its place.", stacklevel=2)


def say(message: str) -> None:
    """Prints a line as Keras does, or logs it where Keras does."""
    if keras.config.is_interactive_logging_enabled():
        sys.stdout.write(message + "\n")
        sys.stdout.flush()
    else:
        from absl import logging

        logging.info(message)
