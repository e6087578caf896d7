"""Boxes and keypoints by displacement fields, against pictures that SciPy warps, and its splines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from motions import H, W, fine_grid, seen, some_views

from fastaug.targets.boxes import move_boxes
from fastaug.targets.fields import Fields
from fastaug.targets.keypoints import move_keypoints
from fastaug.targets.motion import Motion

SIZES = np.array([[H, W]])


def elastic(
    rng: np.random.Generator, size: tuple[int, int], sigma: float, most: float
) -> np.ndarray:
    """A smooth field, of so many pixels at most."""
    noise = rng.uniform(-1, 1, (*size, 2))
    field = scipy.ndimage.gaussian_filter(noise, (sigma, sigma, 0), mode="nearest")
    return (field * (most / np.abs(field).max())).astype(np.float32)


def motion_of(maps: Any, fields: Any, sizes: Any = SIZES, output_sizes: Any = SIZES) -> Motion:
    shape = (len(maps), 2)
    return Motion(
        np.array(maps, float),
        np.broadcast_to(sizes, shape),
        np.broadcast_to(output_sizes, shape),
        None if fields is None else Fields.of(fields),
    )


def sources(
    view: np.ndarray, field: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The input that is shown at output x and y."""
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in view)
    right, down = (
        scipy.ndimage.map_coordinates(field[..., i].astype(float), [y, x], order=1, mode="nearest")
        for i in (0, 1)
    )
    return u / w + right, v / w + down


@given(seed=st.integers(0, 10**6), sigma=st.floats(5, 12), distortion=st.floats(0, 0.4))
def test_the_output_shows_a_point_where_it_went(seed: int, sigma: float, distortion: float) -> None:
    rng = np.random.default_rng(seed)
    views = some_views(rng, 3, distortion)
    fields = [elastic(rng, (H, W), sigma, sigma * 0.7) for _ in views]
    points = rng.uniform([0, 0], [W - 1, H - 1], (3, 30, 2))
    got = move_keypoints(points, motion_of(views, fields))
    for view, field, before, after in zip(views, fields, points, got, strict=True):
        shown = np.stack(sources(view, field, *after.T), axis=1)
        np.testing.assert_allclose(shown, before, atol=1e-5)


def test_pictures_of_keypoints(rng: np.random.Generator, trials: int) -> None:
    y, x = np.mgrid[:H, :W]
    found = 0
    for view in some_views(rng, trials, 0.3):
        field = elastic(rng, (H, W), 8, 5)
        points = rng.uniform([15, 15], [W - 15, H - 15], (1, 1, 2))
        ((moved,),) = move_keypoints(points, motion_of([view], [field]))
        spot = np.exp(-((x - points[0, 0, 0]) ** 2 + (y - points[0, 0, 1]) ** 2) / 4)
        shown = scipy.ndimage.map_coordinates(spot, sources(view, field, x, y)[::-1], order=1)
        row, column = scipy.ndimage.center_of_mass(shown)
        if not (8 < row < H - 9 and 8 < column < W - 9):
            continue
        found += 1
        np.testing.assert_allclose(moved, [column, row], atol=0.5)
    assert found > trials / 2


def test_pictures_of_boxes(rng: np.random.Generator, trials: int) -> None:
    x, y = fine_grid(H, W, 4)
    found = 0
    views = some_views(rng, trials, 0.2)
    views[::2] = np.eye(3)
    for view in views:
        field = elastic(rng, (H, W), 6, 5)
        start = rng.integers(4, 16, 2)
        box = np.concatenate([start, start + rng.integers(3, [W - 20, H - 20], 2)])
        (moved,), (kept,) = move_boxes([box[None]], motion_of([view], [field]))
        picture = seen(sources(view, field, x, y), box, 4)
        if picture is None:
            assert not kept[0] or (moved[0, 2:] - moved[0, :2]).min() < 1
            continue
        inside = (picture > 1) & (picture < np.array([W, H, W, H]) - 1)
        assert (moved[0, :2] <= picture[:2] + 0.5).all()
        assert (moved[0, 2:] >= picture[2:] - 0.5).all()
        if inside.all():
            found += 1
            np.testing.assert_allclose(moved[0], picture, atol=0.35)
    assert found > trials / 2


def test_no_field_changes_nothing(rng: np.random.Generator) -> None:
    """Nor does the field of another image of the batch."""
    views = some_views(rng, 4)
    views[0] = np.eye(3)
    fields = [None, elastic(rng, (H, W), 6, 4), None, np.zeros((H, W, 2), np.float32)]
    points = rng.uniform(0, 60, (4, 5, 2))
    boxes = np.concatenate([points, points + rng.uniform(1, 20, (4, 5, 2))], axis=-1)
    motion, plain = motion_of(views, fields), motion_of(views, None)
    for move in (move_keypoints, lambda *args: move_boxes(*args)[0]):
        targets = points if move is move_keypoints else boxes
        got, expected = move(targets, motion), move(targets, plain)
        for i in (0, 2):
            assert got[i].tobytes() == expected[i].tobytes()
        assert np.abs(got[1] - expected[1]).max() > 0.5
        np.testing.assert_allclose(got[3], expected[3], atol=1e-5)
        alone = move(targets[1:2], motion_of(views[1:2], fields[1:2]))
        assert alone.tobytes() == got[1:2].tobytes()


def test_fields_of_many_shapes(rng: np.random.Generator) -> None:
    """One array for all is the same as a list; single rows, columns and pixels are fields."""
    fields = np.stack([elastic(rng, (H, W), 6, 4) for _ in range(3)])
    points = rng.uniform(0, 60, (3, 5, 2))
    identities = np.broadcast_to(np.eye(3), (3, 3, 3))
    got = move_keypoints(points, motion_of(identities, fields))
    assert got.tobytes() == move_keypoints(points, motion_of(identities, list(fields))).tobytes()
    for size in ((1, 1), (1, 5), (5, 1), (2, 2)):
        field = np.full((1, *size, 2), [2.0, -3.0], np.float32)
        motion = motion_of(identities[:1], field, output_sizes=np.array([size]))
        np.testing.assert_allclose(
            move_keypoints(points[:1], motion), points[:1] - [2, -3], atol=1e-6
        )
    nothing = motion_of(identities, np.empty((3, 0, 0, 2), np.float32))
    np.testing.assert_array_equal(move_keypoints(points, nothing), points)
    none = motion_of(np.empty((0, 3, 3)), [])
    assert move_keypoints([], none) == []
    assert move_boxes([], none) == ([], [])


def test_behind_the_horizon_there_is_no_field(rng: np.random.Generator) -> None:
    ground = np.array([[1.0, -2.0, 40.0], [0.0, -1.0, 60.0], [0.0, 0.05, -1.0]])
    field = elastic(rng, (H, W), 8, 3)
    shown = np.stack(sources(ground, field, np.array([40.0]), np.array([45.0])), axis=-1)
    behind = np.stack(sources(ground, field, np.array([40.0]), np.array([2.0])), axis=-1)
    points = np.column_stack([np.concatenate([shown, behind]), [2, 2]])
    (got,) = move_keypoints([points], motion_of([ground], [field]))
    np.testing.assert_allclose(got[0], [40, 45, 2], atol=1e-4)
    np.testing.assert_array_equal(got[1], [-1, -1, 0])
    # A box on both sides ends at the horizon, far away.
    box = np.array([[*(points[0, :2] - 30), *(points[0, :2] + 30)]])
    (moved,), (kept,) = move_boxes([box], motion_of([ground], [field]))
    assert kept[0]
    assert (moved[0, :2] <= [40, 45]).all()
    assert (moved[0, 2:] >= [40, 45]).all()


@pytest.mark.parametrize("most", [12.0, 25.0])
def test_a_field_that_folds_shows_points_somewhere(most: float, rng: np.random.Generator) -> None:
    """Where the picture is folded over, a point is at one of the places that show it."""
    field = elastic(rng, (H, W), 4, most)
    points = rng.uniform([10, 10], [W - 11, H - 11], (1, 300, 2))
    (got,) = move_keypoints(points, motion_of([np.eye(3)], [field]))
    missed = np.abs(np.stack(sources(np.eye(3), field, *got.T), axis=1) - points[0]).max(axis=1)
    assert np.isfinite(got).all()
    assert (missed < 1e-5).mean() > (0.95 if most == 12 else 0.6)
