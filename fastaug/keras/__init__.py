"""A drop-in for Keras' `ImageDataGenerator`: the same pixels from the same seed, many times faster.

from fastaug.keras import ImageDataGenerator
"""

try:
    import keras as _keras  # noqa: F401
except ImportError as error:
    raise ImportError(
        "fastaug.keras needs Keras 3 and a backend for it; "
        "install them with: pip install 'fastaug[keras]' tensorflow-cpu"
    ) from error

from .array_iterator import NumpyArrayIterator
from .files.dataframe import DataFrameIterator, validate_filename
from .files.directory import DirectoryIterator
from .functions import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
)
from .generator import ImageDataGenerator
from .images import array_to_img, img_to_array, load_img, save_img, smart_resize
from .iterator import Iterator
from .sequence import Sequence

__all__ = [
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "Sequence",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "img_to_array",
    "load_img",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "save_img",
    "smart_resize",
    "validate_filename",
]
