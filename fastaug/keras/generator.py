"""`ImageDataGenerator`: Keras' arguments and Keras' pixels, one native call a batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from ..arrays import Array, DataFormat
from ..ops.geometry import FILL_MODES, SPLINE_ORDERS, FillMode, flip, warp_spline
from .dataframe import DataFrameIterator, without_deprecated
from .directory import DirectoryIterator
from .draws import Draws, draw_batch, draw_one
from .extras import NAMES, Extras
from .iterator import NumpyArrayIterator
from .matrices import affine_matrices

# Keras' arguments that this version does not have yet, and the values that leave them off.
_NOT_YET = {
    "featurewise_center": False,
    "samplewise_center": False,
    "featurewise_std_normalization": False,
    "samplewise_std_normalization": False,
    "zca_whitening": False,
    "brightness_range": None,
    "channel_shift_range": 0.0,
}


# SciPy refuses float16, and Keras with it; integers other than bytes are not there yet.
DTYPES = ("uint8", "float32", "float64")


class ImageDataGenerator:
    """Generates batches of augmented images: Keras' class of this name, and its pixels.

    The same seed gives the parameters that Keras draws, exactly, and its pixels: the resample does
    the arithmetic of `scipy.ndimage.affine_transform`, which Keras calls, to the bit.

    Args:
        rotation_range: degrees; angles are drawn from (-r, r).
        width_shift_range, height_shift_range: a float is a share of the size if less than 1, else
            pixels; an int or a list holds pixels to choose from. As in Keras, the *height* range
            moves columns and the *width* range rows.
        shear_range: degrees.
        zoom_range: ``z`` for factors from 1 - z to 1 + z, or a pair; rows and columns are drawn
            separately. More than 1 shrinks the picture, as in Keras.
        fill_mode: ``"nearest"``, ``"constant"``, ``"reflect"``, ``"wrap"`` and the other modes of
            `scipy.ndimage`.
        cval: value outside the image for ``fill_mode="constant"``.
        horizontal_flip, vertical_flip: mirror with probability one half.
        rescale: factor applied last; None or 0 for none.
        preprocessing_function: takes and returns one image (3-D array), after the augmentation and
            before `rescale`.
        data_format: ``"channels_last"`` or ``"channels_first"``; default Keras' setting.
        validation_split: share of the data that ``subset="validation"`` takes, from its start.
        interpolation_order: spline order, 0 or 1.
        dtype: of the batches, ``"uint8"``, ``"float32"`` or ``"float64"``; default Keras' floatx.
        erosion_range, dilation_range: footprint sizes in pixels: an int k for sizes from 2 to k,
            or a pair (least, most), both included.
        gaussian_noise_range: standard deviation in grey levels, from 0 to this, or a pair.
        salt_and_pepper_range: share of pixels, from 0 to this, or a pair.
        erosion_probability, dilation_probability, gaussian_noise_probability,
            salt_and_pepper_probability: share of images that get the transform.
        value_range: (black, white) of the images that go in; noise is clipped to it.

    The last four kinds come after the geometry and before `preprocessing_function`, in the order
    given here. Switching them on does not move Keras' own draws.

    Raises:
        ValueError: if an argument is out of range, or one of Keras' that this version does not
            have yet is used: `featurewise_*`, `samplewise_*`, `zca_whitening`, `brightness_range`,
            `channel_shift_range`.

    Examples:
        >>> import numpy as np
        >>> from fastaug.keras import ImageDataGenerator
        >>> generator = ImageDataGenerator(rotation_range=20, horizontal_flip=True)
        >>> batches = generator.flow(np.zeros((10, 32, 32, 3)), batch_size=4, seed=1)
        >>> next(batches).shape
        (4, 32, 32, 3)
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Any = None,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: FillMode = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[Array], Array] | None = None,
        data_format: DataFormat | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: str | None = None,
        *,
        erosion_range: Any = None,
        erosion_probability: float = 0.5,
        dilation_range: Any = None,
        dilation_probability: float = 0.5,
        gaussian_noise_range: Any = None,
        gaussian_noise_probability: float = 0.5,
        salt_and_pepper_range: Any = None,
        salt_and_pepper_probability: float = 0.5,
        value_range: tuple[float, float] = (0, 255),
    ) -> None:
        given = locals()
        for name, off in _NOT_YET.items():
            if given[name] is not off and given[name] != off:
                raise ValueError(f"`{name}` is not supported yet. Received: {given[name]}")
            setattr(self, name, given[name])
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.zoom_range = _zoom_pair(zoom_range)
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.data_format: DataFormat = data_format or keras.config.image_data_format()
        self.dtype = dtype or keras.config.floatx()
        self.interpolation_order = interpolation_order
        self._validation_split = validation_split
        self._check()
        self.channel_axis = 3 if self.data_format == "channels_last" else 1
        self.row_axis = 1 if self.data_format == "channels_last" else 2
        self.col_axis = self.row_axis + 1
        self._extras = Extras(
            {
                "erosion": (erosion_range, erosion_probability),
                "dilation": (dilation_range, dilation_probability),
                "gaussian_noise": (gaussian_noise_range, gaussian_noise_probability),
                "salt_and_pepper": (salt_and_pepper_range, salt_and_pepper_probability),
            },
            value_range,
        )

    def _check(self) -> None:
        if self.data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                '`data_format` should be `"channels_last"` or `"channels_first"`. '
                f"Received: {self.data_format}"
            )
        if self._validation_split and not 0 < self._validation_split < 1:
            raise ValueError(
                "`validation_split` must be strictly between 0 and 1. "
                f"Received: {self._validation_split}"
            )
        if np.dtype(self.dtype).name not in DTYPES:
            raise ValueError(
                f"`dtype` should be one of {', '.join(DTYPES)}. Received: {self.dtype}"
            )
        for name in ("rotation_range", "shear_range", "zoom_range", "cval"):
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"`{name}` should be finite. Received: {getattr(self, name)}")
        if self.fill_mode not in FILL_MODES:
            raise ValueError(
                f"`fill_mode` should be one of {', '.join(FILL_MODES)}. Received: {self.fill_mode}"
            )
        if self.interpolation_order not in SPLINE_ORDERS:
            raise ValueError(
                f"`interpolation_order` should be 0 or 1. Received: {self.interpolation_order}"
            )

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        ignore_class_split: bool = False,
        subset: str | None = None,
    ) -> NumpyArrayIterator:
        """Iterates over augmented batches of arrays, for ever, or through `model.fit`.

        Args:
            x: images (N, H, W, C), or with channels first; or a pair of images and other arrays
                (one or a list) that are handed on in step.
            y: labels, first dimension N.
            batch_size: images in a batch.
            shuffle: whether every epoch has another order.
            sample_weight: weights, first dimension N.
            seed: of NumPy's global generator, advanced with every batch as in Keras. Without one
                the generator is used as it stands.
            save_to_dir: folder to save every augmented image to.
            save_prefix: of the file names there.
            save_format: of the files there, by their ending.
            ignore_class_split: whether the subsets may have different classes.
            subset: ``"training"`` or ``"validation"`` if `validation_split` is set.

        Returns:
            A `NumpyArrayIterator` yielding images, (images, y) or (images, y, sample_weight), the
            images as `dtype`.

        Raises:
            ValueError: if lengths or shapes do not fit, or `subset` is unknown.
        """
        return NumpyArrayIterator(
            x,
            y,
            self,
            batch_size=batch_size,
            shuffle=shuffle,
            sample_weight=sample_weight,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            ignore_class_split=ignore_class_split,
            subset=subset,
            dtype=self.dtype,
        )

    def flow_from_directory(
        self,
        directory: str | os.PathLike[str],
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        *,
        mask_directory: str | os.PathLike[str] | None = None,
        fast_decode: bool = False,
        on_error: str = "raise",
        decode_threads: int | None = None,
        read_ahead: int = 2,
        **kwargs: Any,
    ) -> DirectoryIterator:
        """Iterates over augmented batches of the image files in a folder of class folders.

        Files of the formats png, jpg, jpeg, bmp, ppm, tif and tiff count, in all folders below.

        Args:
            directory: the folder; each folder in it is a class.
            target_size: (height, width) in pixels that images are resized to.
            color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
            classes: the class folders, in order; default all, sorted.
            class_mode: labels are ``"categorical"`` (one-hot), ``"binary"`` or ``"sparse"``
                (numbers), ``"input"`` (the batch itself), or None for none.
            batch_size: images in a batch.
            shuffle: whether every epoch has another order.
            seed: of NumPy's global generator; see `flow`.
            save_to_dir: folder to save every augmented image to.
            save_prefix: of the file names there.
            save_format: of the files there, by their ending.
            follow_links: whether to go into folders that are symbolic links.
            subset: ``"training"`` or ``"validation"`` if `validation_split` is set: a share of each
                class, validation being the first.
            interpolation: of the resize: ``"nearest"``, ``"bilinear"``, ``"bicubic"``,
                ``"lanczos"``, ``"box"`` or ``"hamming"``, as in Pillow.
            keep_aspect_ratio: whether to cut the middle in the shape of `target_size` first.
            mask_directory: a folder that holds, under the same names, a mask for each image.
            fast_decode: whether to decode JPEG files at a part of their size where that is still
                no less than `target_size`. Faster, and other pixels.
            on_error: ``"raise"``; or ``"skip"`` to put another sample in the place of one that
                cannot be read, with a warning for each file.
            decode_threads: the most files decoded at once; default `fastaug.get_num_threads()`.
            read_ahead: the most batches that are decoded before they are asked for, while they are
                asked for in order; 0 for none. So many batches, and one more, are in memory.
            **kwargs: of `Iterator`.

        Returns:
            A `DirectoryIterator` yielding images, or (images, labels), as `dtype`.

        Raises:
            FileNotFoundError: if there is no such folder.
            ValueError: if a mode or a name is unknown, or an image has no mask.
            OSError: from the iterator, if a file cannot be read; the error names it.
            ImportError: if Pillow is not installed.

        Examples:
            >>> import os
            >>> from PIL import Image
            >>> from fastaug.keras import ImageDataGenerator
            >>> for kind in ("cats", "dogs"):
            ...     os.makedirs(f"animals/{kind}")
            ...     Image.new("RGB", (40, 30)).save(f"animals/{kind}/1.png")
            >>> generator = ImageDataGenerator(rescale=1 / 255)
            >>> batches = generator.flow_from_directory("animals", target_size=(24, 24))
            Found 2 images belonging to 2 classes.
            >>> images, labels = next(batches)
            >>> images.shape, labels.shape
            ((2, 24, 24, 3), (2, 2))
        """
        return DirectoryIterator(
            directory,
            self,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            follow_links=follow_links,
            subset=subset,
            interpolation=interpolation,
            keep_aspect_ratio=keep_aspect_ratio,
            dtype=self.dtype,
            mask_directory=mask_directory,
            fast_decode=fast_decode,
            on_error=on_error,
            decode_threads=decode_threads,
            read_ahead=read_ahead,
            **kwargs,
        )

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: str | os.PathLike[str] | None = None,
        x_col: str = "filename",
        y_col: Any = "class",
        weight_col: str | None = None,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        validate_filenames: bool = True,
        *,
        keep_aspect_ratio: bool = False,
        mask_col: str | None = None,
        fast_decode: bool = False,
        on_error: str = "raise",
        decode_threads: int | None = None,
        read_ahead: int = 2,
        **kwargs: Any,
    ) -> DataFrameIterator:
        """Iterates over augmented batches of the image files that a pandas data frame names.

        Args:
            dataframe: one row for each image.
            directory: the folder that names in `x_col` are relative to; None if they are paths.
            x_col: column of file names.
            y_col: column of labels; a list of columns for ``"multi_output"`` and ``"raw"``.
            weight_col: column of sample weights.
            target_size: (height, width) in pixels that images are resized to.
            color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
            classes: names of the classes, in order; rows of others are left out. Default all,
                sorted.
            class_mode: ``"categorical"`` (one-hot; a list of labels in a row sets several),
                ``"binary"`` or ``"sparse"`` (numbers), ``"raw"`` (the values of `y_col`),
                ``"multi_output"`` (a list of one array for each column), ``"input"`` (the batch
                itself), or None for none.
            batch_size: images in a batch.
            shuffle: whether every epoch has another order.
            seed: of NumPy's global generator; see `flow`.
            save_to_dir: folder to save every augmented image to.
            save_prefix: of the file names there.
            save_format: of the files there, by their ending.
            subset: ``"training"`` or ``"validation"`` if `validation_split` is set; validation is
                the first share of the rows.
            interpolation: of the resize, as in `flow_from_directory`.
            validate_filenames: whether to leave out rows whose file is not there or no image by its
                ending, with a warning.
            keep_aspect_ratio: whether to cut the middle in the shape of `target_size` first.
            mask_col: column of the file names of masks, found like those in `x_col`.
            fast_decode: whether to decode JPEG files at a part of their size; see
                `flow_from_directory`, and for the next three as well.
            on_error: ``"raise"``, or ``"skip"`` what cannot be read.
            decode_threads: the most files decoded at once.
            read_ahead: the most batches that are decoded before they are asked for.
            **kwargs: of `Iterator`. `has_ext`, `sort` and `drop_duplicates` are ignored, with a
                warning, as in Keras.

        Returns:
            A `DataFrameIterator` yielding images, (images, labels) or (images, labels, weights).

        Raises:
            ImportError: if pandas or Pillow is not installed.
            TypeError, ValueError: if a column holds values of another kind than needed, or a mode
                or a name is unknown.
            OSError: from the iterator, if a file cannot be read; the error names it.
        """
        class_mode = without_deprecated(class_mode, kwargs)
        return DataFrameIterator(
            dataframe,
            directory,
            self,
            x_col=x_col,
            y_col=y_col,
            weight_col=weight_col,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            keep_aspect_ratio=keep_aspect_ratio,
            dtype=self.dtype,
            validate_filenames=validate_filenames,
            mask_col=mask_col,
            fast_decode=fast_decode,
            on_error=on_error,
            decode_threads=decode_threads,
            read_ahead=read_ahead,
            **kwargs,
        )

    def get_random_transform(
        self, img_shape: tuple[int, ...], seed: int | None = None
    ) -> dict[str, Any]:
        """Draws the parameters for one image.

        Args:
            img_shape: shape of the image, (H, W, C) or (C, H, W).
            seed: of NumPy's global generator; None to use it as it stands.

        Returns:
            Keras' dictionary: ``theta``, ``tx``, ``ty``, ``shear``, ``zx``, ``zy``,
            ``flip_horizontal``, ``flip_vertical``, ``channel_shift_intensity``, ``brightness``;
            and one entry for each transform of ours that is switched on, with ``noise_seed``.
        """
        if seed is not None:
            np.random.seed(seed)
        draws = draw_one(self, img_shape[self.row_axis - 1], img_shape[self.col_axis - 1])
        extra = {name: value[0] for name, value in self._extras.draw(draws.key).items()}
        return draws.as_dict() | extra

    def apply_transform(self, x: Array, transform_parameters: dict[str, Any]) -> Array:
        """Applies drawn parameters to one image.

        Args:
            x: image, (H, W, C) or (C, H, W); uint8, float32 or float64.
            transform_parameters: as `get_random_transform` returns; missing ones change nothing.

        Returns:
            Image of the same shape and dtype.

        Raises:
            TypeError, ValueError: if `x` is not such an image.
        """
        if np.ndim(x) != 3:
            raise ValueError(
                f"Input arrays must be multi-channel 2D images. Received: {np.shape(x)}"
            )
        for name in ("channel_shift_intensity", "brightness"):
            if transform_parameters.get(name) is not None:
                raise ValueError(
                    f"`{name}` is not supported yet. Received: {transform_parameters[name]}"
                )
        draws = Draws.from_dict(transform_parameters)
        extra = {name: np.array([v]) for name, v in transform_parameters.items() if name in NAMES}
        extra["noise_seed"] = np.array([transform_parameters.get("noise_seed", 0)], np.uint64)
        image: Array = self._transform(x[np.newaxis], draws, extra)[0]
        return image

    def random_transform(self, x: Array, seed: int | None = None) -> Array:
        """Draws parameters and applies them to one image; see `apply_transform`."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def standardize(self, x: Array) -> Array:
        """Applies `preprocessing_function` and then `rescale`, in place where that is possible."""
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        return x

    def augment(self, images: Array) -> Array:
        """Draws, applies and standardizes a batch: what an iterator does with its images.

        Args:
            images: (N, H, W, C) or (N, C, H, W), of the generator's dtype; not modified.

        Returns:
            A new array of the same shape and dtype.
        """
        height, width = images.shape[self.row_axis], images.shape[self.col_axis]
        if self.preprocessing_function:
            # It may draw from the same generator, so each image is finished before the next draws.
            result = np.zeros_like(images)
            for i in range(len(images)):
                draws = draw_one(self, height, width)
                one = self._transform(images[i : i + 1], draws, self._extras.draw(draws.key))
                result[i] = self.standardize(one[0])
            return result
        draws = draw_batch(self, len(images), height, width)
        return self.standardize(self._transform(images, draws, self._extras.draw(draws.key)))

    def _transform(self, images: Array, draws: Draws, extra: dict[str, Array]) -> Array:
        height, width = images.shape[self.row_axis], images.shape[self.col_axis]
        matrices = affine_matrices(draws, height, width)
        mirror = np.stack([draws.flip_vertical, draws.flip_horizontal], axis=-1).astype(bool)
        if matrices is not None:
            moved = warp_spline(
                images,
                matrices,
                order=self.interpolation_order,
                fill_mode=self.fill_mode,
                fill_value=self.cval,
                mirror=mirror,
                data_format=self.data_format,
            )
        else:
            moved = flip(
                images, horizontal=mirror[:, 1], vertical=mirror[:, 0], data_format=self.data_format
            )
        return self._extras.apply(moved, extra, self.data_format)


def _zoom_pair(zoom_range: Any) -> list[float]:
    if isinstance(zoom_range, float | int):
        return [1 - zoom_range, 1 + zoom_range]
    if len(zoom_range) == 2 and all(isinstance(v, float | int) for v in zoom_range):
        return [zoom_range[0], zoom_range[1]]
    raise ValueError(
        f"`zoom_range` should be a float or a tuple or list of two floats. Received: {zoom_range}"
    )
