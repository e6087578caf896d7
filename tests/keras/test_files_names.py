"""The compact list of file names, and the walk that fills it."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from fastaug.keras.files.filenames import FileNames, part, terminated
from fastaug.keras.files.listing import list_classes, mask_names

# Any string is a name: one that the file system could not decode, an empty one, one beyond Unicode's.
NAMES = ["a/1.jpg", "ä/€.png", os.fsdecode(b"\xff.bmp"), "", "/abs.ppm", "\ud800"]


def test_it_is_the_list_of_its_names() -> None:
    names = FileNames(NAMES)
    assert names == NAMES
    assert NAMES == names  # noqa: SIM300  # a list asks the other side
    assert names == FileNames(iter(NAMES))
    assert names != NAMES[:-1]
    assert names != FileNames(NAMES[::-1])
    assert names != tuple(NAMES)
    assert list(names) == NAMES
    assert len(names) == 6
    assert names[1] == names[-5] == names[np.int64(1)] == "ä/€.png"
    assert names[1:4] == NAMES[1:4]
    assert names[::-2] == NAMES[::-2]
    assert names + ["x"] == [*NAMES, "x"]  # noqa: RUF005
    assert ["x"] + names == ["x", *NAMES]  # noqa: RUF005
    assert names * 2 == 2 * names == NAMES * 2
    assert type(names.copy()) is list
    assert names.copy() == NAMES
    assert list(reversed(names)) == NAMES[::-1]
    assert names.count("") == 1
    assert "ä/€.png" in names
    assert "x" not in names
    assert names.index("/abs.ppm") == 4
    assert np.array(names).tolist() == np.asarray(names, object).tolist() == NAMES
    assert np.array(names).dtype.kind == np.array(FileNames()).dtype.kind == "U"
    assert pickle.loads(pickle.dumps(names)) == NAMES
    with pytest.raises(IndexError):
        names[6]
    with pytest.raises(TypeError):
        hash(names)
    assert repr(names) == f"FileNames([{NAMES[0]!r}, {NAMES[1]!r}, {NAMES[2]!r}, … 6 names])"


def test_in_a_folder_names_are_joined_as_paths() -> None:
    expected = [os.path.join("root", name) for name in NAMES]
    inside = FileNames(NAMES).within("root")
    assert inside == expected
    assert pickle.loads(pickle.dumps(inside)) == expected
    assert inside != FileNames(NAMES)
    assert inside == FileNames(expected)


def test_no_names() -> None:
    assert FileNames() == FileNames.from_text(b"") == []
    assert list(FileNames()) == FileNames()[:] == []


def test_a_null_character_is_refused() -> None:
    with pytest.raises(ValueError, match=r"null character: 'b\\x00c'"):
        FileNames(["a", "b\0c"])


def test_a_part_of_a_text() -> None:
    text = terminated(NAMES, "x/")
    assert FileNames.from_text(part(text, 1, 4)) == ["x/" + name for name in NAMES[1:4]]
    assert part(text, 2, 2) == b""


def test_it_is_small() -> None:
    """One piece of text and eight bytes for each name: what forked workers share."""
    names = FileNames([f"class_{i % 10}/image_{i:06d}.jpg" for i in range(1000)])
    assert len(pickle.dumps(names)) < 1000 * (len("class_0/image_000000.jpg") + 10) + 500


def test_folders_are_sorted_as_whole_paths(tmp_path: Path) -> None:
    for name in ["c/b/d/1.png", "c/b-b/1.png", "c/2.PNG", "c/10.png", "c/é.png", "c/b/x.txt"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    names, classes = list_classes(str(tmp_path), ["absent", "c"], ("png",), None, False)
    # "-" comes before "/".
    assert names == ["c/10.png", "c/2.PNG", "c/é.png", "c/b-b/1.png", "c/b/d/1.png"]
    assert classes.tolist() == [1] * 5
    names, classes = list_classes(str(tmp_path), ["c/b", "c"], ("png",), (0.4, 1), False)
    assert names == ["c/b/d/1.png", "c/é.png", "c/b-b/1.png", "c/b/d/1.png"]
    assert classes.tolist() == [0, 1, 1, 1]


def test_masks_have_the_names_of_their_images(tmp_path: Path) -> None:
    for name in ["a/1.png", "a/2.jpg", "a/2.png", "b/1.1.TIF", "b/3.txt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    formats = ("png", "jpg", "tif")

    def find(*names: str) -> FileNames:
        return mask_names(names, str(tmp_path), formats, False)

    assert find("a/1.jpg", "a/2.jpg", "b/1.1.jpg") == ["a/1.png", "a/2.jpg", "b/1.1.TIF"]
    with pytest.raises(ValueError, match=r"'b/3.jpg' has no mask"):
        find("b/3.jpg")
    with pytest.raises(ValueError, match=r"'c/1.jpg' has no mask"):
        find("c/1.jpg")
    with pytest.raises(ValueError, match=r"'a/2.bmp' has several masks: 2.jpg, 2.png"):
        find("a/2.bmp")


def test_others_take_it_as_they_take_a_list() -> None:
    pandas = pytest.importorskip("pandas")
    names = FileNames(NAMES[:5]).within("root")
    pandas.testing.assert_series_equal(pandas.Series(names), pandas.Series(list(names)))
    frame = pandas.DataFrame({"name": names, "n": range(5)})
    pandas.testing.assert_frame_equal(frame, pandas.DataFrame({"name": list(names), "n": range(5)}))


def test_tensorflow_makes_a_data_set_of_it() -> None:
    tensorflow = pytest.importorskip("tensorflow")
    names = FileNames(["a/1.jpg", "ä/€.png"]).within("root")
    data = tensorflow.data.Dataset.from_tensor_slices((names, [3, 4]))
    found = [(name.numpy().decode(), int(number)) for name, number in data]
    assert found == [("root/a/1.jpg", 3), ("root/ä/€.png", 4)]


def test_a_sequence_reads_its_files(picture_files: Path) -> None:
    from fastaug.keras import ImageDataGenerator, Sequence

    flow = ImageDataGenerator().flow_from_directory(picture_files)
    files, labels = Sequence(flow.filepaths[:1], flow.classes[:1])[0]
    one = FileNames(flow.filenames[:1]).within(str(picture_files))
    images, numbers = Sequence(one, flow.classes[:1])[0]
    np.testing.assert_array_equal(images, files)
    np.testing.assert_array_equal(numbers, labels)
