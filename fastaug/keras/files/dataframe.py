"""Batches of the images that a data frame names."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..checks import OF_ITERATORS, did_you_mean, refuse_unknown, whole
from ..iterator import Iterator
from .batches import BatchFromFilesMixin, say
from .filenames import FileNames

if TYPE_CHECKING:
    from ..generator import ImageDataGenerator

# Where the labels are no classes.
_WITHOUT_CLASSES = ("input", "multi_output", "raw", None)


class DataFrameIterator(BatchFromFilesMixin, Iterator):
    """Augmented batches of image files; what `ImageDataGenerator.flow_from_dataframe` returns.

    Takes the arguments of that method, and the generator, or None for images as they are.
    `filenames` and `filepaths` are read-only sequences that compare equal to Keras' lists.

    Raises:
        ImportError: if pandas is not installed.
        TypeError: if `dataframe` is none, or a column holds values of another kind than needed.
        KeyError: if a column is missing.
        ValueError: if a mode, a name or a setting is unknown, the classes of ``"binary"`` are not
            two, or a mask is not there.
    """

    allowed_class_modes = frozenset(
        {"binary", "categorical", "input", "multi_output", "raw", "sparse", None}
    )

    def __init__(
        self,
        dataframe: Any,
        directory: str | os.PathLike[str] | None = None,
        image_data_generator: ImageDataGenerator | None = None,
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
        data_format: str = "channels_last",
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: str = "float32",
        validate_filenames: bool = True,
        *,
        mask_col: str | None = None,
        mask_cval: int = 0,
        fast_decode: bool = False,
        on_error: str = "raise",
        decode_threads: int | None = None,
        read_ahead: int = 2,
        **kwargs: Any,
    ) -> None:
        refuse_unknown(self.__init__, kwargs)  # type: ignore[misc]
        frame = _checked_frame(dataframe)
        self.set_processing_attrs(
            image_data_generator,
            target_size,
            color_mode,
            data_format,
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            interpolation,
            keep_aspect_ratio,
        )
        self.set_reading_attrs(fast_decode, on_error, decode_threads, read_ahead)
        self.mask_cval = whole("mask_cval", mask_cval, 0, 255)
        self.directory = directory or ""
        self.class_mode = class_mode
        self.dtype = dtype
        self._check_params(frame, x_col, y_col, weight_col, classes)
        folder = os.fspath(self.directory)
        if validate_filenames:
            frame = self._filter_valid_filepaths(frame, x_col)
        if class_mode not in _WITHOUT_CLASSES:
            if classes and getattr(image_data_generator, "compat", None) == "keras2":
                classes = sorted(set(classes))
            frame, names = _filter_classes(frame, y_col, classes)
            self.class_indices = {name: number for number, name in enumerate(names)}
        if self.split:
            start, stop = (int(share * len(frame)) for share in self.split)
            frame = frame.iloc[start:stop]
        if class_mode not in _WITHOUT_CLASSES:
            self.classes = self.get_classes(frame, y_col)
        elif class_mode == "multi_output":
            self._targets: Any = [np.array(frame[column].tolist()) for column in y_col]
        elif class_mode == "raw":
            self._targets = frame[y_col].values.copy()  # the frame may change
        self._sample_weight = frame[weight_col].values.copy() if weight_col else None
        names_found = FileNames(frame[x_col].tolist())
        self.filenames: Sequence[str] = names_found
        self.samples = len(names_found)
        self._filepaths = names_found.within(folder)
        kind = "validated" if validate_filenames else "non-validated"
        belonging = (
            ""
            if class_mode in _WITHOUT_CLASSES
            else f" belonging to {len(self.class_indices)} classes"
        )
        say(f"Found {self.samples} {kind} image filenames{belonging}.")
        if mask_col is not None:
            self._maskpaths = _mask_paths(frame, mask_col, folder, validate_filenames)
        super().__init__(self.samples, batch_size, shuffle, seed, **kwargs)

    def _check_params(
        self, frame: Any, x_col: str, y_col: Any, weight_col: str | None, classes: Any
    ) -> None:
        mode = self.class_mode
        if mode not in self.allowed_class_modes:
            raise ValueError(
                f"Invalid class_mode: {mode}; expected one of: {set(self.allowed_class_modes)}"
            )
        if mode == "multi_output" and not isinstance(y_col, list):
            raise TypeError(
                f'If class_mode="{mode}", y_col must be a list. Received {type(y_col).__name__}.'
            )
        if not _all_are(str, _column(frame, "x_col", x_col)):
            raise TypeError(f"All values in column x_col={x_col} must be strings.")
        if mode not in _WITHOUT_CLASSES:
            self._check_labels(_column(frame, f'If class_mode="{mode}", y_col', y_col), y_col)
        if mode == "binary":
            count = len(set(classes)) if classes else frame[y_col].nunique()
            if count != 2:
                raise ValueError(
                    'If class_mode="binary" there must be 2 classes. '
                    + (f"{count} class/es were given." if classes else f"Found {count} classes.")
                )
        if classes and mode in _WITHOUT_CLASSES:
            warnings.warn(f'`classes` will be ignored given the class_mode="{mode}"', stacklevel=4)
        if weight_col:
            weights = _column(frame, "weight_col", weight_col)
            if not issubclass(weights.dtype.type, np.number):
                raise TypeError(f"Column weight_col={weight_col} must be numeric.")

    def _check_labels(self, labels: Any, y_col: str) -> None:
        several = self.class_mode == "categorical"
        if not _all_are((str, list, tuple) if several else str, labels):
            kinds = "type string, list or tuple" if several else "strings"
            raise TypeError(
                f'If class_mode="{self.class_mode}", y_col="{y_col}" column values must be {kinds}.'
            )

    def get_classes(self, df: Any, y_col: str) -> list[Any]:
        """The number of each row's class, or a list of numbers for a row of several labels."""
        numbers = self.class_indices
        return [
            [numbers[one] for one in label] if isinstance(label, list | tuple) else numbers[label]
            for label in df[y_col]
        ]

    def _filter_valid_filepaths(self, frame: Any, x_col: str) -> Any:
        """The rows whose file is there and has an ending of an image format."""
        valid = np.fromiter(
            (
                validate_filename(os.path.join(self.directory, name), self.white_list_formats)
                for name in frame[x_col]
            ),
            bool,
            len(frame),
        )
        wrong = len(valid) - np.count_nonzero(valid)
        if wrong:
            warnings.warn(
                f'Found {wrong} invalid image filename(s) in x_col="{x_col}". '
                "These filename(s) will be ignored.",
                stacklevel=4,
            )
        return frame[valid]

    @property
    def filepaths(self) -> Sequence[str]:
        return self._filepaths

    @property
    def labels(self) -> Any:
        """What the samples are labelled with: numbers of classes, or the values of `y_col`."""
        return self._targets if self.class_mode in ("multi_output", "raw") else self.classes

    @property
    def sample_weight(self) -> Any:
        """The values of `weight_col`, shape (samples,), or None."""
        return self._sample_weight


def validate_filename(filename: str, white_list_formats: Sequence[str]) -> bool:
    """Whether a file is there and has the ending of an image format.

    Args:
        filename: path of the file.
        white_list_formats: endings, in lower case.

    Examples:
        >>> from fastaug.keras import validate_filename
        >>> validate_filename("no such file.png", ("png", "jpg"))
        False
    """
    return filename.lower().endswith(tuple(white_list_formats)) and os.path.isfile(filename)


def without_ignored(
    class_mode: str | None,
    arguments: dict[str, Any],
    known: Collection[str],
    own: Collection[str],
) -> str | None:
    """Takes the arguments away that Keras ignores, with a warning for each.

    Args:
        class_mode: as given.
        arguments: those that are not among the named ones; changed in place.
        known: all that the method names.
        own: those that are not Keras', of this method and its like.

    Returns:
        The class mode to use.

    Raises:
        TypeError: for one that is, or is like, one of `own`, as whoever writes it needs it.
    """
    advice = {
        "has_ext": "filenames in the dataframe have to match the exact filenames in disk.",
        "sort": "batches will be created in the same order than the filenames provided if "
        "`shuffle` is set to `False`.",
        "drop_duplicates": "you can drop duplicates by using the "
        "pandas.DataFrame.drop_duplicates method.",
    }
    for name, what in advice.items():
        if name in arguments:
            del arguments[name]
            warnings.warn(f"{name} is deprecated, {what}", DeprecationWarning, stacklevel=3)
    for name in sorted(arguments.keys() - set(OF_ITERATORS)):
        del arguments[name]
        hint = did_you_mean(name, known)
        if did_you_mean(name, own):
            raise TypeError(
                f"flow_from_dataframe() got an unexpected keyword argument {name!r}{hint}"
            )
        warnings.warn(
            f"`{name}` is no argument, and is ignored as in Keras{hint or '.'}", stacklevel=3
        )
    if class_mode == "other":
        warnings.warn(
            '`class_mode="other"` is deprecated, please use `class_mode="raw"`.',
            DeprecationWarning,
            stacklevel=3,
        )
        return "raw"
    return class_mode


def _checked_frame(dataframe: Any) -> Any:
    try:
        import pandas
    except ImportError as error:
        raise ImportError(
            "flow_from_dataframe needs pandas; install it with: pip install 'fastaug[data]'"
        ) from error
    if not isinstance(dataframe, pandas.DataFrame):
        raise TypeError(
            f"`dataframe` must be a pandas DataFrame. Received: {type(dataframe).__name__}"
        )
    return dataframe


def _column(frame: Any, argument: str, name: Any) -> Any:
    """One column of the frame."""
    column = frame[name]
    if column.ndim != 1:
        raise TypeError(f"{argument} must be the name of one column. Received: {name!r}")
    return column


def _all_are(kinds: type | tuple[type, ...], values: Iterable[Any]) -> bool:
    return all(isinstance(value, kinds) for value in values)


def _filter_classes(frame: Any, y_col: str, classes: Any) -> tuple[Any, list[str]]:
    """The rows that have a class of these, with those classes alone; and the classes in order."""
    labels = frame[y_col]
    if not classes:
        found: set[str] = set()
        for label in labels:
            found.update(label if isinstance(label, list | tuple) else [label])
        return frame.dropna(subset=[y_col]), sorted(found)
    names = list(dict.fromkeys(classes))
    wanted = set(names)

    def kept(label: Any) -> Any:
        if isinstance(label, list | tuple):
            return [one for one in label if one in wanted] or None
        return label if label in wanted else None

    filtered = [kept(label) for label in labels]
    rows = np.fromiter((label is not None for label in filtered), bool, len(filtered))
    frame = frame[rows].copy()
    column = np.empty(len(frame), object)
    column[:] = [label for label in filtered if label is not None]
    frame[y_col] = column
    return frame, names


def _mask_paths(frame: Any, mask_col: str, folder: str, validate: bool) -> FileNames:
    if not _all_are(str, _column(frame, "mask_col", mask_col)):
        raise TypeError(f"All values in column mask_col={mask_col} must be strings.")
    paths = FileNames(frame[mask_col].tolist()).within(folder)
    missing = [path for path in paths if not os.path.isfile(path)] if validate else []
    if missing:
        raise ValueError(
            f'Found {len(missing)} mask(s) in mask_col="{mask_col}" that are not there, '
            f"such as {missing[0]!r}."
        )
    return paths
