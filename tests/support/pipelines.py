"""Pipelines and photographs that the tests of pipelines share."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from sklearn.datasets import load_sample_images

import fastaug
import fastaug.transforms as ft


def photographs(n: int, size: int) -> np.ndarray:
    """Square parts of real photographs, shape (n, size, size, 3)."""
    images = load_sample_images().images
    rng = np.random.default_rng(n * size)
    parts = []
    for i in range(n):
        image = images[i % len(images)]
        top, left = (rng.integers(side - size + 1) for side in image.shape[:2])
        parts.append(image[top : top + size, left : left + size])
    return np.ascontiguousarray(np.stack(parts))


def everything(**options: Any) -> fastaug.Compose:
    """Every kind of pass and of composition, in branches that differ from sample to sample."""
    return fastaug.Compose(
        [
            ft.RandomFlip("horizontal_and_vertical"),
            ft.RandomAffine(rotation=20, translation=0.1, scale=0.2, shear=10, p=0.8),
            ft.OneOf(
                [ft.RandomPerspective(0.4), ft.ElasticTransform(20, 3), ft.RandomRotate90()], p=0.7
            ),
            ft.RandomBrightness(0.3),
            ft.RandomApply([ft.GaussianBlur((0.2, 1.5)), ft.RandomContrast(0.4)]),
            ft.RandomOrder([ft.RandomZoom(0.2, fill_mode="reflect"), ft.GaussianNoise((1, 9))]),
            ft.SomeOf([ft.RandomCrop(40), ft.RandomShear(5)], n=(0, 2)),
            ft.RandomResizedCrop(32, scale=(0.4, 1.0)),
            ft.Normalize(),
        ],
        seed=20_170_701,
        **options,
    )


def digest(array: np.ndarray) -> str:
    """What tells one array of bits from another."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
