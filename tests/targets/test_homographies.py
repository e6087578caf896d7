"""Boxes and keypoints by homographies, against scikit-image, OpenCV, and pictures that SciPy warps."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motions import H, W, fine_grid, seen, some_maps, some_views

from fastaug.targets import warp_boxes, warp_keypoints
from fastaug.targets.boxes import move_boxes
from fastaug.targets.keypoints import move_keypoints
from fastaug.targets.motion import Motion


def motion_of(
    maps: Any, sizes: Any = (H, W), output_sizes: Any = None, fields: Any = None
) -> Motion:
    n = len(maps)
    before = np.broadcast_to(np.array(sizes), (n, 2))
    after = before if output_sizes is None else np.broadcast_to(np.array(output_sizes), (n, 2))
    return Motion(np.array(maps, float), before, after, fields)


def rows_first(maps: np.ndarray) -> np.ndarray:
    """Between (row, column), from between (x, y)."""
    return maps[..., [1, 0, 2], :][..., [1, 0, 2]]


def shown_by(view: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The input that an output shows; far outside behind the horizon of its middle."""
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in view)
    middle = view[2] @ [(W - 1) / 2, (H - 1) / 2, 1]
    behind = w * np.sign(middle) <= 0
    w = np.where(behind, 1, w)
    return np.where(behind, -9, u / w), np.where(behind, -9, v / w)


@given(seed=st.integers(0, 10**6), distortion=st.floats(0, 0.9))
def test_keypoints_are_where_scikit_image_has_them(seed: int, distortion: float) -> None:
    transform = pytest.importorskip("skimage.transform")
    rng = np.random.default_rng(seed)
    views = some_views(rng, 5, distortion)
    points = rng.uniform(-10, 90, (5, 7, 2))
    got = move_keypoints(points, motion_of(views))
    for view, one, moved in zip(views, points, got, strict=True):
        expected = transform.ProjectiveTransform(view).inverse(one)
        middle = view[2] @ [(W - 1) / 2, (H - 1) / 2, 1]
        nearness = np.column_stack([expected, np.ones(7)]) @ view[2] * np.sign(middle)
        # Far away it is not the place that is sure, but the direction.
        near = (nearness > 0) & (np.abs(expected).max(axis=1) < 1e5)
        np.testing.assert_allclose(moved[near], expected[near], rtol=1e-8, atol=1e-8)
        assert (moved[nearness < -1e-9] == -1).all()


def test_keypoints_are_where_opencv_has_them(rng: np.random.Generator) -> None:
    cv2 = pytest.importorskip("cv2")
    views = some_views(rng, 20)
    points = rng.uniform([0, 0], [W, H], (20, 7, 2))
    got = warp_keypoints(points, rows_first(views), size=(H, W))
    for view, one, moved in zip(views, points, got, strict=True):
        expected = cv2.perspectiveTransform(one[None], np.linalg.inv(view))[0]
        np.testing.assert_allclose(moved, expected, atol=1e-9)


def test_pictures_of_boxes(rng: np.random.Generator, trials: int) -> None:
    views = some_views(rng, trials, 0.4)
    start = rng.integers(0, [W - 20, H - 20], (trials, 1, 2))
    boxes = np.concatenate([start, start + rng.integers(3, 20, (trials, 1, 2))], axis=-1)
    moved, kept = move_boxes(list(boxes), motion_of(views))
    x, y = fine_grid(H, W, 4)
    found = 0
    for i in range(trials):
        picture = seen(shown_by(views[i], x, y), boxes[i, 0], 4)
        if picture is None:
            assert not kept[i][0] or (moved[i][0, 2:] - moved[i][0, :2]).min() < 1
            continue
        assert kept[i].tolist() == [True]
        # A box that is cut off may be larger than what is left of its contents, never smaller.
        inside = (picture > 0.3) & (picture < np.array([W, H, W, H]) - 0.3)
        assert (moved[i][0, :2] <= picture[:2] + 0.5).all()
        assert (moved[i][0, 2:] >= picture[2:] - 0.5).all()
        if inside.all():
            found += 1
            np.testing.assert_allclose(moved[i][0], picture, atol=0.5)
    assert found > trials / 2


# The ground before a camera: the output's rows above 20 look over the horizon, and x runs together.
GROUND = np.array([[1.0, -2.0, 40.0], [0.0, -1.0, 60.0], [0.0, 0.05, -1.0]])


def test_nothing_is_seen_behind_the_horizon() -> None:
    view = GROUND
    below = np.array([[10.0, 30.0], [70.0, 50.0], [35.0, 21.0]])
    above = np.array([[10.0, 10.0], [70.0, 0.0], [35.0, 19.0]])
    points = []
    for x, y in np.concatenate([below, above]):
        u, v, w = view @ [x, y, 1]
        points.append([u / w, v / w, 2.0])
    for scale in (1, -3, 1e-6):
        got = warp_keypoints([points], rows_first(view * scale), size=(H, W))[0]
        np.testing.assert_allclose(got[:3, :2], below, atol=1e-9)
        np.testing.assert_array_equal(got[:, 2], [2, 2, 2, 0, 0, 0])
        np.testing.assert_array_equal(got[3:, :2], -1)
    # A point whose place is the horizon itself: the input's row for which the output's is infinite.
    at_infinity = [-1.0 / 0.05 * 1.0, -1.0 / 0.05]
    got = warp_keypoints([[[0.0, at_infinity[1], 1.0]]], rows_first(view), size=(H, W))
    np.testing.assert_array_equal(got, [[[-1, -1, 0]]])


def test_boxes_across_the_horizon_end_there(rng: np.random.Generator, trials: int) -> None:
    """What of a box is before the horizon, against many points of it that scikit-image moves."""
    transform = pytest.importorskip("skimage.transform")
    crossed = 0
    for _ in range(3 * trials):
        angle = rng.uniform(0, 2 * np.pi)
        far = rng.uniform(30, 60)  # the horizon is so far from the middle of the input
        inverse = np.eye(3)
        inverse[2, :2] = np.array([np.cos(angle), np.sin(angle)]) / far
        middle = np.array([[1, 0, -W / 2], [0, 1, -H / 2], [0, 0, 1]])
        view = np.linalg.inv(np.linalg.inv(middle) @ inverse @ middle)
        if rng.random() < 0.5:
            view = view @ np.array([[-1, 0, W], [0, 1, 0], [0, 0, 1]])
        start = rng.uniform(-40, [W, H])
        box = np.concatenate([start, start + rng.uniform(5, 60, 2)])
        along = np.linspace(0, 1, 10_000)
        x, y = (box[i] + along * (box[i + 2] - box[i]) for i in (0, 1))
        ends = [np.column_stack(np.broadcast_arrays(x, end)) for end in box[[1, 3]]]
        ends += [np.column_stack(np.broadcast_arrays(end, y)) for end in box[[0, 2]]]
        points = np.concatenate(ends) - 0.5
        nearness = np.column_stack([points, np.ones(len(points))]) @ np.linalg.inv(view)[2]
        before = nearness > 1e-3
        (got,), (kept,) = move_boxes([box[None]], motion_of([view]))
        if nearness.max() < 0:
            assert not kept[0]
        if nearness.min() > 0 or not before.any():
            continue
        crossed += 1
        places = transform.ProjectiveTransform(view).inverse(points[before]) + 0.5
        expected = np.concatenate([places.min(axis=0), places.max(axis=0)])
        # What is farther away than that goes on in the same direction.
        expected = np.clip(
            np.where(np.abs(expected) > 500, np.sign(expected) * 1e9, expected), 0, [W, H, W, H]
        )
        if (expected[2:] - expected[:2]).min() < 0.5:
            continue
        np.testing.assert_allclose(got[0], expected, atol=0.5)
        # It is without end, so that no share of it is in the image.
        (none,), _ = move_boxes([box[None]], motion_of([view]), min_visibility=1e-9)
        assert none.shape == (0, 4)
    assert crossed > trials / 2


@pytest.mark.parametrize(
    "smear",
    [
        [[1, 0, 0], [0, 1, 0], [1, 1, 0]],  # on the line x + y = 1
        [[1, 2, 3], [2, 4, 6], [0, 0.01, 1]],
        [[1, 0, 3], [0, 1, 5], [0, 0, 0]],
        [[0, 0, 0], [0, 0, 0], [0.1, 0.1, 1]],
        np.zeros((3, 3)),
    ],
)
def test_a_map_without_an_inverse_shows_nothing(smear: Any) -> None:
    maps = np.array([smear, np.eye(3)])
    points = np.array([[[3.0, 4.5, 1.0]]] * 2)
    got = move_keypoints(points, motion_of(maps))
    np.testing.assert_array_equal(got[0], [[-1, -1, 0]])
    np.testing.assert_array_equal(got[1], points[1])
    boxes, kept = move_boxes(np.array([[[3.0, 4.0, 9.0, 9.0]]] * 2), motion_of(maps))
    assert kept.tolist() == [[False], [True]]
    np.testing.assert_array_equal(boxes, [[[-1] * 4], [[3, 4, 9, 9]]])


def test_affine_maps_written_as_homographies_are_the_same(rng: np.random.Generator) -> None:
    matrices, mirror = some_maps(rng, 6)
    full = np.concatenate([matrices, np.broadcast_to([[[0, 0, 1]]], (6, 1, 3))], axis=1)
    points = rng.uniform(0, 60, (6, 4, 2))
    boxes = np.concatenate([points, points + rng.uniform(1, 20, (6, 4, 2))], axis=-1)
    for warp, targets in ((warp_keypoints, points), (warp_boxes, boxes)):
        expected = warp(targets, matrices, size=(H, W), mirror=mirror)
        assert warp(targets, full, size=(H, W), mirror=mirror).tobytes() == expected.tobytes()
        one = warp(targets, full[0], size=(H, W))
        assert one.tobytes() == warp(targets, matrices[0], size=(H, W)).tobytes()
        got = warp(targets, -2 * full, size=(H, W), mirror=mirror)
        np.testing.assert_allclose(got, expected, atol=1e-9)
    # Mirrors come after homographies, too.
    views = rows_first(some_views(rng, 6))
    got = warp_keypoints(points, views, size=(H, W), mirror=(False, True))
    plain = warp_keypoints(points, views, size=(H, W))
    np.testing.assert_allclose(got, np.stack([W - 1 - plain[..., 0], plain[..., 1]], -1), atol=1e-9)


def test_each_image_has_a_size_of_its_own(rng: np.random.Generator) -> None:
    """All at once is the same as one by one."""
    views = some_views(rng, 5)
    views[1], views[2, 2] = np.eye(3), (0, 0, 1)
    sizes = rng.integers(30, 90, (5, 2))
    output_sizes = rng.integers(30, 90, (5, 2))
    output_sizes[1] = sizes[1]
    for box_format in ("rel_center_xywh", "coco"):
        unit = np.tile(sizes[:, ::-1], 2)[:, None] if box_format == "coco" else 1
        boxes = rng.uniform(0.3, 0.5, (5, 4, 4)) * unit
        motion = motion_of(views, sizes, output_sizes)
        got, kept = move_boxes(
            {"boxes": list(boxes), "labels": [np.arange(4)] * 5}, motion, box_format=box_format
        )
        for i in range(5):
            (expected,) = warp_boxes(
                [boxes[i]],
                rows_first(views[i]),
                size=tuple(sizes[i]),
                output_size=tuple(output_sizes[i]),
                box_format=box_format,
            )
            assert got["boxes"][i].tobytes() == expected.tobytes()
            np.testing.assert_array_equal(got["labels"][i], np.flatnonzero(kept[i]))
        assert got["boxes"][1].tobytes() == boxes[1].tobytes()
    points = rng.uniform(0, 90, (5, 6, 3))
    got = move_keypoints(points, motion)
    for i in range(5):
        (expected,) = warp_keypoints(
            [points[i]],
            rows_first(views[i]),
            size=tuple(sizes[i]),
            output_size=tuple(output_sizes[i]),
        )
        assert got[i].tobytes() == expected.tobytes()


def test_which_boxes_were_kept() -> None:
    left = np.eye(3)
    left[0, 2] = 15
    boxes = np.array([[[0.0, 0, 10, 10], [10, 0, 20, 10], [-1] * 4, [30, 0, 40, 10]]] * 2)
    motion = motion_of([left, np.eye(3)])
    _, kept = move_boxes(boxes, motion)
    assert kept.tolist() == [[False, True, False, True], [True, True, False, True]]
    _, kept = move_boxes([boxes[0, :2], []], motion, min_visibility=0.6)
    assert [flags.tolist() for flags in kept] == [[False, False], []]
    with pytest.raises(ValueError, match="boxes must be those of 2 images, got those of 1"):
        move_boxes([[]], motion)
    with pytest.raises(ValueError, match="keypoints must be those of 2 images, got those of 3"):
        move_keypoints([[]] * 3, motion)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.zeros((3, 4)), r"matrix must have shape \(2, 3\), \(3, 3\), .* got \(3, 4\)"),
        (np.zeros((4, 3, 3)), r"matrix must .* \(2, 3, 3\) or \(2, 2, 3\), got \(4, 3, 3\)"),
        (np.full((3, 3), np.inf), "matrix must be finite, got inf"),
    ],
)
def test_errors(matrix: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=r"matrix must") as caught:
        warp_keypoints([[[1, 2]], []], matrix, size=(H, W))
    assert re.search(message, str(caught.value)), str(caught.value)
