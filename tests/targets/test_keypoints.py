"""Keypoints against OpenCV, and against pictures of points that SciPy warps."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from motions import H, W, some_maps

from fastaug.targets import warp_keypoints


def test_forward_maps_are_those_of_opencv(rng: np.random.Generator) -> None:
    cv2 = pytest.importorskip("cv2")
    matrices, _ = some_maps(rng, 20)
    points = rng.uniform(0, 60, (20, 7, 2))
    got = warp_keypoints(points, matrices, size=(H, W))
    for one, matrix, moved in zip(points, matrices, got, strict=True):
        forward = cv2.invertAffineTransform(matrix[::-1][:, [1, 0, 2]])
        np.testing.assert_allclose(moved, cv2.transform(one[None], forward)[0], atol=1e-9)


def test_a_picture_of_a_point_is_found_where_the_point_went(
    rng: np.random.Generator, trials: int
) -> None:
    matrices, mirror = some_maps(rng, trials)
    x, y = rng.uniform([[20], [20]], [[60], [40]], (2, trials))
    points = np.stack([x, y, np.full(trials, 2.0)], axis=1)[:, None]
    found = 0
    moved = warp_keypoints(points, matrices, size=(H, W), mirror=mirror)[:, 0]
    rows, columns = np.mgrid[:H, :W]
    for i in range(trials):
        spot = np.exp(-((rows - y[i]) ** 2 + (columns - x[i]) ** 2) / 8)
        warped = scipy.ndimage.affine_transform(spot, matrices[i][:, :2], matrices[i][:, 2])
        warped = warped[:: -1 if mirror[i, 0] else 1, :: -1 if mirror[i, 1] else 1]
        if warped.sum() < 8:  # it left the picture, in part at least
            continue
        center = scipy.ndimage.center_of_mass(warped)
        if min(center) < 8 or center[0] > H - 9 or center[1] > W - 9:
            continue
        found += 1
        np.testing.assert_allclose(moved[i], [center[1], center[0], 2], atol=0.1)
    assert found > trials / 3


@given(
    points=st.lists(
        st.tuples(st.floats(-20, 90, width=32), st.floats(-20, 90, width=32)), max_size=5
    ),
    mirror=st.tuples(st.booleans(), st.booleans()),
)
def test_mirrors_are_exact(points: list[tuple[float, float]], mirror: tuple[bool, bool]) -> None:
    given_ = np.array(points, np.float32).reshape(1, -1, 2)
    x, y = np.moveaxis(given_.astype(np.float64), -1, 0)
    expected = np.stack([W - 1 - x if mirror[1] else x, H - 1 - y if mirror[0] else y], axis=-1)
    got = warp_keypoints(given_, size=(H, W), mirror=mirror)
    assert got.dtype == np.float32
    assert got.tobytes() == expected.astype(np.float32).tobytes()


def test_an_identity_returns_the_bits_that_came(rng: np.random.Generator) -> None:
    points = rng.normal(30, 3, (3, 4, 3)).astype(np.float32)
    points[..., 2] = [0, 1, 2, 0.5]
    for matrix in (None, [[1, 0, 0], [0, 1, 0]]):
        got = warp_keypoints(points, matrix, size=(H, W))
        assert got is not points
        assert got.tobytes() == points.tobytes()


def test_visibility() -> None:
    edges = [-0.5, -0.49, W - 0.51, W - 0.5]
    points = np.array([[[x, 10.0, 2.0] for x in edges] + [[np.pi, 900.0, 0.0]]])
    got = warp_keypoints(points, size=(H, W))
    np.testing.assert_array_equal(got[0, :, 2], [0, 2, 2, 0, 0])
    # What is not there is not moved; what leaves says where it went.
    got = warp_keypoints(points, [[1, 0, 0], [0, 1, 100]], size=(H, W))
    np.testing.assert_array_equal(got[0, :4, 0], np.array(edges) - 100)
    np.testing.assert_array_equal(got[0, 4], points[0, 4])
    assert not got[..., 2].any()
    # Another size of the result has other edges.
    got = warp_keypoints(points, size=(H, W), output_size=(11, 2 * W))
    np.testing.assert_array_equal(got[0, :, 2], [0, 2, 2, 2, 0])


@pytest.mark.parametrize(
    "smear", [[[1, 1, 0], [1, 1, 0]], [[1, -1, 0], [0, 6e-17, 3]], [[0] * 3] * 2]
)
def test_a_map_without_an_inverse_shows_nothing(smear: Any) -> None:
    maps = np.array([smear, [[1, 0, 0], [0, 1, 0]]])
    points = np.array([[[3.0, 4.0, 1.0], [0.0, 0.0, 0.0]]] * 2)
    got = warp_keypoints(points, maps, size=(H, W))
    np.testing.assert_array_equal(got[0], [[-1, -1, 0], [0, 0, 0]])
    np.testing.assert_array_equal(got[1], points[1])


def test_ragged_lists_are_answered_in_kind(rng: np.random.Generator) -> None:
    matrices, mirror = some_maps(rng, 4)
    padded = rng.uniform(0, 60, (4, 5, 2))
    expected = warp_keypoints(padded, matrices, size=(H, W), mirror=mirror)
    counts = [5, 0, 3, 1]
    ragged = [points[:k] for points, k in zip(padded, counts, strict=True)]
    got = warp_keypoints(ragged, matrices, size=(H, W), mirror=mirror)
    for one, whole, k in zip(got, expected, counts, strict=True):
        assert one.tobytes() == whole[:k].tobytes()
    objects = np.empty(4, object)
    objects[:] = ragged
    got = warp_keypoints(objects, matrices, size=(H, W), mirror=mirror)
    assert got[0].tobytes() == expected[0].tobytes()
    (whole,) = warp_keypoints([[[1, 2, 1]]], size=(H, W))
    assert (whole.dtype, whole.tolist()) == (np.float64, [[1.0, 2.0, 1.0]])
    assert warp_keypoints([], size=(H, W)) == []
    assert [one.shape for one in warp_keypoints([[], []], size=(H, W))] == [(0, 2), (0, 2)]
    assert warp_keypoints(np.empty((0, 5, 3)), size=(H, W)).shape == (0, 5, 3)


PLAIN: dict[str, Any] = {"keypoints": np.zeros((2, 3, 2)), "size": (H, W)}


@pytest.mark.parametrize(
    ("argument", "value", "error", "message"),
    [
        ("keypoints", np.zeros((3, 2)), ValueError, r"keypoints must .* list .* got shape \(3, 2\)"),
        ("keypoints", [np.zeros((3, 4))], ValueError, r"keypoints\[0\] must .*\(k, 2 or 3\), got"),
        ("keypoints", [[[1, 2]], [[1, 2, 1]]], ValueError, "as many columns .* got 2 and 3"),
        ("keypoints", [[[1, 2]], [[1, "a"]]], TypeError, r"keypoints\[1\] must be .* numbers"),
        ("keypoints", np.full((2, 1, 2), np.nan), ValueError, "finite, got .* row 0 of image 0"),
        ("keypoints", [[], [[1, 2], [np.inf, 0]]], ValueError, "finite, .* row 1 of image 1"),
        ("matrix", np.zeros((3, 2, 3)), ValueError, r"matrix must .* \(2, 2, 3\), got \(3, 2, 3\)"),
        ("matrix", [[np.nan] * 3] * 2, ValueError, "matrix must be finite"),
        ("mirror", (0, 1), ValueError, r"mirror must be bools of shape \(2,\) or \(2, 2\), got"),
        ("size", 5, TypeError, "size must be a pair"),
        ("output_size", (1.5, 2), TypeError, "output_size must be a pair"),
    ],
)  # fmt: skip
def test_errors(argument: str, value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        warp_keypoints(**PLAIN | {argument: value})
    assert re.search(message, str(caught.value)), str(caught.value)
