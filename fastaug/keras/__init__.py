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

from .dataframe import DataFrameIterator
from .directory import DirectoryIterator
from .generator import ImageDataGenerator
from .images import array_to_img, img_to_array, load_img, save_img
from .iterator import Iterator, NumpyArrayIterator

__all__ = [
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "array_to_img",
    "img_to_array",
    "load_img",
    "save_img",
]
