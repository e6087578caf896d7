"""A batch of a generator: moved, coloured and standardized in one native pass where that is possible.

The pass is a warp and what follows it on the values, image by image. What it cannot do is done as
Keras does it: dtypes other than float32 in NumPy, preprocessing functions image by image.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .. import backends
from ..arrays import Array
from ..ops.geometry import FILL_MODES
from .draws import Draws, Numbers, join
from .extras import NAMES
from .matrices import affine_matrices, moving, quick_matrices

if TYPE_CHECKING:
    from .generator import ImageDataGenerator

# Draws the parameters of some samples; of a single one by the calls that Keras makes.
Draw: TypeAlias = Callable[[Array, bool], Draws]

# What `photometric` is asked to do besides colours, by the names of its arguments.
Standardizing: TypeAlias = dict[str, Any]

# Where the picture goes on without a step at the edge, so that a coordinate's last bits, in which
# the fixed-point warp differs from SciPy's, cannot change a pixel.
_STEADY = ("nearest", "reflect", "mirror", "grid-wrap", "grid-constant")
_METHODS = ("get_random_transform", "apply_transform", "standardize")
_methods_of = attrgetter(*_METHODS)
NATIVE_DTYPES = ("uint8", "float32", "float64")
# In the order of the bytes of this machine.
_NATIVE = frozenset(map(np.dtype, NATIVE_DTYPES))
_READ = _NATIVE | {np.dtype("uint16")}


def can_read(array: Array, dtype: np.dtype[Any]) -> bool:
    """Whether the native pass takes these images as they are and makes this dtype of them."""
    return (
        dtype in _NATIVE
        and (array.dtype == dtype or (dtype.kind == "f" and array.dtype in _READ))
        and array.flags.aligned
    )


def make_batch(
    generator: ImageDataGenerator,
    source: Array,
    index: Array,
    draw: Draw,
    samples: Array,
    out: Array,
    *,
    counted: bool = False,
    cuts: bool = False,
    white: float | None = None,
) -> Draws:
    """Augments and standardizes images.

    Args:
        generator: whose arguments say what is done.
        source: images (N, H, W, C) or (N, C, H, W); not modified.
        index: which of them make the batch, shape (n,).
        draw: makes the draws.
        samples: the numbers of the images as `draw` takes them, shape (n,).
        out: where the batch goes, of the generator's dtype and of `source`'s image shape.
        counted: whether `draw` has to be asked even where a subclass draws by itself.
        cuts: whether the batch is cut to integers after this, so that the last bit matters.
        white: of the images where brightness asks for it; see `white_of`.

    Returns:
        How they were drawn.
    """
    if _is_changed(generator):
        return _by_methods(generator, source, index, draw if counted else None, samples, out, white)
    if white is not None:
        draw = partial(_drawn_with, white, draw)
    if generator.preprocessing_function:
        # It may draw from the same generator, so each image is finished before the next draws.
        drawn = []
        for i in range(len(out)):
            one = slice(i, i + 1)
            draws = draw(samples[one], True)
            if _fits_the_pass(generator, draws, out):
                _transform(generator, source, index[one], draws, out[one], cuts)
                # A copy: the function may keep what it is given.
                out[i] = generator.standardize(out[i].copy())
            else:
                out[i] = _as_keras(generator, source[index[i]].astype(out.dtype), draws, 0)
            drawn.append(draws)
        return join(drawn)
    draws = draw(samples, False)
    if not len(out):
        return draws
    if not _fits_the_pass(generator, draws, out):
        for i, j in enumerate(index):
            out[i] = _as_keras(generator, source[j].astype(out.dtype), draws, i)
        return draws
    steps = _standardizing(generator, out)
    left = _transform(generator, source, index, draws, out, cuts, steps)
    if steps is None:
        for i in range(len(out)):
            out[i] = generator.standardize(out[i])
    elif left:
        pixels = _channels_last(generator, out)
        backends.current().photometric(pixels, pixels, *_photometric(None, None, generator, steps))
    if steps is not None and generator.zca_whitening:
        _whiten(generator, out, one_by_one=counted)
    return draws


def _drawn_with(white: float, draw: Draw, samples: Array, one: bool) -> Draws:
    return replace(draw(samples, one), white=white)


# How many images are looked at before it is asked whether one is beyond 1.
_LOOK = 64


def white_of(generator: ImageDataGenerator, given: Any) -> float | None:
    """What brightness clips images to, as they are before anything is done to them.

    A spline overshoots, and a dark image tells nothing of its scale: so white is decided by their
    dtype and by all of them together.

    Args:
        generator: whose `value_range` comes first.
        given: images of any number.

    Returns:
        255 for integers; for other dtypes 1 if no image exceeds that, else 255. None where Keras
        decides.
    """
    if getattr(generator, "compat", "keras") != "fixed":  # it may be of a Keras class
        return None
    if generator.value_range is not None:
        return float(generator.value_range[1])
    images = np.asarray(given)
    if images.dtype.kind in "iu":
        return 255.0
    parts = (images[i : i + _LOOK] for i in range(0, len(images), _LOOK))
    return 255.0 if any((part > 1).any() for part in parts) else 1.0


def _fits_the_pass(generator: ImageDataGenerator, draws: Draws, out: Array) -> bool:
    """Whether geometry and colours have a kernel for this dtype and layout.

    Keras' brightness takes images with 1, 3 or 4 channels, last, and says so otherwise.
    """
    if draws.brightness is not None and (
        generator.data_format != "channels_last" or out.shape[-1] not in (1, 3, 4)
    ):
        return False
    colours = draws.channel_shift_intensity is not None or draws.brightness is not None
    return out.dtype == np.float32 or (not colours and out.dtype in _NATIVE)


def _as_keras(generator: ImageDataGenerator, image: Array, draws: Draws, i: int) -> Array:
    """One image in NumPy's arithmetic, in which a step may change the dtype."""
    moved = generator._apply_keras(image, draws.as_dict(i))
    moved = _with_extras(generator, moved, generator._extras.draw(draws.key[i : i + 1]))
    return generator.standardize(moved)


def _with_extras(generator: ImageDataGenerator, image: Array, extra: dict[str, Array]) -> Array:
    if not extra.keys() & NAMES:
        return image
    batch = np.array(image[np.newaxis], image.dtype.newbyteorder("="))  # a copy
    generator._apply_extras(batch, extra)
    changed: Array = batch[0]
    return changed


def transform_one(
    generator: ImageDataGenerator, x: Array, draws: Draws, extra: dict[str, Array]
) -> Array:
    """`apply_transform` of a generator: the bits that its batches have, where those are float32."""
    batch = np.require(x, x.dtype.newbyteorder("="), "A")[np.newaxis]
    if draws.white is None and draws.brightness is not None:
        draws = replace(draws, white=white_of(generator, x))
    if _fits_the_pass(generator, draws, batch):
        out = np.empty_like(batch)
        _move_and_colour(generator, batch, np.zeros(1, np.int64), draws, out, False)
    else:
        out = generator._apply_keras(batch[0], draws.as_dict())[np.newaxis]
    return _with_extras(generator, out[0], extra)


def _is_changed(generator: Any) -> bool:
    """Whether somebody wrote one of the methods anew: in a subclass, or for this one generator."""
    kind: Any = type(generator)
    own = _own_class(kind)
    if own is None or not vars(generator).keys().isdisjoint(_METHODS):
        return True
    return kind is not own and bool(_methods_of(kind) != _methods_of(own))


@cache
def _own_class(kind: type) -> type | None:
    module = f"{__package__}.generator"
    return next((base for base in kind.__mro__ if base.__module__ == module), None)


def _by_methods(
    generator: Any,
    source: Array,
    index: Array,
    draw: Draw | None,
    samples: Array,
    out: Array,
    white: float | None,
) -> Draws:
    """The batch as Keras makes it: three methods, image by image."""
    drawn = []
    for i, j in enumerate(index):
        image = source[j].astype(out.dtype)
        if draw is None:
            parameters = generator.get_random_transform(image.shape)
        else:
            parameters = generator.as_dict(draw(samples[i : i + 1], True))
        if white is not None:
            parameters = {"white": white} | parameters
        out[i] = generator.standardize(generator.apply_transform(image, parameters))
        drawn.append(Draws.from_dict(parameters))
    return join(drawn)


def _transform(
    generator: ImageDataGenerator,
    source: Array,
    index: Array,
    draws: Draws,
    out: Array,
    cuts: bool,
    standardizing: Standardizing | None = None,
) -> bool:
    """Everything up to standardization, and that too if it fits; returns whether it is left."""
    extra = generator._extras.draw(draws.key) if generator._extras.ranges else {}
    if not can_read(source, out.dtype):
        source, index = source[index].astype(out.dtype), np.arange(len(index))
    # Ours come between Keras' colours and its standardization.
    fused = None if extra else standardizing
    _move_and_colour(generator, source, index, draws, out, cuts, fused)
    if extra:
        generator._apply_extras(out, extra)
    return bool(standardizing) and not fused


def _move_and_colour(
    generator: ImageDataGenerator,
    source: Array,
    index: Array,
    draws: Draws,
    out: Array,
    cuts: bool,
    standardizing: Standardizing | None = None,
) -> None:
    moves = moving(draws)
    if not isinstance(moves, bool):
        for i, one in enumerate(draws.one_by_one()):
            _move_and_colour(
                generator, source, index[i : i + 1], one, out[i : i + 1], cuts, standardizing
            )
        return
    pixels = _channels_last(generator, out)
    steps = [_geometry(generator, draws, pixels, moves, cuts)]
    shift, factor = _each(draws.channel_shift_intensity, out), _each(draws.brightness, out)
    if shift is not None or factor is not None or standardizing:
        given = _photometric(shift, factor, generator, standardizing, draws.white)
        steps.append(("photometric", given))
    images = _channels_last(generator, source)
    backends.current().run_pass(images, np.ascontiguousarray(index, np.int64), pixels, steps)


def _each(value: Numbers | None, out: Array) -> Array | None:
    """A number for each image, one after the other in memory."""
    if value is None:
        return None
    numbers = np.empty(len(out))
    numbers[:] = value
    return numbers


def _geometry(
    generator: ImageDataGenerator, draws: Draws, out: Array, moves: bool, cuts: bool
) -> tuple[str, tuple[Any, ...]]:
    n, height, width, channels = out.shape
    if not moves:
        flags = np.empty((2, n), np.uint8)
        flags[0], flags[1] = draws.flip_horizontal, draws.flip_vertical
        return "flip", (flags[0], flags[1])
    mode, order = FILL_MODES[generator.fill_mode], generator.interpolation_order
    fill = np.empty((n, channels) if channels != 1 else n)
    fill.fill(generator.cval)
    # Brightness cuts to whole grey levels, so there the last bit before it matters, too.
    cuts |= draws.brightness is not None and generator.compat != "fixed"
    exact = order != 1 or generator.fill_mode not in _STEADY or cuts
    if exact or out.dtype != np.float32:
        matrices = affine_matrices(draws, height, width, generator.compat)
        assert matrices is not None
        mirror = np.empty((n, 2), np.uint8)
        mirror[:, 0], mirror[:, 1] = draws.flip_vertical, draws.flip_horizontal
        return "warp_spline", (matrices.reshape(n, 6), fill, mirror, order, mode)
    matrices = quick_matrices(draws, height, width, generator.compat)
    return "warp_affine", (matrices, fill, 1, mode)


_KINDS = {"keras": 1, "keras2": 2, "fixed": 3}


def _photometric(
    shift: Array | None,
    factor: Array | None,
    generator: ImageDataGenerator,
    standardizing: Standardizing | None,
    white: float | None = None,
) -> tuple[Any, ...]:
    kind = 0 if factor is None else _KINDS[generator.compat]
    rest = {
        "rescale": 1.0,
        "samplewise_center": False,
        "samplewise_std": False,
        "center": None,
        "scale": None,
    } | (standardizing or {})
    return (shift, kind, factor, white or 0.0, *rest.values())


def _standardizing(generator: ImageDataGenerator, out: Array) -> Standardizing | None:
    """The steps of `standardize` for the native pass; None if it has to be done in NumPy."""
    if out.dtype != np.float32:
        return None
    steps: Standardizing = {}
    if generator.rescale:
        steps["rescale"] = float(generator.rescale)
    if generator.samplewise_center:
        steps["samplewise_center"] = True
    if generator.samplewise_std_normalization:
        steps["samplewise_std"] = True
    channels = _channels_last(generator, out).shape[3]
    for wanted, name, key in (
        (generator.featurewise_center, "mean", "center"),
        (generator.featurewise_std_normalization, "std", "scale"),
    ):
        if not wanted:
            continue
        value = getattr(generator, name)
        if value is None:
            warn_unfitted(
                "featurewise_center" if name == "mean" else "featurewise_std_normalization"
            )
            continue
        value = np.asarray(value if name == "mean" else value + 1e-6)
        each = _per_channel(generator, value, channels)
        if each is None:
            return None
        steps[key] = each
    return steps


def _per_channel(generator: ImageDataGenerator, value: Array, channels: int) -> Array | None:
    """A number for each channel, or None if it is one for each pixel."""
    if value.size == 1:
        return np.full(channels, float(value.reshape(())))
    axis = -1 if generator.data_format == "channels_last" else -3
    if value.size != channels or value.ndim < -axis or value.shape[axis] != channels:
        return None
    return np.ascontiguousarray(value.reshape(channels), np.float64)


def _whiten(generator: ImageDataGenerator, out: Array, *, one_by_one: bool) -> None:
    if generator.zca_whitening_matrix is None:
        warn_unfitted("zca_whitening")
        return
    matrix = generator.zca_whitening_matrix
    if not one_by_one:
        out[...] = (out.reshape(len(out), -1) @ matrix).reshape(out.shape)
        return
    # BLAS adds up in another order for another number of rows.
    for image in out:
        image[...] = (image.reshape(1, -1) @ matrix).reshape(image.shape)


def warn_unfitted(argument: str) -> None:
    """Keras' warning of a step that needs `fit`."""
    warnings.warn(
        f"This ImageDataGenerator specifies `{argument}`, but it hasn't been fit on any training "
        "data. Fit it first by calling `.fit(numpy_data)`.",
        stacklevel=3,
    )


def _channels_last(generator: Any, images: Array) -> Array:
    return images if generator.data_format == "channels_last" else np.moveaxis(images, 1, -1)
