"""Photographs, and what every family of transforms promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import skimage.data

Array = npt.NDArray[Any]


@pytest.fixture(scope="session")
def photographs() -> Array:
    """Parts of a photograph, (4, 48, 56, 3) uint8."""
    cat = skimage.data.chelsea()
    corners = ((40, 100), (100, 120), (150, 200), (200, 10))
    return np.stack([cat[y : y + 48, x : x + 56] for y, x in corners])
