"""`compat="fixed"`: what the names of the arguments say, against SciPy and NumPy.

The parameters are drawn by Keras' own class, and the matrix is written out in rows and columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from fastaug.keras import ImageDataGenerator, NumpyArrayIterator

SHAPE = (14, 23, 3)
WHITES = {"unit": 1.0, "levels": 255.0}


def smooth(n: int, shape: tuple[int, ...] = SHAPE, white: float = 255.0) -> np.ndarray:
    """Images without a hard step, from nearly black to white."""
    noise = np.random.default_rng(3).random((n, *shape))
    images = ndimage.gaussian_filter(noise, (0, 1.5, 1.5, 0))
    low, high = images.min(), images.max()
    return (images - low) / (high - low) * white


def in_layout(images: np.ndarray, data_format: str) -> np.ndarray:
    return images if data_format == "channels_last" else np.moveaxis(images, -1, -3)


def expected(
    image: np.ndarray, drawn: dict[str, Any], white: float, order: int = 1, mode: Any = "nearest"
) -> np.ndarray:
    """One image, channels last, under Keras' draws: "tx" is what it draws from the height range."""
    down, right = drawn["tx"], drawn["ty"]
    turn, lean = np.deg2rad(drawn["theta"]), np.deg2rad(drawn["shear"])
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    shear = np.array([[np.cos(lean), 0], [-np.sin(lean), 1]])
    matrix = rotation @ shear @ np.diag([drawn["zy"], drawn["zx"]])
    centre = (np.array(image.shape[:2]) - 1) / 2
    offset = centre + rotation @ [down, right] - matrix @ centre
    moved = np.stack(
        [
            ndimage.affine_transform(channel, matrix, offset, order=order, mode=mode)
            for channel in np.moveaxis(image, -1, 0)
        ],
        axis=-1,
    )
    if drawn["channel_shift_intensity"] is not None:
        moved = np.clip(moved + drawn["channel_shift_intensity"], moved.min(), moved.max())
    if drawn["flip_horizontal"]:
        moved = moved[:, ::-1]
    if drawn["flip_vertical"]:
        moved = moved[::-1]
    if drawn["brightness"] is not None:
        brighter = np.clip(moved * drawn["brightness"], 0, white)
        if image.shape[-1] == 4:
            brighter[..., 3] = moved[..., 3]
        moved = brighter
    return moved


def made(
    way: str, x: np.ndarray, data_format: str, seed: int, **settings: Any
) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """What becomes of images by one of the ways to ask for it, and what Keras' class draws for them.

    `x` and the result have their channels last.
    """
    from keras.src.legacy.preprocessing.image import ImageDataGenerator as Original

    settings = settings | {"data_format": data_format}
    generator = ImageDataGenerator(**settings, compat="fixed")
    ours_alone = ("value_range", "preprocessing_function")
    theirs = Original(**{k: v for k, v in settings.items() if k not in ours_alone})
    given = in_layout(x, data_format)
    np.random.seed(seed)
    drawn = [theirs.get_random_transform(image.shape) for image in given]
    np.random.seed(seed)
    if way == "flow":
        result = next(generator.flow(given, batch_size=len(x), shuffle=False, seed=seed))
    elif way == "random_transform":
        result = np.stack([generator.random_transform(image) for image in given])
    else:
        # By hand, in the words of "fixed": "tx" along the width.
        by_hand = [d | {"tx": d["ty"], "ty": d["tx"]} for d in drawn]
        both = zip(given, by_hand, strict=True)
        result = np.stack([generator.apply_transform(image, d) for image, d in both])
    return (result if data_format == "channels_last" else np.moveaxis(result, -3, -1)), drawn


WAYS = ["flow", "random_transform", "apply_transform"]
LAYOUTS = ["channels_last", "channels_first"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_shifts_move_along_the_axis_that_their_name_says(
    way: str, data_format: str, dtype: str
) -> None:
    x = np.random.default_rng(0).integers(0, 256, (6, 9, 13, 3)).astype(dtype)
    for name, axis in (("height_shift_range", 0), ("width_shift_range", 1)):
        result, _ = made(way, x, data_format, 4, **{name: [3]}, dtype=dtype)
        pad = [(0, 0)] * 3
        pad[axis] = (3, 3)
        signs = set()
        for image, got in zip(x, result, strict=True):
            padded = np.pad(image, pad, "edge")
            candidates = {
                sign: np.take(padded, np.arange(image.shape[axis]) + 3 + 3 * sign, axis)
                for sign in (-1, 1)
            }
            [sign] = [s for s, moved in candidates.items() if np.array_equal(moved, got)]
            signs.add(sign)
        assert signs == {-1, 1}


@pytest.mark.parametrize("name", ["height_shift_range", "width_shift_range"])
def test_shares_are_of_the_side_that_the_name_says(name: str) -> None:
    generator = ImageDataGenerator(compat="fixed", **{name: 0.5})
    drawn = [generator.get_random_transform((10, 1000, 3), seed) for seed in range(50)]
    side, moving, still = (10, "ty", "tx") if name[0] == "h" else (1000, "tx", "ty")
    shifts = np.abs([d[moving] for d in drawn])
    assert side / 4 < shifts.max() <= side / 2
    assert not any(d[still] for d in drawn)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("shape", [(8, 21, 3), (21, 8, 1), (7, 12, 4)])
def test_half_a_turn_reads_an_image_backwards(
    shape: tuple[int, ...], order: int, dtype: str
) -> None:
    """Whatever its sides: it turns about its middle, and nothing leaves it."""
    image = smooth(1, shape)[0].astype(dtype)
    generator = ImageDataGenerator(compat="fixed", interpolation_order=order, dtype=dtype)
    turned = generator.apply_transform(image, {"theta": 180})
    np.testing.assert_allclose(turned, image[::-1, ::-1], atol=0.01)


GEOMETRY: dict[str, Any] = dict(
    rotation_range=50,
    width_shift_range=0.2,
    height_shift_range=0.3,
    shear_range=25,
    zoom_range=(0.6, 1.5),
    horizontal_flip=True,
    vertical_flip=True,
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"rotation_range": 0, "shear_range": 0},
        {"interpolation_order": 3},
        {"fill_mode": "mirror", "channel_shift_range": 40.0},
        {"brightness_range": (0.3, 2.5)},
        {"brightness_range": (0.3, 2.5), "interpolation_order": 3, "channel_shift_range": 40.0},
    ],
)
def test_like_scipy(way: str, data_format: str, dtype: str, more: dict[str, Any]) -> None:
    x = smooth(8).astype(dtype)
    settings = GEOMETRY | more | {"dtype": dtype}
    result, drawn = made(way, x, data_format, 11, **settings)
    order, mode = settings.get("interpolation_order", 1), settings.get("fill_mode", "nearest")
    for image, got, parameters in zip(x, result, drawn, strict=True):
        wanted = expected(image.astype("float64"), parameters, 255.0, order, mode)
        np.testing.assert_allclose(got, wanted, atol=0.02)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", list(WHITES))
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_brightness_multiplies_and_clips_to_white(
    way: str, data_format: str, dtype: str, scale: str, channels: int
) -> None:
    """Not to whole grey levels; a fourth channel is left alone."""
    white = WHITES[scale]
    x = smooth(4, (6, 9, channels), white).astype(dtype)
    x[..., 0, 0, :] = white  # in each, since images by themselves have no others to ask
    result, drawn = made(way, x, data_format, 5, brightness_range=(0.2, 3.0), dtype=dtype)
    for image, got, parameters in zip(x, result, drawn, strict=True):
        factor = parameters["brightness"]
        wanted = np.clip(image * factor, 0, white)
        if channels == 4:
            wanted[..., 3] = image[..., 3]
        np.testing.assert_allclose(got, wanted, rtol=1e-6)
    assert (result[..., :3] == white).any()
    assert result.min() < 0.2 * white


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_a_spline_overshoots_is_clipped_to_the_white_of_the_data(
    way: str, order: int, dtype: str
) -> None:
    x = (np.random.default_rng(0).random((6, 24, 20, 3)) > 0.5).astype(dtype)
    settings = dict(rotation_range=20, interpolation_order=order, dtype=dtype)
    overshoot = made(way, x, "channels_last", 1, **settings)[0]
    assert (overshoot.max() > 1.2) == (order > 1)
    bright, drawn = made(way, x, "channels_last", 1, brightness_range=(1.5, 1.5), **settings)
    assert bright.max() == 1
    assert bright.min() == 0
    again = np.stack([expected(a, d, 1.0, order) for a, d in zip(x, drawn, strict=True)])
    # A doubtful coordinate is another pixel at order 0, and a hard edge elsewhere.
    assert (np.abs(bright - again) < 0.01).mean() > 0.999


@pytest.mark.parametrize("dtype", ["uint8", "int64", "uint16"])
@pytest.mark.parametrize("computed", ["float32", "float64"])
def test_white_of_integers_is_255_however_dark_an_image(dtype: str, computed: str) -> None:
    x = np.zeros((4, 5, 6, 3), dtype)
    x[:] = np.array([0, 1, 2, 200])[:, None, None, None]
    arguments: dict[str, Any] = dict(brightness_range=(3, 3), compat="fixed", dtype=computed)
    batch = next(ImageDataGenerator(**arguments).flow(x, shuffle=False))
    assert batch.reshape(4, -1).max(1).tolist() == [0, 3, 6, 255]
    assert next(ImageDataGenerator(**arguments).flow(x[1:2], shuffle=False)).max() == 3
    one = ImageDataGenerator(**arguments).apply_transform(x[1], {"brightness": 3})
    assert one.max() == 3


class Overridden(ImageDataGenerator):
    """Its batches are made by its methods, image by image."""

    def standardize(self, x: np.ndarray) -> np.ndarray:
        return super().standardize(x)


def kept(image: np.ndarray) -> np.ndarray:
    return image


@pytest.mark.parametrize("kind", [ImageDataGenerator, Overridden])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"dtype": "float64"},
        {"preprocessing_function": kept},
        {"sampling": "counter"},
        {"rotation_range": 1e-9},  # moves the images, if not their pixels
        {"gaussian_noise_range": 1.0, "gaussian_noise_probability": 0.0},
        {"rescale": 1 / 2},
    ],
)
def test_the_whole_array_says_what_white_is(kind: Any, more: dict[str, Any]) -> None:
    """A dark frame of a film in 0 to 255 is not white, and comes out as the others do."""
    x = np.full((4, 5, 6, 3), 0.5, "float32")
    x[3, 0] = 200
    generator = kind(brightness_range=(3, 3), compat="fixed", validation_split=0.5, **more)
    scale = more.get("rescale", 1.0)
    for subset in (None, "validation"):
        flow = generator.flow(x, batch_size=2, shuffle=False, subset=subset)
        np.testing.assert_allclose(next(flow), 1.5 * scale, rtol=1e-5)
        np.testing.assert_allclose(flow[0], 1.5 * scale, rtol=1e-5)


@pytest.mark.parametrize("kind", [ImageDataGenerator, Overridden])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("white", [0.75, 100.0])
def test_value_range_says_what_white_is(kind: Any, dtype: str, white: float) -> None:
    for given in ("uint8", "float32"):
        x = np.full((2, 5, 6, 3), 1, given)
        x[1] = 200
        generator = kind(
            brightness_range=(1.5, 1.5), compat="fixed", dtype=dtype, value_range=(0, white)
        )
        batch = next(generator.flow(x, shuffle=False))
        assert set(batch.ravel()) == {min(1.5, white), white}
        bright = generator.apply_transform(x[1].astype(dtype), {"brightness": 1.5})
        assert bright.max() == bright.min() == white


def test_parameters_bring_white_along() -> None:
    """So that a dark sample comes again by itself."""
    x = np.full((4, 5, 6, 3), 1.0, "float32")
    x[3] = 200
    generator = ImageDataGenerator(brightness_range=(2, 3), compat="fixed", sampling="counter")
    flow = generator.flow(x, batch_size=4, shuffle=False, seed=1)
    for image, got, parameters in zip(x, flow[0], flow.parameters(range(4)), strict=True):
        np.testing.assert_array_equal(generator.apply_transform(image, parameters), got)
    assert flow[0][0].min() > 1
    assert "white" not in ImageDataGenerator(brightness_range=(2, 3)).get_random_transform(SHAPE)


def test_white_of_files_is_255(tmp_path: Any) -> None:
    from PIL import Image

    (tmp_path / "a").mkdir()
    for level in (1, 2, 200):
        Image.new("RGB", (6, 5), (level,) * 3).save(tmp_path / "a" / f"{level}.png")
    for kind in (ImageDataGenerator, Overridden):
        generator = kind(brightness_range=(3, 3), compat="fixed")
        files = generator.flow_from_directory(
            tmp_path, (5, 6), class_mode=None, shuffle=False, batch_size=1
        )
        assert [float(files[i].max()) for i in range(3)] == [3, 6, 255]


def test_a_float_array_that_nowhere_exceeds_1_is_white_at_1(tmp_path: Any) -> None:
    """Also on a disk, where only its end says so, and with pixels that are no number."""
    file = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", "float32", (200, 4, 5, 1))
    file[:] = 0.75
    file[0, 0, 0] = np.nan
    generator = ImageDataGenerator(brightness_range=(2, 2), compat="fixed")
    assert next(generator.flow(file, batch_size=4, shuffle=False))[1:].max() == 1
    file[-1, -1, -1] = 1.25
    assert next(generator.flow(file, batch_size=4, shuffle=False))[1:].max() == 1.5


def test_iterators_take_generators_of_keras(keras_generator: Any) -> None:
    """Whose brightness is their own."""
    x = smooth(3).astype("float32")
    theirs = keras_generator(brightness_range=(0.5, 1.5))
    flow = NumpyArrayIterator(x, None, theirs, batch_size=3, seed=1)
    expected = next(theirs.flow(x, batch_size=3, shuffle=False, seed=1))
    np.testing.assert_array_equal(next(flow), expected)
