"""Every op in one form, for the tests that all ops share: these images, these samples."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
from references import FILL_MODES

import fastaug
from fastaug.ops.color import color_jitter
from fastaug.ops.geometry import warp_spline
from fastaug.ops.photometric import photometric
from fastaug.ops.tones import rescale

Array = npt.NDArray[Any]
SAMPLES = 8  # that the per-sample arguments of a case are made for


@dataclass(frozen=True)
class Case:
    """An op, arguments for all samples alike, and arguments with one value for each sample."""

    name: str
    function: Callable[..., Array]
    dtypes: tuple[str, ...]
    alike: Mapping[str, Any] = field(default_factory=dict)
    each: Mapping[str, Any] = field(default_factory=dict)
    noise: bool = False
    in_place: bool = False  # whether `out` may be the images

    @property
    def dtype(self) -> str:
        """That of most images, or the first that the op knows."""
        return "uint8" if "uint8" in self.dtypes else self.dtypes[0]

    def __call__(self, images: Array, samples: Sequence[int], **more: Any) -> Array:
        """The result for these samples; it does not depend on which others are in the batch."""
        chosen = list(samples)
        each = {name: np.asarray(values)[chosen] for name, values in self.each.items()}
        if self.noise:
            each["index"] = np.asarray(chosen, np.int64)
        return self.function(images, **self.alike, **each, **more)

    def __str__(self) -> str:
        return self.name


def _warps() -> list[Case]:
    rng = np.random.default_rng(1)
    size = (23, 31)
    matrices = fastaug.affine_matrix(
        rotation=rng.uniform(-180, 180, SAMPLES),
        translation=rng.uniform(-9, 9, (SAMPLES, 2)),
        scale=rng.uniform(0.3, 2, (SAMPLES, 2)),
        shear=rng.uniform(-30, 30, (SAMPLES, 2)),
        size=size,
    )
    matrices[1] = np.eye(3)[:2]  # all of it inside
    matrices[2] = [[1e6, 3e5, -1e6], [-2e5, 1e6, 7.25]]
    matrices[3] = [[1e250, -1e200, 0], [1e300, 1e300, -1e308]]
    matrices[4] = 0  # singular: the first pixel everywhere
    matrices[5] = [[-1, 0, 28], [0, 1, 4]]  # whole pixels, of which some are outside
    matrices[6] = [[0, 1, -2], [-1, 0, 21]]
    fill = rng.uniform(0, 255, (SAMPLES, 1))
    mirror = np.arange(2 * SAMPLES).reshape(SAMPLES, 2) % 3 == 0
    return [
        Case(
            f"warp_spline-{order}",
            warp_spline,
            SPLINE_DTYPES,
            {"order": order, "fill_mode": "reflect"},
            {"matrix": matrices[..., ::-1, :][..., [1, 0, 2]], "mirror": mirror},
        )
        for order in range(6)
    ] + [
        Case(
            f"warp_affine-{interpolation}-{mode}",
            fastaug.warp_affine,
            ("uint8", "float32") if isinstance(interpolation, str) else SPLINE_DTYPES,
            {"interpolation": interpolation, "fill_mode": mode},
            {"matrix": matrices, "fill_value": fill},
        )
        for interpolation in ("nearest", "bilinear", "bicubic", *range(6))
        for mode in FILL_MODES
    ]


def waves(height: int, width: int, sample: Array) -> Array:
    """A field of shifts for each sample, up to a few pixels, with some far outside and one NaN."""
    y, x = np.mgrid[:height, :width]
    phase = np.asarray(sample, np.float64)[:, np.newaxis, np.newaxis]
    field = np.stack([np.sin(x / 5 + phase) * 3 + y / 9, np.cos(y / 4 - x / 7 + phase) * 4], -1)
    speck = (np.arange(height * width) % 97 == 41).reshape(height, width)
    field[speck & (phase > 5)] = 1e7
    field[np.asarray(sample) == 3, :1, :1] = np.nan
    return field


def _sides(images: Array, data_format: str) -> tuple[int, int]:
    at = 0 if images.ndim == 2 else -3 if data_format == "channels_last" else -2
    return images.shape[at], images.shape[at + 1]


def _field(images: Array, sample: npt.ArrayLike, data_format: str) -> Array:
    field = waves(*_sides(images, data_format), np.asarray(sample))
    return field if images.ndim == 4 else field[0]


def _where(array: Array, images: Array) -> Array:
    """The array, on the card if images are there."""
    return array if isinstance(images, np.ndarray) else import_module("cupy").asarray(array)


def elastic(images: Array, *, sample: npt.ArrayLike, **arguments: Any) -> Array:
    """`fastaug.elastic` by fields for images of any size."""
    field = _field(images, sample, arguments.get("data_format", "channels_last"))
    return fastaug.elastic(images, _where(field, images), **arguments)


def remap(images: Array, *, sample: npt.ArrayLike, **arguments: Any) -> Array:
    """`fastaug.remap` by coordinates for images of any size: turned over, and then some."""
    height, width = _sides(images, arguments.get("data_format", "channels_last"))
    field = _field(images, sample, arguments.get("data_format", "channels_last"))
    field[..., 0] += np.arange(width)[::-1]
    field[..., 1] += np.arange(height)[:, np.newaxis]
    return fastaug.remap(images, _where(field, images), **arguments)


def _fields() -> list[Case]:
    rng = np.random.default_rng(7)
    square = np.array([(0, 0), (30, 0), (30, 22), (0, 22)], np.float64)
    matrices = fastaug.perspective_matrix(
        square + rng.uniform(-6, 6, (SAMPLES, 4, 2)), square + rng.uniform(-6, 6, (SAMPLES, 4, 2))
    )
    matrices[1] = np.eye(3)  # all of it inside
    matrices[2] = [[1, 0.3, -2], [0.2, 1, 1], [-0.06, 0.02, 1]]  # the horizon crosses the image
    matrices[3] = [[1e250, -1e200, 0], [1e300, 1e300, -1e308], [0, 1, -3]]
    matrices[4] = 0  # nothing over nothing
    matrices[5, 2] = [0, 0, -2]  # affine, upside down
    matrices[6] = [[0, -1, 17], [1, 0, -3], [0, 0, 1]]  # whole pixels, of which some are outside
    fill = rng.uniform(0, 255, (SAMPLES, 1))
    each: dict[str, dict[str, Any]] = {
        "warp_perspective": {"matrix": matrices},
        "remap": {"sample": np.arange(SAMPLES)},
        "elastic": {"sample": np.arange(SAMPLES)},
    }
    functions = {"warp_perspective": fastaug.warp_perspective, "remap": remap, "elastic": elastic}
    return [
        Case(
            f"warp_field-{name}-{interpolation}-{mode}",
            functions[name],
            ("uint8", "float32"),
            {"interpolation": interpolation, "fill_mode": mode},
            {**each[name], "fill_value": fill},
        )
        for name in each
        for interpolation in ("nearest", "bilinear", "bicubic")
        for mode in FILL_MODES
        if name != "elastic" or mode in ("constant", "reflect")
    ]


SPLINE_DTYPES = ("uint8", "float32", "float64")
NOISE_DTYPES = ("uint8", "float32", "float64")
MORPHOLOGY_DTYPES = ("uint8", "uint16", "float32", "float64")
COLOUR_DTYPES = ("uint8", "uint16", "float32", "float64")
COPY_DTYPES = ("bool", "uint8", "int16", "float16", "float32", "int64", "float64")

MORPHOLOGY = (
    "erode",
    "dilate",
    "opening",
    "closing",
    "morphological_gradient",
    "white_tophat",
    "black_tophat",
)
LOPSIDED = np.array([[0, 1, 1, 1, 0, 0], [1, 1, 0, 1, 1, 1], [0, 0, 0, 0, 1, 0]])


def _copies() -> list[Case]:
    flags, boxes, fills = np.arange(SAMPLES), _boxes(), np.linspace(-9, 300, SAMPLES)[:, np.newaxis]
    return [
        Case(
            "flip",
            fastaug.flip,
            COPY_DTYPES,
            each={"horizontal": flags % 2 == 1, "vertical": flags % 4 > 1},
        ),
        Case("rot90-even", fastaug.rot90, COPY_DTYPES, each={"k": [0, 2, -2, 4, 6, 0, 2, -4]}),
        Case("rot90-odd", fastaug.rot90, COPY_DTYPES, each={"k": [1, 3, -1, 5, 7, -3, 1, 3]}),
        *(
            Case(
                f"pad-{mode}",
                pad,
                COPY_DTYPES,
                {"padding": ((2, 41), (50, 3)), "fill_mode": mode},
                {"fill_value": fills},
            )
            for mode in ("constant", "nearest", "reflect", "mirror", "wrap")
        ),
        Case(
            "crop", crop, COPY_DTYPES, each={"share": np.linspace(0, 1, 2 * SAMPLES).reshape(-1, 2)}
        ),
        Case("crop_or_pad", crop_or_pad, COPY_DTYPES),
        Case(
            "erase", fastaug.erase, COPY_DTYPES, {}, {"boxes": boxes, "value": fills}, in_place=True
        ),
        Case(
            "shuffle_channels",
            shuffle_channels,
            COPY_DTYPES,
            each={"numbers": np.arange(SAMPLES), "value": fills},
            in_place=True,
        ),
    ]


# Images without pixels keep their size here, as the results of other ops do.


def pad(images: Array, *, padding: Any, fill_mode: Any, **more: Any) -> Array:
    if not images.size:
        padding, fill_mode = 0, "constant"  # there is nothing else to pad with
    return fastaug.pad(images, padding, fill_mode=fill_mode, **more)


def crop_or_pad(images: Array, *, data_format: Any = "channels_last", **more: Any) -> Array:
    at = 0 if images.ndim == 2 else -3 if data_format == "channels_last" else -2
    size = (12, 61) if images.size else images.shape[at:][:2]
    return fastaug.crop_or_pad(images, size, data_format=data_format, **more)


def crop(
    images: Array, *, share: npt.ArrayLike, data_format: Any = "channels_last", **more: Any
) -> Array:
    """`fastaug.crop` to two thirds, from shares of the room there is, whatever size images have."""
    at = 0 if images.ndim == 2 else -3 if data_format == "channels_last" else -2
    sides = np.array(images.shape)[[at, at + 1]]
    height, width = -(-sides * 2 // 3) if images.size else sides
    first = ((sides - (height, width)) * np.asarray(share)).astype(int)
    top, left = first.T if images.ndim == 4 else first[0]
    return fastaug.crop(images, top, left, height, width, data_format=data_format, **more)


def shuffle_channels(
    images: Array, *, numbers: npt.ArrayLike, data_format: Any = "channels_last", **more: Any
) -> Array:
    """`fastaug.shuffle_channels` by orders that depend on a number, whatever channels there are."""
    axis = -1 if data_format == "channels_last" else -3
    channels = 1 if images.ndim == 2 else images.shape[axis]
    orders = [
        np.random.default_rng(number).integers(-1, channels, channels)
        for number in np.asarray(numbers)
    ]
    order = np.array(orders, int).reshape(len(orders), channels)
    return fastaug.shuffle_channels(images, order, data_format=data_format, **more)


def _mixing() -> list[Case]:
    """Each image with itself upside down."""
    weights, boxes = np.linspace(0, 1, SAMPLES), _boxes()[:, 0]

    def turned(op: Callable[..., Array]) -> Callable[..., Array]:
        @functools.wraps(op)
        def call(images: Array, *, data_format: Any = "channels_last", **more: Any) -> Array:
            others = fastaug.flip(images, vertical=True, data_format=data_format)
            return op(images, others, data_format=data_format, **more)

        return call

    return [
        Case("blend", turned(fastaug.blend), COLOUR_DTYPES, {}, {"weight": weights}, in_place=True),
        Case("paste", turned(fastaug.paste), COPY_DTYPES, {}, {"boxes": boxes}, in_place=True),
    ]


def _boxes() -> Array:
    """Four for each sample: inside, across an edge, empty, and all of it or none."""
    at = np.arange(SAMPLES)
    inside = np.stack([at, 2 * at + 1, at + 1, at % 3 + 2], axis=1)
    across = np.stack([at - 4, 30 - at, 2 * at, 9 + at], axis=1)
    empty = np.stack([at, at, 5 * (at % 2), 0 * at], axis=1)
    whole = np.where(at[:, np.newaxis] == 3, [-9, -9, 999, 999], [999, 0, 5, 5])
    return np.stack([inside, across, empty, whole], axis=1)


def resize(
    images: Array,
    *,
    scale: tuple[float, float],
    share: npt.ArrayLike | None = None,
    data_format: Any = "channels_last",
    **arguments: Any,
) -> Array:
    """`fastaug.resize` by a factor, from shares of the images, whatever size those have."""
    at = 0 if images.ndim == 2 else -3 if data_format == "channels_last" else -2
    height, width = images.shape[at], images.shape[at + 1]
    size = (height, width)
    if images.size:
        size = (int(np.ceil(height * scale[0])), int(np.ceil(width * scale[1])))
        if share is not None:
            arguments["box"] = np.asarray(share) * [height, width, height, width]
    return fastaug.resize(images, size, data_format=data_format, **arguments)


def _resizes() -> list[Case]:
    """Larger and smaller, along rows first and along columns first, and from boxes."""
    rng = np.random.default_rng(4)
    corner = rng.uniform(0, 0.8, (SAMPLES, 2))
    side = (1 - corner) * rng.uniform(0.1, 0.99, (SAMPLES, 2))
    shares = np.concatenate([corner, side], axis=1)
    shares[1] = [0, 0, 1, 1]
    shares[2] = [0.5, 0.25, 0.5, 0.25]
    cases = []
    for interpolation in ("nearest", "bilinear", "bicubic", "area"):
        for antialias in (True, False) if interpolation != "nearest" else (True,):
            name = f"resize-{interpolation}{'' if antialias else '-plain'}"
            how: dict[str, Any] = {"interpolation": interpolation, "antialias": antialias}
            dtypes = COPY_DTYPES if interpolation == "nearest" else MORPHOLOGY_DTYPES
            cases += [
                Case(f"{name}-wide", resize, dtypes, how | {"scale": (0.3, 1.7)}),
                Case(f"{name}-tall", resize, dtypes, how | {"scale": (1.7, 0.3)}),
                Case(
                    f"{name}-boxes", resize, dtypes, how | {"scale": (0.9, 0.9)}, {"share": shares}
                ),
            ]
    return cases


def _morphology() -> list[Case]:
    cases = []
    for op in MORPHOLOGY:
        function = getattr(fastaug, op)
        cases += [
            Case(f"{op}-rectangle", function, MORPHOLOGY_DTYPES, {"footprint": (4, 5)}),
            Case(
                f"{op}-sizes",
                function,
                MORPHOLOGY_DTYPES,
                {"mode": "wrap"},
                {"footprint": [1, 2, 3, 8, 21, 5, 70, 2]},
            ),
            Case(
                f"{op}-lopsided",
                function,
                MORPHOLOGY_DTYPES,
                {"footprint": LOPSIDED, "mode": "constant", "cval": 3},
            ),
        ]
    return cases


def _blurs() -> list[Case]:
    dtypes = MORPHOLOGY_DTYPES
    sigmas = {"sigma": [0.0, 0.3, 0.45, 0.7, 1.5, 2.0, 4.1, 9.0]}  # radii 0, 1, 2, 3, 6, 8, ...
    sizes = {"size": [1, 2, 3, 8, 15, 16, 31, 70]}
    return [
        Case("box_blur", fastaug.box_blur, dtypes, {"size": (4, 17), "mode": "wrap"}),
        Case("box_blur-sizes", fastaug.box_blur, dtypes, {"mode": "constant", "cval": 7.5}, sizes),
        Case("gaussian_blur", fastaug.gaussian_blur, dtypes, {"mode": "mirror"}, sigmas),
        Case(
            "gaussian_blur-size",
            fastaug.gaussian_blur,
            dtypes,
            {"size": (3, 7), "mode": "constant", "cval": 99.5},
            sigmas,
        ),
    ]


def _filters() -> list[Case]:
    rng = np.random.default_rng(9)
    dtypes = MORPHOLOGY_DTYPES
    kernels = rng.uniform(-0.4, 0.6, (SAMPLES, 4, 5))
    kernels[rng.random(kernels.shape) < 0.4] = 0
    kernels[3] = 0
    at = np.arange(SAMPLES)
    line = {"size": 2 * (at % 5) * at % 20 + 1, "angle": at * 47.0, "direction": at / 3.5 - 1}
    sizes = {"size": [3, 5, 9, 1, 7, 3, 17, 13]}
    return [
        Case("correlate", fastaug.correlate, dtypes, {"mode": "wrap"}, {"kernel": kernels}),
        Case(
            "correlate-alike",
            fastaug.correlate,
            dtypes,
            {"kernel": kernels[0], "mode": "constant", "cval": 99.5},
        ),
        Case("motion_blur", fastaug.motion_blur, dtypes, {"mode": "mirror"}, line),
        Case("median_blur", fastaug.median_blur, dtypes, {}, sizes),
        Case("median_blur-5", fastaug.median_blur, dtypes, {"size": 5, "mode": "wrap"}),
        Case(
            "median_blur-constant",
            fastaug.median_blur,
            dtypes,
            {"mode": "constant", "cval": 99.5},
            sizes,
        ),
        Case("sharpen", fastaug.sharpen, dtypes, {"value_range": (3, 250)}, {"factor": at / 3}),
    ]


def _noise() -> list[Case]:
    at = np.arange(SAMPLES)
    where: dict[str, Any] = {"seed": at + 2**40, "epoch": at % 3}

    def case(name: str, function: Callable[..., Array], **arguments: Any) -> Case:
        alike = {k: v for k, v in arguments.items() if np.ndim(v) == 0 or k == "value_range"}
        each = {k: v for k, v in arguments.items() if k not in alike}
        alike["stream"] = 5
        return Case(name, function, NOISE_DTYPES, alike, where | each, noise=True, in_place=True)

    return [
        case("gaussian_noise", fastaug.gaussian_noise, std=at * 3.0, mean=at - 2.5),
        # Of bytes: from many parts of a level to parts of many levels.
        case(
            "gaussian_noise-scales",
            fastaug.gaussian_noise,
            std=10.0 ** (2 * at - 4),
            mean=at * 170.3 - 520,
        ),
        case("speckle_noise", fastaug.speckle_noise, std=at / 9, mean=at / 50),
        case("uniform_noise", fastaug.uniform_noise, amplitude=at * 4.0),
        # The rates lie on both sides of the one where the method changes.
        case("shot_noise", fastaug.shot_noise, photons=0.5 + at * 20.0, value_range=(0, 250)),
        case("salt_and_pepper", fastaug.salt_and_pepper, amount=at / 8, salt_ratio=at / 10),
        case(
            "salt_and_pepper-per_channel",
            fastaug.salt_and_pepper,
            amount=at / 8,
            salt_ratio=at / 10,
            per_channel=True,
        ),
        case("pixel_dropout", fastaug.pixel_dropout, amount=at / 7, value=at * 40.5),
        case(
            "pixel_dropout-per_channel",
            fastaug.pixel_dropout,
            amount=at / 7,
            value=at * 40.5,
            per_channel=True,
        ),
    ]


def _photometric() -> list[Case]:
    at = np.arange(SAMPLES)
    shift, brightness = {"channel_shift": at * 20.0 - 70}, {"brightness": at / 3}

    def case(name: str, alike: dict[str, Any], **each: Array) -> Case:
        return Case(f"photometric-{name}", photometric, ("float32",), alike, each, in_place=True)

    return [
        case("standardized", {"rescale": 1 / 255, "mean": 0.5, "std": 0.2}),
        case(
            "grey_levels",
            {"rescale": 1 / 255, "samplewise_center": True, "samplewise_std_normalization": True},
            **shift,
            **brightness,
        ),
        case(
            "stretched",
            {"brightness_mode": "stretched", "samplewise_std_normalization": True, "std": 3.0},
            **brightness,
        ),
        case(
            "multiplied",
            {"brightness_mode": "multiplied", "samplewise_center": True, "mean": 7.0},
            **brightness,
        ),
    ]


NEED_COLOUR = ("adjust_saturation", "adjust_hue", "to_grayscale", "color_jitter")


def where_there_is_colour(function: Callable[..., Array]) -> Callable[..., Array]:
    """Copies images of other than one, three or four channels, which these ops refuse."""

    @functools.wraps(function)
    def call(images: Array, *, data_format: str = "channels_last", **arguments: Any) -> Array:
        axis = -1 if data_format == "channels_last" else -3
        if images.ndim == 2 or images.shape[axis] in (1, 3, 4):
            return function(images, data_format=data_format, **arguments)
        return fastaug.flip(images, data_format=data_format, out=arguments.get("out"))

    return call


def _colours() -> list[Case]:
    """On images of any scale: floats here are mostly beyond white."""
    at = np.arange(SAMPLES)

    def case(op: Any, name: str = "", *, in_place: bool = True, **arguments: Any) -> Case:
        function = getattr(fastaug, op) if isinstance(op, str) else op
        if function.__name__ in NEED_COLOUR:
            function = where_there_is_colour(function)
        each = {k: v for k, v in arguments.items() if np.shape(v)[:1] == (SAMPLES,)}
        alike = {k: v for k, v in arguments.items() if k not in each}
        called = f"{function.__name__}{name and '-'}{name}"
        return Case(called, function, COLOUR_DTYPES, alike, each, in_place=in_place)

    scale = {"value_range": (3, 250)}
    return [
        case("adjust_brightness", factor=at / 4),
        case("adjust_brightness", "scale", factor=at / 4, **scale),
        case("add_brightness", delta=at / 5 - 0.7),
        case("adjust_contrast", factor=at / 3),
        case("adjust_contrast", "scale", factor=at / 3, **scale),
        case("adjust_saturation", factor=at / 3, **scale),
        case("adjust_hue", delta=at / 7 - 0.5, **scale),
        case("to_grayscale"),
        case("adjust_gamma", gamma=at / 2, gain=1.5 - at / 8),
        case("adjust_gamma", "scale", gamma=at / 2, **scale),
        case("channel_shift", value=at * 20.0 - 70),
        case("invert", **scale),
        case("posterize", bits=at, **scale),
        case("solarize", threshold=at * 30, **scale),
        case("autocontrast"),
        case("autocontrast", "scale", **scale),
        case("equalize"),
        case("equalize", "scale", **scale),
        case("normalize", in_place=False, mean=0.4, std=0.2),
        case("normalize", "float64", in_place=False, mean=0.4, std=0.2, dtype="float64"),
        case("to_float", in_place=False, **scale),
        case(rescale, in_place=False, scale=-0.7, offset=31.0),
        case(
            color_jitter,
            brightness=at / 4,
            contrast=at / 3,
            saturation=at / 3,
            hue=at / 7 - 0.5,
            **scale,
        ),
    ]


def _user_ops() -> list[Case]:
    if find_spec("numba") is None:
        return []

    @fastaug.pixel_op(elementwise=True)
    def bent(value, by):
        return value - by / (value + 0.3)

    @fastaug.row_op
    def shaded(row, y, height, by):
        for x in range(row.shape[0]):
            for c in range(row.shape[1]):
                row[x, c] = row[x, c] * 0.7 + by * np.float32(y - height + c)

    by = np.linspace(-3, 3, SAMPLES)
    return [
        Case(name, op, ("uint8", "float32"), {}, {"by": by}, in_place=True)
        for name, op in (("pixel_op", bent), ("row_op", shaded))
    ]


CASES = [
    *_warps(),
    *_fields(),
    *_copies(),
    *_mixing(),
    *_resizes(),
    *_morphology(),
    *_blurs(),
    *_filters(),
    *_noise(),
    *_photometric(),
    *_colours(),
    *_user_ops(),
]


def pixels(rng: np.random.Generator, shape: Sequence[int], dtype: str) -> Array:
    """Random pixels on a scale of 0 to 255, every dtype's own values among them."""
    values = rng.uniform(0, 255, tuple(shape))
    if dtype == "bool":
        return values > 127
    if dtype == "uint16":
        values = values * 257
    return values.astype(dtype)
