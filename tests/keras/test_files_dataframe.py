"""`flow_from_dataframe` against Keras' own: the same rows, labels, weights, messages and errors."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fastaug.keras import DataFrameIterator, ImageDataGenerator

ATTRIBUTES = """
samples filenames filepaths target_size image_shape color_mode class_mode subset split
directory interpolation data_format dtype n batch_size seed shuffle allowed_class_modes
"""


@pytest.fixture(params=["theirs", "ours"])
def generator_class(request: pytest.FixtureRequest, keras_generator: Any) -> Any:
    """Keras' class and ours: what holds here holds for both."""
    return keras_generator if request.param == "theirs" else ImageDataGenerator


@pytest.fixture
def frame(picture_files: Path) -> pd.DataFrame:
    names = sorted(
        str(path.relative_to(picture_files))
        for path in picture_files.glob("[ab]/**/*.*")
        if path.suffix != ".txt"
    )
    n = len(names)
    return pd.DataFrame(
        {
            "filename": names,
            "class": [name[0] for name in names],
            "several": [["x"], ("y", "x"), "z", ["z", "y"]] * 3 + [["x"]],
            "number": np.arange(n) * 1.5,
            "whole": np.arange(n),
            "weight": np.linspace(0, 1, n),
        },
        index=range(50, 50 + n),
    ).sample(frac=1, random_state=1)


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(map(equal, a, b))
    # Pixels to 0.01 of 255 grey levels; labels and weights are far apart or equal.
    if a.dtype.kind == "f":
        return a.dtype == b.dtype and np.allclose(a, b, rtol=0, atol=0.01)
    return a.dtype == b.dtype and np.array_equal(a, b)


@pytest.mark.parametrize(
    "arguments",
    [
        dict(),
        dict(class_mode="binary", weight_col="weight", subset="training"),
        dict(class_mode="sparse", subset="validation", color_mode="grayscale"),
        dict(y_col="several", interpolation="bilinear"),
        dict(y_col="several", classes=["z", "x"], weight_col="weight"),
        dict(classes=["b", "b"]),
        dict(class_mode="sparse", classes=["b", "a", "c"]),
        dict(class_mode="raw", y_col="number", weight_col="whole"),
        dict(class_mode="raw", y_col=["number", "whole"], subset="training"),
        dict(class_mode="raw", y_col="class"),
        dict(class_mode="multi_output", y_col=["number", "class"], validate_filenames=False),
        dict(class_mode="input", y_col=None, shuffle=False),
        dict(class_mode=None, y_col="no such column", color_mode="rgba"),
    ],
)
def test_everything_is_that_of_keras(
    keras_generator: Any,
    picture_files: Path,
    frame: pd.DataFrame,
    arguments: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = frame.copy()
    flows, said = [], []
    for cls in (keras_generator, ImageDataGenerator):
        generator = cls(rotation_range=15, validation_split=0.3)
        flows.append(
            generator.flow_from_dataframe(
                frame, str(picture_files), target_size=(15, 10), batch_size=4, seed=2, **arguments
            )
        )
        said.append(capsys.readouterr().out)
    theirs, ours = flows
    assert said[0] == said[1]
    pd.testing.assert_frame_equal(frame, before)
    for name in ATTRIBUTES.split():
        assert getattr(theirs, name) == getattr(ours, name), name
    for name in ("class_indices", "classes"):
        assert getattr(theirs, name, None) == getattr(ours, name, None)
    for _ in range(5):
        assert equal(next(theirs), next(ours))


def test_paths_without_a_folder(
    generator_class: Any, picture_files: Path, frame: pd.DataFrame
) -> None:
    frame["filename"] = [str(picture_files / name) for name in frame["filename"]]
    flow = generator_class().flow_from_dataframe(frame, batch_size=13)
    assert flow.filenames == flow.filepaths == frame["filename"].tolist()
    assert len(next(flow)[0]) == 13


def test_files_that_are_not_there_are_left_out(
    generator_class: Any, picture_files: Path, frame: pd.DataFrame
) -> None:
    names = frame["filename"].tolist()
    frame["filename"] = ["b", "a/notes.txt", "a/none.png", *names[3:]]
    with pytest.warns(UserWarning, match=r'3 invalid image filename\(s\) in x_col="filename"'):
        flow = generator_class().flow_from_dataframe(frame, picture_files)
    assert flow.filenames == names[3:]
    flow = generator_class().flow_from_dataframe(frame, picture_files, validate_filenames=False)
    assert flow.samples == 13


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(class_mode="some"), ValueError, "Invalid class_mode: some; expected one of"),
        (dict(class_mode="multi_output"), TypeError, "y_col must be a list. Received str"),
        (dict(x_col="number"), TypeError, "All values in column x_col=number must be strings"),
        (dict(class_mode="sparse", y_col="number"), TypeError, 'y_col="number" column values must'),
        (dict(class_mode="binary", y_col="several"), TypeError, "must be strings"),
        (dict(class_mode="binary", classes=["a"]), ValueError, "1 class/es were given"),
        (dict(class_mode="binary", y_col="one"), ValueError, "Found 1 classes"),
        (dict(y_col="number"), TypeError, "must be type string, list or tuple"),
        (dict(weight_col="class"), TypeError, "Column weight_col=class must be numeric"),
        (dict(y_col="nothing"), KeyError, "nothing"),
    ],
)
def test_errors(
    generator_class: Any,
    picture_files: Path,
    frame: pd.DataFrame,
    arguments: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    frame["one"] = "x"
    with pytest.raises(error, match=message):
        generator_class().flow_from_dataframe(frame, picture_files, **arguments)


@pytest.mark.parametrize(
    ("arguments", "category", "message"),
    [
        (dict(class_mode="raw", classes=["a"]), UserWarning, "`classes` will be ignored"),
        (dict(class_mode="other"), DeprecationWarning, '"other"` is deprecated'),
        (dict(has_ext=True), DeprecationWarning, "has_ext is deprecated"),
        (dict(sort=True), DeprecationWarning, "sort is deprecated"),
        (dict(drop_duplicates=True), DeprecationWarning, "drop_duplicates is deprecated"),
    ],
)
def test_warnings(
    generator_class: Any,
    picture_files: Path,
    frame: pd.DataFrame,
    arguments: dict[str, Any],
    category: type[Warning],
    message: str,
) -> None:
    with pytest.warns(category, match=message):
        generator_class().flow_from_dataframe(frame, picture_files, **arguments)


def test_nobody_else_is_a_frame(picture_files: Path) -> None:
    with pytest.raises(TypeError, match=r"must be a pandas DataFrame\. Received: dict"):
        DataFrameIterator({"filename": ["a"]})


def test_a_missing_pandas_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, frame: pd.DataFrame
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=re.escape("pip install 'fastaug[data]'")):
        DataFrameIterator(frame)


def test_masks(picture_files: Path, frame: pd.DataFrame) -> None:
    frame = frame.assign(mask=["b/grey.JPEG", "a/old.ppm", "a/two.png"] * 4 + ["a/palette.png"])
    flow = ImageDataGenerator().flow_from_dataframe(
        frame, picture_files, mask_col="mask", target_size=(6, 5), keep_aspect_ratio=True
    )
    index = np.array([12, 1, 2])
    expected = [flow._decoder.mask(str(picture_files / frame["mask"].iloc[i])) for i in index]
    np.testing.assert_array_equal(flow._read(index).masks, expected)
    frame.iloc[4, frame.columns.get_loc("mask")] = "none.png"
    with pytest.raises(ValueError, match=r"1 mask\(s\) in mask_col=\"mask\".*none\.png"):
        ImageDataGenerator().flow_from_dataframe(frame, picture_files, mask_col="mask")


def test_a_frame_that_changes_later_changes_nothing(
    generator_class: Any, picture_files: Path, frame: pd.DataFrame
) -> None:
    for validate_filenames in (True, False):
        given = frame.copy()
        flow = generator_class().flow_from_dataframe(
            given,
            picture_files,
            y_col="number",
            weight_col="weight",
            class_mode="raw",
            target_size=(4, 4),
            batch_size=13,
            shuffle=False,
            validate_filenames=validate_filenames,
        )
        given.loc[given.index[0], ["number", "weight"]] = 99.0
        given["number"] *= -1
        _, labels, weights = flow[0]
        np.testing.assert_array_equal(labels, frame["number"])
        np.testing.assert_array_equal(weights, frame["weight"])


@pytest.mark.parametrize("class_mode", ["categorical", "binary", "sparse"])
@pytest.mark.parametrize("y_col", [["class"], ["class", "several"], ["number", "whole"]], ids=str)
def test_a_list_of_columns_has_no_classes(
    generator_class: Any, frame: pd.DataFrame, class_mode: str, y_col: list[str]
) -> None:
    with pytest.raises(TypeError, match=f'class_mode="{class_mode}", y_col'):
        generator_class().flow_from_dataframe(frame, class_mode=class_mode, y_col=y_col)


@pytest.mark.parametrize("argument", ["x_col", "weight_col", "mask_col"])
def test_a_list_where_one_column_is_needed(
    picture_files: Path, frame: pd.DataFrame, argument: str
) -> None:
    with pytest.raises(TypeError, match=f"{argument} must be the name of one column"):
        ImageDataGenerator().flow_from_dataframe(frame, picture_files, **{argument: ["filename"]})


def test_two_columns_of_one_name(picture_files: Path, frame: pd.DataFrame) -> None:
    twice = pd.concat([frame, frame[["class"]]], axis=1)
    with pytest.raises(TypeError, match="y_col must be the name of one column"):
        ImageDataGenerator().flow_from_dataframe(twice, picture_files)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("shards", "did you mean 'shard'"),
        ("mask_column", "did you mean 'mask_col'"),
        ("decode_thread", "did you mean 'decode_threads'"),
        ("worker", "did you mean 'workers'"),
        ("boxes", ""),
        ("mask_directory", ""),
    ],
)
def test_what_looks_like_ours_is_refused(
    picture_files: Path, frame: pd.DataFrame, name: str, hint: str
) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'.*{hint}"):
        ImageDataGenerator().flow_from_dataframe(frame, picture_files, **{name: 1})


@pytest.mark.parametrize(
    ("name", "hint"), [("foo", r"\."), ("targetsize", "; did you mean 'target_size'")]
)
def test_what_keras_ignores_is_warned_of(
    picture_files: Path, frame: pd.DataFrame, name: str, hint: str
) -> None:
    with pytest.warns(
        UserWarning, match=f"`{name}` is no argument, and is ignored as in Keras{hint}"
    ):
        flow = ImageDataGenerator().flow_from_dataframe(
            frame, picture_files, **{name: 1}, workers=2
        )
    assert flow.workers == 2


def test_the_iterator_itself_ignores_nothing(frame: pd.DataFrame) -> None:
    with pytest.raises(TypeError, match=r"DataFrameIterator.*argument 'foo'"):
        DataFrameIterator(frame, foo=1)
