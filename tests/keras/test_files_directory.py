"""`flow_from_directory` against Keras' own: the same files, labels, pixels, messages and errors."""

from __future__ import annotations

import inspect
import os
import shutil
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastaug.keras import DirectoryIterator, ImageDataGenerator

GEOMETRY: dict[str, Any] = dict(rotation_range=20, zoom_range=0.2, horizontal_flip=True)
ATTRIBUTES = """
samples filenames filepaths class_indices num_classes target_size image_shape color_mode
class_mode subset split directory interpolation keep_aspect_ratio save_to_dir save_prefix
save_format data_format dtype n batch_size seed shuffle batch_index total_batches_seen
allowed_class_modes white_list_formats sample_weight
"""


@pytest.fixture(params=["theirs", "ours"])
def generator_class(request: pytest.FixtureRequest, keras_generator: Any) -> Any:
    """Keras' class and ours: what holds here holds for both."""
    return keras_generator if request.param == "theirs" else ImageDataGenerator


def assert_same(a: Any, b: Any) -> None:
    """Batches, or parts of them, are of one dtype, and equal to 0.01 grey levels of 255.

    They are rescaled to 0 to 1; those of deep files go beyond, where float32 is coarser.
    """
    assert type(a) is type(b)
    if isinstance(a, tuple | list):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_same(one, other)
    else:
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=3e-7, atol=0.01 / 255)


@pytest.mark.parametrize(
    "arguments",
    [
        dict(),
        dict(color_mode="grayscale", class_mode="binary", interpolation="bilinear"),
        dict(color_mode="rgba", class_mode="sparse", interpolation="lanczos", shuffle=False),
        dict(color_mode="rgb", class_mode="input", keep_aspect_ratio=True, subset="training"),
        dict(color_mode="grayscale", class_mode=None, interpolation="hamming", subset="validation"),
        dict(class_mode="sparse", classes=["b", "nothing", "a"], interpolation="box"),
        dict(classes=("b",), interpolation="bicubic", keep_aspect_ratio=True, seed=None),
    ],
)
@pytest.mark.parametrize("generator", [{}, GEOMETRY], ids=["plain", "augmented"])
def test_everything_is_that_of_keras(
    keras_generator: Any,
    picture_files: Path,
    arguments: dict[str, Any],
    generator: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    options: dict[str, Any] = dict(target_size=(20, 24), batch_size=3, seed=5) | arguments
    generator = generator | dict(validation_split=0.4, rescale=1 / 255)
    flows, said = [], []
    for cls in (keras_generator, ImageDataGenerator):
        flows.append(cls(**generator).flow_from_directory(str(picture_files), **options))
        said.append(capsys.readouterr().out)
    theirs, ours = flows
    assert said[0] == said[1]
    for name in ATTRIBUTES.split():
        assert getattr(theirs, name) == getattr(ours, name), name
    assert_same(theirs.classes, ours.classes)
    assert_same(theirs.labels, ours.labels)
    if options["seed"] is not None:
        for _ in range(7):
            assert_same(next(theirs), next(ours))
    batches: list[list[Any]] = []
    for flow in flows:  # one after the other: both draw from one generator
        np.random.seed(9)
        flow.on_epoch_end()
        batches.append([flow[index] for index in range(len(flow))[::-1]])
    assert_same(*batches)


def test_channels_first_and_other_dtypes(keras_generator: Any, picture_files: Path) -> None:
    for dtype, data_format in [("float64", "channels_first"), ("float32", "channels_first")]:
        batches = []
        for cls in (keras_generator, ImageDataGenerator):
            generator = cls(**GEOMETRY, dtype=dtype, data_format=data_format, rescale=1 / 255)
            batches.append(
                next(
                    generator.flow_from_directory(
                        picture_files, (20, 24), "grayscale", batch_size=13, seed=1
                    )
                )
            )
        assert_same(*batches)
        assert batches[0][0].shape == (13, 1, 20, 24)


def test_without_a_generator(picture_files: Path) -> None:
    from keras.src.legacy.preprocessing.image import DirectoryIterator as Original

    for dtype in ("float32", "uint8", None):
        options: dict[str, Any] = dict(
            target_size=(9, 7), class_mode="sparse", seed=1, dtype=dtype, color_mode="rgba"
        )
        theirs, ours = (
            cls(str(picture_files), None, **options) for cls in (Original, DirectoryIterator)
        )
        assert_same(next(theirs), next(ours))


def test_saved_files_are_those_of_keras(
    keras_generator: Any, picture_files: Path, tmp_path: Path
) -> None:
    saved = []
    for cls in (keras_generator, ImageDataGenerator):
        folder = tmp_path / cls.__module__
        folder.mkdir()
        flow = cls(rotation_range=20).flow_from_directory(
            picture_files,
            (16, 16),
            batch_size=4,
            seed=1,
            save_to_dir=str(folder),
            save_prefix="p",
            save_format="bmp",
        )
        next(flow), next(flow)
        saved.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert len(saved[0]) == 8
    assert saved[0] == saved[1]


def test_links_are_followed_if_asked_for(
    generator_class: Any, picture_files: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "inside").symlink_to(picture_files / "b")
    (tmp_path / "a" / "one.ppm").symlink_to(picture_files / "a" / "old.ppm")
    flow = generator_class().flow_from_directory
    assert flow(tmp_path).filenames == ["a/one.ppm"]
    followed = flow(tmp_path, follow_links=True).filenames
    assert len(followed) == 7
    assert followed[:2] == ["a/one.ppm", "a/inside/cmyk.jpg"]


def test_tiff_files_warn(generator_class: Any, picture_files: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    shutil.copy(picture_files / "b" / "wide" / "scan.tif", tmp_path / "a" / "SCAN.TIFF")
    with pytest.warns(UserWarning, match=r"Using \"\.tiff\" files with multiple bands"):
        flow = generator_class().flow_from_directory(tmp_path)
    assert flow.samples == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            dict(color_mode="cmyk"),
            'Invalid color mode: cmyk; expected "rgb", "rgba", or "grayscale"',
        ),
        (dict(class_mode="multi_output"), "Invalid class_mode: multi_output; expected one of"),
        (dict(subset="test"), "Invalid subset name: test; ?expected"),
    ],
)
def test_errors(
    generator_class: Any, picture_files: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        generator_class().flow_from_directory(picture_files, **arguments)


def test_a_folder_that_is_not_there_or_empty(generator_class: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        generator_class().flow_from_directory(tmp_path / "nowhere")
    (tmp_path / "a").mkdir()
    flow = generator_class().flow_from_directory(tmp_path)
    assert (len(flow), flow.samples, flow.num_classes) == (0, 0, 1)
    assert flow.filenames == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (dict(interpolation="cubic"), ValueError),
        (dict(on_error="ignore"), ValueError),
        (dict(decode_threads=0), ValueError),
        (dict(decode_threads=1.5), TypeError),
        (dict(read_ahead=-1), ValueError),
        (dict(read_ahead=True), TypeError),
    ],
)
def test_errors_that_keras_does_not_have(
    picture_files: Path, arguments: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error, match=next(iter(arguments))):
        ImageDataGenerator().flow_from_directory(picture_files, **arguments)


def test_no_line_where_keras_logs(picture_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import keras

    keras.config.disable_interactive_logging()
    try:
        ImageDataGenerator().flow_from_directory(picture_files)
    finally:
        keras.config.enable_interactive_logging()
    assert capsys.readouterr().out == ""


def test_masks_are_read_with_their_images(picture_files: Path, tmp_path: Path) -> None:
    from PIL import Image

    for number, path in enumerate(sorted(picture_files.glob("[ab]/**/*.*"))):
        name = tmp_path / path.relative_to(picture_files).with_suffix(".png")
        name.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (12, 10), number).save(name)
    (tmp_path / "a" / "notes.png").unlink()
    for read_ahead in (0, 2):
        flow = ImageDataGenerator().flow_from_directory(
            picture_files, (8, 8), mask_directory=tmp_path, seed=1, read_ahead=read_ahead
        )
        masks = flow._read(np.array([0, 12, 3])).masks
        assert masks.shape == (3, 8, 8, 1)
        assert masks.dtype == np.uint8
        values = [
            np.asarray(Image.open(tmp_path / Path(flow.filenames[i]).with_suffix(".png"))).max()
            for i in (0, 12, 3)
        ]
        assert masks[:, 0, 0, 0].tolist() == masks[:, 7, 7, 0].tolist() == values
    os.unlink(tmp_path / "b" / "grey.png")
    with pytest.raises(ValueError, match=r"'b/grey\.JPEG' has no mask"):
        ImageDataGenerator().flow_from_directory(picture_files, mask_directory=tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "DirectoryIterator",
        "DataFrameIterator",
        "ImageDataGenerator.flow_from_directory",
        "ImageDataGenerator.flow_from_dataframe",
    ],
)
def test_arguments_are_those_of_keras_and_ours_come_by_keyword(name: str) -> None:
    from keras.src.legacy.preprocessing import image as theirs

    import fastaug.keras as ours

    given = []
    for module in (theirs, ours):
        parameters = inspect.signature(attrgetter(name)(module)).parameters.values()
        by_place = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        given.append([(p.name, p.default) for p in by_place])
    assert given[0] == given[1]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("foo", ""), ("mask_directry", "; did you mean 'mask_directory'"), ("shards", "")],
)
def test_an_unknown_argument_is_named_before_the_folder_is_looked_at(name, hint):
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'{hint}"):
        ImageDataGenerator().flow_from_directory("/no such folder", **{name: 1})


@pytest.mark.parametrize(
    "later",
    [
        {"interpolation": "bilinear"},
        {"keep_aspect_ratio": True},
        {"color_mode": "grayscale", "image_shape": (8, 9, 1)},
        {"target_size": [5, 12], "image_shape": (5, 12, 3)},
    ],
    ids=lambda later: next(iter(later)),
)
def test_attributes_set_later_count_from_the_next_batch(keras_generator, picture_files, later):
    batches = []
    for kind in (keras_generator, ImageDataGenerator):
        flow = kind(rescale=1 / 255, rotation_range=10).flow_from_directory(
            picture_files, target_size=(8, 9), batch_size=3, seed=1, class_mode=None
        )
        next(flow), next(flow)  # ours reads ahead now
        for name, value in later.items():
            setattr(flow, name, value)
        batches.append([next(flow), next(flow)])
    assert_same(batches[1], batches[0])


def test_how_files_are_read_can_be_set_later(picture_files):
    flow = ImageDataGenerator().flow_from_directory(picture_files, batch_size=3)
    next(flow), next(flow)
    assert flow._reader._pool._ahead
    flow.read_ahead = 0
    flow.decode_threads = 1
    next(flow), next(flow)
    assert not flow._reader._pool._ahead
    assert flow._reader._pool._most() == 1


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (None, TypeError),
        (20, TypeError),
        ((16, 12, 3), TypeError),
        ((16.0, 12.0), TypeError),
        ("ab", TypeError),
        ((0, 12), ValueError),
        ((16, -1), ValueError),
    ],
    ids=str,
)
def test_a_wrong_size_is_named(picture_files, size, error):
    with pytest.raises(error, match=r"`target_size`.*Received: "):
        ImageDataGenerator().flow_from_directory("/no such folder", target_size=size)
    flow = ImageDataGenerator().flow_from_directory(picture_files)
    flow.target_size = size
    with pytest.raises(error, match=r"`target_size`.*Received: "):
        next(flow)


def test_a_subset_needs_a_generator(picture_files):
    with pytest.raises(ValueError, match="`subset` needs an image_data_generator"):
        DirectoryIterator(picture_files, None, subset="training")


def test_a_folder_of_masks_that_is_not_there_is_named(picture_files, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"`mask_directory` is no folder: .*nowhere"):
        ImageDataGenerator().flow_from_directory(picture_files, mask_directory=tmp_path / "nowhere")
