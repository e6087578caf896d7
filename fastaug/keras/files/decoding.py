"""From a file to the array of an image: Pillow's decoders, Keras' pixels."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO, Literal, NoReturn

import keras
import numpy as np

from ...arrays import Array
from ..extension import pick_pixels

try:
    from PIL import Image, UnidentifiedImageError
    from PIL.ImageFile import ImageFile
except ImportError as error:
    raise ImportError(
        "reading images from files needs Pillow; install it with: pip install 'fastaug[data]'"
    ) from error

ColorMode = Literal["grayscale", "rgb", "rgba"]
_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
# Grayscale that Keras leaves as deep as it is.
_DEEP = ("I;16", "I")
INTERPOLATIONS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "hamming": Image.Resampling.HAMMING,
    "box": Image.Resampling.BOX,
    "lanczos": Image.Resampling.LANCZOS,
}


class ImageTooLargeError(Image.DecompressionBombError, ValueError):
    """An image of more pixels than `PIL.Image.MAX_IMAGE_PIXELS`, which is not decoded."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """Reads images of one size: the pixels of `keras.utils.load_img` and `img_to_array`.

    Args:
        target_size: (height, width) in pixels.
        color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``. Grayscale files of 16 or 32 bits keep
            their depth, as in Keras.
        interpolation: Pillow's filter for the resize: ``"nearest"``, ``"bilinear"``,
            ``"bicubic"``, ``"lanczos"``, ``"box"`` or ``"hamming"``.
        keep_aspect_ratio: whether to cut the largest middle part that has the shape of
            `target_size`, and resize that.
        fast_decode: whether to decode JPEG files at 1/2, 1/4 or 1/8 of their size where that is
            still no less than needed. Faster, and other pixels.

    Raises:
        ValueError: if an argument is none of these.

    Examples:
        >>> from PIL import Image
        >>> from fastaug.keras.files.decoding import Decoder
        >>> Image.new("L", (8, 6), 7).save("grey.png")
        >>> image = Decoder((4, 4)).image("grey.png")
        >>> image.shape, image.dtype, int(image.max())
        ((4, 4, 3), dtype('uint8'), 7)
    """

    target_size: tuple[int, int]
    color_mode: ColorMode = "rgb"
    interpolation: str = "nearest"
    keep_aspect_ratio: bool = False
    fast_decode: bool = False

    def __post_init__(self) -> None:
        if self.color_mode not in _MODES:
            raise ValueError(
                f'Invalid color mode: {self.color_mode}; expected "rgb", "rgba", or "grayscale".'
            )
        if self.interpolation not in INTERPOLATIONS:
            raise ValueError(
                f"Invalid interpolation method {self.interpolation} specified. "
                f"Supported methods are {', '.join(INTERPOLATIONS)}"
            )

    @property
    def channels(self) -> int:
        """Channels of an image."""
        return len(_MODES[self.color_mode]) if self.color_mode != "grayscale" else 1

    def image(self, path: str) -> Array:
        """Reads one image.

        Args:
            path: the file.

        Returns:
            Shape (height, width, channels); uint8, or, of a deep grayscale file, Keras' floatx.

        Raises:
            OSError: if there is no such file, or it is empty, broken or no image.
            ImageTooLargeError: if it has more pixels than `PIL.Image.MAX_IMAGE_PIXELS`.
        """
        try:
            with open(path, "rb") as file:
                image: Image.Image = _opened(file)
                size = image.size
                scale = self._draft(image) if self.fast_decode else 1
                mode = _MODES[self.color_mode]
                if image.mode != mode and not (mode == "L" and image.mode in _DEEP):
                    image = image.convert(mode)
                if self.interpolation == "nearest" and image.mode == "RGB" and scale == 1:
                    picked = self._picked(image)
                    if picked is not None:
                        return picked
                image = self._resized(image, size, scale, INTERPOLATIONS[self.interpolation])
                dtype = keras.config.floatx() if image.mode in _DEEP else np.uint8
                return np.asarray(image, dtype).reshape(*self.target_size, self.channels)
        except Exception as error:
            _explain(path, error)

    def mask(self, path: str) -> Array:
        """Reads one mask, resized without mixing values.

        Args:
            path: the file. Of palette images the numbers of the colours are read, as segmentation
                data sets mean them; other colours become grey.

        Returns:
            uint8, shape (height, width, 1).

        Raises:
            OSError, ImageTooLargeError: as `image`; OSError also if a value is above 255.
        """
        try:
            with open(path, "rb") as file:
                image: Image.Image = _opened(file)
                if image.mode not in ("L", "P", *_DEEP):
                    image = image.convert("L")
                resized = self._resized(image, image.size, 1, Image.Resampling.NEAREST)
                values = np.asarray(resized)
            if values.dtype != np.uint8 and (values.min() < 0 or values.max() > 255):
                raise ValueError("a mask has values from 0 to 255")
            return values.astype(np.uint8, copy=False).reshape(*self.target_size, 1)
        except Exception as error:
            _explain(path, error)

    def _draft(self, image: Image.Image) -> int:
        """Has the image decoded smaller, but no less than needed; by how much."""
        height, width = self.target_size
        before = image.width
        if image.size == (width, height):
            return 1
        drafted = image.draft(None, (width, height))
        return round(before / drafted[1][2]) if drafted else 1

    def _resized(
        self, image: Image.Image, size: tuple[int, int], scale: int, resample: Image.Resampling
    ) -> Image.Image:
        height, width = self.target_size
        if image.size == (width, height) and scale == 1:
            return image
        box = self._box(size)
        # Of the last pixels of a reduced image only a part may belong to it.
        reduced = (box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale)
        return image.resize((width, height), resample, box=reduced)

    def _box(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """What of an image of this size is read: left, top, right and bottom edge."""
        if not self.keep_aspect_ratio:
            return (0, 0, *size)
        height, width = self.target_size
        cut = min(size[0], size[1] * width // height), min(size[1], size[0] * height // width)
        left, top = (size[0] - cut[0]) // 2, (size[1] - cut[1]) // 2
        return (left, top, left + cut[0], top + cut[1])

    def _picked(self, image: Image.Image) -> Array | None:
        """The pixels of an RGB image that `_resized` would pick, from where they lie decoded.

        None where nobody can tell: without the extension, of an older Pillow, or a large image that
        is in pieces.
        """
        image.load()
        try:
            _, pixels = image.__arrow_c_array__()
        except (AttributeError, ValueError):
            return None
        (width, height), (left, top, right, bottom) = image.size, self._box(image.size)
        rows = _nearest(height, top, bottom, self.target_size[0])
        columns = _nearest(width, left, right, self.target_size[1])
        out = np.empty((*self.target_size, 3), np.uint8)
        return out if pick_pixels(pixels, height, width, rows, columns, out) else None


def whole_image(path: str) -> Array:
    """Reads one image in its own size.

    Args:
        path: the file.

    Returns:
        uint8 RGB, shape (height, width, 3).

    Raises:
        OSError, ImageTooLargeError: as `Decoder.image`.
    """
    try:
        with open(path, "rb") as file:
            image: Image.Image = _opened(file)
            return np.array(image if image.mode == "RGB" else image.convert("RGB"))
    except Exception as error:
        _explain(path, error)


@lru_cache(maxsize=1024)
def _nearest(size: int, start: int, stop: int, count: int) -> Array:
    """Which of `size` pixels Pillow takes for `count` that are made of those in [start, stop)."""
    numbers = Image.fromarray(np.arange(size, dtype=np.int32)[np.newaxis])
    taken = numbers.resize((count, 1), Image.Resampling.NEAREST, box=(start, 0, stop, 1))
    index: Array = np.array(taken, np.int64)[0]
    return index


def _opened(file: BinaryIO) -> ImageFile:
    """The image in an open file, which stays open until it is decoded."""
    try:
        image = Image.open(file)
    except UnidentifiedImageError:
        empty = os.fstat(file.fileno()).st_size == 0
        cause = "it is empty" if empty else "it is no image of a format that Pillow knows"
        raise UnidentifiedImageError(cause) from None
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        raise Image.DecompressionBombError(f"it has {image.width} x {image.height} pixels")
    return image


def _explain(path: str, error: Exception) -> NoReturn:
    """Raises the error again, of Keras' kind, with the name of the file in it."""
    if isinstance(error, MemoryError) or getattr(error, "filename", None) is not None:
        raise error  # the operating system's own name the file
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        raise ImageTooLargeError(
            f"The image file {path!r} is refused as a decompression bomb: {error}; the limit is "
            f"PIL.Image.MAX_IMAGE_PIXELS = {Image.MAX_IMAGE_PIXELS}"
        ) from error
    if isinstance(error, UnidentifiedImageError):
        raise UnidentifiedImageError(f"Cannot read the image file {path!r}: {error}") from None
    # Pillow's decoders raise nearly anything on a broken file: SyntaxError, EOFError, struct.error.
    cause = str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
    raise OSError(f"Cannot read the image file {path!r}: {cause}") from error
