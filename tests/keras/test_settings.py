"""What the generator's settings may be: as with Keras, and one clear error for the rest."""

import numpy as np
import pytest

from fastaug.keras import ImageDataGenerator, apply_affine_transform

IMAGES = np.random.default_rng(0).uniform(0, 255, (5, 24, 16, 3)).astype(np.float32)


def batch(kind, settings, later=None):
    generator = kind(**settings)
    for name, value in (later or {}).items():
        setattr(generator, name, value)
    return next(generator.flow(IMAGES, batch_size=5, seed=3))


@pytest.mark.parametrize(
    "settings",
    [
        {"rotation_range": None},
        {"shear_range": None},
        {"width_shift_range": None, "height_shift_range": None},
        {"rotation_range": None, "zoom_range": 0.2},
        {"rotation_range": 20, "fill_mode": "grid-mirror"},
        {"rotation_range": 20, "fill_mode": "grid-mirror", "interpolation_order": 3},
        {"rotation_range": 40, "fill_mode": "constant", "cval": np.nan},
        {"rotation_range": 40, "fill_mode": "constant", "cval": np.nan, "interpolation_order": 3},
        {"rotation_range": 40, "fill_mode": "constant", "cval": np.inf, "dtype": "float64"},
        {"width_shift_range": range(3), "height_shift_range": [0.1, 0.3]},
    ],
    ids=str,
)
def test_settings_that_keras_takes(keras_generator, settings):
    np.testing.assert_allclose(
        batch(ImageDataGenerator, settings), batch(keras_generator, settings), atol=0.01
    )


@pytest.mark.parametrize(
    "later",
    [
        {"rotation_range": None},
        {"shear_range": None},
        {"width_shift_range": None},
        {"brightness_range": np.array([0.5, 1.5])},
        {"zoom_range": (0.5, 0.5)},
    ],
    ids=str,
)
def test_settings_that_keras_takes_later(keras_generator, later):
    first = {"rotation_range": 20, "shear_range": 10, "width_shift_range": 0.2}
    np.testing.assert_allclose(
        batch(ImageDataGenerator, first, later), batch(keras_generator, first, later), atol=0.01
    )


def test_an_array_of_shifts_is_a_list_of_them():
    one = batch(ImageDataGenerator, {"width_shift_range": np.array([1, 4])})
    np.testing.assert_array_equal(one, batch(ImageDataGenerator, {"width_shift_range": [1, 4]}))


@pytest.mark.parametrize("order", range(6))
def test_grid_mirror_of_a_function(order):
    from keras.src.legacy.preprocessing import image as keras_image

    moved, expected = (
        apply(IMAGES[0], theta=20, tx=40, fill_mode="grid-mirror", order=order, channel_axis=2,
              row_axis=0, col_axis=1)
        for apply in (apply_affine_transform, keras_image.apply_affine_transform)
    )  # fmt: skip
    np.testing.assert_array_equal(moved, expected)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("zca_epsilon", np.nan, ValueError),
        ("rotation_range", "20", TypeError),
        ("rotation_range", [10], TypeError),
        ("rotation_range", np.nan, ValueError),
        ("shear_range", np.inf, ValueError),
        ("channel_shift_range", None, TypeError),
        ("channel_shift_range", np.inf, ValueError),
        ("cval", "3", TypeError),
        ("cval", None, TypeError),
        ("width_shift_range", np.nan, ValueError),
        ("width_shift_range", np.inf, ValueError),
        ("width_shift_range", "a", TypeError),
        ("height_shift_range", [np.nan], ValueError),
        ("height_shift_range", ["a"], TypeError),
        ("height_shift_range", [[1, 2]], TypeError),
        ("height_shift_range", [1, [2, 3]], TypeError),
        ("height_shift_range", np.ones((2, 2)), TypeError),
        ("brightness_range", (np.nan, 1), ValueError),
        ("brightness_range", (None, 0.1), ValueError),
        ("brightness_range", (0.1, None), ValueError),
        ("brightness_range", ("a", "b"), ValueError),
        ("brightness_range", 0.5, ValueError),
        ("zoom_range", None, TypeError),
        ("zoom_range", [0.2], ValueError),
        ("zoom_range", "0.2", ValueError),
        ("zoom_range", (np.nan, 1), ValueError),
        ("zoom_range", np.inf, ValueError),
        ("rescale", np.nan, ValueError),
        ("rescale", "x", TypeError),
        ("rescale", np.array([1.0, 2.0, 3.0]), TypeError),
        ("validation_split", "a", TypeError),
        ("validation_split", np.nan, ValueError),
        ("preprocessing_function", 3, TypeError),
        ("fill_mode", "bogus", ValueError),
        ("fill_mode", ["nearest"], ValueError),
        ("interpolation_order", "1", ValueError),
        ("data_format", "bogus", ValueError),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name, value, error):
    with pytest.raises(error, match=f"`{name}`.*Received: "):
        ImageDataGenerator(**{name: value})
    if name != "validation_split":
        generator = ImageDataGenerator()
        with pytest.raises(error, match=f"`{name}`.*Received: "):
            setattr(generator, name, value)


def test_a_fit_of_keras_2_comes_back():
    generator = ImageDataGenerator(featurewise_center=True, zca_whitening=True, compat="keras2")
    generator.principal_components = np.eye(24 * 16 * 3, dtype=np.float32)
    generator.mean = 0.0
    np.testing.assert_array_equal(next(generator.flow(IMAGES, shuffle=False)), IMAGES)


@pytest.mark.parametrize("dtype", ["int8", "int16", "uint16", "uint32"])
@pytest.mark.parametrize("cval", [300, -1e30, np.inf])
def test_a_value_outside_saturates_as_in_scipy(dtype, cval):
    from keras.src.legacy.preprocessing import image as keras_image

    image = (IMAGES[0] / 2).astype(dtype)
    options = {"theta": 40, "fill_mode": "constant", "cval": cval}
    axes = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}
    moved, expected = (
        apply(image, **options, **axes)
        for apply in (apply_affine_transform, keras_image.apply_affine_transform)
    )
    np.testing.assert_array_equal(moved, expected)
