"""`compat="keras2"` gives what Keras-Preprocessing 1.1.2 gives: the pixels of TensorFlow up to 2.8.

From 2.9 on `tf.keras` turns about another point, shifts along the other axis, and treats brightness
otherwise; that is what Keras 3 does. The draws are the same in all of them.
"""

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from parity import PROMISE, agree

from fastaug.keras import ImageDataGenerator

preprocessing = pytest.importorskip("keras_preprocessing.image")

FILL_MODES = ["nearest", "constant", "reflect", "wrap", "mirror", "grid-wrap", "grid-constant"]


def theirs(**arguments: Any) -> Any:
    return preprocessing.ImageDataGenerator(**arguments)


def ours(**arguments: Any) -> Any:
    return ImageDataGenerator(**arguments, compat="keras2")


def random_configuration(number: int) -> dict[str, Any]:
    rng = np.random.default_rng([1, 1, 2, number])

    def pick(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    chosen = {
        "featurewise_center": pick(False, False, True),
        "samplewise_center": pick(False, False, True),
        "featurewise_std_normalization": pick(False, False, True),
        "samplewise_std_normalization": pick(False, False, True),
        "rotation_range": pick(0, 7, 180),
        "width_shift_range": pick(0.0, 0.2, 3.5, 4, [1, 2, 5]),
        "height_shift_range": pick(0.0, 0.3, 2.5, 3, [0.1, 0.2]),
        "brightness_range": pick(None, None, (0.2, 1.8), [0.0, 3.0]),
        "shear_range": pick(0.0, 30.0),
        "zoom_range": pick(0.0, 0.3, (0.7, 1.2)),
        "channel_shift_range": pick(0.0, 40.0),
        "fill_mode": FILL_MODES[number % 7],
        "cval": pick(0.0, 7.5),
        "horizontal_flip": pick(False, True),
        "vertical_flip": pick(False, True),
        "rescale": pick(None, 1 / 255.0, 2),
        "preprocessing_function": pick(None, None, lambda image: image + np.random.rand()),
        "data_format": pick("channels_last", "channels_last", "channels_first"),
        "validation_split": pick(0.0, 0.34),
        "interpolation_order": pick(0, 1, 1, 2, 3, 5),
        "dtype": pick("float32", "float32", "float64", "uint8"),
    }
    if number % 3 == 1:  # images from 0 to 1, of which a large shift would leave one colour
        chosen["channel_shift_range"] /= 255
    if chosen["samplewise_std_normalization"] and chosen["brightness_range"]:
        chosen["brightness_range"] = tuple(max(v, 0.5) for v in chosen["brightness_range"])
    if number % 9 == 0:
        # There are fewer images than features, so a matrix in float32 is half rounding errors.
        chosen |= {"zca_whitening": True, "zca_epsilon": 0.1, "dtype": "float64"}
    return chosen


def images_for(number: int, data_format: str) -> np.ndarray:
    rng = np.random.default_rng([12, number])
    height, width = rng.integers(5, 14, 2)
    channels = (1, 3, 4, 3, 2)[number % 5]
    shape = (height, width, channels)
    if data_format == "channels_first":
        shape = (channels, height, width)
    low, high = [(0, 255), (0, 1), (-80, 400)][number % 3]
    return rng.uniform(low, high, (6, *shape))


def check_configuration(number: int) -> None:
    arguments = random_configuration(number)
    x = images_for(number, arguments["data_format"])
    subset = ("training", "validation")[number % 2] if arguments["validation_split"] else None

    def action(cls: Any) -> Any:
        generator = cls(**arguments)
        drawn = [generator.get_random_transform(x[0].shape, seed) for seed in (0, 99, None)]
        if any("wise" in name or "zca" in name for name, value in arguments.items() if value):
            generator.fit(x, augment=bool(number % 2), seed=number)
        made = []
        for by_index in (False, True):
            flow = generator.flow(x, np.arange(6) % 2, 4, seed=number, subset=subset)
            for _ in range(2):
                made += [flow[i] if by_index else next(flow) for i in range(len(flow))]
                if by_index:
                    flow.on_epoch_end()
        return drawn, made

    def level(result: Any) -> float:
        spread = [np.ptp(batch[0]) for batch in result[1]]
        scaled = np.ptp(x) * abs(arguments["rescale"] or 1)
        standardized = any(arguments.get(n) for n in arguments if "std" in n or "zca" in n)
        return PROMISE / 255 * float(max(spread) if standardized else scaled)

    agree(theirs, ours, action, tolerance=level, what=f"Keras 2, random configuration {number}")


@pytest.mark.parametrize("number", range(60))
def test_random_configurations(number: int) -> None:
    check_configuration(number)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(1, 6))
def test_many_random_configurations(hundred: int) -> None:
    for number in range(100 * hundred, 100 * hundred + 100):
        check_configuration(number)


ALONE: list[dict[str, Any]] = [
    dict(rotation_range=40),
    dict(width_shift_range=0.4),
    dict(height_shift_range=0.4),
    dict(width_shift_range=3, height_shift_range=[1, 2]),
    dict(shear_range=30),
    dict(zoom_range=(0.5, 2.0)),
    dict(horizontal_flip=True, vertical_flip=True),
    dict(channel_shift_range=50.0),
    dict(brightness_range=(0.3, 1.7)),
    dict(brightness_range=(0.3, 1.7), rotation_range=30),
    dict(brightness_range=(0.3, 1.7), rescale=1 / 255),
    dict(samplewise_std_normalization=True, samplewise_center=True),
]


@pytest.mark.parametrize("values", ["levels", "bytes", "from 0 to 1", "signed", "constant"])
@pytest.mark.parametrize("shape", [(8, 13), (13, 8), (9, 9), (1, 6)], ids=str)
@pytest.mark.parametrize("arguments", ALONE, ids=str)
def test_one_thing_at_a_time(
    arguments: dict[str, Any], shape: tuple[int, int], values: str
) -> None:
    """Brightness stretches every image over all the grey levels first, and then has the same bits."""
    rng = np.random.default_rng(4)
    x = {
        "levels": rng.uniform(0, 255, (5, *shape, 3)),
        "bytes": rng.integers(20, 200, (5, *shape, 3), dtype=np.uint8),
        "from 0 to 1": rng.uniform(0, 1, (5, *shape, 3)),
        "signed": rng.uniform(-300, 300, (5, *shape, 3)),
        "constant": np.full((5, *shape, 3), 50.0),
    }[values]

    def action(cls: Any) -> Any:
        flow = cls(**arguments).flow(x, batch_size=3, seed=2)
        return [next(flow) for _ in range(4)]

    span = 6 if any("std" in name for name in arguments) else float(np.ptp(x))
    exactly = "brightness_range" in arguments
    agree(theirs, ours, action, tolerance=None if exactly else PROMISE / 255 * (span or 1))


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_brightness_of_other_shapes(channels: int, data_format: str) -> None:
    """With channels first it is an error, but for images that are 1, 3 or 4 wide."""
    for height, width in [(6, 9), (5, 3), (4, 4)]:
        last = (4, height, width, channels)
        shape = last if data_format == "channels_last" else (4, channels, height, width)
        x = np.random.default_rng(6).uniform(0, 255, shape)

        def action(cls: Any, x: Any = x) -> Any:
            return next(cls(brightness_range=(0.5, 2), data_format=data_format).flow(x, seed=1))

        agree(theirs, ours, action)


def test_it_is_not_what_keras_3_does(keras_generator: Any) -> None:
    x = np.random.default_rng(3).uniform(50, 200, (4, 9, 9, 3))
    for arguments in (dict(rotation_range=40), dict(brightness_range=(0.5, 1.5))):
        now, then = (next(cls(**arguments).flow(x, seed=1)) for cls in (keras_generator, ours))
        assert np.abs(now - then).max() > 1


def test_a_height_shift_moves_rows() -> None:
    x = np.arange(8 * 8, dtype="float32").reshape(1, 8, 8, 1)
    parameters = {"tx": 2, "ty": 0}
    down = ours().apply_transform(x[0], parameters)
    np.testing.assert_array_equal(down[:-2], x[0, 2:])
    right = ImageDataGenerator().apply_transform(x[0], parameters)
    np.testing.assert_array_equal(right[:, :-2], x[0, :, 2:])


def test_whitening() -> None:
    """By the eigenvectors of the covariance, under an attribute of another name."""
    x = np.random.default_rng(2).uniform(0, 255, (60, 3, 4, 1))

    def action(cls: Any) -> Any:
        generator = cls(zca_whitening=True, featurewise_center=True, dtype="float64")
        generator.fit(x)
        return generator.principal_components, next(generator.flow(x, seed=1))

    agree(theirs, ours, action, tolerance=1e-6)


def test_defaults_do_not_follow_keras_settings() -> None:
    import keras

    keras.config.set_image_data_format("channels_first")
    keras.config.set_floatx("float64")
    try:
        agree(theirs, ours, lambda cls: (cls().data_format, cls().dtype))
    finally:
        keras.config.set_image_data_format("channels_last")
        keras.config.set_floatx("float32")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image

    root = tmp_path_factory.mktemp("classes")
    rng = np.random.default_rng(8)
    for name, count in {"cats": 5, "dogs": 7, "empty": 0}.items():
        (root / name).mkdir()
        for i in range(count):
            pixels = rng.integers(0, 256, (14, 11, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(root / name / f"{i}.png")
    return root


@pytest.mark.parametrize("class_mode", ["categorical", "binary", "sparse", "input", None])
def test_folders(class_mode: str | None, folders: Path) -> None:
    def action(cls: Any) -> Any:
        generator = cls(rotation_range=30, brightness_range=(0.5, 1.5), validation_split=0.4)
        saved = mkdtemp(dir=folders.parent)
        flow = generator.flow_from_directory(
            str(folders),
            target_size=(8, 9),
            class_mode=class_mode,
            batch_size=4,
            seed=3,
            subset="training",
            save_to_dir=saved,
        )
        made = [next(flow) for _ in range(4)]
        return made, list(flow.filenames), sorted(path.name for path in Path(saved).iterdir())

    agree(theirs, ours, action)


def test_classes_of_a_data_frame_are_sorted(folders: Path) -> None:
    """Whatever order they are named in, which Keras 3 keeps."""
    pandas = pytest.importorskip("pandas")
    names = sorted(str(p.relative_to(folders)) for p in folders.glob("*/*.png"))
    frame = pandas.DataFrame({"filename": names, "class": [n.split("/")[0] for n in names]})

    def action(cls: Any) -> Any:
        flow = cls(zoom_range=0.3).flow_from_dataframe(
            frame, str(folders), classes=["dogs", "cats"], target_size=(8, 8), seed=1
        )
        return flow.class_indices, next(flow)

    seen = agree(theirs, ours, action)
    assert seen.result[0] == {"cats": 0, "dogs": 1}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="compat"):
        ImageDataGenerator(compat="keras4")


def test_compat_keras_is_the_default(keras_generator: Any) -> None:
    assert ImageDataGenerator().compat == "keras"
    x = np.random.default_rng(3).uniform(0, 255, (4, 9, 7, 3))

    def named(**arguments: Any) -> Any:
        return ImageDataGenerator(**arguments, compat="keras")

    agree(
        keras_generator,
        named,
        lambda cls: next(cls(rotation_range=30, brightness_range=(0.5, 1.5)).flow(x, seed=1)),
    )
