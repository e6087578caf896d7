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

from .generator import ImageDataGenerator
from .iterator import Iterator, NumpyArrayIterator
from .sequence import Sequence

__all__ = ["ImageDataGenerator", "Iterator", "NumpyArrayIterator", "Sequence"]
