"""`ImageDataGenerator`: Keras' arguments and Keras' pixels, one native call a batch."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ..arrays import Array, DataFormat
from ..ops.geometry import FillMode
from .augment import transform_one, warn_unfitted
from .draws import Compat, Draws, draw_one
from .extras import NAMES, Extras
from .flows import Flows
from .functions import apply_transform_of
from .iterator import Sampling
from .settings import checked

_NORMALIZATIONS = (
    "featurewise_center",
    "samplewise_center",
    "featurewise_std_normalization",
    "samplewise_std_normalization",
    "zca_whitening",
)


class ImageDataGenerator(Flows):
    """Generates batches of augmented images: Keras' class of this name, and its pixels.

    The same seed gives the parameters that Keras draws, exactly, and its pixels within 0.01 on a
    scale of 0 to 255; where a grey level could hang on it, at the steps of brightness and at hard
    edges, its very bits.

    Args:
        featurewise_center, featurewise_std_normalization: subtract each channel's mean over the
            data, divide by its deviation plus 1e-6. Need `fit`. The second switches on the first.
        samplewise_center, samplewise_std_normalization: the same with the image's own mean and
            deviation, over all channels together.
        zca_whitening, zca_epsilon: ZCA whitening, and what is added to the singular values. Needs
            `fit`; switches `featurewise_center` on and `featurewise_std_normalization` off.
        rotation_range: degrees; angles are drawn from (-r, r).
        width_shift_range, height_shift_range: a float is a share of the size if less than 1, else
            pixels; an int or a list holds pixels to choose from. As in Keras, the *height* range
            moves columns and the *width* range rows, unless ``compat="fixed"``.
        brightness_range: pair of factors. As in Keras images are cut to whole grey levels, and
            those in 0 to 1 become black, unless ``compat="fixed"``.
        shear_range: degrees.
        zoom_range: ``z`` for factors from 1 - z to 1 + z, or a pair; rows and columns are drawn
            separately. More than 1 shrinks the picture, as in Keras.
        channel_shift_range: a number from (-r, r) is added to all channels, clipped to the image's
            own extremes.
        fill_mode: ``"nearest"``, ``"constant"``, ``"reflect"``, ``"wrap"`` and the other modes of
            `scipy.ndimage`.
        cval: value outside the image for ``fill_mode="constant"``.
        horizontal_flip, vertical_flip: mirror with probability one half.
        rescale: factor applied after the augmentation and `preprocessing_function`; None or 0 for
            none.
        preprocessing_function: takes and returns one image (3-D array), after the augmentation.
        data_format: ``"channels_last"`` or ``"channels_first"``; default Keras' setting.
        validation_split: share of the data that ``subset="validation"`` takes, from its start.
        interpolation_order: spline order, 0 to 5.
        dtype: of the batches; default Keras' floatx. float32 is the fast one.
        compat: ``"keras"``: what Keras 3 and `tf.keras` do. ``"keras2"``: the geometry, brightness
            and whitening of Keras-Preprocessing 1.1.2. ``"fixed"``: shifts on the axes that their names
            say, rotation about the true centre of images that are not square, sample weights that
            follow `subset`, and a brightness that multiplies, clipped from 0 to white, without cutting to grey levels.
        sampling: of the iterators; see `Iterator`.
        erosion_range, dilation_range: footprint sizes in pixels: an int k for sizes from 2 to k,
            or a pair (least, most), both included.
        gaussian_noise_range: standard deviation in grey levels, from 0 to this, or a pair.
        salt_and_pepper_range: share of pixels, from 0 to this, or a pair.
        erosion_probability, dilation_probability, gaussian_noise_probability,
            salt_and_pepper_probability: share of images that get the transform.
        value_range: (black, white) of the images that go in; noise is clipped to it. Default
            (0, 255). The brightness of ``compat="fixed"`` takes white from the images themselves:
            255 for integers and files, else 1 if all that a `flow` was given fit that.

    The four kinds before the last come after the geometry and the colours and before
    `preprocessing_function`, in the order given here. Switching them on does not move Keras' own
    draws.

    Attributes:
        mean, std, zca_whitening_matrix: what `fit` found; None before.

    Raises:
        TypeError, ValueError: if an argument is not one of these, or out of range; and when an
            attribute of one of these names is set to such a value.

    Examples:
        >>> import numpy as np
        >>> from fastaug.keras import ImageDataGenerator
        >>> generator = ImageDataGenerator(rotation_range=20, horizontal_flip=True)
        >>> batches = generator.flow(np.zeros((10, 32, 32, 3)), batch_size=4, seed=1)
        >>> next(batches).shape
        (4, 32, 32, 3)
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float | None = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Any = None,
        shear_range: float | None = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: FillMode = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[Array], Array] | None = None,
        data_format: DataFormat | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: str | None = None,
        *,
        compat: Compat = "keras",
        sampling: Sampling = "keras",
        erosion_range: Any = None,
        erosion_probability: float = 0.5,
        dilation_range: Any = None,
        dilation_probability: float = 0.5,
        gaussian_noise_range: Any = None,
        gaussian_noise_probability: float = 0.5,
        salt_and_pepper_range: Any = None,
        salt_and_pepper_probability: float = 0.5,
        value_range: tuple[float, float] | None = None,
    ) -> None:
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.zoom_range = zoom_range
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        # Keras 2 did not ask for Keras' settings.
        modern = compat != "keras2"
        layout: Any = keras.config.image_data_format() if modern else "channels_last"
        self.data_format: DataFormat = data_format or layout
        self.dtype = dtype or (keras.config.floatx() if modern else "float32")
        self.interpolation_order = interpolation_order
        self._validation_split = validation_split
        self.brightness_range = brightness_range
        self.compat: Compat = compat
        self.sampling: Sampling = sampling
        self.channel_axis = 3 if self.data_format == "channels_last" else 1
        self.row_axis = 1 if self.data_format == "channels_last" else 2
        self.col_axis = self.row_axis + 1
        self.mean: Any = None
        self.std: Any = None
        self.zca_whitening_matrix: Any = None
        self._switch_what_others_need()
        self._extras = Extras(
            {
                "erosion": (erosion_range, erosion_probability),
                "dilation": (dilation_range, dilation_probability),
                "gaussian_noise": (gaussian_noise_range, gaussian_noise_probability),
                "salt_and_pepper": (salt_and_pepper_range, salt_and_pepper_probability),
            },
            (0, 255) if value_range is None else value_range,
        )
        self.value_range = value_range

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, checked(name, value))

    def _switch_what_others_need(self) -> None:
        asked = {name: getattr(self, name) for name in _NORMALIZATIONS}
        for wanted, name, value in (
            ("zca_whitening", "featurewise_center", True),
            ("zca_whitening", "featurewise_std_normalization", False),
            ("featurewise_std_normalization", "featurewise_center", True),
            ("samplewise_std_normalization", "samplewise_center", True),
        ):
            if asked[wanted] and bool(asked[name]) != value:
                setattr(self, name, value)
                warnings.warn(
                    f"This ImageDataGenerator specifies `{wanted}`, which overrides setting of "
                    f"`{name}`.",
                    stacklevel=3,
                )

    def get_random_transform(
        self, img_shape: tuple[int, ...], seed: int | None = None
    ) -> dict[str, Any]:
        """Draws the parameters for one image.

        Args:
            img_shape: shape of the image, (H, W, C) or (C, H, W).
            seed: of NumPy's global generator; None to use it as it stands.

        Returns:
            Keras' dictionary: ``theta``, ``tx``, ``ty``, ``shear``, ``zx``, ``zy``,
            ``flip_horizontal``, ``flip_vertical``, ``channel_shift_intensity``, ``brightness``;
            and one entry for each transform of ours that is switched on, with ``noise_seed``.
        """
        if seed is not None:
            np.random.seed(seed)
        return self.as_dict(
            draw_one(self, img_shape[self.row_axis - 1], img_shape[self.col_axis - 1])
        )

    def as_dict(self, draws: Draws, i: int = 0) -> dict[str, Any]:
        """The parameters of image `i` of a batch, as `apply_transform` takes them."""
        extra = self._extras.draw(draws.key[i : i + 1])
        return draws.as_dict(i) | {name: value[0] for name, value in extra.items()}

    def apply_transform(self, x: Array, transform_parameters: dict[str, Any]) -> Array:
        """Applies drawn parameters to one image.

        Args:
            x: image, (H, W, C) or (C, H, W), of any real dtype.
            transform_parameters: as `get_random_transform` returns; missing ones change nothing. An
                iterator's `parameters` add ``"white"`` for the brightness of ``compat="fixed"``;
                without it `x` decides.

        Returns:
            Image of the same shape, and of the same dtype unless NumPy's and Pillow's arithmetic
            of colours has another.

        Raises:
            ValueError: if `x` is not such an image.
        """
        if np.ndim(x) != 3:
            raise ValueError("Input arrays must be multi-channel 2D images.")
        draws = Draws.from_dict(transform_parameters)
        extra = {name: np.array([v]) for name, v in transform_parameters.items() if name in NAMES}
        extra["noise_seed"] = np.array([transform_parameters.get("noise_seed", 0)], np.uint64)
        return transform_one(self, x, draws, extra)

    def random_transform(self, x: Array, seed: int | None = None) -> Array:
        """Draws parameters and applies them to one image; see `apply_transform`."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def standardize(self, x: Array) -> Array:
        """Applies `preprocessing_function`, `rescale` and the normalizations.

        Args:
            x: image or batch; changed in place where that is possible, as in Keras.

        Returns:
            `x`, or the array that a step made instead.
        """
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, keepdims=True) + 1e-6
        for wanted, fitted in (
            ("featurewise_center", self.mean),
            ("featurewise_std_normalization", self.std),
            ("zca_whitening", self.zca_whitening_matrix),
        ):
            if not getattr(self, wanted):
                continue
            if fitted is None:
                warn_unfitted(wanted)
            elif wanted == "featurewise_center":
                x -= fitted
            elif wanted == "featurewise_std_normalization":
                x /= fitted + 1e-6
            else:
                x = (x.reshape(-1, math.prod(x.shape[-3:])) @ fitted).reshape(x.shape)
        return x

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Finds the mean, deviation and whitening matrix of sample data.

        Args:
            x: images (N, H, W, C) or with channels first; `rescale` is applied to them.
            augment: whether to fit on augmented images.
            rounds: passes over the data when `augment` is set.
            seed: of NumPy's global generator; None to use it as it stands.

        Raises:
            ValueError: if `x` does not have rank 4.
        """
        x = np.array(x, dtype=self.dtype)  # a copy
        if x.ndim != 4:
            raise ValueError(
                f"Input to `.fit()` should have rank 4. Got array with shape: {x.shape}"
            )
        channels = x.shape[self.channel_axis]
        if channels not in (1, 3, 4):
            warnings.warn(
                "Expected input to be images (as Numpy array) following the data format convention "
                f'"{self.data_format}" (channels on axis {self.channel_axis}), i.e. expected either '
                f"1, 3 or 4 channels there. However, it was passed an array with shape {x.shape} "
                f"({channels} channels).",
                stacklevel=2,
            )
        if seed is not None:
            np.random.seed(seed)
        if self.rescale:
            x *= self.rescale
        if augment:
            augmented = np.zeros((rounds * len(x), *x.shape[1:]), self.dtype)
            for i in range(len(augmented)):
                augmented[i] = self.random_transform(x[i % len(x)])
            x = augmented
        others = (0, self.row_axis, self.col_axis)
        shape = [1, 1, 1]
        shape[self.channel_axis - 1] = channels
        if self.featurewise_center:
            self.mean = np.mean(x, axis=others).reshape(shape)
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=others).reshape(shape)
            x /= self.std + 1e-6
        if self.zca_whitening:
            flat = x.reshape(len(x), -1)
            if self.compat == "keras2":
                from scipy import linalg

                u, s, _ = linalg.svd(np.dot(flat.T, flat) / len(x))
                inverse = 1.0 / np.sqrt(s[np.newaxis] + self.zca_epsilon)
            else:
                u, s, _ = np.linalg.svd(flat.T, full_matrices=False)
                inverse = np.sqrt(len(x)) / (s + self.zca_epsilon)
            self.zca_whitening_matrix = (u * inverse).dot(u.T)

    @property
    def principal_components(self) -> Any:
        """The whitening matrix, as Keras 2 calls it."""
        return self.zca_whitening_matrix

    @principal_components.setter
    def principal_components(self, matrix: Any) -> None:
        self.zca_whitening_matrix = matrix

    def _apply_keras(self, x: Array, parameters: dict[str, Any]) -> Array:
        """Keras' own transforms of one image in NumPy's arithmetic of its dtype."""
        return apply_transform_of(
            x,
            parameters,
            (self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1),
            fill_mode=self.fill_mode,
            cval=self.cval,
            order=self.interpolation_order,
            compat=self.compat,
        )

    def _apply_extras(self, images: Array, drawn: dict[str, Array]) -> None:
        """Our own transforms of a batch, in place."""
        result = self._extras.apply(images, drawn, self.data_format)
        if result is not images:
            images[...] = result
