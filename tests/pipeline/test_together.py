"""Images, masks, boxes and keypoints stay together through whatever moves them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

import fastaug
import fastaug.transforms as ft
from fastaug.transforms.base import Node

SIZE = 160
# A board of squares whose corners are found by what surrounds them, in the middle of the image.
CELL, FIRST, CELLS = 24, 32, 4
LAST = FIRST + CELL * CELLS


def board() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A checkerboard, its mask, its box, and its inner corners as keypoints."""
    y, x = np.mgrid[:SIZE, :SIZE]
    inside = (y >= FIRST) & (y < LAST) & (x >= FIRST) & (x < LAST)
    white = ((y - FIRST) // CELL + (x - FIRST) // CELL) % 2 == 0
    image = np.where(inside, np.where(white, 255, 90), 0).astype(np.uint8)
    corners = np.arange(FIRST + CELL, LAST, CELL) - 0.5  # between pixels
    keypoints = np.stack(np.meshgrid(corners, corners), axis=-1).reshape(-1, 2)
    keypoints = np.concatenate([keypoints, np.full((len(keypoints), 1), 2.0)], axis=1)
    box = np.array([[FIRST, FIRST, LAST, LAST]], np.float64)
    return image[..., np.newaxis], inside, box, keypoints


def geometry(rng: np.random.Generator) -> list[Node]:
    """Some of the geometric transforms, in any order."""
    known: list[Node] = [
        ft.RandomAffine(rotation=30, translation=0.1, scale=0.2, shear=15),
        ft.RandomRotation(180, interpolation="bicubic"),
        ft.RandomTranslation(0.15),
        ft.RandomZoom((0.7, 1.4)),
        ft.RandomShear(15, fill_value=1.0),
        ft.ShiftScaleRotate(p=1.0),
        ft.RandomFlip("horizontal_and_vertical"),
        ft.RandomRotate90(),
        ft.RandomPerspective(0.3, p=1.0),
        ft.ElasticTransform(alpha=40, sigma=8),
        ft.Resize((int(rng.integers(120, 240)), int(rng.integers(120, 240)))),
        ft.RandomCrop((140, 150)),
        ft.CenterCrop(146),
        ft.PadOrCrop((180, 170)),
        ft.RandomResizedCrop((150, 170), scale=(0.6, 1.0)),
    ]
    picked = rng.choice(len(known), size=rng.integers(1, 5), replace=False)
    return [known[i] for i in picked]


def middle_of_corner(image: np.ndarray, x: float, y: float) -> np.ndarray | None:
    """Where the corner near (x, y) is: where two white and two grey squares meet the image is a saddle."""
    reach = 4
    top, left = round(y) - reach, round(x) - reach
    part = image[top : top + 2 * reach + 1, left : left + 2 * reach + 1].astype(np.float64)
    if min(top, left) < 0 or part.shape != (2 * reach + 1,) * 2 or part.min() < 60:
        return None  # at the edge of the image, or of the board
    smooth = ndimage.gaussian_filter(image.astype(np.float64), 1.5)
    dy, dx = np.gradient(smooth)
    window = (slice(top, top + 2 * reach + 1), slice(left, left + 2 * reach + 1))
    gy, gx = dy[window].ravel(), dx[window].ravel()
    py, px = (axis.ravel() for axis in np.mgrid[window])
    # The corner is the point from which every gradient is at a right angle (W. Foerstner, 1987).
    a = np.array([[gx @ gx, gx @ gy], [gx @ gy, gy @ gy]])
    b = np.array([gx @ (gx * px + gy * py), gy @ (gx * px + gy * py)])
    if np.linalg.cond(a) > 25:
        return None
    found: np.ndarray = np.linalg.solve(a, b)
    return found


@pytest.mark.parametrize("fuse", [True, False], ids=["fused", "one by one"])
def test_a_thousand_pipelines(fuse: bool) -> None:
    """Where the keypoints say that corners are, they are; the box and the mask surround the board."""
    rng = np.random.default_rng(4711)
    image, mask, box, keypoints = board()
    corners, gaps, pipelines = [], [], 1000 if fuse else 200
    for seed in range(pipelines):
        pipeline = fastaug.Compose(geometry(rng), seed=seed, fuse=fuse)
        moved: dict[str, Any] = pipeline(
            images=image, masks=mask, boxes=box, keypoints=keypoints, index=seed
        )
        seen, shown = moved["images"][..., 0], moved["masks"]
        assert shown.dtype == np.bool_
        for x, y, visible in moved["keypoints"]:
            if visible:
                found = middle_of_corner(seen, x, y)
                if found is not None:
                    corners.append(np.hypot(*(found - (x, y))))
        # By pixel centres: whatever is shown of the mask is in the box, up to half a pixel a resample.
        passes = sum(each.kind == "resample" for each in pipeline.plan((SIZE, SIZE, 1)).passes)
        bent = any(isinstance(t, ft.ElasticTransform) for t in pipeline.transforms)
        if passes == 1 and shown.any() and not bent:
            left, top, right, bottom = moved["boxes"][0]
            rows, columns = (np.flatnonzero(shown.any(axis=axis)) for axis in (1, 0))
            gaps.append(
                (columns[0] - left, rows[0] - top, right - columns[-1] - 1, bottom - rows[-1] - 1)
            )
        # What the mask shows is the board, but for the pixels at its edge.
        within = ndimage.binary_erosion(shown, iterations=6)
        assert (seen[within] > 60).all()
        around = ~ndimage.binary_dilation(shown, iterations=6)
        assert (seen[around] < 20).all()  # bicubic rings a little
    distances = np.array(corners)
    assert len(distances) > 3 * pipelines
    assert np.median(distances) < 0.1
    assert (distances <= 0.5).mean() > 0.999  # beyond it, the picture of a corner is cut or tiny
    assert len(gaps) > pipelines / 6
    assert np.min(gaps) > -0.5 - 1e-9
    assert (np.array(gaps) <= 0.5).mean() > 0.9  # the tips of what is turned show no pixel centre
