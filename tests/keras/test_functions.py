"""The functions of Keras' image module under our name, against the installed Keras' own."""

import inspect
import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from parity import PROMISE, agree
from PIL import Image

import fastaug.keras

FUNCTIONS = (
    "random_rotation",
    "random_shift",
    "random_shear",
    "random_zoom",
    "random_channel_shift",
    "random_brightness",
    "apply_affine_transform",
    "apply_channel_shift",
    "apply_brightness_shift",
)
FILES = ("array_to_img", "img_to_array", "load_img", "save_img")
CLASSES = (
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "DirectoryIterator",
    "DataFrameIterator",
)
METHODS = (
    "flow",
    "flow_from_directory",
    "flow_from_dataframe",
    "standardize",
    "get_random_transform",
    "apply_transform",
    "random_transform",
    "fit",
)
LAYOUTS: dict[str, dict[str, int]] = {
    "channels last": dict(row_axis=0, col_axis=1, channel_axis=2),
    "channels first": dict(row_axis=1, col_axis=2, channel_axis=0),
    "columns before rows": dict(row_axis=1, col_axis=0, channel_axis=2),
    "first, columns before rows": dict(row_axis=2, col_axis=1, channel_axis=0),
}

Function = Callable[[Any], Any]


@pytest.fixture(scope="module")
def theirs() -> SimpleNamespace:
    """All that `tf.keras.preprocessing.image` has had of these."""
    import keras.src.legacy.preprocessing.image as legacy
    from keras.src.utils import image_utils

    found = {name: getattr(legacy, name) for name in FUNCTIONS + CLASSES}
    return SimpleNamespace(**found, **{name: getattr(image_utils, name) for name in FILES})


def test_all_names_are_there(theirs: SimpleNamespace) -> None:
    missing = [name for name in vars(theirs) if not hasattr(fastaug.keras, name)]
    assert not missing
    assert set(FUNCTIONS + FILES + CLASSES) <= set(fastaug.keras.__all__)


@pytest.mark.parametrize(
    "name",
    FUNCTIONS + FILES + CLASSES + tuple(f"ImageDataGenerator.{name}" for name in METHODS),
)
def test_signatures(name: str, theirs: SimpleNamespace) -> None:
    """Keras' arguments in Keras' order and with its defaults; ours come after, by keyword alone."""
    expected, got = theirs, fastaug.keras
    for part in name.split("."):
        expected, got = getattr(expected, part), getattr(got, part)
    wanted = list(inspect.signature(expected).parameters.values())  # type: ignore[arg-type]
    found = list(inspect.signature(got).parameters.values())  # type: ignore[arg-type]
    if wanted[-1].kind is not found[-1].kind is inspect.Parameter.VAR_KEYWORD:
        found.pop()
    ours = [p for p in found if p.kind is inspect.Parameter.KEYWORD_ONLY]
    for a, b in zip(wanted, [p for p in found if p not in ours], strict=True):
        assert (a.name, a.kind, a.default) == (b.name, b.kind, b.default)
    assert all(p.default is not inspect.Parameter.empty for p in ours)


def check(
    theirs: SimpleNamespace, action: Callable[[Any], Any], tolerance: float | None = None
) -> None:
    """The same result, warnings, error and state of the global generator."""
    ours: ModuleType = fastaug.keras
    agree(theirs, ours, action, tolerance=tolerance)


def image(layout: str, dtype: str = "float32", channels: int = 3) -> np.ndarray:
    x = np.random.default_rng(3).uniform(0, 255, (9, 12, channels)).astype(dtype)
    axes = LAYOUTS[layout]
    order = np.argsort([axes["row_axis"], axes["col_axis"], axes["channel_axis"]])
    return np.ascontiguousarray(x.transpose(order))


RANDOM: dict[str, Callable[[Any, Any, Any], Any]] = {
    "rotation": lambda module, x, more: module.random_rotation(x, 40, **more),
    "shift": lambda module, x, more: module.random_shift(x, 0.3, 0.6, **more),
    "shear": lambda module, x, more: module.random_shear(x, 30, **more),
    "zoom": lambda module, x, more: module.random_zoom(x, (0.5, 1.8), **more),
    "zoom by one": lambda module, x, more: module.random_zoom(x, [1, 1.0], **more),
}


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("fill_mode", ["nearest", "constant", "reflect", "wrap"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", RANDOM)
def test_random_affine_functions(
    name: str, layout: str, fill_mode: str, order: int, theirs: SimpleNamespace
) -> None:
    x = image(layout)
    more = LAYOUTS[layout] | dict(fill_mode=fill_mode, cval=9.0, interpolation_order=order)
    tolerance = None if order < 2 else PROMISE
    check(theirs, lambda module: [RANDOM[name](module, x, more) for _ in range(4)], tolerance)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float16", "float32", "float64"])
@pytest.mark.parametrize("name", RANDOM)
def test_defaults_are_channels_first(name: str, dtype: str, theirs: SimpleNamespace) -> None:
    x = image("channels first", dtype)
    check(theirs, lambda module: RANDOM[name](module, x, {}))


@pytest.mark.parametrize("bad", [(1,), (1, 2, 3), "abc", [0]])
@pytest.mark.parametrize("name", ["random_zoom", "random_brightness"])
def test_ranges_that_are_no_pair(name: str, bad: Any, theirs: SimpleNamespace) -> None:
    x = image("channels last")
    check(theirs, lambda module: getattr(module, name)(x, bad))
    check(theirs, lambda module: getattr(module, name)(0, bad))


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        dict(theta=33),
        dict(tx=2, ty=-1.5),
        dict(shear=20),
        dict(zx=0.7, zy=1.4),
        dict(theta=33, tx=2, ty=-1.5, shear=20, zx=0.7, zy=1.4, fill_mode="wrap"),
        dict(theta=180, fill_mode="constant", cval=7, order=0),
        dict(theta=10, order=3),
    ],
    ids=str,
)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_apply_affine_transform(
    channels: int, layout: str, parameters: dict[str, Any], theirs: SimpleNamespace
) -> None:
    x = image(layout, channels=channels)
    arguments = parameters | LAYOUTS[layout]
    tolerance = PROMISE if parameters.get("order", 1) > 1 else None
    check(theirs, lambda module: module.apply_affine_transform(x, **arguments), tolerance)


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((5, 5), LAYOUTS["channels last"]),
        ((2, 5, 5, 3), LAYOUTS["channels last"]),
        ((5, 5, 3), dict(row_axis=0, col_axis=0, channel_axis=2)),
        ((5, 5, 3), dict(row_axis=0, col_axis=1, channel_axis=3)),
        ((5, 5, 3), dict(row_axis=0, col_axis=1, channel_axis=-1)),
        ((5, 3, 5), dict(row_axis=0, col_axis=2, channel_axis=1)),
        ((5, 5, 3), dict(row_axis=1, col_axis=2)),
    ],
    ids=str,
)
def test_axes_that_do_not_fit(shape: Any, axes: Any, theirs: SimpleNamespace) -> None:
    x = np.ones(shape, "float32")
    check(theirs, lambda module: module.apply_affine_transform(x, theta=10, **axes))
    check(theirs, lambda module: module.random_rotation(x, 10, **axes))


@pytest.mark.parametrize("intensity", [0, 35.5, -20, 1e5, np.float64(3.3)])
@pytest.mark.parametrize("channel_axis", [0, 1, 2])
@pytest.mark.parametrize("dtype", ["uint8", "int32", "float16", "float32", "float64"])
def test_channel_shift(
    dtype: str, channel_axis: int, intensity: Any, theirs: SimpleNamespace
) -> None:
    x = image("channels last", dtype)
    for more in ({}, dict(channel_axis=channel_axis)):
        check(
            theirs,
            lambda module, more=more: [
                module.apply_channel_shift(x, intensity, **more),
                module.random_channel_shift(x, abs(intensity), **more),
            ],
        )


def test_channel_shift_counts_from_the_last_axis_as_keras_does(theirs: SimpleNamespace) -> None:
    """Which puts the channels first."""
    x = np.arange(60.0).reshape(3, 4, 5)
    for axis in (-1, -2, -3):
        check(theirs, lambda module, axis=axis: module.apply_channel_shift(x, 5, channel_axis=axis))


@pytest.mark.parametrize("dtype", ["bool", "int8", "int16", "int32", "uint8"])
@pytest.mark.parametrize("order", [2, 3, 5])
def test_a_constant_that_is_no_value_of_the_dtype(
    order: int, dtype: str, theirs: SimpleNamespace
) -> None:
    """SciPy pads before it filters, in the image's dtype."""
    x = image("channels last", dtype)
    for cval in (-3.5, 20.2) if dtype != "uint8" else (20.2, 100.5):
        check(
            theirs,
            lambda module, cval=cval: module.apply_affine_transform(
                x,
                theta=30,
                fill_mode="grid-constant",
                cval=cval,
                order=order,
                **LAYOUTS["channels last"],
            ),
        )


VALUES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "levels": lambda x: x,
    "bytes": lambda x: x.astype("uint8"),
    "doubles": lambda x: x.astype("float64"),
    "from 0 to 1": lambda x: x / 255,
    "below black": lambda x: x - 40,
    "beyond white": lambda x: x + 40,
    "wide": lambda x: 1000 * (x - 100),
    "a hair beyond white": lambda x: np.maximum(x, np.float32(255.00002)),
    "constant": lambda x: x * 0 + 40,
    "constant beyond white": lambda x: x * 0 + 400,
    "black": lambda x: x * 0,
}


@pytest.mark.parametrize("scale", [True, False, None])
@pytest.mark.parametrize("brightness", [0, 0.3, 1, 1.0, 1.7, 40.0, -0.5])
@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_brightness(
    channels: int, values: str, brightness: float, scale: bool | None, theirs: SimpleNamespace
) -> None:
    """The same whole grey levels, and the same bits where they are stretched back."""
    x = VALUES[values](image("channels last", channels=channels))
    more = {} if scale is None else {"scale": scale}
    check(theirs, lambda module: module.apply_brightness_shift(x, brightness, **more))
    check(theirs, lambda module: module.random_brightness(x, (0.1, 1 + abs(brightness)), **more))


def test_brightness_of_a_rank_that_is_no_image(theirs: SimpleNamespace) -> None:
    for x in (np.ones((4, 4)), np.ones((2, 4, 4, 3)), 0):
        check(theirs, lambda module, x=x: module.apply_brightness_shift(x, 0.5))


def test_every_grey_level_at_many_factors(theirs: SimpleNamespace) -> None:
    """Pillow's arithmetic, level by level."""
    ramp = np.arange(256, dtype="float32").reshape(16, 16, 1)
    factors = [*np.random.default_rng(5).uniform(-1, 4, 60), 0.5, 1 / 3, 2, 254 / 255]
    x = np.repeat(ramp, 3, axis=2)
    check(
        theirs,
        lambda module: [module.apply_brightness_shift(x, float(f), False) for f in factors],
    )


def as_array(picture: Image.Image) -> tuple[str, np.ndarray]:
    return picture.mode, np.asarray(picture)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("data_format", [None, "channels_last", "channels_first", "channels"])
@pytest.mark.parametrize("dtype", [None, "float32", "float64", "uint8", "int32"])
@pytest.mark.parametrize("values", ["levels", "from 0 to 1", "beyond white", "constant", "black"])
def test_array_to_img(
    values: str, dtype: str | None, data_format: str | None, scale: bool, theirs: SimpleNamespace
) -> None:
    for channels in (1, 2, 3, 4):
        layout = "channels first" if data_format == "channels_first" else "channels last"
        x = VALUES[values](image(layout, channels=channels))
        check(
            theirs,
            lambda module, x=x: as_array(
                module.array_to_img(x, data_format=data_format, scale=scale, dtype=dtype)
            ),
        )


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I", "I;16", "F", "P", "1", "LA", "CMYK"])
@pytest.mark.parametrize("data_format", [None, "channels_last", "channels_first", "channels"])
@pytest.mark.parametrize("dtype", [None, "uint8", "float64"])
def test_img_to_array(
    mode: str, data_format: str | None, dtype: str | None, theirs: SimpleNamespace
) -> None:
    grey = Image.fromarray(image("channels last", "uint8")[..., 0])
    picture = grey.convert("I").convert("I;16") if mode == "I;16" else grey.convert(mode)
    check(theirs, lambda module: module.img_to_array(picture, data_format, dtype))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files of every kind of content."""
    folder = tmp_path_factory.mktemp("pictures")
    rgb = Image.fromarray(np.random.default_rng(1).integers(0, 256, (23, 31, 3), dtype=np.uint8))
    grey = np.random.default_rng(2).integers(0, 2**16, (23, 31))
    made = {
        "rgb.png": rgb,
        "rgb.jpg": rgb,
        "rgb.bmp": rgb,
        "rgba.png": rgb.convert("RGBA"),
        "grey.png": rgb.convert("L"),
        "palette.png": rgb.convert("P"),
        "16 bits.png": Image.fromarray(grey.astype(np.uint16)),
        "32 bits.tif": Image.fromarray(grey.astype(np.int32) * 7),
    }
    for name, picture in made.items():
        picture.save(folder / name)
    return {name: folder / name for name in made}


NAMES = ["rgb.png", "rgb.jpg", "rgb.bmp", "rgba.png", "grey.png", "palette.png", "16 bits.png"]
NAMES += ["32 bits.tif"]


@pytest.mark.parametrize("color_mode", ["rgb", "rgba", "grayscale", "grey"])
@pytest.mark.parametrize("name", NAMES)
def test_load_img(
    name: str, color_mode: str, pictures: dict[str, Path], theirs: SimpleNamespace
) -> None:
    path = pictures[name]
    check(theirs, lambda module: as_array(module.load_img(path, color_mode=color_mode)))
    for size in [(10, 12), (23, 31), (40, 9), (1, 1)]:
        for keep in (False, True):
            check(
                theirs,
                lambda module, size=size, keep=keep: as_array(
                    module.load_img(str(path), color_mode, size, keep_aspect_ratio=keep)
                ),
            )


@pytest.mark.parametrize(
    "interpolation", ["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming", "cubic"]
)
def test_interpolations_of_load_img(
    interpolation: str, pictures: dict[str, Path], theirs: SimpleNamespace
) -> None:
    for size in [(10, 12), (23, 31), (40, 60)]:
        check(
            theirs,
            lambda module, size=size: as_array(
                module.load_img(pictures["rgb.png"], target_size=size, interpolation=interpolation)
            ),
        )


def test_where_load_img_reads_from(pictures: dict[str, Path], theirs: SimpleNamespace) -> None:
    path = pictures["rgb.png"]
    for source in (path, str(path), bytes(path), str(path) + "x", 3, None):
        check(theirs, lambda module, source=source: as_array(module.load_img(source)))
    content = path.read_bytes()
    check(theirs, lambda module: as_array(module.load_img(io.BytesIO(content))))


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(
    "arguments",
    [
        dict(),
        dict(scale=False),
        dict(data_format="channels_last", file_format="png"),
        dict(file_format="jpg"),
        dict(file_format="jpeg", quality=30),
        dict(file_format="bmp"),
        dict(file_format="nothing"),
    ],
    ids=str,
)
@pytest.mark.parametrize("ending", ["png", "jpg", "jpeg"])
def test_save_img(
    ending: str,
    arguments: dict[str, Any],
    channels: int,
    tmp_path: Path,
    theirs: SimpleNamespace,
) -> None:
    x = image("channels last", channels=channels)
    path = tmp_path / f"picture.{ending}"

    def action(module: Any) -> bytes:
        path.unlink(missing_ok=True)
        module.save_img(path, x, **arguments)
        return path.read_bytes()

    check(theirs, action)
