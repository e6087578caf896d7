"""Where images come from: arrays, folders, data frames; the `flow` methods of the generator."""

from __future__ import annotations

import inspect
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ..arrays import DataFormat
from .array_iterator import NumpyArrayIterator
from .checks import OF_ITERATORS
from .files.dataframe import DataFrameIterator, without_ignored
from .files.directory import DirectoryIterator
from .iterator import Sampling
from .targets import Targets

if TYPE_CHECKING:
    from .generator import ImageDataGenerator


class Flows:
    """Makes iterators over what a generator augments."""

    data_format: DataFormat
    dtype: str
    sampling: Sampling

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
        *,
        masks: Any = None,
        mask_cval: float = 0.0,
        boxes: Any = None,
        box_format: str = "xyxy",
        min_visibility: float = 0.0,
        min_area: float = 0.0,
        keypoints: Any = None,
        sampling: Sampling | None = None,
        shard: tuple[int, int] | None = None,
        **kwargs: Any,
    ) -> NumpyArrayIterator:
        """Iterates over augmented batches of arrays, for ever, or through `model.fit`.

        Args:
            x: images (N, H, W, C), or with channels first; or a pair of images and other arrays
                (one or a list) that are handed on in step.
            y: labels, first dimension N.
            batch_size: images in a batch.
            shuffle: whether every epoch has another order.
            sample_weight: weights, first dimension N. As in Keras, `subset` leaves them whole, so
                that those of the training part are other samples'; not so with ``compat="fixed"``.
            seed: of NumPy's global generator, advanced with every batch as in Keras. Without one
                the generator is used as it stands.
            save_to_dir: folder to save every augmented image to.
            save_prefix: of the file names there.
            save_format: of the files there, by their ending.
            ignore_class_split: whether the subsets may have different classes.
            subset: ``"training"`` or ``"validation"`` if `validation_split` is set.
            masks: moved with the images, by nearest: (N, H, W) or (N, H, W, C), or with channels
                first; of any real dtype, which they keep.
            mask_cval: value of masks outside the image for ``fill_mode="constant"``.
            boxes: moved with the images, clipped to them, and dropped with their labels where
                nothing is left: a list of N arrays (k, 4), an array (N, k, 4) padded with -1, or a
                dictionary with such ``"boxes"``, ``"labels"`` and whatever belongs to each box;
                see `fastaug.targets.warp_boxes`.
            box_format: of the boxes: ``"xyxy"`` or ``"pascal_voc"``, ``"xywh"`` or ``"coco"``,
                ``"rel_center_xywh"`` or ``"yolo"``, and Keras' others.
            min_visibility: share of a box that must stay in the image.
            min_area: of a box in the image, in pixels.
            keypoints: moved with the images: a list of N arrays (k, 2) of (x, y) in pixels, or
                (k, 3) with a visibility, which becomes 0 for points that leave the image; or one
                array; see `fastaug.targets.warp_keypoints`.
            sampling: see `Iterator`; default the generator's.
            shard: see `Iterator`.
            **kwargs: of `keras.utils.PyDataset`.

        Returns:
            A `NumpyArrayIterator` yielding images, (images, targets) or (images, targets,
            sample_weight), the images as `dtype`. One of `y`, `masks`, `boxes` and `keypoints` is
            the targets itself; several come as a dictionary under these names.

        Raises:
            ValueError: if lengths or shapes do not fit, or `subset` is unknown.
        """
        return NumpyArrayIterator(
            x,
            y,
            _generator(self),
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
            targets=Targets(
                masks=masks,
                mask_cval=mask_cval,
                boxes=boxes,
                box_format=box_format,
                min_visibility=min_visibility,
                min_area=min_area,
                keypoints=keypoints,
            ),
            sampling=sampling or self.sampling,
            shard=shard,
            **kwargs,
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
        mask_cval: int = 0,
        fast_decode: bool = False,
        on_error: str = "raise",
        decode_threads: int | None = None,
        read_ahead: int = 2,
        sampling: Sampling | None = None,
        shard: tuple[int, int] | None = None,
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
            mask_cval: value of masks outside the image for ``fill_mode="constant"``, 0 to 255.
            fast_decode: whether to decode JPEG files at a part of their size where that is still
                no less than `target_size`. Faster, and other pixels.
            on_error: ``"raise"``; or ``"skip"`` to put another sample in the place of one that
                cannot be read, with a warning for each file.
            decode_threads: the most files decoded at once; default `fastaug.get_num_threads()`.
            read_ahead: the most batches that are decoded before they are asked for, while they are
                asked for in order; 0 for none. So many batches, and one more, are in memory.
            sampling: see `Iterator`; default the generator's.
            shard: see `Iterator`.
            **kwargs: of `keras.utils.PyDataset`.

        Returns:
            A `DirectoryIterator` yielding images, or (images, labels), as `dtype`.

        Raises:
            FileNotFoundError: if there is no such folder, of images or of masks.
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
            _generator(self),
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
            mask_cval=mask_cval,
            fast_decode=fast_decode,
            on_error=on_error,
            decode_threads=decode_threads,
            read_ahead=read_ahead,
            sampling=sampling or self.sampling,
            shard=shard,
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
        mask_cval: int = 0,
        fast_decode: bool = False,
        on_error: str = "raise",
        decode_threads: int | None = None,
        read_ahead: int = 2,
        sampling: Sampling | None = None,
        shard: tuple[int, int] | None = None,
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
            mask_cval: value of masks outside the image for ``fill_mode="constant"``, 0 to 255.
            fast_decode: whether to decode JPEG files at a part of their size; see
                `flow_from_directory`, and for the next three as well.
            on_error: ``"raise"``, or ``"skip"`` what cannot be read.
            decode_threads: the most files decoded at once.
            read_ahead: the most batches that are decoded before they are asked for.
            sampling: see `Iterator`; default the generator's.
            shard: see `Iterator`.
            **kwargs: of `keras.utils.PyDataset`. `has_ext`, `sort`, `drop_duplicates` and unknown ones
                are ignored, as in Keras, with a warning; those that look like ours are refused.

        Returns:
            A `DataFrameIterator` yielding images, (images, labels) or (images, labels, weights).

        Raises:
            ImportError: if pandas or Pillow is not installed.
            TypeError, ValueError: if a column holds values of another kind than needed, or a mode
                or a name is unknown.
            OSError: from the iterator, if a file cannot be read; the error names it.
        """
        if kwargs or class_mode == "other":
            known = {*inspect.signature(self.flow_from_dataframe).parameters, *OF_ITERATORS}
            class_mode = without_ignored(class_mode, kwargs, known, _own_arguments())
        return DataFrameIterator(
            dataframe,
            directory,
            _generator(self),
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
            mask_cval=mask_cval,
            fast_decode=fast_decode,
            on_error=on_error,
            decode_threads=decode_threads,
            read_ahead=read_ahead,
            sampling=sampling or self.sampling,
            shard=shard,
            **kwargs,
        )


def _own_arguments() -> set[str]:
    """Those of the `flow` methods that Keras' do not have."""
    own = set(OF_ITERATORS)
    for method in (Flows.flow, Flows.flow_from_directory, Flows.flow_from_dataframe):
        parameters = inspect.signature(method).parameters.values()
        own |= {one.name for one in parameters if one.kind is one.KEYWORD_ONLY}
    return own


def _generator(flows: Flows) -> ImageDataGenerator:
    return cast("ImageDataGenerator", flows)
