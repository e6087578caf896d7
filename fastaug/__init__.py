"""Image augmentation kernels that give the same bits everywhere.

>>> import numpy as np, fastaug
>>> images = np.zeros((8, 224, 224, 3), np.uint8)
>>> matrix = fastaug.affine_matrix(rotation=15, scale=1.2, size=(224, 224))
>>> fastaug.warp_affine(images, matrix).shape
(8, 224, 224, 3)
"""

from .backends import use_backend
from .info import build_info
from .ops.blur import box_blur, gaussian_blur
from .ops.color import (
    add_brightness,
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
    to_grayscale,
)
from .ops.filters import correlate, median_blur, motion_blur, sharpen
from .ops.geometry import affine_matrix, flip, rot90, warp_affine
from .ops.homography import perspective_matrix
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
from .threads import get_num_threads, set_num_threads
from .version import __version__

__all__ = [
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
    "box_blur",
    "build_info",
    "channel_shift",
    "closing",
    "correlate",
    "dilate",
    "elastic",
    "equalize",
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
    "perspective_matrix",
    "posterize",
    "remap",
    "resize",
    "rot90",
    "salt_and_pepper",
    "set_num_threads",
    "sharpen",
    "shot_noise",
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
