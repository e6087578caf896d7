"""`flow`: what it hands out beside the images, its errors, and its files."""

from typing import Any

import numpy as np
import pytest

from fastaug.keras import ImageDataGenerator, NumpyArrayIterator

X = np.arange(6 * 5 * 4 * 3, dtype="float32").reshape(6, 5, 4, 3)
Y = np.arange(6)


@pytest.fixture(params=["theirs", "ours"])
def generator_class(request: pytest.FixtureRequest, keras_generator: Any) -> Any:
    """Keras' class and ours: what holds here holds for both."""
    return keras_generator if request.param == "theirs" else ImageDataGenerator


def test_images_alone_labels_weights_and_other_inputs(generator_class: Any) -> None:
    flow = generator_class().flow
    np.testing.assert_array_equal(next(flow(X, shuffle=False, batch_size=4)), X[:4])
    images, labels, weights = next(flow(X, Y, sample_weight=Y * 10, shuffle=False, batch_size=4))
    np.testing.assert_array_equal(labels, Y[:4])
    np.testing.assert_array_equal(weights, Y[:4] * 10)
    (images, one, two), labels = next(flow((X, [Y, Y + 1]), Y, shuffle=False, batch_size=4))
    np.testing.assert_array_equal(images, X[:4])
    np.testing.assert_array_equal(one, Y[:4])
    np.testing.assert_array_equal(two, Y[:4] + 1)
    images, other = next(flow((X, Y), shuffle=False, batch_size=4))
    np.testing.assert_array_equal(other, Y[:4])


def test_attributes_and_length(generator_class: Any) -> None:
    batches = generator_class().flow(X, Y, batch_size=4, seed=3)
    assert len(batches) == 2
    assert (batches.n, batches.batch_size, batches.seed, batches.shuffle) == (6, 4, 3, True)
    assert batches.x.dtype == "float32"
    assert batches.total_batches_seen == 0
    next(batches)
    assert (batches.batch_index, batches.total_batches_seen) == (1, 1)
    next(batches)
    assert (batches.batch_index, batches.total_batches_seen) == (0, 2)
    batches.reset()
    assert sorted(batches.index_array) == list(range(6))


def test_subsets(generator_class: Any) -> None:
    generator = generator_class(validation_split=1 / 3)
    training = generator.flow(X, batch_size=6, shuffle=False, subset="training")
    validation = generator.flow(X, batch_size=6, shuffle=False, subset="validation")
    np.testing.assert_array_equal(next(validation), X[:2])
    np.testing.assert_array_equal(next(training), X[2:])
    with pytest.raises(ValueError, match="different number of classes"):
        generator.flow(X, Y, subset="training")
    generator.flow(X, Y, subset="training", ignore_class_split=True)


def test_weights_are_not_cut_to_the_subset(generator_class: Any) -> None:
    """A quirk of Keras: the weights of the whole are handed out from their start."""
    flow = generator_class(validation_split=1 / 3).flow(
        X, Y, sample_weight=Y, shuffle=False, subset="training", ignore_class_split=True
    )
    _, labels, weights = next(flow)
    np.testing.assert_array_equal(labels, [2, 3, 4, 5])
    np.testing.assert_array_equal(weights, [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(x=X[0]), "rank 4"),
        (dict(x=X, y=Y[:3]), "same length"),
        (dict(x=X, sample_weight=Y[:3]), "same length"),
        (dict(x=(X, Y[:3])), "same length"),
        (dict(x=X, subset="test"), "subset"),
    ],
)
def test_errors_of_flow(generator_class: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        generator_class().flow(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        dict(zoom_range=(1, 2, 3)),
        dict(zoom_range="ab"),
        dict(data_format="channels_middle"),
        dict(validation_split=1.5),
    ],
)
def test_errors_of_the_constructor(generator_class: Any, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(arguments))):
        generator_class(**arguments)


def test_unusual_channels_warn(generator_class: Any) -> None:
    with pytest.warns(UserWarning, match="channels"):
        generator_class().flow(np.zeros((2, 4, 4, 2)))


@pytest.mark.parametrize(
    "arguments",
    [
        dict(fill_mode="edge"),
        dict(interpolation_order=6),
        dict(rotation_range=float("nan")),
        dict(zoom_range=(0.5, float("inf"))),
        dict(erosion_range=(3, 2)),
        dict(erosion_range=0),
        dict(salt_and_pepper_range=1.5),
        dict(gaussian_noise_range=-1),
        dict(gaussian_noise_range=3, gaussian_noise_probability=2),
        dict(value_range=(1, 0)),
        dict(erosion_probability=2),
    ],
)
def test_errors_that_keras_does_not_have(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=list(arguments)[-1]):
        ImageDataGenerator(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [dict(erosion_range=2.5), dict(gaussian_noise_range="1"), dict(dilation_probability="1")],
)
def test_wrong_types_of_our_own_arguments(arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=next(iter(arguments))):
        ImageDataGenerator(**arguments)


def test_probabilities_are_numbers_of_any_kind() -> None:
    generator = ImageDataGenerator(dilation_range=3, dilation_probability=np.float32(0.5))
    plain = ImageDataGenerator(dilation_range=3)
    np.testing.assert_array_equal(next(generator.flow(X, seed=1)), next(plain.flow(X, seed=1)))


def test_saved_files_are_keras_files(
    tmp_path: Any, photographs: np.ndarray, keras_generator: Any
) -> None:
    names = []
    for cls in (keras_generator, ImageDataGenerator):
        folder = tmp_path / cls.__module__
        folder.mkdir()
        flow = cls(rotation_range=20, interpolation_order=0).flow(
            photographs,
            batch_size=2,
            seed=1,
            save_to_dir=str(folder),
            save_prefix="a",
            save_format="png",
        )
        next(flow), next(flow)
        names.append({p.name: p.read_bytes() for p in folder.iterdir()})
    assert len(names[0]) == 4
    assert names[0] == names[1]


@pytest.mark.parametrize("name", ["apply_transform", "standardize", "get_random_transform"])
def test_methods_set_on_one_generator_are_used(generator_class: Any, name: str) -> None:
    generator = generator_class(horizontal_flip=True, rescale=2)
    own, calls = getattr(generator, name), []
    setattr(generator, name, lambda *given: (calls.append(name), own(*given))[1])
    changed = next(generator.flow(X, batch_size=4, seed=1))
    assert len(calls) == 4
    same = generator_class(horizontal_flip=True, rescale=2)
    np.testing.assert_array_equal(changed, next(same.flow(X, batch_size=4, seed=1)))


@pytest.mark.parametrize("dtype", ["f4", "f8", "u2"])
@pytest.mark.parametrize("more", [{}, {"theta": 10}, {"channel_shift_intensity": 3.0}])
def test_any_byte_order_and_address(dtype: str, more: dict[str, float]) -> None:
    image, parameters = X[0].astype(dtype), {"flip_horizontal": True, **more}
    expected = ImageDataGenerator().apply_transform(image, parameters)
    memory = np.empty(image.nbytes + 1, np.uint8)
    odd = memory[1:].view(dtype).reshape(image.shape)
    odd[...] = image
    for other in (image.astype(image.dtype.newbyteorder()), odd):
        np.testing.assert_array_equal(
            ImageDataGenerator().apply_transform(other, parameters), expected
        )


def test_the_data_is_left_alone() -> None:
    x = X.copy()
    flow = ImageDataGenerator(horizontal_flip=True, rescale=2, gaussian_noise_range=5).flow(
        x, seed=1
    )
    for _ in range(3):
        next(flow)
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize(
    ("data_format", "good", "wrong"),
    [
        ("channels_last", [(6, 5, 4), (6, 5, 4, 2)], [(6, 2, 5, 4), (6, 5), (6, 5, 4, 1, 1)]),
        ("channels_first", [(6, 5, 4), (6, 2, 5, 4)], [(6, 5, 4, 2), (6, 4, 5), (6, 2, 5, 4, 1)]),
    ],
)
def test_masks_have_the_layout_of_the_images(
    data_format: Any, good: list[Any], wrong: list[Any]
) -> None:
    images = X if data_format == "channels_last" else np.moveaxis(X, -1, 1)
    generator = ImageDataGenerator(horizontal_flip=True, data_format=data_format)
    for shape in good:
        masks = np.zeros(shape, np.uint8)
        assert next(generator.flow(images, masks=masks))[1].shape == shape
    for shape in wrong:
        with pytest.raises(ValueError, match=f"`masks` should have .* {data_format}"):
            generator.flow(images, masks=np.zeros(shape, np.uint8))


@pytest.mark.parametrize("batch_size", [1, 4])
def test_targets_with_a_function_and_counted_draws(batch_size: int) -> None:
    """Each image is drawn and finished by itself then; its mask follows the same draw."""
    rng = np.random.default_rng(3)
    images = np.repeat(rng.integers(0, 2, (6, 9, 8, 1)) * 200.0, 3, axis=3).astype(np.float32)
    arguments: dict[str, Any] = dict(zoom_range=0.3, horizontal_flip=True, sampling="counter")
    halves = ImageDataGenerator(preprocessing_function=lambda x: x / 2, **arguments)
    whole = ImageDataGenerator(**arguments)
    points = np.full((6, 1, 2), 3.0)
    for generator, factor in ((halves, 0.5), (whole, 1)):
        flow = generator.flow(
            images, masks=images[..., :1], keypoints=points, batch_size=batch_size, seed=1
        )
        batches = [next(flow) for _ in range(len(flow))]
        made = np.concatenate([b[0] for b in batches])
        masks = np.concatenate([b[1]["masks"] for b in batches])
        moved = np.concatenate([b[1]["keypoints"] for b in batches])
        whole_images = made / factor
        if factor == 0.5:
            first = whole_images, masks, moved
    np.testing.assert_allclose(first[0], whole_images, atol=1e-4)
    np.testing.assert_array_equal(first[1], masks)
    np.testing.assert_array_equal(first[2], moved)
    assert (masks != images[..., :1]).any()


def test_an_empty_subset_is_not_whitened(generator_class: Any) -> None:
    generator = generator_class(zca_whitening=True, featurewise_center=True, validation_split=0.1)
    generator.fit(X)
    assert next(generator.flow(X, subset="validation")).shape == (0, 5, 4, 3)


def test_empty_data_and_the_last_short_batch(generator_class: Any) -> None:
    assert len(generator_class().flow(X[:0])) == 0
    exact = generator_class(rotation_range=10, interpolation_order=3)
    assert next(exact.flow(X[:0])).shape == (0, 5, 4, 3)
    flow = generator_class(rotation_range=10).flow(X, batch_size=4, seed=1)
    assert [len(next(flow)) for _ in range(4)] == [4, 2, 4, 2]
    with pytest.raises(ValueError, match="element 2"):
        flow[2]


def test_keyword_names_of_the_iterator() -> None:
    flow = NumpyArrayIterator(X, Y, ImageDataGenerator(), batch_size=6, shuffle=False)
    np.testing.assert_array_equal(next(flow)[0], X)


def test_a_function_may_keep_what_it_is_given() -> None:
    kept = []

    def halved(image: np.ndarray) -> np.ndarray:
        kept.append(image)
        return image / 2

    made = next(ImageDataGenerator(preprocessing_function=halved).flow(X, shuffle=False))
    np.testing.assert_array_equal(np.array(kept), 2 * made)


def test_fixed_weights_follow_the_subset() -> None:
    weights = np.arange(len(X)) * 10.0
    for compat, expected in (("keras", weights[:3]), ("fixed", weights[3:6])):
        generator = ImageDataGenerator(validation_split=0.5, compat=compat)
        flow = generator.flow(
            X, np.arange(len(X)), 3, False, weights, subset="training", ignore_class_split=True
        )
        _, labels, got = next(flow)
        np.testing.assert_array_equal(labels, [3, 4, 5])
        np.testing.assert_array_equal(got, expected)


def test_arguments_of_every_data_set_of_keras():
    images = np.zeros((2, 4, 4, 3))
    assert ImageDataGenerator().flow(images, workers=2, max_queue_size=3).workers == 2
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'worker'.*'workers'"):
        ImageDataGenerator().flow(images, worker=2)


def test_formats_of_boxes_are_checked_without_boxes() -> None:
    with pytest.raises(ValueError, match=r"box_format must be one of .*, got 'zz'"):
        ImageDataGenerator().flow(X, box_format="zz")


@pytest.mark.parametrize("dtype", [">f4", ">f8", ">u2"])
@pytest.mark.parametrize(
    "more",
    [{}, {"rotation_range": 20}, {"rotation_range": 9, "brightness_range": (0.5, 1)}],
    ids=str,
)
def test_batches_in_any_byte_order(keras_generator: Any, dtype: str, more: dict[str, Any]) -> None:
    ours, theirs = (
        next(kind(dtype=dtype, **more).flow(X, seed=1))
        for kind in (ImageDataGenerator, keras_generator)
    )
    assert ours.dtype == theirs.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "more", [{}, {"sample_weight": Y, "subset": "training"}, {"subset": "validation"}], ids=str
)
@pytest.mark.parametrize("settings", [{"zoom_range": 0.2}, {"brightness_range": (0.5, 1)}], ids=str)
def test_the_iterator_takes_a_generator_of_keras(
    keras_generator: Any, settings: dict[str, Any], more: dict[str, Any]
) -> None:
    from keras.src.legacy.preprocessing import image as keras_image

    generator = keras_generator(validation_split=1 / 3, **settings)
    labels = Y % 2
    ours, theirs = (
        kind(X, labels, generator, batch_size=2, seed=3, **more)[0]
        for kind in (NumpyArrayIterator, keras_image.NumpyArrayIterator)
    )
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)
