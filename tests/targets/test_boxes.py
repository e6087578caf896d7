"""Boxes against pictures of boxes that SciPy warps, and what holds for all of them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from motions import FORMATS, H, W, some_maps, written

from fastaug.targets import warp_boxes

ALIASES = {
    "pascal_voc": "xyxy",
    "coco": "xywh",
    "yolo": "rel_center_xywh",
    "albumentations": "rel_xyxy",
    "XYXY": "xyxy",
}


def some_boxes(rng: np.random.Generator, *shape: int, whole: bool = False) -> np.ndarray:
    start = rng.uniform(0, [W - 20, H - 20], (*shape, 2))
    boxes = np.concatenate([start, start + rng.uniform(5, 20, (*shape, 2))], axis=-1)
    return boxes.round() if whole else boxes


def test_a_picture_of_a_box_is_found_where_the_box_went(
    rng: np.random.Generator, trials: int
) -> None:
    matrices, mirror = some_maps(rng, trials)
    boxes = some_boxes(rng, trials, 1, whole=True)
    moved = warp_boxes(list(boxes), matrices, size=(H, W), mirror=mirror)
    found = 0
    for i in range(trials):
        x_min, y_min, x_max, y_max = boxes[i, 0].astype(int)
        # Eight samples a pixel, so that the edges of the picture say where those of the box are.
        fine = np.zeros((8 * H, 8 * W))
        fine[8 * y_min : 8 * y_max, 8 * x_min : 8 * x_max] = 1
        linear, offset = matrices[i][:, :2], matrices[i][:, 2]
        half = 7 / 16  # the centre of a sample against the centre of its pixel
        offset = 8 * (offset + half - linear @ [half, half])
        warped = scipy.ndimage.affine_transform(fine, linear, offset, order=0)
        warped = warped[:: -1 if mirror[i, 0] else 1, :: -1 if mirror[i, 1] else 1]
        rows, columns = np.nonzero(warped)
        if not len(rows):
            assert moved[i].size == 0 or (moved[i][0, 2:] - moved[i][0, :2]).min() < 1
            continue
        found += 1
        seen = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / 8
        # A box that is cut off may be larger than what is left of its contents, never smaller.
        inside = (seen > 0.2) & (seen < np.array([W, H, W, H]) - 0.2)
        got = moved[i][0]
        assert (got[:2] <= seen[:2] + 0.3).all()
        assert (got[2:] >= seen[2:] - 0.3).all()
        if inside.all():
            np.testing.assert_allclose(got, seen, atol=0.3)
    assert found > trials / 2


@pytest.mark.parametrize("name", [*FORMATS, *ALIASES])
def test_formats(name: str, rng: np.random.Generator) -> None:
    """The same boxes in another format are moved to the same places."""
    boxes = some_boxes(rng, 6, 4)
    matrices, mirror = some_maps(rng, 6)
    expected = warp_boxes(list(boxes), matrices, size=(H, W), mirror=mirror)
    got = warp_boxes(
        list(written(boxes, ALIASES.get(name, name))),
        matrices,
        size=(H, W),
        mirror=mirror,
        box_format=name,
    )
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_allclose(
            one, written(other, ALIASES.get(name, name)), rtol=1e-9, atol=1e-9
        )


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
@pytest.mark.parametrize("name", FORMATS)
def test_what_is_not_warped_is_exact(name: str, dtype: str, rng: np.random.Generator) -> None:
    boxes = some_boxes(rng, 5, 3)
    boxes[0, 0] = 0, 0, W, H
    given_ = written(boxes, ALIASES.get(name, name)).astype(dtype)
    for matrix in (None, [[1, 0, 0], [0, 1, 0]]):
        got = warp_boxes(given_, matrix, size=(H, W), box_format=name, min_visibility=1.0)
        assert got is not given_
        assert got.tobytes() == given_.tobytes()
    mirrored = written(np.stack([W - boxes[..., 2], boxes[..., 1], W - boxes[..., 0], boxes[..., 3]], -1), name)  # fmt: skip
    got = warp_boxes(given_, size=(H, W), mirror=(False, True), box_format=name)
    np.testing.assert_allclose(got, mirrored, rtol=0, atol=100 * np.finfo(dtype).eps)
    if "wh" in name or "hw" in name:
        assert got[..., 2:].tobytes() == given_[..., 2:].tobytes()
    else:
        sides = {"xyxy": (W, H), "yxyx": (H, W)}.get(name, (1, 1))
        axis = 0 if "xy" in name[-4:-2] else 1
        expected = (sides[axis] - given_[..., 2 + axis].astype(float)).astype(dtype)
        np.testing.assert_array_equal(got[..., axis], expected)


@given(
    data=st.data(),
    n=st.integers(0, 4),
    least=st.sampled_from([0.0, 0.3, 1.0]),
    min_area=st.sampled_from([0.0, 30.0]),
)
def test_what_holds_for_all(data: st.DataObject, n: int, least: float, min_area: float) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    counts = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    matrices, mirror = some_maps(rng, n)
    still = rng.random(n) < 0.3
    matrices[still] = [[1, 0, 0], [0, 1, 0]]
    boxes = some_boxes(rng, n, 3)
    labels = rng.integers(0, 200, (n, 3))
    for i, k in enumerate(counts):
        labels[i, k:] = -1
    before = boxes.copy()
    arguments: dict[str, Any] = {
        "matrix": matrices,
        "mirror": mirror,
        "size": (H, W),
        "min_visibility": least,
        "min_area": min_area,
    }
    padded = warp_boxes({"labels": labels, "boxes": boxes}, **arguments)
    assert list(padded) == ["labels", "boxes"]
    kept = padded["labels"] != -1
    assert not (kept & (labels == -1)).any()
    assert (padded["boxes"][~kept] == -1).all()
    np.testing.assert_array_equal(padded["labels"][kept], labels[kept])
    np.testing.assert_array_equal(boxes, before)
    # Within the image, and as large as was asked for.
    x_min, y_min, x_max, y_max = padded["boxes"][kept].T
    assert ((x_min >= 0) & (x_min < x_max) & (x_max <= W)).all()
    assert ((y_min >= 0) & (y_min < y_max) & (y_max <= H)).all()
    assert ((x_max - x_min) * (y_max - y_min) >= min_area * (1 - 1e-6)).all()
    # A mirror image alone loses nothing.
    if min_area == 0:
        np.testing.assert_array_equal(kept[still], (labels != -1)[still])
    # The same as ragged lists, and each image by itself.
    ragged = {
        "boxes": [b[:k] for b, k in zip(boxes, counts, strict=True)],
        "labels": [b[:k] for b, k in zip(labels, counts, strict=True)],
    }
    got = warp_boxes(ragged, **arguments)
    for i in range(n):
        np.testing.assert_array_equal(got["boxes"][i], padded["boxes"][i][kept[i]])
        np.testing.assert_array_equal(got["labels"][i], padded["labels"][i][kept[i]])
        one = warp_boxes(
            [ragged["boxes"][i]], **arguments | {"matrix": matrices[i], "mirror": mirror[i]}
        )
        np.testing.assert_array_equal(one[0], got["boxes"][i])


def test_there_and_back(rng: np.random.Generator) -> None:
    """Quarter turns and shifts by whole pixels have exact answers."""
    boxes = [np.array([[30.0, 20.0, 40.0, 26.0]])]
    turned = [[0, 1, 10], [-1, 0, 59]]  # output (row, column) to input
    (got,) = warp_boxes(boxes, turned, size=(H, W))
    # The centres (30, 20) and (39, 25) go to columns 10 and 15 and rows 29 and 20.
    np.testing.assert_array_equal(got, [[10, 20, 16, 30]])
    (back,) = warp_boxes([got], [[0, -1, 59], [1, 0, -10]], size=(H, W))
    np.testing.assert_array_equal(back, boxes[0])


def test_dropping() -> None:
    box = [np.array([[10.0, 10.0, 20.0, 20.0]])]

    def left_by(pixels: float, **arguments: Any) -> list[list[float]]:
        moved = warp_boxes(box, [[1, 0, 0], [0, 1, pixels]], size=(H, W), **arguments)
        result: list[list[float]] = moved[0].tolist()
        return result

    assert left_by(15) == [[0, 10, 5, 20]]
    assert left_by(20) == []
    assert left_by(15, min_visibility=0.5) != []
    assert left_by(15.1, min_visibility=0.5) == []
    assert left_by(15, min_area=50) != []
    assert left_by(15.1, min_area=50) == []
    # One with no area at all, and one outside from the start.
    nothing = [np.array([[5.0, 5.0, 5.0, 9.0], [90.0, 5.0, 99.0, 9.0], [70.0, 50.0, 90.0, 70.0]])]
    np.testing.assert_array_equal(warp_boxes(nothing, size=(H, W))[0], [[70, 50, 80, 60]])
    # Where there is no inverse nothing is left.
    assert warp_boxes(box, np.ones((2, 3)), size=(H, W))[0].shape == (0, 4)
    # Relative to the new size.
    (got,) = warp_boxes(
        [[[0.5, 0.5, 0.25, 0.25]]], size=(H, W), output_size=(H, 2 * W), box_format="yolo"
    )
    np.testing.assert_array_equal(got, [[0.25, 0.5, 0.125, 0.25]])


def test_what_belongs_to_boxes() -> None:
    boxes = np.array([[[-9.0, 1.0, -2.0, 2.0], [1.0, 1.0, 2.0, 2.0], [-1, -1, -1, -1]]])
    others = {
        "labels": np.array([[3, 255, 4]], np.uint8),
        "one_hot": np.eye(3, dtype=np.float32)[None],
        "crowd": np.array([[True, True, False]]),
        "name": np.array([["a", "b", "c"]]),
    }
    got = warp_boxes({"boxes": boxes} | others, size=(H, W))
    assert got["labels"].dtype == np.int16
    assert got["labels"].tolist() == [[-1, 255, -1]]
    assert got["one_hot"].tolist() == [[[-1, -1, -1], [0, 1, 0], [-1, -1, -1]]]
    assert got["one_hot"].dtype == np.float32
    assert got["crowd"].tolist() == [[-1, 1, -1]]
    assert got["name"].tolist() == [["a", "b", "c"]]
    ragged = {"boxes": [boxes[0, :2]], "labels": [others["labels"][0, :2]], "names": [["a", "b"]]}
    got = warp_boxes(ragged, size=(H, W))
    assert got["labels"][0].dtype == np.uint8
    assert [v[0].tolist() for v in got.values()] == [[[1, 1, 2, 2]], [255], ["b"]]
    # Whole numbers, and none at all.
    (whole,) = warp_boxes([[[1, 1, 2, 2]]], size=(H, W))
    assert (whole.dtype, whole.tolist()) == (np.float64, [[1, 1, 2, 2]])
    empty = warp_boxes({"boxes": np.empty((0, 3, 4)), "labels": np.empty((0, 3))}, size=(H, W))
    assert (empty["boxes"].shape, empty["labels"].shape) == ((0, 3, 4), (0, 3))
    assert warp_boxes({"boxes": [], "labels": []}, size=(H, W)) == {"boxes": [], "labels": []}


PLAIN: dict[str, Any] = {"boxes": [[[1, 2, 3, 4]], []], "size": (H, W)}


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("boxes", np.zeros((3, 4)), ValueError, r"boxes must .* list .*, got shape \(3, 4\)"),
        ("boxes", [np.zeros((3, 5))], ValueError, r"boxes\[0\] must have shape \(k, 4\), got"),
        ("boxes", [[[1, 2, 3, np.nan]]], ValueError, "boxes must be finite, got .* row 0 of image"),
        ("boxes", [[], [[3, 2, 1, 4]]], ValueError, "x_min <= x_max .* got .*'xyxy' .* image 1"),
        ("boxes", {"labels": []}, ValueError, r"boxes must have an entry 'boxes', got \['labels'\]"),
        ("boxes", {"boxes": [[]], "labels": [[1]]}, ValueError, r"boxes\['labels'\]\[0\] .* 0 boxes"),
        ("boxes", {"boxes": [[]], "labels": []}, ValueError, r"\['labels'\] must be a list of 1 "),
        ("boxes", {"boxes": [[]], "labels": 3}, TypeError, r"\['labels'\] must be a list of 1 "),
        ("boxes", {"boxes": np.zeros((1, 2, 4)), "labels": [[1]]}, ValueError, r"begins \(1, 2\)"),
        ("box_format", "voc", ValueError, "box_format must be one of xyxy, .* got 'voc'"),
        ("box_format", None, ValueError, "box_format must be one of xyxy, .* got None"),
        ("min_visibility", 1.5, ValueError, "min_visibility must be at most 1, got 1.5"),
        ("min_visibility", "all", TypeError, "min_visibility must be a number"),
        ("min_area", -1, ValueError, "min_area must be at least 0, got -1"),
        ("matrix", np.zeros((3, 2, 3)), ValueError, r"matrix must .* \(2, 2, 3\), got \(3, 2, 3\)"),
        ("mirror", (0, 1), ValueError, r"mirror must be bools of shape \(2,\) or \(2, 2\), got"),
    ],
)  # fmt: skip
def test_errors(argument: str, value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        warp_boxes(**PLAIN | {argument: value})
    assert re.search(message, str(caught.value)), str(caught.value)


@pytest.mark.parametrize("corner", ["xywh", "center_xywh", "rel_xywh"])
def test_a_negative_side_is_an_error(corner: str) -> None:
    with pytest.raises(ValueError, match="boxes must have x_min <= x_max"):
        warp_boxes([[[0.5, 0.5, -0.1, 0.1]]], size=(H, W), box_format=corner)
