"""Targets in kind: one image or many, arrays or lists, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pipelines import photographs

import fastaug
import fastaug.transforms as ft

FLIP = [ft.RandomFlip(p=1)]
BOX, MIRRORED = [2.0, 3.0, 10.0, 12.0], [22.0, 3.0, 30.0, 12.0]
POINT, MIRRORED_POINT = [4.0, 5.0, 2.0], [27.0, 5.0, 2.0]


def test_alone_without_a_name_is_an_array() -> None:
    image = photographs(1, 32)[0]
    pipeline = fastaug.Compose(FLIP)
    np.testing.assert_array_equal(pipeline(image), image[:, ::-1])
    by_name = pipeline(images=image)
    assert list(by_name) == ["images"]
    np.testing.assert_array_equal(by_name["images"], image[:, ::-1])
    assert set(pipeline(image, keypoints=[POINT])) == {"images", "keypoints"}


def test_one_image() -> None:
    result = fastaug.Compose(FLIP)(
        photographs(1, 32)[0],
        masks=np.eye(32, dtype=bool),
        boxes=[BOX],
        labels=[7],
        keypoints=[POINT],
    )
    np.testing.assert_array_equal(result["masks"], np.eye(32, dtype=bool)[:, ::-1])
    np.testing.assert_array_equal(result["boxes"], [MIRRORED])
    np.testing.assert_array_equal(result["keypoints"], [MIRRORED_POINT])
    assert result["labels"].tolist() == [7]


def test_a_batch_of_lists() -> None:
    result = fastaug.Compose(FLIP)(
        photographs(2, 32), boxes=[[BOX], np.empty((0, 4))], labels=[["cat"], []]
    )
    np.testing.assert_array_equal(result["boxes"][0], [MIRRORED])
    assert result["boxes"][1].shape == (0, 4)
    assert [labels.tolist() for labels in result["labels"]] == [["cat"], []]


def test_padded_arrays_and_names() -> None:
    boxes = {"boxes": np.array([[BOX, [-1.0] * 4]] * 2), "labels": np.array([[4, -1]] * 2)}
    result = fastaug.Compose(FLIP)(photographs(2, 32), boxes=boxes)
    np.testing.assert_array_equal(result["boxes"]["boxes"], [[MIRRORED, [-1.0] * 4]] * 2)
    np.testing.assert_array_equal(result["boxes"]["labels"], [[4, -1]] * 2)


@pytest.mark.parametrize(
    ("box_format", "before", "after"),
    [
        ("pascal_voc", BOX, MIRRORED),
        ("coco", [2, 3, 8, 9], [22, 3, 8, 9]),
        ("yolo", [6 / 32, 7.5 / 32, 8 / 32, 9 / 32], [26 / 32, 7.5 / 32, 8 / 32, 9 / 32]),
        ("rel_xyxy", [2 / 32, 3 / 32, 10 / 32, 12 / 32], [22 / 32, 3 / 32, 30 / 32, 12 / 32]),
        ("center_xywh", [6, 7.5, 8, 9], [26, 7.5, 8, 9]),
    ],
)
def test_formats(box_format: str, before: list[float], after: list[float]) -> None:
    pipeline = fastaug.Compose(FLIP, box_format=box_format)
    result = pipeline(photographs(1, 32), boxes=[np.array([before], np.float64)])
    np.testing.assert_allclose(result["boxes"][0], [after], rtol=1e-15)


def test_boxes_that_are_lost_take_their_labels_along() -> None:
    away = [ft.RandomTranslation((0.5, 0.5))]
    boxes = [np.array([[20.0, 20, 30, 30], [10.0, 10, 20, 20], [1.0, 1, 9, 9]])]
    image = photographs(1, 32)
    result = fastaug.Compose(away)(image, boxes=boxes, labels=[[1, 2, 3]])
    np.testing.assert_array_equal(result["boxes"][0], [[26, 26, 32, 32], [17, 17, 25, 25]])
    assert result["labels"][0].tolist() == [2, 3]
    picky = fastaug.Compose(away, min_visibility=0.5)
    assert picky(image, boxes=boxes, labels=[[1, 2, 3]])["labels"][0].tolist() == [3]
    large = fastaug.Compose(away, min_area=40)
    assert large(image, boxes=boxes, labels=[[1, 2, 3]])["labels"][0].tolist() == [3]


def test_a_box_is_turned_once() -> None:
    """Two resamples, but no box around a box around a turned box."""
    there_and_back = [
        ft.RandomRotation((30, 30)),
        ft.GaussianBlur(1.0),
        ft.RandomRotation((-30, -30)),
    ]
    box = np.array([[40.0, 40.0, 60.0, 60.0]])
    result = fastaug.Compose(there_and_back)(photographs(1, 100)[0], boxes=box)
    np.testing.assert_allclose(result["boxes"], box, atol=1e-9)


@pytest.mark.parametrize(
    "dtype",
    [np.bool_, np.uint8, np.int8, np.uint16, np.int16, np.int32, np.uint32, np.int64, np.float32],
)
def test_masks_of_any_dtype(dtype: Any, rng: np.random.Generator) -> None:
    """Values are moved, never computed: those of the result are those of the mask, in its dtype."""
    least = 0 if np.dtype(dtype).kind in "bu" else -100
    masks = rng.integers(least, 100, (3, 32, 32)).astype(dtype)
    pipeline = fastaug.Compose([ft.RandomAffine(30, 0.1, 0.2, fill_mode="nearest")], seed=1)
    result = pipeline(images=photographs(3, 32), masks=masks, index=[0, 1, 2])["masks"]
    assert result.dtype == masks.dtype
    assert result.shape == masks.shape
    wide = masks.astype(np.int64).astype(np.float32)
    expected = pipeline(images=photographs(3, 32), masks=wide, index=[0, 1, 2])["masks"]
    np.testing.assert_array_equal(result, expected.astype(dtype))


def test_what_is_beyond_masks() -> None:
    shifted = fastaug.Compose([ft.RandomTranslation((0.5, 0.5), fill_value=9)], mask_fill=255)
    result = shifted(images=photographs(1, 8)[0], masks=np.zeros((8, 8), np.uint8))
    assert (result["images"][:4] == 9).all()
    assert (result["masks"][:4] == 255).all()
    assert (result["masks"][4:, 4:] == 0).all()


def test_soft_masks() -> None:
    half = fastaug.Compose([ft.RandomTranslation((1 / 64, 1 / 64))], mask_interpolation="bilinear")
    mask = np.zeros((32, 32), np.float32)
    mask[:, 16:] = 1
    result = half(images=photographs(1, 32)[0], masks=mask)["masks"]
    np.testing.assert_array_equal(result[5], [0.0] * 16 + [0.5] + [1.0] * 15)


def test_lists_of_photographs() -> None:
    images = [photographs(1, size)[0][:, : size - 7] for size in (40, 64, 50)]
    masks = [np.full(image.shape[:2], i) for i, image in enumerate(images)]
    pipeline = fastaug.Compose([ft.RandomResizedCrop((24, 30))], seed=1)
    result = pipeline(images=images, masks=masks, keypoints=[[[1.0, 2]]] * 3, index=[5, 6, 7])
    assert result["images"].shape == (3, 24, 30, 3)
    assert [np.unique(mask).tolist() for mask in result["masks"]] == [[0], [1], [2]]
    assert len(result["keypoints"]) == 3
    same_sizes = fastaug.Compose([ft.RandomFlip(p=1)])(images=images, masks=masks)
    for image, flipped, mask in zip(images, same_sizes["images"], same_sizes["masks"], strict=True):
        np.testing.assert_array_equal(flipped, image[:, ::-1])
        assert mask.shape == image.shape[:2]


def test_a_list_of_one_size_becomes_a_batch() -> None:
    images = list(photographs(3, 16))
    assert fastaug.Compose([])(images).shape == (3, 16, 16, 3)
    out = np.empty((3, 16, 16, 3), np.uint8)
    assert fastaug.Compose([])(images, out=out) is out
    np.testing.assert_array_equal(out, images)
    assert fastaug.Compose([])([]) == []


def test_channels_first() -> None:
    images = np.moveaxis(photographs(3, 20), -1, 1)
    transforms = [ft.RandomRotation(20), ft.GaussianNoise(4), ft.ToFloat()]
    first = fastaug.Compose(transforms, seed=1, data_format="channels_first")
    last = fastaug.Compose(transforms, seed=1)
    result = first(images, index=[0, 1, 2])
    assert result.flags.c_contiguous
    expected = last(np.moveaxis(images, 1, -1), index=[0, 1, 2])
    np.testing.assert_array_equal(np.moveaxis(result, 1, -1), expected)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({}, TypeError, "images must be given, and once"),
        ({"images": np.zeros((2, 8, 8, 3), np.complex64)}, TypeError, "images must have a boolean"),
        (
            {"masks": np.zeros((2, 8, 9), bool)},
            ValueError,
            "masks must be of the size .* 8x9 for 2 of 8x8",
        ),
        ({"masks": np.zeros((3, 8, 8), bool)}, ValueError, "masks must be of the size .* 3 of 8x8"),
        (
            {"masks": [np.zeros((8, 8), bool)] * 2},
            TypeError,
            "masks must be an array, as the images",
        ),
        ({"masks": np.zeros((2, 8, 8))}, TypeError, "masks must be bools, integers or float32"),
        (
            {"masks": np.full((2, 8, 8), 2**40)},
            ValueError,
            "masks must have values from -2147483648",
        ),
        ({"boxes": [[[1, 2, 3]]] * 2}, ValueError, r"boxes\[0\] must have shape \(k, 4\)"),
        ({"boxes": [[[3, 2, 1, 5]]] * 2}, ValueError, "boxes must have x_min <= x_max"),
        ({"boxes": [[[1, 2, 3, 4]]] * 3}, ValueError, "boxes"),
        ({"keypoints": [[[1, 2, 3, 4]]] * 2}, ValueError, "keypoints"),
        ({"labels": [1, 2, 3]}, ValueError, "labels must be 2, one for each image"),
        (
            {"boxes": {"boxes": [[[1, 2, 3, 4]]] * 2, "labels": [[1]] * 2}, "labels": [[1]] * 2},
            ValueError,
            "labels must be given once",
        ),
        ({"index": [1]}, ValueError, r"index must be .* of shape \(2,\)"),
        ({"index": [1.5, 2]}, TypeError, "index must be a whole number"),
        ({"epoch": -1}, ValueError, "epoch must be from 0"),
        ({"out": np.empty((2, 8, 8, 3), np.float32)}, TypeError, "out must have dtype uint8"),
    ],
)
def test_bad_input(given: dict[str, Any], error: type[Exception], message: str) -> None:
    """Refused before anything is drawn or counted as had."""
    pipeline = fastaug.Compose(FLIP)
    if given:
        given = {"images": np.zeros((2, 8, 8, 3), np.uint8)} | given
    with pytest.raises(error, match=message):
        pipeline(**given)
    assert pipeline.count == 0 or "out" in given


def test_a_batch_must_come_out_alike() -> None:
    with pytest.raises(ValueError, match=r"images of a batch must come out alike.*8x9x3.*9x8x3"):
        fastaug.Compose([ft.RandomRotate90()], seed=1)(np.zeros((9, 8, 9, 3), np.uint8))


def test_a_dtype_that_an_op_does_not_take() -> None:
    with pytest.raises(TypeError, match="images must be uint8 or float32, got uint16"):
        fastaug.Compose([ft.RandomRotation(9)])(np.zeros((8, 8, 3), np.uint16))
