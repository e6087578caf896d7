"""Masks that are read from files: what lies outside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from fastaug.keras import ImageDataGenerator


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind, level in (("images", 100), ("masks", 7)):
        (tmp_path / kind / "a").mkdir(parents=True)
        for i in range(3):
            Image.new("L", (8, 6), level).save(tmp_path / kind / "a" / f"{i}.png")
    return tmp_path


def flow(folder: Path, kind: str, **options: Any) -> Any:
    generator = ImageDataGenerator(
        width_shift_range=[3], fill_mode="constant", cval=50, compat="fixed"
    )
    options |= {"target_size": (6, 8), "class_mode": None, "seed": 1}
    if kind == "directory":
        images, masks = folder / "images", folder / "masks"
        return generator.flow_from_directory(images, mask_directory=masks, **options)
    names = [f"a/{i}.png" for i in range(3)]
    frame = pd.DataFrame(
        {"filename": [f"images/{n}" for n in names], "mask": [f"masks/{n}" for n in names]}
    )
    return generator.flow_from_dataframe(frame, folder, mask_col="mask", **options)


@pytest.mark.parametrize("kind", ["directory", "dataframe"])
@pytest.mark.parametrize("mask_cval", [None, 0, 9, 255])
def test_mask_cval(folder: Path, kind: str, mask_cval: int | None) -> None:
    given = {} if mask_cval is None else {"mask_cval": mask_cval}
    images, masks = next(flow(folder, kind, **given))
    outside = images[..., :1] == 50  # where the images' own value is
    assert outside.sum() == 3 * 6 * 3
    np.testing.assert_array_equal(masks, np.where(outside, mask_cval or 0, 7))
    assert masks.dtype == np.uint8


@pytest.mark.parametrize("kind", ["directory", "dataframe"])
@pytest.mark.parametrize(
    ("mask_cval", "error"), [(256, ValueError), (-1, ValueError), (0.5, TypeError)]
)
def test_masks_hold_whole_numbers_from_0_to_255(
    folder: Path, kind: str, mask_cval: Any, error: Any
) -> None:
    with pytest.raises(error, match=f"`mask_cval` must be .* Received: {mask_cval}"):
        flow(folder, kind, mask_cval=mask_cval)
