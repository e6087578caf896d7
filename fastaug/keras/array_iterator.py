"""Batches of images held in an array."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from ..arrays import Array
from .augment import can_read, white_of
from .checks import refuse_unknown
from .iterator import Iterator, Sampling
from .targets import Motion, Targets, combined

if TYPE_CHECKING:
    from .generator import ImageDataGenerator


class NumpyArrayIterator(Iterator):
    """Augmented batches of images held in an array; what `ImageDataGenerator.flow` returns.

    Takes the arguments of `ImageDataGenerator.flow`, and the generator. The images stay as they
    are, in their dtype, and become `dtype` in the pass that augments them.

    Raises:
        ValueError: if lengths or shapes do not fit, or `subset` is unknown.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        image_data_generator: ImageDataGenerator,
        batch_size: int = 32,
        shuffle: bool = False,
        sample_weight: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        ignore_class_split: bool = False,
        dtype: str | None = None,
        *,
        targets: Targets | None = None,
        sampling: Sampling = "keras",
        shard: tuple[int, int] | None = None,
        **kwargs: Any,
    ) -> None:
        refuse_unknown(self.__init__, kwargs)  # type: ignore[misc]
        self.dtype = dtype or keras.config.floatx()
        self.data_format = data_format or keras.config.image_data_format()
        x, x_misc = _images_and_others(x)
        _check_length("y", "(labels)", x, y)
        _check_length("sample_weight", "", x, sample_weight)
        self._white_found: float | None = None
        if image_data_generator.brightness_range is not None:
            self._white_found = white_of(image_data_generator, x)  # of all, whatever the subset
        if subset is not None:
            part = _part(x, y, image_data_generator._validation_split, subset, ignore_class_split)
            x, x_misc = x[part], [other[part] for other in x_misc]
            y = None if y is None else y[part]
            targets = None if targets is None else targets.part(part)
            # Keras leaves the weights whole, so those of the training part belong to other samples.
            fixed = getattr(image_data_generator, "compat", "keras") == "fixed"
            if sample_weight is not None and fixed:
                sample_weight = sample_weight[part]

        self.x = _readable(x, np.dtype(self.dtype))
        self.x_misc = x_misc
        if self.x.ndim != 4:
            raise ValueError(
                "Input data in `NumpyArrayIterator` should have rank 4. "
                f"You passed an array with shape {self.x.shape}"
            )
        channel_axis = 3 if self.data_format == "channels_last" else 1
        if self.x.shape[channel_axis] not in (1, 3, 4):
            warnings.warn(
                "NumpyArrayIterator is set to use the data format convention "
                f'"{self.data_format}" (channels on axis {channel_axis}), i.e. expected either 1, '
                f"3, or 4 channels there. However, it was passed an array with shape {self.x.shape} "
                f"({self.x.shape[channel_axis]} channels).",
                stacklevel=3,
            )
        self.y = None if y is None else np.asarray(y)
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self.image_data_generator = image_data_generator
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        self.targets = targets or Targets()
        self.targets.check(self.x.shape, self.data_format)
        super().__init__(
            len(self.x), batch_size, shuffle, seed, sampling=sampling, shard=shard, **kwargs
        )

    def _image_size(self) -> tuple[int, int]:
        last = self.data_format == "channels_last"
        height, width = self.x.shape[1:3] if last else self.x.shape[2:]
        return height, width

    def _white(self) -> float | None:
        if self._white_found is None:
            self._white_found = white_of(self._generator(), self.x)
        return self._white_found

    def _get_batches_of_transformed_samples(self, index_array: Array) -> Any:
        index_array = np.asarray(index_array)
        images, draws = self._augmented(index_array, self.x, index_array, self.dtype, False)
        if self.save_to_dir:
            self._save(images, index_array)
        others = [other[index_array] for other in self.x_misc]
        inputs = [images, *others] if others else images
        y = None if self.y is None else self.y[index_array]
        if self.targets:
            generator = self._generator()
            motion = Motion.of(generator, draws, self._image_size())
            y = combined(y, self.targets.take(generator, index_array, motion))
        if y is None:
            return inputs
        if self.sample_weight is None:
            return inputs, y
        return inputs, y, self.sample_weight[index_array]

    def _save(self, images: Array, index_array: Array) -> None:
        assert self.save_to_dir is not None
        for image, index in zip(images, index_array, strict=True):
            picture = keras.utils.array_to_img(image, self.data_format, scale=True)
            number = self._file_number(10_000)
            name = f"{self.save_prefix}_{index}_{number}.{self.save_format}"
            picture.save(os.path.join(self.save_to_dir, name))


def _readable(x: Any, dtype: np.dtype[Any]) -> Array:
    """The images themselves if the native pass can read them, else cast as Keras casts them."""
    images = np.asarray(x)
    return images if can_read(images, dtype) else np.asarray(images, dtype)


def _images_and_others(x: Any) -> tuple[Any, list[Array]]:
    if not isinstance(x, tuple | list):
        return x, []
    images, others = x[0], x[1]
    arrays = [np.asarray(a) for a in (others if isinstance(others, list) else [others])]
    for array in arrays:
        if len(array) != len(images):
            raise ValueError(
                "All of the arrays in `x` should have the same length. Found a pair with: "
                f"len(x[0]) = {len(images)}, len(x[?]) = {len(array)}"
            )
    return images, arrays


def _check_length(name: str, what: str, x: Any, values: Any) -> None:
    if values is not None and len(x) != len(values):
        raise ValueError(
            f"`x` (images tensor) and `{name}` {what}".rstrip()
            + f" should have the same length. Found: x.shape = {np.shape(x)}, "
            f"{name}.shape = {np.shape(values)}"
        )


def _part(x: Any, y: Any, share: float, subset: str, ignore_class_split: bool) -> slice:
    """The samples of a subset; validation comes first."""
    if subset not in ("training", "validation"):
        raise ValueError(f'Invalid subset name: {subset}; expected "training" or "validation".')
    split = int(len(x) * share)
    if y is not None and not ignore_class_split:
        labels = np.asarray(y)
        if not np.array_equal(np.unique(labels[:split]), np.unique(labels[split:])):
            raise ValueError(
                "Training and validation subsets have different number of classes after the split. "
                "If your numpy arrays are sorted by the label, you might want to shuffle them."
            )
    return slice(0, split) if subset == "validation" else slice(split, None)
