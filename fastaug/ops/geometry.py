"""Warps, flips and quarter turns of image batches."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import backends
from ..arrays import (
    Array,
    Batch,
    DataFormat,
    PerSample,
    as_array,
    as_batch,
    as_fill,
    as_matrices,
    as_numbers,
    as_output,
    as_size,
    choice,
    filled,
    per_sample,
    per_sample_flags,
    per_sample_integers,
    per_sample_pair,
)

FillMode: TypeAlias = Literal[
    "constant", "nearest", "reflect", "mirror", "wrap", "grid-wrap", "grid-constant"
]
Interpolation: TypeAlias = Literal["nearest", "bilinear", "bicubic"] | int

FILL_MODES = {
    "constant": 0,
    "nearest": 1,
    "reflect": 2,
    "mirror": 3,
    "wrap": 4,
    "grid-wrap": 5,
    "grid-constant": 6,
}
INTERPOLATIONS = {"nearest": 0, "bilinear": 1, "bicubic": 2}
SPLINE_ORDERS = (0, 1, 2, 3, 4, 5)
_MOST_TURNS = 2**62


def warp_affine(
    images: npt.ArrayLike,
    matrix: npt.ArrayLike,
    *,
    output_size: tuple[int, int] | None = None,
    interpolation: Interpolation = "bilinear",
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Warps images by affine maps.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8 or float32, and
            float64 with a spline order. Any value range.
        matrix: (2, 3), or (N, 2, 3) for one per image: maps output (x, y) in pixels to input
            (x, y), as in `scipy.ndimage` and Keras (OpenCV's ``WARP_INVERSE_MAP``). Whole
            coordinates are pixel centres. `affine_matrix` makes one.
        output_size: (height, width) in pixels; default that of the images.
        interpolation: ``"nearest"``, ``"bilinear"``, ``"bicubic"`` (Catmull-Rom), or
            a B-spline order as in `scipy.ndimage`: 0 to 5.
        fill_mode: what lies outside the image, as in `scipy.ndimage`: ``"constant"`` (no blending
            beyond the centres of the edge pixels), ``"nearest"``, ``"reflect"``, ``"mirror"``,
            ``"wrap"``, ``"grid-wrap"`` or ``"grid-constant"`` (blending).
        fill_value: for the two constant modes: a number, one per image (N,), or one per image and
            channel (N, C) or (1, C).
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a matrix entry is not finite.

    Method:
        For the names, source coordinates are 32.32 fixed point, right to 2**-16 pixels up to
        8192 pixels; uint8 is rounded half to even and within one grey level of the exact blend.
        ``"bicubic"`` is Keys' kernel with a = -1/2 (IEEE Trans. ASSP 29, 1981), as in Pillow's
        resize; it overshoots at edges, where uint8 saturates and floats do not. Its taps beyond the
        edge go by `fill_mode`; those of ``"constant"`` repeat the edge.
        A map that moves whole pixels (identity, flips, quarter turns, shifts by whole pixels: all
        entries whole numbers in 32.32) copies them whatever the name: to the bit, infinities, NaN
        and the sign of zero too, and about as fast as `flip`, `rot90` and `crop`. That holds for
        each image by itself.
        The spline orders do the arithmetic of `scipy.ndimage.affine_transform` in double, in its
        order, and give its bits, for whole pixels as well; from order 2 on that includes its
        prefilter.

    Examples:
        >>> import numpy as np, fastaug
        >>> image = np.array([[10, 20, 30, 40]], np.uint8)
        >>> half_right = [[1, 0, -0.5], [0, 1, 0]]
        >>> fastaug.warp_affine(image, half_right, fill_mode="nearest")
        array([[10, 15, 25, 35]], dtype=uint8)
    """
    if not isinstance(interpolation, str):
        if not _is_order(interpolation):
            raise ValueError(
                "interpolation must be 'nearest', 'bilinear', 'bicubic' or a spline order, 0 to 5, "
                f"got {interpolation!r}"
            )
        return warp_spline(
            images,
            _swap_axes(matrix),
            order=int(interpolation),
            output_size=output_size,
            fill_mode=fill_mode,
            fill_value=fill_value,
            data_format=data_format,
            out=out,
        )
    batch = as_batch(images, data_format, ("uint8", "float32"))
    size = warped_size(batch, output_size)
    arguments = affine_arguments(batch, matrix, interpolation, fill_mode, fill_value)
    result = as_output(out, batch, size)
    backends.of(batch).warp_affine(batch.pixels, result.pixels, *arguments)
    return result.finish()


def affine_arguments(
    batch: Batch, matrix: npt.ArrayLike, interpolation: Any, fill_mode: Any, fill_value: Any
) -> tuple[Array, Array, int, int]:
    """What the backends' `warp_affine` takes after the images and their results."""
    code = choice(interpolation, "interpolation", INTERPOLATIONS)
    mode = choice(fill_mode, "fill_mode", FILL_MODES)
    matrices = as_matrices(matrix, batch.n)
    return matrices, as_fill(fill_value, batch.n, batch.pixels.shape[3]), code, mode


def warp_spline(
    images: npt.ArrayLike,
    matrix: npt.ArrayLike,
    *,
    order: int = 1,
    output_size: tuple[int, int] | None = None,
    fill_mode: FillMode = "constant",
    fill_value: PerSample = 0.0,
    mirror: npt.ArrayLike = (False, False),
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Warps images by affine maps in the arithmetic of `scipy.ndimage.affine_transform`.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; uint8, float32 or
            float64.
        matrix: (2, 3), or (N, 2, 3) for one per image: maps output (row, column) to input
            (row, column), as SciPy takes it with the offset as last column.
        order: of the B-spline, 0 to 5. From 2 on the images are filtered first, as by SciPy's
            ``prefilter=True``.
        output_size: (height, width) in pixels; default that of the images.
        fill_mode: as in `warp_affine`.
        fill_value: as in `warp_affine`.
        mirror: whether to mirror the result (upside down, left to right); shape (2,) or (N, 2).
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and kind of shape, equal to SciPy's to the bit.

    Raises:
        TypeError: if an argument has the wrong type, or `images` another dtype.
        ValueError: if a shape does not fit, a name is unknown, or a matrix entry is not finite.

    Method:
        `scipy.ndimage.affine_transform` of SciPy 1.17, channel by channel: everything in double,
        in its order of operations; uint8 rounds half up, as there. (From 1.18 on SciPy adds up the
        start of one filter in another order, so that orders 2 to 5 of ``"reflect"`` and
        ``"nearest"`` may differ from it in the last bits.)

    Examples:
        >>> import numpy as np
        >>> from fastaug.ops.geometry import warp_spline
        >>> image = np.array([[10, 20, 30, 40]], np.uint8)
        >>> warp_spline(image, [[1, 0, 0], [0, 1, 0.5]], fill_mode="nearest")
        array([[15, 25, 35, 40]], dtype=uint8)
    """
    if not _is_order(order):
        raise ValueError(f"order must be 0 to 5, got {order!r}")
    mode = choice(fill_mode, "fill_mode", FILL_MODES)
    batch = as_batch(images, data_format, ("uint8", "float32", "float64"))
    size = warped_size(batch, output_size)
    matrices = as_matrices(matrix, batch.n)
    fill = as_fill(fill_value, batch.n, batch.pixels.shape[3])
    flags = as_array(mirror, "mirror")
    if flags.dtype != np.bool_ or flags.shape not in ((2,), (batch.n, 2)):
        raise ValueError(f"mirror must be bools of shape (2,) or ({batch.n}, 2), got {mirror!r}")
    mirrored = np.ascontiguousarray(np.broadcast_to(flags, (batch.n, 2))).view(np.uint8)
    result = as_output(out, batch, size)
    backends.of(batch).warp_spline(
        batch.pixels, result.pixels, matrices, fill, mirrored, int(order), mode
    )
    return result.finish()


def warped_size(batch: Batch, output_size: Any) -> tuple[int, int]:
    """The (height, width) of a warp's result, by default that of the images."""
    n, height, width, _ = batch.pixels.shape
    size = (height, width) if output_size is None else as_size(output_size, "output_size")
    if height * width == 0 and n * size[0] * size[1] != 0:
        raise ValueError(f"images has no pixels to warp, got shape {batch.given.shape}")
    return size


def _is_order(value: Any) -> bool:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return whole and value in SPLINE_ORDERS


def _swap_axes(matrix: npt.ArrayLike) -> npt.ArrayLike:
    """The same map between (row, column) instead of (x, y); odd shapes are left to be refused."""
    array = as_array(matrix, "matrix")
    if array.ndim not in (2, 3) or array.shape[-2:] != (2, 3):
        return matrix
    return array[..., ::-1, :][..., [1, 0, 2]]


def affine_matrix(
    *,
    rotation: PerSample = 0.0,
    translation: Any = (0.0, 0.0),
    scale: Any = 1.0,
    shear: Any = (0.0, 0.0),
    center: Any = None,
    size: tuple[int, int],
) -> npt.NDArray[np.float64]:
    """Makes the matrix for `warp_affine` from what is seen to happen to an image.

    The image is scaled first, then sheared, rotated and translated.

    Args:
        rotation: degrees, counter-clockwise; a number or shape (N,).
        translation: pixels to the right and down; (x, y) or shape (N, 2).
        scale: more than 1 enlarges; a number, (x, y) as a tuple, or shape (N,) or (N, 2).
        shear: degrees by which vertical lines lean (x) and horizontal lines tilt (y), positive
            towards larger coordinates; (x, y) or shape (N, 2).
        center: the point that scale, shear and rotation leave in place, in pixels; (x, y) or
            shape (N, 2); default the middle of the image.
        size: (height, width) of the image in pixels.

    Returns:
        float64 array: (2, 3), or (N, 2, 3) if any argument has a value per sample. It maps
        output (x, y) to input (x, y).

    Raises:
        TypeError: if an argument is not a number or an array of numbers.
        ValueError: if shapes disagree, a value is not finite, or there is no inverse (scale 0).

    Method:
        Own polynomials for sine and cosine, exact at multiples of 90 degrees, so that the same
        parameters give the same bits on every machine.

    Examples:
        >>> import fastaug
        >>> fastaug.affine_matrix(rotation=90, size=(3, 3))
        array([[-0., -1.,  2.],
               [ 1.,  0.,  0.]])
    """
    height, width = as_size(size, "size")
    if center is None:
        center = ((width - 1) / 2, (height - 1) / 2)
    given = {
        "rotation": as_numbers(rotation, "rotation"),
        "translation": as_numbers(translation, "translation"),
        "scale": as_numbers(scale, "scale"),
        "shear": as_numbers(shear, "shear"),
        "center": as_numbers(center, "center"),
    }
    # A tuple is (x, y) for all samples; a list or an array of two is a number for each of two.
    pairs = isinstance(scale, tuple) or given["scale"].ndim == 2
    single = {"rotation": 0, "translation": 1, "scale": int(pairs), "shear": 1, "center": 1}
    counts = {name: len(v) for name, v in given.items() if v.ndim == single[name] + 1}
    if len(set(counts.values())) > 1:
        raise ValueError(
            f"{', '.join(counts)} must agree on the number of samples, "
            f"got {', '.join(str(count) for count in counts.values())}"
        )
    n = next(iter(counts.values()), 1)
    if pairs:
        factors = per_sample_pair(given["scale"], n, "scale")
    else:
        factors = np.repeat(per_sample(given["scale"], n, "scale")[:, np.newaxis], 2, axis=1)
    if not factors.all():
        raise ValueError("scale must not be 0, got 0.0")
    parameters = np.column_stack(
        [
            per_sample(given["rotation"], n, "rotation"),
            per_sample_pair(given["translation"], n, "translation"),
            factors,
            per_sample_pair(given["shear"], n, "shear"),
            per_sample_pair(given["center"], n, "center"),
        ]
    )
    matrices = backends.current().affine_matrices(np.ascontiguousarray(parameters))
    lost = ~np.isfinite(matrices).all(axis=(1, 2))
    if lost.any():
        # A shear of 90 degrees, or two that add up to it, leaves a line of the image.
        first = parameters[lost][0]
        raise ValueError(
            "scale and shear must leave an image that can be mapped back, "
            f"got scale {tuple(first[3:5].tolist())} and shear {tuple(first[5:7].tolist())}"
        )
    return matrices if counts else matrices[0]


def flip(
    images: npt.ArrayLike,
    *,
    horizontal: Any = False,
    vertical: Any = False,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Mirrors images left to right, upside down, or both.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        horizontal: whether to swap left and right; a bool or shape (N,).
        vertical: whether to swap top and bottom; a bool or shape (N,).
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype and shape.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit.

    Method:
        A copy: equal to `numpy.flip` to the bit.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.flip(np.array([[1, 2], [3, 4]]), horizontal=True)
        array([[2, 1],
               [4, 3]])
    """
    batch = as_batch(images, data_format)
    sideways = per_sample_flags(horizontal, batch.n, "horizontal")
    upside_down = per_sample_flags(vertical, batch.n, "vertical")
    result = as_output(out, batch)
    backends.of(batch).flip(batch.pixels, result.pixels, sideways, upside_down)
    return result.finish()


def rot90(
    images: npt.ArrayLike,
    k: Any = 1,
    *,
    data_format: DataFormat = "channels_last",
    out: Array | None = None,
) -> Array:
    """Turns images by quarter turns, counter-clockwise.

    Args:
        images: (N, H, W, C), (H, W, C) or (H, W), or with channels first; any boolean, integer or
            floating dtype.
        k: quarter turns; a whole number or shape (N,). Negative ones turn clockwise. Images that
            are not square must all turn by even, or all by odd, numbers.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        out: array for the result; must not share memory with `images`.

    Returns:
        Array of the images' dtype, height and width exchanged for odd `k`.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit.

    Method:
        A copy: equal to `numpy.rot90` over the axes (row, column), to the bit.

    Examples:
        >>> import numpy as np, fastaug
        >>> fastaug.rot90(np.array([[1, 2], [3, 4]]))
        array([[2, 4],
               [1, 3]])
    """
    batch = as_batch(images, data_format)
    height, width = batch.pixels.shape[1:3]
    if type(k) is int and abs(k) <= _MOST_TURNS:  # at a fifth of what the checks below cost
        turns, swaps = filled(batch.n, k % 4, np.int64), k % 2 == 1
    else:
        turns = per_sample_integers(k, batch.n, "k", np.int64, -_MOST_TURNS, _MOST_TURNS) % 4
        odd = (turns if batch.n else np.asarray(k)) % 2 == 1  # an empty batch turns as well
        swaps = bool(odd.any())
        if height != width and swaps and not odd.all():
            raise ValueError(
                "k must be all even or all odd for images that are not square, "
                f"got both for images of {height} by {width}"
            )
    size = (width, height) if swaps else (height, width)
    result = as_output(out, batch, size)
    backends.of(batch).rot90(batch.pixels, result.pixels, turns)
    return result.finish()


__all__ = ["affine_matrix", "flip", "rot90", "warp_affine", "warp_spline"]
