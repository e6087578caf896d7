"""Keras' module functions on one image, under Keras' names and with Keras' draws.

Their default axes are those of channels-first images, as in Keras.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from ..arrays import Array
from ..ops.geometry import FillMode, warp_spline
from .draws import Compat, Draws
from .matrices import affine_matrices
from .settings import SAME_MODES

_SPLINE_DTYPES = ("uint8", "float32", "float64")


def apply_affine_transform(
    x: Array,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
    order: int = 1,
) -> Array:
    """Rotates, shifts, shears and zooms one image about its middle, as Keras does.

    Args:
        x: image, a 3-D array of any real dtype.
        theta: rotation in degrees.
        tx: shift in pixels that, as in Keras, moves columns.
        ty: shift in pixels that moves rows.
        shear: degrees.
        zx: zoom factor along columns; more than 1 shrinks the picture.
        zy: zoom factor along rows.
        row_axis: axis of the rows.
        col_axis: axis of the columns.
        channel_axis: axis of the channels.
        fill_mode: what lies outside the image: one of SciPy's modes.
        cval: value outside for ``fill_mode="constant"``.
        order: of the spline, 0 to 5.

    Returns:
        Image of the same shape and dtype; `x` itself if nothing is asked for.

    Raises:
        ValueError: if the axes are not those of an image with its channels first or last.

    Method:
        `scipy.ndimage.affine_transform` channel by channel, as in Keras, to its bits.

    Examples:
        >>> import numpy as np
        >>> from fastaug.keras import apply_affine_transform
        >>> apply_affine_transform(np.array([[[1.0, 2.0, 3.0]]]), tx=1)
        array([[[2., 3., 3.]]])
    """
    return _apply_affine(
        x,
        Draws.from_dict({"theta": theta, "tx": tx, "ty": ty, "shear": shear, "zx": zx, "zy": zy}),
        (row_axis, col_axis, channel_axis),
        fill_mode,
        cval,
        order,
        "keras",
    )


def _apply_affine(
    x: Array,
    draws: Draws,
    axes: tuple[int, int, int],
    fill_mode: FillMode,
    cval: float,
    order: int,
    compat: Compat,
) -> Array:
    row_axis, col_axis, channel_axis = axes
    if len(set(axes)) != 3:
        raise ValueError("'row_axis', 'col_axis', and 'channel_axis' must be distinct")
    if unknown := set(axes) - {0, 1, 2}:
        raise ValueError(f"Invalid axis' indices: {unknown}")
    if x.ndim != 3:
        raise ValueError("Input arrays must be multi-channel 2D images.")
    if channel_axis not in (0, 2):
        raise ValueError("Channels are allowed and the first and last dimensions.")
    matrices = affine_matrices(draws, x.shape[row_axis], x.shape[col_axis], compat)
    if matrices is None:
        return x
    if col_axis < row_axis and compat != "keras2":
        # Keras exchanges rows and columns only where rows come first.
        matrices = np.ascontiguousarray(matrices[:, ::-1][:, :, [1, 0, 2]])
    return _warp(x, matrices[0], channel_axis, fill_mode, cval, order)


def _warp(
    x: Array, matrix: Array, channel_axis: int, fill_mode: FillMode, cval: float, order: int
) -> Array:
    """SciPy's warp of an image of any dtype that SciPy takes."""
    if x.dtype.kind not in "biuf" or x.dtype.itemsize > 8 or x.dtype == np.float16:
        raise RuntimeError(f"data type {x.dtype} not supported")
    exact = x if x.dtype.name in _SPLINE_DTYPES else x.astype(np.float64)
    if exact is not x and order > 1 and fill_mode == "grid-constant" and x.dtype.kind != "f":
        # SciPy pads before it filters, as far as twelve pixels; beyond, it has the value itself.
        cval = float(np.full(1, cval).astype(x.dtype)[0])
    warped = warp_spline(
        exact,
        matrix,
        order=order,
        fill_mode=SAME_MODES.get(fill_mode, fill_mode),
        fill_value=cval,
        data_format="channels_first" if channel_axis == 0 else "channels_last",
    )
    return warped if exact is x else _stored(warped, x.dtype)


def _stored(values: Array, dtype: np.dtype[Any]) -> Array:
    """Doubles as SciPy stores them in other dtypes: integers round half away from zero, and saturate."""
    if dtype.kind == "f":
        return values.astype(dtype)
    if dtype.kind == "b":
        return np.trunc(values).astype(bool)
    least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
    below = np.maximum(values - 0.5, least) if least else 0.0
    rounded = np.where(values > 0, values + 0.5, below)
    return np.where(rounded > most, most, np.minimum(rounded, most).astype(dtype)).astype(dtype)


def apply_channel_shift(x: Array, intensity: float, channel_axis: int = 0) -> Array:
    """Adds a number to all channels, clipped to the image's own least and greatest value.

    Args:
        x: image, a 3-D array.
        intensity: what is added.
        channel_axis: all channels get the same; but of -1 Keras makes channels first.

    Returns:
        Image of the same shape; a floating one for integer `x`, as NumPy has it.

    Examples:
        >>> import numpy as np
        >>> from fastaug.keras import apply_channel_shift
        >>> apply_channel_shift(np.array([[[10.0, 20.0, 30.0]]]), 15)
        array([[[25., 30., 30.]]])
    """
    shifted: Array = np.clip(x + intensity, np.min(x), np.max(x))
    # Keras takes the channels apart and puts them together again: to the front if counted from the
    # last axis.
    return np.rollaxis(np.rollaxis(shifted, channel_axis, 0), 0, channel_axis + 1)


def apply_brightness_shift(x: Array, brightness: float, scale: bool = True) -> Array:
    """Multiplies the grey levels of an image, through Pillow as Keras does.

    Args:
        x: image, a 3-D array with 1, 3 or 4 channels, last unless Keras is set otherwise. Cut to
            whole grey levels from 0 to 255, so an image in 0 to 1 becomes black unless `scale`.
        brightness: factor.
        scale: whether to stretch the image from 0 to 255 first. An image that goes beyond these
            is stretched in any case, and mapped back unless `scale`.

    Returns:
        Image of the same shape as Keras' floatx.

    Raises:
        ValueError: if the channels are not 1, 3 or 4.

    Examples:
        >>> import numpy as np
        >>> from fastaug.keras import apply_brightness_shift
        >>> apply_brightness_shift(np.array([[[10.0, 21.0, 200.0]]]), 1.5, scale=False)
        array([[[ 15.,  31., 255.]]], dtype=float32)
    """
    from PIL import ImageEnhance

    low, high = np.min(x), np.max(x)
    outside = bool((low < 0) or (high > 255))
    image = keras.utils.array_to_img(x, scale=outside or scale)
    brighter = keras.utils.img_to_array(ImageEnhance.Brightness(image).enhance(brightness))
    if outside and not scale:
        brighter = brighter / 255 * (high - low) + low
    result: Array = brighter
    return result


def apply_transform_of(
    x: Array,
    parameters: dict[str, Any],
    axes: tuple[int, int, int],
    *,
    fill_mode: FillMode,
    cval: float,
    order: int,
    compat: Compat,
) -> Array:
    """Keras' `apply_transform` in NumPy's arithmetic of the image's dtype, which may change it.

    Args:
        x: image, a 3-D array of any real dtype.
        parameters: Keras' dictionary; with ``"white"``, what brightness is clipped to, for
            ``compat="fixed"``.
        axes: of the rows, the columns and the channels.
        fill_mode: of the resample.
        cval: of the resample.
        order: of the resample.
        compat: whose geometry and brightness.
    """
    x = _apply_affine(x, Draws.from_dict(parameters), axes, fill_mode, cval, order, compat)
    row_axis, col_axis, channel_axis = axes
    if parameters.get("channel_shift_intensity") is not None:
        x = apply_channel_shift(x, parameters["channel_shift_intensity"], channel_axis)
    if parameters.get("flip_horizontal", False):
        x = np.flip(x, col_axis)
    if parameters.get("flip_vertical", False):
        x = np.flip(x, row_axis)
    factor = parameters.get("brightness")
    if factor is None:
        return x
    if compat == "fixed":
        return _apply_factor(x, factor, channel_axis, parameters["white"])
    return apply_brightness_shift(x, factor, scale=compat == "keras2")


def _apply_factor(x: Array, factor: float, channel_axis: int, white: float) -> Array:
    brighter = np.clip(x * factor, 0, white)
    if x.shape[channel_axis] == 4:
        alpha = [slice(None)] * 3
        alpha[channel_axis] = slice(3, 4)
        brighter[tuple(alpha)] = x[tuple(alpha)]
    result: Array = brighter
    return result


def random_rotation(
    x: Array,
    rg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Array:
    """Rotates an image by an angle between -`rg` and `rg` degrees; see `apply_affine_transform`."""
    draws = {"theta": np.random.uniform(-rg, rg)}
    axes = (row_axis, col_axis, channel_axis)
    return _drawn(x, draws, axes, fill_mode, cval, interpolation_order)


def random_shift(
    x: Array,
    wrg: float,
    hrg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Array:
    """Shifts an image by shares of its size; see `apply_affine_transform`.

    As in Keras the share of the *height*, from -`hrg` to `hrg`, moves columns.
    """
    draws = {
        "tx": np.random.uniform(-hrg, hrg) * x.shape[row_axis],
        "ty": np.random.uniform(-wrg, wrg) * x.shape[col_axis],
    }
    axes = (row_axis, col_axis, channel_axis)
    return _drawn(x, draws, axes, fill_mode, cval, interpolation_order)


def random_shear(
    x: Array,
    intensity: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Array:
    """Shears an image by an angle between -`intensity` and `intensity` degrees."""
    draws = {"shear": np.random.uniform(-intensity, intensity)}
    axes = (row_axis, col_axis, channel_axis)
    return _drawn(x, draws, axes, fill_mode, cval, interpolation_order)


def random_zoom(
    x: Array,
    zoom_range: tuple[float, float],
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Array:
    """Zooms an image by factors from `zoom_range`, rows and columns apart.

    Raises:
        ValueError: if `zoom_range` is not a pair.
    """
    if len(zoom_range) != 2:
        raise ValueError(
            f"`zoom_range` should be a tuple or list of two floats. Received: {zoom_range}"
        )
    draws = {}
    if not (zoom_range[0] == 1 and zoom_range[1] == 1):
        draws["zx"], draws["zy"] = np.random.uniform(zoom_range[0], zoom_range[1], 2)
    axes = (row_axis, col_axis, channel_axis)
    return _drawn(x, draws, axes, fill_mode, cval, interpolation_order)


def random_channel_shift(x: Array, intensity_range: float, channel_axis: int = 0) -> Array:
    """Adds a number between -`intensity_range` and `intensity_range`; see `apply_channel_shift`."""
    intensity = np.random.uniform(-intensity_range, intensity_range)
    return apply_channel_shift(x, intensity, channel_axis=channel_axis)


def random_brightness(x: Array, brightness_range: tuple[float, float], scale: bool = True) -> Array:
    """Multiplies grey levels by a factor from `brightness_range`; see `apply_brightness_shift`.

    Raises:
        ValueError: if `brightness_range` is not a pair.
    """
    if len(brightness_range) != 2:
        raise ValueError(
            f"`brightness_range` should be a tuple or list of two floats. "
            f"Received: {brightness_range}"
        )
    factor = np.random.uniform(brightness_range[0], brightness_range[1])
    return apply_brightness_shift(x, factor, scale)


def _drawn(
    x: Array,
    parameters: dict[str, Any],
    axes: tuple[int, int, int],
    fill_mode: FillMode,
    cval: float,
    order: int,
) -> Array:
    return _apply_affine(x, Draws.from_dict(parameters), axes, fill_mode, cval, order, "keras")


__all__ = [
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
]
