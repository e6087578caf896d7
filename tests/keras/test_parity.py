"""The same seed gives what the installed Keras gives: parameters exactly, pixels to 0.01 of 255 levels.

The tolerance is for resampling alone. What moves no pixel has Keras' bits, and so has brightness: it
truncates to whole grey levels, where the last bit of a resample can decide.
"""

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from parity import PROMISE, agree, same

from fastaug.keras import ImageDataGenerator

FILL_MODES = ["nearest", "constant", "reflect", "wrap", "mirror", "grid-wrap", "grid-constant"]


def shifted_at_random(image: np.ndarray) -> np.ndarray:
    """Draws from the generator that the augmentation draws from."""
    return image + np.random.rand()


def negative(image: np.ndarray) -> np.ndarray:
    return 255 - image


def in_place(image: np.ndarray) -> np.ndarray:
    image += 3
    return image


# For each argument what leaves it off, and what does not.
VALUES: dict[str, tuple[Any, list[Any]]] = {
    "featurewise_center": (False, [True]),
    "samplewise_center": (False, [True]),
    "featurewise_std_normalization": (False, [True]),
    "samplewise_std_normalization": (False, [True]),
    "zca_whitening": (False, [True]),
    "rotation_range": (0, [7, 40.5, 180, -15]),
    "width_shift_range": (0.0, [0.2, 0.99, 3.5, 4, -3, 1.0, [1, 2, 5], (0.1, 0.3)]),
    "height_shift_range": (0.0, [0.3, 2.5, 3, -0.2, (1, 2), [0.1, 0.2], [0, 3]]),
    "brightness_range": (None, [(0.2, 1.8), [0.5, 0.5], (0.0, 3.0), (-0.5, 0.9)]),
    "shear_range": (0.0, [15, 30.0]),
    "zoom_range": (0.0, [0.3, (0.7, 1.2), [0.5, 1.5], (1.5, 1.5)]),
    "channel_shift_range": (0.0, [0.1, 20.0, 150, -30.0]),
    "fill_mode": ("nearest", FILL_MODES[1:]),
    "cval": (0.0, [7.5, 255, -3]),
    "horizontal_flip": (False, [True]),
    "vertical_flip": (False, [True]),
    "rescale": (None, [1 / 255.0, 2, -0.5]),
    "preprocessing_function": (None, [shifted_at_random, negative, in_place]),
    "data_format": ("channels_last", ["channels_first"]),
    "validation_split": (0.0, [0.34]),
    "interpolation_order": (1, [0, 2, 3, 4, 5]),
    "dtype": (None, ["float32", "float64", "uint8"]),
}
# Often an error, or the end of what else could be seen; often enough all the same.
RARE = {"zca_whitening": 0.15, "data_format": 0.3, "dtype": 0.3, "brightness_range": 0.3}
FITTED = ("featurewise_center", "featurewise_std_normalization", "zca_whitening")


def random_configuration(number: int) -> dict[str, Any]:
    rng = np.random.default_rng([2026, number])
    chosen = {}
    for name, (off, on) in VALUES.items():
        share = RARE.get(name, 0.4)
        chosen[name] = on[rng.integers(len(on))] if rng.random() < share else off
    if chosen["zca_whitening"]:
        # With fewer images than pixels the default divides by rounding errors.
        chosen["zca_epsilon"] = 1.0
    return chosen


def images_for(number: int, data_format: str, most: int = 14) -> np.ndarray:
    rng = np.random.default_rng([7, number])
    height, width = rng.integers(5, most, 2)
    channels = (1, 3, 4, 3, 1, 2, 3, 5)[number % 8]
    shape = (height, width, channels)
    if data_format == "channels_first":
        shape = (channels, height, width)
    kind = ("bytes", "levels", "unit", "signed", "beyond")[number // 2 % 5]
    if kind == "bytes":
        return rng.integers(0, 256, (7, *shape), dtype=np.uint8)
    low, high = {"levels": (0, 255), "unit": (0, 1), "signed": (-1, 1), "beyond": (-80, 400)}[kind]
    return rng.uniform(low, high, (7, *shape))


def grey_level(arguments: dict[str, Any], x: np.ndarray, result: list[Any] | None = None) -> float:
    """How much of a result is one level, if the data are the 255 levels."""
    span = float(np.ptp(x))
    if result is None:
        return span / 255
    if any("std" in name or "zca" in name for name, value in arguments.items() if value):
        images = np.concatenate([np.ravel(batch[0]) for batch in result])
        return float(np.ptp(images)) / 255
    return span / 255 * abs(arguments.get("rescale") or 1)


def check_configuration(keras_generator: Any, number: int) -> None:
    arguments = random_configuration(number)
    rng = np.random.default_rng([8, number])
    x = images_for(number, arguments["data_format"])
    if arguments["channel_shift_range"]:
        # On the scale of the data: an image shifted to one colour has a deviation of rounding errors.
        arguments["channel_shift_range"] *= float(np.ptp(x)) / 255
    if arguments["samplewise_std_normalization"] and arguments["brightness_range"]:
        # Nor one that is made black, or nearly.
        arguments["brightness_range"] = tuple(max(v, 0.5) for v in arguments["brightness_range"])
    before = x.copy()
    y = np.arange(len(x)) % 2
    seed = (None, 5, 2**31)[rng.integers(3)]
    shuffle, batch_size = bool(rng.integers(2)), int(rng.integers(1, 9))
    subset = ("training", "validation")[number % 2] if arguments["validation_split"] else None
    augment, rounds = bool(rng.integers(2)), int(rng.integers(1, 3))

    def one(cls: Any) -> Any:
        generator = cls(**arguments)
        shape = x[0].shape
        drawn = [generator.get_random_transform(shape, s) for s in (0, 123456, None)]
        image = x[0].astype(generator.dtype)
        return drawn, generator.random_transform(image, 3), generator.random_transform(image)

    def batches(cls: Any) -> Any:
        generator = cls(**arguments)
        if any(arguments[name] for name in FITTED) and number % 5:
            generator.fit(x, augment=augment, rounds=rounds, seed=number if number % 3 else None)
        result = []
        for by_index in (False, True):
            flow = generator.flow(
                x, y, batch_size=batch_size, shuffle=shuffle, seed=seed, subset=subset
            )
            for _ in range(2):
                result += [flow[i] if by_index else next(flow) for i in range(len(flow))]
                if by_index:
                    flow.on_epoch_end()
        return result

    what = f"random configuration {number}, order {arguments['interpolation_order']}"
    agree(
        keras_generator,
        ImageDataGenerator,
        one,
        tolerance=PROMISE * grey_level(arguments, x),
        what=what,
    )
    agree(
        keras_generator,
        ImageDataGenerator,
        batches,
        tolerance=lambda result: PROMISE * grey_level(arguments, x, result),
        what=what,
    )
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("number", range(160))
def test_random_configurations(number: int, keras_generator: Any) -> None:
    check_configuration(keras_generator, number)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(2, 22))
def test_many_random_configurations(hundred: int, keras_generator: Any) -> None:
    for number in range(100 * hundred, 100 * hundred + 100):
        check_configuration(keras_generator, number)


def test_the_random_configurations_have_every_pair_of_arguments() -> None:
    seen = set()
    for number in range(160):
        chosen = random_configuration(number)
        on = [name for name in VALUES if chosen[name] is not VALUES[name][0]]
        seen |= set(combinations(on, 2))
    missing = set(combinations(VALUES, 2)) - seen
    assert not missing


# One thing at a time, where the whole of it can be seen.
ALONE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "rotation": dict(rotation_range=40),
    "rotation by a negative range": dict(rotation_range=-40),
    "rotation by whole turns": dict(rotation_range=3600),
    "width shift": dict(width_shift_range=0.3),
    "height shift": dict(height_shift_range=0.3),
    "shift by pixels": dict(width_shift_range=4.0, height_shift_range=2.5),
    "shift by an int": dict(width_shift_range=4, height_shift_range=2),
    "shift by one": dict(width_shift_range=1, height_shift_range=1.0),
    "shift from a list": dict(width_shift_range=[-2, 3], height_shift_range=(0.1, 0.4)),
    "shift from a list of one": dict(width_shift_range=[2.5]),
    "shift by a negative int": dict(width_shift_range=-2, height_shift_range=-0.2),
    "shift by a NumPy number": dict(width_shift_range=np.float32(0.25), rotation_range=np.int64(9)),
    "shear": dict(shear_range=30.0),
    "shear to a line": dict(shear_range=180),
    "zoom": dict(zoom_range=0.4),
    "zoom of a pair": dict(zoom_range=[0.5, 2.0]),
    "zoom of an ordered pair the wrong way": dict(zoom_range=(2, 0.5)),
    "zoom through zero": dict(zoom_range=1.5),
    "zoom by exactly one": dict(zoom_range=(1, 1.0)),
    "zoom by a constant": dict(zoom_range=(0.5, 0.5)),
    "flips": dict(horizontal_flip=True, vertical_flip=True),
    "flips by numbers": dict(horizontal_flip=1, vertical_flip=0),
    "channel shift": dict(channel_shift_range=60.0),
    "channel shift by an int": dict(channel_shift_range=60),
    "channel shift beyond the range": dict(channel_shift_range=1e4),
    "brightness": dict(brightness_range=(0.3, 1.7)),
    "brightness of a constant": dict(brightness_range=[1.0, 1.0]),
    "brightness to black": dict(brightness_range=(0, 0)),
    "brightness of negative factors": dict(brightness_range=(-1.0, -0.5)),
    "brightness far out": dict(brightness_range=(5.0, 40.0)),
    "brightness after a warp": dict(rotation_range=25, brightness_range=(0.5, 1.5)),
    "brightness after a cubic warp": dict(
        rotation_range=25, brightness_range=(0.5, 1.5), interpolation_order=3
    ),
    "brightness after a channel shift": dict(
        channel_shift_range=60.0, brightness_range=(0.5, 1.5), horizontal_flip=True
    ),
    "brightness and rescale": dict(brightness_range=(0.5, 1.5), rescale=1 / 255),
    "rescale": dict(rescale=1 / 255),
    "rescale by zero": dict(rescale=0),
    "a function": dict(preprocessing_function=negative, rescale=1 / 255),
    "a function that draws": dict(preprocessing_function=shifted_at_random, rotation_range=20),
    "a function in place": dict(preprocessing_function=in_place, horizontal_flip=True),
    "a function to another dtype": dict(
        preprocessing_function=lambda image: image.astype("int64"), rescale=3
    ),
    "a function to one number": dict(preprocessing_function=lambda image: image.mean()),
    "everything": dict(
        rotation_range=20,
        width_shift_range=0.2,
        height_shift_range=0.1,
        brightness_range=(0.5, 1.5),
        shear_range=10,
        zoom_range=0.3,
        channel_shift_range=30.0,
        horizontal_flip=True,
        vertical_flip=True,
        rescale=1 / 255,
    ),
}
DATA: dict[str, Any] = {
    "bytes": lambda rng, shape: rng.integers(0, 256, shape, dtype=np.uint8),
    "levels": lambda rng, shape: rng.uniform(0, 255, shape),
    "from 0 to 1": lambda rng, shape: rng.uniform(0, 1, shape),
    "from -100 to 400": lambda rng, shape: rng.uniform(-100, 400, shape),
    "constant": lambda rng, shape: np.full(shape, 77.0),
    "constant and out of range": lambda rng, shape: np.full(shape, 300.0),
    "black": lambda rng, shape: np.zeros(shape, np.int64),
}


RESAMPLE = ("rotation", "width_shift", "height_shift", "shear", "zoom")


def to_the_bit(arguments: dict[str, Any]) -> bool:
    moves = any(f"{name}_range" in arguments for name in RESAMPLE)
    return "brightness_range" in arguments or not moves


def compare_alone(
    keras_generator: Any, arguments: dict[str, Any], x: np.ndarray, what: str
) -> None:
    def action(cls: Any) -> Any:
        flow = cls(**arguments).flow(x, np.arange(len(x)), batch_size=4, seed=21)
        return [next(flow) for _ in range(2 * len(flow))]

    tolerance = PROMISE * (grey_level(arguments, x, []) or 1 / 255)
    agree(
        keras_generator,
        ImageDataGenerator,
        action,
        tolerance=None if to_the_bit(arguments) else tolerance,
        what=what,
    )


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("name", ALONE)
def test_one_thing_at_a_time(name: str, data: str, keras_generator: Any) -> None:
    x = DATA[data](np.random.default_rng(3), (6, 11, 8, 3))
    compare_alone(keras_generator, ALONE[name], x, name)


@pytest.mark.parametrize(("order", "fill_mode"), list(product(range(6), FILL_MODES)))
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_orders_and_fill_modes(
    order: int, fill_mode: str, dtype: str, keras_generator: Any
) -> None:
    x = np.random.default_rng(4).uniform(0, 255, (4, 13, 9, 3))
    arguments = dict(
        rotation_range=50,
        width_shift_range=0.5,
        height_shift_range=0.5,
        zoom_range=(0.5, 2.0),
        fill_mode=fill_mode,
        cval=31.5,
        interpolation_order=order,
        dtype=dtype,
    )
    compare_alone(keras_generator, arguments, x, f"order {order}, {fill_mode}, {dtype}")


# What a dtype does to each step: some Keras refuses, some it wraps, some it truncates.
STEPS: dict[str, dict[str, Any]] = {
    "warp": dict(rotation_range=30, zoom_range=0.3),
    "cubic warp": dict(rotation_range=30, interpolation_order=3),
    "flip": dict(horizontal_flip=True),
    "channel shift": dict(channel_shift_range=50.0),
    "brightness": dict(brightness_range=(0.5, 1.5)),
    "warp and brightness": dict(rotation_range=30, brightness_range=(0.5, 1.5)),
    "rescale": dict(rescale=1 / 255),
    "rescale by an int": dict(rescale=2),
    "rescale after a channel shift": dict(channel_shift_range=50.0, rescale=1 / 3),
    "rescale after brightness": dict(brightness_range=(0.5, 1.5), rescale=1 / 3),
    "function": dict(preprocessing_function=lambda image: image / 3),
    "samplewise": dict(samplewise_std_normalization=True, samplewise_center=True),
}
DTYPES = ["uint8", "int8", "int16", "uint16", "int32", "int64", "uint32", "uint64", "bool"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("dtype", [*DTYPES, "float16", "float32", "float64", np.float32, np.uint8])
def test_dtypes(dtype: Any, step: str, keras_generator: Any) -> None:
    x = np.random.default_rng(5).integers(0, 100, (4, 9, 7, 3))
    arguments = STEPS[step] | {"dtype": dtype}
    unit = 1 / 30 if step == "samplewise" else 1.0
    unit *= 1 / 255 if "rescale" in step else 1.0

    def action(cls: Any) -> Any:
        generator = cls(**arguments)
        flow = generator.flow(x, seed=3)
        one = generator.random_transform(x[0].astype(dtype), 8)
        return [next(flow), next(flow), flow[0], one]

    agree(
        keras_generator,
        ImageDataGenerator,
        action,
        tolerance=PROMISE * unit,
        what=f"{step}, {dtype}",
    )


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 17])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("name", ["everything", "brightness", "channel shift", "rotation"])
def test_channels_and_layouts(
    channels: int, data_format: str, name: str, keras_generator: Any
) -> None:
    """Brightness with channels first is an error, but for images that are 1, 3 or 4 wide."""
    last = data_format == "channels_last"
    for height, width in [(6, 9), (9, 6), (8, 8), (5, 3), (1, 1), (1, 7), (7, 1)]:
        shape = (4, height, width, channels) if last else (4, channels, height, width)
        x = np.random.default_rng(6).uniform(0, 255, shape)
        arguments = ALONE[name] | {"data_format": data_format}
        compare_alone(keras_generator, arguments, x, f"{name} of {shape}")


@pytest.fixture
def channels_first_by_default() -> Any:
    import keras

    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.mark.usefixtures("channels_first_by_default")
@pytest.mark.parametrize("name", ["everything", "brightness", "rotation"])
def test_keras_own_default_layout(name: str, keras_generator: Any) -> None:
    """Set for all of Keras, channels first do not trouble the brightness."""
    x = np.random.default_rng(6).uniform(0, 255, (4, 3, 9, 6))
    compare_alone(keras_generator, ALONE[name], x, name)


@pytest.mark.parametrize("name", ALONE)
def test_parameters_by_themselves(name: str, keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        generator = cls(**ALONE[name])
        shapes = [(9, 14, 3), (14, 9, 3), (1, 1, 1)]
        seeds = (None, 0, 7, 2**32 - 1)
        return [generator.get_random_transform(s, seed) for s in shapes for seed in seeds]

    agree(keras_generator, ImageDataGenerator, action)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        dict(theta=30),
        dict(theta=90),
        dict(theta=-720.5, tx=1),
        dict(tx=2),
        dict(tx=np.int64(-3), ty=0.5),
        dict(tx=1e6),
        dict(shear=45),
        dict(zx=0.5),
        dict(zx=0.5, zy=3),
        dict(zx=0, zy=0),
        dict(zx=-1),
        dict(flip_horizontal=True),
        dict(flip_vertical=1, flip_horizontal=0),
        dict(channel_shift_intensity=40),
        dict(channel_shift_intensity=0),
        dict(channel_shift_intensity=None, brightness=None),
        dict(brightness=0),
        dict(brightness=1.5),
        dict(brightness=0.4, theta=10, flip_vertical=True, channel_shift_intensity=-20.0),
        dict(something_else=3),
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_parameters_by_hand(parameters: Any, dtype: str, keras_generator: Any) -> None:
    image = np.random.default_rng(7).uniform(0, 255, (9, 7, 3)).astype(dtype)
    agree(
        keras_generator,
        ImageDataGenerator,
        lambda cls: cls().apply_transform(image, parameters),
        tolerance=None if parameters.get("brightness") is not None else PROMISE,
    )


def test_a_large_batch_of_photographs(photographs: np.ndarray, keras_generator: Any) -> None:
    arguments = dict(
        rotation_range=30,
        width_shift_range=0.1,
        height_shift_range=0.1,
        shear_range=10,
        zoom_range=0.2,
        horizontal_flip=True,
        rescale=1 / 255,
    )
    x = np.concatenate([photographs] * 16).astype("float32")
    agree(
        keras_generator,
        ImageDataGenerator,
        lambda cls: next(cls(**arguments).flow(x, batch_size=32, seed=5)),
        tolerance=PROMISE / 255,
    )


def test_without_a_seed_the_global_generator_decides(
    photographs: np.ndarray, keras_generator: Any
) -> None:
    results = []
    for cls in (keras_generator, ImageDataGenerator):
        np.random.seed(11)
        batches = cls(rotation_range=30, vertical_flip=True).flow(photographs, batch_size=1)
        results.append([next(batches) for _ in range(5)] + [np.random.rand()])
    same(*results, tolerance=PROMISE)


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
def test_apply_transform_keeps_the_dtype(
    dtype: str, photographs: np.ndarray, keras_generator: Any
) -> None:
    image = photographs[0].astype(dtype)
    parameters = {"theta": 25.0, "tx": 3.0, "zx": 0.8, "zy": 1.1, "flip_vertical": True}
    a = keras_generator().apply_transform(image, parameters)
    b = ImageDataGenerator().apply_transform(image, parameters)
    np.testing.assert_array_equal(a, b, strict=True)


def test_epochs_shuffle_as_keras_does(keras_generator: Any) -> None:
    x = np.arange(10.0).reshape(10, 1, 1, 1) * np.ones((1, 4, 4, 1))
    orders = []
    for cls in (keras_generator, ImageDataGenerator):
        flow = cls().flow(x, np.arange(10), batch_size=3, seed=3)
        seen = []
        for _ in range(3):
            seen += [flow[i][1] for i in range(len(flow))]
            flow.on_epoch_end()
        orders.append(np.concatenate([*seen, flow.index_array]))
    np.testing.assert_array_equal(*orders)


def test_matrices_of_many_draws_have_keras_bits() -> None:
    """Batched products against the same products one by one, over many draws."""
    from fastaug.keras.draws import draw_batch
    from fastaug.keras.matrices import affine_matrices

    generator = ImageDataGenerator(
        rotation_range=180,
        width_shift_range=0.5,
        height_shift_range=0.5,
        shear_range=80,
        zoom_range=0.9,
    )
    np.random.seed(1)
    draws = draw_batch(generator, 20_000, 31, 57)
    got = affine_matrices(draws, 31, 57)
    for i in range(0, 20_000, 7):
        theta, shear = np.deg2rad(draws.theta[i]), np.deg2rad(draws.shear[i])
        rotation = np.array(
            [[np.cos(theta), -np.sin(theta), 0], [np.sin(theta), np.cos(theta), 0], [0, 0, 1]]
        )
        shift = np.array([[1, 0, draws.tx[i]], [0, 1, draws.ty[i]], [0, 0, 1]])
        lean = np.array([[1, -np.sin(shear), 0], [0, np.cos(shear), 0], [0, 0, 1]])
        zoom = np.array([[draws.zx[i], 0, 0], [0, draws.zy[i], 0], [0, 0, 1]])
        there = np.array([[1, 0, 15.0], [0, 1, 28.0], [0, 0, 1]])
        back = np.array([[1, 0, -15.0], [0, 1, -28.0], [0, 0, 1]])
        product = np.dot(np.dot(np.dot(rotation, shift), lean), zoom)
        product = np.dot(np.dot(there, product), back)
        np.testing.assert_array_equal(got[i], product[[1, 0]][:, [1, 0, 2]])
