"""Iterators against the installed Keras': order, seeds, what goes along with the images, files."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from parity import PROMISE, agree, same, watch

from fastaug.keras import ImageDataGenerator

Y = np.arange(10)
X = np.random.default_rng(1).uniform(0, 255, (10, 6, 5, 3))
AUGMENTED: dict[str, Any] = dict(rotation_range=30, width_shift_range=[1, 2], horizontal_flip=True)
ATTRIBUTES = (
    "n",
    "batch_size",
    "seed",
    "shuffle",
    "batch_index",
    "total_batches_seen",
    "index_array",
    "y",
    "x_misc",
    "sample_weight",
    "dtype",
    "data_format",
    "save_to_dir",
    "save_prefix",
    "save_format",
)


def attributes(flow: Any) -> dict[str, Any]:
    return {name: getattr(flow, name) for name in ATTRIBUTES} | {"len": len(flow)}


def by_next(flow: Any) -> Any:
    return [next(flow) for _ in range(2 * len(flow) + 1)]


def by_index(flow: Any) -> Any:
    made = []
    for _ in range(2):
        made += [flow[i] for i in range(len(flow))]
        flow.on_epoch_end()
    return made


def out_of_order(flow: Any) -> Any:
    """As several workers ask, and as a user does who looks at one batch."""
    last = len(flow) - 1
    return [flow[last], flow[0], flow[-1], flow[last], next(flow), flow[0]]


def with_resets(flow: Any) -> Any:
    made = [next(flow), next(flow)]
    flow.reset()
    made += [next(flow), flow[0], next(flow)]
    flow.on_epoch_end()
    flow.reset()
    return [*made, next(flow)]


WALKS = [by_next, by_index, out_of_order, with_resets]


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("seed", [None, 0, 7])
@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch_size", [1, 3, 5, 10, 64])
def test_order_and_state(
    batch_size: int, shuffle: bool, seed: int | None, walk: Any, keras_generator: Any
) -> None:
    def action(cls: Any) -> Any:
        flow = cls(**AUGMENTED).flow(X, Y, batch_size, shuffle, seed=seed)
        before = attributes(flow)
        return before, walk(flow), attributes(flow)

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


def test_two_iterators_share_one_generator(keras_generator: Any) -> None:
    """Zipped with one seed, as for images and masks; and without, where they share its state."""

    def action(cls: Any) -> Any:
        made = []
        for seed in (3, None):
            generator = cls(**AUGMENTED)
            images, masks = generator.flow(X, seed=seed), generator.flow(X[..., :1], seed=seed)
            made += [(next(images), next(masks)) for _ in range(4)]
        return made

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


LABELS: dict[str, Callable[[], dict[str, Any]]] = {
    "none": lambda: dict(x=X),
    "numbers": lambda: dict(x=X, y=Y),
    "one-hot": lambda: dict(x=X, y=np.eye(10, dtype="float32")),
    "list": lambda: dict(x=X, y=list(range(10))),
    "strings": lambda: dict(x=X, y=np.array(list("abcdefghij"))),
    "weights": lambda: dict(x=X, y=Y, sample_weight=Y / 10),
    "list of weights": lambda: dict(x=X, y=Y, sample_weight=list(range(10))),
    "weights without labels": lambda: dict(x=X, sample_weight=Y),
    "masks": lambda: dict(x=X, y=X[..., :1] > 99),
    "another input": lambda: dict(x=(X, Y), y=Y),
    "other inputs": lambda: dict(x=[X, [Y, X[:, 0]]], y=Y, sample_weight=Y),
    "other inputs as lists": lambda: dict(x=(X, [list(range(10))])),
    "list of images": lambda: dict(x=list(X), y=Y),
    "images as nested lists": lambda: dict(x=X.tolist()),
    "no images": lambda: dict(x=X[:0], y=Y[:0]),
}
SUBSETS: list[dict[str, Any]] = [
    {},
    dict(subset="training"),
    dict(subset="validation"),
    dict(subset="training", ignore_class_split=True),
    dict(subset="validation", ignore_class_split=True),
]


@pytest.mark.parametrize("subset", SUBSETS, ids=str)
@pytest.mark.parametrize("split", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("name", LABELS)
def test_what_goes_along(
    name: str, split: float, subset: dict[str, Any], keras_generator: Any
) -> None:
    def action(cls: Any) -> Any:
        flow = cls(**AUGMENTED, validation_split=split).flow(
            **LABELS[name](), **subset, batch_size=4, seed=5
        )
        made = [next(flow), next(flow)] if flow.n else []
        return flow.n, len(flow), made

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


def test_subsets_with_the_same_classes(keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        generator = cls(validation_split=0.5, **AUGMENTED)
        flows = [generator.flow(X, Y % 5, subset=s, seed=2) for s in ("training", "validation")]
        return [by_next(flow) for flow in flows]

    seen = agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)
    assert seen.error is None


@pytest.mark.parametrize(
    "arguments",
    [
        dict(x=X[0]),
        dict(x=X[None]),
        dict(x=X, y=Y[:3]),
        dict(x=X, y=3),
        dict(x=X, sample_weight=Y[:3]),
        dict(x=(X, Y[:3])),
        dict(x=(X, [Y, Y[:3]])),
        dict(x=X, subset="test"),
        dict(x=X, subset="Training"),
        dict(x="images"),
        dict(x=None),
        dict(x=X, unknown=1),
        dict(x=X[..., :2]),
    ],
    ids=lambda a: ", ".join(
        f"{k}={np.shape(v) or v}" if k == "subset" else k for k, v in a.items()
    ),
)
def test_errors_and_warnings(arguments: dict[str, Any], keras_generator: Any) -> None:
    agree(keras_generator, ImageDataGenerator, lambda cls: next(cls().flow(**arguments)))


@pytest.mark.parametrize(
    "arguments",
    [
        dict(zoom_range=(1, 2, 3)),
        dict(zoom_range="ab"),
        dict(zoom_range=None),
        dict(zoom_range=np.float32(0.2)),
        dict(data_format="channels_middle"),
        dict(validation_split=1.5),
        dict(validation_split=-0.1),
        dict(validation_split=1),
        dict(validation_split=0),
        dict(brightness_range=0.5),
        dict(brightness_range=(0.5,)),
        dict(brightness_range=(0.5, 1, 2)),
        dict(brightness_range="ab"),
        dict(unknown=1),
        dict(zca_whitening=True),
        dict(zca_whitening=True, featurewise_std_normalization=True),
        dict(featurewise_std_normalization=True),
        dict(samplewise_std_normalization=True),
        dict(samplewise_std_normalization=True, samplewise_center=True),
    ],
    ids=str,
)
def test_errors_and_warnings_of_the_constructor(
    arguments: dict[str, Any], keras_generator: Any
) -> None:
    def action(cls: Any) -> Any:
        generator = cls(**arguments)
        names = ("featurewise_center", "featurewise_std_normalization", "samplewise_center")
        return {name: getattr(generator, name) for name in (*names, "zoom_range")}

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


@pytest.mark.parametrize("positional", [True, False])
def test_attributes_of_a_generator(positional: bool, keras_generator: Any) -> None:
    """Under Keras' names, and by position in Keras' order."""
    values: dict[str, Any] = dict(
        featurewise_center=True,
        samplewise_center=True,
        featurewise_std_normalization=True,
        samplewise_std_normalization=True,
        zca_whitening=False,
        zca_epsilon=1e-5,
        rotation_range=3,
        width_shift_range=0.1,
        height_shift_range=[1, 2],
        brightness_range=(0.5, 1),
        shear_range=4.0,
        zoom_range=(0.9, 1.1),
        channel_shift_range=5.0,
        fill_mode="wrap",
        cval=6.0,
        horizontal_flip=True,
        vertical_flip=True,
        rescale=0.5,
        preprocessing_function=None,
        data_format="channels_first",
        validation_split=0.25,
        interpolation_order=1,
        dtype="float64",
    )

    def action(cls: Any) -> Any:
        generator = cls(*values.values()) if positional else cls(**values)
        more = ("channel_axis", "row_axis", "col_axis", "_validation_split", "mean", "std")
        kept = [name for name in values if name != "validation_split"]
        return {name: getattr(generator, name) for name in (*kept, *more)}

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


@pytest.mark.parametrize("save_format", ["png", "jpeg", "bmp"])
@pytest.mark.parametrize("seed", [None, 4])
def test_saved_files(
    seed: int | None, save_format: str, tmp_path: Path, keras_generator: Any
) -> None:
    """The digits in their names are drawn from the generator that the next batch draws from."""

    def action(cls: Any) -> Any:
        folder = Path(mkdtemp(dir=tmp_path))
        flow = cls(**AUGMENTED, brightness_range=(0.5, 1.5)).flow(
            X, Y, 4, seed=seed, save_to_dir=folder, save_prefix="a", save_format=save_format
        )
        made = by_next(flow)
        return made, {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    seen = agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)
    # 21 images were made; a name that comes twice would be one file.
    assert len(seen.result[1]) > 15


@pytest.mark.parametrize(
    ("data_format", "channels"),
    [("channels_first", 3), ("channels_last", 1), ("channels_last", 4), ("channels_last", 2)],
)
def test_saved_files_of_other_shapes(
    data_format: str, channels: int, tmp_path: Path, keras_generator: Any
) -> None:
    shape = (3, 6, 5, channels) if data_format == "channels_last" else (3, channels, 6, 5)
    x = np.random.default_rng(2).uniform(0, 255, shape)

    def action(cls: Any) -> Any:
        folder = Path(mkdtemp(dir=tmp_path))
        flow = cls(data_format=data_format).flow(x, seed=1, save_to_dir=str(folder))
        made = next(flow)
        return made, {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


def test_the_iterator_class_by_itself(keras_generator: Any) -> None:
    """Its arguments and defaults differ from those of `flow`: no shuffling, for one."""
    import keras.src.legacy.preprocessing.image as theirs

    import fastaug.keras as ours

    def action(module: Any) -> Any:
        generator = module.ImageDataGenerator(**AUGMENTED)
        flow = module.NumpyArrayIterator(X, Y, generator)
        other = module.NumpyArrayIterator(
            X,
            None,
            generator,
            3,
            True,
            Y,
            5,
            "channels_last",
            None,
            "",
            "png",
            None,
            False,
            "uint8",
        )
        assert isinstance(flow, module.Iterator)
        return by_next(flow), by_index(other), attributes(flow)

    agree(theirs, ours, action, tolerance=PROMISE)


def test_an_iterator_of_the_users_own() -> None:
    """Users derive from `Iterator`, and give it their batches."""
    import keras.src.legacy.preprocessing.image as theirs

    import fastaug.keras as ours

    def action(module: Any) -> Any:
        class Numbers(module.Iterator):  # type: ignore[misc, name-defined]
            def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
                return index_array, np.random.rand()

        flow = Numbers(7, 3, True, 5)
        return by_next(flow), by_index(flow), flow.white_list_formats

    agree(theirs, ours, action, tolerance=PROMISE)


def test_a_generator_of_the_users_own(keras_generator: Any) -> None:
    """And they override the generator's methods, which the iterator then calls, image by image."""

    def action(cls: Any) -> Any:
        class Noisy(cls):  # type: ignore[misc]
            def get_random_transform(self, img_shape: Any, seed: Any = None) -> Any:
                drawn = super().get_random_transform(img_shape, seed)
                return drawn | {"theta": 90 * np.random.randint(4)}

        class Brighter(cls):  # type: ignore[misc]
            def apply_transform(self, x: Any, transform_parameters: Any) -> Any:
                return super().apply_transform(x, transform_parameters) + np.random.rand()

        class Doubled(cls):  # type: ignore[misc]
            def standardize(self, x: Any) -> Any:
                assert x.ndim == 3
                return super().standardize(x * 2)

        made = []
        for derived in (Noisy, Brighter, Doubled):
            flow = derived(**AUGMENTED, rescale=0.5).flow(X, Y, 4, seed=8)
            made.append([next(flow) for _ in range(4)])
        return made

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


def test_settings_changed_after_the_iterator_was_made(keras_generator: Any) -> None:
    """Keras looks at the generator's attributes with every image."""

    def action(cls: Any) -> Any:
        generator = cls(rotation_range=20)
        flow = generator.flow(X, seed=3, batch_size=4)
        made = [next(flow)]
        generator.rotation_range = 0
        generator.rescale = 1 / 255
        made.append(next(flow))
        generator.vertical_flip = True
        generator.channel_shift_range = 40.0
        generator.fill_mode = "constant"
        generator.shear_range = 10
        made.append(next(flow))
        return made

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


def test_batches_are_the_callers_own() -> None:
    """What a user does to one batch is seen in no other, nor in the data."""
    flow = ImageDataGenerator().flow(X, shuffle=False, batch_size=5, seed=1)
    first = next(flow)
    kept = first.copy()
    second = next(flow)
    second[:] = -1
    np.testing.assert_array_equal(first, kept)
    third = next(flow)
    np.testing.assert_array_equal(third, kept)
    first[:] = -2
    np.testing.assert_array_equal(third, kept)
    np.testing.assert_array_equal(flow.x.astype("float32"), X.astype("float32"))


def test_an_iterator_copies_the_data_only_for_another_dtype(keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        x = X.astype("float32")
        flow = cls().flow(x, shuffle=False)
        shared = np.shares_memory(flow.x, x)
        x[0] = 3
        return shared, next(flow)[0]

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


def test_iterating_with_for(keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        made = []
        for images, labels in cls(**AUGMENTED).flow(X, Y, 4, seed=1):
            made.append((images, labels))
            if len(made) == 7:
                return made
        return None

    agree(keras_generator, ImageDataGenerator, action, tolerance=PROMISE)


def test_threads_that_share_an_iterator_get_each_image_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    flow = ImageDataGenerator(**AUGMENTED).flow(X, Y, 2, seed=1)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: next(flow)[1], range(20)))
    counts = np.bincount(np.concatenate(made), minlength=10)
    np.testing.assert_array_equal(counts, 4)


def test_the_model_sees_what_keras_shows_it(keras_generator: Any) -> None:
    """`fit`, `evaluate` and `predict` walk the iterator as they walk Keras' own."""
    import keras

    class Recorder(keras.layers.Layer):  # type: ignore[misc]
        seen: list[Any]

        def call(self, x: Any) -> Any:
            self.seen.append(np.asarray(x).copy())
            return keras.ops.mean(x, axis=(1, 2))

    def action(cls: Any) -> Any:
        layer = Recorder()
        layer.seen = []
        model = keras.Sequential([layer])
        model.compile("sgd", "mse", run_eagerly=True)
        flow = cls(**AUGMENTED).flow(X, X[:, 0, 0], 4, seed=6)
        model.fit(flow, epochs=2, verbose=0, shuffle=False)
        model.evaluate(flow, verbose=0)
        made = model.predict(flow, verbose=0)
        return made, layer.seen, flow.total_batches_seen

    theirs, ours = watch(action, keras_generator), watch(action, ImageDataGenerator)
    assert theirs.error is None
    assert ours.error is None
    same(theirs.result, ours.result, tolerance=PROMISE)
