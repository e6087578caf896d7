"""Image augmentation kernels that give the same bits everywhere.

>>> import numpy as np, fastaug
>>> images = np.zeros((8, 224, 224, 3), np.uint8)
>>> matrix = fastaug.affine_matrix(rotation=15, scale=1.2, size=(224, 224))
>>> fastaug.warp_affine(images, matrix).shape
(8, 224, 224, 3)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .backends import use_backend
from .info import build_info
from .ops.blur import box_blur, gaussian_blur
from .ops.channels import shuffle_channels
from .ops.color import (
    add_brightness,
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
    to_grayscale,
)
from .ops.erasing import erase
from .ops.filters import correlate, median_blur, motion_blur, sharpen
from .ops.geometry import affine_matrix, flip, rot90, warp_affine
from .ops.homography import perspective_matrix
from .ops.mixing import blend, paste
from .ops.morphology import (
    black_tophat,
    closing,
    dilate,
    erode,
    morphological_gradient,
    opening,
    white_tophat,
)
from .ops.noise import (
    gaussian_noise,
    pixel_dropout,
    salt_and_pepper,
    shot_noise,
    speckle_noise,
    uniform_noise,
)
from .ops.perspective import elastic, remap, warp_perspective
from .ops.resize import resize
from .ops.tones import (
    adjust_gamma,
    autocontrast,
    channel_shift,
    equalize,
    invert,
    normalize,
    posterize,
    solarize,
    to_float,
)
from .ops.user_op import pixel_op, row_op
from .ops.windows import crop, crop_or_pad, pad
from .threads import get_num_threads, set_num_threads
from .version import __version__

if TYPE_CHECKING:
    from . import pipeline as pipeline
    from . import transforms as transforms
    from .pipeline import Compose

__all__ = [
    "Compose",
    "__version__",
    "add_brightness",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_saturation",
    "affine_matrix",
    "autocontrast",
    "black_tophat",
    "blend",
    "box_blur",
    "build_info",
    "channel_shift",
    "closing",
    "correlate",
    "crop",
    "crop_or_pad",
    "dilate",
    "elastic",
    "equalize",
    "erase",
    "erode",
    "flip",
    "gaussian_blur",
    "gaussian_noise",
    "get_num_threads",
    "invert",
    "median_blur",
    "morphological_gradient",
    "motion_blur",
    "normalize",
    "opening",
    "pad",
    "paste",
    "perspective_matrix",
    "pixel_dropout",
    "pixel_op",
    "posterize",
    "remap",
    "resize",
    "rot90",
    "row_op",
    "salt_and_pepper",
    "set_num_threads",
    "sharpen",
    "shot_noise",
    "shuffle_channels",
    "solarize",
    "speckle_noise",
    "to_float",
    "to_grayscale",
    "uniform_noise",
    "use_backend",
    "warp_affine",
    "warp_perspective",
    "white_tophat",
]


def __getattr__(name: str) -> Any:
    """Imports the pipelines when they are first asked for."""
    if name == "Compose":
        return import_module(".pipeline", __name__).Compose
    if name in ("pipeline", "transforms"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
